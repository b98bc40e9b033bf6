"""What a desk file says of its messages: [desks.messages], its faults, its doubts, its own words."""

import tomllib
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given, settings

from slots.definition import check, dump, parse
from slots.telling import Quiet, Reminder, Telling
from tests.slots.desk_file import FILE, changed, complaints, read
from tests.slots.organisations import some_telling
from tests.slots.strategies import at_any_pace
from tests.slots.toml_text import toml_text

MESSAGES = "desks[0].messages"
REMINDERS = f"{MESSAGES}.reminders"
QUIET = "the quiet hours, 21:00 to 08:00"


def telling(written: str) -> Telling:
    """The rules of telling of the file with `written` below [desks.messages]."""
    return read(with_messages(written)).desks[0].telling


def with_messages(written: str, *changes: tuple[str, str]) -> str:
    return f"{changed(*changes)}\n[desks.messages]\n{written}\n"


def reminders(*moments: str) -> str:
    """The list of reminders, each written as `3 10:00`."""
    each = (
        f'{{ business_days_before = {count}, at = "{wall}" }}'
        for count, wall in map(str.split, moments)
    )
    return f"reminders = [{', '.join(each)}]"


def warnings(text: str) -> list[str]:
    _, found = check(tomllib.loads(text))
    assert all(one.warning for one in found)
    return [str(one).replace("warning: ", "") for one in found]


# ---------------------------------------------------------------- what is read
def test_a_desk_that_says_nothing_tells_as_every_desk_does() -> None:
    assert read().desks[0].telling == Telling()
    assert telling("") == Telling()


def test_a_desk_says_all_of_it_itself() -> None:
    found = telling(
        'order = ["sms", "letter", "mail", "line"]\n'
        'quiet_from = "20:00"\nquiet_until = "09:30"\n'
        "most_a_day = 3\nunanswered_after = 1\n"
        "day_list_at = 17:00:00\n"
        'staff_mail = ["soudan@example.jp", "kakari@city.rei.lg.jp"]\n'
        '[[desks.messages.reminders]]\nbusiness_days_before = 5\nat = "12:00"\n'
        "[[desks.messages.reminders]]\nbusiness_days_before = 0\nat = 09:30:00\n"
    )

    assert found == Telling(
        order=("sms", "letter", "mail", "line"),
        quiet=Quiet(start=time(20), end=time(9, 30)),
        most_a_day=3,
        unanswered_after=1,
        day_list_at=time(17),
        staff_mail=("soudan@example.jp", "kakari@city.rei.lg.jp"),
        reminders=(
            Reminder(business_days_before=5, at=time(12)),
            Reminder(business_days_before=0, at=time(9, 30)),
        ),
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("reminders = []", Telling(reminders=())),
        ("order = []", Telling(order=())),
        ("unanswered_after = false", Telling(unanswered_after=None)),
        ("day_list_at = false", Telling(day_list_at=None)),
    ],
)
def test_a_desk_that_wants_none_of_it_says_so(written: str, meant: Telling) -> None:
    assert telling(written) == meant


def test_each_desk_has_its_own_rules() -> None:
    other = '\n[[desks]]\nid = "support"\nname = "相談窓口"\nfee = "無料"\n'
    town = read(with_messages("most_a_day = 9") + other)

    assert [desk.telling.most_a_day for desk in town.desks] == [9, 6]


def test_quiet_hours_need_not_lie_around_midnight() -> None:
    assert telling('quiet_from = "00:00"\nquiet_until = "07:00"').quiet == Quiet(
        start=time(0), end=time(7)
    )


def test_the_edges_of_the_day_that_is_not_quiet() -> None:
    """It begins with the first minute at which the quiet hours are over."""
    found = telling(f'{reminders("1 08:00", "1 20:59")}\nday_list_at = "20:59"')

    assert [one.at for one in found.reminders] == [time(8), time(20, 59)]


