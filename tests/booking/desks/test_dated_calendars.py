"""Calendars of days: read in the desk's own time, or refused whole with every line."""

from datetime import time
from typing import Any

import pytest

from booking.i18n import SENTENCES
from tests.booking.desks.days import EVENT, calendar, days, faults, read


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
