"""The dated runs of a consultation, and their slots."""

from dataclasses import replace
from datetime import time

import pytest

from slots.desk import Consultation
from slots.grid import slots_of
from slots.holidays import ClosedDays
from slots.opening import Block
from slots.recurrence import Dates, MonthlyWeekday, Weekly
from slots.sessions import Session, session_on, sessions_of
from slots.zone import fiscal_year
from tests.slots.examples import LEGAL, SATURDAY, THIRD_SATURDAY, at, held_at, on

REIWA_6 = [
    *("2024-04-20", "2024-05-18", "2024-06-15", "2024-07-20", "2024-08-17", "2024-09-21"),
    *("2024-10-19", "2024-11-16", "2024-12-21", "2025-01-18", "2025-02-15", "2025-03-15"),
]


def days_of(sessions: list[Session]) -> list[str]:
    return [session.date.isoformat() for session in sessions]


def the_session(day: str, consultation: Consultation = LEGAL) -> Session:
    found = session_on(consultation, on(day))
    assert found is not None
    return found


def test_the_third_saturdays_of_reiwa_6_are_the_days_that_the_town_published() -> None:
    sessions = sessions_of(LEGAL, *fiscal_year(2024))

    assert days_of(sessions) == REIWA_6
    assert {session.status for session in sessions} == {"planned"}
    assert {session.because for session in sessions} == {"rule"}


def test_a_session_runs_from_nine_to_noon_in_japan() -> None:
    session = the_session("2024-04-20")

    assert (session.start, session.end) == (at("2024-04-20 09:00"), at("2024-04-20 12:00"))
    assert session.start.utcoffset() == at("2024-04-20 09:00").utcoffset()


def test_three_hours_are_four_slots_of_45_minutes_without_a_rest() -> None:
    slots = slots_of(the_session("2024-04-20"))

    assert [f"{slot.start:%H:%M}-{slot.end:%H:%M}" for slot in slots] == [
        *("09:00-09:45", "09:45-10:30", "10:30-11:15", "11:15-12:00")
    ]
    assert [slot.seats for slot in slots] == [1, 1, 1, 1]


def test_a_year_has_seats_for_48_parties() -> None:
    sessions = sessions_of(LEGAL, *fiscal_year(2024))

    assert sum(slot.seats for one in sessions for slot in slots_of(one)) == 48


def test_the_third_saturdays_of_fiscal_2026() -> None:
    assert days_of(sessions_of(LEGAL, *fiscal_year(2026))) == [
        *("2026-04-18", "2026-05-16", "2026-06-20", "2026-07-18", "2026-08-15", "2026-09-19"),
        *("2026-10-17", "2026-11-21", "2026-12-19", "2027-01-16", "2027-02-20", "2027-03-20"),
    ]


def test_the_21st_of_november_2026_is_a_third_saturday() -> None:
    session = the_session("2026-11-21")

    assert session.key == "town/lawyer/legal/2026-11-21"
    assert session.consultation == "town/lawyer/legal"
    assert session.status == "planned"


def test_a_day_without_a_rule_has_no_session() -> None:
    assert session_on(LEGAL, on("2026-11-14")) is None
    assert session_on(LEGAL, on("2026-11-22")) is None


def test_a_third_saturday_on_a_holiday_is_undecided_since_the_source_says_nothing() -> None:
    session = the_session("2021-03-20")

    assert session.status == "undecided"
    assert session.because == "holiday: 春分の日"


def test_only_one_third_saturday_from_2019_to_2030_meets_a_holiday() -> None:
    sessions = sessions_of(LEGAL, on("2019-01-01"), on("2031-01-01"))

    assert days_of([one for one in sessions if one.status == "undecided"]) == ["2021-03-20"]


def test_a_rule_that_skips_holidays_has_no_session_then() -> None:
    consultation = held_at(replace(THIRD_SATURDAY, on_holiday="skip"))

    assert session_on(consultation, on("2021-03-20")) is None


def test_a_rule_that_is_open_on_holidays_plans_and_says_which_it_was() -> None:
    session = the_session("2021-03-20", held_at(replace(THIRD_SATURDAY, on_holiday="open")))

    assert session.status == "planned"
    assert session.because == "holiday: 春分の日"


