"""Closed days: national holidays, the year-end, local days; and what a rule does on them.

Knows no desk.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import jpholiday

from slots.zone import days

MonthDay = tuple[int, int]
OnHoliday = Literal["skip", "next_day", "next_business_day", "next_week", "open", "ask"]
ON_HOLIDAY: tuple[OnHoliday, ...] = (
    "ask",
    "skip",
    "next_day",
    "next_business_day",
    "next_week",
    "open",
)
# A session that finds no open day within this many days of its own is not held.
FARTHEST_ROLL = 40
ENCODINGS = ("utf-8-sig", "cp932")


class HolidayFileError(ValueError):
    """A file of holidays that cannot be read; the text names the line and the remedy."""


@dataclass(frozen=True, slots=True)
class NationalHolidays:
    """Holidays with their names, true for every year of `years`, whatever else is known of it."""

    named: Mapping[date, str] = field(default_factory=dict, hash=False)
    years: frozenset[int] = frozenset()

    @classmethod
    def of(cls, named: Mapping[date, str]) -> "NationalHolidays":
        """All holidays of each year of which `named` lists at least one."""
        return cls(named, frozenset(day.year for day in named))


def read_holidays(data: bytes) -> NationalHolidays:
    """The holidays of a file in the form of 内閣府「国民の祝日について」 (syukujitsu.csv).

    Two columns below one heading, `2026/3/20,春分の日`, in Shift_JIS as published or in UTF-8. What
    the file says of a year is all that holds for it. Raises HolidayFileError.
    """
    named: dict[date, str] = {}
    for number, line in enumerate(_text_of(data).splitlines(), 1):
        if not line.strip():
            continue
        day, _, name = (part.strip().strip('"') for part in line.partition(","))
        try:
            year, month, of_month = map(int, day.split("/"))
            named[date(year, month, of_month)] = name
        except ValueError:
            if number == 1:
                continue
            raise HolidayFileError(f"line {number} is not 2026/3/20,春分の日") from None
        if number == 1:
            raise HolidayFileError("line 1 is a holiday; write 2026/3/20,春分の日 below a heading")
        if not name:
            raise HolidayFileError(f"line {number} names no holiday; write 2026/3/20,春分の日")
    if not named:
        raise HolidayFileError("has no holiday; write 2026/3/20,春分の日 below a heading")
    return NationalHolidays.of(named)


def _text_of(data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise HolidayFileError("is neither Shift_JIS nor UTF-8")


@lru_cache(maxsize=16384)
def _by_law(day: date) -> str | None:
    """The name of one day: jpholiday takes a third of a millisecond for each new one."""
    return jpholiday.is_holiday_name(day)


def national_holidays(year: int) -> dict[date, str]:
    """The holidays of a year under 国民の祝日に関する法律, art. 2 and 3, with their names.

    Substitute and sandwiched holidays (art. 3 II and III) are among them.
    """
    every = days(date(year, 1, 1), date(year + 1, 1, 1))
    return {day: name for day in every if (name := _by_law(day))}


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The days on which an organisation is closed, with the reason's public name.

    `national` takes the place of the law's reckoning for the years that it lists; `weekend` are
    the weekdays (0 is Monday) that are never business days.
    """

    year_end: tuple[MonthDay, MonthDay] | None = ((12, 29), (1, 3))
    local: Mapping[date, str] = field(default_factory=dict, hash=False)
    national: NationalHolidays = NationalHolidays()
    weekend: tuple[int, ...] = (5, 6)

    def name_of(self, day: date) -> str | None:
        """Why `day` is closed, as people call it (「春分の日」「年末年始」), or None."""
        if self._in_year_end(day):
            return "年末年始"
        return self.local.get(day) or self._national(day)

    def _national(self, day: date) -> str | None:
        if day.year in self.national.years:
            return self.national.named.get(day)
        return _by_law(day)

    def _in_year_end(self, day: date) -> bool:
        if self.year_end is None:
            return False
        (first_month, first_day), (last_month, last_day) = self.year_end
        here = (day.month, day.day)
        if (first_month, first_day) <= (last_month, last_day):
            return (first_month, first_day) <= here <= (last_month, last_day)
        return here >= (first_month, first_day) or here <= (last_month, last_day)

    def is_business_day(self, day: date) -> bool:
        """Whether `day` is no weekend and not closed (地方自治法 art. 4-2)."""
        return day.weekday() not in self.weekend and self.name_of(day) is None

    def business_days_before(self, day: date, count: int) -> date:
        """The business day `count` business days before `day`; `day` itself never counts.

        With 1 it is the last business day before: Thursday 2026-03-19 for Saturday 2026-03-21,
        since the Friday between is 春分の日.
        """
        found = day
        for _ in range(count):
            found = self.last_business_day(found - timedelta(days=1))
        return found

    def last_business_day(self, day: date) -> date:
        """`day` if it is a business day, or the last one before it."""
        while not self.is_business_day(day):
            day -= timedelta(days=1)
        return day

    def first_business_day(self, day: date) -> date:
        """`day` if it is a business day, or the first one after it."""
        while not self.is_business_day(day):
            day += timedelta(days=1)
        return day

    def next_business_day(self, day: date) -> date:
        """The first business day after `day`."""
        return self.first_business_day(day + timedelta(days=1))

    def held_on(self, day: date, on_holiday: OnHoliday) -> date | None:
        """The day on which what is planned for `day` is held: another one, or None for never.

        A closed day is skipped, kept (`open`, `ask`) or rolled on to the first day (`next_day`),
        business day or same weekday (`next_week`) that is not closed, up to 40 days on.
        """
        if on_holiday in ("open", "ask") or self.name_of(day) is None:
            return day
        if on_holiday == "skip":
            return None
        step = 7 if on_holiday == "next_week" else 1
        free = self.is_business_day if on_holiday == "next_business_day" else self._is_open
        later = (day + timedelta(days=n) for n in range(step, FARTHEST_ROLL + 1, step))
        return next((one for one in later if free(one)), None)

    def _is_open(self, day: date) -> bool:
        return self.name_of(day) is None
