"""Seats by lawyers and rooms, what an absence takes away, and which bookings a change costs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

import pytest

from slots.changes import Change, ChangedCapacity, ChangedHours, Closure, ExtraSession, MovedSession
from slots.conflicts import Holder, hit
from slots.desk import Consultation
from slots.grid import Slot, slots_of
from slots.opening import Block
from slots.roster import Absence, present, seats_for, who_serves
from slots.sessions import Session, session_planned_on
from tests.slots.examples import LEGAL, THIRD_SATURDAY, at, held_at, on

DAY = on("2026-11-21")
LAWYERS = ("佐藤", "鈴木", "高橋")
TWO_HOURS = (Block(time(9), time(10, 30)),)  # two slots of 45 minutes


def away(who: str, first: str = "2026-11-21", last: str | None = None) -> Absence:
    return Absence(who=who, first=on(first), last=on(last or first))


def served(
    *absences: Absence,
    roster: tuple[str, ...] = LAWYERS,
    rooms: int | None = None,
    changes: Sequence[Change] = (),
) -> Consultation:
    """The lawyers' consultation of 2026-11-21."""
    return replace(LEGAL, roster=roster, seats=rooms, absences=absences, changes=tuple(changes))


def the_session(consultation: Consultation) -> Session:
    found = session_planned_on(consultation, DAY)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("rooms", "roster", "serving", "seats"),
    [
        (None, (), (), 1),  # nothing is said
        (3, (), (), 3),
        (None, LAWYERS, LAWYERS, 3),
        (2, LAWYERS, LAWYERS, 2),  # fewer rooms than lawyers
        (5, LAWYERS, LAWYERS, 3),  # fewer lawyers than rooms
        (None, LAWYERS, LAWYERS[:2], 2),
        (2, LAWYERS, LAWYERS[:2], 2),  # the third had no room anyway
        (2, LAWYERS, LAWYERS[:1], 1),
        (2, LAWYERS, (), 0),
        (None, LAWYERS, (), 0),
    ],
)
def test_as_many_parties_are_served_as_there_are_rooms_or_lawyers_if_fewer(
    rooms: int | None, roster: tuple[str, ...], serving: tuple[str, ...], seats: int
) -> None:
    assert seats_for(rooms, roster, serving) == seats


@pytest.mark.parametrize(
    ("absence", "there"),
    [
        (away("鈴木"), ("佐藤", "高橋")),
        (away("鈴木", "2026-11-01", "2026-11-21"), ("佐藤", "高橋")),  # both days included
        (away("鈴木", "2026-11-21", "2026-11-30"), ("佐藤", "高橋")),
        (away("鈴木", "2026-11-22", "2026-11-30"), LAWYERS),
        (away("鈴木", "2026-11-01", "2026-11-20"), LAWYERS),
        (away("田中"), LAWYERS),  # of another desk
    ],
)
def test_who_is_absent_does_not_serve_and_the_others_keep_their_order(
    absence: Absence, there: tuple[str, ...]
) -> None:
    assert present(LAWYERS, [absence], DAY) == there
    assert the_session(served(absence)).roster == there


def test_two_absences_of_one_lawyer_on_one_day_count_once() -> None:
    twice = away("佐藤"), away("佐藤", "2026-11-20", "2026-11-22")

    assert present(LAWYERS, twice, DAY) == ("鈴木", "高橋")


def test_an_absence_takes_a_seat_from_every_slot_of_that_day_and_of_no_other() -> None:
    consultation = served(away("佐藤"))
    december = session_planned_on(consultation, on("2026-12-19"))
    assert december is not None

    assert [slot.seats for slot in slots_of(the_session(consultation))] == [2, 2, 2, 2]
    assert [slot.seats for slot in slots_of(december)] == [3, 3, 3, 3]


def test_an_absence_is_felt_only_where_lawyers_are_fewer_than_rooms() -> None:
    assert the_session(served(away("佐藤"), rooms=2)).seats == 2
    assert the_session(served(away("佐藤"), away("鈴木"), rooms=2)).seats == 1


def test_when_nobody_comes_the_session_is_there_without_a_seat() -> None:
    session = the_session(served(*map(away, LAWYERS)))

    assert (session.status, session.roster) == ("planned", ())
    assert [slot.seats for slot in slots_of(session)] == [0, 0, 0, 0]


