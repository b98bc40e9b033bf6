"""送信箱: the statements about messages and tries. Any number of processes may run each at once.

A message is claimed by a lease, tried, and settled by who still holds the lease. What was claimed
and not settled is claimed again: told at least once, twice only where a process dies in between.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, insert, or_, select, update
from sqlalchemy.sql import ColumnElement

from booking.ledger.status import Status
from booking.store import Store, Tx
from booking.store.bookings import bookings
from booking.store.upsert import insert_for, insert_or_ignore
from notifications.plan import Planned, Situation
from notifications.policy import MAIL, MessageKind
from notifications.tables import AttemptRow, HeartbeatRow, OutboxRow

outbox = OutboxRow.__table__  # type: ignore[attr-defined]
attempts = AttemptRow.__table__  # type: ignore[attr-defined]
heartbeats = HeartbeatRow.__table__  # type: ignore[attr-defined]

# Longer than a try can take; it is renewed before each try.
LEASE = timedelta(minutes=5)


class State(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    DEAD = "dead"


TO_TRY = (State.WAITING.value, State.FAILED.value)


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A message that `owner` holds the lease of; `tries` counts the one to come."""

    id: int
    key: str
    booking_id: str
    revision: int
    kind: MessageKind
    channel: str
    due_at: datetime
    not_after: datetime | None
    tries: int
    owner: str


def situations(tx: Tx, booking_ids: Iterable[str]) -> dict[str, tuple[str, Situation]]:
    """For each booking its consultation and situation, without opening anything personal."""
    columns = ("id", "consultation", "status", "revision", "starts_at", "zone", "has_email")
    query = select(*(bookings.c[name] for name in columns))
    rows = tx.execute(query.where(bookings.c.id.in_(list(booking_ids))))
    return {row.id: (row.consultation, _situation(row)) for row in rows}


def add(tx: Tx, planned: Iterable[Planned], now: datetime) -> int:
    """Put messages into the outbox, but for those that are there; how many were new."""
    new = 0
    for one in planned:
        values = {
            "key": one.key,
            "booking_id": one.booking_id,
            "revision": one.revision,
            "kind": one.kind.value,
            "channel": one.channel,
            "state": State.WAITING.value,
            "due_at": one.due_at,
            "not_after": one.not_after,
            "attempts": 0,
            "created_at": now,
        }
        added = tx.execute(insert_or_ignore(tx, outbox).values(values).returning(outbox.c.id))
        new += added.first() is not None
    return new


def withdraw_older(tx: Tx, booking_id: str, revision: int, now: datetime) -> None:
    """Withdraw what waits of a booking's earlier revisions. What is being tried looks by itself."""
    overtaken = and_(outbox.c.booking_id == booking_id, outbox.c.revision < revision)
    tx.execute(
        update(outbox)
        .where(overtaken, outbox.c.state.in_(TO_TRY))
        .values(state=State.WITHDRAWN.value, settled_at=now, last_error="superseded")
    )


def any_due(tx: Tx, channels: Sequence[str], now: datetime) -> bool:
    """Whether there is anything to claim: a read, so that an idle tick writes nothing."""
    return tx.execute(select(outbox.c.id).where(_due(channels, now)).limit(1)).first() is not None


def claim(tx: Tx, channels: Sequence[str], now: datetime, owner: str, limit: int) -> list[Claimed]:
    """Take the lease of up to `limit` messages that are due on `channels`, the longest due first.

    `owner` is unique to this claim, so that a lease that ran out cannot be mistaken for a later one.
    """
    chosen = select(outbox.c.id).where(_due(channels, now)).order_by(outbox.c.due_at, outbox.c.id)
    chosen = chosen.limit(limit)
    if tx.dialect.name == "postgresql":
        chosen = chosen.with_for_update(skip_locked=True)
    ids = list(tx.execute(chosen).scalars())
    if not ids:
        return []
    taken = (
        update(outbox)
        .where(outbox.c.id.in_(ids))
        .values(
            state=State.LEASED.value,
            lease_owner=owner,
            lease_until=now + LEASE,
            attempts=outbox.c.attempts + 1,
        )
        .returning(outbox)
    )
    rows = tx.execute(taken).all()
    return [_claimed(row) for row in sorted(rows, key=lambda row: (row.due_at, row.id))]


