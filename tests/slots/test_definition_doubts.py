"""What can be used, but is hardly meant, is a warning: the file is taken all the same."""

import tomllib

import pytest

from slots.definition import check
from tests.slots.desk_file import FILE, LEGAL, RULE, changed, complaints

TIMES = 'start = "09:00"\nend = "12:00"'
SLOTS = "slot_minutes = 45"


def warnings(text: str) -> list[str]:
    """All that is said of a file that is taken, each without `warning: `."""
    _, found = check(tomllib.loads(text))
    assert all(one.warning for one in found)
    assert all(": warning: " in str(one) for one in found)
    return [str(one).replace("warning: ", "") for one in found]


def below(table: str, written: str, *changes: tuple[str, str]) -> str:
    return f"{changed(*changes)}\n[desks.consultations.{table}]\n{written}\n"


def listed(table: str, written: str) -> str:
    return f"{FILE}\n[[desks.consultations.{table}]]\n{written}\n"


def test_a_file_without_doubts_has_no_warning() -> None:
    assert warnings(FILE) == []


# ---------------------------------------------------------------- rests
def test_slots_that_leave_a_rest_of_the_block() -> None:
    assert warnings(changed((SLOTS, "slot_minutes = 50"))) == [
        f"{LEGAL}.slot_minutes: 50 minutes don't fit 09:00–12:00 evenly; "
        "3 slots, and 30 minutes at the end stay empty"
    ]


def test_the_openings_own_length_is_named_where_it_has_one() -> None:
    (found,) = warnings(changed((TIMES, f"{TIMES}\nslot_minutes = 50")))

    assert found.startswith(f"{LEGAL}.openings[0].slot_minutes: 50 minutes don't fit 09:00–12:00")


def test_each_block_is_looked_at() -> None:
    blocks = 'blocks = [{ start = "09:00", end = "12:00" }, { start = "13:00", end = "14:00" }]'
    (found,) = warnings(changed((TIMES, blocks)))

    assert "13:00–14:00 evenly; 1 slots, and 15 minutes" in found


@pytest.mark.parametrize(
    "changes",
    [
        [(SLOTS, "slot_minutes = 50\npause_minutes = 15")],  # 9:00, 10:05, 11:10 to 12:00
        [(SLOTS, 'slot_minutes = 50\nlast_start = "11:00"')],
        [(SLOTS, "slot_minutes = 50"), (TIMES, f'{TIMES}\nlast_start = "11:00"')],
        [(SLOTS, "slot_minutes = 50"), (TIMES, f"{TIMES}\npause_minutes = 15")],
        [(SLOTS, "slot_minutes = 50\npause_minutes = 15"), (TIMES, f"{TIMES}\nslot_minutes = 50")],
    ],
)
def test_pauses_fill_a_block_too_and_a_last_start_says_what_is_meant(
    changes: list[tuple[str, str]],
) -> None:
    assert warnings(changed(*changes)) == []


def test_a_pause_of_none_is_the_openings_own_word() -> None:
    changes = (
        (SLOTS, "slot_minutes = 50\npause_minutes = 15"),
        (TIMES, f"{TIMES}\npause_minutes = 0"),
    )

    assert len(warnings(changed(*changes))) == 1


# ---------------------------------------------------------------- windows
@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("opens_days_before = 28", "opens_roll"),
        ("opens_weeks_before = 4", "opens_roll"),
        ("closes_days_before = 7", "closes_roll"),
    ],
)
def test_a_moment_that_always_falls_on_a_saturday(written: str, key: str) -> None:
    (found,) = warnings(below("window", written))

    assert found == (
        f"{LEGAL}.window.{key}: always falls on a closed day; "
        f'write {key} = "earlier" or "later", or count business days'
    )


@pytest.mark.parametrize(
    "written",
    [
        "opens_days_before = 30",
        'opens_days_before = 28\nopens_roll = "later"',
        "opens_months_before = 1\nopens_on_day = 1",
        'opens_weeks_before = 4\nopens_on_weekday = "sun"',
        "closes_days_before = 0",
        "closes_hours_before = 24",
        "opens_business_days_before = 20",
    ],
)
def test_a_moment_that_falls_on_open_days_too_or_says_what_it_does(written: str) -> None:
    assert warnings(below("window", written)) == []


def test_a_day_of_the_month_that_is_always_closed() -> None:
    new_year = below(
        "window", "opens_months_before = 0\nopens_on_day = 1", (RULE, f"{RULE}\nmonths = [1]")
    )
    (found,) = warnings(new_year)

    assert found.startswith(f"{LEGAL}.window.opens_roll: always falls on a closed day")


# ---------------------------------------------------------------- quotas
def test_quotas_larger_than_a_session() -> None:
    (found,) = warnings(below("quotas", "phone = 5"))

    assert found.startswith(f"{LEGAL}.quotas: keep 5 seats, but 20")
    assert found.endswith("has 4; nobody else gets one")
    assert warnings(below("quotas", "phone = 4")) == []


