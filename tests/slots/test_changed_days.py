"""Moved, shifted and extra sessions on the days where they meet others, and why a day is without."""

from dataclasses import replace
from datetime import date

import pytest

from slots.availability import Held, Reason
from slots.changes import (
    Change,
    ChangedCapacity,
    ChangedHours,
    ChangedPlace,
    Closure,
    ExtraSession,
    MovedSession,
    Settled,
)
from slots.desk import Consultation
from slots.grid import slots_of
from slots.holidays import ClosedDays, OnHoliday
from slots.opening import Block
from slots.place import Place
from slots.recurrence import Weekly
from slots.sessions import session_on, session_planned_on, sessions_of
from slots.why import Why, answer
from tests.slots.examples import LEGAL, SATURDAY, THIRD_SATURDAY, at, clock, held_at, on

# The third Saturdays of autumn 2026: 10-17, 11-21, 12-19.
NOON = (Block(clock("13:00"), clock("14:30")),)
OPEN = at("2026-09-20 12:00")


def with_changes(*changes: Change, of: Consultation = LEGAL) -> Consultation:
    return replace(of, changes=changes)


def moved(session: str, to: str, text: str | None = None) -> MovedSession:
    return MovedSession(session=on(f"2026-{session}"), to=on(f"2026-{to}"), text=text)


def closed(day: str, span: str = "", text: str | None = None) -> Closure:
    """The whole of a day, or the hours `span` of it, such as 09:00-12:00."""
    whole = Closure(first=on(f"2026-{day}"), last=on(f"2026-{day}"), text=text)
    if not span:
        return whole
    start, end = map(clock, span.split("-"))
    return replace(whole, start=start, end=end)


def extra(day: str, text: str | None = None) -> ExtraSession:
    return ExtraSession(session=on(f"2026-{day}"), blocks=NOON, text=text)


def held(consultation: Consultation) -> list[str]:
    """The sessions of autumn 2026: each day, and for which day it was planned if for another."""
    found = sessions_of(consultation, on("2026-10-01"), on("2027-01-01"))
    return [
        f"{one.date:%m-%d}"
        + (f" for {one.planned:%m-%d}" if one.planned != one.date else "")
        + (f" {one.status}" if one.status != "planned" else "")
        for one in found
    ]


def on_holidays(policy: OnHoliday, *holidays: str) -> Consultation:
    """A session every Saturday, where `holidays` of 2026 are the town's own and do what they do."""
    local: dict[date, str] = {on(f"2026-{day}"): "市民の日" for day in holidays}
    weekly = replace(THIRD_SATURDAY, recurrence=Weekly((SATURDAY,)), on_holiday=policy)
    return replace(held_at(weekly), closed_days=ClosedDays(local=local))


def reason_at(consultation: Consultation, moment: str) -> Why | None:
    return answer(consultation, at(f"2026-{moment}"), Held(), OPEN).why


def test_a_closure_looks_at_the_day_on_which_a_moved_session_is_really_held() -> None:
    move = moved("11-21", "11-28")

    assert held(with_changes(move, closed("11-21"))) == ["10-17", "11-28 for 11-21", "12-19"]
    assert held(with_changes(move, closed("11-28"))) == [
        *("10-17", "11-28 for 11-21 cancelled", "12-19")
    ]


def test_a_closure_looks_at_the_time_at_which_a_session_is_really_held() -> None:
    later = ChangedHours(session=on("2026-11-21"), blocks=NOON)

    assert held(with_changes(later, closed("11-21", "09:00-12:00")))[1] == "11-21"
    assert held(with_changes(later, closed("11-21", "13:00-15:00")))[1] == "11-21 cancelled"


def test_closures_that_leave_nothing_together_cancel() -> None:
    morning = closed("11-21", "09:00-10:30"), closed("11-21", "10:30-12:00")

    assert held(with_changes(*morning))[1] == "11-21 cancelled"
    assert held(with_changes(morning[0]))[1] == "11-21"


