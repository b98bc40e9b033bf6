"""What goes into the outbox and is taken back again: the statements of planning."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, select, update

from booking.ledger.status import Status
from booking.store import Tx
from booking.store.bookings import bookings
from booking.store.upsert import insert_for
from notifications.outbox import TO_TRY, State, outbox, same, withdraw
from notifications.plan import Planned, Situation
from notifications.policy import LETTER, TOLD_BY_HAND, WITHDRAWN_BY_HAND

SUPERSEDED = "superseded"
OTHER_CHANNEL = "other-channel"
BEGUN = (State.LEASED.value, State.FAILED.value, State.SENT.value, State.DEAD.value)
_COLUMNS = (
    *("id", "consultation", "status", "revision", "starts_at", "zone"),
    *("reached_by", "contact_wish"),
)
# What runs for each fact is built once: building a statement costs more than running it.
_withdraw_older = (
    update(outbox)
    .where(
        outbox.c.booking_id == bindparam("booking"),
        outbox.c.revision < bindparam("present"),
        outbox.c.state.in_(TO_TRY),
    )
    .values(state=State.WITHDRAWN.value, settled_at=bindparam("now"), last_error=SUPERSEDED)
)
_revive = (
    update(outbox)
    .where(
        outbox.c.key.in_(bindparam("keys", expanding=True)),
        outbox.c.state == State.WITHDRAWN.value,
        outbox.c.last_error == OTHER_CHANNEL,
    )
    .values(state=State.WAITING.value, settled_at=None, last_error=None)
)


def situations(tx: Tx, booking_ids: Iterable[str]) -> dict[str, tuple[str, Situation]]:
    """For each booking its consultation and situation, without opening anything personal."""
    query = select(*(bookings.c[name] for name in _COLUMNS))
    rows = tx.execute(query.where(bookings.c.id.in_(list(booking_ids))))
    return {row.id: (row.consultation, _situation(row)) for row in rows}


def add(tx: Tx, planned: Iterable[Planned], now: datetime) -> int:
    """Put messages into the outbox, but for those that are there; how many were new.

    One that was withdrawn only because another channel was better waits again.
    """
    rows = {one.key: _row(one, now) for one in planned}
    if not rows:
        return 0
    added = set(tx.execute(_add(tx.dialect.name), list(rows.values())).scalars())
    if known := rows.keys() - added:
        tx.execute(_revive, {"keys": sorted(known)})
    return len(added)


def withdraw_older(tx: Tx, booking_id: str, revision: int, now: datetime) -> None:
    """Withdraw what waits of a booking's earlier revisions. What is being tried looks by itself."""
    tx.execute(_withdraw_older, {"booking": booking_id, "present": revision, "now": now})


def withdraw_other_channels(tx: Tx, planned: Iterable[Planned], now: datetime) -> None:
    """Withdraw what waits untried of the same messages on another channel than is planned now."""
    for one in planned:
        elsewhere = and_(same(one), outbox.c.channel != one.channel)
        untried = and_(outbox.c.state == State.WAITING.value, outbox.c.attempts == 0)
        withdraw(tx, and_(elsewhere, untried), OTHER_CHANNEL, now)


def undecided(
    tx: Tx, planned: Iterable[Planned], by_hand: Iterable[str] = (TOLD_BY_HAND, WITHDRAWN_BY_HAND)
) -> list[Planned]:
    """Those of the messages that staff have not ended by hand so, on whatever channel they were."""
    found = []
    for one in planned:
        ended = select(outbox.c.id).where(
            same(one),
            outbox.c.state.in_((State.SENT.value, State.WITHDRAWN.value)),
            outbox.c.last_error.in_(list(by_hand)),
        )
        if tx.execute(ended.limit(1)).first() is None:
            found.append(one)
    return found


def untried(tx: Tx, planned: Iterable[Planned]) -> list[Planned]:
    """Those of the messages of which no channel has been tried, or is being tried at this moment."""
    found = []
    for one in planned:
        begun = select(outbox.c.id).where(
            same(one),
            outbox.c.state.in_(BEGUN),
        )
        if tx.execute(begun.limit(1)).first() is None:
            found.append(one)
    return found


def channels_tried(tx: Tx, booking_id: str, revision: int, kind: str) -> frozenset[str]:
    """The channels on which a message of a booking was planned and not taken back."""
    query = select(outbox.c.channel).where(
        outbox.c.booking_id == booking_id,
        outbox.c.revision == revision,
        outbox.c.kind == kind,
        outbox.c.state != State.WITHDRAWN.value,
    )
    return frozenset(tx.execute(query).scalars())


def letter_goes(tx: Tx, booking_id: str, revision: int, kind: str) -> bool:
    """Whether the same message is to be posted, or has been."""
    query = select(outbox.c.id).where(
        outbox.c.booking_id == booking_id,
        outbox.c.revision == revision,
        outbox.c.kind == kind,
        outbox.c.channel == LETTER,
        outbox.c.state.in_((State.WAITING.value, State.SENT.value)),
    )
    return tx.execute(query.limit(1)).first() is not None


@cache
def _add(dialect: str) -> Any:
    return insert_for(dialect, outbox).on_conflict_do_nothing().returning(outbox.c.key)


def _row(one: Planned, now: datetime) -> dict[str, Any]:
    return {
        "key": one.key,
        "ref": one.ref,
        "booking_id": one.booking_id,
        "session": one.session,
        "revision": one.revision,
        "kind": one.kind,
        "channel": one.channel,
        "state": State.WAITING.value,
        "due_at": one.due_at,
        "not_after": one.not_after,
        "hand_over_at": one.hand_over_at,
        "at_once": one.at_once,
        "attempts": 0,
        "created_at": now,
    }


def _situation(row: Any) -> Situation:
    return Situation(
        status=Status(row.status),
        revision=row.revision,
        starts_at=row.starts_at,
        zone=row.zone,
        reached_by=frozenset(row.reached_by.split()),
        wish=row.contact_wish,
    )
