"""Window, quotas, limits, eligibility and needs of a desk file: as read, and as complained of."""

from datetime import time
from typing import Any

import pytest

from slots.admission import TIES, VERIFY, Eligibility, Need
from slots.desk import Quotas
from slots.limits import PER, SCOPES, THEN, Limit
from slots.window import (
    LAST_BUSINESS_DAY,
    Before,
    BookingWindow,
    BusinessDaysBefore,
    ChannelWindow,
    DaysBefore,
    HoursBefore,
    MonthDayBefore,
    WeekdayBefore,
)
from tests.slots.desk_file import FILE, LEGAL, changed, complaints, consultation_of


def below(table: str, written: str) -> str:
    """The file with another table of its consultation."""
    return f"{FILE}\n[desks.consultations.{table}]\n{written}\n"


def listed(table: str, written: str) -> str:
    return f"{FILE}\n[[desks.consultations.{table}]]\n{written}\n"


def beside(written: str) -> str:
    """The file with more keys of its consultation."""
    return changed(("slot_minutes = 45", f"slot_minutes = 45\n{written}"))


def window(written: str) -> BookingWindow:
    return consultation_of(below("window", written)).window


# ---------------------------------------------------------------- windows
@pytest.mark.parametrize("key", ["opens", "closes"])
@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ('{}_days_before = 28\n{}_at = "09:00"', DaysBefore(28, time(9))),
        ('{}_weeks_before = 2\n{}_at = "09:00"', DaysBefore(14, time(9))),
        (
            '{}_days_before = 7\n{}_at = "09:00"\n{}_roll = "later"',
            DaysBefore(7, time(9), "later"),
        ),
        ('{}_business_days_before = 3\n{}_at = "09:00"', BusinessDaysBefore(3, time(9))),
        (
            '{}_months_before = 1\n{}_on_day = 20\n{}_at = "09:00"\n{}_roll = "earlier"',
            MonthDayBefore(1, 20, time(9), "earlier"),
        ),
        (
            '{}_months_before = 0\n{}_on_day = -1\n{}_at = "09:00"',
            MonthDayBefore(0, -1, time(9)),
        ),
        (
            '{}_weeks_before = 1\n{}_on_weekday = "thu"\n{}_at = "09:00"\n{}_roll = "earlier"',
            WeekdayBefore(1, 3, time(9), "earlier"),
        ),
        ("{}_hours_before = 24", HoursBefore(24)),
    ],
)
def test_each_way_to_count_back_is_read(key: str, written: str, moment: Before) -> None:
    found = window(written.replace("{}", key))

    assert getattr(found, key) == moment


def test_without_a_time_of_day_booking_opens_at_midnight_and_closes_when_the_office_does() -> None:
    found = window("opens_days_before = 28\ncloses_business_days_before = 2")

    assert found == BookingWindow(DaysBefore(28, time()), BusinessDaysBefore(2, time(17, 15)))
    assert window("") == BookingWindow(None, LAST_BUSINESS_DAY)
    assert window('closes_at = "12:00"').closes == BusinessDaysBefore(1, time(12))


def test_a_channel_has_a_window_of_its_own_where_it_says_so() -> None:
    found = window(
        """
opens_days_before = 28
closes_business_days_before = 3
online = { closes_hours_before = 48 }
phone = { opens_days_before = 14, opens_at = "09:00" }
walk-in = {}
"""
    )

    opens, closes = DaysBefore(28), BusinessDaysBefore(3, time(17, 15))
    assert found.channels == {
        "online": ChannelWindow(opens, HoursBefore(48)),
        "phone": ChannelWindow(DaysBefore(14, time(9)), closes),
        "walk-in": ChannelWindow(opens, closes),
    }


