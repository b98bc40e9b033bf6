"""Private feeds are served as public ones are: tags, dates, gzip, size; and stamped as what they tell."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from booking.feeds.sizes import MOST_BYTES
from booking.ledger import changes
from booking.ledger.application import Target
from booking.store.bookings import bookings
from tests.support.bureau import (
    ALONE,
    DAY_NAMED,
    DAY_OF_SATO,
    NAMED,
    SUZUKI,
    a_bureau,
    book,
    fetched,
    of_desk,
    of_person,
    parties,
    path_of,
)
from tests.support.feeds import change, get, withdraw
from tests.support.house import House, tokyo

PLAIN = {"Accept-Encoding": "identity"}
PACKED = {"Accept-Encoding": "gzip"}


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    """The bureau."""
    with a_bureau(sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture
def each_house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """The bureau, once on each kind of database."""
    with a_bureau(database_url, tmp_path) as made:
        yield made


def test_points_14_and_23_gzip_has_a_tag_of_its_own_and_stays_private(house: House) -> None:
    book(house, ALONE, DAY_OF_SATO, "10:00")
    path = path_of(of_desk(house))
    with house.client() as client:
        plain, packed = (client.get(path, headers=one) for one in (PLAIN, PACKED))

        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"])
        assert packed.content == plain.content
        assert packed.headers["ETag"] != plain.headers["ETag"]
        for one in (plain, packed):
            assert one.headers["Vary"] == "Accept-Encoding"
            assert one.headers["Cache-Control"] == "private, no-cache"
            said = {**PACKED, "If-None-Match": f'"other", W/{one.headers["ETag"]}'}
            known = client.get(path, headers=said)
            assert (known.status_code, known.content) == (304, b"")
            assert known.headers["ETag"] == one.headers["ETag"]
            assert known.headers["X-Robots-Tag"] == "noindex"


def test_point_23_head_is_get_without_a_body(house: House) -> None:
    path = path_of(of_desk(house))
    with house.client() as client:
        etag = client.get(path, headers=PLAIN).headers["ETag"]
        for headers in (PLAIN, PACKED, {**PLAIN, "If-None-Match": etag}):
            got, asked = client.get(path, headers=headers), client.head(path, headers=headers)
            assert asked.content == b""
            assert asked.status_code == got.status_code
            assert dict(asked.headers) == dict(got.headers)


def test_point_3_who_asks_by_date_is_answered_by_date(house: House) -> None:
    path = path_of(of_desk(house))
    house.clock.move_by(hours=1)
    with house.client() as client:
        answer = client.get(path)
        said = answer.headers["Last-Modified"]
        for since, status in (
            (said, 304),
            (_date(house.clock(), hours=-3), 200),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
            ("yesterday", 200),
            (_date(house.clock(), days=1), 200),
        ):
            found = client.get(path, headers={"If-Modified-Since": since})
            assert (found.status_code, since) == (status, since)
        both = {"If-None-Match": '"stale"', "If-Modified-Since": said}
        assert client.get(path, headers=both).status_code == 200


def test_point_4_what_comes_changes_or_leaves_moves_tag_and_date(each_house: House) -> None:
    """A party that was moved to where no feed looks leaves nothing behind here."""
    house = each_house
    path = path_of(of_desk(house))
    seen = [get(house, path)]

    def moved() -> None:
        found = get(house, path, **{"If-Modified-Since": seen[-1].headers["Last-Modified"]})
        assert found.status_code == 200
        assert found.headers["ETag"] != seen[-1].headers["ETag"]
        assert found.headers["Last-Modified"] == _date(house.clock())
        seen.append(found)
        house.clock.move_by(minutes=5)

    house.clock.move_by(minutes=5)
    one = book(house, ALONE, DAY_OF_SATO, "10:00")
    moved()
    changes.confirm(house.ledger, one.id, actor="staff:clerk", how="call")
    moved()
    later = Target(slot=tokyo("2027-03-10 10:00"))
    changes.move(house.ledger, one.id, actor="staff:clerk", target=later, how="call")
    moved()
    house.clock.move_to(f"{DAY_OF_SATO} 23:55")
    seen.append(get(house, path))
    house.clock.move_to("2026-12-03 00:00")
    moved()


def test_point_4_who_no_longer_serves_anywhere_there_has_another_tag_and_date(
    each_house: House,
) -> None:
    """Of a consultation that names somebody for a day only, nothing stays when that is taken back."""
    house = each_house
    path = path_of(of_person(house, SUZUKI))
    house.clock.move_by(minutes=5)
    day = {"session": "2026-12-07", "start": "13:00", "end": "15:00", "roster": [SUZUKI]}
    extra = change(house, "extra_sessions", NAMED, **day)
    serving = get(house, path)
    house.clock.move_by(minutes=5)
    withdraw(house, extra)
    after = get(house, path, **{"If-Modified-Since": serving.headers["Last-Modified"]})

    assert "20261207" in serving.text
    assert after.status_code == 200
    assert "20261207" not in after.text
    assert after.headers["Last-Modified"] == _date(house.clock())


@pytest.mark.parametrize(("before", "after"), [("", "name"), ("name", "number"), ("name", "")])
def test_point_8_stamps_move_when_a_desk_tells_more_or_less_of_its_parties(
    before: str, after: str, house: House, tmp_path: Path
) -> None:
    """And neither before nor after, nor with another desk's, nor with what tells nothing of parties."""
    _tell(tmp_path, before)
    get(house)
    booked = book(house, NAMED, DAY_NAMED, "10:00")
    other = book(house, ALONE, DAY_OF_SATO, "10:00")
    tokens = of_desk(house, "town/named"), of_desk(house)

    def seen() -> tuple[dict[str, Any], dict[str, Any], list[Any]]:
        with house.client() as client:
            mine, others = (fetched(client, one) for one in tokens)
        return parties(mine), parties(others), sorted(map(_stamp, _days(mine)))

    first = seen()
    house.clock.move_by(hours=1)
    assert seen() == first
    _tell(tmp_path, after)
    then = seen()
    house.clock.move_by(hours=1)
    assert seen() == then

    old, new = first[0][booked.reference], then[0][booked.reference]
    assert old["SUMMARY"] != new["SUMMARY"]
    assert new["DTSTAMP"].dt == new["LAST-MODIFIED"].dt == old["DTSTAMP"].dt + timedelta(hours=1)
    assert old["SEQUENCE"] == new["SEQUENCE"]
    assert first[1][other.reference] == then[1][other.reference]
    assert first[2] == then[2]


