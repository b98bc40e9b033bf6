"""What calendars say of a booking, and the stamps under which they say it.

SEQUENCE counts changes of time, place and status as a calendar shows it (RFC 5546 section 2.1.4), and
nothing else: a program asks its owner again when it rises. DTSTAMP and LAST-MODIFIED follow all that
the entry says. Both are columns that the changing transaction writes, so a file that is made later
says no less than one that was sent before.

The entry's time is a column, too. A party may give up the time of an arranged booking for wishes: then
the entry that it has is cancelled, and still says of when.
"""

from collections.abc import Mapping
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


def entry_status(booking: Booking) -> CalendarStatus:
    """The status of a booking's entry: CANCELLED also where its time was given up for wishes."""
    return calendar_status(booking.status) if booking.starts_at is not None else "CANCELLED"


def is_time_open(booking: Booking) -> bool:
    """Whether an entry says that staff will name the time."""
    return not booking.time_settled and booking.status not in ENDED


def first_stamps(now: datetime, held: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a new booking's entry; `held` are those of its time."""
    time = {"calendar_starts_at": held["starts_at"], "calendar_ends_at": held["ends_at"]}
    return {"calendar_sequence": 0, "calendar_changed_at": stamp(now), **time}


def next_stamps(before: Booking, after: Booking, now: datetime) -> dict[str, Any]:
    """The columns that move when `before` becomes `after`; none where its entry stays as it is."""
    if _scheduled(before) != _scheduled(after):
        rising = {"calendar_sequence": before.calendar_sequence + 1, **_time_of(after)}
    elif is_time_open(before) != is_time_open(after):
        rising = {}
    else:
        return {}
    return {**rising, "calendar_changed_at": stamp(now, before.calendar_changed_at)}


def _time_of(booking: Booking) -> dict[str, datetime | None]:
    """The columns of the entry's time; a time that was given up stays in them."""
    if booking.starts_at is None:
        return {}
    return {"calendar_starts_at": booking.starts_at, "calendar_ends_at": booking.ends_at}


def _scheduled(booking: Booking) -> tuple[Any, ...]:
    """What SEQUENCE follows."""
    return booking.starts_at, booking.ends_at, booking.place or None, entry_status(booking)