def test_an_absence_looks_at_the_day_on_which_a_moved_session_is_really_held() -> None:
    move = MovedSession(session=DAY, to=on("2026-11-28"))

    assert the_session(served(away("佐藤"), changes=[move])).seats == 3
    assert the_session(served(away("佐藤", "2026-11-28"), changes=[move])).seats == 2


def test_the_roster_of_a_change_comes_before_that_of_the_rule_and_of_the_consultation() -> None:
    of_rule = replace(held_at(replace(THIRD_SATURDAY, roster=("田中", "伊藤"))), seats=None)
    changed = ChangedCapacity(session=DAY, roster=("渡辺",))

    assert the_session(replace(of_rule, roster=LAWYERS)).roster == ("田中", "伊藤")
    found = the_session(replace(of_rule, roster=LAWYERS, changes=(changed,)))
    assert (found.roster, found.seats) == (("渡辺",), 1)


def test_a_change_of_seats_leaves_the_roster_and_one_of_the_roster_leaves_the_rooms() -> None:
    fewer_rooms = ChangedCapacity(session=DAY, seats=1)
    others = ChangedCapacity(session=DAY, roster=("渡辺", "山本", "中村"))

    first = the_session(served(rooms=2, changes=[fewer_rooms]))
    assert (first.roster, first.seats) == (LAWYERS, 1)
    second = the_session(served(rooms=2, changes=[others]))
    assert (second.roster, second.seats) == (("渡辺", "山本", "中村"), 2)


def test_an_extra_session_has_its_own_roster_or_that_of_the_consultation() -> None:
    day = on("2026-11-14")
    block = (Block(time(9), time(12)),)
    plain = served(changes=[ExtraSession(session=day, blocks=block)])
    own = served(changes=[ExtraSession(session=day, blocks=block, roster=("渡辺",))])

    seats = [session_planned_on(one, day) for one in (plain, own)]

    assert [one.seats for one in seats if one] == [3, 1]


def timed(booking: str, start: str, seat: int = 0) -> Holder[str]:
    return Holder(
        booking=booking, session_seat=0, slot_start=at(f"2026-11-21 {start}"), slot_seat=seat
    )


def untimed(booking: str, session_seat: int) -> Holder[str]:
    return Holder(booking=booking, session_seat=session_seat)


def slots(*seats: int) -> list[Slot]:
    """The slots of the session from 9:00 on, with so many seats each."""
    grid = slots_of(the_session(LEGAL))
    return [slot._replace(seats=n) for slot, n in zip(grid, seats, strict=False)]


def lost_by(consultation: Consultation, *holders: Holder[str]) -> list[str]:
    return hit(slots_of(the_session(consultation)), holders)


def test_while_there_is_a_seat_for_all_nobody_is_hit() -> None:
    all_of_them = [timed("a", "09:00"), timed("b", "09:45"), untimed("c", 2), untimed("d", 3)]

    assert hit(slots(1, 1, 1, 1), all_of_them) == []
    assert hit([], []) == []


def test_of_a_slot_with_fewer_seats_those_on_the_last_seats_are_hit() -> None:
    holders = [timed("a", "09:00", 0), timed("b", "09:00", 1), timed("c", "09:00", 2)]

    assert hit(slots(3, 3), holders) == []
    assert hit(slots(2, 3), holders) == ["c"]
    assert hit(slots(1, 3), holders) == ["b", "c"]
    assert hit(slots(0, 3), holders) == ["a", "b", "c"]


def test_an_absence_hits_the_last_seat_of_each_slot_whoever_is_away() -> None:
    """A seat is no certain lawyer: whoever is away, the parties are served by those who come."""
    holders = [
        *(timed("a", "09:00", 0), timed("b", "09:00", 1), timed("c", "09:00", 2)),
        *(timed("d", "11:15", 0), timed("e", "11:15", 1), timed("f", "11:15", 2)),
    ]

    for who in LAWYERS:
        assert lost_by(served(away(who)), *holders) == ["c", "f"]
    assert lost_by(served(away("佐藤"), rooms=2), *holders) == ["c", "f"]
    assert lost_by(served(), *holders) == []


