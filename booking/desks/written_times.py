"""Times of a day as offices write them: 9:00-12:00, 13時半～16時, 午後1時～4時, 午前9時から正午まで."""

import re
from datetime import time

from booking.desks.stretch import DAY_ENDS
from booking.desks.written_dates import Unreadable, plain

_HALF = r"(?P<half>午前|午後|AM|PM)?"
_TIME = re.compile(
    rf"{_HALF}(?P<hour>\d{{1,2}})(?::(?P<minute>\d{{2}})(?::\d{{2}})?|時(?:(?P<spoken>\d{{1,2}})分|(?P<and_half>半))?)"
    r"|(?P<noon>正午)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[~〜\-‐-―−ー]|から")
_ALL_DAY = ("終日", "全日", "一日", "1日", "一日中")
# What speaks of a time, be it in words that nobody here can read.
_SPEAKS = re.compile(r"\d:\d|\d時|午前|午後|正午|^[AP]M$", re.IGNORECASE)


def is_all_day(text: str) -> bool:
    """Whether `text` says that the whole day is meant."""
    return plain(text) in _ALL_DAY


def speaks_of_time(text: str) -> bool:
    """Whether `text` is meant as a time, be it one that cannot be read."""
    return _SPEAKS.search(plain(text)) is not None


def is_time(text: str) -> bool:
    """Whether `text` is one time and no more, as in a column for the beginning or the end."""
    return _TIME.fullmatch(plain(text)) is not None


def read_span(text: str) -> tuple[time, time]:
    """The two times that `text` writes. Raises Unreadable."""
    ends = _BETWEEN.split(plain(text).removesuffix("まで"))
    if len(ends) != 2:
        raise Unreadable("no-time")
    return read_times(*ends)


def read_times(start: str, end: str) -> tuple[time, time]:
    """The two times; an end without 午前 or 午後 is in the half of the day of its start.

    Raises Unreadable.
    """
    first, second = (_TIME.fullmatch(plain(one)) for one in (start, end))
    if first is None or second is None:
        raise Unreadable("no-time")
    return _time(first, None), _time(second, first["half"])


def _time(found: re.Match[str], half: str | None) -> time:
    if found["noon"]:
        return time(12)
    hour = int(found["hour"])
    minute = 30 if found["and_half"] else int(found["minute"] or found["spoken"] or 0)
    said = found["half"]
    if said and hour >= 12:
        # 午前12時 is noon to one and midnight to another.
        raise Unreadable("no-time")
    if (said or half or "").upper() in ("午後", "PM") and hour < 12:
        hour += 12
    if (hour, minute) == (24, 0):
        return DAY_ENDS
    try:
        return time(hour, minute)
    except ValueError:
        raise Unreadable("no-time") from None
