"""A subscriber's Thunderbird in New York: a running server's calendars, and a booking's mails and files.

Where there is no Thunderbird, this is skipped; `make test` installs it where it may. By itself:
pytest tests/journeys/test_in_thunderbird.py
"""

from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path

import httpx
import pytest

from booking.feeds.calendars import STATUSES, feed_of, title_of, uid_of
from booking.feeds.private_calendars import private_uid
from booking.ledger import changes, private_feeds
from booking.ledger.access import Staff
from booking.ledger.application import Target
from booking.ledger.public_entries import listing
from slots.zone import local
from tests.support.bureau import path_of
from tests.support.feeds import change
from tests.support.house import INTERVIEW, LEGAL, NEXT_SESSION, SESSION, House, a_house, tokyo
from tests.support.mailbox import Mailbox
from tests.support.road import a_road, entry_of
from tests.support.server import Server
from tests.support.thunderbird import Answer, Shown, Thunderbird, running_thunderbird

pytestmark = pytest.mark.slow
NEW_YORK = "America/New_York"
ORGANISATION, DESK = "shibukawa", "osaka/net-harmony"
CLERK = Staff("clerk", "佐藤", "staff", "osaka", "staff:clerk")
RESIDENT = "hanako@example.jp"
MOVED_TO = "2026-12-26"
ACCEPT, DELETE = "imipAcceptButton_AcceptDontSend", "imipDeleteButton"


@pytest.fixture(scope="module")
def thunderbird(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Thunderbird]:
    """One for all the tests here: each has calendars of its own in it."""
    with running_thunderbird(tmp_path_factory.mktemp("thunderbird"), NEW_YORK) as running:
        yield running


def wanted(house: House, key: str) -> dict[str, Shown]:
    """What a calendar program in New York should show of the feed called `key`."""
    found = {}
    for one in listing(house.ledger, feed_of(house.ledger.catalogue, key).parts).entries:
        entry = one.entry
        place = [entry.place_name, entry.place_room]
        if key != ORGANISATION:  # whose calendar says less of each entry
            place.append(entry.place_address)
        found[uid_of(entry)] = Shown(
            uid=uid_of(entry),
            title=title_of(entry),
            status=STATUSES[entry.status],
            starts=entry.starts_at.astimezone(UTC),
            ends=entry.ends_at.astimezone(UTC),
            zone="Asia/Tokyo",
            here=local(entry.starts_at, NEW_YORK).strftime("%Y%m%dT%H%M%S"),
            place=" ".join(filter(None, place)) or None,
            alarms=0,
        )
    return found


def days(shown: Iterable[Shown]) -> list[str]:
    """Their days in Japan."""
    return [local(one.starts, "Asia/Tokyo").date().isoformat() for one in shown]


def test_a_running_servers_calendars_are_what_the_database_says_and_cost_little_to_keep(
    sqlite_url: str, tmp_path: Path, thunderbird: Thunderbird
) -> None:
    with a_house(sqlite_url) as house, Server(sqlite_url, tmp_path) as server:
        for key in (ORGANISATION, DESK):
            calendar = thunderbird.subscribe(f"{server.url}/feeds/{key}.ics")
            assert thunderbird.shown(calendar) == wanted(house, key) != {}
        a_public_calendar_is_asked_for_on_conditions_and_shows_each_change_once(
            house, server, thunderbird
        )
        a_private_calendar_follows_a_booking(house, server, thunderbird)


def a_public_calendar_is_asked_for_on_conditions_and_shows_each_change_once(
    house: House, server: Server, thunderbird: Thunderbird
) -> None:
    path = f"/feeds/{LEGAL}.ics"
    thunderbird.answers()
    calendar = thunderbird.subscribe(f"{server.url}{path}")
    before = thunderbird.shown(calendar)
    etag = httpx.head(f"{server.url}{path}").headers["ETag"]
    # It looks for a calendar that it could write into first, and finds none.
    found = [one for one in thunderbird.answers() if one.method != "PROPFIND"]
    assert found == [Answer("HEAD", path, None, 200), Answer("GET", path, None, 200)]

    thunderbird.refresh(calendar)
    assert thunderbird.answers() == [Answer("GET", path, etag, 304)]
    assert thunderbird.shown(calendar) == before

    change(house, "moved_sessions", session=SESSION, to=MOVED_TO, text="会場の都合")
    change(house, "closures", first=NEXT_SESSION, last=NEXT_SESSION, text="大雪のため")
    house.wait_until_seen()
    thunderbird.refresh(calendar)
    assert thunderbird.answers() == [Answer("GET", path, etag, 200)]
    after = thunderbird.shown(calendar)
    assert after == wanted(house, LEGAL)
    (moved,) = [uid for uid, one in before.items() if days([one]) == [SESSION]]
    assert (days([after[moved]]), days(after.values()).count(MOVED_TO)) == ([MOVED_TO], 1)
    (off,) = [one for one in after.values() if one.status == "CANCELLED"]
    assert (days([off]), off.title[:4]) == ([NEXT_SESSION], "【中止】")

    thunderbird.refresh(calendar)
    (unchanged,) = thunderbird.answers()
    assert unchanged.status == 304
    assert unchanged.condition not in (None, etag)
    assert thunderbird.shown(calendar) == after


