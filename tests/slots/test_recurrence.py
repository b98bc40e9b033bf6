"""On which days a rule falls."""

import calendar
from datetime import date, timedelta

import pytest

from slots.recurrence import Dates, InMonths, MonthlyDay, MonthlyWeekday, RRule, Weekly
from tests.slots.examples import SATURDAY, SUNDAY, on

YEARS = on("2019-01-01"), on("2031-01-01")


def listed(text: str) -> list[date]:
    return [on(one) for one in text.split()]


def test_weekly_falls_on_each_of_its_weekdays() -> None:
    rule = Weekly((3, 4))

    found = list(rule.dates(on("2026-04-27"), on("2026-05-11")))

    assert found == listed("2026-04-30 2026-05-01 2026-05-07 2026-05-08")


def test_the_start_belongs_to_the_range_and_the_end_does_not() -> None:
    rule = Weekly((SATURDAY,))

    assert list(rule.dates(on("2026-11-14"), on("2026-11-21"))) == [on("2026-11-14")]


def test_a_range_that_runs_backwards_is_empty() -> None:
    backwards = on("2026-12-01"), on("2026-11-01")

    for rule in (
        Weekly((0,)),
        MonthlyWeekday((3,), SATURDAY),
        Dates((on("2026-11-21"),)),
        RRule("FREQ=DAILY", on("2026-01-01")),
    ):
        assert list(rule.dates(*backwards)) == []


def test_the_third_saturday_is_always_the_15th_to_the_21st() -> None:
    found = list(MonthlyWeekday((3,), SATURDAY).dates(*YEARS))

    assert len(found) == 12 * 12
    assert all(day.weekday() == SATURDAY and 15 <= day.day <= 21 for day in found)


def test_the_third_saturday_counts_a_saturday_on_the_first() -> None:
    """August 2026 begins on a Saturday, so that its third one is the 15th, in お盆."""
    august = on("2026-08-01"), on("2026-09-01")

    assert list(MonthlyWeekday((3,), SATURDAY).dates(*august)) == [on("2026-08-15")]


def test_the_fourth_sunday_is_not_the_last_in_a_month_of_five() -> None:
    march = on("2026-03-01"), on("2026-04-01")

    assert list(MonthlyWeekday((4,), SUNDAY).dates(*march)) == [on("2026-03-22")]
    assert list(MonthlyWeekday((-1,), SUNDAY).dates(*march)) == [on("2026-03-29")]


def test_the_fourth_sunday_is_the_last_in_a_month_of_four() -> None:
    april = on("2026-04-01"), on("2026-05-01")

    assert list(MonthlyWeekday((4, -1), SUNDAY).dates(*april)) == [on("2026-04-26")]


def test_a_fifth_weekday_is_left_out_where_a_month_has_only_four() -> None:
    rule = MonthlyWeekday((5,), SUNDAY)

    found = list(rule.dates(on("2026-01-01"), on("2026-09-01")))

    assert found == listed("2026-03-29 2026-05-31 2026-08-30")


def test_several_of_a_month_come_in_order() -> None:
    rule = MonthlyWeekday((3, 1), SATURDAY)

    found = list(rule.dates(on("2026-12-01"), on("2027-02-01")))

    assert found == listed("2026-12-05 2026-12-19 2027-01-02 2027-01-16")


@pytest.mark.parametrize("nth", [1, 2, 3, 4, 5, -1])
@pytest.mark.parametrize("weekday", range(7))
def test_the_nth_weekday_is_the_one_that_a_wall_calendar_shows(nth: int, weekday: int) -> None:
    shown = []
    for year in range(2019, 2031):
        for month in range(1, 13):
            column = [week[weekday] for week in calendar.monthcalendar(year, month)]
            days = [day for day in column if day]
            if abs(nth) <= len(days):
                shown.append(date(year, month, days[nth - 1 if nth > 0 else nth]))

    assert list(MonthlyWeekday((nth,), weekday).dates(*YEARS)) == shown


def test_listed_days_come_once_each_and_in_order() -> None:
    rule = Dates((on("2026-05-16"), on("2026-04-18"), on("2026-05-16")))

    assert list(rule.dates(*YEARS)) == listed("2026-04-18 2026-05-16")


def test_rrule_text_expresses_odd_months() -> None:
    rule = RRule("FREQ=MONTHLY;BYMONTH=1,3,5,7,9,11;BYDAY=3WE", on("2026-04-01"))

    found = list(rule.dates(on("2026-01-01"), on("2026-10-01")))

    assert found == listed("2026-05-20 2026-07-15 2026-09-16")


