"""Lists of days: read as offices write them, each line as it is meant or refused."""

import pytest

from booking.errors import Invalid
from booking.i18n import SENTENCES, sentence
from slots.holidays import read_holidays
from tests.booking.desks.days import TODAY, days, faults, read

# Invented days in the form of the Cabinet Office's syukujitsu.csv.
HOLIDAYS = (
    "国民の祝日・休日月日,国民の祝日・休日名称\r\n"
    "2026/11/23,勤労感謝の日\r\n2027/1/1,元日\r\n2027/3/21,春分の日\r\n2027/3/22,休日\r\n"
)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_the_cabinet_offices_file_is_read_in_any_encoding_that_programs_save(
    charset: str, ends: str
) -> None:
    data = HOLIDAYS.replace("\r\n", ends).encode(charset)
    found = read(data)

    assert [(one.line, str(one.first), one.text) for one in found.stretches] == [
        (3, "2027-01-01", "元日"),
        (4, "2027-03-21", "春分の日"),
        (5, "2027-03-22", "休日"),
    ]
    assert found.left_out == {"past": 1}


def test_the_cabinet_offices_file_says_the_same_as_in_a_desk_file() -> None:
    data = HOLIDAYS.encode("cp932")
    named = {one.first: one.text for one in read(data).stretches}

    assert named == {day: name for day, name in read_holidays(data).named.items() if day >= TODAY}


@pytest.mark.parametrize(
    "written",
    [
        *(
            "2027-04-18",
            "2027/4/18",
            "2027.04.18",
            "20270418",
            "２０２７年４月１８日",
            "2027/4/18(日)",
        ),
        *("令和9年4月18日", "令和９年４月１８日（日）", "R9.4.18", "㋿9年4月18日", "令和9/4/18"),
        *("4月18日", "4/18", "4月18日（日）", "4月18日㈰", " 4月18日 日曜日 ", "4月18日（日・祝）"),
        # What Excel and databases make of a day, and an era by its first letter.
        *("2027/4/18 0:00", "2027/4/18 0:00:00", "2027-04-18T00:00:00", "令9.4.18"),
    ],
)
def test_a_day_is_read_as_offices_write_it(written: str) -> None:
    assert days(written, year=2027) == [("2027-04-18", "2027-04-18")]


def test_a_day_without_a_year_lies_in_the_fiscal_year_that_ends_in_march() -> None:
    assert days("12/1\n3/31\n", year=2026) == [
        ("2026-12-01", "2026-12-01"),
        ("2027-03-31", "2027-03-31"),
    ]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("2026-12-29,2027-01-03,年末年始", ("2026-12-29", "2027-01-03")),
        ("2026/12/29～2027/1/3,年末年始", ("2026-12-29", "2027-01-03")),
        ("2026-12-19,9:00-12:00", ("2026-12-19", "2026-12-19", "09:00", "12:00")),
        ("2026-12-19,,13時半～16時,午後", ("2026-12-19", "2026-12-19", "13:30", "16:00")),
        ('"2026-12-19","","雪, 寒さ"', ("2026-12-19", "2026-12-19")),
        ("2026-12-19\t\t雪", ("2026-12-19", "2026-12-19")),
        ("2026-12-19\t雪, 寒さ", ("2026-12-19", "2026-12-19")),
        ("2026-12-19;9:00-12:00;雪", ("2026-12-19", "2026-12-19", "09:00", "12:00")),
        ("2026-12-19，雪", ("2026-12-19", "2026-12-19")),
        # Columns that are empty on this line, a weekday's own, and two for the time.
        ("2026-12-19,,,雪,,", ("2026-12-19", "2026-12-19")),
        ("2026-12-19,土,定例会", ("2026-12-19", "2026-12-19")),
        ("2026-12-19,（土）,9:00,12:00,会議", ("2026-12-19", "2026-12-19", "09:00", "12:00")),
        ("2026-12-19,終日,会議", ("2026-12-19", "2026-12-19")),
        ("2026-12-29～1/3,年末年始", ("2026-12-29", "2027-01-03")),
        ("2026-12-29,1月3日（日）,年末年始", ("2026-12-29", "2027-01-03")),
        ("2026年12月21日（月）から23日（水）まで", ("2026-12-21", "2026-12-23")),
    ],
)
def test_a_line_may_name_a_last_day_times_and_words(line: str, meant: tuple[str, ...]) -> None:
    assert days(f"日付\n{line}\n") == [meant]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("9:00-12:00", "09:00", "12:00"),
        ("13：00－16：30", "13:00", "16:30"),
        ("9:00:00～12:00:00", "09:00", "12:00"),
        ("10時から12時半まで", "10:00", "12:30"),
        ("午前9時～正午", "09:00", "12:00"),
        ("午後1時～午後4時", "13:00", "16:00"),
        ("午後1時30分～4時", "13:30", "16:00"),
        ("午前10時～午後3時", "10:00", "15:00"),
        ("午後0時30分～1時", "12:30", "13:00"),
        ("AM9:00-PM1:00", "09:00", "13:00"),
        ("18:00-24:00", "18:00", "23:59"),
    ],
)
def test_times_are_read_as_offices_write_them(written: str, start: str, end: str) -> None:
    assert days(f"2026-12-19,{written}") == [("2026-12-19", "2026-12-19", start, end)]


