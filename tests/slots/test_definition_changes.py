"""Dated changes and absences of a desk file: as read, and as complained of."""

from datetime import date, time

import pytest

from slots.changes import (
    ChangedCapacity,
    ChangedHours,
    ChangedPlace,
    Closure,
    ExtraSession,
    MovedSession,
    Settled,
)
from slots.opening import Block
from slots.place import Place
from slots.roster import Absence
from tests.slots.desk_file import FILE, LEGAL, complaints, consultation_of, read

NOVEMBER, DECEMBER = date(2026, 11, 21), date(2026, 12, 19)
MORNING = (Block(time(10), time(11, 30)),)
TIMES = 'start = "10:00"\nend = "11:30"'
BLOCKS = 'blocks = [{ start = "10:00", end = "11:30" }]'


def changes(kind: str, written: str) -> str:
    """The file with one change of a kind."""
    return f"{FILE}\n[[desks.consultations.{kind}]]\n{written}\n"


@pytest.mark.parametrize(
    ("kind", "written", "change"),
    [
        ("closures", "first = 2026-11-21", Closure(first=NOVEMBER, last=NOVEMBER)),
        (
            "closures",
            'first = 2026-11-21\nlast = 2026-12-19\nstart = "00:00"\nend = "12:00"\ntext = "改修"',
            Closure(first=NOVEMBER, last=DECEMBER, start=time(), end=time(12), text="改修"),
        ),
        (
            "extra_sessions",
            f"session = 2026-11-22\n{TIMES}",
            ExtraSession(session=date(2026, 11, 22), blocks=MORNING),
        ),
        (
            "extra_sessions",
            f'session = 2026-11-22\n{BLOCKS}\nplace = {{ name = "支所" }}\nseats = 2\n'
            'roster = ["甲"]\ntext = "臨時"',
            ExtraSession(
                session=date(2026, 11, 22),
                blocks=MORNING,
                place=Place(name="支所"),
                seats=2,
                roster=("甲",),
                text="臨時",
            ),
        ),
        (
            "moved_sessions",
            'session = 2026-11-21\nto = 2026-11-28\ntext = "変更"',
            MovedSession(session=NOVEMBER, to=date(2026, 11, 28), text="変更"),
        ),
        ("settled_sessions", "session = 2026-11-21", Settled(session=NOVEMBER)),
        ("changed_hours", f"session = 2026-11-21\n{TIMES}", ChangedHours(session=NOVEMBER, blocks=MORNING)),
        (
            "changed_places",
            'session = 2026-11-21\nplace = { name = "支所" }',
            ChangedPlace(session=NOVEMBER, place=Place(name="支所")),
        ),
        (
            "changed_capacities",
            "session = 2026-11-21\nseats = 3",
            ChangedCapacity(session=NOVEMBER, seats=3),
        ),
        (
            "changed_capacities",
            'session = 2026-11-21\nroster = ["乙"]\ntext = "交代"',
            ChangedCapacity(session=NOVEMBER, roster=("乙",), text="交代"),
        ),
    ],
)  # fmt: skip
def test_each_kind_of_change_is_read(kind: str, written: str, change: object) -> None:
    assert consultation_of(changes(kind, written)).changes == (change,)


def test_absences_are_read() -> None:
    first = 'who = "甲"\nfirst = 2026-11-21'

    assert consultation_of(changes("absences", first)).absences == (
        Absence(who="甲", first=NOVEMBER, last=NOVEMBER),
    )
    assert consultation_of(changes("absences", f"{first}\nlast = 2026-12-19")).absences == (
        Absence(who="甲", first=NOVEMBER, last=DECEMBER),
    )


def test_a_desks_closures_are_its_consultations_too() -> None:
    desk = '[[desks.closures]]\nfirst = 2026-11-21\ntext = "停電"\n\n[[desks.consultations]]'

    (found,) = read(FILE.replace("[[desks.consultations]]", desk)).desks

    assert found.closures == (Closure(first=NOVEMBER, last=NOVEMBER, text="停電"),)
    assert found.consultations[0].desk_closures == found.closures
    assert found.consultations[0].changes == ()


def test_changes_of_several_kinds_are_read_by_kind_and_in_order() -> None:
    text = changes("moved_sessions", "session = 2026-11-21\nto = 2026-11-28")
    text += "\n[[desks.consultations.closures]]\nfirst = 2026-12-19\n"
    text += "\n[[desks.consultations.closures]]\nfirst = 2026-11-14\n"

    assert consultation_of(text).changes == (
        Closure(first=DECEMBER, last=DECEMBER),
        Closure(first=date(2026, 11, 14), last=date(2026, 11, 14)),
        MovedSession(session=NOVEMBER, to=date(2026, 11, 28)),
    )


