"""A resident's booking through the API: requested once, seen, moved, cancelled, refused with reasons."""

from typing import Any

import pytest

from booking.ledger import changes, queries
from tests.booking.api.conftest import Client
from tests.support.house import (
    EXPERT,
    INTERVIEW,
    LEGAL,
    NEXT_SESSION,
    SESSION,
    House,
    raw_application,
)

BOOKINGS = "/api/v1/bookings"


def book(client: Client, consultation: str = LEGAL, **changes: Any) -> dict[str, Any]:
    answer = client.post(BOOKINGS, json=raw_application(consultation, **changes))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_request_is_held_and_tells_where_it_is(house: House, client: Client) -> None:
    answer = client.post(BOOKINGS, json=raw_application(wish="09:45"))
    made = answer.json()

    assert answer.status_code == 201
    assert made["status"] == "requested"
    assert made["session"] == f"{LEGAL}/{SESSION}"
    assert made["start"] == "2026-12-19T09:45:00+09:00"
    assert made["end"] == "2026-12-19T10:30:00+09:00"
    assert made["links"]["page"] == f"{house.settings.base_url}/b/{made['token']}"
    assert answer.headers["location"] == made["links"]["self"]
    assert client.get(made["links"]["self"]).json() == made
    assert queries.by_reference(house.ledger, made["reference"]).wish == "09:45"


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"contact_wish": "mail"}, "email", "wished"),
        ({"contact_wish": "fax"}, "contact_wish", "unknown"),
        ({"contact_wish": "letter"}, "contact_wish", "not-used"),
        ({"voicemail": "maybe"}, "voicemail", "unknown"),
        ({"never_mail": 1}, "never_mail", "wrong-type"),
        ({"safe_hours": "night"}, "safe_hours", "unknown"),
        ({"postal_address": "あ" * 201}, "postal_address", "too-long"),
    ],
)
def test_what_cannot_be_of_being_reached_is_refused_by_field(
    reader: Client, said: dict[str, Any], field: str, code: str
) -> None:
    answer = reader.post(BOOKINGS, json=raw_application(**said))

    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


def test_a_wish_has_no_time_until_staff_settle_one(client: Client) -> None:
    made = book(client, INTERVIEW)

    assert (made["start"], made["end"], made["session"]) == (None, None, None)
    assert made["wishes"] == [{"date": "2026-12-01", "time_of_day": "afternoon"}]
    assert "calendar" not in made["links"]