@pytest.mark.parametrize(
    "written",
    [
        *("9:00", "9:00～", "9:00-25:00", "～正午", "午後", "AM", "午前12時～午後1時", "9:00-9:75"),
        *("10:00-12:00、13:00-15:00", "午後から", "10時以降", ",12:00,会議"),
    ],
)
def test_a_time_that_cannot_be_read_closes_no_whole_day(written: str) -> None:
    assert faults(f"2026-12-19,{written}") == [("no-time", 1)]


def test_beside_a_time_the_words_may_speak_of_times() -> None:
    found = read("2026-12-19,9:00-12:00,午後は通常どおり\n2026-12-20,3時間研修")

    assert [one.text for one in found.stretches] == ["午後は通常どおり", "3時間研修"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2026-12-19,日,定例会", "weekday"),
        ("12/19/2026", "no-date"),
        ("46375", "serial"),
        ("令和8年度 日程表", "no-date"),
        # A year that was left out is not made up: nobody closes for a year with such a line.
        ("2026-12-21～12/20", "backwards"),
        ("2026-12-29,12月28日", "backwards"),
    ],
)
def test_a_wrong_day_is_said_to_be_wrong_in_its_own_way(line: str, code: str) -> None:
    assert faults(line) == [(code, 1)]
    assert f"file.{code}" in SENTENCES


def test_all_faults_are_told_at_once_each_with_its_line_and_a_sentence() -> None:
    lines = [
        *("2026-12-20（土）", "26/12/20", "foo", "2026-13-01", "12/1", "2026-12-20,2026-12-10"),
        *("2026-12-20,x,y", '"a"b,c', "2026-12-19,12:00-9:00", "2150-01-01", "2026-12-19"),
    ]
    codes = ["weekday", "short-year", "no-date", "no-such-day", "no-year", "backwards"]
    codes += ["columns", "quotes", "times-backwards", "far"]

    assert faults("\n".join(["日付", *lines])) == [(c, n) for n, c in enumerate(codes, 2)]
    assert all(f"file.{code}" in SENTENCES for code in codes)
    assert sentence("file", "weekday", {"line": 2}).startswith("2行目：")


def test_of_many_faults_twenty_are_told_and_the_rest_counted() -> None:
    with pytest.raises(Invalid) as refused:
        read("2026-12-01\n" + "x\n" * 50)

    assert len(refused.value.errors) == 21
    assert refused.value.errors[-1].facts == {"count": 30}


def test_only_a_line_without_a_digit_is_a_heading() -> None:
    assert faults("2026-13-40\n2026-12-19\n") == [("no-such-day", 1)]