# ---------------------------------------------------------------- faults
@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (
            "ordr = []",
            "ordr: is not a key of this table; known are: day_list_at, most_a_day, order",
        ),
        ('order = "mail"', "order: 'mail' is not a list of texts; write"),
        (
            'order = ["mail", "fax"]',
            "order: 'fax' is not one of: line, mail, sms, letter",
        ),
        ('order = ["mail", "sms", "mail"]', "order: 'mail' stands there twice; write it once"),
        ('quiet_from = "9pm"', "quiet_from: '9pm' is not a time of day; write \"09:00\""),
        ("quiet_until = 8", 'quiet_until: 8 is not a time of day; write "09:00"'),
        ("quiet_until = false", 'quiet_until: False is not a time of day; write "09:00"'),
        (
            'quiet_from = "22:00"\nquiet_until = "22:00"',
            "quiet_until: 22:00 is quiet_from too; write when the quiet hours end",
        ),
        ('quiet_from = "08:00"', "quiet_until: 08:00 is quiet_from too"),
        ("most_a_day = 0", "most_a_day: 0 is not a number from 1 to 20"),
        ("most_a_day = false", "most_a_day: False is not a whole number"),
        ("unanswered_after = 0", "unanswered_after: 0 is not a number from 1 to 60"),
        ("unanswered_after = 61", "unanswered_after: 61 is not a number from 1 to 60"),
        (
            "unanswered_after = true",
            "unanswered_after: true doesn't say what; write a value, or false",
        ),
        ("day_list_at = true", "day_list_at: true doesn't say what; write a value, or false for"),
        ('day_list_at = "21:00"', f"day_list_at: 21:00 is within {QUIET}; write a time outside"),
        ('day_list_at = "07:59"', f"day_list_at: 07:59 is within {QUIET}; write a time outside"),
        ('staff_mail = "soudan@example.jp"', "staff_mail: 'soudan@example.jp' is not a list of"),
        (
            'staff_mail = ["soudan"]',
            "staff_mail: 'soudan' is no mail address; write soudan@example.jp",
        ),
        ('staff_mail = ["相談 <a@example.jp>"]', "staff_mail: '相談 <a@example.jp>' is no mail"),
        ('staff_mail = ["a@example.jp, b@example.jp"]', "staff_mail: 'a@example.jp, b@example"),
        ('staff_mail = ["a@example.jp\\nBcc: b@example.jp"]', "staff_mail: 'a@example.jp\\nBcc: "),
        (
            'staff_mail = ["a@example.jp", "A@example.jp"]',
            "staff_mail: 'a@example.jp' stands there twice; write it once",
        ),
        ("reminders = false", "reminders: False is not a list; write each below [[desks.messages."),
        ('reminders = ["10:00"]', "reminders[0]: is not a table; write it below [[desks.messages."),
        (
            'reminders = [{ at = "10:00" }]',
            "reminders[0].business_days_before: is missing; write 1 for the last business day",
        ),
        (
            "reminders = [{ business_days_before = 1 }]",
            "reminders[0].at: is missing; write a time of day",
        ),
        (
            reminders("61 10:00"),
            "reminders[0].business_days_before: 61 is not a number from 0 to 60",
        ),
        (
            reminders("-1 10:00"),
            "reminders[0].business_days_before: -1 is not a number from 0 to 60",
        ),
        (
            'reminders = [{ days_before = 1, business_days_before = 1, at = "10:00" }]',
            "reminders[0].days_before: is not a key of this table; known are: at, business_days",
        ),
        (
            reminders("4 10:00", "3 10:00", "2 10:00", "1 10:00"),
            "reminders[3]: is one too many; a desk has at most 3",
        ),
        (
            reminders("1 10:00", "3 10:00"),
            "reminders[1]: is earlier than reminders[0]; write the earliest first",
        ),
        (
            reminders("3 10:00", "1 15:00", "1 10:00"),
            "reminders[2]: is earlier than reminders[1]; write the earliest first",
        ),
        (
            reminders("3 10:00", "3 10:00"),
            "reminders[1]: is at the same moment as the one before; leave it out",
        ),
        (
            reminders("3 10:00", "1 21:00"),
            f"reminders[1].at: 21:00 is within {QUIET}; write a time outside them",
        ),
        (reminders("0 07:59"), f"reminders[0].at: 07:59 is within {QUIET}"),
        (
            f'quiet_until = "10:30"\n{reminders("1 10:00")}',
            "reminders[0].at: 10:00 is within the quiet hours, 21:00 to 10:30",
        ),
        (
            'quiet_until = "10:01"',
            "quiet_until: the quiet hours, 21:00 to 10:01, hold the usual reminders; write "
            "reminders too, or other quiet hours",
        ),
        (
            'quiet_from = "16:00"',
            "quiet_from: the quiet hours, 16:00 to 08:00, hold the usual day_list_at; write "
            "day_list_at too, or other quiet hours",
        ),
    ],
)
def test_a_complaint_names_its_path_and_the_remedy(written: str, complaint: str) -> None:
    (found,) = complaints(with_messages(written))

    assert found.startswith(f"{MESSAGES}.{complaint}")


def test_messages_are_a_table() -> None:
    text = changed(
        (
            'fee = "無料"\n\n[[desks.contacts]]',
            'fee = "無料"\nmessages = "mail"\n\n[[desks.contacts]]',
        )
    )

    (found,) = complaints(text)

    assert found == f"{MESSAGES}: 'mail' is not a table; write it below [desks.messages]"


def test_each_of_several_faults_is_told() -> None:
    found = complaints(with_messages(f'most_a_day = 0\norder = ["fax"]\n{reminders("61 25:00")}'))

    assert sorted(one.split(": ")[0] for one in found) == [
        f"{MESSAGES}.most_a_day",
        f"{MESSAGES}.order",
        f"{REMINDERS}[0].at",
        f"{REMINDERS}[0].business_days_before",
    ]


