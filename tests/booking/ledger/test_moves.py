"""Moving: the new seat first, then the old one, or everything stays as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from booking.errors import AlreadyBooked, Invalid, NotBookable, Refusal, SessionFull, Taken
from booking.facts import Kind
from booking.ledger import changes, queries
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from booking.ledger.status import Status
from slots.wishes import Wish
from tests.booking.ledger.town import (
    DAILY,
    DAY,
    EXPRESS,
    LEGAL,
    NEXT_DAY,
    NEXT_SATURDAY,
    SATURDAY,
    STAFF,
    TIMES,
    VISIT,
    a_town,
    at,
    confirmed,
    entered,
    party,
    slot,
)
from tests.support.house import House, tokyo


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A town on a Tuesday morning in November."""
    with a_town(database_url, tmp_path) as found:
        yield found


def by_resident(house: House, booking: Booking, target: Target) -> Booking:
    return changes.move(house.ledger, booking.id, actor="resident", target=target)


def by_office(house: House, booking: Booking, target: Target) -> Booking:
    return changes.move(house.ledger, booking.id, actor=STAFF, target=target)


def on(day: str) -> Target:
    """A date without a time."""
    return Target(day=tokyo(f"{day} 00:00").date())


def test_what_a_resident_moves_is_to_be_confirmed_again(town: House) -> None:
    booking = confirmed(town, town.request(DAILY, slot=at()))

    found = by_resident(town, booking, slot("09:45"))

    assert found.status is Status.REQUESTED
    assert found.starts_at == tokyo(f"{DAY} 09:45")
    assert (found.confirmed_by, found.confirmed_how, found.confirmed_at) == (None, None, None)
    fact = queries.history(town.ledger, booking.id)[-1]
    assert (fact.kind, fact.actor) == (Kind.MOVED, "resident")
    assert fact.data == {
        "from": "2026-12-07T00:00:00+00:00",
        "start": "2026-12-07T00:45:00+00:00",
    }


def test_what_staff_move_stays_as_it_was(town: House) -> None:
    requested = town.request(DAILY, slot=at())
    fixed = confirmed(town, town.request(DAILY, slot=at()))

    assert by_office(town, requested, slot("09:45")).status is Status.REQUESTED
    found = by_office(town, fixed, slot("09:45"))
    assert (found.status, found.confirmed_by) == (Status.CONFIRMED, STAFF)


def test_where_bookings_are_confirmed_at_once_a_move_is_too(town: House) -> None:
    """Nobody of the staff waits for requests there."""
    booking = town.request(EXPRESS, slot=at())

    assert by_resident(town, booking, slot("09:45")).status is Status.CONFIRMED


def test_moving_to_where_it_is_changes_nothing(town: House) -> None:
    """The button pressed twice neither takes the confirmation back nor tells anybody twice."""
    daily = confirmed(town, town.request(DAILY, slot=at()))
    legal = town.request(LEGAL, date=SATURDAY)
    visit = town.request(VISIT, wishes=[NEXT_DAY])
    visited = confirmed(town, town.request(VISIT, wishes=[NEXT_DAY]), slot("14:00"))
    for booking, target in (
        (daily, slot()),
        (legal, on(SATURDAY)),
        (visit, Target(wishes=(Wish(tokyo(f"{NEXT_DAY} 00:00").date()),))),
    ):
        assert by_resident(town, booking, target) == booking
        assert by_office(town, booking, target) == booking
    assert by_office(town, visited, slot("14:00")) == visited
    moved = by_resident(town, legal, slot("09:45", SATURDAY))
    assert by_resident(town, moved, slot("09:45", SATURDAY)) == moved
    assert moved.revision == 2


def test_the_old_seat_is_free_and_the_new_one_held(town: House) -> None:
    booking = town.request(LEGAL, date=SATURDAY, wish="09:00")

    by_resident(town, booking, slot("09:45", SATURDAY))

    town.request(LEGAL, date=SATURDAY, wish="09:00")
    with pytest.raises(Taken):
        town.request(LEGAL, date=SATURDAY, wish="09:45")


def test_within_a_full_session_one_may_still_change_ones_wish(town: House) -> None:
    """One's own seat counts as free."""
    bookings = [town.request(LEGAL, date=SATURDAY, wish=time) for time in TIMES[:3]]
    last = town.request(LEGAL, date=SATURDAY)

    assert by_resident(town, last, slot("11:15", SATURDAY)).time_settled
    assert not by_resident(town, bookings[0], on(SATURDAY)).time_settled
    with pytest.raises(Taken):
        by_resident(town, bookings[1], slot("11:15", SATURDAY))


