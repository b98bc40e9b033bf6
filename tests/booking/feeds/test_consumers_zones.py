"""The same instants for every viewer and from every server, wherever each of them is."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from slots.zone import local_date
from tests.support.consumers.reading import Expected, agreed
from tests.support.consumers.stored import public_entries, published
from tests.support.house import House, a_house, tokyo

# They look from a zone of their own: once is enough.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SERVERS = ("America/New_York", "Asia/Tokyo")
VIEWERS = ("America/New_York", "Asia/Tokyo")
FEED = "shibukawa/lawyer/legal"
# Clocks change there in October and November, in the last one by half an hour.
CHANGING = {"york": "America/New_York", "london": "Europe/London", "howe": "Australia/Lord_Howe"}
ABROAD = """
format = 1
[organisation]
id = "{town}"
name = "領事館"
code = "102083"
sender = "領事館"
zone = "{zone}"
[[desks]]
id = "desk"
name = "邦人の相談窓口"
fee = "無料"
[[desks.consultations]]
id = "legal"
name = "相談"
allotment = "slot"
slot_minutes = 30
fee = "無料"
[[desks.consultations.openings]]
weekly = ["sat", "sun", "mon"]
on_holiday = "open"
start = "00:30"
end = "04:00"
"""


def _rows(house: House, town: str, zone: str) -> Expected:
    today = local_date(house.clock(), zone)
    rows = published(house, today - timedelta(days=7), today + timedelta(days=90))
    ours = [row for row in rows if row.organisation == town]
    return public_entries(ours, house.settings.base_url)


def _printed(database_url: str, folder: Path) -> Mapping[str, bytes]:
    """What `booking feed` prints in each of SERVERS, at the same time."""
    plain = {name: said for name, said in os.environ.items() if not name.startswith("BOOKING_")}
    running = {
        zone: subprocess.Popen(
            [sys.executable, "-c", "from booking.cli import main; main()", "feed", FEED],
            cwd=folder,
            env={
                **plain, "TZ": zone, "PYTHONPATH": str(ROOT), "BOOKING_DATABASE_URL": database_url,
            },
            stdout=subprocess.PIPE,
        )
        for zone in SERVERS
    }  # fmt: skip
    said = {zone: one.communicate()[0] for zone, one in running.items()}
    assert {one.returncode for one in running.values()} == {0}
    return said


def test_a_servers_zone_and_a_viewers_change_no_instant(sqlite_url: str, tmp_path: Path) -> None:
    """Point 21: nine to twelve in Tokyo, by the machine's own clock, which is whatever it is."""
    files = _printed(sqlite_url, tmp_path)
    found = {viewer: agreed(files, viewer=viewer) for viewer in VIEWERS}

    seen = [
        event
        for by_server in found.values()
        for reading in by_server.values()
        for event in reading.events.values()
    ]
    assert len(seen) >= len(VIEWERS) * len(SERVERS) * 2
    for event in seen:
        assert event.start.endswith("T00:00:00Z")
        assert (event.end or "").endswith("T03:00:00Z")
        assert event.zone == "Asia/Tokyo"


def test_where_clocks_change_programs_find_the_instant_by_our_own_table(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Point 21: libical and ical.js reckon with the VTIMEZONE alone; each at half past midnight to four."""
    for town, zone in CHANGING.items():
        (tmp_path / f"{town}.toml").write_text(ABROAD.format(town=town, zone=zone), "utf-8")
    with a_house(sqlite_url, now=tokyo("2026-10-10 10:00"), folder=tmp_path) as house:
        expected = {town: _rows(house, town, zone) for town, zone in CHANGING.items()}
        with house.client() as client:
            files = {town: client.get(f"/feeds/{town}/desk.ics").content for town in CHANGING}

    found = agreed(files, expected)

    for town, zone in CHANGING.items():
        events = found[town].events.values()
        assert {event.zone for event in events} == {zone}
        hours = {event.start[11:16] for event in events}
        assert len(hours) == 2  # before the change and after it
