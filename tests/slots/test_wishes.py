"""Which days and times of day may be wished for, where staff settle the time."""

from dataclasses import replace
from datetime import time

import pytest

from slots.changes import Closure
from slots.desk import Consultation, Desk
from slots.window import BookingWindow, DaysBefore
from slots.wishes import TimeOfDay, Wish, WishDay, wish_day, wish_days
from tests.slots.examples import HUMAN_RIGHTS, LEGAL, NET_HARMONY, SUPPORT, at, on


def arranged(window: BookingWindow | None = None) -> Consultation:
    """A consultation whose time staff settle, to be booked from 60 days ahead unless told."""
    window = window or BookingWindow(opens=DaysBefore(60))
    return replace(LEGAL, allotment="arranged", openings=(), slot_minutes=None, window=window)


NOW = at("2026-11-16 12:00")


@pytest.mark.parametrize(
    ("desk", "day", "times_of_day"),
    [
        (SUPPORT, "2026-11-20", ("morning", "afternoon", "evening")),  # until 17:15
        (NET_HARMONY, "2026-11-20", ("afternoon", "evening")),  # from 16:00
        (HUMAN_RIGHTS, "2026-11-18", ("morning", "afternoon")),  # until 16:00
        (HUMAN_RIGHTS, "2026-11-20", ("morning", "afternoon", "evening")),
        (HUMAN_RIGHTS, "2026-11-22", ("morning", "afternoon")),  # a fourth Sunday
        (NET_HARMONY, "2026-12-13", ("afternoon", "evening")),  # 13:00 to 18:00
    ],
)
def test_a_time_of_day_may_be_wished_for_when_somebody_is_there(
    desk: Desk, day: str, times_of_day: tuple[TimeOfDay, ...]
) -> None:
    assert wish_day(desk, arranged(), on(day), NOW) == WishDay(on(day), times_of_day)


@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-22", "2026-11-23", "2026-12-29"])
def test_a_day_on_which_the_desk_is_closed_cannot_be_wished_for(day: str) -> None:
    assert wish_day(SUPPORT, arranged(), on(day), NOW) is None


def test_the_booking_window_decides_from_when_until_when_a_day_may_be_wished_for() -> None:
    friday = on("2026-11-20")
    window = BookingWindow(opens=DaysBefore(7))

    def may(now: str) -> bool:
        return wish_day(SUPPORT, arranged(window), friday, at(now)) is not None

    assert [may("2026-11-12 23:59"), may("2026-11-13 00:00")] == [False, True]
    assert [may("2026-11-19 17:14"), may("2026-11-19 17:15")] == [True, False]


def test_the_days_begin_after_the_window_has_closed_for_today_and_end_with_it() -> None:
    found = [one.date for one in wish_days(SUPPORT, arranged(), at("2026-12-28 12:00"))]

    assert found[0] == on("2027-01-04")
    assert found[-1] == on("2027-02-26")  # 60 days ahead
    assert found == sorted(found)
    assert all(day.weekday() < 5 for day in found)


def test_without_an_opening_day_wishes_reach_90_days() -> None:
    found = wish_days(SUPPORT, arranged(BookingWindow()), NOW)

    assert (on("2027-02-14") - found[-1].date).days in range(1, 4)


def test_a_wish_fits_its_day_and_a_time_of_day_that_is_offered() -> None:
    day = WishDay(on("2026-11-20"), ("afternoon", "evening"))

    assert day.allows(Wish(on("2026-11-20")))
    assert day.allows(Wish(on("2026-11-20"), "evening"))
    assert not day.allows(Wish(on("2026-11-20"), "morning"))
    assert not day.allows(Wish(on("2026-11-21"), "evening"))


def test_a_closed_day_cannot_be_wished_for_and_a_closed_morning_leaves_the_afternoon() -> None:
    friday = on("2026-11-20")
    closed = replace(arranged(), changes=(Closure(first=friday, last=friday),))
    morning = Closure(first=friday, last=friday, start=time(8), end=time(12))

    assert wish_day(SUPPORT, closed, friday, NOW) is None
    found = wish_day(SUPPORT, replace(arranged(), changes=(morning,)), friday, NOW)
    assert found is not None
    assert "morning" not in found.times_of_day
    assert "afternoon" in found.times_of_day


def test_what_is_taken_by_phone_only_cannot_be_wished_for_online() -> None:
    by_phone = replace(arranged(), booked_by=("phone",))
    friday = on("2026-11-20")

    assert wish_day(SUPPORT, by_phone, friday, NOW) is None
    assert wish_day(SUPPORT, by_phone, friday, NOW, "phone") is not None
