"""What a rule does on closed days, and holidays that are read from a file."""

from datetime import date, timedelta

import pytest

from slots.holidays import (
    ClosedDays,
    HolidayFileError,
    NationalHolidays,
    OnHoliday,
    national_holidays,
    read_holidays,
)
from tests.slots.examples import CLOSED, on

# 2026: Friday 20 March 春分の日; 3 to 6 May (Sunday to Wednesday) closed, Wednesday 29 April too;
# 21 to 23 September (Monday to Wednesday); the year-end from Tuesday 29 December to Sunday 3 January.
HELD = [
    # a Friday before a weekend
    ("2026-03-20", "next_day", "2026-03-21"),
    ("2026-03-20", "next_business_day", "2026-03-23"),
    ("2026-03-20", "next_week", "2026-03-27"),
    # Golden Week, a chain
    ("2026-04-29", "next_day", "2026-04-30"),
    ("2026-04-29", "next_business_day", "2026-04-30"),
    ("2026-04-29", "next_week", "2026-05-13"),  # 6 May is 振替休日
    ("2026-05-03", "next_day", "2026-05-07"),
    ("2026-05-03", "next_business_day", "2026-05-07"),
    ("2026-05-03", "next_week", "2026-05-10"),
    ("2026-05-04", "next_day", "2026-05-07"),
    ("2026-05-06", "next_week", "2026-05-13"),
    # Silver Week
    ("2026-09-21", "next_day", "2026-09-24"),
    ("2026-09-22", "next_business_day", "2026-09-24"),
    ("2026-09-21", "next_week", "2026-09-28"),
    # the year-end
    ("2026-12-29", "next_day", "2027-01-04"),
    ("2026-12-31", "next_business_day", "2027-01-04"),
    ("2026-12-29", "next_week", "2027-01-05"),
    ("2027-01-01", "next_week", "2027-01-08"),
    # a holiday on a Saturday, and the Sunday after it
    ("2027-01-02", "next_day", "2027-01-04"),
    ("2027-03-21", "next_day", "2027-03-23"),  # Sunday 春分の日, Monday 振替休日
]


@pytest.mark.parametrize(("day", "policy", "held"), HELD)
def test_a_holiday_shifts_what_is_planned(day: str, policy: OnHoliday, held: str) -> None:
    assert CLOSED.held_on(on(day), policy) == on(held)


@pytest.mark.parametrize("day", sorted({day for day, _, _ in HELD}))
def test_a_holiday_is_skipped_or_kept_where_the_rule_says_so(day: str) -> None:
    assert CLOSED.held_on(on(day), "skip") is None
    assert CLOSED.held_on(on(day), "open") == on(day)
    assert CLOSED.held_on(on(day), "ask") == on(day)


@pytest.mark.parametrize(
    "policy", ["skip", "open", "ask", "next_day", "next_week", "next_business_day"]
)
@pytest.mark.parametrize("day", ["2026-11-20", "2026-11-21", "2026-11-22"])
def test_other_days_stay_weekends_among_them(day: str, policy: OnHoliday) -> None:
    """A session on the third Saturday is no holiday's business."""
    assert CLOSED.held_on(on(day), policy) == on(day)


def test_a_towns_own_days_lengthen_the_chain() -> None:
    town = ClosedDays(local={on("2026-05-07"): "開庁記念日", on("2026-05-08"): "休庁日"})

    assert town.held_on(on("2026-05-03"), "next_day") == on("2026-05-09")
    assert town.held_on(on("2026-05-03"), "next_business_day") == on("2026-05-11")
    assert town.held_on(on("2026-05-07"), "next_week") == on("2026-05-14")


def test_what_finds_no_day_within_forty_is_not_held() -> None:
    first = on("2026-06-01")
    forty = ClosedDays(local={first + timedelta(days=n): "改修" for n in range(40)})
    longer = ClosedDays(local={first + timedelta(days=n): "改修" for n in range(41)})

    assert forty.held_on(first, "next_day") == on("2026-07-11")
    assert longer.held_on(first, "next_day") is None
    assert longer.held_on(first, "next_business_day") is None
    assert longer.held_on(first, "next_week") is None