def test_a_moved_session_takes_its_changed_hours_place_and_seats_along() -> None:
    day = on("2026-11-21")
    consultation = with_changes(
        ChangedHours(session=day, blocks=NOON),
        ChangedPlace(session=day, place=Place(name="公民館")),
        ChangedCapacity(session=day, seats=2),
        moved("11-21", "11-28"),
    )

    session = session_planned_on(consultation, day)

    assert session is not None
    assert (session.key, session.date) == ("town/lawyer/legal/2026-11-21", on("2026-11-28"))
    assert session.place == Place(name="公民館")
    assert [(one.start, one.seats) for one in slots_of(session)] == [
        *((at("2026-11-28 13:00"), 2), (at("2026-11-28 13:45"), 2))
    ]


def test_changes_are_to_the_day_that_was_planned_and_not_to_that_on_which_it_is_held() -> None:
    mistaken = ChangedHours(session=on("2026-11-28"), blocks=NOON)

    session = session_on(with_changes(moved("11-21", "11-28"), mistaken), on("2026-11-28"))

    assert session is not None
    assert session.start == at("2026-11-28 09:00")


def test_an_extra_session_beside_a_planned_one_adds_nothing_not_even_words() -> None:
    plain, consultation = with_changes(), with_changes(extra("11-21", "臨時開催"))

    assert sessions_of(consultation, on("2026-11-01"), on("2026-12-01")) == sessions_of(
        plain, on("2026-11-01"), on("2026-12-01")
    )


def test_an_extra_session_is_no_second_one_on_a_day_whose_session_moved_away() -> None:
    """Both would be the session of 11-21, and a booking knows it by that."""
    consultation = with_changes(moved("11-21", "11-28"), extra("11-21"))

    assert held(consultation) == ["10-17", "11-28 for 11-21", "12-19"]


def test_an_extra_session_is_held_on_a_day_without_one_and_takes_part_in_all() -> None:
    assert held(with_changes(extra("11-14"))) == ["10-17", "11-14", "11-21", "12-19"]
    assert held(with_changes(extra("11-14"), moved("11-14", "11-15"))) == [
        *("10-17", "11-15 for 11-14", "11-21", "12-19")
    ]
    assert held(with_changes(extra("11-14"), closed("11-14")))[1] == "11-14 cancelled"


@pytest.mark.parametrize(
    ("changes", "sessions"),
    [
        ([moved("11-21", "12-19")], ["10-17", "12-19"]),  # who was planned for the day stays
        ([moved("11-21", "11-14"), extra("11-14")], ["10-17", "11-14", "12-19"]),
        (  # cancelled, it still has the day
            [moved("11-21", "12-19"), closed("12-19", "09:00-12:00")],
            ["10-17", "12-19 cancelled"],
        ),
        (  # of two that were moved who was planned earlier
            [moved("11-21", "11-28"), moved("10-17", "11-28")],
            ["11-28 for 10-17", "12-19"],
        ),
        (  # a day whose own session moved away is free
            [moved("11-21", "12-19"), moved("12-19", "12-26")],
            ["10-17", "12-19 for 11-21", "12-26 for 12-19"],
        ),
        (  # two may change places
            [moved("11-21", "12-19"), moved("12-19", "11-21")],
            ["10-17", "11-21 for 12-19", "12-19 for 11-21"],
        ),
    ],
)
def test_a_day_has_one_session_whatever_is_moved_onto_it(
    changes: list[Change], sessions: list[str]
) -> None:
    consultation = with_changes(*changes)

    assert held(consultation) == sessions
    every = sessions_of(consultation, on("2026-10-01"), on("2027-01-01"))
    assert [session_on(consultation, one.date) for one in every] == every


def test_a_session_that_a_holiday_shifts_onto_an_occupied_day_is_not_held() -> None:
    every_week = on_holidays("next_week", "11-21")

    assert held(every_week)[6:9] == ["11-14", "11-28", "12-05"]
    assert session_planned_on(every_week, on("2026-11-21")) is None


