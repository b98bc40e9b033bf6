"""Sessions and slots as JSON, and how their kept bytes follow bookings and the clock."""

import time
from collections.abc import Iterator

import pytest

from booking.store.watch import FRESH_SECONDS
from tests.booking.api.conftest import Client
from tests.support.house import LEGAL, SESSION, House, raw_application

SLOTS = f"/api/v1/consultations/{LEGAL}/slots"
SESSIONS = f"/api/v1/consultations/{LEGAL}/sessions"
INTERVIEW = "/api/v1/consultations/osaka/net-harmony/interview"
THAT_DAY = {"from": SESSION, "to": SESSION}


def free(client: Client) -> list[int]:
    return [one["free"] for one in client.get(SLOTS, params=THAT_DAY).json()]


@pytest.fixture(params=["UTC", "America/Los_Angeles"])
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own zone is not Japan's."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_a_slot_says_when_how_many_seats_and_whether_it_can_be_booked(reader: Client) -> None:
    """In the desk's time, wherever the machine stands."""
    first, *_, last = reader.get(SLOTS, params=THAT_DAY).json()

    assert first == {
        "start": "2026-12-19T09:00:00+09:00",
        "end": "2026-12-19T09:45:00+09:00",
        "seats": 1,
        "free": 1,
        "bookable": True,
        "reason": None,
    }
    assert last["end"] == "2026-12-19T12:00:00+09:00"


@pytest.mark.usefixtures("elsewhere")
def test_a_session_holds_its_slots_and_the_time_for_booking_it(reader: Client) -> None:
    (session,) = reader.get(SESSIONS, params=THAT_DAY).json()

    assert session["session"] == f"{LEGAL}/{SESSION}"
    assert session["status"] == "planned"
    assert session["opens"] == "2026-06-22T00:00:00+09:00"
    assert session["closes"] == "2026-12-18T17:15:00+09:00"
    assert session["slots"] == reader.get(SLOTS, params=THAT_DAY).json()


def test_both_days_are_included_and_sixty_days_are_usual(reader: Client) -> None:
    def days(**asked: str) -> list[str]:
        return [one["date"] for one in reader.get(SESSIONS, params=asked).json()]

    assert days() == ["2026-12-19", "2027-01-16"]
    assert days(to="2026-12-31") == ["2026-12-19"]
    assert days(**{"from": "2026-12-20"}) == ["2027-01-16"]
    assert days(**{"from": "2026-12-19", "to": "2027-01-16"}) == ["2026-12-19", "2027-01-16"]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("from=tomorrow", "from", "not-a-date"),
        ("to=2026-02-30", "to", "not-a-date"),
        ("from=0001-01-01", "from", "not-a-date"),
        ("to=9999-12-31", "to", "not-a-date"),
        ("from=2026-12-20&to=2026-12-19", "to", "before-from"),
        ("from=2026-01-01&to=2027-02-05", "to", "too-far"),
    ],
)
def test_a_span_that_makes_no_sense_is_refused(
    reader: Client, query: str, field: str, code: str
) -> None:
    answer = reader.get(f"{SLOTS}?{query}")

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert error["message"].endswith("。")


def test_four_hundred_days_can_be_asked_for(reader: Client) -> None:
    answer = reader.get(f"{SLOTS}?from=2026-07-01&to=2027-08-04")

    assert answer.status_code == 200
    assert {one["reason"] for one in answer.json()} == {"past", None, "not-open-yet"}


def test_where_staff_arrange_the_time_there_are_no_slots_but_days_to_wish_for(
    reader: Client,
) -> None:
    assert reader.get(f"{INTERVIEW}/slots").json() == []
    assert reader.get(f"{INTERVIEW}/sessions").json() == []
    first = reader.get(f"{INTERVIEW}/wishable").json()[0]
    assert first == {"date": "2026-11-25", "times_of_day": ["any", "afternoon", "evening"]}
    assert reader.get(f"/api/v1/consultations/{LEGAL}/wishable").json() == []


def test_a_day_can_no_longer_be_wished_for_once_it_is_too_late(
    a_sqlite_house: House, a_client: Client
) -> None:
    def first_day() -> str:
        return str(a_client.get(f"{INTERVIEW}/wishable").json()[0]["date"])

    a_sqlite_house.clock.move_to("2026-11-24 21:29")
    before = first_day()
    a_sqlite_house.clock.move_to("2026-11-24 21:30")

    assert (before, first_day()) == ("2026-11-25", "2026-11-26")


def test_a_booking_through_the_api_shows_at_once(client: Client) -> None:
    before = free(client)
    client.post("/api/v1/bookings", json=raw_application(wish="09:45"))

    assert before == [1, 1, 1, 1]
    assert free(client) == [1, 0, 1, 1]


def test_a_booking_that_another_process_took_shows_within_a_tenth_of_a_second(
    house: House, client: Client
) -> None:
    """The house's own ledger stands for the other process."""
    assert free(client) == [1, 1, 1, 1]
    house.request(wish="11:15")
    time.sleep(FRESH_SECONDS)

    assert free(client) == [1, 1, 1, 0]


def test_who_has_the_answer_is_not_sent_it_again(client: Client) -> None:
    first = client.get(SLOTS)
    asked = {"If-None-Match": first.headers["etag"]}
    same = client.get(SLOTS, headers=asked)
    client.post("/api/v1/bookings", json=raw_application(wish="09:45"))
    changed = client.get(SLOTS, headers=asked)

    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == first.headers["etag"]
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        ("2026-12-18 17:15", None, "booking-closed"),
        ("2026-12-19 12:00", "booking-closed", "past"),
    ],
)
def test_time_alone_changes_a_kept_answer(
    a_sqlite_house: House, a_client: Client, moment: str, before: str | None, after: str
) -> None:
    def reason() -> str | None:
        (session,) = a_client.get(SESSIONS, params=THAT_DAY).json()
        found: str | None = session["reason"]
        return found

    a_sqlite_house.clock.move_to(moment)
    a_sqlite_house.clock.move_by(seconds=-1)
    found_before = reason()
    a_sqlite_house.clock.move_by(seconds=1)

    assert (found_before, reason()) == (before, after)


def test_the_usual_days_move_on_at_midnight_in_japan(
    a_sqlite_house: House, a_client: Client
) -> None:
    """60 days from the 17th reach the session of 16 January, those from the 16th do not."""
    a_sqlite_house.clock.move_to("2026-11-16 23:59")
    before = len(a_client.get(SESSIONS).json())
    a_sqlite_house.clock.move_to("2026-11-17 00:00")

    assert (before, len(a_client.get(SESSIONS).json())) == (2, 3)