WINDOW_FAULTS = [
    ("opens_days_before = 731", "opens_days_before: 731 is not a number from 0 to 730"),
    ("opens_weeks_before = 105", "opens_weeks_before: 105 is not a number from 0 to 104"),
    ("opens_months_before = 25\nopens_on_day = 1", "opens_months_before: 25 is not a number from"),
    ("closes_business_days_before = 100", "closes_business_days_before: 100 is not a number from"),
    ("closes_hours_before = 721", "closes_hours_before: 721 is not a number from 0 to 720"),
    ('opens_days_before = "28"', "opens_days_before: '28' is not a whole number"),
    ('opens_days_before = "28"\nopens_at = "09:00"', "opens_days_before: '28' is not a whole"),
    ('opens_days_before = "28"\nopens_roll = "later"', "opens_days_before: '28' is not a whole"),
    (
        "opens_days_before = 28\nopens_weeks_before = 4",
        "opens_weeks_before: one moment has one count, not opens_days_before and opens_weeks_before",
    ),
    (
        "opens_days_before = 28\nopens_months_before = 1\nopens_on_day = 1",
        "opens_months_before: one moment has one count, not opens_days_before and opens_months_",
    ),
    ("opens_months_before = 1", "opens_on_day: is missing; months before counts to a day of the"),
    (
        "opens_months_before = 1\nopens_on_day = 32",
        "opens_on_day: 32 is not a number from -1 to 31",
    ),
    ("opens_days_before = 28\nopens_on_day = 1", "opens_on_day: goes with another way of counting"),
    ('opens_days_before = 28\nopens_on_weekday = "thu"', "opens_on_weekday: goes with another way"),
    (
        'opens_weeks_before = 4\nopens_on_weekday = "木"',
        "opens_on_weekday: '木' is not one of: mon",
    ),
    ('opens_days_before = 28\nopens_roll = "next"', "opens_roll: 'next' is not one of: none, ear"),
    (
        'closes_business_days_before = 1\ncloses_roll = "earlier"',
        "closes_roll: goes with another way of counting",
    ),
    ('closes_roll = "earlier"', "closes_roll: goes with another way of counting"),
    ('opens_at = "09:00"', "opens_at: says nothing without opens_days_before or the like"),
    ('opens_hours_before = 24\nopens_at = "09:00"', "opens_at: says nothing without opens_days_"),
    ('closes_hours_before = 24\ncloses_at = "09:00"', "closes_at: says nothing without closes_"),
    ("closes_at = 12", "closes_at: 12 is not a time of day"),
    ('closes_at = "noon"', "closes_at: 'noon' is not a time of day"),
    ('phone = { closes_at = "12:00" }', "phone.closes_at: says nothing without closes_days_before"),
    ("phone = { opens = 28 }", "phone.opens: is not a key of this table; known are: closes_at, "),
    ("phone = 28", "phone: 28 is not a table; write it below [desks.consultations.window.phone]"),
    ("mail = {}", "mail: is not a key of this table; known are: closes_at, "),
]


@pytest.mark.parametrize(("written", "complaint"), WINDOW_FAULTS)
def test_a_faulty_window_is_complained_of_once(written: str, complaint: str) -> None:
    (found,) = complaints(below("window", written))

    assert found.startswith(f"{LEGAL}.window.{complaint}")


# ---------------------------------------------------------------- the rest
@pytest.mark.parametrize(
    ("text", "values"),
    [
        (beside('booked_by = ["phone", "walk-in"]'), {"booked_by": ("phone", "walk-in")}),
        (beside("waiting_list = true"), {"waiting_list": True}),
        (beside("waiting_list = false"), {"waiting_list": False}),
        (beside('confirmed_by = "at-once"'), {"confirmed_by": "at-once"}),
        (
            beside('seats = 2\nroster = ["甲", "乙", "丙"]\npause_minutes = 15'),
            {"seats": 2, "roster": ("甲", "乙", "丙"), "pause_minutes": 15},
        ),
        (beside('last_start = "11:00"'), {"last_start": time(11)}),
        (beside('exclusions = ["訴訟中の案件"]'), {"exclusions": ("訴訟中の案件",)}),
        (
            below("quotas", "phone = 2\nwalk-in = 1"),
            {"quotas": Quotas({"phone": 2, "walk-in": 1})},
        ),
        (
            below("quotas", 'online = 1\nreleased_business_days_before = 1\nreleased_at = "12:00"'),
            {"quotas": Quotas({"online": 1}, BusinessDaysBefore(1, time(12)))},
        ),
        (
            below("quotas", "phone = 1\nreleased_days_before = 2"),
            {"quotas": Quotas({"phone": 1}, DaysBefore(2, time()))},
        ),
        (
            below("eligibility", 'ties = ["live", "work"]\nverify = "document"'),
            {"eligibility": Eligibility(ties=("live", "work"), verify="document")},
        ),
        (
            below("eligibility", 'ties = ["other"]'),
            {"eligibility": Eligibility(ties=("other",), verify="none")},
        ),
        (
            listed("needs", 'name = "手話通訳"\nlead_days = 14\nlead_business_days = 3\nnote = "要"'),
            {"needs": (Need(name="手話通訳", lead_days=14, lead_business_days=3, note="要"),)},
        ),
        (listed("needs", 'name = "車いす"'), {"needs": (Need(name="車いす"),)}),
        (
            listed("limits", 'per = "fiscal_year"'),
            {"limits": (Limit(at_most=1, per="fiscal_year", scope="consultation", then="warn"),)},
        ),
        (
            listed(
                "limits",
                'at_most = 2\nper = "matter"\nscope = "organisation"\nthen = "refuse"\ntext = "2回"',
            ),
            {
                "limits": (
                    Limit(
                        at_most=2, per="matter", scope="organisation", then="refuse", text="2回"
                    ),
                )
            },
        ),
    ],
)  # fmt: skip
def test_conditions_are_read(text: str, values: dict[str, Any]) -> None:
    found = consultation_of(text)

    assert {name: getattr(found, name) for name in values} == values


