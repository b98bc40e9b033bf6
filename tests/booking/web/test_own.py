"""One's own booking, by its link: see, move, cancel."""

import pytest
from icalendar import Calendar

from booking.ledger import changes, queries, reinstating
from booking.staff.words import history_line
from tests.support.house import INTERVIEW, NEXT_SESSION, SESSION, a_house


def test_an_unknown_link_shows_a_page_without_a_word_of_why(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        answer = client.get("/b/nobody-has-this-token")

        assert answer.status_code == 404
        assert "ページが見つかりません" in answer.text


def test_moving_takes_the_new_seat_frees_the_old_and_is_to_be_confirmed_again(
    database_url: str,
) -> None:
    with a_house(database_url) as house, house.client() as client:
        booking = house.request(wish="09:45")
        changes.confirm(house.ledger, booking.id, actor="staff:test", how="call")
        form = {"date": NEXT_SESSION, "time": "10:30"}
        answer = client.post(f"/b/{booking.token}/move", data=form)

        moved = queries.by_id(house.ledger, booking.id)
        assert answer.status_code == 200
        assert "仮の受付" in answer.text
        assert moved.local_start.isoformat() == f"{NEXT_SESSION}T10:30:00+09:00"
        assert house.request(wish="09:45").session.endswith(SESSION)


def test_a_move_to_a_taken_time_leaves_the_booking_where_it_was(database_url: str) -> None:
    with a_house(database_url) as house, house.client() as client:
        booking = house.request(wish="09:45")
        house.request(wish="10:30")
        answer = client.post(f"/b/{booking.token}/move", data={"date": SESSION, "time": "10:30"})

        assert answer.status_code == 422
        assert "この時間は埋まっています" in answer.text
        assert 'href="#f-time"' in answer.text
        assert queries.by_id(house.ledger, booking.id) == booking


def test_following_the_link_to_cancel_cancels_nothing_pressing_does(database_url: str) -> None:
    with a_house(database_url) as house, house.client() as client:
        booking = house.request()
        client.get(f"/b/{booking.token}/cancel")
        before = queries.by_id(house.ledger, booking.id)
        answer = client.post(f"/b/{booking.token}/cancel")
        twice = client.post(f"/b/{booking.token}/cancel")

        assert before.status == "requested"
        assert "取消" in answer.text
        assert twice.status_code == 200
        assert queries.by_id(house.ledger, booking.id).status == "cancelled_by_resident"


def test_once_it_has_begun_only_the_phone_helps(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        booking = house.request(wish="09:45")
        house.clock.move_to(f"{SESSION} 09:45")
        answer = client.post(f"/b/{booking.token}/cancel")

        assert answer.status_code == 409
        assert "お電話" in answer.text
        assert queries.by_id(house.ledger, booking.id).status == "requested"


def test_the_calendar_file_follows_the_booking(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        booking = house.request(wish="09:45")
        first = Calendar.from_ical(client.get(f"/b/{booking.token}/booking.ics").text)
        client.post(f"/b/{booking.token}/cancel")
        last = Calendar.from_ical(client.get(f"/b/{booking.token}/booking.ics").text)

        before, after = first.events[0], last.events[0]
        assert before["UID"] == after["UID"]
        assert (before["STATUS"], after["STATUS"]) == ("TENTATIVE", "CANCELLED")
        assert after["SEQUENCE"] > before["SEQUENCE"]
        assert "試験" not in client.get(f"/b/{booking.token}/booking.ics").text


@pytest.mark.parametrize(("settled", "status"), [(False, "TENTATIVE"), (True, "CONFIRMED")])
def test_a_cancellation_taken_back_replaces_the_cancelled_calendar_entry(
    database_url: str, settled: bool, status: str
) -> None:
    with a_house(database_url) as house, house.client() as client:
        booking = (
            house.enter(slot=f"{SESSION}T09:00:00+09:00")
            if settled
            else house.request(wish="09:00")
        )
        events = []
        for act in (
            lambda: None,
            lambda: changes.cancel(house.ledger, booking.id, actor="resident"),
            lambda: reinstating.reinstate(house.ledger, booking.id, actor="staff:test"),
        ):
            act()
            events += Calendar.from_ical(client.get(f"/b/{booking.token}/booking.ics").text).events

        assert [one["STATUS"] for one in events] == [status, "CANCELLED", status]
        assert [one["SEQUENCE"] for one in events] == [0, 1, 2]
        assert len({one["UID"] for one in events}) == 1
        assert [one["TRANSP"] for one in events] == ["OPAQUE", "TRANSPARENT", "OPAQUE"]
        assert [one["DTSTART"].dt for one in events] == [booking.starts_at] * 3


def test_a_cancellation_taken_back_does_not_look_like_a_move(sqlite_url: str) -> None:
    """A request of a later revision was moved, or else it was cancelled and is back."""
    with a_house(sqlite_url) as house, house.client() as client:
        booking = house.request(wish="09:45")
        client.post(f"/b/{booking.token}/cancel")
        reinstating.reinstate(house.ledger, booking.id, actor="staff:test")

        page = client.get(f"/b/{booking.token}").text

        assert "仮の受付" in page
        assert "日時の変更を受け付けました" not in page
        assert f"/b/{booking.token}/cancel" in page


def test_a_booking_without_a_time_has_no_calendar_file_yet(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        booking = house.request(INTERVIEW)

        assert client.get(f"/b/{booking.token}/booking.ics").status_code == 404
        assert "booking.ics" not in client.get(f"/b/{booking.token}").text


def test_text_size_and_colours_are_kept_without_a_script_and_lead_nowhere_else(
    sqlite_url: str,
) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        form = {"size": "large", "colours": "black", "back": "//elsewhere.example"}
        answer = client.post("/display", data=form, follow_redirects=False)

        assert answer.headers["Location"] == "/display"
        assert 'data-size="large" data-colours="black"' in client.get("/").text


def test_what_has_ended_offers_a_new_beginning_and_nothing_of_the_old(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        booking = house.request(INTERVIEW)
        page = client.post(f"/b/{booking.token}/cancel").text

        assert "取り消しを受け付けました" in page
        assert f'href="/{INTERVIEW}"' in page
        for old in ("カレンダーに入れる", "お電話のときにお知らせします", "日時を変える"):
            assert old not in page


def test_a_confirmed_party_is_not_told_to_wait_for_a_call(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        booking = house.request(wish="09:45")
        waiting = client.get(f"/b/{booking.token}").text
        changes.confirm(house.ledger, booking.id, actor="staff:test", how="call")
        confirmed = client.get(f"/b/{booking.token}").text

        assert "ご連絡のお電話をいたします" in waiting
        assert "ご連絡のお電話をいたします" not in confirmed


def test_a_move_without_a_time_is_logged_without_one(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        booking = house.request(wish="09:45")
        page = client.post(f"/b/{booking.token}/move", data={"date": NEXT_SESSION, "time": "any"})
        moved = queries.history(house.ledger, booking.id)[-1]

        assert "日時の変更を受け付けました" in page.text
        line = history_line(moved, "Asia/Tokyo")
        assert line.endswith("12月19日（土）午前9時45分 から 1月16日（土） へ")