def test_a_session_that_a_holiday_shifts_takes_a_day_whose_own_session_moved_away() -> None:
    consultation = replace(on_holidays("next_week", "11-21"), changes=(moved("11-28", "11-29"),))

    assert held(consultation)[7:9] == ["11-28 for 11-21", "11-29 for 11-28"]


def test_who_was_moved_to_a_day_stays_before_who_was_shifted_there() -> None:
    third = replace(THIRD_SATURDAY, on_holiday="next_week")
    town = ClosedDays(local={on("2026-11-21"): "市民の日"})
    shifted = replace(held_at(third), closed_days=town)

    assert held(shifted) == ["10-17", "11-28 for 11-21", "12-19"]
    assert held(with_changes(moved("10-17", "11-28"), of=shifted)) == ["11-28 for 10-17", "12-19"]


def test_a_day_left_out_for_a_holiday_is_free_for_a_moved_session() -> None:
    consultation = replace(on_holidays("skip", "11-21"), changes=(moved("11-14", "11-21"),))

    assert held(consultation)[6:8] == ["11-21 for 11-14", "11-28"]


@pytest.mark.parametrize("policy", ["ask", "skip", "next_day", "next_week", "open"])
def test_moving_or_settling_decides_whatever_the_rule_does_on_holidays(policy: OnHoliday) -> None:
    third = replace(THIRD_SATURDAY, on_holiday=policy)
    town = ClosedDays(local={on("2026-11-21"): "市民の日", on("2026-11-28"): "町の日"})
    consultation = replace(held_at(third), closed_days=town)

    assert held(with_changes(Settled(session=on("2026-11-21")), of=consultation))[1] == "11-21"
    for to in ("11-28", "11-30"):  # also onto another holiday
        there = held(with_changes(moved("11-21", to), of=consultation))
        assert there[1] == f"{to} for 11-21"


def test_an_extra_session_in_the_stead_of_one_left_out_keeps_its_hours_when_it_moves() -> None:
    consultation = with_changes(
        extra("11-21"), moved("11-21", "11-22"), of=on_holidays("skip", "11-21")
    )

    session = session_on(consultation, on("2026-11-22"))

    assert session is not None
    assert session.start == at("2026-11-22 13:00")


def test_changes_that_are_taken_back_bring_back_what_was() -> None:
    plain = held(LEGAL)
    changes = (moved("10-17", "10-24"), extra("11-14"), closed("12-19"))

    assert held(with_changes(*changes)) != plain
    assert held(with_changes(*changes[1:])) == ["10-17", "11-14", "11-21", "12-19 cancelled"]
    assert held(with_changes()) == plain


def test_a_closed_day_is_told_in_the_words_of_the_closure() -> None:
    whole = with_changes(closed("11-21", text="庁舎点検のため休止"))
    one_slot = with_changes(closed("11-21", "09:45-10:30", "裁判のため"))

    assert reason_at(whole, "11-21 09:00") == Why(Reason.CLOSURE, text="庁舎点検のため休止")
    assert reason_at(one_slot, "11-21 09:45") == Why(Reason.CLOSURE, text="裁判のため")
    assert reason_at(one_slot, "11-21 10:30") is None


def test_the_desks_own_closure_is_told_as_well() -> None:
    consultation = replace(LEGAL, desk_closures=(closed("11-21", text="窓口の移転"),))

    assert reason_at(consultation, "11-21 09:00") == Why(Reason.CLOSURE, text="窓口の移転")


def test_a_closure_without_words_borrows_none_from_other_changes() -> None:
    place = ChangedPlace(session=on("2026-11-21"), place=Place(name="公民館"), text="会場変更")
    consultation = with_changes(closed("11-21", "09:45-10:30"), place)

    assert reason_at(consultation, "11-21 09:45") == Why(Reason.CLOSURE)


def test_a_day_whose_session_moved_tells_where_to() -> None:
    consultation = with_changes(moved("11-21", "11-28", "講師の都合で28日に"))

    assert reason_at(consultation, "11-21 09:00") == Why(
        Reason.CLOSURE, text="講師の都合で28日に", moved_to=on("2026-11-28")
    )
    assert reason_at(consultation, "11-28 09:00") is None


