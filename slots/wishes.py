"""Which days and times of day one may wish for, where staff settle the time.

Whenever somebody is at the desk, and the booking window is open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from slots.availability import window_of
from slots.changes import Closure
from slots.desk import Consultation, Desk
from slots.hours import staffed_on
from slots.interval import Interval, without
from slots.window import BookingChannel
from slots.zone import instant, local_date

TimeOfDay = Literal["any", "morning", "afternoon", "evening"]

BANDS: dict[TimeOfDay, tuple[time, time]] = {
    "morning": (time(0), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(23, 59)),
}
TIMES_OF_DAY: tuple[TimeOfDay, ...] = ("any", *BANDS)
HORIZON_DAYS = 90


@dataclass(frozen=True, slots=True)
class Wish:
    """A day that somebody would like, and a time of day; `any` leaves the time open."""

    date: date
    time_of_day: TimeOfDay = "any"


@dataclass(frozen=True, slots=True)
class WishDay:
    """A local day that may be wished for, with the times of day at which the desk may be open."""

    date: date
    times_of_day: tuple[TimeOfDay, ...]

    def allows(self, wish: Wish) -> bool:
        """Whether `wish` is for this day and for a time of day at which the desk may be open."""
        return wish.date == self.date and wish.time_of_day in ("any", *self.times_of_day)


def wish_day(
    desk: Desk,
    consultation: Consultation,
    day: date,
    now: datetime,
    channel: BookingChannel = "online",
) -> WishDay | None:
    """What may be wished for on the local `day` at instant `now`, or None when nothing may."""
    if channel not in consultation.booked_by:
        return None
    opens, closes = window_of(consultation, day, channel)
    if (opens is not None and now < opens) or now >= closes:
        return None
    bands = times_of_day(_open_on(desk, consultation, day), day, desk.zone)
    return WishDay(day, bands) if bands else None


def _open_on(desk: Desk, consultation: Consultation, day: date) -> list[Interval]:
    """When anybody is there and the consultation is not closed."""
    closures = [one for one in consultation.changes if isinstance(one, Closure) and one.covers(day)]
    if any(one.whole_days for one in closures):
        return []
    gaps = [one.on(day, desk.zone) for one in closures]
    return [part for one in staffed_on(desk, day) for part in without(one, gaps)]


def wish_days(
    desk: Desk, consultation: Consultation, now: datetime, channel: BookingChannel = "online"
) -> list[WishDay]:
    """The days that may be wished for at instant `now`, within 90 days, earliest first."""
    today = local_date(now, desk.zone)
    days = (today + timedelta(days=n) for n in range(HORIZON_DAYS))
    found = (wish_day(desk, consultation, day, now, channel) for day in days)
    return [one for one in found if one is not None]


def times_of_day(staffed: Iterable[Interval], day: date, zone_name: str) -> tuple[TimeOfDay, ...]:
    """The times of day that meet a stretch in which anybody is there, in order of the day."""
    stretches = list(staffed)
    return tuple(
        name
        for name, (start, end) in BANDS.items()
        if any(
            Interval(instant(day, start, zone_name), instant(day, end, zone_name)).overlaps(one)
            for one in stretches
        )
    )
