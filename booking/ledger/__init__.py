"""The ledger: the life of a booking. Every door (web, phone, API) comes through here."""
