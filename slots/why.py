"""Why: for any day, time and channel, the seats that are free or the one reason that decides."""

from dataclasses import dataclass
from datetime import date, datetime

from slots.availability import (
    Held,
    Reason,
    SessionAvailability,
    SlotAvailability,
    availability,
    window_of,
)
from slots.desk import Consultation
from slots.sessions import holiday_on, session_on, session_planned_on
from slots.window import BookingChannel
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
            return Why(reason, text=_words(found, slot))
        case Reason.UNDECIDED:
            return Why(reason, text=consultation.closed_days.name_of(found.session.planned))
        case Reason.NOT_OPEN_YET:
            return Why(reason, since=_window(consultation, found, slot, channel)[0])
        case Reason.FULL:
            phone = _phone(consultation, channel)
            return Why(reason, phone=phone, waiting_list=consultation.waiting_list)
        case Reason.OTHER_CHANNEL:
            return Why(reason, phone=_phone(consultation, channel))
        case Reason.BOOKING_CLOSED | Reason.TOO_SHORT_NOTICE:
            _, since = _window(consultation, found, slot, channel)
            return Why(reason, since=since, phone=_phone(consultation, channel))
        case _:
            return Why(reason)


def _words(found: SessionAvailability, slot: SlotAvailability | None) -> str | None:
    """What people are told of the closure: its own words, never those of another change."""
    session = found.session
    if slot is None and session.status != "cancelled":
        slot = next((one for one in found.slots if one.slot.closed is not None), None)
    closed = slot.slot.closed if slot else None
    return closed or (session.text if session.status == "cancelled" else None)


def _phone(consultation: Consultation, channel: BookingChannel) -> str | None:
    return consultation.phone if channel != "phone" else None


def _window(
    consultation: Consultation,
    found: SessionAvailability,
    slot: SlotAvailability | None,
    channel: BookingChannel,
) -> tuple[datetime | None, datetime]:
    """When booking opens and closes: of the slot, which has its own where hours count."""
    if slot is None:
        return found.opens, found.closes
    return window_of(consultation, found.session.date, channel, start=slot.slot.start)


def _no_session(consultation: Consultation, day: date) -> Why:
    """Why nothing is held on `day`: a holiday, staff moved it, or no day for it."""
    elsewhere = session_planned_on(consultation, day)
    moved_to = elsewhere.date if elsewhere else None
    holiday = holiday_on(consultation, day)
    if holiday is not None:
        return Why(Reason.HOLIDAY, text=holiday, moved_to=moved_to)
    if elsewhere is not None:
        return Why(Reason.CLOSURE, text=elsewhere.text, moved_to=moved_to)
    return Why(Reason.NO_SESSION)
