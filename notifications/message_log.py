"""What became of a booking's messages: the rows of the outbox with their tries, for staff to see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.sql import ColumnElement

from booking.ledger.ledger import Ledger
from booking.store import Tx
from booking.store.bookings import bookings
from booking.store.sealed import CannotUnseal, Keyring
from notifications import words_kept
from notifications.by_hand import Answer, Deed, deeds, hindrance
from notifications.outbox import State, attempts, outbox


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A try, or what staff did by hand. Without an `outcome` it began and nobody knows how it ended."""

    at: datetime
    by: str
    outcome: str | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """A message as it stands. `said` are the words that were told, None: none were, or no longer.

    `next_at` is when it is tried again, or first; `leased` tells that somebody is at it this moment,
    `may_have_arrived` that a try began whose end nobody knows. `deeds` are what staff may do now;
    `hindrance` says why sending it again is not among them.
    """

    id: int
    revision: int
    kind: str
    channel: str
    state: State
    next_at: datetime
    not_after: datetime | None
    settled_at: datetime | None
    error: str | None
    receipt: str | None
    said: str | None = field(repr=False)
    dealt_at: datetime | None
    dealt_by: str | None
    leased: bool
    tries: tuple[Tried, ...]
    deeds: tuple[Deed, ...]
    hindrance: Answer | None

    @property
    def may_have_arrived(self) -> bool:
        """Whether a try began whose end nobody knows, and which is not under way."""
        opened = [one for one in self.tries if one.outcome is None]
        return len(opened) > (1 if self.leased else 0)


def of_booking(ledger: Ledger, booking_id: str) -> list[Told]:
    """The booking's messages, with the words: newest revision first, then as they fall due."""
    found = _told(ledger, outbox.c.booking_id == booking_id, words=True)
    return sorted(found, key=lambda one: -one.revision)


def by_id(ledger: Ledger, ids: Collection[int]) -> dict[int, Told]:
    """These messages, without their words."""
    found = _told(ledger, outbox.c.id.in_(list(ids)), words=False) if ids else []
    return {one.id: one for one in found}


def _told(ledger: Ledger, which: ColumnElement[bool], *, words: bool) -> list[Told]:
    joined = outbox.outerjoin(bookings, outbox.c.booking_id == bookings.c.id)
    query = (
        select(outbox, bookings.c.revision.label("stands_at"), bookings.c.status)
        .select_from(joined)
        .where(which)
        .order_by(outbox.c.due_at, outbox.c.id)
    )
    keyring = ledger.store.keyring if words else None

    def work(tx: Tx) -> list[Told]:
        rows = tx.execute(query).all()
        tries = _tries(tx, [row.id for row in rows])
        now = ledger.now()
        return [_one(row, tuple(tries.get(row.id, ())), keyring, now) for row in rows]

    return ledger.store.read(work)


def _tries(tx: Tx, ids: Sequence[int]) -> dict[int, list[Tried]]:
    query = select(attempts).where(attempts.c.outbox_id.in_(ids)).order_by(attempts.c.id)
    found: dict[int, list[Tried]] = {}
    for row in tx.execute(query):
        one = Tried(at=row.at, by=row.by, outcome=row.outcome)
        found.setdefault(row.outbox_id, []).append(one)
    return found


def _one(row: Any, tries: tuple[Tried, ...], keyring: Keyring | None, now: datetime) -> Told:
    why = hindrance(row, now)
    allowed = tuple(one for one in deeds(row) if one is not Deed.RESEND or why is None)
    leased = row.state == State.LEASED and row.lease_until is not None and row.lease_until > now
    return Told(
        id=row.id,
        revision=row.revision,
        kind=row.kind,
        channel=row.channel,
        state=State(row.state),
        next_at=max(row.due_at, row.next_try or row.due_at),
        not_after=row.not_after,
        settled_at=row.settled_at,
        error=row.last_error,
        receipt=row.receipt,
        said=_opened(keyring, row) if keyring is not None else None,
        dealt_at=row.dealt_at,
        dealt_by=row.dealt_by,
        leased=leased,
        tries=tries,
        deeds=allowed,
        hindrance=why if Deed.RESEND in deeds(row) else None,
    )


def _opened(keyring: Keyring, row: Any) -> str | None:
    try:
        return words_kept.opened(keyring, row.ref, row.said)
    except CannotUnseal:
        # The booking is shown with what can be read; `booking doctor` names the missing key.
        return None
