"""The one definition of bookable: seats free per slot, or the one reason why not.

Knows no database: who holds which seat is handed in, as is the present instant.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from slots.desk import Consultation
from slots.grid import Slot, slots_of
from slots.sessions import Session
from slots.window import BookingChannel, moment


class Reason(StrEnum):
    """Why something cannot be booked. Each has a sentence on every screen."""

    NO_SESSION = "no-session"
    HOLIDAY = "holiday"
    CLOSURE = "closure"
    UNDECIDED = "undecided"
    PAST = "past"
    OTHER_CHANNEL = "other-channel"
    NOT_OPEN_YET = "not-open-yet"
    BOOKING_CLOSED = "booking-closed"
    TOO_SHORT_NOTICE = "too-short-notice"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Held:
    """The seats of one session that bookings hold.

    `parties` counts all of them; `by_slot` those whose time is settled, by the slot's start, in
    whatever zone; `by_channel` how they came, which only quotas look at.
    """

    parties: int = 0
    by_slot: Mapping[datetime, int] = field(default_factory=dict, hash=False)
    by_channel: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class SlotAvailability:
    """A slot with the seats that a party could still have, and the reason why it cannot have one."""

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

    `free` counts the whole session, also while it runs, and whatever channel its seats are kept
    for; what can still be had is in `slots`. `opens` and `closes` are the booking window's
    instants, where hours count the first slot's and the last one's; `opens` is None where it has
    none.
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


def window_of(
    consultation: Consultation,
    day: date,
    channel: BookingChannel = "online",
    *,
    start: datetime | None = None,
) -> tuple[datetime | None, datetime]:
    """The instants [opens, closes) between which a session on the local `day` may be booked.

    `opens` None: from publication on. Where hours are counted they are counted from `start`, that of
    a slot; without it from the day's first moment. Opening is never after closing: a window so
    short opens when it closes.
    """
    rule, closed, zone = (
        consultation.window.of(channel),
        consultation.closed_days,
        consultation.zone,
    )
    closes = moment(rule.closes, day, closed, zone, start)
    if rule.opens is None:
        return None, closes
    return min(moment(rule.opens, day, closed, zone, start), closes), closes


def availability(
    consultation: Consultation,
    session: Session,
    held: Held,
    now: datetime,
    *,
    channel: BookingChannel = "online",
    by_staff: bool = False,
) -> SessionAvailability:
    """What a party could book in `session` through `channel` at instant `now`, or the reason.

    The first reason of these decides: closure, undecided, past, other channel, not open yet,
    booking closed, too short notice, full. Staff (`by_staff`) are bound neither by the booking
    window nor by what is kept for other channels: they answer for it with a reason. A grid without
    a slot is no session. Parties without a settled time keep free as many seats of the slots still
    to come, but none in particular.
    """
    grid = slots_of(session)
    first, last = (grid[0].start, grid[-1].start) if grid else (session.start, session.start)
    opens, closes = window_of(consultation, session.date, channel, start=last)
    if consultation.window.of(channel).by_hours:
        opens, _ = window_of(consultation, session.date, channel, start=first)
    seats = sum(slot.seats for slot in grid)
    free = max(0, seats - held.parties)
    judging = _Judging(consultation, held, now, channel, by_staff)
    unheld = [max(0, slot.seats - held.by_slot.get(slot.start, 0)) for slot in grid]
    ahead = sum(seats for slot, seats in zip(grid, unheld, strict=True) if slot.start > now)
    left = judging.left(session, ahead, free)
    blocked = judging.blocked(session, opens, closes)
    slots = tuple(
        judging.slot(slot, min(seats, left if slot.start > now else free), blocked)
        for slot, seats in zip(grid, unheld, strict=True)
    )
    reason = blocked or _of_slots(slots)
    return SessionAvailability(session, seats, free, reason, slots, opens, closes)


class _Judging:
    """One asking: who holds seats, when, through which channel it is asked, and by whom."""

    __slots__ = ("by_hours", "by_staff", "channel", "consultation", "held", "now")

    def __init__(
        self,
        consultation: Consultation,
        held: Held,
        now: datetime,
        channel: BookingChannel,
        by_staff: bool,
    ) -> None:
        self.consultation = consultation
        self.held = held
        self.now = now
        self.channel = channel
        self.by_staff = by_staff
        self.by_hours = consultation.window.of(channel).by_hours and not by_staff

    def left(self, session: Session, ahead: int, free: int) -> int:
        """How many parties may still come, by this channel, to the slots with `ahead` unheld seats."""
        unsettled = max(0, self.held.parties - sum(self.held.by_slot.values()))
        left = min(free, ahead - unsettled)
        if self.consultation.quotas.kept and not self.by_staff:
            left -= self.kept_for_others(session)
        return max(0, left)

    def kept_for_others(self, session: Session) -> int:
        """The seats that wait for parties of other channels."""
        quotas, consultation = self.consultation.quotas, self.consultation
        if quotas.released is not None:
            closed, zone = consultation.closed_days, consultation.zone
            if self.now >= moment(quotas.released, session.date, closed, zone, session.start):
                return 0
        came = self.held.by_channel
        return sum(
            max(0, kept - came.get(channel, 0))
            for channel, kept in quotas.kept.items()
            if channel != self.channel
        )

    def blocked(self, session: Session, opens: datetime | None, closes: datetime) -> Reason | None:
        """Why nothing of the session can be had, whoever holds its seats."""
        if session.status == "cancelled":
            return Reason.CLOSURE
        if session.status == "undecided":
            return Reason.UNDECIDED
        if session.end <= self.now:
            return Reason.PAST
        if self.by_staff:
            return None
        if self.channel not in self.consultation.booked_by:
            return Reason.OTHER_CHANNEL
        if opens is not None and self.now < opens:
            return Reason.NOT_OPEN_YET
        return Reason.BOOKING_CLOSED if self.now >= closes else None

    def slot(self, slot: Slot, free: int, blocked: Reason | None) -> SlotAvailability:
        """A slot with `free` seats, which nobody can have when the session is blocked."""
        reason = blocked or self.reason(slot) or (None if free else Reason.FULL)
        return SlotAvailability(slot, free, reason)

    def reason(self, slot: Slot) -> Reason | None:
        """Why this one cannot be had, though the session can."""
        if slot.closed is not None:
            return Reason.CLOSURE
        if slot.start <= self.now:
            return Reason.PAST
        if self.by_hours:
            day, start = slot.start.date(), slot.start
            opens, closes = window_of(self.consultation, day, self.channel, start=start)
            if opens is not None and self.now < opens:
                return Reason.NOT_OPEN_YET
            if self.now >= closes:
                return Reason.TOO_SHORT_NOTICE
        return None


def _of_slots(slots: tuple[SlotAvailability, ...]) -> Reason | None:
    """Why no slot can be had: full, if any is only full, else what holds for the last of the day."""
    if not slots:
        return Reason.NO_SESSION
    reasons = [one.reason for one in slots]
    if None in reasons:
        return None
    return Reason.FULL if Reason.FULL in reasons else reasons[-1]


def next_moment(
    consultation: Consultation,
    found: Iterable[SessionAvailability],
    now: datetime,
    channel: BookingChannel = "online",
) -> datetime | None:
    """The first instant after `now` at which time alone changes what is `found`, or None.

    That is when booking opens or closes, kept seats are released, a slot starts or is too near, or a
    session ends.
    """
    moments = (at for one in found for at in _moments(consultation, one, channel))
    return min((at for at in moments if at > now), default=None)


def _moments(
    consultation: Consultation, found: SessionAvailability, channel: BookingChannel
) -> Iterator[datetime]:
    yield from (found.closes, found.session.end)
    if found.opens is not None:
        yield found.opens
    starts = [one.slot.start for one in found.slots]
    yield from starts
    released, day = consultation.quotas.released, found.session.date
    if consultation.window.of(channel).by_hours:
        for start in starts:
            opens, closes = window_of(consultation, day, channel, start=start)
            yield from (opens or closes, closes)
    if released is not None:
        closed, zone = consultation.closed_days, consultation.zone
        yield moment(released, day, closed, zone, found.session.start)


def nearest_free(
    found: Iterable[SessionAvailability], wanted: datetime, count: int
) -> list[SlotAvailability]:
    """The `count` bookable slots whose start lies nearest to `wanted`, nearest first."""
    free = [slot for session in found for slot in session.slots if slot.bookable]
    return sorted(free, key=lambda one: (abs(one.slot.start - wanted), one.slot.start))[:count]
