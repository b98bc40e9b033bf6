"""A file of days that somebody hands in: an .ics, the Cabinet Office's CSV, or a list of dates.

It is taken whole or refused whole: Invalid names each line that cannot be read, and the remedy.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from booking.desks.dated_calendar import read_calendar
from booking.desks.dated_list import read_list
from booking.desks.stretch import DAY_ENDS, Faults, Stretch
from booking.errors import FieldError, Invalid
from slots.holidays import ENCODINGS
from slots.zone import zone

__all__ = ["MOST_BYTES", "DatedFile", "Stretch", "read_dated_file"]

# Google hands out a calendar with all of its past, in which most of the bytes are.
MOST_BYTES = 5_000_000
MOST_LINES = 250_000
MOST_STRETCHES = 2000
FARTHEST = timedelta(days=731)
YEARS = range(2000, 2100)
# A book of Excel or another archive, an old book, a PDF, a text with pictures, a page of the web.
_OTHER_KINDS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"\x1f\x8b", b"<")
# Some programs fold lines between the bytes of a letter (RFC 5545, 3.1, warns of it).
_CUT_LETTER = re.compile(rb"(\r?\n[ \t])([\x80-\xbf]{1,3})")
_CALENDAR = re.compile(r"^(?:BEGIN|END):V", re.IGNORECASE | re.MULTILINE)
_NAMES = {"utf-8-sig": "UTF-8", "cp932": "Shift_JIS", "utf-16": "UTF-16"}
# Python's cp932 makes private letters of bytes that Shift_JIS doesn't have.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80\uf8f0-\uf8f3\ufffd]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedFile:
    """What a file says of today and later: `stretches` in order of time.

    `kind` is "calendar" or "list"; `left_out` counts what was passed over: `past`, `later` than
    wanted, `cancelled`, `moments` (without a length), `others` (tasks and the like, no events),
    `again` (the same stretch twice).
    """

    kind: str
    charset: str
    stretches: tuple[Stretch, ...]
    left_out: Mapping[str, int]


def read_dated_file(
    data: bytes,
    *,
    zone_name: str,
    today: date,
    fiscal_year: int | None = None,
    until: date | None = None,
) -> DatedFile:
    """The stretches of the file that begin by `until`, in the wall time of the desk's zone.

    Dates without a year lie in `fiscal_year`. Recurrences are followed for two years. Raises Invalid.
    """
    if len(data) > MOST_BYTES:
        raise Invalid([FieldError("file", "too-big")])
    if not data.strip():
        raise Invalid([FieldError("file", "required")])
    if data.lstrip().startswith(_OTHER_KINDS):
        raise Invalid([FieldError("file", "other-kind")])
    faults, left_out = Faults(), Counter[str]()
    text, charset = _decoded(data, faults)
    _refuse_unseen(text, faults)
    faults.refuse()
    is_calendar = _CALENDAR.search(text) is not None
    if is_calendar:
        last = datetime.combine(min(until or date.max, today + FARTHEST), DAY_ENDS)
        found = read_calendar(text, zone(zone_name), last, faults, left_out)
    else:
        found = read_list(text, fiscal_year, faults)
    kept = _kept(found, today, until or date.max, faults, left_out)
    faults.refuse()
    if not kept:
        events = found or any(count for why, count in left_out.items() if why != "others")
        raise Invalid([FieldError("file", "nothing-ahead" if events else "no-dates")])
    if len(kept) > MOST_STRETCHES:
        raise Invalid([FieldError("file", "too-many", {"most": MOST_STRETCHES})])
    kind = "calendar" if is_calendar else "list"
    passed = {name: count for name, count in left_out.items() if count}
    return DatedFile(kind=kind, charset=charset, stretches=tuple(kept), left_out=passed)


def _decoded(data: bytes, faults: Faults) -> tuple[str, str]:
    """The text and how it was written: what Excel, Outlook and offices save."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ENCODINGS:
        whole = _CUT_LETTER.sub(rb"\2\1", data) if encoding.startswith("utf-8") else data
        try:
            return whole.decode(encoding), _NAMES[encoding]
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
    faults.add(line, "charset")
    faults.refuse()
    raise AssertionError("a fault refuses")


def _refuse_unseen(text: str, faults: Faults) -> None:
    lines = re.split(r"\r\n|\n|\r", text)
    if len(lines) > MOST_LINES:
        faults.add(MOST_LINES, "too-long")
        return
    for number, line in enumerate(lines, 1):
        if _UNSEEN.search(line):
            faults.add(number, "not-text")


def _kept(
    found: list[Stretch], today: date, until: date, faults: Faults, left_out: Counter[str]
) -> list[Stretch]:
    """What is not over and begins by `until`, in order of time, each once."""
    kept: dict[tuple[object, ...], Stretch] = {}
    for one in sorted(found, key=lambda it: (it.first, it.start or time(), it.last, it.line)):
        if one.last < today:
            left_out["past"] += 1
            continue
        if one.first > until:
            left_out["later"] += 1
            continue
        if one.last.year not in YEARS:
            faults.add(one.line, "far")
            continue
        key = (one.first, one.last, one.start, one.end)
        left_out["again"] += key in kept
        kept.setdefault(key, one)
    return [*kept.values()]
