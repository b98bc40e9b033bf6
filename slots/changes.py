"""Dated changes to what a rule plans: closures, extra, moved and settled sessions, other values.

A session is named by the day it was first planned for, whatever becomes of it; `session` below is
that day. Precedence, written down here and nowhere else, from first to last:

1. `Settled` – staff decided that a session is held on its own day: holidays no longer matter to it.
2. The rule plans, and its holiday policy shifts or leaves out. Where it plans nothing, an
   `ExtraSession` of that day does; a day has one session, so beside a planned one it adds nothing.
3. `MovedSession` – the day that staff chose. Holidays no longer matter to it.
4. `ChangedHours`, `ChangedPlace`, `ChangedCapacity` – they follow the session wherever it moved. A
   rule's last start says nothing of other hours than the rule's.
5. One session a day: who was planned for the day stays, then who was moved there, then who was
   shifted there by a holiday; of two of these who was planned earlier. Others are not held.
6. `Closure` – looks at the day and time at which the session is really held, and beats all else.

Of two changes of one kind to one session the later in the list holds; closures add up. Taking a
change out of the list brings back what was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

from slots.interval import Interval, merged
from slots.opening import Block
from slots.place import Place
from slots.zone import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """休止: the days `first` to `last`, both closed; with `start` and `end` only that time of each.

    `text` is what people are told.
    """

    first: date
    last: date
    start: time | None = None
    end: time | None = None
    text: str | None = None

    def covers(self, day: date) -> bool:
        """Whether `day` is one of its days, wholly or in part."""
        return self.first <= day <= self.last

    @property
    def whole_days(self) -> bool:
        """Whether it leaves nothing of its days."""
        return self.start is None or self.end is None

    def on(self, day: date, zone: str) -> Interval:
        """The instants that are closed on the local `day`, one of its days and not a whole one."""
        start, end = self.start or time(), self.end or time()
        return Interval(instant(day, start, zone), instant(day, end, zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraSession:
    """臨時: a session on a day on which the rule plans none."""

    session: date
    blocks: tuple[Block, ...]
    place: Place | None = None
    seats: int | None = None
    roster: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedSession:
    """日程変更: a session is held on the day `to`, and stays the same session."""

    session: date
    to: date
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """開催の決定: an undecided session is held, or one that a holiday would shift or leave out."""

    session: date
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedHours:
    """時間変更: other blocks."""

    session: date
    blocks: tuple[Block, ...]
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPlace:
    """会場変更: another place."""

    session: date
    place: Place
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCapacity:
    """席数の変更: other seats, another roster, or both; None and () leave what was."""

    session: date
    seats: int | None = None
    roster: tuple[str, ...] = ()
    text: str | None = None


Change = (
    Closure | ExtraSession | MovedSession | Settled | ChangedHours | ChangedPlace | ChangedCapacity
)


class Laid:
    """The changes to one consultation, ready to be asked by session and by day."""

    def __init__(self, changes: Iterable[Change], closures: Iterable[Closure] = ()) -> None:
        """Sort `changes` by kind; `closures` are the desk's own, that count here too."""
        self.extra: dict[date, ExtraSession] = {}
        self.moved: dict[date, MovedSession] = {}
        self.settled: dict[date, Settled] = {}
        self.hours: dict[date, ChangedHours] = {}
        self.place: dict[date, ChangedPlace] = {}
        self.capacity: dict[date, ChangedCapacity] = {}
        self.closures: list[Closure] = list(closures)
        self._any = False
        for one in changes:
            self._any = True
            self._lay(one)

    def _lay(self, one: Change) -> None:
        match one:
            case Closure():
                self.closures.append(one)
            case ExtraSession():
                self.extra[one.session] = one
            case MovedSession():
                self.moved[one.session] = one
            case Settled():
                self.settled[one.session] = one
            case ChangedHours():
                self.hours[one.session] = one
            case ChangedPlace():
                self.place[one.session] = one
            case ChangedCapacity():
                self.capacity[one.session] = one

    def moved_to(self, start: date, end: date) -> list[date]:
        """The sessions that staff moved to a day of [start, end)."""
        return [one.session for one in self.moved.values() if start <= one.to < end]

    def closures_of(self, day: date) -> tuple[Closure, ...]:
        """The closures that touch the local `day`."""
        return tuple(one for one in self.closures if one.covers(day))

    def text_of(self, session: date, *, extra: bool) -> str | None:
        """What people are told of the changes to a session, in the order of precedence.

        The words of an extra session count where it is held (`extra`), not beside a planned one;
        that a session is held says nothing once it moved to another day.
        """
        if not self._any:
            return None
        kinds: tuple[Mapping[date, Change], ...] = (
            {} if session in self.moved else self.settled,
            *(self.extra if extra else {}, self.moved),
            *(self.hours, self.place, self.capacity),
        )
        found = [kind[session].text for kind in kinds if session in kind]
        return " ".join(text for text in found if text) or None


def touching(
    closures: Iterable[Closure], day: date, zone: str, stretch: Interval
) -> Closure | None:
    """The first of `closures`, all of the local `day`, that takes any of `stretch`, or None."""
    found = (one for one in closures if one.whole_days or one.on(day, zone).overlaps(stretch))
    return next(found, None)


def closing(closures: Iterable[Closure], day: date, zone: str, stretch: Interval) -> Closure | None:
    """The first of `closures`, all of the local `day`, when together they take all of `stretch`."""
    there = list(closures)
    whole = next((one for one in there if one.whole_days), None)
    if whole is not None:
        return whole
    shut = merged(one.on(day, zone) for one in there)
    covered = any(one.start <= stretch.start and stretch.end <= one.end for one in shut)
    return touching(there, day, zone, stretch) if covered else None


def instants(blocks: Iterable[Block], day: date, zone: str) -> tuple[Interval, ...]:
    """The blocks of the local `day` as aware instants."""
    return tuple(
        Interval(instant(day, one.start, zone), instant(day, one.end, zone)) for one in blocks
    )