def test_the_same_request_under_the_same_key_makes_one_booking(
    house: House, client: Client
) -> None:
    key = {"Idempotency-Key": "5c5d0e6e-4f0f-4f8c-a7d2-0f0d6d0b3c11"}
    asked = raw_application()
    first, again = (client.post(BOOKINGS, json=asked, headers=key) for _ in range(2))
    other = client.post(BOOKINGS, json=asked | {"name": "別の 名前"}, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert len(queries.search(house.ledger)) == 1


def test_a_taken_slot_is_refused_with_the_nearest_free_ones(client: Client) -> None:
    book(client, wish="09:45")
    answer = client.post(BOOKINGS, json=raw_application(wish="09:45"))
    refusal = answer.json()

    assert answer.status_code == 409
    assert refusal["code"] == "slot-taken"
    assert [one["start"] for one in refusal["nearest"]] == [
        "2026-12-19T09:00:00+09:00",
        "2026-12-19T10:30:00+09:00",
        "2026-12-19T11:15:00+09:00",
        "2027-01-16T09:00:00+09:00",
    ]


def test_a_full_session_is_refused_with_slots_of_the_next(client: Client) -> None:
    for _ in range(4):
        book(client)
    refusal = client.post(BOOKINGS, json=raw_application()).json()

    assert refusal["code"] == "session-full"
    assert refusal["nearest"][0]["start"] == "2027-01-16T09:00:00+09:00"


@pytest.mark.parametrize(
    ("date", "reason", "since"),
    [
        ("2026-12-20", "no-session", None),
        ("2026-11-21", "past", "2026-11-20T17:15:00+09:00"),
        ("2027-07-17", "not-open-yet", "2027-01-18T00:00:00+09:00"),
    ],
)
def test_what_cannot_be_booked_says_why_and_what_can(
    reader: Client, date: str, reason: str, since: str | None
) -> None:
    answer = reader.post(BOOKINGS, json=raw_application(date=date))
    refusal = answer.json()

    assert answer.status_code == 409
    assert (refusal["code"], refusal["reason"]) == ("not-bookable", reason)
    assert refusal.get("since") == since
    assert all(one["bookable"] for one in refusal["nearest"])
    assert len(refusal["nearest"]) == 4


def test_the_same_party_books_a_session_once(client: Client) -> None:
    asked = raw_application()
    client.post(BOOKINGS, json=asked)
    again = client.post(BOOKINGS, json=asked)

    assert (again.status_code, again.json()["code"]) == (409, "already-booked")


def test_one_phone_number_asks_only_so_often_a_day(client: Client) -> None:
    numbers = {"phone": "0279-25-8526"}
    for _ in range(10):
        made = book(client, **numbers)
        client.post(f"{BOOKINGS}/{made['token']}/cancel")
    refused = client.post(BOOKINGS, json=raw_application(**numbers))

    assert (refused.status_code, refused.json()["code"]) == (429, "slow-down")
    assert int(refused.headers["retry-after"]) == refused.json()["retry_after"]


def test_all_fields_that_are_wrong_are_named_at_once(reader: Client) -> None:
    asked = {"consultation": LEGAL, "date": SESSION, "kana": "漢字", "phone": "12", "age": 200}
    answer = reader.post(BOOKINGS, json=asked)

    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("name", "required"),
        ("kana", "not-kana"),
        ("phone", "not-a-number"),
        ("residence", "required"),
        ("age", "not-an-age"),
    ]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"consultation": "shibukawa/lawyer/none"}, "consultation", "unknown"),
        ({"consultation": ""}, "consultation", "required"),
        ({"name": 5}, "name", "wrong-type"),
        ({"name": None}, "name", "required"),
        ({"wishes": [{"date": "2026-12-01", "time_of_day": "noon"}]}, "wishes", "unknown"),
        ({"wishes": [{"date": "2026-12-01", "place": "家"}]}, "wishes", "wrong-type"),
        ({"slot": "0001-01-01T00:00:00+14:00"}, "slot", "not-a-slot"),
        ({"date": "9999-12-31"}, "date", "not-a-date"),
        ({"status": "confirmed"}, "body", "unknown-field"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named_with_its_remedy(
    reader: Client, change: dict[str, Any], field: str, code: str
) -> None:
    answer = reader.post(BOOKINGS, json=raw_application() | change)

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert error["message"] != "入力内容を確かめてください。"


def test_experts_are_reached_by_a_counsellors_code_only(reader: Client) -> None:
    without = reader.post(BOOKINGS, json=raw_application(EXPERT)).json()
    wrong = reader.post(BOOKINGS, json=raw_application(EXPERT, referral="0000-0000")).json()

    assert [(one["field"], one["code"]) for one in without["errors"]] == [("referral", "required")]
    assert [(one["field"], one["code"]) for one in wrong["errors"]] == [("referral", "unknown")]


def test_a_moved_booking_is_to_be_confirmed_again(house: House, client: Client) -> None:
    made = book(client, wish="09:45")
    booking = queries.by_token(house.ledger, made["token"])
    changes.confirm(house.ledger, booking.id, actor="staff:test", how="call")
    answer = client.post(made["links"]["move"], json={"slot": f"{NEXT_SESSION}T10:30:00+09:00"})

    assert answer.status_code == 200
    assert answer.json()["status"] == "requested"
    assert answer.json()["start"] == f"{NEXT_SESSION}T10:30:00+09:00"
    assert book(client, wish="09:45")["session"].endswith(SESSION)


def test_a_refused_move_offers_others_and_changes_nothing(client: Client) -> None:
    made = book(client, wish="09:45")
    book(client, wish="10:30")
    refused = client.post(made["links"]["move"], json={"date": SESSION, "wish": "10:30"})

    assert (refused.status_code, refused.json()["code"]) == (409, "slot-taken")
    assert refused.json()["nearest"]
    assert client.get(made["links"]["self"]).json() == made


def test_cancelling_frees_the_seat_and_cancelling_again_changes_nothing(client: Client) -> None:
    made = book(client, wish="09:45")
    first, again = (client.post(made["links"]["cancel"]) for _ in range(2))
    moved = client.post(made["links"]["move"], json={"date": NEXT_SESSION})

    assert first.json()["status"] == again.json()["status"] == "cancelled_by_resident"
    assert "move" not in first.json()["links"]
    assert (moved.status_code, moved.json()["code"]) == (409, "not-allowed")
    assert moved.json()["booking_status"] == "cancelled_by_resident"
    assert book(client, wish="09:45")


def test_once_it_has_begun_the_refusal_says_until_when(
    a_sqlite_house: House, a_client: Client
) -> None:
    made = book(a_client, wish="09:45")
    a_sqlite_house.clock.move_to("2026-12-19 09:45")
    refused = a_client.post(made["links"]["cancel"])

    assert (refused.status_code, refused.json()["code"]) == (409, "too-late")
    assert refused.json()["until"] == "2026-12-19T09:45:00+09:00"


def test_following_an_address_changes_nothing(a_client: Client) -> None:
    made = book(a_client)

    assert a_client.get(made["links"]["cancel"]).status_code == 405
    assert a_client.get(made["links"]["self"]).json()["status"] == "requested"


def test_who_holds_the_link_is_shown_no_name_and_no_number(a_client: Client) -> None:
    asked = raw_application(email="hanako@example.jp", needs="筆談")
    made = a_client.post(BOOKINGS, json=asked)

    assert not any(
        asked[field] in made.text for field in ("name", "kana", "phone", "email", "needs")
    )
    assert made.headers["cache-control"] == "no-store"