def a_private_calendar_follows_a_booking(
    house: House, server: Server, thunderbird: Thunderbird
) -> None:
    when = Target(slot=tokyo("2026-12-01 18:00"), minutes=50)
    asked = house.request(INTERVIEW)
    booking = changes.confirm(house.ledger, asked.id, actor=CLERK.actor, how="call", target=when)
    feed_id = house.ledger.chance.id()
    token = private_feeds.make(house.ledger, feed_id, staff=CLERK, desk=DESK)
    calendar = thunderbird.subscribe(f"{server.url}{path_of(token)}")
    uid = private_uid(booking.id)
    shown = thunderbird.shown(calendar)[uid]
    assert (shown.starts, shown.status) == (when.slot, "CONFIRMED")

    thunderbird.answers()
    thunderbird.refresh(calendar)
    (unchanged,) = thunderbird.answers()
    assert unchanged.status == 304
    assert unchanged.condition is not None

    changes.cancel(house.ledger, booking.id, actor=CLERK.actor, reason="都合により")
    thunderbird.refresh(calendar)
    shown = thunderbird.shown(calendar)[uid]
    assert (shown.status, shown.title) == ("CANCELLED", f"【取消】{booking.reference}")


def test_a_bookings_mails_keep_one_entry_up_to_date_and_its_file_doubles_none(
    sqlite_url: str, smtp_server: Mailbox, thunderbird: Thunderbird
) -> None:
    own = thunderbird.settle(RESIDENT)
    with a_road(sqlite_url, smtp_server) as road:
        made = road.request(LEGAL, wish="09:45", email=RESIDENT)
        road.tick()
        road.staff(made["reference"], "confirm", {"how": "call"})
        (confirmed,) = road.tick()
        file = road.client.get(f"/b/{made['token']}/booking.ics").content
        path = f"/api/v1/bookings/{made['token']}"
        road.post(f"{path}/move", {"date": NEXT_SESSION, "wish": "10:30"}, 200)
        (moved,) = road.tick()
        road.staff(made["reference"], "confirm", {"how": "mail"})
        (settled,) = road.tick()
        road.post(f"{path}/cancel", {}, 200)
        (cancelled,) = road.tick()
        last_file = road.client.get(f"/b/{made['token']}/booking.ics").content

    uid = str(entry_of(confirmed)["UID"])
    then, later = tokyo(f"{SESSION} 09:45"), tokyo(f"{NEXT_SESSION} 10:30")
    for mail, title, status, starts in (
        (confirmed, "ご予約", "CONFIRMED", then),
        (moved, "【仮】ご予約", "TENTATIVE", later),
        (settled, "ご予約", "CONFIRMED", later),
    ):
        invitation = thunderbird.open(mail.content)
        assert "imipAcceptButton" in invitation.buttons, invitation.says
        assert made["reference"] in invitation.text
        thunderbird.press(ACCEPT)
        shown = thunderbird.shown(own)
        assert set(shown) == {uid}
        assert (shown[uid].title, shown[uid].status, shown[uid].starts) == (title, status, starts)

    # An older mail that is opened again takes nothing back.
    assert "imipAcceptButton" not in thunderbird.open(confirmed.content).buttons
    farewell = thunderbird.open(cancelled.content)
    assert farewell.buttons == (DELETE,), farewell.says
    assert "【取消】" in farewell.text
    thunderbird.press(DELETE)
    assert thunderbird.shown(own) == {}

    # From a file it takes what it has not: that one does not follow a booking, as mails do.
    assert thunderbird.take(own, file) == {"added": 1, "known": 0}
    shown = thunderbird.shown(own)
    assert (shown[uid].starts, shown[uid].alarms) == (then, 1)
    assert b"STATUS:CANCELLED" in last_file
    assert thunderbird.take(own, last_file) == {"added": 0, "known": 1}
    assert thunderbird.shown(own) == shown