def test_a_quota_for_a_channel_that_nobody_books_by() -> None:
    assert warnings(below("quotas", "walk-in = 1")) == [
        f"{LEGAL}.quotas.walk-in: keeps seats for a channel that booked_by doesn't name"
    ]


# ---------------------------------------------------------------- changes
@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("settled_sessions", "session = {}"),
        ("moved_sessions", "session = {}\nto = 2026-11-28"),
        ("changed_hours", 'session = {}\nstart = "10:00"\nend = "12:00"'),
        ("changed_places", 'session = {}\nplace = {{ name = "支所" }}'),
        ("changed_capacities", "session = {}\nseats = 2"),
    ],
)
def test_a_change_to_a_session_that_nobody_planned(kind: str, written: str) -> None:
    (found,) = warnings(listed(kind, written.format("2026-11-20")))

    assert found.startswith(f"{LEGAL}.{kind}[0].session: no session ")
    assert "2026-11-20" in found
    assert warnings(listed(kind, written.format("2026-11-21"))) == []


def test_a_move_to_a_day_that_has_a_session() -> None:
    (found,) = warnings(listed("moved_sessions", "session = 2026-11-21\nto = 2026-12-19"))

    assert found == (
        f"{LEGAL}.moved_sessions[0].session: no session of 2026-11-21 can be held on 2026-12-19; "
        "none was planned, or that day has one"
    )


EXTRA = "session = {}\n" + TIMES


def test_an_extra_session_on_a_day_that_has_one() -> None:
    assert warnings(listed("extra_sessions", EXTRA.format("2026-11-21"))) == [
        f"{LEGAL}.extra_sessions[0].session: 2026-11-21 has a session already"
    ]
    assert warnings(listed("extra_sessions", EXTRA.format("2026-11-22"))) == []


def test_an_extra_session_that_is_closed_or_moved_again_is_one_all_the_same() -> None:
    extra = listed("extra_sessions", EXTRA.format("2026-11-22"))
    closed = "\n[[desks.consultations.closures]]\nfirst = 2026-11-22\n"
    moved = "\n[[desks.consultations.moved_sessions]]\nsession = 2026-11-22\nto = 2026-11-24\n"

    assert warnings(extra + closed) == []
    assert warnings(extra + moved) == []


def test_changes_are_counted_within_their_kind() -> None:
    good = "session = 2026-11-21"
    text = listed("settled_sessions", good) + "\n[[desks.consultations.settled_sessions]]\n"

    (found,) = warnings(text + "session = 2026-11-20\n")

    assert found.startswith(f"{LEGAL}.settled_sessions[1].session: no session is planned for")


# ---------------------------------------------------------------- beside errors
def test_where_there_are_errors_nothing_is_doubted() -> None:
    found = complaints(changed((SLOTS, "slot_minutes = 50\nfee_ = 1\nseats = 0")))

    assert not any("warning" in one for one in found)


def test_warnings_of_other_consultations_are_said_with_the_errors() -> None:
    again = FILE[FILE.index("[[desks.consultations]]") :].replace('"legal"', '"other"')
    text = FILE.replace(SLOTS, "slot_minutes = 50") + again.replace(SLOTS, "slot_minutes = 0")

    assert [one.split(": ")[:2] for one in complaints(text)] == [
        [f"{LEGAL}.slot_minutes", "warning"],
        ["desks[0].consultations[1].slot_minutes", "0 is not a number from 5 to 9999"],
    ]


# ---------------------------------------------------------------- no slot at all
@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ([(SLOTS, f'{SLOTS}\nlast_start = "08:59"')], "last_start"),
        ([(TIMES, f'{TIMES}\nlast_start = "08:59"')], "openings[0].last_start"),
    ],
)
def test_a_last_start_before_the_first(changes: list[tuple[str, str]], key: str) -> None:
    assert warnings(changed(*changes)) == [
        f"{LEGAL}.{key}: 08:59 is before the start, 09:00; no slot is left"
    ]
    assert warnings(changed(*((old, new.replace("08:59", "09:00")) for old, new in changes))) == []


@pytest.mark.parametrize(
    ("kind", "session"), [("extra_sessions", "2026-11-22"), ("changed_hours", "2026-11-21")]
)
def test_changed_times_that_are_shorter_than_a_slot(kind: str, session: str) -> None:
    short = f'session = {session}\nstart = "09:00"\nend = "09:30"'

    assert warnings(listed(kind, short)) == [
        f"{LEGAL}.{kind}[0]: leaves no slot of 45 minutes on {session}"
    ]
    assert warnings(listed(kind, short.replace("09:30", "09:45"))) == []


# ---------------------------------------------------------------- the municipality's code
@pytest.mark.parametrize("code", ["270008", "271004", "271071", "100005", "011002"])
def test_a_code_with_its_check_digit_is_taken_as_it_is(code: str) -> None:
    """大阪府, 大阪市, its 港区, 群馬県, 札幌市."""
    assert warnings(changed(("102083", code))) == []


def test_a_code_whose_check_digit_is_wrong_is_told_the_right_one() -> None:
    assert warnings(changed(("102083", "102038"))) == [
        "organisation.code: 102038 is no 全国地方公共団体コード; by its check digit 102032 is one"
    ]
