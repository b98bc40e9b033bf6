"""How feeds are served: tags, dates, HEAD, gzip, robots; and that they are the same for everybody."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser

import pytest

from booking.http import takes_gzip
from tests.support.feeds import CONSULTATION, DESK, a_city, change, get
from tests.support.house import SESSION, House, a_house

FORMS = [CONSULTATION.replace(".ics", f".{ending}") for ending in ("ics", "csv", "rss", "json")]
PLAIN = {"Accept-Encoding": "identity"}
HOURS_ONLY = """
[[desks]]
id = "calls"
name = "電話の窓口"
fee = "無料"
[[desks.contacts]]
channel = "phone"
value = "0279-25-8526"
[[desks.hours]]
channels = ["phone"]
weekly = ["tue"]
start = "09:00"
end = "12:00"
"""


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    """A house whose feeds changed an hour ago."""
    with a_house(sqlite_url) as found:
        get(found)
        found.clock.move_by(hours=1)
        yield found


@pytest.mark.parametrize("path", FORMS)
def test_an_unchanged_feed_is_the_same_on_every_process_and_after_a_restart(
    path: str, database_url: str
) -> None:
    """Point 2."""
    with a_house(database_url) as house:
        first = get(house, path)
        house.clock.move_by(hours=13, minutes=59)
        second = get(house, path)

        assert first.content == second.content
        for name in ("ETag", "Last-Modified", "Content-Type"):
            assert first.headers[name] == second.headers[name]


@pytest.mark.parametrize("path", FORMS)
def test_who_asks_by_date_is_answered_by_date(path: str, house: House) -> None:
    """Points 3 and 23."""
    with house.client() as client:
        said = client.get(path).headers["Last-Modified"]
        for since, status in (
            (said, 304),
            (_date(house, minutes=-1), 304),
            ("Tue, 24 Nov 2026 00:59:59 GMT", 200),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
            ("Tuesday, 24-Nov-26 01:00:00 GMT", 304),
            ("yesterday", 200),
            ("2026-11-24T10:00:00", 200),
            ("", 200),
            (_date(house, days=1), 200),
        ):
            answer = client.get(path, headers={"If-Modified-Since": since})
            assert (answer.status_code, since) == (status, since)
            assert answer.headers["Last-Modified"] == said
            assert (answer.content == b"") == (status == 304)


def test_a_stale_tag_beats_a_fresh_date(house: House) -> None:
    """Point 3."""
    with house.client() as client:
        headers = {"If-None-Match": '"stale"', "If-Modified-Since": _date(house)}
        assert client.get(CONSULTATION, headers=headers).status_code == 200
        etag = client.get(CONSULTATION).headers["ETag"]
        headers = {"If-None-Match": etag, "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}
        assert client.get(CONSULTATION, headers=headers).status_code == 304


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("closures", {"first": SESSION, "last": SESSION}),
        ("extra_sessions", {"session": "2026-12-05", "start": "13:00", "end": "16:00"}),
        ("moved_sessions", {"session": SESSION, "to": "2027-03-27"}),
    ],
)
def test_each_change_moves_tag_and_date(kind: str, data: dict[str, Any], house: House) -> None:
    """Point 4: who asks by date only is told of it, too."""
    before = get(house)
    change(house, kind, **data)
    after = get(house, **{"If-Modified-Since": before.headers["Last-Modified"]})

    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Last-Modified"] == _date(house)


def test_a_running_server_shows_what_changed_at_a_desk_that_books_nothing(
    tmp_path: Path, database_url: str
) -> None:
    """Point 4: beside a desk that does, in the calendar of their organisation."""
    (tmp_path / "big.toml").write_text(a_city(1) + HOURS_ONLY, encoding="utf-8")
    with a_house(database_url, folder=tmp_path) as house, house.client() as client:
        before = client.get("/feeds/big.ics")
        change(house, "closures", "big/calls", first="2026-12-01", last="2026-12-01")
        house.wait_until_seen()
        after = client.get("/feeds/big.ics", headers={"If-None-Match": before.headers["ETag"]})

        assert "中止" not in before.text
        assert after.status_code == 200
        assert "【中止】電話の窓口" in after.text


def test_what_leaves_the_window_moves_tag_and_date(house: House) -> None:
    """Point 4: the session of 21 November is over for a week."""
    house.clock.move_to("2026-11-28 23:59")
    before = get(house)
    house.clock.move_to("2026-11-29 00:00")
    after = get(house, **{"If-Modified-Since": before.headers["Last-Modified"]})

    assert "20261121" in before.text
    assert "20261121" not in after.text
    assert after.headers["Last-Modified"] == "Sat, 28 Nov 2026 15:00:00 GMT"


def test_within_the_second_of_a_change_no_date_is_promised(house: House) -> None:
    """Point 3: another change may follow, and both would bear one date."""
    house.clock.move_by(milliseconds=200)
    change(house, "closures", first=SESSION, last=SESSION)
    house.clock.move_by(milliseconds=200)
    at_once = get(house)
    house.clock.move_by(milliseconds=600)
    later = get(house)

    assert "Last-Modified" not in at_once.headers
    assert later.headers["Last-Modified"] == _date(house)


@pytest.mark.parametrize("path", [*FORMS, DESK, "/feeds/shibukawa.ics"])
def test_gzip_has_a_tag_of_its_own_that_works(path: str, house: House) -> None:
    """Point 23."""
    with house.client() as client:
        plain = client.get(path, headers=PLAIN)
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})

        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"])
        assert packed.content == plain.content
        assert packed.headers["ETag"] != plain.headers["ETag"]
        assert not packed.headers["ETag"].startswith("W/")
        assert {one.headers["Vary"] for one in (plain, packed)} == {"Accept-Encoding"}
        for encoding in ("gzip", "identity"):
            for known in (plain, packed):
                asked = {"Accept-Encoding": encoding, "If-None-Match": known.headers["ETag"]}
                answer = client.get(path, headers=asked)
                assert (answer.status_code, answer.content) == (304, b"")
                assert answer.headers["ETag"] == known.headers["ETag"]
                assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("said", "packs"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP;q=1.0, deflate", True),
        ("gzip;q=0", False),
        ("*", True),
        ("*;q=0", False),
        ("identity;q=1, gzip;q=0.5", False),
        ("br, gzip;q=nonsense", False),
        ("br", False),
    ],
)
def test_who_takes_no_gzip_is_sent_none(said: str | None, packs: bool) -> None:
    """Point 23."""
    assert takes_gzip(said) == packs


@pytest.mark.parametrize("path", FORMS)
def test_head_is_get_without_a_body(path: str, house: House) -> None:
    """Point 23: with and without conditions, packed or not."""
    with house.client() as client:
        etag = client.get(path, headers=PLAIN).headers["ETag"]
        for headers in (PLAIN, {"Accept-Encoding": "gzip"}, {**PLAIN, "If-None-Match": etag}):
            got, asked = client.get(path, headers=headers), client.head(path, headers=headers)
            assert asked.content == b""
            assert asked.status_code == got.status_code
            assert dict(asked.headers) == dict(got.headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "text/html"},
        {"User-Agent": "Google-Calendar-Importer"},
        {"User-Agent": "iOS/17 dataaccessd/1.0", "Accept-Language": "en"},
        {"Cookie": "lang=ko"},
    ],
)
def test_everybody_is_sent_the_same_and_nowhere_else(headers: dict[str, str], house: House) -> None:
    """Point 17."""
    with house.client() as client:
        plain = client.get(CONSULTATION)
        client.headers.clear()
        answer = client.get(CONSULTATION, headers=headers, follow_redirects=False)

        assert (answer.status_code, answer.content) == (200, plain.content)
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.headers["Content-Disposition"] == 'inline; filename="legal.ics"'
        assert "Set-Cookie" not in answer.headers


def test_robots_may_fetch_feeds_and_neither_bookings_nor_the_console(house: House) -> None:
    """Point 17."""
    robots = RobotFileParser()
    robots.parse(get(house, "/robots.txt").text.splitlines())

    for path in (DESK, "/feeds/private/abc.ics", "/shibukawa"):
        assert robots.can_fetch("Google-Calendar-Importer", path)
    for path in ("/b/abc", "/b/abc/booking.ics", "/staff/", "/staff/login"):
        assert not robots.can_fetch("Googlebot", path)


def test_gzip_of_the_same_bytes_is_the_same_file_on_every_process(house: House) -> None:
    """Points 2 and 23."""
    first = get(house, **{"Accept-Encoding": "gzip"}).headers["ETag"]
    house.clock.move_by(hours=1)

    assert get(house, **{"Accept-Encoding": "gzip"}).headers["ETag"] == first


def _date(house: House, **parts: int) -> str:
    """The house's present second, or one beside it, as HTTP says it."""
    at = house.clock().astimezone(UTC) + timedelta(**parts)
    return format_datetime(at.replace(microsecond=0), usegmt=True)