def test_the_year_end_and_local_days_are_holidays_too() -> None:
    town = ClosedDays(local={on("2026-11-21"): "市制記念日"})
    every_saturday = held_at(replace(THIRD_SATURDAY, recurrence=Weekly((SATURDAY,))))

    assert the_session("2027-01-02", every_saturday).because == "holiday: 年末年始"
    assert the_session("2026-11-21", replace(LEGAL, closed_days=town)).status == "undecided"


def test_a_rule_holds_from_its_first_day_up_to_but_not_including_its_last() -> None:
    limited = replace(THIRD_SATURDAY, since=on("2026-05-16"), until=on("2026-08-15"))
    consultation = held_at(limited)

    found = sessions_of(consultation, *fiscal_year(2026))

    assert days_of(found) == ["2026-05-16", "2026-06-20", "2026-07-18"]
    assert session_on(consultation, on("2026-05-16")) is not None
    assert session_on(consultation, on("2026-04-18")) is None
    assert session_on(consultation, on("2026-08-15")) is None


def test_rules_that_follow_each_other_change_the_hours_and_keep_the_key() -> None:
    change = on("2026-10-01")
    later = replace(THIRD_SATURDAY, blocks=(Block(time(13), time(16)),), since=change)
    consultation = held_at(replace(THIRD_SATURDAY, until=change), later)

    found = {one.date.isoformat(): one for one in sessions_of(consultation, *fiscal_year(2026))}

    assert len(found) == 12
    assert found["2026-09-19"].start == at("2026-09-19 09:00")
    assert found["2026-10-17"].start == at("2026-10-17 13:00")
    assert found["2026-10-17"].key == "town/lawyer/legal/2026-10-17"


def test_where_two_rules_fall_on_one_day_the_first_wins() -> None:
    listed = replace(
        THIRD_SATURDAY, recurrence=Dates((on("2026-11-21"),)), blocks=(Block(time(10), time(12)),)
    )
    consultation = held_at(listed, THIRD_SATURDAY)

    assert the_session("2026-11-21", consultation).start == at("2026-11-21 10:00")
    november = sessions_of(consultation, on("2026-11-01"), on("2026-12-01"))
    assert november == [the_session("2026-11-21", consultation)]


def test_sessions_of_several_rules_come_in_order() -> None:
    first = replace(THIRD_SATURDAY, recurrence=MonthlyWeekday((1,), SATURDAY))

    found = sessions_of(held_at(THIRD_SATURDAY, first), on("2026-11-01"), on("2027-01-01"))

    assert days_of(found) == ["2026-11-07", "2026-11-21", "2026-12-05", "2026-12-19"]


def test_an_arranged_consultation_has_no_sessions() -> None:
    arranged = replace(LEGAL, allotment="arranged", openings=())

    assert sessions_of(arranged, *fiscal_year(2026)) == []


@pytest.mark.parametrize(
    ("end", "slot_minutes", "starts"),
    [
        (time(11, 59), 45, ["09:00", "09:45", "10:30"]),  # 44 minutes are no slot
        (time(12), 50, ["09:00", "09:50", "10:40"]),
        (time(9, 30), 45, []),
        (time(12), 180, ["09:00"]),
    ],
)
def test_a_rest_that_is_too_short_for_a_slot_stays_empty(
    end: time, slot_minutes: int, starts: list[str]
) -> None:
    consultation = held_at(
        replace(THIRD_SATURDAY, blocks=(Block(time(9), end),)), slot_minutes=slot_minutes
    )

    slots = slots_of(the_session("2026-11-21", consultation))

    assert [f"{slot.start:%H:%M}" for slot in slots] == starts


def test_without_a_slot_length_the_session_is_one_slot() -> None:
    session = the_session("2026-11-21", replace(LEGAL, slot_minutes=None, seats=3))

    (slot,) = slots_of(session)

    assert (slot.start, slot.end, slot.seats) == (session.start, session.end, 3)


def test_a_session_is_the_stretch_of_its_instants() -> None:
    session = the_session("2026-11-21")

    assert at("2026-11-21 09:00") in session.interval
    assert at("2026-11-21 12:00") not in session.interval
