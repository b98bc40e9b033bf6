"""Public calendars: what programs subscribe to, and what must never be in them."""

from pathlib import Path
from typing import Any

import pytest

from booking.desks.register import note_day
from booking.ledger import changes
from tests.support.feeds import CITY, CONSULTATION, DESK, HOURS, entry, events
from tests.support.house import SESSION, House, a_house, tokyo


def test_each_session_of_the_window_is_an_entry_at_its_local_time(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        answer = client.get(DESK)
        found = events(answer.text)

        days = [one.start.isoformat() for one in found]
        assert days == [
            f"{day}T09:00:00+09:00" for day in ("2026-11-21", SESSION, "2027-01-16", "2027-02-20")
        ]
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert "DTSTART;TZID=Asia/Tokyo:20261219T090000" in answer.text
        assert "BEGIN:VTIMEZONE" in answer.text
        assert "METHOD" not in answer.text
        assert "VALARM" not in answer.text
        assert {str(one["TRANSP"]) for one in found} == {"TRANSPARENT"}


def test_a_desk_without_sessions_publishes_when_it_can_be_reached(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        found = entry(client.get(HOURS).text, "2026-12-13")

        assert (found.start.hour, found.end.hour) == (13, 18)
        assert "ネットハーモニー" in found["SUMMARY"]


def test_a_fetch_of_what_did_not_change_is_the_same_to_the_byte_days_and_restarts_apart(
    database_url: str,
) -> None:
    with a_house(database_url) as house:
        with house.client() as client:
            first = client.get(DESK)
        house.clock.move_by(hours=9)
        with house.client() as client:
            second = client.get(DESK)

        assert first.content == second.content
        assert first.headers["ETag"] == second.headers["ETag"]


@pytest.mark.parametrize("said", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_it_is_told_so_in_whatever_way_they_ask(said: str, sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        etag = client.get(CONSULTATION).headers["ETag"]
        answer = client.get(CONSULTATION, headers={"If-None-Match": said.format(etag)})

        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["ETag"] == etag


def test_fullness_shows_in_coarse_words_and_moves_the_etag_but_neither_uid_nor_sequence(
    database_url: str,
) -> None:
    with a_house(database_url) as house, house.client() as client:
        before = client.get(CONSULTATION)
        for _ in range(4):
            house.request()
        house.wait_until_seen()
        after = client.get(CONSULTATION)
        old, new = entry(before.text, SESSION), entry(after.text, SESSION)

        assert "空きあり" in old["DESCRIPTION"]
        assert "満席" in new["DESCRIPTION"]
        assert before.headers["ETag"] != after.headers["ETag"]
        assert (old["UID"], old["SEQUENCE"], old["SUMMARY"]) == (
            new["UID"],
            new["SEQUENCE"],
            new["SUMMARY"],
        )


def test_the_end_of_booking_is_said_beforehand_and_moves_nothing(sqlite_url: str) -> None:
    """Points 2 and 8: an entry depends on the database and the day, not on the hour."""
    with a_house(sqlite_url, now=tokyo("2026-12-18 09:00")) as house, house.client() as client:
        before = client.get(CONSULTATION)
        house.clock.move_to("2026-12-18 17:15")
        after = client.get(CONSULTATION)

        said = entry(after.text, SESSION)["DESCRIPTION"]
        assert "予約の受付: 6月22日（月）から12月18日（金）午後5時15分まで" in said
        assert before.content == after.content


def test_no_word_of_any_party_is_in_a_public_feed(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        booking = _told(house)
        text = client.get(DESK).text.replace("\r\n ", "")

        for word in (
            "秘密",
            "ひみつ",
            "9876-5432",
            "98765432",
            booking.reference,
            booking.token,
            booking.id,
        ):
            assert word not in text


def _told(house: House) -> Any:
    booking = house.request(
        wish="09:45", name="秘密 花子", kana="ひみつ はなこ", phone="090-9876-5432"
    )
    return changes.confirm(house.ledger, booking.id, actor="staff:test", how="call")


@pytest.mark.parametrize("ending", ["ics", "csv", "rss", "json"])
def test_an_organisation_without_desks_has_no_calendar(
    ending: str, sqlite_url: str, tmp_path: Path
) -> None:
    """And its server keeps running: desks may come later."""
    (tmp_path / "big.toml").write_text(CITY.split("[[desks]]")[0], encoding="utf-8")
    with a_house(sqlite_url, folder=tmp_path) as house, house.client() as client:
        note_day(house.ledger.store, house.ledger.desks, house.clock())

        assert client.get(f"/feeds/big.{ending}").status_code == 404


@pytest.mark.parametrize("path", ["/feeds/nowhere/desk.ics", "/feeds/shibukawa/lawyer.txt"])
def test_an_unknown_calendar_is_a_plain_404(path: str, sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        answer = client.get(path)

        assert answer.status_code == 404
        assert answer.headers["Content-Type"].startswith("text/plain")


def test_head_answers_like_get_without_a_body(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        answer = client.head(DESK)

        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["ETag"] == client.get(DESK).headers["ETag"]
