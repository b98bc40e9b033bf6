"""On which wall times an RRULE falls (RFC 5545, 3.3.10), up to a last one."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, tzinfo
from itertools import takewhile

from dateutil.rrule import rrulestr

from booking.desks.calendar_times import Moment

# What falls on times of the day is no rule of days; nobody closes by the minute.
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = {
    "COUNT": r"\d{1,4}",
    "INTERVAL": r"[1-9]\d{0,2}",
    "BYDAY": r"(?:[+-]?\d{0,2}(?:MO|TU|WE|TH|FR|SA|SU),?)+",
    "BYMONTHDAY": r"[\d,+-]+",
    "BYYEARDAY": r"[\d,+-]+",
    "BYWEEKNO": r"[\d,+-]+",
    "BYMONTH": r"[\d,]+",
    "BYSETPOS": r"[\d,+-]+",
    "WKST": r"MO|TU|WE|TH|FR|SA|SU",
}
_UNTIL = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?", re.ASCII)
# The calendar repeats itself after 400 years, weekdays and all. Counted from near the last year of
# all, a rule that never falls (30 February) comes to its end in no time.
AHEAD = 7600


def falls(text: str, start: Moment, last: datetime, desk: tzinfo) -> list[Moment]:
    """The moments of the rule from `start` on, as far as `last`, a wall time of the desk.

    Raises ValueError for what is no rule of days.
    """
    parts = _parts(text)
    until = _until(parts.pop("UNTIL", ""))
    if until is not None:
        # A day as UNTIL holds all of that day (RFC 5545 wants DTSTART's kind; programs mix them).
        ends = until.at(desk) if not until.all_day else until.wall.replace(hour=23, minute=59)
        last = min(last, ends)
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    moments = (start.on(wall) for wall in _walls(rule, start.wall))
    return list(takewhile(lambda one: one.at(desk) <= last, moments))


def _walls(rule: str, start: datetime) -> Iterator[datetime]:
    try:
        ahead = start.replace(year=start.year + AHEAD)
        for wall in rrulestr(rule, dtstart=ahead):
            yield wall.replace(year=wall.year - AHEAD)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        raise ValueError("no rule of days") from None


def _parts(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.strip().upper().strip(";").split(";"):
        name, _, value = part.partition("=")
        fits = (
            value in FREQUENCIES
            if name == "FREQ"
            else name == "UNTIL" or re.fullmatch(PARTS.get(name, r"(?!)"), value, re.ASCII)
        )
        if not fits or name in found:
            raise ValueError("no rule of days")
        found[name] = value
    if "FREQ" not in found:
        raise ValueError("no rule of days")
    return found


def _until(text: str) -> Moment | None:
    if not text:
        return None
    found = _UNTIL.fullmatch(text)
    if found is None:
        raise ValueError("no time")
    numbers = [int(one or 0) for one in found.groups()[:6]]
    # As good as for ever, and no zone can carry it over the edge.
    numbers[0] = min(max(numbers[0], 2), 9990)
    wall = datetime.combine(date(*numbers[:3]), time(numbers[3], numbers[4], min(numbers[5], 59)))
    return Moment(wall, UTC if found[7] else None, found[4] is None)
