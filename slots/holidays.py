"""Closed days: national holidays, the year-end, local days. Knows no desk and no rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import jpholiday

from slots.zone import days

MonthDay = tuple[int, int]


@lru_cache(maxsize=16384)
def _national_holiday(day: date) -> str | None:
    """The name of one day: jpholiday takes a third of a millisecond for each new one."""
    return jpholiday.is_holiday_name(day)


def national_holidays(year: int) -> dict[date, str]:
    """The holidays of a year under 国民の祝日に関する法律, art. 2 and 3, with their names.

    Substitute and sandwiched holidays (art. 3 II and III) are among them.
    """
    every = days(date(year, 1, 1), date(year + 1, 1, 1))
    return {day: name for day in every if (name := _national_holiday(day))}


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The days on which an organisation is closed, with the reason's public name."""

    year_end: tuple[MonthDay, MonthDay] | None = ((12, 29), (1, 3))
    local: Mapping[date, str] = field(default_factory=dict, hash=False)

    def name_of(self, day: date) -> str | None:
        """Why `day` is closed, as people call it (「春分の日」「年末年始」), or None."""
        if self._in_year_end(day):
            return "年末年始"
        return self.local.get(day) or _national_holiday(day)

    def _in_year_end(self, day: date) -> bool:
        if self.year_end is None:
            return False
        (first_month, first_day), (last_month, last_day) = self.year_end
        here = (day.month, day.day)
        if (first_month, first_day) <= (last_month, last_day):
            return (first_month, first_day) <= here <= (last_month, last_day)
        return here >= (first_month, first_day) or here <= (last_month, last_day)

    def is_business_day(self, day: date) -> bool:
        """Whether `day` is Monday to Friday and not closed (地方自治法 art. 4-2)."""
        return day.weekday() < 5 and self.name_of(day) is None

    def business_days_before(self, day: date, count: int) -> date:
        """The business day `count` business days before `day`; `day` itself never counts.

        With 1 it is the last business day before: Thursday 2026-03-19 for Saturday 2026-03-21,
        since the Friday between is 春分の日.
        """
        found = day
        for _ in range(count):
            found -= timedelta(days=1)
            while not self.is_business_day(found):
                found -= timedelta(days=1)
        return found

    def next_business_day(self, day: date) -> date:
        """The first business day after `day`."""
        found = day + timedelta(days=1)
        while not self.is_business_day(found):
            found += timedelta(days=1)
        return found
