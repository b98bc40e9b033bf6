"""How long a calendar may be: Google takes a file of one megabyte, others tell no limit."""

from collections.abc import Iterable, Iterator
from datetime import date

MOST_BYTES = 1_000_000

# The local day of an entry, and its content lines.
Dated = tuple[date, bytes]


def days_that_fit(entries: Iterable[Dated], today: date, room: int) -> frozenset[date] | None:
    """The days whose entries have `room` bytes; None where all have.

    Whole days, the nearest: from today on, and what is over only behind all that is to come. Today
    itself, or the first day after it, is shown however long it is.
    """
    sizes: dict[date, int] = {}
    for day, entry in entries:
        sizes[day] = sizes.get(day, 0) + len(entry)
    if sum(sizes.values()) <= room:
        return None
    kept: set[date] = set()
    for day in _nearest(sizes, today):
        room -= sizes[day]
        if room < 0 and kept:
            break
        kept.add(day)
    return frozenset(kept)


def _nearest(found: Iterable[date], today: date) -> Iterator[date]:
    ordered = sorted(found)
    yield from (day for day in ordered if day >= today)
    yield from (day for day in reversed(ordered) if day < today)
