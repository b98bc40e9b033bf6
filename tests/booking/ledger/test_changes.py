"""Confirming, declining, cancelling and what becomes of a party on its day."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from booking.errors import (
    ChangedMeanwhile,
    Invalid,
    NotAllowed,
    NotBookable,
    NotFound,
    Refusal,
    Taken,
    TooLate,
)
from booking.facts import Kind
from booking.ledger import changes, queries
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from booking.ledger.status import Status
from slots.availability import Reason
from tests.booking.ledger.town import (
    DAILY,
    DAY,
    LEGAL,
    NEXT_DAY,
    NEXT_SATURDAY,
    SATURDAY,
    STAFF,
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


def now(house: House, booking: Booking) -> Booking:
    return queries.by_id(house.ledger, booking.id)


def refused(house: House, booking: Booking, act: Callable[[], Any]) -> Refusal:
    """The refusal of `act`, after which the booking and its history are as they were."""
    before = now(house, booking), queries.history(house.ledger, booking.id)
    with pytest.raises(Refusal) as found:
        act()
    assert (now(house, booking), queries.history(house.ledger, booking.id)) == before
    return found.value


def errors(refusal: Refusal) -> list[str]:
    assert isinstance(refusal, Invalid)
    return [f"{one.field}.{one.code}" for one in refusal.errors]


def test_confirming_fixes_the_time_that_was_asked_for(town: House) -> None:
    booking = town.request(DAILY, slot=at())

    found = confirmed(town, booking)

    assert found == now(town, booking)
    assert (found.status, found.revision, found.starts_at) == (
        Status.CONFIRMED,
        2,
        booking.starts_at,
    )
    assert (found.confirmed_by, found.confirmed_how) == (STAFF, "call")
    (fact,) = queries.history(town.ledger, booking.id)[1:]
    assert (fact.kind, fact.actor, fact.revision) == (Kind.CONFIRMED, STAFF, 2)
    assert fact.data == {"start": "2026-12-07T00:00:00+00:00", "how": "call"}


@pytest.mark.parametrize(("how", "code"), [("", "how.required"), ("fax", "how.unknown")])
def test_confirming_says_how_the_party_was_told(town: House, how: str, code: str) -> None:
    booking = town.request(DAILY, slot=at())

    refusal = refused(
        town, booking, lambda: changes.confirm(town.ledger, booking.id, actor=STAFF, how=how)
    )

    assert errors(refusal) == [code]


@pytest.mark.parametrize(
    ("consultation", "asked"), [(LEGAL, {"date": SATURDAY}), (VISIT, {"wishes": [NEXT_DAY]})]
)
def test_confirming_needs_a_time(town: House, consultation: str, asked: dict[str, Any]) -> None:
    booking = town.request(consultation, **asked)

    assert errors(refused(town, booking, lambda: confirmed(town, booking))) == ["slot.required"]

    found = confirmed(town, booking, slot("10:30", SATURDAY))
    assert found.time_settled
    assert found.starts_at == tokyo(f"{SATURDAY} 10:30")


def test_confirming_what_is_confirmed_changes_nothing(town: House) -> None:
    """The button pressed twice tells nobody twice."""
    first = confirmed(town, town.request(DAILY, slot=at()))

    for target in (None, Target(), slot()):
        assert confirmed(town, first, target) == first
    assert len(queries.history(town.ledger, first.id)) == 2


def test_confirming_an_arranged_time_again_changes_nothing(town: House) -> None:
    """What is not named again stays: place and length are not lost by a second press."""
    target = Target(slot=tokyo(f"{DAY} 14:00"), minutes=60, place="2階")
    first = confirmed(town, town.request(VISIT, wishes=[NEXT_DAY]), target)

    for again in (None, target, Target(slot=target.slot), slot("14:00")):
        assert confirmed(town, first, again) == first
    assert (first.place, first.ends_at) == ("2階", tokyo(f"{DAY} 15:00"))
    assert len(queries.history(town.ledger, first.id)) == 2


def test_confirming_for_another_time_takes_that_seat_and_gives_the_old_one_up(
    town: House,
) -> None:
    booking = town.request(DAILY, slot=at())

    found = confirmed(town, booking, slot("11:15", NEXT_DAY))

    assert found.starts_at == tokyo(f"{NEXT_DAY} 11:15")
    assert found.session == f"{DAILY}/{NEXT_DAY}"
    for _ in range(2):
        town.request(DAILY, slot=at())
    town.request(DAILY, slot=at("11:15", NEXT_DAY))
    with pytest.raises(Taken):
        town.request(DAILY, slot=at("11:15", NEXT_DAY))


def test_a_refused_confirmation_leaves_all_as_it_was(town: House) -> None:
    booking = town.request(LEGAL, date=SATURDAY, wish="09:00")
    town.request(LEGAL, date=SATURDAY, wish="09:45")

    taken = refused(town, booking, lambda: confirmed(town, booking, slot("09:45", SATURDAY)))
    off_grid = refused(town, booking, lambda: confirmed(town, booking, slot("09:46", SATURDAY)))
    nowhere = refused(town, booking, lambda: confirmed(town, booking, slot("09:00", NEXT_DAY)))

    assert isinstance(taken, Taken)
    assert errors(off_grid) == ["slot.not-a-slot"]
    assert isinstance(nowhere, NotBookable)
    assert nowhere.reason is Reason.NO_SESSION


def test_nothing_is_confirmed_for_the_past(town: House) -> None:
    for consultation, asked in ((VISIT, {"wishes": [NEXT_DAY]}), (DAILY, {"slot": at()})):
        booking = town.request(consultation, **asked)
        for target in (slot(day="2026-11-23"), slot(day="2026-11-20"), slot(day="2000-01-04")):
            refusal = refused(town, booking, lambda b=booking, t=target: confirmed(town, b, t))
            assert isinstance(refusal, NotBookable)


def test_who_looked_before_it_changed_is_told_so(town: House) -> None:
    booking = town.request(DAILY, slot=at())
    changes.move(town.ledger, booking.id, actor="resident", target=slot("09:45"))

    for act in (
        lambda: changes.confirm(town.ledger, booking.id, actor=STAFF, how="call", seen=1),
        lambda: changes.move(town.ledger, booking.id, actor=STAFF, target=slot(), seen=1),
    ):
        assert isinstance(refused(town, booking, act), ChangedMeanwhile)
    found = changes.confirm(town.ledger, booking.id, actor=STAFF, how="call", seen=2)
    assert found.status is Status.CONFIRMED


def test_declining_says_why(town: House) -> None:
    booking = town.request(DAILY, slot=at())
    for reason, code in (("", "required"), (" \x00\n", "required"), ("理" * 501, "too-long")):
        refusal = refused(
            town,
            booking,
            lambda r=reason: changes.decline(town.ledger, booking.id, actor=STAFF, reason=r),
        )
        assert errors(refusal) == [f"reason.{code}"]

    found = changes.decline(town.ledger, booking.id, actor=STAFF, reason=" 担当が\x00不在 ")

    assert (found.status, found.reason) == (Status.DECLINED, "担当が不在")
    assert queries.history(town.ledger, booking.id)[-1].kind is Kind.DECLINED


@pytest.mark.parametrize("end", ["decline", "cancel", "cancel by office"])
def test_who_gave_up_or_was_refused_has_freed_the_seat_and_may_ask_again(
    town: House, end: str
) -> None:
    booking = town.request(LEGAL, date=SATURDAY, wish="09:00", **party())
    if end == "decline":
        changes.decline(town.ledger, booking.id, actor=STAFF, reason="休み")
    elif end == "cancel":
        changes.cancel(town.ledger, booking.id, actor="resident")
    else:
        changes.cancel(town.ledger, booking.id, actor=STAFF, reason="休み")

    again = town.request(LEGAL, date=SATURDAY, wish="09:00", **party())

    assert again.starts_at == booking.starts_at
    assert again.id != booking.id


def test_staff_cancel_with_a_reason_and_residents_need_none(town: House) -> None:
    first, second = (town.request(DAILY, slot=at()) for _ in range(2))
    refusal = refused(
        town, first, lambda: changes.cancel(town.ledger, first.id, actor=STAFF, reason=" ")
    )
    assert errors(refusal) == ["reason.required"]

    by_office = changes.cancel(town.ledger, first.id, actor=STAFF, reason="休み")
    by_resident = changes.cancel(town.ledger, second.id, actor="resident")

    assert by_office.status is Status.CANCELLED_BY_OFFICE
    assert by_resident.status is Status.CANCELLED_BY_RESIDENT
    assert queries.history(town.ledger, first.id)[-1].kind is Kind.CANCELLED_BY_OFFICE
    assert queries.history(town.ledger, second.id)[-1].kind is Kind.CANCELLED_BY_RESIDENT


def test_a_resident_who_cancels_again_is_shown_the_same(town: House) -> None:
    booking = town.request(DAILY, slot=at())
    first = changes.cancel(town.ledger, booking.id, actor="resident")

    assert changes.cancel(town.ledger, booking.id, actor="resident") == first
    assert len(queries.history(town.ledger, booking.id)) == 2


def test_once_it_has_begun_residents_phone(town: House) -> None:
    booking = town.request(DAILY, slot=at())
    town.clock.move_to(f"{DAY} 09:00")

    for act in (
        lambda: changes.cancel(town.ledger, booking.id, actor="resident"),
        lambda: changes.move(
            town.ledger, booking.id, actor="resident", target=slot(day="2026-12-14")
        ),
    ):
        refusal = refused(town, booking, act)
        assert isinstance(refusal, TooLate)
        assert refusal.until == booking.starts_at
        assert refusal.until.utcoffset() == tokyo(f"{DAY} 09:00").utcoffset()
    cancelled = changes.cancel(town.ledger, booking.id, actor=STAFF, reason="電話で")
    assert cancelled.status is Status.CANCELLED_BY_OFFICE


def test_until_the_minute_before_it_begins_residents_may_cancel(town: House) -> None:
    booking = confirmed(town, town.request(DAILY, slot=at()))
    town.clock.move_to(f"{DAY} 08:59")

    assert not changes.cancel(town.ledger, booking.id, actor="resident").is_open


def test_the_day_of_a_party(town: House) -> None:
    came, stayed_away, came_late = (
        entered(town, DAILY, slot=at(t)) for t in ("09:00",) * 2 + ("09:45",)
    )
    for act, booking, status, kind in (
        (changes.arrive, came, Status.ARRIVED, Kind.ARRIVED),
        (changes.done, came, Status.DONE, Kind.DONE),
        (changes.no_show, stayed_away, Status.NO_SHOW, Kind.NO_SHOW),
        (changes.done, came_late, Status.DONE, Kind.DONE),
    ):
        found = act(town.ledger, booking.id, actor=STAFF)

        assert found.status is status
        assert queries.history(town.ledger, booking.id)[-1].kind is kind
    # Who came, or did not, has kept its seat: the record of the day stays true.
    with pytest.raises(Taken):
        entered(town, DAILY, slot=at())


def test_what_is_over_is_not_changed(town: House) -> None:
    booking = town.request(DAILY, slot=at())
    changes.cancel(town.ledger, booking.id, actor="resident")
    for act in (
        lambda: confirmed(town, booking),
        lambda: changes.decline(town.ledger, booking.id, actor=STAFF, reason="x"),
        lambda: changes.cancel(town.ledger, booking.id, actor=STAFF, reason="x"),
        lambda: changes.move(town.ledger, booking.id, actor="resident", target=slot("09:45")),
        lambda: changes.move(town.ledger, booking.id, actor=STAFF, target=slot("09:45")),
        lambda: changes.arrive(town.ledger, booking.id, actor=STAFF),
    ):
        refusal = refused(town, booking, act)
        assert isinstance(refusal, NotAllowed)
        assert refusal.status == Status.CANCELLED_BY_RESIDENT


def test_an_unknown_booking_is_not_found(town: House) -> None:
    with pytest.raises(NotFound):
        changes.cancel(town.ledger, "nobody's", actor="resident")
    with pytest.raises(NotFound):
        changes.arrive(town.ledger, "nobody's", actor=STAFF)


def test_facts_are_numbered_without_a_gap_and_tell_what_the_booking_tells(town: House) -> None:
    booking = town.request(LEGAL, date=SATURDAY)
    confirmed(town, booking, slot("09:45", SATURDAY))
    changes.move(town.ledger, booking.id, actor=STAFF, target=slot("09:00", NEXT_SATURDAY))
    changes.cancel(town.ledger, booking.id, actor="resident")

    history = queries.history(town.ledger, booking.id)

    assert [fact.revision for fact in history] == [1, 2, 3, 4]
    assert [fact.data["start"] for fact in history[1:]] == [
        "2026-12-19T00:45:00+00:00",
        "2027-01-16T00:00:00+00:00",
        "2027-01-16T00:00:00+00:00",
    ]
    assert history[2].data["from"] == "2026-12-19T00:45:00+00:00"