SESSION = "session = 2026-11-21"
FAULTS = [
    ("closures", "", "first: is missing; write a date: 2026-08-15, without quotes"),
    ("closures", 'first = "2026-11-21"', "first: '2026-11-21' is not a date; write 2026-04-01"),
    ("closures", "first = 2026-11-21T09:00:00", "first: 2026-11-21 09:00:00 has a time of day"),
    ("closures", "first = 2026-11-21\nlast = 2026-11-20", "last: 2026-11-20 is before first, 2026"),
    ("closures", 'first = 2026-11-21\nstart = "09:00"', "end: is missing; write a time of day"),
    ("closures", 'first = 2026-11-21\nend = "09:00"', "start: is missing; write a time of day"),
    (
        "closures",
        'first = 2026-11-21\nstart = "12:00"\nend = "12:00"',
        "end: 12:00 is not after the start, 12:00",
    ),
    ("closures", 'first = 2026-11-21\ntext = ""', "text: is empty; write something or leave"),
    (
        "closures",
        "first = 2026-11-21\nday = 2026-11-21",
        "day: is not a key of this table; known are: end, first, last, start, text",
    ),
    ("extra_sessions", TIMES, "session: is missing; write a date"),
    ("extra_sessions", f'{SESSION}\nstart = "10:00"', "end: is missing; write a time of day"),
    ("extra_sessions", f"{SESSION}\n{TIMES}\nseats = 0", "seats: 0 is not a number from 1"),
    ("extra_sessions", f"{SESSION}\n{TIMES}\nplace = 1", "place: 1 is not a table; write it below"),
    ("extra_sessions", f"{SESSION}\n{TIMES}\nslot_minutes = 30", "slot_minutes: is not a key of"),
    ("moved_sessions", SESSION, "to: is missing; write a date"),
    ("moved_sessions", f"{SESSION}\nto = 28", "to: 28 is not a date"),
    ("moved_sessions", f"{SESSION}\nto = 2026-11-28\nfrom = 1", "from: is not a key of this table"),
    ("settled_sessions", "", "session: is missing; write a date"),
    (
        "settled_sessions",
        f"{SESSION}\nto = 2026-11-28",
        "to: is not a key of this table; known are",
    ),
    ("changed_hours", SESSION, "start: is missing; write a time of day"),
    ("changed_hours", f"{SESSION}\nblocks = []", "blocks: names no time; write [{ start"),
    ("changed_hours", f"{SESSION}\n{TIMES}\nseats = 2", "seats: is not a key of this table"),
    ("changed_places", SESSION, 'place: is missing; write place = { name = "…" }'),
    ("changed_places", f'{SESSION}\nplace = {{ room = "1階" }}', "place.name: is missing"),
    ("changed_places", f'{SESSION}\nplace = {{ name = "a" }}\nwhere = 1', "where: is not a key of"),
    ("changed_capacities", SESSION, "seats: is missing; write seats, roster, or both"),
    ("changed_capacities", f'{SESSION}\nseats = "2"', "seats: '2' is not a whole number"),
    ("changed_capacities", f"{SESSION}\nseats = 2\nrooms = 2", "rooms: is not a key of this table"),
    ("absences", "first = 2026-11-21", "who: is missing; every entry of this kind needs it"),
    ("absences", 'who = "甲"', "first: is missing; write a date"),
    ("absences", 'who = "甲"\nfirst = 2026-11-21\nlast = 2026-11-01', "last: 2026-11-01 is before"),
    ("absences", 'who = "甲"\nfirst = 2026-11-21\ntext = "x"', "text: is not a key of this table"),
]


@pytest.mark.parametrize(("kind", "written", "complaint"), FAULTS)
def test_a_faulty_change_is_complained_of_with_its_path(
    kind: str, written: str, complaint: str
) -> None:
    found = complaints(changes(kind, written))

    assert found[0].startswith(f"{LEGAL}.{kind}[0].{complaint}")
    if "start: is missing" not in complaint:  # then the end is missing too
        assert len(found) == 1


def test_the_faults_of_all_changes_are_said_at_once() -> None:
    text = changes("closures", "first = 1") + "\n[[desks.consultations.closures]]\nlast = 1\n"
    text += "\n[[desks.consultations.moved_sessions]]\n"

    assert [one.split(": ")[0] for one in complaints(text)] == [
        f"{LEGAL}.closures[0].first",
        f"{LEGAL}.closures[1].first",
        f"{LEGAL}.closures[1].last",
        f"{LEGAL}.moved_sessions[0].session",
        f"{LEGAL}.moved_sessions[0].to",
    ]
