"""Files of days of any kind: taken whole up to the last day that is wanted, or refused in words."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from booking.desks.dated_files import MOST_STRETCHES
from booking.errors import Invalid
from booking.i18n import SENTENCES, sentence
from tests.booking.desks.days import EVENT, TODAY, calendar, days, faults, read


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


def test_too_many_days_are_refused_rather_than_cut() -> None:
    text = "\n".join(
        str(date.fromordinal(TODAY.toordinal() + n)) for n in range(MOST_STRETCHES + 1)
    )

    assert faults(text) == [("too-many", None)]


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
