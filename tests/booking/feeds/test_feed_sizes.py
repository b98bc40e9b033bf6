"""How long feeds may be (point 12): under a second, under a megabyte, the nearest days whole."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from booking.feeds.calendars import calendar_file, feed_of
from booking.feeds.sizes import MOST_BYTES, days_that_fit
from booking.ledger.public_entries import listing
from tests.support.feeds import a_city, change, events, get
from tests.support.house import TUESDAY, House, a_house, tokyo

TODAY = TUESDAY.date()
FEED = "/feeds/big.ics"
SIZES = st.dictionaries(st.integers(-7, 20), st.integers(1, 50), max_size=20)


@pytest.fixture
def town(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A town with two sessions a day, of which its feed has no room for some."""
    (tmp_path / "big.toml").write_text(a_city(2), encoding="utf-8")
    with a_house(sqlite_url, folder=tmp_path) as found:
        monkeypatch.setattr("booking.feeds.calendars.MOST_BYTES", 30_000)
        monkeypatch.setattr("booking.feeds.calendars.MOST_BYTES", len(get(found, FEED).content))
        yield found


def days_of(body: bytes) -> Counter[date]:
    """How many entries a calendar has on each day, of which it must be sure quickly."""
    lines = body.split(b"\r\n")
    found = [one for one in lines if one.startswith(b"DTSTART;TZID=")]
    return Counter(date.fromisoformat(one.rsplit(b":", 1)[1][:8].decode()) for one in found)


def test_three_thousand_entries_take_less_than_a_second_and_a_megabyte_and_show_the_nearest_days(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Point 12, of this process's own time: another's must not fail it."""
    (tmp_path / "big.toml").write_text(a_city(31), encoding="utf-8")
    with a_house(sqlite_url, folder=tmp_path) as city, city.client() as client:
        for key, least in (("big", 62), ("big/desk", 31)):
            feed = feed_of(city.ledger.catalogue, key)
            began = time.process_time()
            listed = listing(city.ledger, feed.parts, feed.kind)
            body = calendar_file(feed, listed, city.settings).body
            took = time.process_time() - began
            days = days_of(body)

            assert len(listed.entries) == 31 * 97
            assert MOST_BYTES - 31 * 800 < len(body) < MOST_BYTES
            assert took < 1
            assert set(days.values()) == {31}
            assert sorted(days) == [TODAY + timedelta(days=n) for n in range(len(days))]
            assert len(days) >= least
            assert client.get(f"/feeds/{key}.ics").content == body
        assert client.get("/feeds/big.csv").text.count("\r\n") == 31 * 97 + 1


def test_each_midnight_a_full_feed_moves_on_with_tag_and_date(town: House) -> None:
    """Point 4: yesterday makes room for one more day."""
    town.clock.move_to("2026-11-24 23:59")
    before = get(town, FEED)
    town.clock.move_to("2026-11-25 00:00")
    after = get(town, FEED, **{"If-Modified-Since": before.headers["Last-Modified"]})
    old, new = days_of(before.content), days_of(after.content)

    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Last-Modified"] == "Tue, 24 Nov 2026 15:00:00 GMT"
    assert min(new) == min(old) + timedelta(days=1)
    assert max(new) == max(old) + timedelta(days=1)


def test_a_change_that_leaves_no_room_for_the_last_day_moves_tag_and_date(
    town: House,
) -> None:
    """Point 4: the day that goes is another one than that which changed."""
    before = get(town, FEED)
    town.clock.move_by(hours=1)
    place = {"name": "とても遠いところにある会館"}
    change(town, "changed_places", "big/desk/c0", session="2026-12-01", place=place)
    after = get(town, FEED, **{"If-Modified-Since": before.headers["Last-Modified"]})

    assert days_of(before.content).keys() - days_of(after.content).keys() == {
        max(days_of(before.content))
    }
    assert after.headers["Last-Modified"] == "Tue, 24 Nov 2026 02:00:00 GMT"


def test_no_entry_changes_because_others_come(tmp_path: Path, sqlite_url: str) -> None:
    """Point 8: what an entry says depends on the kind of its feed and not on how long that is."""
    file, found = tmp_path / "big.toml", []
    for consultations in (1, 3):
        file.write_text(a_city(consultations), encoding="utf-8")
        with a_house(sqlite_url, folder=tmp_path) as house:
            here = events(get(house, FEED).text)
        found.append({str(one["UID"]): one.to_ical() for one in here})
    few, many = found

    assert 3 * len(few) == len(many)
    assert few.items() < many.items()


def test_entries_are_as_young_as_the_words_around_them(database_url: str) -> None:
    """Points 6 and 8: a database of a program that wrote organisations' files in another way."""
    with a_house(database_url) as house:
        yesterday = _stamps(house, "/feeds/shibukawa.ics")
        _forget_form(house)
        house.clock.move_by(hours=1)
        today, desk = (_stamps(house, f"/feeds/shibukawa{one}.ics") for one in ("", "/lawyer"))
        house.clock.move_by(hours=1)
        again = _stamps(house, "/feeds/shibukawa.ics")

    assert {uid: sequence for uid, (sequence, _) in yesterday.items()} == {
        uid: sequence for uid, (sequence, _) in today.items()
    }
    assert {at for _, at in today.values()} == {tokyo("2026-11-24 11:00")}
    assert {at for _, at in desk.values()} == {tokyo("2026-11-24 10:00")}
    assert again == today


@given(SIZES, st.integers(0, 400))
def test_the_days_that_fit_are_the_nearest(sizes: dict[int, int], room: int) -> None:
    """Whole days, from today on, before what is over; nothing is left out that has room."""
    entries = [
        (TODAY + timedelta(days=n), b"x" * (size - size // 2)) for n, size in sizes.items()
    ] + [(TODAY + timedelta(days=n), b"x" * (size // 2)) for n, size in sizes.items()]
    found = days_that_fit(entries, TODAY, room)
    if sum(sizes.values()) <= room:
        assert found is None
        return
    assert found
    kept = {(day - TODAY).days for day in found}
    nearest = sorted(sizes, key=lambda n: (n < 0, abs(n)))
    assert set(nearest[: len(kept)]) == kept
    assert len(kept) == 1 or sum(sizes[n] for n in kept) <= room
    assert sum(sizes[n] for n in nearest[: len(kept) + 1]) > room


def _stamps(house: House, path: str) -> dict[str, tuple[int, Any]]:
    found = events(get(house, path).text)
    return {str(one["UID"]): (int(one["SEQUENCE"]), one["DTSTAMP"].dt) for one in found}


def _forget_form(house: House) -> None:
    """Leave the database as a program did that knew no forms."""
    house.ledger.store.write(
        lambda tx: tx.execute(
            text("DELETE FROM consultation_versions WHERE consultation LIKE 'form:%'")
        )
    )
