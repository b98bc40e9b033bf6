"""A desk file's TOML and the values that it becomes; and that all its faults are told at once."""

from datetime import date, time
from typing import Any

import pytest

from slots.definition import DefinitionError, parse
from slots.holidays import ClosedDays
from slots.recurrence import Dates, MonthlyWeekday, Recurrence, RRule, Weekly
from slots.sessions import session_on
from slots.window import BookingWindow, BusinessDaysBefore, DaysBefore
from tests.slots.desk_file import (
    FILE,
    HOURS,
    LEGAL,
    OPENING,
    RULE,
    changed,
    complaints,
    consultation_of,
    read,
)


def test_a_small_file_is_enough() -> None:
    town = read()
    desk, legal = town.desks[0], town.desks[0].consultations[0]

    assert (town.key, desk.key, legal.key) == ("town", "town/lawyer", "town/lawyer/legal")
    assert (town.zone, desk.zone, legal.zone) == ("Asia/Tokyo",) * 3
    assert town.closed_days == desk.closed_days == legal.closed_days == ClosedDays()
    assert desk.phone() == "0279-25-8526"
    assert desk.hours[0].recurrence == Weekly((0, 4))
    assert desk.hours[0].last_intake_minutes == 0
    assert legal.desk_key == desk.key


def test_what_a_file_leaves_out_is_the_careful_choice() -> None:
    """Staff confirm, one party at a time, holidays ask, booking closes a business day before."""
    legal = consultation_of(FILE)

    assert legal.confirmed_by == "staff"
    session = session_on(legal, date(2026, 11, 21))
    assert session is not None
    assert session.seats == 1
    assert legal.openings[0].on_holiday == "ask"
    assert legal.window.closes == BusinessDaysBefore(1, time(17, 15))
    assert legal.booked_by == ("online", "phone")
    assert legal.day_contact is None
    assert not legal.asks_age
    assert not legal.needs_referral


def test_times_of_day_may_be_written_as_toml_times() -> None:
    text = changed(('start = "09:00"', "start = 09:00:00"), ('end = "12:00"', "end = 12:00:00"))

    assert read(text) == read()


def test_a_window_is_read() -> None:
    window = "[desks.consultations.window]\nopens_days_before = 28\ncloses_at = '12:00'\n"

    found = consultation_of(f"{FILE}\n{window}").window

    assert found == BookingWindow(opens=DaysBefore(28), closes=BusinessDaysBefore(1, time(12)))


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ('weekly = ["sat", "sun"]', Weekly((5, 6))),
        ('monthly = { nth = [1, -1], weekday = "wed" }', MonthlyWeekday((1, -1), 2)),
        ("dates = [2026-11-21]", Dates((date(2026, 11, 21),))),
        (
            'rrule = "FREQ=MONTHLY;BYDAY=3SA"\nsince = 2026-04-01',
            RRule("FREQ=MONTHLY;BYDAY=3SA", date(2026, 4, 1)),
        ),
    ],
)
def test_each_kind_of_rule_is_read(written: str, rule: Recurrence) -> None:
    assert consultation_of(changed((RULE, written))).openings[0].recurrence == rule


@pytest.mark.parametrize(
    ("written", "closed"),
    [
        ('year_end = ["12-28", "01-04"]', ClosedDays(((12, 28), (1, 4)))),
        ("year_end = []", ClosedDays(None)),
        (
            'local_holidays = { "2026-10-28" = "市民の日" }',
            ClosedDays(local={date(2026, 10, 28): "市民の日"}),
        ),
    ],
)
def test_closed_days_are_read(written: str, closed: ClosedDays) -> None:
    text = changed(('sender = "町役場"', f'sender = "町役場"\n{written}'))

    assert read(text).closed_days == closed


def test_texts_lose_the_spaces_around_them() -> None:
    text = changed(('name = "町"', 'name = " 町 "'))

    assert read(text).name == "町"


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = changed(
        ('name = "町"', "nama = 1"),
        ('["mon", "fri"]', '["montag"]'),
        ('end = "17:15"', "ende = 17"),
        ("slot_minutes = 45", 'slot_minutes = "45"'),
        ("nth = [3]", "nth = [0]"),
    )

    found = [one.split(": ")[0] for one in complaints(text)]

    assert sorted(found) == sorted(
        [
            *("organisation.name", "organisation.nama", f"{HOURS}.weekly", f"{HOURS}.end"),
            *(f"{HOURS}.ende", f"{LEGAL}.slot_minutes", f"{OPENING}.monthly.nth"),
        ]
    )