def test_rrule_text_counts_from_since_and_not_from_the_range() -> None:
    rule = RRule("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA;COUNT=3", on("2026-11-07"))

    assert list(rule.dates(on("2026-11-20"), on("2027-01-01"))) == listed("2026-11-21 2026-12-05")
    assert not rule.falls_on(on("2026-12-19"))


def test_rrule_text_may_leave_a_day_out() -> None:
    rule = RRule("RRULE:FREQ=MONTHLY;BYDAY=3SA\nEXDATE:20260516", on("2026-04-01"))

    found = list(rule.dates(on("2026-04-01"), on("2026-07-01")))

    assert found == listed("2026-04-18 2026-06-20")


def test_rrule_text_and_the_monthly_rule_agree() -> None:
    text = RRule("FREQ=MONTHLY;BYDAY=3SA", on("2019-01-01"))

    assert list(text.dates(*YEARS)) == list(MonthlyWeekday((3,), SATURDAY).dates(*YEARS))


def test_a_rule_falls_on_exactly_the_days_that_it_lists() -> None:
    start, end = on("2026-01-01"), on("2028-01-01")
    every = [start + timedelta(days=n) for n in range((end - start).days)]

    for rule in (
        Weekly((0, 6)),
        MonthlyWeekday((2, -1), SUNDAY),
        Dates((on("2026-05-16"), on("2029-05-16"))),
        RRule("FREQ=MONTHLY;BYMONTHDAY=31", on("2026-04-01")),
    ):
        assert [day for day in every if rule.falls_on(day)] == list(rule.dates(start, end))


# ---------------------------------------------------------------- turns, days of the month, months
def test_every_second_week_is_counted_from_the_week_of_a_day() -> None:
    """Whatever day of that week: Sunday 12 April 2026 lies in the week of Monday the 6th."""
    stretch = on("2026-04-01"), on("2026-05-08")

    for counted_from in listed("2026-04-06 2026-04-09 2026-04-12 2026-04-20 2026-05-08"):
        found = list(Weekly((1,), 2, counted_from).dates(*stretch))
        assert found == listed("2026-04-07 2026-04-21 2026-05-05"), counted_from


def test_every_second_week_runs_on_over_new_year_and_backwards() -> None:
    rule = Weekly((1,), 2, on("2026-12-22"))

    assert list(rule.dates(on("2026-12-01"), on("2027-02-01"))) == listed(
        "2026-12-08 2026-12-22 2027-01-05 2027-01-19"
    )


def test_both_days_of_a_turn_lie_in_one_week_from_monday_to_sunday() -> None:
    rule = Weekly((0, 6), 3, on("2026-04-06"))

    assert list(rule.dates(on("2026-04-01"), on("2026-05-04"))) == listed(
        "2026-04-06 2026-04-12 2026-04-27 2026-05-03"
    )


def test_days_of_the_month_fall_on_any_weekday() -> None:
    rule = MonthlyDay((10, 25))

    assert list(rule.dates(on("2026-04-10"), on("2026-06-10"))) == listed(
        "2026-04-10 2026-04-25 2026-05-10 2026-05-25"
    )


def test_a_month_without_a_31st_leaves_it_out() -> None:
    rule = MonthlyDay((31,))

    assert list(rule.dates(on("2026-01-01"), on("2026-06-01"))) == listed(
        "2026-01-31 2026-03-31 2026-05-31"
    )


def test_the_last_day_of_the_month_is_minus_one_in_leap_years_too() -> None:
    rule = MonthlyDay((-1,))

    assert list(rule.dates(on("2028-01-01"), on("2028-05-01"))) == listed(
        "2028-01-31 2028-02-29 2028-03-31 2028-04-30"
    )
    assert rule.falls_on(on("2027-02-28"))
    assert list(MonthlyDay((30, -1)).dates(on("2026-04-01"), on("2026-05-01"))) == [
        on("2026-04-30")
    ]


def test_a_rule_in_odd_months_only() -> None:
    rule = InMonths(MonthlyWeekday((3,), SATURDAY), (1, 3, 5, 7, 9, 11))

    assert list(rule.dates(on("2026-04-01"), on("2026-10-01"))) == listed(
        "2026-05-16 2026-07-18 2026-09-19"
    )
    assert not rule.falls_on(on("2026-06-20"))


def test_months_thin_out_turns_without_shifting_them() -> None:
    rule = InMonths(Weekly((1,), 2, on("2026-04-07")), (4, 6))

    assert list(rule.dates(on("2026-04-01"), on("2026-07-01"))) == listed(
        "2026-04-07 2026-04-21 2026-06-02 2026-06-16 2026-06-30"
    )
