"""The one definition of bookable: seats free per slot, or the one reason why not.

Knows no database: who holds which seat is handed in, as is the present instant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from slots.desk import Consultation
from slots.grid import Slot, slots_of
from slots.sessions import Session
from slots.zone import instant


class Reason(StrEnum):
    """Why something cannot be booked. Each has a sentence on every screen."""

    NO_SESSION = "no-session"
    UNDECIDED = "undecided"
    CANCELLED = "cancelled"
    PAST = "past"
    NOT_OPEN_YET = "not-open-yet"
    BOOKING_CLOSED = "booking-closed"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Held:
    """The seats of one session that bookings hold.

    `parties` counts all of them; `by_slot` those whose time is settled, by the slot's start, in
    whatever zone.
    """

    parties: int = 0
    by_slot: Mapping[datetime, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class SlotAvailability:
    """A slot with the seats that nobody holds, and the reason why a party cannot have one."""

    slot: Slot
    free: int
    reason: Reason | None

    @property
    def bookable(self) -> bool:
        """Whether a party could book it now."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class SessionAvailability:
    """A session with seats and free seats; `free` + held parties = `seats` unless overbooked.

    `free` counts the whole session, also while it runs; what can still be had is in `slots`.
    `opens` and `closes` are the booking window's instants; `opens` is None where it has none.
    """

    session: Session
    seats: int
    free: int
    reason: Reason | None
    slots: tuple[SlotAvailability, ...]
    opens: datetime | None
    closes: datetime

    @property
    def bookable(self) -> bool:
        """Whether a party could book a seat in it now."""
        return self.reason is None

    def slot_at(self, start: datetime) -> SlotAvailability | None:
        """The slot that starts at `start`, or None when the grid has none there."""
        return next((found for found in self.slots if found.slot.start == start), None)


def window_of(consultation: Consultation, day: date) -> tuple[datetime | None, datetime]:
    """The instants [opens, closes) between which the local `day` may be booked; opens may be None.

    Opening is never after closing: a window so short opens when it closes.
    """
    window = consultation.window
    if window.closes_business_days_before:
        last_day = consultation.closed_days.business_days_before(
            day, window.closes_business_days_before
        )
    else:
        last_day = day
    closes = instant(last_day, window.closes_at, consultation.zone)
    if window.opens_days_before is None:
        return None, closes
    first_day = day - timedelta(days=window.opens_days_before)
    return min(instant(first_day, time(), consultation.zone), closes), closes


def availability(
    consultation: Consultation,
    session: Session,
    held: Held,
    now: datetime,
    *,
    by_staff: bool = False,
) -> SessionAvailability:
    """What a party could book in `session` at instant `now`, or the one reason that decides.

    Reasons in order: cancelled, undecided, past, not open yet, closed for booking, full. Staff are
    not bound by the booking window (`by_staff`): they answer for it with a reason. A grid without
    a slot is no session. Parties without a settled time keep free as many seats of the slots still
    to come, but none in particular.
    """
    opens, closes = window_of(consultation, session.date)
    grid = [_SlotNow(slot, held, now) for slot in slots_of(consultation, session)]
    seats = sum(one.slot.seats for one in grid)
    free = max(0, seats - held.parties)
    unsettled = max(0, held.parties - sum(held.by_slot.values()))
    left = max(0, min(free, sum(one.unheld for one in grid if one.ahead) - unsettled))
    blocked = _blocked(session, now) or (None if by_staff else _outside(now, opens, closes))
    slots = tuple(one.availability(left if one.ahead else free, blocked) for one in grid)
    reason = blocked or _of_slots(slots)
    return SessionAvailability(session, seats, free, reason, slots, opens, closes)


class _SlotNow:
    """A slot of the grid at an instant: seats that nobody holds there, and whether it is ahead."""

    __slots__ = ("ahead", "slot", "unheld")

    def __init__(self, slot: Slot, held: Held, now: datetime) -> None:
        self.slot = slot
        self.unheld = max(0, slot.seats - held.by_slot.get(slot.start, 0))
        self.ahead = slot.start > now

    def availability(self, most: int, blocked: Reason | None) -> SlotAvailability:
        """At most `most` parties, and none when the session is blocked."""
        free = min(self.unheld, most)
        if blocked is None and not self.ahead:
            blocked = Reason.PAST
        return SlotAvailability(self.slot, free, blocked or (None if free else Reason.FULL))


def _blocked(session: Session, now: datetime) -> Reason | None:
    if session.status == "cancelled":
        return Reason.CANCELLED
    if session.status == "undecided":
        return Reason.UNDECIDED
    return Reason.PAST if session.end <= now else None


def _outside(now: datetime, opens: datetime | None, closes: datetime) -> Reason | None:
    if opens is not None and now < opens:
        return Reason.NOT_OPEN_YET
    return Reason.BOOKING_CLOSED if now >= closes else None


def _of_slots(slots: tuple[SlotAvailability, ...]) -> Reason | None:
    if not slots:
        return Reason.NO_SESSION
    if any(one.bookable for one in slots):
        return None
    return Reason.PAST if all(one.reason is Reason.PAST for one in slots) else Reason.FULL


def nearest_free(
    found: Iterable[SessionAvailability], wanted: datetime, count: int
) -> list[SlotAvailability]:
    """The `count` bookable slots whose start lies nearest to `wanted`, nearest first."""
    free = [slot for session in found for slot in session.slots if slot.bookable]
    return sorted(free, key=lambda one: (abs(one.slot.start - wanted), one.slot.start))[:count]
