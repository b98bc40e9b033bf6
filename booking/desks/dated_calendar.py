"""Reads an iCalendar file (RFC 5545) as dated stretches: each VEVENT that is not cancelled.

A recurrence is followed up to a last day; what replaces one of its events (RECURRENCE-ID) counts in
its stead.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from booking.desks.calendar_lines import Component, Line, components, unescaped
from booking.desks.calendar_rules import falls
from booking.desks.calendar_times import Moment, Times
from booking.desks.stretch import DAY, Faults, Stretch, spread, title

MOST_EVENTS, MOST_RULES = 20_000, 300
OTHERS = ("VTODO", "VJOURNAL", "VFREEBUSY")


@dataclass(slots=True)
class _Event:
    """A VEVENT, as far as it could be read."""

    component: Component
    start: Moment
    length: timedelta
    text: str | None
    cancelled: bool
    replaces: Moment | None = None
    without: list[Moment] = field(default_factory=list)
    added: list[Moment] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.component.line


def read_calendar(
    text: str, desk: tzinfo, last: datetime, faults: Faults, left_out: Counter[str]
) -> list[Stretch]:
    """The stretches of an .ics in the wall time of `desk`; recurrences up to the wall time `last`.

    What cannot be read is noted in `faults`, what is rightly left out counted in `left_out`.
    """
    found: list[Stretch] = []
    for calendar in components(text, faults):
        events = [one for one in calendar.inner if one.name == "VEVENT"]
        left_out["others"] += sum(one.name in OTHERS for one in calendar.inner)
        if len(events) > MOST_EVENTS:
            faults.add(events[MOST_EVENTS].line, "ics-events", most=MOST_EVENTS)
            continue
        reading = _Reading(calendar, desk, last, faults, left_out)
        found += reading.stretches(events)
    return found


class _Reading:
    """One VCALENDAR on its way to stretches."""

    def __init__(
        self,
        calendar: Component,
        desk: tzinfo,
        last: datetime,
        faults: Faults,
        left_out: Counter[str],
    ) -> None:
        self.desk, self.last = desk, last
        self.faults, self.left_out = faults, left_out
        self.times = Times(calendar, faults)
        self.called_off = calendar.value("METHOD").upper() == "CANCEL"
        self.rules = 0

    def stretches(self, components: list[Component]) -> list[Stretch]:
        events = [one for one in map(self._event, components) if one is not None]
        by_uid: dict[str, list[_Event]] = {}
        for n, one in enumerate(events):
            uid = one.component.value("UID") or f"\0{n}"
            by_uid.setdefault(uid, []).append(one)
        return [each for those in by_uid.values() for each in self._of_one(_newest(those))]

    def _event(self, component: Component) -> _Event | None:
        """The event; None where a fault was noted."""
        before = len(self.faults)
        begun = component.first("DTSTART")
        if begun is None:
            self.faults.add(component.line, "ics-no-start")
            return None
        start = self.times.moment(begun)
        if start is None:
            return None
        length = self._length(component, start)
        replaced = component.first("RECURRENCE-ID")
        if replaced is not None and "RANGE" in replaced.parameters:
            self.faults.add(replaced.number, "ics-rule")
        summary = component.value("SUMMARY")
        found = _Event(
            component,
            start,
            length or timedelta(),
            title(unescaped(summary)),
            self.called_off or component.value("STATUS").upper() == "CANCELLED",
            self.times.moment(replaced) if replaced else None,
            self._listed(component, "EXDATE"),
            self._listed(component, "RDATE"),
        )
        return found if len(self.faults) == before else None

    def _listed(self, component: Component, name: str) -> list[Moment]:
        return [
            moment
            for line in component.lines.get(name, [])
            if line.value.strip()
            for moment in self.times.moments(line)
        ]

    def _length(self, component: Component, start: Moment) -> timedelta | None:
        ended, lasting = component.first("DTEND"), component.first("DURATION")
        if ended is None and lasting is not None:
            return self.times.duration(lasting)
        if ended is None:
            return DAY if start.all_day else timedelta()
        end = self.times.moment(ended)
        if end is None:
            return None
        if end.all_day != start.all_day:
            self.faults.add(ended.number, "ics-kinds")
            return None
        length = end.at(self.desk) - start.at(self.desk)
        if length < timedelta():
            self.faults.add(ended.number, "ics-backwards")
        # RFC 5545 leaves the last day of whole days out; some programs name it all the same.
        return max(length, DAY) if start.all_day else length

    def _of_one(self, events: list[_Event]) -> list[Stretch]:
        """The stretches of the events with one UID: a series, and what replaces some of it."""
        found: list[Stretch] = []
        instead = [one for one in events if one.replaces is not None]
        for one in events:
            if one.cancelled:
                self.left_out["cancelled"] += 1
                continue
            if one.replaces is not None:
                found += self._stretch(one, one.start)
                continue
            gone = self._keys(one, [*one.without, *(it.replaces for it in instead if it.replaces)])
            for moment in self._moments(one):
                if self._key(one, moment) not in gone:
                    found += self._stretch(one, moment)
        return found

    def _moments(self, one: _Event) -> Iterable[Moment]:
        """All moments at which it begins, without what was taken out."""
        found = [one.start]
        for line in one.component.lines.get("RRULE", []):
            found += self._by_rule(one, line)
        found += one.added
        return {self._key(one, moment): moment for moment in found}.values()

    def _by_rule(self, one: _Event, line: Line) -> list[Moment]:
        self.rules += 1
        if self.rules > MOST_RULES:
            if self.rules == MOST_RULES + 1:
                self.faults.add(line.number, "ics-rules", most=MOST_RULES)
            return []
        try:
            return falls(line.value, one.start, self.last, self.desk)
        except ValueError:
            self.faults.add(line.number, "ics-rule")
            return []

    def _key(self, one: _Event, moment: Moment) -> datetime:
        at = moment.at(self.desk)
        # An EXDATE of whole days is written with a time by some programs.
        return at.replace(hour=0, minute=0, second=0) if one.start.all_day else at

    def _keys(self, one: _Event, moments: Iterable[Moment]) -> set[datetime]:
        return {self._key(one, moment) for moment in moments}

    def _stretch(self, one: _Event, start: Moment) -> list[Stretch]:
        if not one.length:
            self.left_out["moments"] += 1
            return []
        at = start.at(self.desk)
        if start.all_day:
            days = (at + one.length - timedelta(microseconds=1)).date()
            return [Stretch(line=one.line, first=at.date(), last=days, text=one.text)]
        return spread(one.line, at, at + one.length, one.text)


def _newest(events: list[_Event]) -> list[_Event]:
    """Of those that say the same thing again the one with the highest SEQUENCE, the last of these."""
    found: dict[tuple[datetime, bool] | None, tuple[int, _Event]] = {}
    for one in events:
        which = (one.replaces.wall, one.replaces.all_day) if one.replaces else None
        text = one.component.value("SEQUENCE")
        sequence = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
        if which not in found or found[which][0] <= sequence:
            found[which] = sequence, one
    return [one for _, one in found.values()]
