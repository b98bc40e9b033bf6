"""郵送リスト: messages that staff print and post. People deliver them; the rows are the same."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.sql import ColumnElement

from booking.errors import NotFound
from booking.ledger.booking import Booking, booking_of
from booking.ledger.ledger import Ledger
from booking.store import Tx
from booking.store import bookings as booking_rows
from booking.store.bookings import bookings
from notifications.outbox import State, hold, note_try, outbox
from notifications.policy import BY_MACHINE, LETTER
from notifications.relay import take_over
from notifications.viewing import note_viewing

MOST_SHOWN = 100
NOT_POSTED = "not-posted"
TOO_LATE = "too-late-to-post"


class Outcome(StrEnum):
    """What became of a letter: 投函した, 送れない."""

    POSTED = "posted"
    NOT_POSTED = "not-posted"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A letter to be posted until the instant `post_by`; `ref` is its message's."""

    id: int
    ref: str
    kind: str
    booking: Booking
    due_at: datetime
    post_by: datetime | None
    tries: int

    @property
    def unsafe(self) -> bool:
        """Whether the party does not want to be told by whom a letter is."""
        return self.booking.contact.safe.named is False


def letters(ledger: Ledger, actor: str, organisation: str | None = None) -> list[Waiting]:
    """The letters to be posted now, opened for `actor`'s eyes: that they looked is itself a fact.

    The next deadline first.
    """
    found = ledger.store.read(lambda tx: _letters(ledger, tx, organisation))
    note_viewing(ledger, actor, [one.booking for one in found])
    return found


def letter(ledger: Ledger, letter_id: int, actor: str, organisation: str | None = None) -> Waiting:
    """One of them, opened likewise. Raises NotFound when it is not to be posted, or no longer."""
    only = outbox.c.id == letter_id
    found = ledger.store.read(lambda tx: _letters(ledger, tx, organisation, only))
    note_viewing(ledger, actor, [one.booking for one in found])
    if not found:
        raise NotFound
    return found[0]


def waiting_count(ledger: Ledger, organisation: str | None = None) -> int:
    """How many letters are to be posted now."""
    query = _waiting(organisation, ledger.now()).with_only_columns(func.count())
    return int(ledger.store.read(lambda tx: tx.execute(query).scalar_one()))


def record(
    ledger: Ledger,
    letter_id: int,
    outcome: Outcome,
    *,
    actor: str,
    seen_tries: int,
    organisation: str | None = None,
    said: bytes | None = None,
    available: Collection[str] = BY_MACHINE,
) -> bool:
    """Note that a letter was posted, which settles it, or that it cannot be: the next channel follows.

    `said` is what it told, sealed; `available` are the channels that are set up. False, and nothing
    is noted, when the list that `actor` saw was no longer the latest.
    """
    now = ledger.now()
    posted = outcome is Outcome.POSTED
    changed = (
        update(outbox)
        .where(
            outbox.c.id == letter_id,
            # Said of the row itself, too: who waits for another's commit is asked only this again.
            outbox.c.state == State.WAITING.value,
            outbox.c.id.in_(_waiting(organisation, now).with_only_columns(outbox.c.id)),
            outbox.c.attempts == seen_tries,
        )
        .values(
            attempts=outbox.c.attempts + 1,
            state=State.SENT.value if posted else State.DEAD.value,
            settled_at=now,
            last_error=None if posted else NOT_POSTED,
            said=said if posted else None,
        )
        .returning(outbox)
    )

    def work(tx: Tx) -> bool:
        if not posted:
            hold(
                tx,
                tx.execute(select(outbox.c.booking_id).where(outbox.c.id == letter_id)).scalars(),
            )
        row = tx.execute(changed).first()
        if row is None:
            return False
        note_try(tx, letter_id, now, actor, outcome.value)
        if not posted:
            _go_on(ledger, tx, [row], available)
        return True

    return ledger.store.write(work)


def close_unposted(ledger: Ledger, available: Collection[str] = BY_MACHINE) -> int:
    """End the letters that nobody posted in time, and let the next channel follow; how many."""
    now = ledger.now()
    late = and_(
        outbox.c.channel == LETTER,
        outbox.c.state == State.WAITING.value,
        or_(outbox.c.hand_over_at <= now, outbox.c.not_after <= now),
    )
    if ledger.store.read(lambda tx: tx.execute(select(outbox.c.id).where(late)).first()) is None:
        return 0
    ended = update(outbox).where(late).returning(outbox)
    ended = ended.values(state=State.DEAD.value, settled_at=now, last_error=TOO_LATE)

    def work(tx: Tx) -> int:
        hold(tx, tx.execute(select(outbox.c.booking_id).where(late)).scalars())
        rows = tx.execute(ended).all()
        _go_on(ledger, tx, rows, available)
        return len(rows)

    return ledger.store.write(work)


def _go_on(ledger: Ledger, tx: Tx, rows: Iterable[Any], available: Collection[str]) -> None:
    # By booking, as relays do, so that two processes wait for each other in one order.
    for row in sorted(rows, key=lambda one: (str(one.booking_id), one.id)):
        take_over(ledger, tx, row.booking_id, row.revision, row.kind, available)


def _waiting(organisation: str | None, now: datetime) -> Select[tuple[object, ...]]:
    """The letters to be posted now of bookings that still stand as when they were planned."""
    where: list[ColumnElement[bool]] = [
        outbox.c.channel == LETTER,
        outbox.c.state == State.WAITING.value,
        outbox.c.due_at <= now,
        or_(outbox.c.hand_over_at.is_(None), outbox.c.hand_over_at > now),
        or_(outbox.c.not_after.is_(None), outbox.c.not_after > now),
        outbox.c.revision == bookings.c.revision,
    ]
    if organisation is not None:
        where.append(bookings.c.consultation.startswith(f"{organisation}/", autoescape=True))
    joined = outbox.join(bookings, outbox.c.booking_id == bookings.c.id)
    return select(outbox).select_from(joined).where(*where)


def _letters(
    ledger: Ledger, tx: Tx, organisation: str | None, *only: ColumnElement[bool]
) -> list[Waiting]:
    until = func.coalesce(outbox.c.hand_over_at, outbox.c.not_after)
    query = _waiting(organisation, ledger.now()).where(*only).order_by(until, outbox.c.id)
    rows = tx.execute(query.limit(MOST_SHOWN)).all()
    ids = {row.booking_id for row in rows}
    keyring = ledger.store.keyring
    opened = booking_rows.listed(tx, keyring, bookings.c.id.in_(ids), limit=MOST_SHOWN)
    by_id = {row["id"]: booking_of(row) for row in opened}
    return [
        Waiting(
            id=row.id,
            ref=row.ref,
            kind=row.kind,
            booking=by_id[row.booking_id],
            due_at=row.due_at,
            post_by=row.hand_over_at or row.not_after,
            tries=row.attempts,
        )
        for row in rows
    ]
