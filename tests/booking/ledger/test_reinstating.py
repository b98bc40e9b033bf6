"""A cancellation taken back: the booking stands where it stood, or is refused and stays as it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from booking.errors import AlreadyBooked, Invalid, NotAllowed, NotBookable, Refusal, Taken
from booking.facts import Kind
from booking.ledger import changes, desk_changes, queries, reinstating
from booking.ledger.booking import Booking
from booking.ledger.status import Status
from slots.availability import Reason
from tests.booking.ledger.town import (
    DAILY,
    DAY,
    LEGAL,
    NEXT_DAY,
    SATURDAY,
    STAFF,
    TOWN,
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


def cancelled(house: House, booking: Booking, actor: str = STAFF) -> Booking:
    """`booking`, cancelled: a resident gives no reason, staff must."""
    reason = "" if actor == "resident" else "人ちがい"
    return changes.cancel(house.ledger, booking.id, actor=actor, reason=reason)


def back(house: House, booking: Booking, **more: Any) -> Booking:
    return reinstating.reinstate(house.ledger, booking.id, actor=STAFF, **more)


def refused(house: House, booking: Booking, **more: Any) -> Refusal:
    """The refusal, after which the booking and its history are as they were."""
    ledger = house.ledger
    before = queries.by_id(ledger, booking.id), queries.history(ledger, booking.id)
    with pytest.raises(Refusal) as found:
        back(house, booking, **more)
    assert (queries.by_id(ledger, booking.id), queries.history(ledger, booking.id)) == before
    return found.value


def seat(house: House, booking: Booking) -> Any:
    query = text("SELECT holds_seat, session_seat, slot_seat FROM bookings WHERE id = :id")
    return house.ledger.store.read(lambda tx: tx.execute(query, {"id": booking.id}).one())


@pytest.mark.parametrize("actor", ["resident", STAFF])
@pytest.mark.parametrize("settled", [False, True])
def test_it_stands_again_as_it_stood(town: House, actor: str, settled: bool) -> None:
    booking = town.request(DAILY, slot=at())
    if settled:
        booking = confirmed(town, booking)
    cancelled(town, booking, actor)

    found = back(town, booking, how="counter")

    assert found == queries.by_id(town.ledger, booking.id)
    assert found.status is booking.status
    assert (found.starts_at, found.ends_at, found.place, found.session) == (
        booking.starts_at,
        booking.ends_at,
        booking.place,
        booking.session,
    )
    assert (found.confirmed_at, found.confirmed_by) == (booking.confirmed_at, booking.confirmed_by)
    assert found.revision == booking.revision + 2
    assert found.reason is None
    assert seat(town, booking).holds_seat
    fact = queries.history(town.ledger, booking.id)[-1]
    assert (fact.kind, fact.actor, fact.revision) == (Kind.REINSTATED, STAFF, found.revision)
    assert fact.data == {"start": "2026-12-07T00:00:00+00:00", "how": "counter"}


def test_why_staff_took_it_stays_and_why_they_cancelled_it_does_not(town: House) -> None:
    entry, other = (entered(town, DAILY, slot=at(), reason="時間外の電話") for _ in range(2))
    cancelled(town, entry, "resident")
    cancelled(town, other)

    assert back(town, entry).reason == "時間外の電話"
    assert back(town, other).reason is None


def test_how_the_party_was_told_is_optional_and_one_of_the_known_ways(town: House) -> None:
    booking = cancelled(town, town.request(DAILY, slot=at()))

    refusal = refused(town, booking, how="fax")

    assert isinstance(refusal, Invalid)
    assert refusal.errors[0].code == "unknown"
    back(town, booking)
    assert "how" not in queries.history(town.ledger, booking.id)[-1].data


def test_the_seat_is_held_again_for_everybody(town: House) -> None:
    """Two seats a slot: with it back, the second taker is the last one."""
    booking = cancelled(town, town.request(DAILY, slot=at()))
    town.request(DAILY, slot=at())
    back(town, booking)

    with pytest.raises(Taken):
        town.request(DAILY, slot=at())


def test_who_has_taken_the_time_keeps_it_and_the_nearest_free_are_named(town: House) -> None:
    first = cancelled(town, town.request(LEGAL, date=SATURDAY, wish="09:45"))
    second = cancelled(town, town.request(LEGAL, date=SATURDAY))
    town.request(LEGAL, date=SATURDAY, wish="09:45")

    taken = refused(town, first)
    assert isinstance(taken, Taken)
    assert [one.slot.start for one in taken.nearest[:2]] == [
        tokyo(f"{SATURDAY} 09:00"),
        tokyo(f"{SATURDAY} 10:30"),
    ]
    for _ in range(3):
        town.request(LEGAL, date=SATURDAY)
    assert refused(town, second).code == "session-full"


def test_another_number_of_the_seat_is_as_good(town: House) -> None:
    """Who came meanwhile sits on the seat that was its; the slot has a second one."""
    booking = cancelled(town, town.request(DAILY, slot=at()))
    town.request(DAILY, slot=at())

    back(town, booking)

    assert tuple(seat(town, booking))[1:] == (1, 1)


@pytest.mark.parametrize("settled", [False, True])
def test_an_arranged_one_keeps_its_wishes_or_its_time_and_place(town: House, settled: bool) -> None:
    booking = town.request(VISIT, wishes=[NEXT_DAY])
    if settled:
        booking = confirmed(town, booking, changes.Target(slot=tokyo(f"{DAY} 14:00"), place="2階"))
    cancelled(town, booking)

    found = back(town, booking)

    assert found.status is booking.status
    assert (found.wishes, found.starts_at, found.place) == (
        booking.wishes,
        booking.starts_at,
        booking.place,
    )
    same = {"kana": found.contact.kana, "phone": found.contact.phone}
    with pytest.raises(AlreadyBooked):
        town.request(VISIT, wishes=[NEXT_DAY], **same)


@pytest.mark.parametrize("consultation", [DAILY, VISIT])
def test_what_would_have_begun_is_not_taken_back(town: House, consultation: str) -> None:
    booking = cancelled(town, entered(town, consultation, slot=at()))
    town.clock.move_to(f"{DAY} 08:59")
    assert reinstating.reinstatable(town.ledger, booking)
    town.clock.move_to(f"{DAY} 09:00")

    refusal = refused(town, booking, reason="電話で")

    assert isinstance(refusal, NotBookable)
    assert refusal.reason is Reason.PAST
    assert not reinstating.reinstatable(town.ledger, booking)


def test_a_day_without_a_time_can_be_had_while_the_session_has_a_slot_to_come(
    town: House,
) -> None:
    booking = cancelled(town, town.request(LEGAL, date=SATURDAY))
    town.clock.move_to(f"{SATURDAY} 11:14")

    assert reinstating.reinstatable(town.ledger, booking)
    assert back(town, booking, reason="電話で").status is Status.REQUESTED


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("closures", {"first": SATURDAY}, Reason.CLOSURE),
        ("moved_sessions", {"session": SATURDAY, "to": "2026-12-20"}, Reason.NO_SESSION),
        (
            "changed_hours",
            {"session": SATURDAY, "blocks": [{"start": "09:20", "end": "12:00"}]},
            Reason.CLOSURE,
        ),
    ],
)
def test_where_its_time_is_no_longer_held_there_is_nothing_to_go_back_to(
    town: House, kind: str, data: dict[str, Any], reason: Reason
) -> None:
    booking = cancelled(town, town.request(LEGAL, date=SATURDAY, wish="09:00"))
    desk_changes.make(town.ledger, LEGAL, kind, data, actor=STAFF)

    refusal = refused(town, booking)

    assert isinstance(refusal, NotBookable)
    assert refusal.reason is reason


def test_a_session_that_was_closed_by_mistake_gives_its_bookings_back(town: House) -> None:
    booking = town.request(LEGAL, date=SATURDAY, wish="09:00")
    made = desk_changes.make(
        town.ledger,
        LEGAL,
        "closures",
        {"first": SATURDAY},
        actor=STAFF,
        bookings_do="follow",
        reason="雪",
    )
    assert isinstance(refused(town, booking), NotBookable)

    desk_changes.withdraw(town.ledger, made.id, actor=STAFF)

    assert back(town, booking).starts_at == booking.starts_at


@pytest.mark.parametrize("settled", [False, True])
def test_the_same_twice_changes_nothing(town: House, settled: bool) -> None:
    """The button pressed twice tells nobody twice; what was never cancelled is left alone as well."""
    booking = town.request(DAILY, slot=at())
    if settled:
        booking = confirmed(town, booking)
    assert back(town, booking) == booking

    cancelled(town, booking)
    first = back(town, booking)

    assert back(town, booking, how="call", reason="x") == first
    kinds = [one.kind for one in queries.history(town.ledger, booking.id)]
    assert kinds.count(Kind.REINSTATED) == 1


def test_what_is_over_or_was_declined_is_not_taken_back(town: House) -> None:
    declined = town.request(DAILY, slot=at())
    changes.decline(town.ledger, declined.id, actor=STAFF, reason="満席")
    came = entered(town, DAILY, slot=at())
    changes.arrive(town.ledger, came.id, actor=STAFF)

    for booking, status in ((declined, Status.DECLINED), (came, Status.ARRIVED)):
        refusal = refused(town, booking)
        assert isinstance(refusal, NotAllowed)
        assert refusal.status == status


def test_what_was_moved_by_its_party_goes_back_to_a_request(town: House) -> None:
    """A confirmation that a move has ended does not come back with the booking."""
    booking = confirmed(town, town.request(DAILY, slot=at()))
    changes.move(town.ledger, booking.id, actor="resident", target=slot("10:30"))
    cancelled(town, booking, "resident")

    found = back(town, booking)

    assert (found.status, found.starts_at) == (Status.REQUESTED, tokyo(f"{DAY} 10:30"))


def test_a_party_that_booked_anew_has_one_already_unless_staff_say_so(town: House) -> None:
    """Also where its own new booking has taken the time: that is the truer word."""
    booking = cancelled(town, town.request(LEGAL, date=SATURDAY, wish="09:00", **party()))
    town.request(LEGAL, date=SATURDAY, wish="09:00", **party())
    assert isinstance(refused(town, booking), AlreadyBooked)
    other = cancelled(town, town.request(DAILY, slot=at(), **party()))
    town.request(DAILY, slot=at("09:45"), **party())
    assert isinstance(refused(town, other), AlreadyBooked)

    found = back(town, other, again=True)

    assert found.status is Status.REQUESTED


def test_what_stands_again_guards_against_a_second_one_again(town: House) -> None:
    booking = cancelled(town, town.request(DAILY, slot=at(), **party()))
    back(town, booking)

    with pytest.raises(AlreadyBooked):
        town.request(DAILY, slot=at("09:45"), **party())


def test_beyond_the_booking_window_staff_say_why(database_url: str, tmp_path: Path) -> None:
    closing = TOWN.replace("opens_days_before = 180", "closes_days_before = 2")
    with a_town(database_url, tmp_path, closing) as house:
        booking = cancelled(house, house.request(DAILY, slot=at()))
        in_time = cancelled(house, house.request(DAILY, slot=at()))
        assert back(house, in_time).status is Status.REQUESTED
        house.clock.move_to("2026-12-06 10:00")

        refusal = refused(house, booking)

        assert isinstance(refusal, Invalid)
        assert [f"{one.field}.{one.code}" for one in refusal.errors] == ["reason.required"]
        assert back(house, booking, reason="窓口の誤り").reason == "窓口の誤り"


def test_beyond_a_limit_staff_say_why_and_it_is_noted(database_url: str, tmp_path: Path) -> None:
    limited = TOWN.replace(
        'id = "daily"',
        'id = "daily"\nlimits = [{ per = "ever", at_most = 1, then = "refuse" }]',
    )
    with a_town(database_url, tmp_path, limited) as house:
        booking = cancelled(house, house.request(DAILY, slot=at(), **party()))
        house.request(DAILY, slot=at(day=NEXT_DAY), **party())

        refusal = refused(house, booking)

        assert isinstance(refusal, Invalid)
        assert [f"{one.field}.{one.code}" for one in refusal.errors] == ["reason.limit"]
        back(house, booking, reason="窓口の誤り")
        assert queries.history(house.ledger, booking.id)[-1].data["beyond"] == "ever"


def test_cancelled_and_taken_back_again_and_again_counts_each(town: House) -> None:
    booking = town.request(DAILY, slot=at())
    for _ in range(3):
        cancelled(town, booking, "resident")
        back(town, booking)

    found = queries.by_id(town.ledger, booking.id)
    revisions = [one.revision for one in queries.history(town.ledger, booking.id)]
    assert revisions == list(range(1, 8))
    assert (found.revision, found.status) == (7, Status.REQUESTED)
