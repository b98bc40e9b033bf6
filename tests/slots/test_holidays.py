"""Closed days, against what the law itself says, read day by day."""

from datetime import date, timedelta
from functools import cache
from math import floor

import pytest

from slots.holidays import ClosedDays, national_holidays
from slots.zone import days
from tests.slots.examples import CLOSED, on

# 国民の祝日に関する法律, art. 2, as it stands since 2020.
FIXED = {
    (1, 1): "元日",
    (2, 11): "建国記念の日",
    (2, 23): "天皇誕生日",
    (4, 29): "昭和の日",
    (5, 3): "憲法記念日",
    (5, 4): "みどりの日",
    (5, 5): "こどもの日",
    (8, 11): "山の日",
    (11, 3): "文化の日",
    (11, 23): "勤労感謝の日",
}
HAPPY_MONDAYS = {
    (1, 2): "成人の日",
    (7, 3): "海の日",
    (9, 3): "敬老の日",
    (10, 2): "スポーツの日",
}
# 平成三十二年東京オリンピック競技大会…特別措置法, art. 29 and 30 (32 and 33 before).
OLYMPIC = {
    2020: {"海の日": (7, 23), "スポーツの日": (7, 24), "山の日": (8, 10)},
    2021: {"海の日": (7, 22), "スポーツの日": (7, 23), "山の日": (8, 8)},
}
# 天皇の即位の日及び即位礼正殿の儀の行われる日を休日とする法律: both count as 国民の祝日.
ACCESSION = {date(2019, 5, 1), date(2019, 10, 22)}


def nth_monday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7 + 7 * (nth - 1))


def equinox(year: int, constant: float) -> int:
    """The day of the month by the formula for 1980 to 2099."""
    return floor(constant + 0.242194 * (year - 1980)) - floor((year - 1980) / 4)


@cache
def named_by_law(year: int) -> dict[date, str]:
    """国民の祝日: art. 2 and the special laws."""
    found = {date(year, *month_day): name for month_day, name in FIXED.items()}
    found |= {nth_monday(year, *rule): name for rule, name in HAPPY_MONDAYS.items()}
    found[date(year, 3, equinox(year, 20.8431))] = "春分の日"
    found[date(year, 9, equinox(year, 23.2488))] = "秋分の日"
    for name, month_day in OLYMPIC.get(year, {}).items():
        found = {day: one for day, one in found.items() if one != name}
        found[date(year, *month_day)] = name
    if year == 2019:  # the reigning emperor's birthday fell between two reigns
        del found[date(2019, 2, 23)]
        found |= dict.fromkeys(ACCESSION, "即位")
    return found


def is_named(day: date) -> bool:
    return day in named_by_law(day.year)


def is_substitute(day: date) -> bool:
    """Art. 3 II: a holiday on a Sunday gives the next day after it that is none."""
    if is_named(day):
        return False
    before = day - timedelta(days=1)
    while is_named(before):
        if before.weekday() == 6:
            return True
        before -= timedelta(days=1)
    return False


def is_sandwiched(day: date) -> bool:
    """Art. 3 III: a day between two holidays, itself none."""
    one = timedelta(days=1)
    return not is_named(day) and is_named(day - one) and is_named(day + one)


@pytest.mark.parametrize("year", range(2019, 2031))
def test_every_day_of_the_year_is_what_the_law_makes_it(year: int) -> None:
    by_law = {
        day
        for day in days(date(year, 1, 1), date(year + 1, 1, 1))
        if is_named(day) or is_substitute(day) or is_sandwiched(day)
    }

    assert set(national_holidays(year)) == by_law


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
