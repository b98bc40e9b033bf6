"""The one door to a seat: free and held together are always the seats, whoever comes and goes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from booking.errors import NotBookable, SessionFull, Taken
from booking.ledger import changes, queries
from booking.ledger.booking import Booking
from slots.availability import Reason, SessionAvailability
from tests.booking.ledger.town import (
    DAILY,
    LEGAL,
    SATURDAY,
    TIMES,
    a_town,
    at,
    confirmed,
    entered,
    slot,
)
from tests.support.house import House, tokyo


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A town on a Tuesday morning in November."""
    with a_town(database_url, tmp_path) as found:
        yield found


def saturday(house: House, moving: Booking | None = None) -> SessionAvailability:
    """The session of four as everybody sees it."""
    day = tokyo(f"{SATURDAY} 00:00").date()
    (found,) = queries.availability_between(
        house.ledger, LEGAL, day, day + timedelta(days=1), moving=moving
    )
    return found


def free(house: House, moving: Booking | None = None) -> tuple[int, list[int]]:
    """Seats free in the session, and in each of its slots."""
    found = saturday(house, moving)
    return found.free, [one.free for one in found.slots]


def ask(house: House, wish: str | None = None) -> Booking:
    return house.request(LEGAL, date=SATURDAY, wish=wish)


def cancel(house: House, booking: Booking) -> None:
    changes.cancel(house.ledger, booking.id, actor="resident")


def test_a_session_of_four_fills_with_wishes_and_without(town: House) -> None:
    assert free(town) == (4, [1, 1, 1, 1])
    wished = ask(town, "09:45")
    assert free(town) == (3, [1, 0, 1, 1])
    whenever = ask(town)
    assert free(town) == (2, [1, 0, 1, 1])
    ask(town)
    assert free(town) == (1, [1, 0, 1, 1])
    last = ask(town, "11:15")
    assert free(town) == (0, [0, 0, 0, 0])
    assert saturday(town).reason is Reason.FULL

    for wish in (None, *TIMES):
        with pytest.raises(SessionFull):
            ask(town, wish)

    cancel(town, last)
    assert free(town) == (1, [1, 0, 1, 1])
    cancel(town, whenever)
    cancel(town, wished)
    assert free(town) == (3, [1, 1, 1, 1])


def test_who_has_no_time_yet_always_finds_one(town: House) -> None:
    """Seats without a time keep as many slots free as they are, though none in particular."""
    waiting = [ask(town) for _ in range(3)]
    ask(town, "10:30")
    for booking, time in zip(waiting, ("09:00", "09:45", "11:15"), strict=True):
        assert confirmed(town, booking, slot(time, SATURDAY)).time_settled

    assert free(town) == (0, [0, 0, 0, 0])


def test_staff_see_and_settle_the_same_seats(town: House) -> None:
    ask(town, "09:00")
    with pytest.raises(Taken):
        entered(town, LEGAL, slot=at("09:00", SATURDAY))

    entered(town, LEGAL, slot=at("09:45", SATURDAY))
    entered(town, LEGAL, date=SATURDAY)
    entered(town, LEGAL, date=SATURDAY)

    with pytest.raises(SessionFull):
        entered(town, LEGAL, slot=at("11:15", SATURDAY))
    with pytest.raises(SessionFull):
        ask(town)


def test_who_moves_sees_its_own_seat_as_free(town: House) -> None:
    bookings = [ask(town, time) for time in TIMES]

    assert free(town, moving=bookings[1]) == (1, [0, 1, 0, 0])
    assert free(town) == (0, [0, 0, 0, 0])


def test_on_the_day_what_has_begun_is_past_and_the_rest_is_staffs(town: House) -> None:
    ask(town, "09:00")
    ask(town)
    town.clock.move_to(f"{SATURDAY} 09:45")
    day = tokyo(f"{SATURDAY} 00:00").date()

    (found,) = queries.availability_between(
        town.ledger, LEGAL, day, day + timedelta(days=1), by_staff=True
    )

    assert [one.reason for one in found.slots] == [Reason.PAST, Reason.PAST, None, None]
    assert [one.free for one in found.slots][2:] == [1, 1]
    entered(town, LEGAL, slot=at("10:30", SATURDAY), reason="急ぎ")
    # The last slot ahead is kept for the party without a time.
    with pytest.raises((Taken, SessionFull)):
        entered(town, LEGAL, slot=at("11:15", SATURDAY), reason="急ぎ")


def test_two_seats_of_a_slot_are_two_parties(town: House) -> None:
    first, _ = (town.request(DAILY, slot=at()) for _ in range(2))
    with pytest.raises(Taken):
        town.request(DAILY, slot=at())

    cancel(town, first)

    town.request(DAILY, slot=at())
    with pytest.raises(Taken):
        entered(town, DAILY, slot=at())


def test_what_was_cancelled_stays_so_when_its_seat_is_taken_again(town: House) -> None:
    booking = ask(town, "09:00")
    cancel(town, booking)
    ask(town, "09:00")

    kept = queries.by_id(town.ledger, booking.id)

    assert not kept.is_open
    assert kept.starts_at == tokyo(f"{SATURDAY} 09:00")


def test_a_session_that_has_ended_takes_nobody(town: House) -> None:
    town.clock.move_to(f"{SATURDAY} 12:00")

    with pytest.raises(NotBookable) as refused:
        entered(town, LEGAL, date=SATURDAY, reason="あとから")

    assert refused.value.reason is Reason.PAST
