"""Every two dated changes to one session, and what they make of it together.

One session, planned for Saturday 2026-11-21: 10:00–12:00 and 13:00–15:00 in slots of an hour, two
parties at once, in the town hall. Five tables, one for each thing that the rule may say of that day;
a cell tells what becomes of the session under the change of its row and that of its column. The
words of a cell:

    rule        held as the rule plans it
    none        not held at all
    ?           undecided
    >           held on 11-28, where the holiday policy puts it
    extra       the extra session is held: 11:00–13:00, one party, in the annex
    moved       held on 12-05
    kept        settled: held on its own day, and people are told so
    hours       held 11:00–14:00
    place       held in the public hall
    seats       three parties at once
    -10 -10-11  the slots that begin at these hours are closed
    day! desk!  cancelled, and people are told the words of that closure; first!: of the one that
                stands first in the list

A 2 behind a word: as the second change of the kind says. Where two changes differ in kind, their
order in the list makes no difference; each pair is tried both ways round.
"""

from dataclasses import replace
from itertools import product

import pytest

from slots.changes import (
    Change,
    ChangedCapacity,
    ChangedHours,
    ChangedPlace,
    Closure,
    ExtraSession,
    MovedSession,
    Settled,
)
from slots.desk import Consultation
from slots.grid import slots_of
from slots.holidays import ClosedDays, OnHoliday
from slots.opening import Block, Opening
from slots.place import Place
from slots.recurrence import Dates
from slots.sessions import Session, session_planned_on, sessions_of
from tests.slots.examples import LEGAL, clock, on

DAY = on("2026-11-21")
HALL, ANNEX, PUBLIC, SCHOOL = (Place(name=name) for name in ("市役所", "別館", "公民館", "学校"))


def blocks(*spans: str) -> tuple[Block, ...]:
    edges = [span.split("-") for span in spans]
    return tuple(Block(clock(f"{start}:00"), clock(f"{end}:00")) for start, end in edges)


def closure(text: str, first: str = "11-21", last: str = "11-21", span: str = "") -> Closure:
    """Of whole days, or of the hours `span` of each, such as 10-12."""
    whole = Closure(first=on(f"2026-{first}"), last=on(f"2026-{last}"), text=text)
    return replace(whole, start=blocks(span)[0].start, end=blocks(span)[0].end) if span else whole


# The first change of each kind, and the second for where two of the kind meet.
CHANGES: dict[str, tuple[Change, Change]] = {
    "slot": (closure("一枠休止", span="10-11"), closure("二枠目休止", span="13-14")),
    "block": (closure("午前休止", span="10-12"), closure("午後休止", span="13-15")),
    "day": (closure("臨時休止"), closure("機器の故障")),
    "range": (closure("庁舎点検", "11-20", "12-05"), closure("改修工事", "11-01", "11-30")),
    "desk": (closure("窓口休止", "11-21", "11-28"), closure("窓口移転", "11-14", "11-21")),
    "extra": (
        ExtraSession(session=DAY, blocks=blocks("11-13"), place=ANNEX, seats=1, text="臨時開催"),
        ExtraSession(session=DAY, blocks=blocks("09-11"), place=SCHOOL, seats=5, text="臨時"),
    ),
    "moved": (
        MovedSession(session=DAY, to=on("2026-12-05"), text="日程変更"),
        MovedSession(session=DAY, to=on("2026-12-12"), text="延期"),
    ),
    "kept": (Settled(session=DAY, text="予定どおり"), Settled(session=DAY, text="開催します")),
    "hours": (
        ChangedHours(session=DAY, blocks=blocks("11-14"), text="時間変更"),
        ChangedHours(session=DAY, blocks=blocks("09-10", "18-20"), text="夜間に変更"),
    ),
    "place": (
        ChangedPlace(session=DAY, place=PUBLIC, text="会場変更"),
        ChangedPlace(session=DAY, place=SCHOOL, text="会場再変更"),
    ),
    "seats": (
        ChangedCapacity(session=DAY, seats=3, text="増席"),
        ChangedCapacity(session=DAY, seats=1, text="減席"),
    ),
}
KINDS = tuple(CHANGES)


def town(on_holiday: OnHoliday | None, *, planned: bool = True) -> Consultation:
    """A consultation of which 11-21 is the only day, a holiday if the rule says what it does then."""
    rule = Opening(
        recurrence=Dates((DAY,)),
        blocks=blocks("10-12", "13-15"),
        on_holiday=on_holiday or "ask",
        place=HALL,
    )
    return replace(
        LEGAL,
        openings=(rule,) if planned else (),
        closed_days=ClosedDays(local={DAY: "市民の日"} if on_holiday else {}),
        slot_minutes=60,
        place=HALL,
        seats=2,
    )


