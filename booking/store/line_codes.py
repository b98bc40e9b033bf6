"""One-time codes that link a booking with a LINE account. Kept as blind indexes; a used one ends."""

from datetime import datetime

from sqlalchemy import delete, select, update

from booking.store.tables import LineCodeRow
from booking.store.transaction import Tx
from booking.store.upsert import insert_or_ignore

_codes = LineCodeRow.__table__  # type: ignore[attr-defined]


def replace(tx: Tx, booking_id: str, code_index: str, expires_at: datetime, now: datetime) -> bool:
    """Give the booking this code in place of any other; False where another booking's is the same."""
    stale = (_codes.c.code_index == code_index) & (_codes.c.expires_at <= now)
    tx.execute(delete(_codes).where((_codes.c.booking_id == booking_id) | stale))
    values = {"code_index": code_index, "booking_id": booking_id, "expires_at": expires_at}
    added = insert_or_ignore(tx, _codes).values(values).returning(_codes.c.code_index)
    return tx.execute(added).first() is not None


def booking_of(tx: Tx, code_index: str) -> str | None:
    """The id of the booking that has or had that code, or None."""
    query = select(_codes.c.booking_id).where(_codes.c.code_index == code_index)
    found: str | None = tx.execute(query).scalar_one_or_none()
    return found


def use(tx: Tx, code_index: str, booking_id: str, now: datetime) -> bool:
    """End the booking's code; False where it has ended already, or is another booking's by now."""
    ended = (
        update(_codes)
        .where(
            _codes.c.code_index == code_index,
            _codes.c.booking_id == booking_id,
            _codes.c.expires_at > now,
        )
        .values(expires_at=now)
        .returning(_codes.c.code_index)
    )
    return tx.execute(ended).first() is not None


def withdraw(tx: Tx, booking_id: str) -> None:
    """Forget the booking's code."""
    tx.execute(delete(_codes).where(_codes.c.booking_id == booking_id))


def forget_before(tx: Tx, at: datetime) -> None:
    """Forget codes that ended before `at`."""
    tx.execute(delete(_codes).where(_codes.c.expires_at < at))
