"""From when and until when one may book: moments reckoned back from a session's day.

Knows closed days and zones, not what is booked.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from slots.holidays import ClosedDays
from slots.zone import instant

BookingChannel = Literal["online", "phone", "walk-in"]
BOOKING_CHANNELS: tuple[BookingChannel, ...] = ("online", "phone", "walk-in")
Roll = Literal["none", "earlier", "later"]
ROLLS: tuple[Roll, ...] = ("none", "earlier", "later")


def _rolled(day: date, roll: Roll, closed: ClosedDays) -> date:
    """`day`, or the business day beside it towards which the rule rolls."""
    if roll == "none":
        return day
    return closed.last_business_day(day) if roll == "earlier" else closed.first_business_day(day)


@dataclass(frozen=True, slots=True)
class DaysBefore:
    """`days` calendar days before, at `at`. 「4週間前の同じ曜日」 is 28 days before."""

    days: int
    at: time = time()
    roll: Roll = "none"

    def day(self, session: date, closed: ClosedDays) -> date:
        """The local day of the moment, for a session on the day `session`."""
        return _rolled(session - timedelta(days=self.days), self.roll, closed)


@dataclass(frozen=True, slots=True)
class BusinessDaysBefore:
    """`days` business days before, at `at`; with 0 on the session's own day."""

    days: int
    at: time = time()

    def day(self, session: date, closed: ClosedDays) -> date:
        """The local day of the moment, for a session on the day `session`."""
        return closed.business_days_before(session, self.days)


@dataclass(frozen=True, slots=True)
class MonthDayBefore:
    """The `on`th of the month `months` months before, at `at`: 「前月1日」 is 1, 1; -1 is its last day.

    A month without that day takes its last one.
    """

    months: int
    on: int
    at: time = time()
    roll: Roll = "none"

    def day(self, session: date, closed: ClosedDays) -> date:
        """The local day of the moment, for a session on the day `session`."""
        year, month = divmod(session.year * 12 + session.month - 1 - self.months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        of_month = last if self.on == -1 else min(self.on, last)
        return _rolled(date(year, month + 1, of_month), self.roll, closed)


@dataclass(frozen=True, slots=True)
class WeekdayBefore:
    """The `weekday` (0 is Monday) of the week `weeks` weeks before, at `at`: 「前の週の木曜日」.

    Weeks begin on Monday; with 0 weeks it may lie after the session, and is then no limit.
    """

    weeks: int
    weekday: int
    at: time = time()
    roll: Roll = "none"

    def day(self, session: date, closed: ClosedDays) -> date:
        """The local day of the moment, for a session on the day `session`."""
        monday = session - timedelta(days=session.weekday() + 7 * self.weeks)
        return _rolled(monday + timedelta(days=self.weekday), self.roll, closed)


@dataclass(frozen=True, slots=True)
class HoursBefore:
    """`hours` hours before the slot itself begins."""

    hours: int


Before = DaysBefore | BusinessDaysBefore | MonthDayBefore | WeekdayBefore | HoursBefore
LAST_BUSINESS_DAY = BusinessDaysBefore(1, time(17, 15))
ON_THE_DAY = DaysBefore(0)


@dataclass(frozen=True, slots=True)
class ChannelWindow:
    """When booking opens and closes; `opens` None: on publication."""

    opens: Before | None = None
    closes: Before = LAST_BUSINESS_DAY

    @property
    def by_hours(self) -> bool:
        """Whether each slot opens or closes by itself."""
        return isinstance(self.opens, HoursBefore) or isinstance(self.closes, HoursBefore)


@dataclass(frozen=True, slots=True)
class BookingWindow:
    """When booking opens and closes; `channels` has what is different for some of them.

    Who walks in comes on the day, unless the channel has a window of its own.
    """

    opens: Before | None = None
    closes: Before = LAST_BUSINESS_DAY
    channels: Mapping[BookingChannel, ChannelWindow] = field(default_factory=dict, hash=False)

    def of(self, channel: BookingChannel) -> ChannelWindow:
        """The window of one channel."""
        if channel in self.channels:
            return self.channels[channel]
        if channel == "walk-in":
            return ChannelWindow(ON_THE_DAY, HoursBefore(0))
        return ChannelWindow(self.opens, self.closes)


def moment(
    before: Before, day: date, closed: ClosedDays, zone: str, start: datetime | None = None
) -> datetime:
    """The aware instant that `before` means for a session on the local `day`.

    Hours are reckoned from the slot's `start`; without one, from the day's first moment.
    """
    if isinstance(before, HoursBefore):
        return (start or instant(day, time(), zone)) - timedelta(hours=before.hours)
    return instant(before.day(day, closed), before.at, zone)