# An ordinary day of the rule.
PLANNED = """
      slot   block  day    range  desk   extra  moved        kept        hours        place        seats
slot  -10-13 -10-11 day!   range! desk!  -10    moved        -10,kept    hours        -10,place    -10,seats
block =      first! day!   range! desk!  -10-11 moved        -10-11,kept hours,-11    -10-11,place -10-11,seats
day   =      =      first! first! desk!  day!   moved        day!        hours,day!   place,day!   seats,day!
range =      =      =      first! desk!  range! moved,range! range!      hours,range! place,range! seats,range!
desk  =      =      =      =      first! desk!  moved        desk!       hours,desk!  place,desk!  seats,desk!
extra =      =      =      =      =      rule   moved        kept        hours        place        seats
moved =      =      =      =      =      =      moved2       moved       moved,hours  moved,place  moved,seats
kept  =      =      =      =      =      =      =            kept2       kept,hours   kept,place   kept,seats
hours =      =      =      =      =      =      =            =           hours2       hours,place  hours,seats
place =      =      =      =      =      =      =            =           =            place2       place,seats
seats =      =      =      =      =      =      =            =           =            =            seats2
"""
# A holiday of which the source does not say what it does: only settling and moving decide.
UNDECIDED = """
      slot    block   day    range  desk   extra   moved        kept        hours        place         seats
slot  ?-10-13 ?-10-11 day!   range! desk!  ?-10    moved        -10,kept    ?hours       ?-10,place    ?-10,seats
block =       first!  day!   range! desk!  ?-10-11 moved        -10-11,kept ?hours,-11   ?-10-11,place ?-10-11,seats
day   =       =       first! first! desk!  day!    moved        day!        hours,day!   place,day!    seats,day!
range =       =       =      first! desk!  range!  moved,range! range!      hours,range! place,range!  seats,range!
desk  =       =       =      =      first! desk!   moved        desk!       hours,desk!  place,desk!   seats,desk!
extra =       =       =      =      =      ?       moved        kept        ?hours       ?place        ?seats
moved =       =       =      =      =      =       moved2       moved       moved,hours  moved,place   moved,seats
kept  =       =       =      =      =      =       =            kept2       kept,hours   kept,place    kept,seats
hours =       =       =      =      =      =       =            =           ?hours2      ?hours,place  ?hours,seats
place =       =       =      =      =      =       =            =           =            ?place2       ?place,seats
seats =       =       =      =      =      =       =            =           =            =             ?seats2
"""
# A holiday on which the rule holds nothing: an extra session may be held in its stead.
LEFT_OUT = """
      slot block day  range desk extra        moved        kept        hours       place       seats
slot  none none  none none  none extra        moved        -10,kept    none        none        none
block =    none  none none  none extra,-11    moved        -10-11,kept none        none        none
day   =    =     none none  none extra,day!   moved        day!        none        none        none
range =    =     =    none  none extra,range! moved,range! range!      none        none        none
desk  =    =     =    =     none extra,desk!  moved        desk!       none        none        none
extra =    =     =    =     =    extra2       extra,moved  kept        extra,hours extra,place extra,seats
moved =    =     =    =     =    =            moved2       moved       moved,hours moved,place moved,seats
kept  =    =     =    =     =    =            =            kept2       kept,hours  kept,place  kept,seats
hours =    =     =    =     =    =            =            =           none        none        none
place =    =     =    =     =    =            =            =           =           none        none
seats =    =     =    =     =    =            =            =           =           =           none
"""
# A holiday that shifts the session by a week, away from what is closed on 11-21.
SHIFTED = """
      slot block day range   desk   extra   moved        kept        hours         place         seats
slot  >    >     >   >range! >desk! >       moved        -10,kept    >hours        >place        >seats
block =    >     >   >range! >desk! >       moved        -10-11,kept >hours        >place        >seats
day   =    =     >   >range! >desk! >       moved        day!        >hours        >place        >seats
range =    =     =   >first! >desk! >range! moved,range! range!      >hours,range! >place,range! >seats,range!
desk  =    =     =   =       >desk! >desk!  moved        desk!       >hours,desk!  >place,desk!  >seats,desk!
extra =    =     =   =       =      >       moved        kept        >hours        >place        >seats
moved =    =     =   =       =      =       moved2       moved       moved,hours   moved,place   moved,seats
kept  =    =     =   =       =      =       =            kept2       kept,hours    kept,place    kept,seats
hours =    =     =   =       =      =       =            =           >hours2       >hours,place  >hours,seats
place =    =     =   =       =      =       =            =           =             >place2       >place,seats
seats =    =     =   =       =      =       =            =           =             =             >seats2
"""
# A day on which the rule plans nothing: without an extra session the others change nothing.
UNPLANNED = """
      slot block day  range desk extra        moved       kept       hours       place       seats
slot  none none  none none  none extra        none        none       none        none        none
block =    none  none none  none extra,-11    none        none       none        none        none
day   =    =     none none  none extra,day!   none        none       none        none        none
range =    =     =    none  none extra,range! none        none       none        none        none
desk  =    =     =    =     none extra,desk!  none        none       none        none        none
extra =    =     =    =     =    extra2       extra,moved kept,extra extra,hours extra,place extra,seats
moved =    =     =    =     =    =            none        none       none        none        none
kept  =    =     =    =     =    =            =           none       none        none        none
hours =    =     =    =     =    =            =           =          none        none        none
place =    =     =    =     =    =            =           =          =           none        none
seats =    =     =    =     =    =            =           =          =           =           none
"""
BASES = {
    "planned": (PLANNED, town(None)),
    "undecided": (UNDECIDED, town("ask")),
    "left-out": (LEFT_OUT, town("skip")),
    "shifted": (SHIFTED, town("next_week")),
    "unplanned": (UNPLANNED, town(None, planned=False)),
}


