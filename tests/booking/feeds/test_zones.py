"""VTIMEZONE: what a calendar says of a zone is what the zone's clocks do."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Timezone

from booking.feeds.zones import timezone_of
from tests.support.feeds import entry, get
from tests.support.house import SESSION, a_house, tokyo

ZONES = ["Asia/Tokyo", "UTC", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]


@pytest.mark.parametrize("name", ZONES)
def test_the_listed_changes_give_the_offset_of_every_instant(name: str) -> None:
    """Point 21: read as RFC 5545 says, each observance from its wall time on."""
    onsets = _onsets(timezone_of(name))
    for day in range(0, 365 * 20, 3):
        at = datetime(2021, 1, 1, 0, 30, tzinfo=UTC) + timedelta(days=day, hours=day % 24)
        last = max((one for one in onsets if one[0] <= at), key=lambda one: one[0])
        assert last[1] == at.astimezone(ZoneInfo(name)).utcoffset(), at


@pytest.mark.parametrize("name", ZONES)
def test_the_changes_are_where_clocks_change(name: str) -> None:
    """Point 21: to the second."""
    for at, after in _onsets(timezone_of(name))[1:]:
        second = timedelta(seconds=1)
        assert at.astimezone(ZoneInfo(name)).utcoffset() == after
        just_before = (at - second).astimezone(ZoneInfo(name))
        here = at.astimezone(ZoneInfo(name))
        assert (just_before.utcoffset(), just_before.tzname()) != (here.utcoffset(), here.tzname())


def test_tokyo_has_one_observance_without_comment() -> None:
    """Point 21: a constant text, which strict readers take."""
    assert timezone_of("Asia/Tokyo").to_ical().splitlines() == [
        *(b"BEGIN:VTIMEZONE", b"TZID:Asia/Tokyo", b"BEGIN:STANDARD", b"DTSTART:19700101T000000"),
        *(b"TZNAME:JST", b"TZOFFSETFROM:+0900", b"TZOFFSETTO:+0900"),
        *(b"END:STANDARD", b"END:VTIMEZONE"),
    ]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_nothing_depends_on_the_servers_own_zone(
    zone: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Point 21."""
    with a_house(sqlite_url) as house:
        here = get(house).content
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        try:
            there = get(house)
        finally:
            monkeypatch.undo()
            time.tzset()

        assert there.content == here
        assert entry(there.text, SESSION).start == tokyo(f"{SESSION} 09:00")


def _onsets(zone: Timezone) -> list[tuple[datetime, timedelta]]:
    """Each observance's onsets as instants, with the offset from then on, earliest first."""
    found = []
    for one in zone.subcomponents:
        before, after = one["TZOFFSETFROM"].td, one["TZOFFSETTO"].td
        listed = one.get("RDATE", [])
        walls = {one["DTSTART"].dt, *(each.dt for line in listed for each in line.dts)}
        found += [((wall - before).replace(tzinfo=UTC), after) for wall in walls]
    return sorted(found)
