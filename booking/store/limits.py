"""Counts attempts: one atomic statement, so that many processes count as one."""

from datetime import datetime

from sqlalchemy import delete

from booking.store.tables import AttemptCount
from booking.store.transaction import Tx
from booking.store.upsert import insert_for

_counts = AttemptCount.__table__  # type: ignore[attr-defined]


def attempt(tx: Tx, subject: str, now: datetime, seconds: int) -> int:
    """Count one more attempt of `subject` in the present stretch of `seconds`; how many it has now."""
    period = int(now.timestamp()) // seconds
    statement = insert_for(tx, _counts).values(subject=subject, period=period, count=1)
    statement = statement.on_conflict_do_update(
        index_elements=["subject", "period"], set_={"count": _counts.c.count + 1}
    ).returning(_counts.c.count)
    return int(tx.execute(statement).scalar_one())


def forget(tx: Tx, subject: str) -> None:
    """Forget the attempts of `subject`: it proved to be who it said."""
    tx.execute(delete(_counts).where(_counts.c.subject == subject))
