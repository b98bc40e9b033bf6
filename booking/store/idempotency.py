"""Idempotency keys: asking twice for the same makes one."""

from datetime import datetime

from sqlalchemy import delete, select

from booking.store.tables import IdempotencyKey
from booking.store.transaction import Tx
from booking.store.upsert import insert_or_ignore

_keys = IdempotencyKey.__table__  # type: ignore[attr-defined]


def claim(
    tx: Tx, scope: str, key: str, fingerprint: str, booking_id: str, at: datetime
) -> tuple[str, str] | None:
    """Claim `key` for `booking_id`: None when it is ours, else (fingerprint, booking id) of the first.

    Comes first in the transaction: the loser of two waits here for the winner's commit.
    """
    values = {
        "scope": scope,
        "key": key,
        "fingerprint": fingerprint,
        "booking_id": booking_id,
        "created_at": at,
    }
    ours = tx.execute(insert_or_ignore(tx, _keys).values(values).returning(_keys.c.key)).first()
    return None if ours is not None else known(tx, scope, key)


def known(tx: Tx, scope: str, key: str) -> tuple[str, str] | None:
    """(fingerprint, booking id) of what was made under `key`, or None."""
    query = select(_keys.c.fingerprint, _keys.c.booking_id).where(
        _keys.c.scope == scope, _keys.c.key == key
    )
    row = tx.execute(query).first()
    return (row.fingerprint, row.booking_id) if row is not None else None


def forget_before(tx: Tx, at: datetime) -> None:
    """Forget keys older than `at`."""
    tx.execute(delete(_keys).where(_keys.c.created_at < at))
