"""The version of a consultation: raised whenever the public's view of it changes, and the lock."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from booking.store.tables import ConsultationVersion
from booking.store.transaction import Store, Tx
from booking.store.upsert import insert_or_ignore

# So many are asked for by name; else all are read, which no database minds.
FEW = 100
_table = ConsultationVersion.__table__  # type: ignore[attr-defined]
_raise = (
    update(_table)
    .where(_table.c.consultation == bindparam("key"))
    .values(version=_table.c.version + 1, changed_at=bindparam("at"))
)


def lock_and_raise(tx: Tx, consultation: str, at: datetime) -> None:
    """Raise the version of `consultation`, and hold its row until the transaction ends.

    Everything that takes, moves or frees a seat of the consultation comes through here first, so
    that two transactions never judge the same seats at once.
    """
    tx.execute(_raise, {"key": consultation, "at": at})


def versions_of(store: Store, consultations: list[str]) -> dict[str, tuple[int, datetime]]:
    """Version and last change of each of `consultations` that is registered."""
    return store.read(lambda tx: versions_in(tx, consultations))


def versions_in(tx: Tx, consultations: list[str]) -> dict[str, tuple[int, datetime]]:
    """The same within a transaction."""
    rows = select(_table).where(_table.c.consultation.in_(consultations))
    return {row.consultation: (row.version, row.changed_at) for row in tx.execute(rows)}


def definitions(tx: Tx) -> dict[str, str]:
    """What is noted of each definition: its hash."""
    rows = select(_table.c.consultation, _table.c.definition)
    return {row.consultation: row.definition for row in tx.execute(rows)}


def register(tx: Tx, definitions: dict[str, str], at: datetime) -> None:
    """Note each consultation with the hash of its definition; a changed one raises its version."""
    rows = select(_table)
    if len(definitions) <= FEW:
        rows = rows.where(_table.c.consultation.in_(list(definitions)))
    known = {row.consultation: row for row in tx.execute(rows)}
    for consultation, definition in sorted(definitions.items()):
        row = known.get(consultation)
        if row is None:
            tx.execute(
                insert_or_ignore(tx, _table).values(
                    consultation=consultation, version=1, definition=definition, changed_at=at
                )
            )
        elif row.definition != definition:
            # Judged and counted by the database: bookings raise versions at the same time.
            tx.execute(
                update(_table)
                .where(_table.c.consultation == consultation, _table.c.definition != definition)
                .values(definition=definition, version=_table.c.version + 1, changed_at=at)
            )
