"""Who is the same party: the same telephone number and the same reading of the name."""

from booking.ledger.contact import Contact
from booking.ledger.ledger import Ledger


def party_indexes(ledger: Ledger, contact: Contact) -> tuple[str, str]:
    """The blind indexes of phone and reading, under which bookings of a party are found."""
    keyring = ledger.store.keyring
    return keyring.index("phone", contact.phone_key), keyring.index("kana", contact.kana_key)


def duplicate_guard(ledger: Ledger, phone_key: str, kana_key: str, scope: str) -> str:
    """What two open bookings of one party for one session (or arranged consultation) share."""
    return ledger.store.keyring.index("party", f"{phone_key}|{kana_key}|{scope}")
