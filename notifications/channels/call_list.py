"""電話リスト: messages that staff tell by phone. People deliver them; the rows are the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.sql import ColumnElement

from booking.ledger.booking import Booking, booking_of
from booking.ledger.ledger import Ledger
from booking.store import Tx
from booking.store import bookings as booking_rows
from booking.store.bookings import bookings
from notifications.outbox import State, attempts, hold, note_try, outbox
from notifications.policy import CALL_AGAIN, CALL_LIST, MOST_CALLS
from notifications.ringing import next_moment, telling_of
from notifications.viewing import note_viewing

MOST_SHOWN = 100


class Outcome(StrEnum):
    """How a call ended: 了, 不在, 留守電."""

    DONE = "done"
    ABSENT = "absent"
    VOICEMAIL = "voicemail"


@dataclass(frozen=True, kw_only=True)
class Try:
    """An earlier call."""

    at: datetime
    outcome: str


@dataclass(frozen=True, kw_only=True)
class Call:
    """Somebody to be phoned. `failed_by`: the channels that could not deliver it, with the reasons.

    `ring_from`: the first moment at which the party's telephone may ring, now or later; `again_at`
    is when an unanswered call is to be repeated. `last_call`: after this one nobody calls again.
    """

    id: int
    kind: str
    booking: Booking
    due_at: datetime
    not_after: datetime | None
    again_at: datetime | None
    tries: int
    earlier: tuple[Try, ...]
    failed_by: tuple[tuple[str, str | None], ...]
    ring_from: datetime

    @property
    def last_call(self) -> bool:
        """Whether it leaves the list as a failure when nobody answers this time."""
        return self.tries + 1 >= MOST_CALLS

    def waits(self, now: datetime) -> bool:
        """Whether it should not be made now: the party must not be rung, or was called just before."""
        return self.ring_from > now or (self.again_at is not None and self.again_at > now)


def calls(ledger: Ledger, actor: str, organisation: str | None = None) -> list[Call]:
    """Who is to be phoned now, opened for `actor`'s eyes: that they looked is itself a fact.

    The next deadline first; who was called in vain, or may not be rung at this hour, comes last.
    """
    found = ledger.store.read(lambda tx: _calls(ledger, tx, organisation))
    note_viewing(ledger, actor, [call.booking for call in found])
    return found


def waiting_count(ledger: Ledger, organisation: str | None = None) -> int:
    """How many people are to be phoned now."""
    now = ledger.now()
    query = _waiting(organisation, now).with_only_columns(func.count())
    return int(ledger.store.read(lambda tx: tx.execute(query).scalar_one()))


def record(
    ledger: Ledger,
    call_id: int,
    outcome: Outcome,
    *,
    actor: str,
    seen_tries: int,
    organisation: str | None = None,
) -> bool:
    """Note how a call ended; 了 settles it, the others leave it on the list for later.

    The next call is `CALL_AGAIN` later, outside the desk's quiet hours and within the party's safe
    ones. After `MOST_CALLS` that reached nobody it leaves the list as a failure, for which somebody
    has to find another way.

    False, and nothing is noted, when the list that `actor` saw was no longer the latest: somebody
    else called meanwhile, or the button was pressed twice.
    """
    now = ledger.now()
    done = outcome is Outcome.DONE
    given_up = not done and seen_tries + 1 >= MOST_CALLS
    state = State.SENT if done else State.DEAD if given_up else State.WAITING
    latest = (
        outbox.c.id == call_id,
        # Said of the row itself, too: who waits for another's commit is asked only this again.
        outbox.c.state == State.WAITING.value,
        outbox.c.id.in_(_waiting(organisation, now).with_only_columns(outbox.c.id)),
        outbox.c.attempts == seen_tries,
    )

    def work(tx: Tx) -> bool:
        again = _again(ledger, tx, call_id, now) if state is State.WAITING else None
        changed = (
            update(outbox)
            .where(*latest)
            .values(
                attempts=outbox.c.attempts + 1,
                state=state.value,
                settled_at=None if state is State.WAITING else now,
                next_try=again,
                last_error="unanswered" if given_up else None,
            )
            .returning(outbox.c.id)
        )
        if tx.execute(changed).first() is None:
            return False
        note_try(tx, call_id, now, actor, outcome.value)
        return True

    return ledger.store.write(work)


def _again(ledger: Ledger, tx: Tx, call_id: int, now: datetime) -> datetime:
    """When somebody who did not answer is called again."""
    asked = select(outbox.c.booking_id).where(outbox.c.id == call_id)
    found = tx.execute(asked).scalar_one_or_none()
    row = booking_rows.by_id(tx, ledger.store.keyring, found) if found is not None else None
    later = now + CALL_AGAIN
    return _ring_from(ledger, booking_of(row), later) if row is not None else later


def _ring_from(ledger: Ledger, booking: Booking, at: datetime) -> datetime:
    return next_moment(telling_of(ledger, booking), booking.contact.safe, at, booking.zone)


def close_missed(ledger: Ledger) -> int:
    """End the calls that nobody made in time; how many."""
    now = ledger.now()
    missed = and_(
        outbox.c.channel == CALL_LIST,
        outbox.c.state == State.WAITING.value,
        outbox.c.not_after <= now,
    )
    if ledger.store.read(lambda tx: tx.execute(select(outbox.c.id).where(missed)).first()) is None:
        return 0
    ended = update(outbox).where(missed).returning(outbox.c.id)
    ended = ended.values(state=State.DEAD.value, settled_at=now, last_error="too-late")

    def work(tx: Tx) -> int:
        hold(tx, tx.execute(select(outbox.c.booking_id).where(missed)).scalars())
        return len(tx.execute(ended).all())

    return ledger.store.write(work)


def _waiting(organisation: str | None, now: datetime) -> Select[tuple[object, ...]]:
    """The calls to be made now of bookings that still stand as when the call was planned."""
    where: list[ColumnElement[bool]] = [
        outbox.c.channel == CALL_LIST,
        outbox.c.state == State.WAITING.value,
        outbox.c.due_at <= now,
        outbox.c.not_after > now,
        outbox.c.revision == bookings.c.revision,
    ]
    if organisation is not None:
        where.append(bookings.c.consultation.startswith(f"{organisation}/", autoescape=True))
    joined = outbox.join(bookings, outbox.c.booking_id == bookings.c.id)
    return select(outbox).select_from(joined).where(*where)


def _calls(ledger: Ledger, tx: Tx, organisation: str | None) -> list[Call]:
    now, keyring = ledger.now(), ledger.store.keyring
    query = _waiting(organisation, now).order_by(outbox.c.not_after, outbox.c.id)
    rows = tx.execute(query.limit(MOST_SHOWN)).all()
    ids = {row.booking_id for row in rows}
    opened = booking_rows.listed(tx, keyring, bookings.c.id.in_(ids), limit=MOST_SHOWN)
    by_id = {row["id"]: booking_of(row) for row in opened}
    earlier = _earlier(tx, [row.id for row in rows])
    undelivered = _undelivered(tx, ids)
    found = [
        Call(
            id=row.id,
            kind=row.kind,
            booking=by_id[row.booking_id],
            due_at=row.due_at,
            not_after=row.not_after,
            again_at=row.next_try,
            tries=row.attempts,
            earlier=tuple(earlier.get(row.id, ())),
            failed_by=tuple(undelivered.get((row.booking_id, row.revision, row.kind), ())),
            ring_from=_ring_from(ledger, by_id[row.booking_id], now),
        )
        for row in rows
    ]
    return sorted(found, key=lambda call: call.waits(now))


def _earlier(tx: Tx, ids: Sequence[int]) -> dict[int, list[Try]]:
    query = select(attempts).where(attempts.c.outbox_id.in_(ids)).order_by(attempts.c.id)
    found: dict[int, list[Try]] = {}
    for row in tx.execute(query):
        found.setdefault(row.outbox_id, []).append(Try(at=row.at, outcome=row.outcome or ""))
    return found


def _undelivered(
    tx: Tx, booking_ids: Iterable[str]
) -> dict[tuple[str, int, str], list[tuple[str, str | None]]]:
    columns = (outbox.c.booking_id, outbox.c.revision, outbox.c.kind)
    dead = and_(outbox.c.channel != CALL_LIST, outbox.c.state == State.DEAD.value)
    query = select(*columns, outbox.c.channel, outbox.c.last_error)
    query = query.where(outbox.c.booking_id.in_(list(booking_ids)), dead)
    found: dict[tuple[str, int, str], list[tuple[str, str | None]]] = {}
    for row in tx.execute(query.order_by(outbox.c.id)):
        key = (row.booking_id, row.revision, row.kind)
        found.setdefault(key, []).append((row.channel, row.last_error))
    return found
