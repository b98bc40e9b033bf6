"""A counsellor's referral opens one booking with the experts, and nobody can read it afterwards."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from booking.chance import Chance
from booking.desks.catalogue import UnknownDesk
from booking.errors import AlreadyBooked, Invalid
from booking.facts import Kind
from booking.ledger import changes, desk_changes, queries, referral, reinstating
from booking.ledger.booking import Booking
from booking.ledger.status import Status
from booking.store import log
from tests.booking.ledger.town import (
    EXPERT,
    NEXT_DAY,
    OTHER_EXPERT,
    STAFF,
    VISIT,
    a_town,
    confirmed,
    entered,
    party,
    slot,
)
from tests.support.house import House

WISHES = [NEXT_DAY]


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A town on a Tuesday morning in November."""
    with a_town(database_url, tmp_path) as found:
        yield found


def issue(house: House, consultation: str = EXPERT) -> str:
    return referral.issue(house.ledger, consultation, actor=STAFF)


def ask(house: House, code: str, consultation: str = EXPERT, **who: str):
    return house.request(consultation, wishes=WISHES, referral=code, **who)


def unusable(house: House, code: str, consultation: str = EXPERT) -> None:
    with pytest.raises(Invalid) as refused:
        ask(house, code, consultation)
    assert [(one.field, one.code) for one in refused.value.errors] == [("referral", "unknown")]


def test_a_code_opens_one_booking(town: House) -> None:
    code = issue(town)

    ask(town, code.replace("-", " "))

    unusable(town, code)
    assert [one.used for one in referral.issued(town.ledger)] == [True]


def test_a_guessed_code_opens_nothing(town: House) -> None:
    code = issue(town)
    digits = code.replace("-", "")

    for guess in ("00000000", "1", digits[:-1], digits[::-1] + "0", f"{digits}0"):
        unusable(town, guess)


def test_a_code_is_for_the_consultation_that_it_was_issued_for(town: House) -> None:
    unusable(town, issue(town), OTHER_EXPERT)


def test_a_code_runs_out_after_thirty_days(town: House) -> None:
    code, later = issue(town), issue(town)
    town.clock.move_by(days=29)
    town.request(EXPERT, wishes=["2027-01-05"], referral=code)

    town.clock.move_by(days=1)

    with pytest.raises(Invalid) as refused:
        town.request(EXPERT, wishes=["2027-01-05"], referral=later)
    assert refused.value.errors[0].field == "referral"


@pytest.mark.parametrize("actor", ["resident", STAFF])
def test_who_cancels_may_use_the_code_again(town: House, actor: str) -> None:
    code = issue(town)
    booking = ask(town, code)

    changes.cancel(town.ledger, booking.id, actor=actor, reason="都合")

    assert ask(town, code).id != booking.id
    unusable(town, code)


def test_a_refused_request_leaves_the_code_unused(town: House) -> None:
    code = issue(town)
    town.request(EXPERT, wishes=WISHES, referral=issue(town), **party())

    with pytest.raises(AlreadyBooked):
        ask(town, code, **party())
    with pytest.raises(Invalid):
        town.request(EXPERT, wishes=["2026-12-12"], referral=code)

    ask(town, code)


def test_staff_need_no_code_and_can_use_one(town: House) -> None:
    code = issue(town)

    entered(town, EXPERT, wishes=WISHES)
    entered(town, EXPERT, wishes=WISHES, referral=code)

    with pytest.raises(Invalid):
        entered(town, EXPERT, wishes=WISHES, referral=code)


def test_a_code_for_another_kind_of_consultation_is_not_issued(town: House) -> None:
    with pytest.raises(Invalid):
        issue(town, VISIT)
    with pytest.raises(UnknownDesk):
        issue(town, "town/desk/unknown")
    assert referral.issued(town.ledger) == []
    assert referral.referred(town.ledger) == [EXPERT, OTHER_EXPERT]
    assert referral.referred(town.ledger, "elsewhere") == []


def test_the_code_itself_is_kept_nowhere(town: House) -> None:
    code = issue(town)
    booking = ask(town, code)

    def everything(table: str) -> str:
        query = text(f"SELECT * FROM {table}")
        return town.ledger.store.read(lambda tx: str(tx.execute(query).all()))

    kept = "".join(everything(table) for table in ("referrals", "bookings", "facts"))
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert code not in repr(booking)


def test_that_a_code_was_issued_is_a_fact_and_tells_nobody(town: House) -> None:
    issue(town)

    assert not town.ledger.store.read(log.any_unread)
    query = text("SELECT kind, actor, consultation FROM facts")
    (fact,) = town.ledger.store.read(lambda tx: tx.execute(query).all())
    assert tuple(fact) == (Kind.REFERRAL_ISSUED.value, STAFF, EXPERT)


def test_a_code_that_chance_gives_twice_is_drawn_again(town: House) -> None:
    """Codes are kept for good, so that in time some numbers are taken."""
    lucky = replace(town.ledger, chance=Chance(random.Random(1)))
    again = replace(town.ledger, chance=Chance(random.Random(1)))

    first = referral.issue(lucky, EXPERT, actor=STAFF)

    assert referral.issue(again, EXPERT, actor=STAFF) != first
    assert len(referral.issued(town.ledger)) == 2
    assert queries.waiting(town.ledger) == []


def cancelled(house: House, booking: Booking, actor: str = STAFF) -> Booking:
    return changes.cancel(house.ledger, booking.id, actor=actor, reason="都合")


def code_used(house: House) -> bool:
    (found,) = referral.issued(house.ledger)
    return found.used


@pytest.mark.parametrize("how", ["resident", STAFF, "closure"])
def test_the_code_that_opened_it_is_used_again(town: House, how: str) -> None:
    """Also after it has run out: it was good when the booking was made."""
    code = issue(town)
    booking = town.request(EXPERT, wishes=["2027-01-05"], referral=code)
    if how == "closure":
        booking = confirmed(town, booking, slot("14:00", "2027-01-05"))
        made = desk_changes.make(
            town.ledger,
            EXPERT,
            "closures",
            {"first": "2027-01-05"},
            actor=STAFF,
            bookings_do="follow",
            reason="休み",
        )
        desk_changes.withdraw(town.ledger, made.id, actor=STAFF)
    else:
        cancelled(town, booking, how)
    assert not code_used(town)
    town.clock.move_by(days=31)

    reinstating.reinstate(town.ledger, booking.id, actor=STAFF)

    assert code_used(town)


def test_a_code_that_has_opened_another_one_stays_there(town: House) -> None:
    code = issue(town)
    booking = cancelled(town, ask(town, code))
    other = ask(town, code)

    assert reinstating.reinstate(town.ledger, booking.id, actor=STAFF).status is Status.REQUESTED

    cancelled(town, booking)
    assert code_used(town)
    cancelled(town, other)
    assert not code_used(town)
