"""The log of facts: appended in the transaction that makes them true, then read once by the relay."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, insert, select

from booking.facts import Fact, Kind
from booking.store.tables import FactRow, UnreadFact
from booking.store.transaction import Tx

_facts = FactRow.__table__  # type: ignore[attr-defined]
_unread = UnreadFact.__table__  # type: ignore[attr-defined]

# Nobody needs to be told of these: they are the audit trail only.
SILENT = {
    *(Kind.VIEWED, Kind.REFERRAL_ISSUED, Kind.SIGNED_IN, Kind.SIGN_IN_FAILED),
    *(Kind.DESK_CHANGED, Kind.DESK_CHANGE_WITHDRAWN),
    *(Kind.PRIVATE_FEED_MADE, Kind.PRIVATE_FEED_ROTATED, Kind.PRIVATE_FEED_REVOKED),
}
_append = insert(_facts).returning(_facts.c.id)
_mark = insert(_unread)


def append(tx: Tx, fact: Fact) -> int:
    """Add `fact` to the log and mark it unread; its number in the log."""
    values = {
        "at": fact.at,
        "kind": fact.kind.value,
        "actor": fact.actor,
        "booking_id": fact.booking_id,
        "consultation": fact.consultation,
        "revision": fact.revision,
        "data": json.dumps(dict(fact.data), ensure_ascii=False, sort_keys=True),
    }
    number = int(tx.execute(_append, values).scalar_one())
    if fact.kind not in SILENT:
        tx.execute(_mark, {"fact_id": number})
    return number


def take_unread(tx: Tx, limit: int) -> list[Fact]:
    """Up to `limit` unread facts in order, now read, if this transaction commits.

    Facts that another transaction is reading are passed over, so that any number may read at once.
    """
    chosen = select(_unread.c.fact_id).order_by(_unread.c.fact_id).limit(limit)
    if tx.dialect.name == "postgresql":
        chosen = chosen.with_for_update(skip_locked=True)
    numbers = list(tx.execute(chosen).scalars())
    if not numbers:
        return []
    tx.execute(delete(_unread).where(_unread.c.fact_id.in_(numbers)))
    rows = tx.execute(select(_facts).where(_facts.c.id.in_(numbers)).order_by(_facts.c.id))
    return [_fact(row) for row in rows]


def any_unread(tx: Tx) -> bool:
    """Whether any fact waits to be told."""
    return tx.execute(select(_unread.c.fact_id).limit(1)).first() is not None


def unread_count(tx: Tx) -> int:
    """How many facts wait to be told."""
    return len(tx.execute(select(_unread.c.fact_id).limit(100_000)).all())


def leave_unread(tx: Tx, facts: Iterable[Fact]) -> None:
    """Mark facts unread again that were taken: nothing could be made of them."""
    for fact in facts:
        tx.execute(_mark, {"fact_id": fact.id})


def oldest_unread(tx: Tx) -> datetime | None:
    """When the first fact happened that nobody has read."""
    first = select(_unread.c.fact_id).order_by(_unread.c.fact_id).limit(1).scalar_subquery()
    found: datetime | None = tx.execute(
        select(_facts.c.at).where(_facts.c.id == first)
    ).scalar_one_or_none()
    return found


def of_booking(tx: Tx, booking_id: str) -> list[Fact]:
    """All facts of one booking, oldest first: its history."""
    query = select(_facts).where(_facts.c.booking_id == booking_id).order_by(_facts.c.id)
    return [_fact(row) for row in tx.execute(query)]


def viewed_since(tx: Tx, actor: str, booking_ids: Iterable[str], since: datetime) -> set[str]:
    """Which of the bookings `actor` has viewed since then, as the log says."""
    query = select(_facts.c.booking_id).where(
        _facts.c.booking_id.in_(list(booking_ids)),
        _facts.c.kind == Kind.VIEWED.value,
        _facts.c.actor == actor,
        _facts.c.at >= since,
    )
    return set(tx.execute(query).scalars())


def append_all(tx: Tx, facts: Iterable[Fact]) -> None:
    """Append each of `facts`."""
    for fact in facts:
        append(tx, fact)


def _fact(row: object) -> Fact:
    values = dict(row._mapping)  # type: ignore[attr-defined]
    values["kind"] = Kind(values["kind"])
    values["data"] = json.loads(values["data"])
    return Fact(**values)
