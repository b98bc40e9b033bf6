"""What calendars say of a booking, and the stamps under which they say it.

SEQUENCE counts changes of time, place and status as a calendar shows it (RFC 5546 section 2.1.4), and
nothing else: a program asks its owner again when it rises. DTSTAMP and LAST-MODIFIED follow all that
the entry says. Both are columns that the changing transaction writes, so a file that is made later
says no less than one that was sent before.
"""

from datetime import datetime
from typing import Any, Literal

from booking.desks.published import stamp
from booking.ledger.booking import Booking
from booking.ledger.status import ENDED, Status

CalendarStatus = Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]


def calendar_status(status: Status) -> CalendarStatus:
    """TENTATIVE for 仮, CANCELLED for what ended, else CONFIRMED (RFC 5545 section 3.8.1.11).

    Whether the party came is no calendar's matter.
    """
    if status in ENDED:
        return "CANCELLED"
    return "TENTATIVE" if status is Status.REQUESTED else "CONFIRMED"


def is_time_open(booking: Booking) -> bool:
    """Whether an entry says that staff will name the time."""
    return not booking.time_settled and booking.status not in ENDED


def first_stamps(now: datetime) -> dict[str, Any]:
    """The columns of a new booking's stamps."""
    return {"calendar_sequence": 0, "calendar_changed_at": stamp(now)}


def next_stamps(before: Booking, after: Booking, now: datetime) -> dict[str, Any]:
    """The columns that move when `before` becomes `after`; none where its entry stays as it is."""
    if _scheduled(before) != _scheduled(after):
        rising = {"calendar_sequence": before.calendar_sequence + 1}
    elif is_time_open(before) != is_time_open(after):
        rising = {}
    else:
        return {}
    return {**rising, "calendar_changed_at": stamp(now, before.calendar_changed_at)}


def _scheduled(booking: Booking) -> tuple[Any, ...]:
    """What SEQUENCE follows."""
    status = calendar_status(booking.status)
    return booking.starts_at, booking.ends_at, booking.place or None, status
