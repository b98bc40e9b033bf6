"""The one door to a seat: web, phone, API and moves all take seats here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from booking.errors import FieldError, Invalid, NotBookable, SessionFull, Taken
from booking.store import Tx, bookings
from slots.availability import Reason, SessionAvailability, SlotAvailability, availability
from slots.desk import Consultation
from slots.sessions import Session
from slots.window import BookingChannel


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat taken: its number within the session and, where the time is settled, within the slot."""

    session: Session
    session_seat: int
    slot: SlotAvailability | None
    slot_seat: int | None

    @property
    def starts_at(self) -> datetime:
        """The slot's start, or the session's while no time is settled."""
        return self.slot.slot.start if self.slot else self.session.start

    @property
    def ends_at(self) -> datetime:
        """The slot's end, or the session's while no time is settled."""
        return self.slot.slot.end if self.slot else self.session.end


def take(
    tx: Tx,
    consultation: Consultation,
    session: Session,
    slot_start: datetime | None,
    now: datetime,
    *,
    by_staff: BookingChannel | None = None,
    answered: bool = True,
    moving: str | None = None,
) -> Seat:
    """A free seat of `session`, in the slot at `slot_start` if given; the caller writes it down.

    The caller holds the consultation's lock (`versions.lock_and_raise`). `by_staff` is the channel
    of a party whom staff enter: they may go beyond what binds it, if they answered for it with a
    reason (`answered`). `moving` is the booking that moves: its own seat counts as free. Raises
    NotBookable, SessionFull, Taken, Invalid.
    """
    rows = [row for row in bookings.holders(tx, session.key) if row.id != moving]
    held = bookings.held_of(rows)
    found = availability(consultation, session, held, now, by_staff=by_staff is not None)
    slot = _check(found, slot_start)
    if by_staff is not None and not answered:
        bound = availability(consultation, session, held, now, channel=by_staff)
        same = bound.slot_at(slot_start) if slot_start else None
        if not (same.bookable if same else bound.bookable):
            raise Invalid([FieldError("reason", "required")])
    return Seat(
        session,
        _lowest_free(row.session_seat for row in rows),
        slot,
        _lowest_free(row.slot_seat for row in rows if row.slot_start == slot_start)
        if slot
        else None,
    )


def refuse_unless_free(found: SessionAvailability, slot_start: datetime | None) -> None:
    """Raise what `take` would, from an availability that was read without the lock."""
    _check(found, slot_start)


def _check(found: SessionAvailability, slot_start: datetime | None) -> SlotAvailability | None:
    if found.reason is Reason.FULL:
        raise SessionFull
    if found.reason is not None:
        since = found.opens if found.reason is Reason.NOT_OPEN_YET else found.closes
        raise NotBookable(found.reason, since=since)
    if slot_start is None:
        return None
    slot = found.slot_at(slot_start)
    if slot is None:
        raise Invalid([FieldError("slot", "not-a-slot")])
    if slot.reason is Reason.FULL:
        raise Taken
    if slot.reason is not None:
        raise NotBookable(slot.reason)
    return slot


def _lowest_free(taken: Iterable[int | None]) -> int:
    held = set(taken)
    return next(n for n in range(len(held) + 1) if n not in held)
