"""Desks as JSON: what desk files say, who answers now, what is still 要確認."""

from datetime import datetime

from tests.booking.api.conftest import Client
from tests.support.house import House

LAWYER = "/api/v1/desks/shibukawa/lawyer"
NET_HARMONY = "/api/v1/desks/osaka/net-harmony"


def test_every_desk_is_listed_with_its_address(reader: Client) -> None:
    listed = reader.get("/api/v1/desks").json()

    assert {one["desk"] for one in listed} == {
        "shibukawa/support",
        "shibukawa/lawyer",
        "osaka/net-harmony",
        "osaka/human-rights",
    }
    assert all(reader.get(one["self"]).json()["desk"] == one["desk"] for one in listed)


def test_the_desks_of_one_organisation_can_be_asked_for(reader: Client) -> None:
    listed = reader.get("/api/v1/desks?organisation=shibukawa").json()

    assert [one["desk"] for one in listed] == ["shibukawa/support", "shibukawa/lawyer"]
    assert reader.get("/api/v1/desks?organisation=nowhere").status_code == 404


def test_a_desk_tells_how_to_reach_it_and_what_is_unconfirmed(reader: Client) -> None:
    desk = reader.get(LAWYER).json()

    assert desk["organisation"]["name"] == "渋川市"
    assert [(one["channel"], one["value"]) for one in desk["contacts"]] == [
        ("phone", "0279-25-8526")
    ]
    (legal,) = desk["consultations"]
    assert legal["allotment"] == "date"
    assert legal["slot_minutes"] == 45
    assert "弁護士の人数" in legal["unconfirmed"]["seats"]
    assert legal["links"]["slots"].endswith("/api/v1/consultations/shibukawa/lawyer/legal/slots")


def test_who_answers_now_changes_with_the_clock(a_sqlite_house: House, a_client: Client) -> None:
    morning = a_client.get(NET_HARMONY).json()
    a_sqlite_house.clock.move_to("2026-11-24 21:30")
    last_intake = a_client.get(NET_HARMONY).json()
    a_sqlite_house.clock.move_by(seconds=1)
    late = a_client.get(NET_HARMONY).json()

    assert not morning["open_now"]
    assert morning["next_opening"] == {
        "channel": "phone",
        "start": "2026-11-24T16:00:00+09:00",
        "end": "2026-11-24T22:00:00+09:00",
        "last_intake": "2026-11-24T21:30:00+09:00",
    }
    assert [one["channel"] for one in last_intake["open"]] == ["phone", "line"]
    assert not late["open_now"]
    assert late["next_opening"]["start"] == "2026-11-25T16:00:00+09:00"


def test_the_hours_of_the_days_to_come_name_the_holidays(
    a_sqlite_house: House, a_client: Client
) -> None:
    a_sqlite_house.clock.move_to("2026-12-28 09:00")
    days = a_client.get(LAWYER).json()["hours"]

    assert len(days) == 14
    assert days[0] == {
        "date": "2026-12-28",
        "closed": None,
        "open": [
            {"channel": "phone", "start": "08:30", "end": "17:15", "last_intake": "17:15"},
        ],
    }
    assert days[1] == {"date": "2026-12-29", "closed": "年末年始", "open": []}


def test_the_desk_of_tomorrow_is_another_answer(a_sqlite_house: House, a_client: Client) -> None:
    """At midnight nobody begins to answer, but the days to come move on."""
    a_sqlite_house.clock.at = datetime.fromisoformat("2026-11-24T23:59:59+09:00")
    before = a_client.get(LAWYER).json()
    a_sqlite_house.clock.move_by(seconds=1)
    after = a_client.get(LAWYER).json()

    assert before["hours"][0]["date"] == "2026-11-24"
    assert after["hours"][0]["date"] == "2026-11-25"