@pytest.mark.parametrize("per", PER)
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("then", THEN)
def test_each_kind_of_limit_is_read(per: str, scope: str, then: str) -> None:
    text = listed("limits", f'per = "{per}"\nscope = "{scope}"\nthen = "{then}"')
    (found,) = consultation_of(text).limits

    assert (found.per, found.scope, found.then) == (per, scope, then)


def test_every_tie_and_every_way_to_verify_is_read() -> None:
    ties = ", ".join(f'"{one}"' for one in TIES)
    for verify in VERIFY:
        text = below("eligibility", f'ties = [{ties}]\nverify = "{verify}"')
        assert consultation_of(text).eligibility == Eligibility(ties=TIES, verify=verify)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (beside("booked_by = []"), "booked_by: names no channel; write some of: online, phone, wal"),
        (beside('booked_by = ["mail"]'), "booked_by: 'mail' is not one of: online, phone, walk-in"),
        (beside('booked_by = "phone"'), "booked_by: 'phone' is not a list of texts"),
        (beside('waiting_list = "yes"'), "waiting_list: 'yes' is not true or false"),
        (beside('confirmed_by = "nobody"'), "confirmed_by: 'nobody' is not one of: staff, at-once"),
        (beside("pause_minutes = 300"), "pause_minutes: 300 is not a number from 0 to 240"),
        (beside('last_start = "late"'), "last_start: 'late' is not a time of day"),
        (beside('exclusions = "なし"'), "exclusions: 'なし' is not a list of texts"),
        (beside('roster = [""]'), "roster: has an entry that is no text"),
        (below("quotas", ""), "quotas.online: keeps no seat; write some of: online, phone, walk-in"),
        (below("quotas", "phone = 0"), "quotas.phone: 0 is not a number from 1"),
        (below("quotas", "mail = 1\nphone = 1"), "quotas.mail: is not a key of this table"),
        (
            below("quotas", 'phone = 1\nreleased_at = "12:00"'),
            "quotas.released_at: says nothing without released_days_before or the like",
        ),
        (below("eligibility", ""), "eligibility.ties: names none; write some of: live, stay, work"),
        (below("eligibility", 'ties = ["born"]'), "eligibility.ties: 'born' is not one of: live"),
        (
            below("eligibility", 'ties = ["live"]\nverify = "yes"'),
            "eligibility.verify: 'yes' is not one of: none, ask, document",
        ),
        (
            below("eligibility", 'ties = ["live"]\nage = 18'),
            "eligibility.age: is not a key of this table; known are: ties, verify",
        ),
        (listed("needs", ""), "needs[0].name: is missing; every entry of this kind needs it"),
        (listed("needs", 'name = "a"\nlead_days = 366'), "needs[0].lead_days: 366 is not a number"),
        (
            listed("needs", 'name = "a"\nlead_business_days = 100'),
            "needs[0].lead_business_days: 100 is not a number from 0 to 99",
        ),
        (listed("needs", 'name = "a"\nprice = 1'), "needs[0].price: is not a key of this table"),
        (listed("limits", "at_most = 2"), "limits[0].per: is missing; every entry of this kind"),
        (listed("limits", 'per = "year"'), "limits[0].per: 'year' is not one of: open, session, f"),
        (listed("limits", 'per = "ever"\nat_most = 0'), "limits[0].at_most: 0 is not a number from"),
        (listed("limits", 'per = "ever"\nscope = "town"'), "limits[0].scope: 'town' is not one of"),
        (listed("limits", 'per = "ever"\nthen = "no"'), "limits[0].then: 'no' is not one of: warn"),
        (listed("limits", 'per = "ever"\nmost = 1'), "limits[0].most: is not a key of this table"),
        (beside("seat = 1"), "seat: is not a key of this table; known are: absences, allotment,"),
    ],
)  # fmt: skip
def test_faulty_conditions_are_complained_of_once(text: str, complaint: str) -> None:
    (found,) = complaints(text)

    assert found.startswith(f"{LEGAL}.{complaint}")


UNKNOWN = [
    ("format = 1", "x"),
    ('sender = "町役場"', "organisation.x"),
    ('id = "lawyer"', "desks[0].x"),
    ('channel = "phone"', "desks[0].contacts[0].x"),
    ('channels = ["phone"]', "desks[0].hours[0].x"),
    ('id = "legal"', "desks[0].consultations[0].x"),
    ('start = "09:00"', "desks[0].consultations[0].openings[0].x"),
]


@pytest.mark.parametrize(("line", "path"), UNKNOWN)
def test_an_unknown_key_is_an_error_wherever_it_stands(line: str, path: str) -> None:
    (found,) = complaints(changed((line, f"{line}\nx = 1")))

    assert found.startswith(f"{path}: is not a key of this table; known are: ")


def test_unknown_keys_at_every_level_are_said_at_once() -> None:
    text = changed(*((line, f"{line}\nx = 1") for line, _ in UNKNOWN))

    assert sorted(one.split(": ")[0] for one in complaints(text)) == sorted(
        path for _, path in UNKNOWN
    )
