"""Files of days: read as they are meant, in the desk's own time, or refused whole with every line."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from booking.desks.dated_files import MOST_STRETCHES, DatedFile, read_dated_file
from booking.errors import Invalid
from booking.i18n import SENTENCES, sentence
from slots.holidays import read_holidays

TODAY = date(2026, 11, 24)
# Invented days in the form of the Cabinet Office's syukujitsu.csv.
HOLIDAYS = (
    "国民の祝日・休日月日,国民の祝日・休日名称\r\n"
    "2026/11/23,勤労感謝の日\r\n2027/1/1,元日\r\n2027/3/21,春分の日\r\n2027/3/22,休日\r\n"
)
EVENT = "DTSTART;VALUE=DATE:20261219\r\nDTEND;VALUE=DATE:20261220\r\n"


def read(
    data: str | bytes,
    *,
    zone: str = "Asia/Tokyo",
    year: int | None = None,
    until: date | None = None,
) -> DatedFile:
    raw = data if isinstance(data, bytes) else data.encode()
    return read_dated_file(raw, zone_name=zone, today=TODAY, fiscal_year=year, until=until)


def days(data: str | bytes, **options: Any) -> list[tuple[Any, ...]]:
    """first, last, and the times where there are any."""
    return [
        (
            str(one.first),
            str(one.last),
            *((f"{one.start:%H:%M}", f"{one.end:%H:%M}") * bool(one.end)),
        )
        if one.start and one.end
        else (str(one.first), str(one.last))
        for one in read(data, **options).stretches
    ]


def faults(data: str | bytes, **options: Any) -> list[tuple[str, Any]]:
    with pytest.raises(Invalid) as refused:
        read(data, **options)
    return [(one.code, one.facts.get("line")) for one in refused.value.errors]


def calendar(*events: str, ends: str = "\r\n", before: str = "") -> str:
    """A calendar of events, each its lines."""
    inner = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\n{one}END:VEVENT\r\n" for n, one in enumerate(events)
    )
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{before}{inner}END:VCALENDAR\r\n"
    return text.replace("\r\n", ends)


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
    found = read("2026-12-19,9:00-12:00,午後は通常どおり")

    assert [one.text for one in found.stretches] == ["午後は通常どおり"]


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


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04\x14\x00",
        b"\xd0\xcf\x11\xe0",
        b"%PDF-1.7\n1 0 obj",
        b"<!DOCTYPE html>\n2026-12-19",
    ],
    ids=["a book of Excel or an archive", "an old book", "a PDF", "a page of the web"],
)
def test_a_file_of_another_kind_is_told_from_a_broken_one(data: bytes) -> None:
    assert faults(data) == [("other-kind", None)]
    assert "file.other-kind" in SENTENCES


def test_days_after_the_last_that_is_wanted_are_left_out_and_counted() -> None:
    weekly = calendar(f"{EVENT}RRULE:FREQ=WEEKLY\r\n", "DTSTART;VALUE=DATE:20270601\r\n")
    until = date(2027, 1, 1)

    assert days(weekly, until=until) == [(day, day) for day in ("2026-12-19", "2026-12-26")]
    assert read(weekly, until=until).left_out == {"later": 1}
    assert days("2026-12-19\n2026-12-31,2027-01-03\n2027-01-02\n", until=until) == [
        ("2026-12-19", "2026-12-19"),
        ("2026-12-31", "2027-01-03"),
    ]


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


def test_too_many_days_are_refused_rather_than_cut() -> None:
    text = "\n".join(
        str(date.fromordinal(TODAY.toordinal() + n)) for n in range(MOST_STRETCHES + 1)
    )

    assert faults(text) == [("too-many", None)]


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_end_of_whole_days_is_not_one_of_them(ends: str, mark: str) -> None:
    text = calendar("DTSTART;VALUE=DATE:20261228\r\nDTEND;VALUE=DATE:20270104\r\n", ends=ends)

    assert days(mark + text) == [("2026-12-28", "2027-01-03")]


@pytest.mark.parametrize(
    ("lines", "meant"),
    [
        ("DTSTART;VALUE=DATE:20261219\r\n", [("2026-12-19", "2026-12-19")]),
        ("DTSTART;VALUE=DATE:20261219\r\nDTEND:20261219\r\n", [("2026-12-19", "2026-12-19")]),
        (
            "DTSTART:20261219T000000Z\r\nDTEND:20261219T030000Z\r\n",
            [("2026-12-19", "2026-12-19", "09:00", "12:00")],
        ),
        (
            "DTSTART:20261218T230000Z\r\nDURATION:PT90M\r\n",
            [("2026-12-19", "2026-12-19", "08:00", "09:30")],
        ),
        (
            "DTSTART:20261219T090000\r\nDTEND:20261219T120000\r\n",
            [("2026-12-19", "2026-12-19", "09:00", "12:00")],
        ),
        (
            "DTSTART;TZID=America/New_York:20261218T190000\r\nDURATION:PT1H\r\n",
            [("2026-12-19", "2026-12-19", "09:00", "10:00")],
        ),
        (
            'DTSTART;TZID="Tokyo Standard Time":20261219T090000\r\nDURATION:PT1H\r\n',
            [("2026-12-19", "2026-12-19", "09:00", "10:00")],
        ),
        (
            "DTSTART;TZID=/mozilla.org/20050126_1/Asia/Tokyo:20261219T090000\r\nDURATION:PT1H\r\n",
            [("2026-12-19", "2026-12-19", "09:00", "10:00")],
        ),
        (
            "DTSTART:20261219T090030\r\nDTEND:20261219T100030\r\n",
            [("2026-12-19", "2026-12-19", "09:00", "10:01")],
        ),
        ("DTSTART:20261219T000000\r\nDURATION:P1D\r\n", [("2026-12-19", "2026-12-19")]),
        (
            "DTSTART:20261218T130000\r\nDTEND:20261220T100000\r\n",
            [
                ("2026-12-18", "2026-12-18", "13:00", "23:59"),
                ("2026-12-19", "2026-12-19"),
                ("2026-12-20", "2026-12-20", "00:00", "10:00"),
            ],
        ),
        (
            "DTSTART:20261218T220000\r\nDTEND:20261219T000000\r\n",
            [("2026-12-18", "2026-12-18", "22:00", "23:59")],
        ),
    ],
)
def test_times_are_the_desks_whatever_zone_they_were_written_in(
    lines: str, meant: list[tuple[str, ...]]
) -> None:
    assert days(calendar(lines)) == meant


def test_a_zone_that_only_the_file_knows_is_taken_from_it() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0500\r\nTZOFFSETTO:+0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    event = "DTSTART;TZID=Ours:20261219T090000\r\nDURATION:PT1H\r\n"

    assert days(calendar(event, before=zone)) == [("2026-12-19", "2026-12-19", "13:00", "14:00")]
    assert faults(calendar(event)) == [("ics-zone", 5)]


SERIES = "DTSTART;TZID=Asia/Tokyo:20261107T090000\r\nDURATION:PT2H\r\n"


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ("RRULE:FREQ=WEEKLY;COUNT=6", ["11-28", "12-05", "12-12"]),
        ("RRULE:FREQ=WEEKLY;UNTIL=20261204T235959Z", ["11-28", "12-05"][:1]),
        ("RRULE:FREQ=WEEKLY;UNTIL=20261205", ["11-28", "12-05"]),
        ("RRULE:FREQ=MONTHLY;BYDAY=3SA;UNTIL=20270101T000000Z", ["12-19"]),
        (
            "RRULE:FREQ=WEEKLY;COUNT=6\r\nEXDATE;TZID=Asia/Tokyo:20261205T090000",
            ["11-28", "12-12"],
        ),
        ("RRULE:FREQ=WEEKLY;COUNT=6\r\nEXDATE:20261205T000000Z,20261212T000000Z", ["11-28"]),
        ("RDATE;TZID=Asia/Tokyo:20261222T090000", ["12-22"]),
    ],
)
def test_a_series_falls_on_the_days_that_its_rule_says(rule: str, meant: list[str]) -> None:
    found = read(calendar(f"{SERIES}{rule}\r\n"))

    assert [f"{one.first:%m-%d}" for one in found.stretches] == meant
    assert {(one.start, one.end) for one in found.stretches} == {(time(9), time(11))}


def test_a_series_without_an_end_is_followed_for_two_years() -> None:
    found = days(calendar("DTSTART;VALUE=DATE:20250401\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1\r\n"))

    assert found[0][0] == "2026-12-01"
    assert found[-1][0] == "2028-11-01"


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=7;BYDAY=MO"]
)
def test_a_rule_that_never_falls_again_comes_to_its_end(rule: str) -> None:
    start = "DTSTART;VALUE=DATE:20261219\r\n"

    assert days(calendar(f"{start}RRULE:{rule}\r\n")) == [("2026-12-19", "2026-12-19")]


@pytest.mark.parametrize(
    "rule",
    [
        *("FREQ=SECONDLY", "FREQ=HOURLY;COUNT=3", "COUNT=3", "FREQ=DAILY;INTERVAL=0", "FREQ=X"),
        *("FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;UNTIL=soon", "", "x"),
        *("FREQ=MONTHLY;BYDAY=99XX", "FREQ=DAILY;COUNT=99999", "FREQ=YEARLY;BYMONTH=0,,-"),
    ],
)
def test_what_is_no_rule_of_days_is_refused_with_its_line(rule: str) -> None:
    assert faults(calendar(f"{EVENT}RRULE:{rule}\r\n")) == [("ics-rule", 7)]


def test_what_replaces_one_of_a_series_counts_in_its_stead() -> None:
    text = calendar(f"{SERIES}RRULE:FREQ=WEEKLY;COUNT=7\r\n").replace("END:VCALENDAR\r\n", "")
    instead = (
        "BEGIN:VEVENT\r\nUID:0\r\nRECURRENCE-ID:20261205T000000Z\r\n"
        "DTSTART:20261206T130000\r\nDTEND:20261206T140000\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:0\r\nRECURRENCE-ID;TZID=Asia/Tokyo:20261212T090000\r\n"
        "DTSTART:20261212T090000\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    assert [one[0] for one in days(text + instead)] == ["2026-11-28", "2026-12-06", "2026-12-19"]


def test_cancelled_events_and_those_without_a_length_are_left_out_and_counted() -> None:
    moment = "DTSTART:20261219T090000\r\n"
    found = read(calendar(EVENT, f"{EVENT}STATUS:CANCELLED\r\n", moment, EVENT))

    assert len(found.stretches) == 1
    assert found.left_out == {"cancelled": 1, "moments": 1, "again": 1}


def test_of_one_event_sent_twice_the_newer_counts() -> None:
    older = "BEGIN:VEVENT\r\nUID:0\r\nSEQUENCE:1\r\nDTSTART;VALUE=DATE:20261201\r\nEND:VEVENT\r\n"
    text = calendar(f"SEQUENCE:2\r\n{EVENT}", before=older)

    assert days(text) == [("2026-12-19", "2026-12-19")]


def test_a_calendar_that_calls_its_events_off_closes_nothing() -> None:
    assert faults(calendar(EVENT, before="METHOD:CANCEL\r\n")) == [("nothing-ahead", None)]


def test_titles_are_unfolded_and_on_one_line() -> None:
    folded = "SUMMARY:臨時\\, 休館\\nの\r\n  お知らせ\u202e" + "あ" * 200 + "\r\n"
    (one,) = read(calendar(EVENT + folded)).stretches

    assert one.text is not None
    assert one.text.startswith("臨時, 休館 の お知らせ あ")
    assert len(one.text) == 100


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("BEGIN:VEVENT\nEND:VEVENT\n", [("ics-outside", 1)]),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261219\n", [("ics-cut", 3)]),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", [("ics-end", 3)]),
        (calendar("SUMMARY:x\r\n"), [("ics-no-start", 3)]),
        (calendar("DTSTART:20261319\r\n"), [("ics-time", 5)]),
        (calendar("DTSTART:20261219T250000\r\n"), [("ics-time", 5)]),
        (calendar("no colon here\r\n" + EVENT), [("ics-line", 5)]),
        (calendar(EVENT.replace("20261220", "20261201")), [("ics-backwards", 6)]),
        (calendar("DTSTART:20261219\r\nDTEND:20261219T100000\r\n"), [("ics-kinds", 6)]),
        (calendar(f"{EVENT}RECURRENCE-ID;RANGE=THISANDFUTURE:20261219\r\n"), [("ics-rule", 7)]),
        (calendar("DTSTART:x\r\n", "DTSTART:y\r\n"), [("ics-time", 5), ("ics-time", 9)]),
        (calendar(), [("no-dates", None)]),
        (calendar("DTSTART;VALUE=DATE:20010101\r\n"), [("nothing-ahead", None)]),
        ("BEGIN:VCALENDAR\r\n" * 20, [("ics-line", 9)]),
    ],
)
def test_a_broken_calendar_is_refused_whole_with_its_lines(
    text: str, meant: list[tuple[str, Any]]
) -> None:
    found = faults(text)

    assert found[: len(meant)] == meant
    assert all(f"file.{code}" in SENTENCES for code, _ in found)


def test_a_calendar_that_lost_its_beginning_is_still_one() -> None:
    cut = calendar(EVENT).partition("\r\n")[2]

    assert faults(cut) == [("ics-outside", 1)]


def test_a_letter_that_a_fold_cut_in_two_is_whole_again() -> None:
    raw = calendar(f"{EVENT}SUMMARY:休み\r\n").encode()
    cut = raw.replace("休".encode(), "休".encode()[:1] + b"\r\n " + "休".encode()[1:])
    found = read(cut)

    assert (found.charset, [one.text for one in found.stretches]) == ("UTF-8", ["休み"])


def test_what_is_no_event_is_left_out_and_counted() -> None:
    others = "BEGIN:VTODO\r\nUID:a\r\nEND:VTODO\r\nBEGIN:VFREEBUSY\r\nUID:b\r\nEND:VFREEBUSY\r\n"

    assert read(calendar(EVENT, before=others)).left_out == {"others": 2}
    assert faults(calendar(before=others)) == [("no-dates", None)]


LINES = st.sampled_from(
    [
        *("BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "x"),
        *("DTSTART;VALUE=DATE:20261219", "DTEND:20261220T010000Z", "DURATION:P1W", "UID:1", ""),
        *("RRULE:FREQ=WEEKLY;COUNT=3", "RRULE:FREQ=DAILY;BYSETPOS=-1", "EXDATE:20261226", " fold"),
        *("RECURRENCE-ID:20261226", "DTSTART;TZID=Asia/Tokyo:20270101T000000", "STATUS:CANCELLED"),
        *("BEGIN:VTIMEZONE", "TZID:Ours", "END:VTIMEZONE", "DTSTART;TZID=Ours:20261219T000000"),
        *(
            "2026-12-19",
            "令和8年12月20日（日）,雪",
            "2026/12/29,2027/1/3",
            "4/18",
            "2026/12/29～1/3",
            "12月19日,土,13:00,午後4時;",
            '"',
            ",,,",
            "1/1~",
        ),
    ]
)


@given(st.one_of(st.binary(max_size=200), st.lists(LINES, max_size=14).map("\n".join)))
@example(b"\xff\xfe\x00")
@example("BEGIN:")
@example(calendar(f"{EVENT}RRULE:FREQ=YEARLY;BYWEEKNO=53;UNTIL=99991231T235959Z\r\n"))
@example(calendar("DTSTART:21991231T235959\r\nDURATION:P9999W\r\n"))
@example(calendar("DTSTART:99991231T235959Z\r\n"))
@example(calendar(f"{EVENT}RRULE:FREQ=YEARLY;BYMONTHDAY=99\r\n"))
def test_whatever_comes_is_read_or_refused_in_words(data: bytes | str) -> None:
    try:
        found = read(data, year=2026)
    except Invalid as refused:
        for one in refused.errors:
            assert sentence(one.field, one.code, one.facts) != sentence("?", "?")
    else:
        assert 0 < len(found.stretches) <= MOST_STRETCHES
        assert all(one.first <= one.last and one.last >= TODAY for one in found.stretches)
        timed = [one for one in found.stretches if one.start and one.end]
        assert all(one.first == one.last and one.start < one.end for one in timed)