def test_a_seat_that_was_given_back_is_there_for_who_would_lose_the_last_one() -> None:
    assert lost_by(served(away("佐藤")), timed("d", "11:15", 0), timed("e", "11:15", 2)) == []


def test_a_closed_slot_hits_those_who_have_it_and_nobody_else() -> None:
    closed = Closure(first=DAY, last=DAY, start=time(9, 45), end=time(10, 30))
    consultation = replace(LEGAL, changes=(closed,))

    assert lost_by(consultation, timed("a", "09:00"), timed("b", "09:45")) == ["b"]


def test_a_closed_day_hits_all() -> None:
    consultation = replace(LEGAL, changes=(Closure(first=DAY, last=DAY),))

    assert lost_by(consultation, timed("a", "09:00"), untimed("b", 1)) == ["a", "b"]


def test_changed_hours_hit_those_whose_time_is_no_longer_on_the_grid() -> None:
    shorter = ChangedHours(session=DAY, blocks=TWO_HOURS)
    shifted = ChangedHours(session=DAY, blocks=(Block(time(9, 30), time(12)),))
    holders = [timed("a", "09:00"), timed("b", "09:45"), timed("c", "10:30"), timed("d", "11:15")]

    assert lost_by(replace(LEGAL, changes=(shorter,)), *holders) == ["c", "d"]
    assert lost_by(replace(LEGAL, changes=(shifted,)), *holders) == ["a", "b", "c", "d"]


def test_a_moved_session_hits_all_who_have_a_time_and_none_who_have_not() -> None:
    """The time that was promised was one of the old day."""
    moved = replace(LEGAL, changes=(MovedSession(session=DAY, to=on("2026-11-28")),))

    assert lost_by(moved, timed("a", "09:00"), untimed("b", 1)) == ["a"]


@pytest.mark.parametrize(
    ("seats", "lost"),
    [
        ((1, 1, 1, 1), []),
        ((1, 1, 1), ["z"]),
        ((1, 1), ["y", "z"]),
        ((1,), ["x", "y", "z"]),
        ((0,), ["a", "x", "y", "z"]),
        ((0, 2, 2), ["a"]),  # one lost its time, the others fit into what is left
        ((4,), []),
    ],
)
def test_without_a_time_the_last_to_come_are_hit_as_many_as_no_seat_is_left_for(
    seats: tuple[int, ...], lost: list[str]
) -> None:
    """`a` has 9:00; x, y, z wait for a time on seats 1, 2, 3 of the session, told in any order."""
    holders = [untimed("z", 3), untimed("x", 1), timed("a", "09:00"), untimed("y", 2)]

    assert hit(slots(*seats), holders) == lost


def test_who_lost_a_time_leaves_no_seat_taken() -> None:
    """Two slots of one seat; `a` had a slot that is gone, so that both are free for x and y."""
    holders = [timed("a", "11:15"), untimed("x", 1), untimed("y", 2)]

    assert hit(slots(1, 1), holders) == ["a"]


def test_a_change_taken_back_hits_nobody() -> None:
    holders = [timed("a", "09:00"), timed("b", "11:15"), untimed("c", 2)]
    shorter = ChangedHours(session=DAY, blocks=TWO_HOURS)

    assert lost_by(replace(LEGAL, changes=(shorter,)), *holders) == ["b"]
    assert lost_by(LEGAL, *holders) == []


def test_one_who_serves_alone_has_every_party() -> None:
    assert [who_serves(("甲",), seat) for seat in (0, 1, None)] == ["甲"] * 3


def test_of_several_each_has_a_seat_of_the_slot() -> None:
    assert [who_serves(("甲", "乙"), seat) for seat in (0, 1)] == ["甲", "乙"]


def test_who_has_a_party_without_a_seat_of_its_own_is_open() -> None:
    assert who_serves(("甲", "乙"), None) is None
    assert who_serves(("甲", "乙"), 2) is None
    assert who_serves((), 0) is None


def test_an_absence_leaves_the_first_seats_to_those_who_come() -> None:
    """As it removes seats from the end: who sat on the first is served by whoever is there."""
    absent = Absence(who="甲", first=DAY, last=DAY)
    serving = present(("甲", "乙"), [absent], DAY)

    assert seats_for(None, ("甲", "乙"), serving) == 1
    assert who_serves(serving, 0) == "乙"
