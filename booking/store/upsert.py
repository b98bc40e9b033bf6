"""INSERT … ON CONFLICT, whose statement comes from each dialect's own module."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from booking.store.transaction import Tx


def insert_for(dialect: str, table: Any) -> Any:
    """An insert into `table` that knows ON CONFLICT on the database of that name."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def insert_or_ignore(tx: Tx, table: Any) -> Insert:
    """An insert that does nothing where a row with the same key exists.

    Ask `.returning(...)` whether it did: a driver's rowcount of this statement is not to be trusted.
    """
    return insert_for(tx.dialect.name, table).on_conflict_do_nothing()
