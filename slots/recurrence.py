"""On which days something recurs: rules on local dates. Knows no clock times, zones or holidays.

Every rule answers twice: `falls_on` for one day, cheaply, and `dates` for a stretch of days.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import rrulestr

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Weekly:
    """On each of `weekdays` (0 is Monday), in every week or in every `every`th one.

    Weeks begin on Monday (ISO 8601) and are counted from the one in which `counted_from` lies.
    """

    weekdays: tuple[int, ...]
    every: int = 1
    counted_from: date | None = None

    def falls_on(self, day: date) -> bool:
        """Whether the rule falls on `day`."""
        return day.weekday() in self.weekdays and self._in_turn(day)

    def dates(self, start: date, end: date) -> Iterator[date]:
        """The days of [start, end) on which the rule falls, in order."""
        for n in range((end - start).days):
            day = start + timedelta(days=n)
            if self.falls_on(day):
                yield day

    def _in_turn(self, day: date) -> bool:
        if self.every == 1 or self.counted_from is None:
            return True
        return (_monday(day) - _monday(self.counted_from)) // 7 % self.every == 0


def _monday(day: date) -> int:
    return day.toordinal() - day.weekday()


@dataclass(frozen=True, slots=True)
class MonthlyWeekday:
    """The nth `weekday` of a month for each n of `nth`; -1 is the last one.

    The third Saturday is the 15th to the 21st, also when the month began on a Sunday.
    """

    nth: tuple[int, ...]
    weekday: int

    def falls_on(self, day: date) -> bool:
        """Whether the rule falls on `day`."""
        if day.weekday() != self.weekday:
            return False
        if (day.day + 6) // 7 in self.nth:
            return True
        return -1 in self.nth and day.day + 7 > calendar.monthrange(day.year, day.month)[1]

    def dates(self, start: date, end: date) -> Iterator[date]:
        """The days of [start, end) on which the rule falls, in order."""
        first = start + timedelta(days=(self.weekday - start.weekday()) % 7)
        for n in range(0, (end - first).days, 7):
            day = first + timedelta(days=n)
            if self.falls_on(day):
                yield day


@dataclass(frozen=True, slots=True)
class MonthlyDay:
    """Each of `days` of a month, 1 to 31; -1 is the last day. A month without a 31st leaves it out."""

    days: tuple[int, ...]

    def falls_on(self, day: date) -> bool:
        """Whether the rule falls on `day`."""
        is_last = day.day == calendar.monthrange(day.year, day.month)[1]
        return day.day in self.days or (is_last and -1 in self.days)

    def dates(self, start: date, end: date) -> Iterator[date]:
        """The days of [start, end) on which the rule falls, in order."""
        for n in range((end - start).days):
            day = start + timedelta(days=n)
            if self.falls_on(day):
                yield day


@dataclass(frozen=True, slots=True)
class Dates:
    """A list of days that somebody set."""

    listed: tuple[date, ...]

    def falls_on(self, day: date) -> bool:
        """Whether `day` is listed."""
        return day in self.listed

    def dates(self, start: date, end: date) -> Iterator[date]:
        """The listed days of [start, end), in order."""
        yield from (day for day in sorted(set(self.listed)) if start <= day < end)


@dataclass(frozen=True, slots=True)
class RRule:
    """RRULE text of RFC 5545 section 3.3.10, counted from `since`: the way out for rare rules."""

    text: str
    since: date

    def falls_on(self, day: date) -> bool:
        """Whether the rule falls on `day`."""
        return day in _days_of_year(self.text, self.since, day.year)

    def dates(self, start: date, end: date) -> Iterator[date]:
        """The days of [start, end) on which the rule falls, in order."""
        for year in range(max(start, self.since).year, end.year + 1):
            for day in _days_of_year(self.text, self.since, year):
                if start <= day < end:
                    yield day

    def moments(self) -> Iterator[datetime]:
        """All that the text says, from `since` on and perhaps without end, as naive wall times.

        Naive because dateutil invents wall times across DST. Raises what dateutil raises for a text
        that is no rule.
        """
        rule = rrulestr(self.text, dtstart=datetime.combine(self.since, time()))
        yield from rule


@lru_cache(maxsize=1024)
def _days_of_year(text: str, since: date, year: int) -> tuple[date, ...]:
    found = []
    for moment in RRule(text, since).moments():
        if moment.year > year:
            break
        if moment.year == year:
            found.append(moment.date())
    return tuple(found)


@dataclass(frozen=True, slots=True)
class InMonths:
    """`rule`, in each of `months` (1 to 12) only: odd months, all but August."""

    rule: "Weekly | MonthlyWeekday | MonthlyDay | Dates | RRule"
    months: tuple[int, ...]

    def falls_on(self, day: date) -> bool:
        """Whether the rule falls on `day`."""
        return day.month in self.months and self.rule.falls_on(day)

    def dates(self, start: date, end: date) -> Iterator[date]:
        """The days of [start, end) on which the rule falls, in order."""
        yield from (day for day in self.rule.dates(start, end) if day.month in self.months)


Recurrence = Weekly | MonthlyWeekday | MonthlyDay | Dates | RRule | InMonths
