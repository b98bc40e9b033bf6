"""All SQL: tables, transactions, sealed columns, the log. Nothing above writes a statement."""

from booking.store.transaction import Store, Tx, open_store

__all__ = ["Store", "Tx", "open_store"]