def test_point_8_stamps_move_with_the_address_of_the_site(house: House) -> None:
    book(house, ALONE, DAY_OF_SATO, "10:00")
    path = path_of(of_desk(house))
    get(house, path)
    house.clock.move_by(hours=1)
    object.__setattr__(house.settings, "base_url", "https://yoyaku.example.jp")
    answer = get(house, path)

    stamps = {one for one in answer.text.split("\r\n") if one.startswith("DTSTAMP:")}
    assert stamps == {"DTSTAMP:20261124T020000Z"}


def test_point_12_three_thousand_parties_are_sent_within_a_megabyte(house: House) -> None:
    """The nearest days, whole; today's first."""
    booked = book(house, ALONE, DAY_OF_SATO, "10:00")
    _multiply(house, booked.id, days=60, each=50)
    token = of_desk(house)
    with house.client() as client:
        plain = client.get(path_of(token), headers=PLAIN)
    found = plain.content.split(b"BEGIN:VEVENT")[1:]
    days = [
        one.split(b"\r\nDTSTART;TZID=Asia/Tokyo:")[1][:8] for one in found if b"SUMMARY:\xe3" in one
    ]

    assert MOST_BYTES - 50_000 < len(plain.content) < MOST_BYTES
    assert sorted(set(days))[0] == b"20261124"
    assert len(days) > 1800
    last = sorted(set(days))[-1]
    assert days.count(last) >= 50


def _multiply(house: House, booking_id: str, days: int, each: int) -> None:
    """As many bookings as that one, beside it, on the days from today on."""

    def work(tx: Any) -> None:
        row = dict(tx.execute(select(bookings).where(bookings.c.id == booking_id)).one()._mapping)
        start = tokyo("2026-11-24 11:00")
        rows = [
            row
            | {"id": f"{n:032x}", "reference": f"{n:08}", "token_hash": f"copy-{n}"}
            | {"duplicate_guard": None, "holds_seat": False}
            | {"starts_at": start + timedelta(days=n // each, minutes=n % each)}
            | {"ends_at": start + timedelta(days=n // each, minutes=n % each + 30)}
            for n in range(days * each)
        ]
        tx.execute(insert(bookings), rows)

    house.ledger.store.write(work)


def _tell(folder: Path, level: str) -> None:
    """What the calendars of the desk `named` tell; nothing said: the least."""
    path = folder / "town.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, one in enumerate(lines) if one == 'name = "もう一つの窓口"')
    kept = [one for one in lines if not one.startswith("private_feed")]
    said = [f'private_feed = "{level}"'] if level else []
    path.write_text("\n".join([*kept[: at + 1], *said, *kept[at + 1 :]]), encoding="utf-8")


def _days(found: list[Any]) -> list[Any]:
    return [one for one in found if str(one["SUMMARY"]).endswith("開催日")]


def _stamp(event: Any) -> tuple[str, datetime]:
    return str(event["UID"]), event["DTSTAMP"].dt


def _date(at: datetime, **parts: int) -> str:
    return format_datetime((at + timedelta(**parts)).astimezone(UTC), usegmt=True)