def test_a_refused_move_leaves_all_as_it_was(town: House) -> None:
    for time in TIMES:
        town.request(LEGAL, date=NEXT_SATURDAY, wish=time)
    booking = confirmed(town, town.request(LEGAL, date=SATURDAY, wish="09:00"))
    before = queries.history(town.ledger, booking.id)
    for target, refusal in (
        (on(NEXT_SATURDAY), SessionFull),
        (slot("09:00", NEXT_SATURDAY), SessionFull),
        (slot("09:01", SATURDAY), Invalid),
        (on(NEXT_DAY), NotBookable),
        (on("2000-01-15"), NotBookable),
        (Target(), Invalid),
    ):
        for move in (by_resident, by_office):
            with pytest.raises(Refusal) as found:
                move(town, booking, target)
            assert isinstance(found.value, refusal), target

    assert queries.by_id(town.ledger, booking.id) == booking
    assert queries.history(town.ledger, booking.id) == before


def test_residents_keep_to_the_window_and_staff_do_not(town: House) -> None:
    booking = town.request(DAILY, slot=at(day="2026-12-14"))
    town.clock.move_to(f"{DAY} 08:00")  # the window for today closed on Friday
    with pytest.raises(NotBookable):
        by_resident(town, booking, slot("10:30"))

    assert by_office(town, booking, slot("10:30")).starts_at == tokyo(f"{DAY} 10:30")


def test_a_resident_does_not_come_to_hold_two_seats_of_one_session(town: House) -> None:
    """Staff may let them; and a booking whose party is elsewhere too can still be moved on."""
    town.request(LEGAL, date=SATURDAY, **party())
    second = town.request(LEGAL, date=NEXT_SATURDAY, **party())
    with pytest.raises(AlreadyBooked):
        by_resident(town, second, on(SATURDAY))
    assert queries.by_id(town.ledger, second.id) == second

    beside = by_office(town, second, slot("09:45", SATURDAY))

    assert beside.session == f"{LEGAL}/{SATURDAY}"
    assert by_resident(town, beside, on(NEXT_SATURDAY)).session == second.session


def test_the_guard_against_a_second_booking_moves_along(town: House) -> None:
    booking = town.request(LEGAL, date=SATURDAY, **party())
    by_resident(town, booking, on(NEXT_SATURDAY))

    town.request(LEGAL, date=SATURDAY, **party())
    with pytest.raises(AlreadyBooked):
        town.request(LEGAL, date=NEXT_SATURDAY, **party())


def test_what_is_confirmed_is_not_moved_to_no_time_at_all(town: House) -> None:
    """Staff settle another one; the party would be told a day without an hour."""
    legal = entered(town, LEGAL, slot=at(day=SATURDAY))
    visit = entered(town, VISIT, slot=at(), wishes=None)
    wish = Target(wishes=(Wish(tokyo(f"{NEXT_DAY} 00:00").date()),))
    for booking, target in ((legal, on(NEXT_SATURDAY)), (visit, wish)):
        with pytest.raises(Invalid) as refusal:
            by_office(town, booking, target)

        assert [one.code for one in refusal.value.errors] == ["required"]
        assert queries.by_id(town.ledger, booking.id) == booking
        assert by_resident(town, booking, target).status is Status.REQUESTED


def test_an_arranged_time_that_is_moved_keeps_its_place_and_length(town: House) -> None:
    target = Target(slot=tokyo(f"{DAY} 14:00"), minutes=60, place="2階")
    booking = confirmed(town, town.request(VISIT, wishes=[NEXT_DAY]), target)

    moved = by_office(town, booking, slot("10:00", NEXT_DAY))
    elsewhere = by_office(town, moved, Target(slot=tokyo(f"{DAY} 15:00"), minutes=30, place="3階"))
    back = by_office(town, elsewhere, Target(slot=tokyo(f"{DAY} 15:00"), place=""))

    assert (moved.place, moved.ends_at) == ("2階", tokyo(f"{NEXT_DAY} 11:00"))
    assert (elsewhere.place, elsewhere.ends_at) == ("3階", tokyo(f"{DAY} 15:30"))
    assert back.place == "役場"


def test_other_wishes_of_a_resident_leave_no_time_that_nobody_promised(town: House) -> None:
    target = Target(slot=tokyo(f"{DAY} 14:00"), minutes=60, place="2階")
    booking = confirmed(town, town.request(VISIT, wishes=[NEXT_DAY]), target)

    found = by_resident(town, booking, Target(wishes=(Wish(tokyo("2026-12-09 00:00").date()),)))

    assert found.status is Status.REQUESTED
    assert (found.starts_at, found.ends_at, found.place) == (None, None, "役場")
    assert [one.date.isoformat() for one in found.wishes] == ["2026-12-09"]


def test_why_it_was_moved_is_kept(town: House) -> None:
    booking = town.request(DAILY, slot=at())

    found = changes.move(
        town.ledger, booking.id, actor=STAFF, target=slot("09:45"), reason=" 会議\x00 "
    )

    assert found.reason == "会議"
    assert "会議" not in str(queries.history(town.ledger, booking.id))