RULE = {
    "day": "11-21",
    "status": "planned",
    "hours": "10-12 13-15",
    "place": "市役所",
    "seats": "2",
}
EFFECTS = {
    "?": {"status": "undecided"},
    ">": {"day": "11-28"},
    "extra": {"hours": "11-13", "place": "別館", "seats": "1"},
    "extra2": {"hours": "09-11", "place": "学校", "seats": "5"},
    "moved": {"day": "12-05"},
    "moved2": {"day": "12-12"},
    "hours": {"hours": "11-14"},
    "hours2": {"hours": "09-10 18-20"},
    "place": {"place": "公民館"},
    "place2": {"place": "学校"},
    "seats": {"seats": "3"},
    "seats2": {"seats": "1"},
}


def cells(table: str) -> dict[tuple[str, str], list[str]]:
    """The words of each cell, for both orders of its row and its column."""
    columns, *rows = (line.split() for line in table.strip().splitlines())
    found = {}
    for row, *cells_of_row in rows:
        for column, cell in zip(columns, cells_of_row, strict=True):
            if cell != "=":
                words = cell.replace("?", "?,").replace(">", ">,").strip(",").split(",")
                found[row, column] = found[column, row] = words
    assert set(found) == set(product(KINDS, KINDS))
    return found


def text_of(word: str) -> str:
    """What people are told of a change: hours2 is the second one of its kind."""
    kind = word.rstrip("2")
    return CHANGES[kind][word != kind].text or "" if kind in CHANGES else ""


def promised(words: list[str], first: str) -> str:
    """The session of which a cell speaks; `first` is the kind of the change that stands first."""
    if words == ["none"]:
        return "none"
    is_to_be = dict(RULE)
    for word in words:
        is_to_be |= EFFECTS.get(word, {})
    told = " ".join(filter(None, map(text_of, words)))
    closed = [int(n) for one in words if one.startswith("-") for n in one[1:].split("-")]
    spans = [[int(n) for n in span.split("-")] for span in is_to_be["hours"].split()]
    starts = [n for span in spans for n in range(*span)]
    if words[-1].endswith("!"):
        told = text_of(words[-1].rstrip("!").replace("first", first))
        is_to_be["status"], closed = "cancelled", starts
    seats = [f"{n:02}:{0 if n in closed else is_to_be['seats']}" for n in starts]
    return " / ".join([*is_to_be.values(), *seats, told])


def described(session: Session) -> str:
    """The same of a session that there is."""
    spans = [f"{one.start:%H}-{one.end:%H}" for one in session.blocks]
    seats = [f"{slot.start:%H}:{slot.seats}" for slot in slots_of(session)]
    assert (session.start, session.end) == (session.blocks[0].start, session.blocks[-1].end)
    assert all(one.start.date() == session.date for one in session.blocks)
    where = session.place.name if session.place else ""
    what = [f"{session.date:%m-%d}", session.status, " ".join(spans), where, str(session.seats)]
    return " / ".join([*what, *seats, session.text or ""])


def what_becomes(consultation: Consultation, one: str, other: str) -> str:
    """The only session under a change of kind `one`, then one of `other` or a second of `one`."""
    laid = [(one, CHANGES[one][0]), (other, CHANGES[other][one == other])]
    changes = tuple(change for kind, change in laid if kind != "desk")
    closures = tuple(
        change for kind, change in laid if kind == "desk" and isinstance(change, Closure)
    )
    consultation = replace(consultation, changes=changes, desk_closures=closures)

    found = sessions_of(consultation, on("2026-10-01"), on("2027-02-01"))

    if not found:
        assert session_planned_on(consultation, DAY) is None
        return "none"
    (session,) = found
    assert session == session_planned_on(consultation, DAY)
    assert session.key == "town/lawyer/legal/2026-11-21"
    return described(session)


@pytest.mark.parametrize("one", KINDS)
@pytest.mark.parametrize("base", BASES)
def test_two_changes_make_of_a_session_what_the_table_says(base: str, one: str) -> None:
    table, consultation = BASES[base]
    said = cells(table)

    found = {other: what_becomes(consultation, one, other) for other in KINDS}

    assert found == {other: promised(said[one, other], one) for other in KINDS}
