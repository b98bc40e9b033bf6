"""The times of an iCalendar file: DATE, DATE-TIME, DURATION and TZID, as wall times of the desk."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfoNotFoundError

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from booking.desks.calendar_lines import Component, Line
from booking.desks.stretch import Faults
from slots.zone import zone

YEARS = range(1900, 2200)
_MOMENT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?", re.ASCII)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?)",
    re.ASCII,
)
# As some programs write it: /mozilla.org/20050126_1/Asia/Tokyo.
_PREFIXED = re.compile(r"/[^/]+/[^/]+/(.+)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, as its midnight, or a wall time of `zone`; None: of wherever one is (floating)."""

    wall: datetime
    zone: tzinfo | None
    all_day: bool

    def on(self, wall: datetime) -> "Moment":
        """The same kind of moment at another wall time."""
        return Moment(wall, self.zone, self.all_day)

    def at(self, desk: tzinfo) -> datetime:
        """What clocks at the desk show at this moment, without a zone. A day is the same anywhere."""
        if self.all_day or self.zone is None:
            return self.wall
        return self.wall.replace(tzinfo=self.zone).astimezone(desk).replace(tzinfo=None)


class Times:
    """Reads the times of one VCALENDAR, whose own VTIMEZONEs count where nobody else knows them."""

    def __init__(self, calendar: Component, faults: Faults) -> None:
        """Note in `faults` what cannot be read."""
        self._faults = faults
        self._own = {one.value("TZID"): one for one in calendar.inner if one.name == "VTIMEZONE"}
        self._zones: dict[str, tzinfo | None] = {}

    def moments(self, line: Line) -> list[Moment]:
        """What DTSTART, EXDATE and their like say; empty where a fault was noted."""
        found = [self._moment(line, text.strip()) for text in line.value.split(",")]
        if None in found:
            return []
        return [one for one in found if one is not None]

    def moment(self, line: Line) -> Moment | None:
        """The only moment that the line names."""
        found = self.moments(line)
        if len(found) > 1:
            self._faults.add(line.number, "ics-time")
        return found[0] if len(found) == 1 else None

    def duration(self, line: Line) -> timedelta | None:
        """What a DURATION says."""
        found = _DURATION.fullmatch(line.value.strip())
        if found is None or not any(found.groups()):
            self._faults.add(line.number, "ics-time")
            return None
        weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups())
        return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)

    def _moment(self, line: Line, text: str) -> Moment | None:
        found = _MOMENT.fullmatch(text)
        try:
            if found is None:
                raise ValueError
            day = date(int(found[1]), int(found[2]), int(found[3]))
            # A leap second is the last second of its minute.
            wall = time(int(found[4]), int(found[5]), min(int(found[6]), 59)) if found[4] else None
        except ValueError:
            self._faults.add(line.number, "ics-time")
            return None
        if day.year not in YEARS:
            self._faults.add(line.number, "ics-time")
            return None
        if wall is None:
            return Moment(datetime.combine(day, time()), None, True)
        if found[7]:
            return Moment(datetime.combine(day, wall), UTC, False)
        named = line.parameters.get("TZID")
        if named is None:
            return Moment(datetime.combine(day, wall), None, False)
        there = self._zone(named)
        if there is None:
            self._faults.add(line.number, "ics-zone")
            return None
        return Moment(datetime.combine(day, wall), there, False)

    def _zone(self, name: str) -> tzinfo | None:
        if name not in self._zones:
            self._zones[name] = _known(name) or self._described(name)
        return self._zones[name]

    def _described(self, name: str) -> tzinfo | None:
        """The zone that the file itself describes under that name."""
        one = self._own.get(name)
        if one is None:
            return None
        try:
            described = Timezone.from_ical("\r\n".join(one.written) + "\r\n")
            assert isinstance(described, Timezone)
            found = described.to_tz(lookup_tzid=False)
            # Asked once, so that what it cannot answer shows here.
            datetime(2026, 1, 1, tzinfo=found).utcoffset()
        except Exception:  # whatever a library makes of somebody's file
            return None
        return found


def _known(name: str) -> tzinfo | None:
    prefixed = _PREFIXED.fullmatch(name)
    for one in (name, WINDOWS_TO_OLSON.get(name, ""), prefixed[1] if prefixed else ""):
        try:
            if one:
                return zone(one)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None
