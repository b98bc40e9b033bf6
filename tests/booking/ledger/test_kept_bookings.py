"""What becomes of bookings under one change after another: kept ones, full slots, arranged times."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from booking.errors import BookingsTouched, Invalid
from booking.ledger import changes, desk_changes, queries
from booking.ledger.booking import Booking
from booking.ledger.status import Status
from booking.store.desk_changes import DeskChange
from booking.store.tables import DeskChangeRow
from tests.booking.ledger.town import (
    DAILY,
    DAY,
    LEGAL,
    NEXT_SATURDAY,
    SATURDAY,
    VISIT,
    a_town,
    at,
    confirmed,
    entered,
    slot,
)
from tests.support.house import House, tokyo

STAFF = "staff:test"
SUNDAY = "2026-12-20"
MOVED = {"session": SATURDAY, "to": SUNDAY}
BLOCKS = [{"start": "09:00", "end": "12:00"}]


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    with a_town(database_url, tmp_path) as found:
        yield found


def change(house: House, kind: str, scope: str = LEGAL, **data: Any) -> DeskChange:
    options = {name: data.pop(name) for name in ("bookings_do", "reason") if name in data}
    return desk_changes.make(house.ledger, scope, kind, data, actor=STAFF, **options)


def withdraw(house: House, made: DeskChange, **options: Any) -> None:
    desk_changes.withdraw(house.ledger, made.id, actor=STAFF, **options)


def now(house: House, booking: Booking) -> Booking:
    return queries.by_id(house.ledger, booking.id)


def legal(house: House, day: str = SATURDAY, **more: Any) -> Booking:
    return house.request(LEGAL, date=day, wishes=None, **more)


def test_a_session_moves_back_to_where_a_kept_booking_has_the_same_slot(house: House) -> None:
    """One seat a slot: who stayed keeps it, and who would come back to it is named as lost."""
    stayed = legal(house, wish="09:00")
    moved = change(house, "moved_sessions", **MOVED, bookings_do="keep")
    second = legal(house, SUNDAY, wish="09:00")

    with pytest.raises(BookingsTouched) as refused:
        withdraw(house, moved)
    assert (refused.value.follow, refused.value.lost) == ((), (second.reference,))
    withdraw(house, moved, bookings_do="follow", reason="日程の変更")

    assert now(house, stayed) == stayed
    assert now(house, second).status is Status.CANCELLED_BY_OFFICE


def test_who_moves_to_a_slot_with_another_seat_gets_that(house: House) -> None:
    """Two seats a slot."""
    stayed = house.request(DAILY, slot=at(), wishes=None)
    moved = change(house, "moved_sessions", DAILY, session=DAY, to=SATURDAY, bookings_do="keep")
    second = house.request(DAILY, slot=at(day=SATURDAY), wishes=None)

    withdraw(house, moved, bookings_do="follow")

    assert now(house, second).slot_start == stayed.slot_start
    assert now(house, second).status is Status.REQUESTED


def test_a_kept_booking_of_no_session_is_not_asked_for_at_every_other_change(
    house: House,
) -> None:
    extra = change(house, "extra_sessions", session="2026-12-12", blocks=BLOCKS)
    timed, untimed = legal(house, "2026-12-12", wish="09:00"), legal(house, "2026-12-12")
    withdraw(house, extra, bookings_do="keep")

    change(house, "closures", first=NEXT_SATURDAY, bookings_do="follow", reason="大雪のため")

    assert (now(house, timed), now(house, untimed)) == (timed, untimed)


def test_a_kept_booking_is_at_home_again_where_its_session_comes_back(house: House) -> None:
    extra = change(house, "extra_sessions", session="2026-12-12", blocks=BLOCKS)
    change(house, "moved_sessions", session="2026-12-12", to="2026-12-13")
    booking = legal(house, "2026-12-13", wish="09:00")
    withdraw(house, extra, bookings_do="keep")

    change(house, "extra_sessions", session="2026-12-12", blocks=BLOCKS)

    assert now(house, booking) == booking


def test_nobody_is_told_of_a_move_that_leaves_them_as_they_are(house: House) -> None:
    untimed = legal(house)
    moved = change(house, "moved_sessions", **MOVED, bookings_do="keep")

    withdraw(house, moved)

    assert now(house, untimed) == untimed


def test_nobody_loses_a_slot_in_which_there_is_still_a_seat(house: House) -> None:
    first = house.request(DAILY, slot=at(), wishes=None)
    second = house.request(DAILY, slot=at(), wishes=None)
    changes.cancel(house.ledger, first.id, actor="resident")

    change(house, "changed_capacities", DAILY, session=DAY, seats=1)

    assert now(house, second) == second


@pytest.mark.parametrize("scope", [VISIT, "town/desk"])
def test_a_closure_asks_for_the_arranged_times_that_it_hits(house: House, scope: str) -> None:
    hit = confirmed(house, house.request(VISIT), slot("14:00"))
    other = confirmed(house, house.request(VISIT), slot("09:00"))
    waiting = house.request(VISIT)
    closed = {"first": DAY, "start": "13:00", "end": "17:00"}

    with pytest.raises(BookingsTouched) as refused:
        change(house, "closures", scope, **closed)
    assert (refused.value.follow, refused.value.lost) == ((), (hit.reference,))
    change(house, "closures", scope, **closed, bookings_do="follow", reason="大雪のため")

    assert now(house, hit).status is Status.CANCELLED_BY_OFFICE
    assert [now(house, one) for one in (other, waiting)] == [other, waiting]


def test_what_a_closure_left_to_staff_is_not_asked_again(house: House) -> None:
    hit = confirmed(house, house.request(VISIT), slot("14:00"))
    change(house, "closures", VISIT, first=DAY, bookings_do="keep")

    change(house, "closures", "town/desk", first=DAY, bookings_do="follow", reason="大雪のため")

    assert now(house, hit) == hit


def test_nobody_follows_a_session_into_the_past(house: House) -> None:
    """Nobody would be told in time."""
    booking = legal(house, wish="09:00")

    with pytest.raises(Invalid) as refused:
        change(house, "moved_sessions", session=SATURDAY, to="2025-12-20", bookings_do="follow")

    assert [(one.field, one.code) for one in refused.value.errors] == [("to", "past")]
    assert now(house, booking) == booking


def test_an_untimed_booking_whose_session_would_have_begun_is_lost(house: House) -> None:
    house.clock.move_to(f"{SATURDAY} 08:30")
    extra = change(
        house, "extra_sessions", session=SUNDAY, blocks=[{"start": "13:00", "end": "15:00"}]
    )
    assert extra.scope == LEGAL
    booking = entered(house, LEGAL, date=SUNDAY, wishes=None, reason="急ぎ")
    house.clock.move_to(f"{SUNDAY} 12:00")

    with pytest.raises(BookingsTouched) as refused:
        change(house, "changed_hours", session=SUNDAY, blocks=[{"start": "10:00", "end": "14:00"}])

    assert refused.value.lost == (booking.reference,)


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("extra_sessions", {"session": "9999-12-31", "blocks": BLOCKS}, "session"),
        ("moved_sessions", {"session": SATURDAY, "to": "9999-12-31"}, "to"),
        ("closures", {"first": "0001-01-01", "last": "0001-01-02"}, "first"),
    ],
)
def test_a_day_at_the_end_of_the_calendar_is_refused(
    house: House, kind: str, data: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change(house, kind, **data)

    assert refused.value.errors[0].field == field


def test_an_extra_session_adds_nothing_beside_a_planned_one_wherever_that_is_held(
    house: House,
) -> None:
    change(house, "moved_sessions", **MOVED)

    with pytest.raises(Invalid) as refused:
        change(house, "extra_sessions", session=SATURDAY, blocks=BLOCKS)

    assert [(one.field, one.code) for one in refused.value.errors] == [("session", "occupied")]


def test_what_was_written_later_counts_as_later_whatever_its_clock_showed(house: House) -> None:
    """Who waits for the lock has looked at the clock before, and clocks of two hosts differ."""
    change(house, "moved_sessions", **MOVED)
    house.clock.at -= timedelta(seconds=5)

    change(house, "moved_sessions", session=SATURDAY, to="2026-12-27")

    booking = legal(house, "2026-12-27", wish="09:00")
    assert booking.starts_at == tokyo("2026-12-27 09:00")


def test_a_change_that_can_no_longer_be_read_takes_nothing_else_with_it(house: House) -> None:
    change(house, "closures", first=SATURDAY)
    odd = change(house, "closures", first=NEXT_SATURDAY)
    table = DeskChangeRow.__table__  # type: ignore[attr-defined]
    unread = update(table).where(table.c.id == odd.id).values(data='{"since": "2027-01-16"}')
    house.ledger.store.write(lambda tx: tx.execute(unread))

    change(house, "closures", first="2027-02-20")

    assert len(house.ledger.catalogue.consultation(LEGAL).changes) == 2
    assert legal(house, NEXT_SATURDAY).is_open
    withdraw(house, odd)
    assert len(desk_changes.standing(house.ledger)) == 2


@pytest.mark.parametrize("scope", [LEGAL, "town/desk"])
def test_an_absence_of_who_serves_nowhere_is_refused(house: House, scope: str) -> None:
    """A name that is spelt otherwise would leave all seats open, and nobody would notice."""
    with pytest.raises(Invalid) as refused:
        change(house, "absences", scope, who="試験 弁護士", first=SATURDAY)

    assert [(one.field, one.code) for one in refused.value.errors] == [("who", "not-serving")]


def test_who_serves_by_a_change_may_be_absent_too(house: House) -> None:
    change(house, "changed_capacities", session=SATURDAY, roster=["試験 弁護士"])

    change(house, "absences", "town/desk", who="試験 弁護士", first=SATURDAY)

    assert len(desk_changes.standing(house.ledger)) == 2
