"""The rule by which sessions run: on which days, in which blocks of the day, with what changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from slots.holidays import OnHoliday
from slots.place import Place
from slots.recurrence import Recurrence


def in_effect(since: date | None, until: date | None, day: date) -> bool:
    """Whether `day` is one of the days [since, until); None leaves an end open."""
    return (since is None or since <= day) and (until is None or day < until)


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """A stretch of a session's day, wall times [start, end): 10:00–12:00 before the noon break."""

    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The rule by which sessions run, and the dates between which it holds: [since, until).

    `blocks` are in order of the day and apart from each other. What is None here is as the
    consultation says it.
    """

    recurrence: Recurrence
    blocks: tuple[Block, ...]
    on_holiday: OnHoliday = "ask"
    since: date | None = None
    until: date | None = None
    place: Place | None = None
    seats: int | None = None
    roster: tuple[str, ...] = ()
    slot_minutes: int | None = None
    pause_minutes: int | None = None
    last_start: time | None = None

    @property
    def rolls(self) -> bool:
        """Whether a holiday shifts a session to another day."""
        return self.on_holiday.startswith("next_")

    def falls_on(self, day: date) -> bool:
        """Whether the rule holds and falls on `day`; holidays are another question."""
        return in_effect(self.since, self.until, day) and self.recurrence.falls_on(day)

    def dates(self, start: date, end: date) -> Iterator[date]:
        """The days of [start, end) on which the rule holds and falls, in order."""
        first = max(start, self.since) if self.since else start
        last = min(end, self.until) if self.until else end
        return self.recurrence.dates(first, last) if first < last else iter(())
