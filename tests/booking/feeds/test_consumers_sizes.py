"""Calendars of no entry, of one and of three thousand, read by libical, ical.js and khal."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.consumers.reading import agreed
from tests.support.consumers.stored import public_entries, published
from tests.support.feeds import get
from tests.support.house import House, a_house

# They look from a zone of their own: once is enough.
pytestmark = pytest.mark.slow

TOWN = """
format = 1
[organisation]
id = "big"
name = "大きな市"
code = "102083"
sender = "市役所"
[[desks]]
id = "desk"
name = "弁護士の無料相談窓口"
fee = "無料"
"""
CONSULTATION = """
[[desks.consultations]]
id = "c{number}"
name = "弁護士による法律相談（第{number}会場）"
allotment = "slot"
slot_minutes = 30
fee = "無料"
[[desks.consultations.openings]]
{days}
on_holiday = "open"
start = "09:00"
end = "12:00"
"""
NEVER = 'weekly = ["sun"]\nuntil = 2020-01-01'
ONCE = "dates = [2026-12-01]"
EVERY_DAY = 'weekly = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'


def _expected(house: House, *, lean: bool = False) -> dict:
    today = house.clock().date()
    rows = published(house, today - timedelta(days=7), today + timedelta(days=90))
    return public_entries(rows, house.settings.base_url, lean=lean)


@pytest.mark.parametrize(("days", "count"), [(NEVER, 0), (ONCE, 1)])
def test_a_calendar_of_almost_nothing_is_one(
    days: str, count: int, sqlite_url: str, tmp_path: Path
) -> None:
    """Point 12: also the one that has nothing but its zone."""
    (tmp_path / "big.toml").write_text(TOWN + CONSULTATION.format(number=0, days=days), "utf-8")
    with a_house(sqlite_url, folder=tmp_path) as house:
        body = get(house, "/feeds/big/desk.ics?show=sessions").content
        found = agreed({"desk": body}, {"desk": _expected(house)})["desk"]

    assert found.count == count
    assert found.name == "弁護士の無料相談窓口（大きな市）"


def test_three_thousand_entries_are_read_each_as_its_row(sqlite_url: str, tmp_path: Path) -> None:
    """Point 12."""
    halls = [CONSULTATION.format(number=number, days=EVERY_DAY) for number in range(31)]
    (tmp_path / "big.toml").write_text(TOWN + "".join(halls), "utf-8")
    with a_house(sqlite_url, folder=tmp_path) as house:
        bodies = {one: get(house, f"/feeds/{one}.ics").content for one in ("big", "big/desk")}
        rows = {one: _expected(house, lean=one == "big") for one in bodies}
    # There is no room for all: the nearest days are shown, each with all that it has.
    expected = {}
    for one, body in bodies.items():
        last = max(re.findall(rb"DTSTART;TZID=Asia/Tokyo:(\d{8})", body)).decode()
        first = house.clock().strftime("%Y%m%d")
        expected[one] = {
            uid: row
            for uid, row in rows[one].items()
            if first <= row["start"][:10].replace("-", "") <= last
        }
    found = agreed(bodies, expected)

    assert len(rows["big"]) == 31 * 97
    assert found["big"].count > 31 * 62
    assert found["big/desk"].count > 31 * 31
    assert max(map(len, bodies.values())) < 1_000_000
