"""Public calendars, read by libical, ical.js and khal, and held against the rows of the database."""

from datetime import timedelta

import pytest

from tests.support.consumers.reading import agreed
from tests.support.consumers.stored import public_entries, published
from tests.support.feeds import change, get, withdraw
from tests.support.house import LEGAL, NEXT_SESSION, SESSION, House, a_house

# They look from a zone of their own: once is enough.
pytestmark = pytest.mark.slow

SHIBUKAWA, OSAKA = "/feeds/shibukawa", "/feeds/osaka"


def _eventful(house: House) -> None:
    """A house in which everything that a public calendar can say is so somewhere."""
    for _ in range(4):
        house.request()
    for _ in range(3):
        house.request(date=NEXT_SESSION)
    house.clock.move_by(hours=1)
    change(house, "moved_sessions", session="2027-02-20", to="2027-02-27", text="会場の都合")
    change(house, "changed_places", session=SESSION, place={"name": "市民会館", "room": "2, 3; 4"})
    change(house, "extra_sessions", session="2026-12-05", start="13:00", end="16:00")
    taken_back = change(house, "extra_sessions", session="2026-12-06", start="09:00", end="12:00")
    withdraw(house, taken_back)
    change(
        house,
        "closures",
        first="2026-11-27",
        last="2026-11-27",
        text="大雪のため",
        scope="osaka/net-harmony",
    )


def test_every_entry_of_every_public_calendar_is_its_row(database_url: str) -> None:
    """Points 1, 5 and 24: a desk's, a consultation's, an organisation's, and the hours."""
    with a_house(database_url) as house:
        get(house)  # a server started, and its address was noted
        _eventful(house)
        today = house.clock().date()
        rows = published(house, today - timedelta(days=7), today + timedelta(days=90))
        feeds = {
            f"{SHIBUKAWA}/lawyer/legal.ics": lambda row: row.scope == LEGAL,
            f"{SHIBUKAWA}/lawyer.ics?show=sessions": lambda row: row.scope == LEGAL,
            f"{SHIBUKAWA}/lawyer.ics?show=hours": lambda row: row.scope == "shibukawa/lawyer",
            f"{SHIBUKAWA}.ics?show=sessions": lambda row: (
                row.organisation == "shibukawa" and row.scope != row.desk
            ),
            f"{OSAKA}/net-harmony.ics": lambda row: row.desk == "osaka/net-harmony",
        }
        with house.client() as client:
            files = {path: client.get(path).content for path in feeds}
        base = house.settings.base_url
        expected = {
            path: public_entries(filter(of, rows), base, lean=path.startswith(f"{SHIBUKAWA}.ics"))
            for path, of in feeds.items()
        }

    found = agreed(files, expected)

    seen = [event for one in found.values() for event in one.events.values()]
    assert {event.status for event in seen} == {"CONFIRMED", "CANCELLED"}
    assert {"空きあり", "残りわずか", "満席"} <= {_seats(event.description) for event in seen}
    assert all(one.method is None and one.name for one in found.values())
    assert all(one.count for one in found.values())


def _seats(description: str | None) -> str | None:
    first = (description or "").split("\n")[0]
    return first.removeprefix("空き状況: ").split("（")[0]