def test_a_session_moved_onto_an_occupied_day_is_nowhere() -> None:
    consultation = with_changes(moved("11-21", "12-19"))

    assert reason_at(consultation, "11-21 09:00") == Why(Reason.NO_SESSION)


def test_a_holiday_that_leaves_a_session_out_is_told_by_its_name() -> None:
    consultation = on_holidays("skip", "11-21")

    assert reason_at(consultation, "11-21 09:00") == Why(Reason.HOLIDAY, text="市民の日")
    assert reason_at(consultation, "11-28 09:00") is None


def test_a_holiday_that_shifts_a_session_is_told_by_its_name_and_where_to() -> None:
    third = replace(THIRD_SATURDAY, on_holiday="next_week")
    town = ClosedDays(local={on("2026-11-21"): "市民の日"})
    consultation = replace(held_at(third), closed_days=town)

    assert reason_at(consultation, "11-21 09:00") == Why(
        Reason.HOLIDAY, text="市民の日", moved_to=on("2026-11-28")
    )


def test_a_holiday_that_shifts_onto_an_occupied_day_is_told_without_another_day() -> None:
    consultation = on_holidays("next_week", "11-21")

    assert reason_at(consultation, "11-21 09:00") == Why(Reason.HOLIDAY, text="市民の日")


def test_where_staff_moved_a_session_off_a_holiday_their_words_are_told() -> None:
    third = replace(THIRD_SATURDAY, on_holiday="next_week")
    town = ClosedDays(local={on("2026-11-21"): "市民の日"})
    consultation = with_changes(
        moved("11-21", "11-22", "日曜日に"), of=replace(held_at(third), closed_days=town)
    )

    assert reason_at(consultation, "11-21 09:00") == Why(
        Reason.CLOSURE, text="日曜日に", moved_to=on("2026-11-22")
    )


def test_a_holiday_is_not_to_blame_where_the_rule_is_open_on_it() -> None:
    third = replace(THIRD_SATURDAY, on_holiday="open")
    town = ClosedDays(local={on("2026-11-21"): "市民の日"})
    consultation = with_changes(
        moved("11-21", "12-19"), of=replace(held_at(third), closed_days=town)
    )

    assert reason_at(consultation, "11-21 09:00") == Why(Reason.NO_SESSION)


def test_an_undecided_day_is_told_by_the_holidays_name_until_it_is_settled() -> None:
    town = ClosedDays(local={on("2026-11-21"): "市民の日"})
    asks = replace(LEGAL, closed_days=town)

    assert reason_at(asks, "11-21 09:00") == Why(Reason.UNDECIDED, text="市民の日")
    settled = with_changes(Settled(session=on("2026-11-21"), text="開催します"), of=asks)
    assert reason_at(settled, "11-21 09:00") is None


def test_a_rules_last_start_says_nothing_of_other_hours() -> None:
    """A consultation of 9 to 12 whose last party comes at 11:15 at the latest."""
    ends_early = replace(LEGAL, last_start=clock("11:15"))
    afternoon = ChangedHours(
        session=on("2026-11-21"), blocks=(Block(clock("13:00"), clock("14:30")),)
    )
    changed = replace(ends_early, changes=(afternoon,))

    (session,) = sessions_of(changed, on("2026-11-21"), on("2026-11-22"))

    assert [f"{slot.start:%H:%M}" for slot in slots_of(session)] == ["13:00", "13:45"]


def test_the_words_of_a_closure_of_some_hours_are_told_with_those_of_other_changes() -> None:
    day = on("2026-11-21")
    morning = Closure(
        first=day, last=day, start=clock("09:00"), end=clock("10:00"), text="午前休止"
    )
    changed = replace(LEGAL, changes=(morning, Settled(session=day, text="開催します")))

    (session,) = sessions_of(changed, day, on("2026-11-22"))

    assert session.told == "開催します 午前休止"
    assert [slot.closed for slot in slots_of(session)] == ["午前休止", "午前休止", None, None]
