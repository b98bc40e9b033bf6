"""送信箱: the statements about messages and tries. Any number of processes may run each at once.

A message is claimed by a lease, tried, and settled by who still holds the lease. What was claimed
and not settled is claimed again: told at least once, twice only where a process dies in between.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    LargeBinary,
    String,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql import ColumnElement

from booking.store import Tx
from booking.store.bookings import bookings
from notifications.policy import DOWN_LONG, LINE, MAIL, SMS
from notifications.tables import AttemptRow, OutboxRow

outbox = OutboxRow.__table__  # type: ignore[attr-defined]
attempts = AttemptRow.__table__  # type: ignore[attr-defined]

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
# What a provider says of a message that it had taken over: that it could not deliver it after all,
# or that it did, though we may have heard nothing of it but a broken connection.
RECEIPT_FAILED = "failed"
RECEIPT_DELIVERED = "delivered"

# What runs for each message is built once: building a statement costs more than running it.
_held = and_(
    outbox.c.id == bindparam("held"),
    outbox.c.lease_owner == bindparam("by"),
    outbox.c.state == State.LEASED.value,
)
_renew = (
    update(outbox)
    .where(_held)
    .values(lease_until=bindparam("until"), attempts=outbox.c.attempts + 1)
    .returning(outbox.c.id)
)
_note = insert(attempts).returning(attempts.c.id)
_finish = (
    update(attempts)
    .where(attempts.c.id == bindparam("attempt"))
    .values(outcome=bindparam("how"), finished_at=bindparam("now"))
)
_end = bindparam("end", type_=String)
_arrived_not = and_(_end == State.SENT.value, outbox.c.receipt == RECEIPT_FAILED)
_arrived = and_(
    _end.in_((State.FAILED.value, State.DEAD.value)), outbox.c.receipt == RECEIPT_DELIVERED
)
_settle = (
    update(outbox)
    .where(_held)
    .values(
        state=case((_arrived_not, State.DEAD.value), (_arrived, State.SENT.value), else_=_end),
        lease_owner=None,
        lease_until=None,
        last_error=case((_arrived, None), else_=bindparam("error", type_=String)),
        # What was sent keeps the moment that it waited for: how late it went is counted from there.
        next_try=case(
            (or_(_end == State.SENT.value, _arrived), outbox.c.next_try),
            else_=bindparam("again", type_=outbox.c.next_try.type),
        ),
        settled_at=case(
            (_arrived, bindparam("now", type_=outbox.c.settled_at.type)),
            else_=bindparam("settled", type_=outbox.c.settled_at.type),
        ),
        attempts=outbox.c.attempts + bindparam("more"),
        said=func.coalesce(bindparam("words", type_=LargeBinary), outbox.c.said),
    )
    .returning(outbox.c.state)
)
_party = (
    select(bookings.c.phone_index).where(bookings.c.id == bindparam("booking")).scalar_subquery()
)
_sent_to_party = (
    select(func.count())
    .select_from(outbox.join(bookings, outbox.c.booking_id == bookings.c.id))
    .where(
        bookings.c.phone_index == _party,
        outbox.c.channel.in_((LINE, MAIL, SMS)),
        outbox.c.state == State.SENT.value,
        # What staff told themselves has another reason, and rang no telephone.
        outbox.c.last_error.is_(None),
        outbox.c.settled_at >= bindparam("since"),
    )
)


_party_lock = select(
    func.pg_advisory_xact_lock(func.hashtext("told"), func.hashtext(bookings.c.phone_index))
).where(bookings.c.id == bindparam("booking"))
_on_its_way = (
    select(func.count())
    .select_from(outbox.join(bookings, outbox.c.booking_id == bookings.c.id))
    .where(
        bookings.c.phone_index == _party,
        outbox.c.channel.in_((LINE, MAIL, SMS)),
        outbox.c.id != bindparam("but_for"),
        outbox.c.state == State.LEASED.value,
        outbox.c.lease_until > bindparam("now"),
        # Claimed is not begun: of those, each asks this before it goes.
        exists().where(
            attempts.c.outbox_id == outbox.c.id,
            attempts.c.by == outbox.c.lease_owner,
            attempts.c.outcome.is_(None),
        ),
    )
)
_hold = (
    select(outbox.c.id)
    .where(outbox.c.booking_id.in_(bindparam("of", expanding=True)))
    .order_by(outbox.c.booking_id, outbox.c.id)
    .with_for_update()
)


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A message that `owner` holds the lease of; `tries` counts the one to come.

    What was claimed and not begun has used up no try: who dies with a claim takes none with it.
    """

    id: int
    key: str
    ref: str
    booking_id: str | None
    session: str | None
    revision: int
    kind: str
    channel: str
    due_at: datetime
    not_after: datetime | None
    hand_over_at: datetime | None
    at_once: bool
    tries: int
    owner: str


