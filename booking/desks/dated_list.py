"""Reads a list of dates, as CSV: the Cabinet Office's holidays, or what an office writes itself.

A line is a day, the last day of several (or none), a time of day (or none), and words (or none):
`2026/8/13,2026/8/15,お盆休み`, `令和8年4月18日（土）,9:00-12:00`. The first line may be a heading. The
Cabinet Office's syukujitsu.csv, `2026/3/20,春分の日` below a heading, is such a list.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date, time

from booking.desks.stretch import Faults, Stretch, title
from booking.desks.written_dates import Unreadable, plain, read_day, read_span

_DIGIT = re.compile(r"\d")
_FROM_TO = re.compile(r"[~〜～]")


def read_list(text: str, fiscal_year: int | None, faults: Faults) -> list[Stretch]:
    """The stretches of a CSV, in its order; lines that cannot be read are noted in `faults`."""
    found = []
    for number, (line, cells) in enumerate(_rows(text, faults)):
        if number == 0 and not _DIGIT.search(plain(cells[0])):
            continue
        one = _stretch(line, cells, fiscal_year, faults)
        if one is not None:
            found.append(one)
    return found


def _rows(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """The lines with something in them, by number; cells stripped, empty ones at the end left out."""
    delimiter = "\t" if "\t" in text and "," not in text else ","
    for line, written in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        try:
            cells = next(csv.reader([written], delimiter=delimiter, strict=True), [])
        except csv.Error:
            faults.add(line, "quotes")
            continue
        cells = [cell.strip() for cell in cells]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield line, cells


def _stretch(
    line: int, cells: list[str], fiscal_year: int | None, faults: Faults
) -> Stretch | None:
    ends, rest = _FROM_TO.split(cells[0]), cells[1:]
    if len(ends) > 2:
        faults.add(line, "no-date")
        return None
    try:
        first = read_day(ends[0], fiscal_year)
        last = read_day(ends[1], fiscal_year) if len(ends) == 2 else None
        if last is None and rest and _is_day(rest[0]):
            last = read_day(rest[0], fiscal_year)
            rest = rest[1:]
        elif rest and not rest[0]:
            rest = rest[1:]
    except Unreadable as fault:
        faults.add(line, fault.code)
        return None
    return _with_times(line, first, last or first, rest, faults)


def _is_day(text: str) -> bool:
    """Whether `text` is meant as a day, be it a wrong one."""
    try:
        read_day(text, 2000)
    except Unreadable as fault:
        return fault.code != "no-date"
    return True


def _with_times(
    line: int, first: date, last: date, rest: list[str], faults: Faults
) -> Stretch | None:
    start: time | None = None
    end: time | None = None
    if rest and (span := read_span(rest[0])):
        (start, end), rest = span, rest[1:]
    if last < first:
        faults.add(line, "backwards")
    elif start and end and end <= start:
        faults.add(line, "times-backwards")
    elif len(rest) > 1:
        faults.add(line, "columns")
    else:
        text = title(rest[0]) if rest else None
        return Stretch(line=line, first=first, last=last, start=start, end=end, text=text)
    return None
