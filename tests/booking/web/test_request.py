"""A resident's request on the pages: form, check, act."""

import re
from typing import Any

import pytest
from litestar.testing import TestClient

from booking.ledger import queries
from tests.support.house import INTERVIEW, LEGAL, NEXT_SESSION, SESSION, House, a_house

BOOK = f"/{LEGAL}/book"
PARTY = {
    "name": "試験 花子",
    "kana": "シケン ハナコ",
    "phone": "０９０−1234−5678",
    "residence": "渋川市石原",
}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def post(client: TestClient[Any], path: str = BOOK, **form: str) -> Any:
    """Submit a form, following no redirect."""
    return client.post(path, data=form, follow_redirects=False)


def checked(client: TestClient[Any], **changes: str) -> dict[str, str]:
    """The fields of the page that shows a form once more before it is sent."""
    answer = post(client, act="check", date=SESSION, time="09:45", **(PARTY | changes))
    assert answer.status_code == 200, answer.text
    return hidden(answer.text)


def bookings(house: House) -> list[Any]:
    """All bookings."""
    return queries.search(house.ledger)


def test_the_dates_page_shows_era_date_weekday_and_sign(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        for time in ("09:00", "09:45", "10:30"):
            house.request(wish=time)

        page = client.get(f"/{LEGAL}").text

        assert "令和8年12月19日（土）" in page
        assert "残り1枠" in page
        assert "空きあり" in page


def test_a_page_kept_by_one_visitor_changes_for_the_next_when_a_seat_goes(
    database_url: str,
) -> None:
    with a_house(database_url) as house, house.client() as client:
        before = client.get(f"/{LEGAL}")
        unchanged = client.get(f"/{LEGAL}", headers={"If-None-Match": before.headers["ETag"]})
        for _ in range(4):
            house.request()
        house.wait_until_seen()
        after = client.get(f"/{LEGAL}", headers={"If-None-Match": before.headers["ETag"]})

        assert unchanged.status_code == 304
        assert after.status_code == 200
        assert "満席" in after.text


def test_a_request_goes_by_form_and_check_to_a_provisional_booking(database_url: str) -> None:
    with a_house(database_url) as house, house.client() as client:
        answer = post(client, act="send", **checked(client))
        page = client.get(answer.headers["Location"])

        (booking,) = bookings(house)
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/b/{booking.token}"
        assert booking.status == "requested"
        for shown in (
            "仮の受付",
            booking.reference,
            "令和8年12月19日（土）",
            "午前9時45分",
            "渋川市役所本庁舎",
        ):
            assert shown in page.text
        assert "no-store" in page.headers["Cache-Control"]


def test_each_error_names_its_field_and_what_was_typed_stays(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        answer = post(
            client,
            act="check",
            date=SESSION,
            time="09:45",
            name="髙﨑 𠮷子",
            kana="abc",
            phone="25",
            residence="",
            email="x@",
        )

        assert answer.status_code == 422
        assert "入力内容に4件の誤りがあります" in answer.text
        for field in ("kana", "phone", "residence", "email"):
            assert f'href="#f-{field}"' in answer.text
        assert 'value="髙﨑 𠮷子"' in answer.text
        assert bookings(house) == []


def test_going_back_from_the_check_shows_everything_again(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        page = post(client, act="back", **checked(client)).text

        assert 'value="試験 花子"' in page
        assert re.search(r'value="09:45" checked', page)


def test_a_double_click_makes_one_booking(database_url: str) -> None:
    with a_house(database_url) as house, house.client() as client:
        form = checked(client)
        first, second = (post(client, act="send", **form) for _ in range(2))

        assert first.headers["Location"] == second.headers["Location"]
        assert len(bookings(house)) == 1


def test_a_second_tab_makes_no_second_booking_and_says_so(database_url: str) -> None:
    with a_house(database_url) as house, house.client() as client:
        forms = checked(client), checked(client)
        post(client, act="send", **forms[0])
        answer = post(client, act="send", **forms[1])

        assert answer.status_code == 409
        assert "すでに受け付けています" in answer.text
        assert len(bookings(house)) == 1


def test_who_comes_second_for_the_last_time_is_offered_the_nearest_with_all_they_typed(
    database_url: str,
) -> None:
    with a_house(database_url) as house, house.client() as client:
        form = checked(client)
        house.request(wish="09:45")
        answer = post(client, act="send", **form)
        offered = re.findall(r'name="slot" value="([^"]+)"', answer.text)

        assert answer.status_code == 409
        assert offered[:2] == [f"{SESSION}T09:00:00+09:00", f"{SESSION}T10:30:00+09:00"]
        again = post(client, **(hidden(answer.text) | {"slot": offered[0]}))
        assert again.status_code == 303
        assert {one.local_start.hour for one in bookings(house)} == {9}


def test_a_full_day_offers_the_next_one(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        form = checked(client) | {"time": "any"}
        for _ in range(4):
            house.request()
        answer = post(client, act="send", **form)

        assert answer.status_code == 409
        assert f"{NEXT_SESSION}T09:00:00+09:00" in answer.text


def test_after_the_deadline_the_page_says_until_when_and_gives_the_phone(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        form = checked(client)
        house.clock.move_to("2026-12-18 17:15")
        answer = post(client, act="send", **form)

        assert answer.status_code == 409
        assert "令和8年12月18日（金）午後5時15分まで" in answer.text
        assert "0279-25-8526" in answer.text


def test_an_interview_is_asked_for_with_wishes_only_when_the_desk_may_be_open(
    database_url: str,
) -> None:
    with a_house(database_url) as house, house.client() as client:
        path = f"/{INTERVIEW}/book"
        wrong = post(
            client, path, act="check", wish1_date="2026-12-01", wish1_time="morning", **PARTY
        )
        right = post(
            client,
            path,
            act="send",
            wish1_date="2026-12-01",
            wish1_time="evening",
            wish2_date="2026-12-02",
            wish2_time="",
            **PARTY,
        )

        assert wrong.status_code == 422
        assert "窓口が開いていない" in wrong.text
        page = client.get(right.headers["Location"]).text
        assert "第1希望 令和8年12月1日（火） 夜間" in page
        assert "第2希望 令和8年12月2日（水） いつでもよい" in page


@pytest.mark.parametrize("path", ["/", "/shibukawa", "/osaka/net-harmony", f"/{LEGAL}", BOOK])
def test_reading_a_page_writes_nothing(path: str, sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        before = house.ledger.store.read(
            lambda tx: tx.exec_driver_sql("PRAGMA data_version").scalar_one()
        )
        assert client.get(f"{path}?date={SESSION}").status_code == 200
        after = house.ledger.store.read(
            lambda tx: tx.exec_driver_sql("PRAGMA data_version").scalar_one()
        )
        assert before == after