def any_due(tx: Tx, channel: str, now: datetime) -> bool:
    """Whether there is anything to claim: a read, so that an idle tick writes nothing."""
    return tx.execute(select(outbox.c.id).where(_due(channel, now)).limit(1)).first() is not None


def any_to_hand_over(tx: Tx, channel: str, now: datetime) -> bool:
    """Whether anything waits on `channel` that the next one should take over by now."""
    where = and_(_due(channel, now), to_hand_over(now))
    return tx.execute(select(outbox.c.id).where(where).limit(1)).first() is not None


def claim(
    tx: Tx, channel: str, now: datetime, owner: str, limit: int, *, handing_over: bool = False
) -> list[Claimed]:
    """Take the lease of up to `limit` messages that are due on `channel`, the longest due first.

    `handing_over`: only those that the next channel should take over by now. `owner` is unique to
    this claim, so that a lease that ran out cannot be mistaken for a later one.
    """
    where = _due(channel, now)
    if handing_over:
        where = and_(where, to_hand_over(now))
    chosen = select(outbox.c.id).where(where).order_by(outbox.c.due_at, outbox.c.id).limit(limit)
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
        )
        .returning(outbox)
    )
    rows = tx.execute(taken).all()
    return [_claimed(row) for row in sorted(rows, key=lambda row: (row.due_at, row.id))]


def begin(tx: Tx, message: Claimed, now: datetime) -> int | None:
    """Renew the lease and note a try, before the try; the try's number. None: the lease is lost."""
    if tx.execute(_renew, _lease_of(message) | {"until": now + LEASE}).first() is None:
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
    said: bytes | None = None,
    more: int = 0,
) -> State | None:
    """End the lease in `state`; None, and nothing done, when somebody else has it by now.

    `more`: the tries that it used up and `begin` has not counted; -1 for one that says nothing of
    it. A message of which the provider said meanwhile that it did not arrive ends as dead, not as
    sent; one that it said had arrived is sent, however the try looked to us.
    """
    values = {
        **_lease_of(message),
        "end": state.value,
        "error": error,
        "again": next_try,
        "settled": None if state is State.FAILED else now,
        "now": now,
        "more": more,
        "words": said,
    }
    found = tx.execute(_settle, values).scalar_one_or_none()
    return State(found) if found is not None else None


def hold(tx: Tx, booking_ids: Iterable[str | None]) -> None:
    """Keep all others from the messages of these bookings until the transaction ends.

    Whoever changes more than one message begins with this, for all its bookings at once, and locks
    nothing of them before: so all wait in one order, by booking and then by message, and never for
    each other. On SQLite one transaction writes at a time anyway.
    """
    if tx.dialect.name == "postgresql":
        ids = sorted({one for one in booking_ids if one is not None})
        if ids:
            tx.execute(_hold, {"of": ids}).all()


def same(one: Any) -> ColumnElement[bool]:
    """Whatever tells the same as `one`, itself among it, by any channel; nothing for what is about a day."""
    if one.booking_id is None:
        return false()
    return and_(
        outbox.c.booking_id == one.booking_id,
        outbox.c.revision == one.revision,
        outbox.c.kind == one.kind,
    )


