"""Reads a list of dates, as CSV: the Cabinet Office's holidays, or what an office writes itself.

A line is a day, the last day of several (or none), a time of day (or none), and words (or none):
`2026/8/13,2026/8/15,お盆休み`, `令和8年4月18日（土）,9:00-12:00`. A column may be empty; weekdays may
have their own, and a time two. The first line may be a heading. The Cabinet Office's syukujitsu.csv,
`2026/3/20,春分の日` below a heading, is such a list.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date, time

from booking.desks.stretch import Faults, Stretch, title
from booking.desks.written_dates import (
    WEEKDAYS,
    Unreadable,
    is_day,
    plain,
    read_day,
    read_last_day,
    weekday_of,
)
from booking.desks.written_times import (
    is_all_day,
    is_time,
    read_span,
    read_times,
    speaks_of_time,
)

_DIGIT = re.compile(r"\d")
_FROM_TO = re.compile(r"[~〜～]|から")
_QUOTED = re.compile(r'"[^"\r\n]*"')
_DELIMITERS = re.compile(r"[,\t;，]")


def read_list(text: str, fiscal_year: int | None, faults: Faults) -> list[Stretch]:
    """The stretches of a CSV, in its order; lines that cannot be read are noted in `faults`."""
    found = []
    for number, (line, cells) in enumerate(_rows(text, faults)):
        if number == 0 and not _DIGIT.search(plain(cells[0])):
            continue
        try:
            found.append(_stretch(line, cells, fiscal_year))
        except Unreadable as fault:
            faults.add(line, fault.code)
    return found


def _rows(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """The lines with something in them, by number; cells stripped, empty ones left out."""
    # What stands between the first two cells stands between all of them.
    first = _DELIMITERS.search(_QUOTED.sub("", text))
    delimiter = first[0] if first else ","
    for line, written in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        try:
            cells = next(csv.reader([written], delimiter=delimiter, strict=True), [])
        except csv.Error:
            faults.add(line, "quotes")
            continue
        if filled := [cell.strip() for cell in cells if cell.strip()]:
            yield line, filled


def _stretch(line: int, cells: list[str], fiscal_year: int | None) -> Stretch:
    """What the filled cells of a line say: each is known by what is in it. Raises Unreadable."""
    ends, rest = _FROM_TO.split(cells[0].removesuffix("まで")), cells[1:]
    if len(ends) > 2:
        raise Unreadable("no-date")
    first = read_day(ends[0], fiscal_year)
    _take_weekday(rest, first)
    if len(ends) == 1 and rest and is_day(rest[0]):
        ends.append(rest.pop(0))
    last = read_last_day(ends[1], first) if len(ends) == 2 else first
    _take_weekday(rest, last)
    start, end = _take_times(rest)
    if last < first:
        raise Unreadable("backwards")
    if start and end and end <= start:
        raise Unreadable("times-backwards")
    if len(rest) > 1:
        raise Unreadable("columns")
    text = title(rest[0]) if rest else None
    return Stretch(line=line, first=first, last=last, start=start, end=end, text=text)


def _take_weekday(rest: list[str], day: date) -> None:
    """Take a column for the weekday away. Raises Unreadable where it is another day's."""
    weekday = weekday_of(rest[0]) if rest else None
    if weekday is None:
        return
    if WEEKDAYS[day.weekday()] != weekday:
        raise Unreadable("weekday")
    del rest[0]


def _take_times(rest: list[str]) -> tuple[time | None, time | None]:
    """Take the times away, in one column or two. Raises Unreadable for what is meant as a time."""
    if rest and is_all_day(rest[0]):
        del rest[0]
    elif len(rest) > 1 and is_time(rest[0]) and is_time(rest[1]):
        return read_times(rest.pop(0), rest.pop(0))
    elif rest and speaks_of_time(rest[0]):
        # Words there would close the whole day, where some hours of it are meant.
        return read_span(rest.pop(0))
    return None, None
