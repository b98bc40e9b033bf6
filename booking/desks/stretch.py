"""Dated stretches that a file names, each with its line; and all that is wrong with a file."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from booking.errors import FieldError, Invalid

LONGEST_TEXT = 100
MOST_FAULTS = 20
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
# A wall time has no 24:00; nothing at a desk begins in a day's last minute.
DAY_ENDS = time(23, 59)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The local days `first` to `last`, both included; with `start` and `end` that time of the day.

    `line` is where the file begins to say so, from 1; `text` what it calls it.
    """

    line: int
    first: date
    last: date
    start: time | None = None
    end: time | None = None
    text: str | None = None


def spread(line: int, start: datetime, end: datetime, text: str | None) -> list[Stretch]:
    """The wall times [start, end) as stretches of whole minutes: a part of a day, or whole days.

    From 18 December 13:00 to 20 December 10:00 are a part, a whole day, and a part.
    """
    floor = start.replace(second=0, microsecond=0)
    ceiling = end.replace(second=0, microsecond=0)
    ceiling += MINUTE if ceiling < end else timedelta()
    found: list[Stretch] = []
    first, last = floor.date(), (ceiling - MINUTE).date()
    if floor.time() != time():
        until = ceiling.time() if first == last and ceiling.date() == first else DAY_ENDS
        if floor.time() < until:
            found.append(_part(line, first, floor.time(), until, text))
        first += DAY
    rest = None
    if first <= last and ceiling.time() != time():
        rest = _part(line, last, time(), ceiling.time(), text)
        last -= DAY
    if first <= last:
        found.append(Stretch(line=line, first=first, last=last, text=text))
    return [*found, rest] if rest else found


def _part(line: int, day: date, start: time, end: time, text: str | None) -> Stretch:
    return Stretch(line=line, first=day, last=day, start=start, end=end, text=text)


def title(text: str) -> str | None:
    """What people may read: on one line, without what cannot be seen, at most 100 letters."""
    seen = "".join(" " if unicodedata.category(one) in ("Cc", "Cf") else one for one in text)
    found = " ".join(seen.split())
    if len(found) > LONGEST_TEXT:
        found = found[: LONGEST_TEXT - 1] + "…"
    return found or None


class Faults:
    """What is wrong with a file, by line: told all at once, and never in the file's own words."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._found: list[tuple[int, FieldError]] = []

    def add(self, line: int, code: str, **facts: object) -> None:
        """Note that `line` cannot be taken; `code` picks the sentence."""
        self._found.append((line, FieldError("file", code, {"line": line, **facts})))

    def __len__(self) -> int:
        """How many there are."""
        return len(self._found)

    def refuse(self) -> None:
        """Raise Invalid if there is one: the first twenty lines, and how many more there are."""
        if not self._found:
            return
        self._found.sort(key=lambda one: one[0])
        told = [error for _, error in self._found[:MOST_FAULTS]]
        if len(self._found) > MOST_FAULTS:
            more = {"count": len(self._found) - MOST_FAULTS}
            told.append(FieldError("file", "more", more))
        raise Invalid(told)
