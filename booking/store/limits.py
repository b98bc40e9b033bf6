"""Counts attempts: one atomic statement, so that many processes count as one."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import delete, select

from booking.store.tables import AttemptCount
from booking.store.transaction import Tx
from booking.store.upsert import insert_for

_counts = AttemptCount.__table__  # type: ignore[attr-defined]


def attempt(tx: Tx, subject: str, now: datetime, seconds: int) -> int:
    """Count one more attempt of `subject` in the present stretch of `seconds`; how many it has now."""
    began = int(now.timestamp()) // seconds * seconds
    values = {"subject": subject, "period": began, "count": 1}
    return int(tx.execute(_count(tx.dialect.name), values).scalar_one())


@cache
def _count(dialect: str) -> Any:
    """The statement, built once: building costs more than running it."""
    more = {"count": _counts.c.count + 1}
    added = insert_for(dialect, _counts).on_conflict_do_update(
        index_elements=["subject", "period"], set_=more
    )
    return added.returning(_counts.c.count)


def made(tx: Tx, subject: str, now: datetime, seconds: int) -> int:
    """How many attempts of `subject` the present stretch of `seconds` has; counts none."""
    began = int(now.timestamp()) // seconds * seconds
    found = select(_counts.c.count).where(_counts.c.subject == subject, _counts.c.period == began)
    return int(tx.execute(found).scalar_one_or_none() or 0)


def forget(tx: Tx, subject: str) -> None:
    """Forget the attempts of `subject`: it proved to be who it said."""
    tx.execute(delete(_counts).where(_counts.c.subject == subject))


def forget_before(tx: Tx, at: datetime) -> None:
    """Forget the attempts of stretches that began before `at`."""
    tx.execute(delete(_counts).where(_counts.c.period < int(at.timestamp())))