def begin(tx: Tx, message: Claimed, now: datetime) -> int | None:
    """Renew the lease and note a try, before the try; the try's number. None: the lease is lost."""
    renewed = update(outbox).where(_held(message)).values(lease_until=now + LEASE)
    if tx.execute(renewed.returning(outbox.c.id)).first() is None:
        return None
    return note_try(tx, message.id, now, message.owner)


def settle(
    tx: Tx,
    message: Claimed,
    state: State,
    now: datetime,
    *,
    error: str | None = None,
    next_try: datetime | None = None,
) -> bool:
    """End the lease in `state`. False, and nothing done, when somebody else has it by now."""
    values: dict[str, Any] = {
        "state": state.value,
        "lease_owner": None,
        "lease_until": None,
        "last_error": error,
        "next_try": next_try,
        "settled_at": None if state is State.FAILED else now,
    }
    settled = update(outbox).where(_held(message)).values(values).returning(outbox.c.id)
    return tx.execute(settled).first() is not None


def release(tx: Tx, messages: Iterable[Claimed]) -> None:
    """Give back what was claimed and not tried."""
    for message in messages:
        tx.execute(
            update(outbox)
            .where(_held(message))
            .values(
                state=State.WAITING.value,
                lease_owner=None,
                lease_until=None,
                attempts=outbox.c.attempts - 1,
            )
        )


def note_try(tx: Tx, message_id: int, now: datetime, by: str, outcome: str | None = None) -> int:
    """Note a try by `by`; without an outcome it is one that may have arrived."""
    values = {
        "outbox_id": message_id,
        "at": now,
        "by": by,
        "outcome": outcome,
        "finished_at": now if outcome else None,
    }
    return int(tx.execute(insert(attempts).returning(attempts.c.id), values).scalar_one())


def finish_try(tx: Tx, attempt: int, outcome: str, now: datetime) -> None:
    """Note how a try ended."""
    ended = update(attempts).where(attempts.c.id == bindparam("attempt"))
    tx.execute(ended.values(outcome=outcome, finished_at=now), {"attempt": attempt})


def last_beat(tx: Tx, name: str) -> datetime | None:
    """When `name` last ran, in any process."""
    return tx.execute(select(heartbeats.c.at).where(heartbeats.c.name == name)).scalar_one_or_none()


def beat(store: Store, name: str, now: datetime, every: timedelta) -> None:
    """Note that `name` runs, at most once in `every`: an idle tick should cost no write."""
    last = store.read(lambda tx: last_beat(tx, name))
    # Also when the last one lies ahead: a rehearsal's clock may have been there.
    if last is not None and abs(now - last) < every:
        return

    def work(tx: Tx) -> None:
        statement = insert_for(tx.dialect.name, heartbeats).values(name=name, at=now)
        tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": now}))

    store.write(work)


def _due(channels: Sequence[str], now: datetime) -> ColumnElement[bool]:
    ready = and_(
        outbox.c.state.in_(TO_TRY), or_(outbox.c.next_try.is_(None), outbox.c.next_try <= now)
    )
    abandoned = and_(outbox.c.state == State.LEASED.value, outbox.c.lease_until <= now)
    return and_(outbox.c.channel.in_(channels), outbox.c.due_at <= now, or_(ready, abandoned))


def _held(message: Claimed) -> ColumnElement[bool]:
    return and_(
        outbox.c.id == message.id,
        outbox.c.lease_owner == message.owner,
        outbox.c.state == State.LEASED.value,
    )


def _claimed(row: Any) -> Claimed:
    return Claimed(
        id=row.id,
        key=row.key,
        booking_id=row.booking_id,
        revision=row.revision,
        kind=MessageKind(row.kind),
        channel=row.channel,
        due_at=row.due_at,
        not_after=row.not_after,
        tries=row.attempts,
        owner=row.lease_owner,
    )


def _situation(row: Any) -> Situation:
    return Situation(
        status=Status(row.status),
        revision=row.revision,
        starts_at=row.starts_at,
        zone=row.zone,
        reached_by=(MAIL,) if row.has_email else (),
    )