def test_a_faulty_quiet_hour_brings_no_complaint_about_what_may_lie_within_it() -> None:
    (found,) = complaints(with_messages(f'quiet_from = "nine"\n{reminders("1 21:30")}'))

    assert found.startswith(f"{MESSAGES}.quiet_from: ")


def test_quiet_hours_and_times_of_ones_own_go_together() -> None:
    written = f'quiet_from = "16:00"\nday_list_at = "15:00"\n{reminders("1 12:00")}'

    assert telling(written).day_list_at == time(15)
    assert telling('quiet_from = "16:00"\nday_list_at = false').day_list_at is None
    assert telling('quiet_until = "10:01"\nreminders = []').reminders == ()


# ---------------------------------------------------------------- doubts
@pytest.mark.parametrize(
    ("written", "doubt"),
    [
        (reminders("31 10:00"), "reminders[0].business_days_before: 31 business days are more"),
        ('order = ["line", "sms"]', "order: has no mail; whom mail alone reaches is phoned"),
        ("order = []", "order: is empty; everybody is phoned"),
        ("most_a_day = 2", "most_a_day: 2 holds back a reminder on a day with other news"),
        (
            'quiet_from = "12:00"\nquiet_until = "13:00"',
            "quiet_from: 12:00 to 13:00 leaves out the night; are quiet_from and quiet_until",
        ),
        # The third Saturday's last slot begins at 11:15.
        (
            reminders("1 10:00", "0 11:15"),
            "reminders[1].at: 11:15 is too late for legal: on 2024-01-20 the last slot begins at",
        ),
    ],
)
def test_what_is_hardly_meant_is_a_warning(written: str, doubt: str) -> None:
    (found,) = warnings(with_messages(written))

    assert found.startswith(f"{MESSAGES}.{doubt}")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "staff_mail = []",
        "unanswered_after = 5",  # without staff_mail: another source of addresses may come
        "reminders = []",
        reminders("30 10:00"),
        reminders("0 11:14"),
        'order = ["mail"]',
        "most_a_day = 3",
        'quiet_from = "00:00"\nquiet_until = "06:00"',
    ],
)
def test_what_may_well_be_meant_is_none(written: str) -> None:
    assert warnings(with_messages(written)) == []


def test_hours_the_wrong_way_round_are_refused_with_the_usual_times_in_them() -> None:
    found = complaints(with_messages('quiet_from = "08:00"\nquiet_until = "21:00"'))

    assert [one.split("; ")[0] for one in found] == [
        f"{MESSAGES}.quiet_from: the quiet hours, 08:00 to 21:00, hold the usual reminders",
        f"{MESSAGES}.quiet_from: the quiet hours, 08:00 to 21:00, hold the usual day_list_at",
    ]


def test_where_there_are_errors_no_message_is_doubted() -> None:
    found = complaints(with_messages("most_a_day = 2\norder = [1]"))

    assert not any("warning" in one for one in found)


# ---------------------------------------------------------------- written again
@pytest.mark.parametrize(
    "written",
    [
        'order = ["mail"]',
        "order = []",
        'quiet_from = "22:00"',
        'quiet_until = "07:30"',
        "most_a_day = 10",
        "unanswered_after = false",
        "unanswered_after = 4",
        "day_list_at = false",
        'day_list_at = "17:00"',
        'staff_mail = ["soudan@example.jp"]',
        "reminders = []",
        reminders("2 09:00", "0 08:00"),
    ],
)
def test_rules_are_written_in_their_own_words(written: str) -> None:
    text = with_messages(written)

    assert dump(read(text)) == tomllib.loads(text)


def test_what_every_desk_does_goes_without_saying() -> None:
    usual = (
        'order = ["line", "mail", "sms"]\nquiet_from = "21:00"\nquiet_until = "08:00"\n'
        'most_a_day = 6\nunanswered_after = 2\nday_list_at = "16:00"\nstaff_mail = []\n'
        f"{reminders('3 10:00', '1 10:00')}"
    )

    assert dump(read(with_messages(usual))) == tomllib.loads(FILE)


@settings(at_any_pace, max_examples=30)
@given(some_telling())
def test_whatever_a_desk_decides_is_written_so_that_it_reads_the_same(told: Telling) -> None:
    town = read()
    town = replace(town, desks=(replace(town.desks[0], telling=told),))

    made = dump(town)

    assert parse(tomllib.loads(toml_text(made))) == town


@pytest.mark.parametrize(
    "told",
    [
        Telling(quiet=Quiet(start=time(8), end=time(8))),
        Telling(reminders=(Reminder(business_days_before=1, at=time(23)),)),
        Telling(reminders=(Reminder(business_days_before=1, at=time(10)),) * 2),
        Telling(most_a_day=0),
        Telling(staff_mail=("soudan",)),
    ],
)
def test_what_no_desk_file_can_say_of_messages_is_refused_with_its_path(told: Telling) -> None:
    town = read()

    with pytest.raises(ValueError, match=r"desks\[0\]\.messages\."):
        dump(replace(town, desks=(replace(town.desks[0], telling=told),)))
