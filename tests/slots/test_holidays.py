"""Closed days, against what the law itself says, read day by day."""

from datetime import date

import pytest

from slots.holidays import ClosedDays, national_holidays
from slots.zone import days
from tests.slots.examples import CLOSED, on
from tests.slots.oracle import ACCESSION, is_holiday, named_by_law


@pytest.mark.parametrize("year", range(2019, 2031))
def test_every_day_of_the_year_is_what_the_law_makes_it(year: int) -> None:
    every = days(date(year, 1, 1), date(year + 1, 1, 1))

    assert set(national_holidays(year)) == {day for day in every if is_holiday(day)}


@pytest.mark.parametrize("year", range(2019, 2031))
def test_holidays_have_the_names_of_the_law(year: int) -> None:
    names = {day: name for day, name in named_by_law(year).items() if day not in ACCESSION}
    if year == 2019:  # renamed in 2020
        names[date(2019, 10, 14)] = "体育の日"
    found = national_holidays(year)

    assert {day: found[day] for day in names} == names


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2019-04-30", "国民の休日"),
        ("2019-05-01", "天皇の即位の日"),
        ("2019-05-02", "国民の休日"),
        ("2019-05-06", "振替休日"),
        ("2019-10-22", "即位礼正殿の儀"),
        ("2021-08-09", "振替休日"),
        ("2025-11-24", "振替休日"),
        ("2026-05-06", "振替休日"),
        ("2026-09-22", "国民の休日"),
    ],
)
def test_days_that_only_a_rule_or_a_special_law_makes_a_holiday(day: str, name: str) -> None:
    assert name in (CLOSED.name_of(on(day)) or "")


@pytest.mark.parametrize("day", ["2020-07-20", "2020-08-11", "2021-07-19", "2021-10-11"])
def test_days_that_the_olympics_made_ordinary(day: str) -> None:
    assert CLOSED.name_of(on(day)) is None
    assert CLOSED.is_business_day(on(day))


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        ("2026-12-28", False),
        ("2026-12-29", True),
        ("2026-12-31", True),
        ("2027-01-01", True),
        ("2027-01-03", True),
        ("2027-01-04", False),
    ],
)
def test_the_year_end_runs_over_new_year(day: str, closed: bool) -> None:
    assert (CLOSED.name_of(on(day)) == "年末年始") is closed


def test_a_year_end_may_lie_within_one_year_or_be_missing() -> None:
    within = ClosedDays(year_end=((12, 30), (12, 31)))
    none = ClosedDays(year_end=None)

    assert [within.name_of(on(d)) for d in ("2026-12-29", "2026-12-30", "2026-12-31")] == [
        None,
        "年末年始",
        "年末年始",
    ]
    assert none.is_business_day(on("2026-12-31"))
    assert none.name_of(on("2027-01-01")) == "元日"


def test_a_towns_own_holiday_closes_too_and_gives_its_name() -> None:
    town = ClosedDays(local={on("2026-10-28"): "市民の日"})

    assert town.name_of(on("2026-10-28")) == "市民の日"
    assert not town.is_business_day(on("2026-10-28"))
    assert town.name_of(on("2026-10-29")) is None


def test_saturdays_and_sundays_are_open_but_no_business_days() -> None:
    assert CLOSED.name_of(on("2026-11-21")) is None
    assert not CLOSED.is_business_day(on("2026-11-21"))
    assert not CLOSED.is_business_day(on("2026-11-22"))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-03-21", 1, "2026-03-19"),  # the Friday between is 春分の日
        ("2026-11-21", 1, "2026-11-20"),
        ("2026-11-21", 3, "2026-11-18"),
        ("2026-05-07", 1, "2026-05-01"),
        ("2027-01-04", 1, "2026-12-28"),
        ("2026-11-20", 1, "2026-11-19"),
        ("2026-11-20", 0, "2026-11-20"),
    ],
)
def test_business_days_before_skip_weekends_and_closed_days(
    day: str, count: int, expected: str
) -> None:
    assert CLOSED.business_days_before(on(day), count) == on(expected)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-20", "2026-11-24"),  # the Monday is 勤労感謝の日
        ("2026-12-28", "2027-01-04"),
        ("2026-11-24", "2026-11-25"),
    ],
)
def test_the_next_business_day_skips_weekends_and_closed_days(day: str, expected: str) -> None:
    assert CLOSED.next_business_day(on(day)) == on(expected)
