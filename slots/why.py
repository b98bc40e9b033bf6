"""Why: for any day, time and channel, the seats that are free or the one reason that decides."""

from dataclasses import dataclass
from datetime import date, datetime

from slots.availability import Held, Reason, SessionAvailability, SlotAvailability, availability
from slots.desk import Consultation
from slots.sessions import holiday_on, session_on, session_planned_on
from slots.window import BookingChannel, HoursBefore, moment
from slots.zone import local_date


@dataclass(frozen=True, slots=True)
class Why:
    """The reason that decides, with what somebody needs to know to go on.

    `since` is the instant from which booking is open, or was closed; `text` the holiday's name or
    the closure's public words; `phone` the desk's number, to ask where this channel no longer helps;
    `waiting_list` whether a full session keeps one; `moved_to` the day to which it moved.
    """

    reason: Reason
    since: datetime | None = None
    text: str | None = None
    phone: str | None = None
    waiting_list: bool = False
    moved_to: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`free` seats at the instant that was asked for; none, and `why`, when it cannot be booked."""

    free: int
    why: Why | None = None


def answer(
    consultation: Consultation,
    at: datetime,
    held: Held,
    now: datetime,
    *,
    channel: BookingChannel = "online",
) -> Answer:
    """Whether the slot that begins at instant `at` can be booked at `now` through `channel`.

    `held` are the seats held in the session of that day. An instant between slots is no session.
    """
    day = local_date(at, consultation.zone)
    session = session_on(consultation, day)
    if session is None:
        return Answer(0, _no_session(consultation, day))
    found = availability(consultation, session, held, now, channel=channel)
    slot = found.slot_at(at)
    if slot is None:
        return Answer(0, Why(Reason.NO_SESSION))
    reason = why(consultation, found, slot, channel=channel)
    return Answer(0, reason) if reason else Answer(slot.free)


def why(
    consultation: Consultation,
    found: SessionAvailability,
    slot: SlotAvailability | None = None,
    *,
    channel: BookingChannel = "online",
) -> Why | None:
    """Why `slot` of the session `found` (or, with None, no slot of it) can be booked; None if it can."""
    reason = slot.reason if slot else found.reason
    if reason is None:
        return None
    match reason:
        case Reason.CLOSURE:
            closed = slot.slot.closed if slot else None
            return Why(reason, text=closed or found.session.text)
        case Reason.UNDECIDED:
            return Why(reason, text=consultation.closed_days.name_of(found.session.planned))
        case Reason.NOT_OPEN_YET:
            return Why(reason, since=found.opens)
        case Reason.FULL:
            return Why(reason, waiting_list=consultation.waiting_list)
        case Reason.BOOKING_CLOSED | Reason.TOO_SHORT_NOTICE | Reason.OTHER_CHANNEL:
            phone = consultation.phone if channel != "phone" else None
            return Why(reason, since=_since(consultation, found, slot, channel), phone=phone)
        case _:
            return Why(reason)


def _since(
    consultation: Consultation,
    found: SessionAvailability,
    slot: SlotAvailability | None,
    channel: BookingChannel,
) -> datetime | None:
    rule = consultation.window.of(channel).closes
    if channel not in consultation.booked_by:
        return None
    if slot is not None and isinstance(rule, HoursBefore):
        zone, closed = consultation.zone, consultation.closed_days
        return moment(rule, found.session.date, closed, zone, slot.slot.start)
    return found.closes


def _no_session(consultation: Consultation, day: date) -> Why:
    """Why nothing is held on `day`: it moved, a holiday, or no day for it."""
    elsewhere = session_planned_on(consultation, day)
    if elsewhere is not None:
        return Why(Reason.CLOSURE, text=elsewhere.text, moved_to=elsewhere.date)
    holiday = holiday_on(consultation, day)
    if holiday is not None:
        return Why(Reason.HOLIDAY, text=holiday)
    return Why(Reason.NO_SESSION)