def test_the_text_of_the_error_has_a_line_for_each_complaint() -> None:
    with pytest.raises(DefinitionError) as refused:
        read(changed(("format = 1", "format = 2"), ('id = "town"', 'id = "-"')))

    assert str(refused.value).splitlines() == [str(one) for one in refused.value.complaints]
    assert len(refused.value.complaints) == 2


def test_without_an_organisation_the_desks_are_still_looked_at() -> None:
    start, end = FILE.index("[organisation]"), FILE.index("[[desks]]")

    found = complaints((FILE[:start] + FILE[end:]).replace('"08:30"', '"8"'))

    assert [one.split(": ")[0] for one in found] == ["organisation", f"{HOURS}.start"]


@pytest.mark.parametrize("wrong", ["organisation = 1", "desks = 1", "desks = [1]"])
def test_an_empty_file_and_wrong_types_are_no_crash(wrong: str) -> None:
    assert complaints("")[0].startswith("organisation: is missing")
    assert any(one.startswith(wrong.split()[0]) for one in complaints(wrong))


def test_a_table_written_once_where_a_list_is_meant_is_told_the_brackets() -> None:
    found = complaints(changed(("[[desks.contacts]]", "[desks.contacts]")))

    assert len(found) == 1
    assert found[0].endswith("is not a list; write each below [[desks.contacts]]")


def test_two_desks_of_one_id_are_refused() -> None:
    desk = '\n[[desks]]\nid = "lawyer"\nname = "x"\nfee = "無料"\n'

    assert complaints(FILE + desk) == [
        "desks[1].id: 'town/lawyer' is desks[0] already; choose another id"
    ]


def test_two_consultations_of_one_id_are_refused_within_a_desk_and_taken_in_two() -> None:
    again = '\n[[desks.consultations]]\nid = "legal"\nname="x"\nallotment="arranged"\nfee="無料"\n'
    desk = '\n[[desks]]\nid = "other"\nname = "x"\nfee = "無料"\n'

    assert complaints(FILE + again) == [
        "desks[0].consultations[1].id: 'town/lawyer/legal' is consultations[0] already; "
        "choose another id"
    ]
    assert len(read(FILE + desk + again).desks) == 2


def test_missing_ids_are_not_called_twins() -> None:
    desk = '\n[[desks]]\nname = "x"\nfee = "無料"\n'

    assert [one.split(": ")[0] for one in complaints(FILE + desk + desk)] == [
        "desks[1].id",
        "desks[2].id",
    ]


OTHER_OPENING = """
[[desks.consultations.openings]]
{rule}
start = "13:00"
end = "16:00"
"""


@pytest.mark.parametrize("rule", ['weekly = ["sat"]', "dates = [2026-11-21]"])
def test_two_openings_on_one_day_are_refused_since_one_would_be_lost(rule: str) -> None:
    (found,) = complaints(FILE + OTHER_OPENING.format(rule=rule))

    assert found.startswith(f"{LEGAL}.openings[1]: falls on ")
    assert found.endswith("write another consultation")


def test_openings_that_never_meet_are_taken() -> None:
    first_saturday = 'monthly = { nth = [1], weekday = "sat" }'

    found = consultation_of(FILE + OTHER_OPENING.format(rule=first_saturday))

    assert len(found.openings) == 2


def test_an_arranged_consultation_may_say_how_long_it_takes() -> None:
    start = FILE.index("[[desks.consultations.openings]]")

    found = consultation_of(FILE[:start].replace('"date"', '"arranged"'))

    assert (found.allotment, found.slot_minutes, found.openings) == ("arranged", 45, ())


def test_sessions_need_openings() -> None:
    start = FILE.index("[[desks.consultations.openings]]")

    assert complaints(FILE[:start]) == [
        f"{LEGAL}.openings: allotment 'date' needs sessions; write [[desks.consultations.openings]]"
    ]


def test_a_long_value_is_not_repeated_whole() -> None:
    value: Any = {"format": 1, "organisation": ["x" * 500]}

    with pytest.raises(DefinitionError) as refused:
        parse(value)

    assert len(str(refused.value)) < 200


def test_a_desks_own_calendars_name_nobody_unless_its_file_says_so() -> None:
    fee = 'name = "弁護士の無料相談窓口"\n'

    assert read().desks[0].private_feed == "number"
    assert read(changed((fee, f'{fee}private_feed = "name"\n'))).desks[0].private_feed == "name"
    (found,) = complaints(changed((fee, f'{fee}private_feed = "phone"\n')))
    assert found == "desks[0].private_feed: 'phone' is not one of: number, name"