def test_a_weekend_is_what_the_town_says() -> None:
    """A library that is closed on Mondays."""
    library = ClosedDays(weekend=(0,))

    assert [library.is_business_day(on(f"2026-11-{n}")) for n in (14, 15, 16, 17)] == [
        *(True, True, False, True)
    ]
    assert library.business_days_before(on("2026-11-17"), 1) == on("2026-11-15")
    assert library.next_business_day(on("2026-11-15")) == on("2026-11-17")
    assert library.held_on(on("2026-03-20"), "next_business_day") == on("2026-03-21")
    assert library.held_on(on("2026-11-16"), "next_day") == on("2026-11-16")


def test_without_a_weekend_only_closed_days_are_none() -> None:
    every_day = ClosedDays(weekend=())

    assert every_day.is_business_day(on("2026-11-22"))
    assert not every_day.is_business_day(on("2026-11-23"))


# ---------------------------------------------------------------- the file of holidays
HEADING = "国民の祝日・休日月日,国民の祝日・休日名称"
LINES = [HEADING, "2027/1/1,元日", "2027/3/21,春分の日", "2027/3/22,休日"]
FOUND = {on("2027-01-01"): "元日", on("2027-03-21"): "春分の日", on("2027-03-22"): "休日"}


@pytest.mark.parametrize("encoding", ["cp932", "shift_jis", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_the_cabinet_offices_file_is_read_as_published_and_as_saved_again(
    encoding: str, end: str
) -> None:
    data = end.join([*LINES, ""]).encode(encoding)

    assert read_holidays(data) == NationalHolidays(FOUND, frozenset({2027}))


def test_quotes_zeros_and_empty_lines_are_no_fault() -> None:
    data = f'{HEADING}\n2027/01/01, "元日" \n\n2027/3/21,春分の日,\n'.encode()

    assert read_holidays(data).named[on("2027-01-01")] == "元日"


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ([*LINES, "2027-04-29,昭和の日"], "line 5 is not 2026/3/20,春分の日"),
        ([HEADING, "2027/2/30,祝日"], "line 2 is not 2026/3/20,春分の日"),
        ([HEADING, "2027/1/1,元日", "元日,2027/1/1"], "line 3 is not 2026/3/20,春分の日"),
        ([HEADING, "", "2027/1,元日"], "line 3 is not 2026/3/20,春分の日"),
        ([HEADING, "2027/1/1"], "line 2 names no holiday; write 2026/3/20,春分の日"),
        ([HEADING, "2027/1/1, "], "line 2 names no holiday; write 2026/3/20,春分の日"),
        ([HEADING, '2027/1/1,""'], "line 2 names no holiday; write 2026/3/20,春分の日"),
        ([HEADING], "has no holiday; write 2026/3/20,春分の日 below a heading"),
        ([], "has no holiday; write 2026/3/20,春分の日 below a heading"),
        (LINES[1:], "line 1 is a holiday; write 2026/3/20,春分の日 below a heading"),
    ],
)
def test_a_broken_line_is_named_by_its_number(lines: list[str], complaint: str) -> None:
    with pytest.raises(HolidayFileError) as refused:
        read_holidays("\r\n".join(lines).encode("cp932"))

    assert str(refused.value) == complaint


def test_a_file_in_another_code_is_refused() -> None:
    with pytest.raises(HolidayFileError) as refused:
        read_holidays("\n".join(LINES).encode("utf-16"))

    assert str(refused.value) == "is neither Shift_JIS nor UTF-8"


def test_the_years_of_a_file_replace_the_laws_reckoning_and_other_years_stay() -> None:
    """A special law moved a holiday after this program was made."""
    file = read_holidays(f"{HEADING}\n2027/7/1,海の日\n".encode("cp932"))
    town = ClosedDays(national=file)

    assert town.name_of(on("2027-07-01")) == "海の日"
    assert town.name_of(on("2027-07-19")) is None
    assert town.name_of(on("2027-11-03")) is None
    assert town.name_of(on("2027-01-01")) == "年末年始"
    for year in (2026, 2028):
        for day, name in national_holidays(year).items():
            assert (town.name_of(day) or "") in (name, "年末年始")


def test_a_year_of_a_file_counts_for_rolls_and_business_days() -> None:
    town = ClosedDays(national=NationalHolidays.of({date(2026, 11, 20): "祝日"}))

    assert town.held_on(on("2026-11-20"), "next_business_day") == on("2026-11-23")
    assert town.business_days_before(on("2026-11-21"), 1) == on("2026-11-19")
