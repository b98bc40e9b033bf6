"""VTIMEZONE: what a TZID means, said in the file itself (RFC 5545 section 3.6.5)."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

from icalendar import Calendar, Timezone, TimezoneDaylight, TimezoneStandard

from slots.zone import local

TOKYO = "Asia/Tokyo"
UTC_ZONES = frozenset({"UTC", "Etc/UTC", "Zulu", "Etc/Zulu", "GMT", "Etc/GMT"})
# The years whose changes of clocks are written out for zones that have any.
FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
STEP = timedelta(days=1)


def add_timezone(made: Calendar, zone_name: str) -> None:
    """The VTIMEZONE of the desk's zone, before the events."""
    made.add_component(timezone_of(zone_name))


@cache
def timezone_of(zone_name: str) -> Timezone:
    """A zone as a VTIMEZONE: the same bytes at all times.

    Outlook refuses a TZID without one, though everybody knows the zone. Where clocks change, each
    change from 2020 to 2049 is listed, at the wall time that it ends: a rule for all years would be
    shorter, and wrong for zones whose changes follow none.
    """
    if zone_name == TOKYO:
        return tokyo_timezone()
    changes = _changes(zone_name)
    zone = Timezone()
    zone.add("tzid", zone_name)
    first = local(FROM, zone_name)
    zone.add_component(_observance(first, first.utcoffset() or timedelta(), [_wall(FROM)]))
    kinds: dict[tuple[timedelta, timedelta, str | None, bool], list[datetime]] = {}
    samples: dict[tuple[timedelta, timedelta, str | None, bool], datetime] = {}
    for at, before in changes:
        after = local(at, zone_name)
        kind = (before, after.utcoffset() or timedelta(), after.tzname(), bool(after.dst()))
        # The wall time of the change as clocks before it show it.
        kinds.setdefault(kind, []).append(_wall(at) + before)
        samples.setdefault(kind, after)
    for kind, walls in kinds.items():
        zone.add_component(_observance(samples[kind], kind[0], walls))
    return zone


def tokyo_timezone() -> Timezone:
    """Asia/Tokyo as a VTIMEZONE: +09:00 since ever, no daylight time."""
    zone = Timezone()
    zone.add("tzid", TOKYO)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - a wall time by definition
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", timedelta(hours=9))
    standard.add("tzname", "JST")
    zone.add_component(standard)
    return zone


def _observance(
    after: datetime, before: timedelta, walls: list[datetime]
) -> TimezoneStandard | TimezoneDaylight:
    made = TimezoneDaylight() if after.dst() else TimezoneStandard()
    made.add("dtstart", walls[0])
    made.add("tzoffsetfrom", before)
    made.add("tzoffsetto", after.utcoffset())
    made.add("tzname", after.tzname())
    # A line for each, and one for the first that DTSTART names already: where there is any RDATE,
    # ical.js (Thunderbird, Nextcloud) sees neither DTSTART nor a second date of one line.
    for wall in walls if walls[1:] else []:
        made.add("rdate", wall)
    return made


def _changes(zone_name: str) -> list[tuple[datetime, timedelta]]:
    """The instants, in UTC, at which the zone's clocks change, and their offset before."""
    found = []
    days = [FROM + STEP * n for n in range((UNTIL - FROM).days + 1)]
    for earlier, later in pairwise(days):
        before = _said(earlier, zone_name)
        if before == _said(later, zone_name):
            continue
        low, high = earlier, later
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) // 2
            low, high = (middle, high) if _said(middle, zone_name) == before else (low, middle)
        found.append((high.replace(microsecond=0), before[0]))
    return found


def _said(at: datetime, zone_name: str) -> tuple[timedelta, str | None]:
    here = local(at, zone_name)
    return here.utcoffset() or timedelta(), here.tzname()


def _wall(at: datetime) -> datetime:
    """The fields of an instant in UTC, as a wall time."""
    return at.replace(tzinfo=None)