def withdraw(tx: Tx, which: ColumnElement[bool], why: str, now: datetime) -> None:
    """Take back those of `which` that wait for a try."""
    gone = {"state": State.WITHDRAWN.value, "settled_at": now, "last_error": why}
    tx.execute(update(outbox).where(which, outbox.c.state.in_(TO_TRY)).values(gone))


def release(tx: Tx, messages: Iterable[Claimed], until: datetime | None = None) -> None:
    """Give back what was claimed and not tried; `until` the instant before which nobody tries."""
    several = list(messages)
    if len(several) > 1:
        hold(tx, [one.booking_id for one in several])
    for message in several:
        values: dict[str, Any] = {
            "state": State.WAITING.value if message.tries == 1 else State.FAILED.value,
            "lease_owner": None,
            "lease_until": None,
        }
        if until is not None:
            values["next_try"] = until
        tx.execute(update(outbox).where(_held).values(values), _lease_of(message))


def sent_to_party(tx: Tx, booking_id: str, since: datetime) -> int:
    """How many written messages the party of a booking was sent since then, of all its bookings."""
    values = {"booking": booking_id, "since": since}
    return int(tx.execute(_sent_to_party, values).scalar_one())


def alone_with_party(tx: Tx, booking_id: str) -> None:
    """Let no other try at the party of a booking begin until the transaction ends.

    A lock by its telephone number and not on rows: of those that it has, none is any other's first.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(_party_lock, {"booking": booking_id})


def on_its_way_to_party(tx: Tx, message: Claimed, now: datetime) -> int:
    """How many other written messages to the party, of all its bookings, are being tried this moment."""
    values = {"booking": message.booking_id, "but_for": message.id, "now": now}
    return int(tx.execute(_on_its_way, values).scalar_one())


def note_try(tx: Tx, message_id: int, now: datetime, by: str, outcome: str | None = None) -> int:
    """Note a try by `by`; without an outcome it is one that may have arrived."""
    values = {
        "outbox_id": message_id,
        "at": now,
        "by": by,
        "outcome": outcome,
        "finished_at": now if outcome else None,
    }
    return int(tx.execute(_note, values).scalar_one())


def finish_try(tx: Tx, attempt: int, outcome: str, now: datetime) -> None:
    """Note how a try ended."""
    tx.execute(_finish, {"attempt": attempt, "how": outcome, "now": now})


def to_hand_over(now: datetime) -> ColumnElement[bool]:
    """Whose channel has had its time: the next one should take over, if there is another one."""
    waited = and_(outbox.c.due_at <= now - DOWN_LONG, outbox.c.hand_over_at < outbox.c.not_after)
    return or_(outbox.c.hand_over_at <= now, waited)


def ready(now: datetime) -> ColumnElement[bool]:
    """What may be tried: it waits no longer, or who had it never settled it."""
    waiting = and_(
        outbox.c.state.in_(TO_TRY), or_(outbox.c.next_try.is_(None), outbox.c.next_try <= now)
    )
    abandoned = and_(outbox.c.state == State.LEASED.value, outbox.c.lease_until <= now)
    return and_(outbox.c.due_at <= now, or_(waiting, abandoned))


def _due(channel: str, now: datetime) -> ColumnElement[bool]:
    return and_(outbox.c.channel == channel, ready(now))


def _lease_of(message: Claimed) -> dict[str, Any]:
    return {"held": message.id, "by": message.owner}


def _claimed(row: Any) -> Claimed:
    return Claimed(
        id=row.id,
        key=row.key,
        ref=row.ref,
        booking_id=row.booking_id,
        session=row.session,
        revision=row.revision,
        kind=row.kind,
        channel=row.channel,
        due_at=row.due_at,
        not_after=row.not_after,
        hand_over_at=row.hand_over_at,
        at_once=row.at_once,
        tries=row.attempts + 1,
        owner=row.lease_owner,
    )
