"""Cancelled bookings that come back at the same moment as others come: law 2 holds for them too."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from booking.facts import Kind
from booking.ledger import changes, queries, reinstating
from booking.ledger.booking import Booking
from tests.booking.ledger.town import DAILY, LEGAL, SATURDAY, STAFF, a_town, at, entered, party
from tests.booking.store.elsewhere import in_threads
from tests.support.house import House

MANY = 6


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A town on a Tuesday morning in November."""
    with a_town(database_url, tmp_path) as found:
        yield found


def cancelled(house: House, booking: Booking) -> Booking:
    return changes.cancel(house.ledger, booking.id, actor=STAFF, reason="人ちがい")


def back(house: House, booking: Booking) -> Booking:
    return reinstating.reinstate(house.ledger, booking.id, actor=STAFF)


def told(outcomes: list[Any]) -> Counter[str]:
    """How often each refusal was the outcome, and how often a booking ("done")."""
    return Counter(type(one).__name__ if isinstance(one, Exception) else "done" for one in outcomes)


def test_one_seat_wanted_back_by_many_and_anew_by_many_has_one_holder(town: House) -> None:
    """Law 2, with real threads: those who return and those who come take it by the same door."""
    gone = []
    for _ in range(MANY):
        gone.append(cancelled(town, town.request(LEGAL, date=SATURDAY, wish="09:45")))
    returns: list[Callable[[], Booking]] = [lambda b=one: back(town, b) for one in gone]
    comes = [lambda: town.request(LEGAL, date=SATURDAY, wish="09:45")] * MANY

    outcomes = in_threads(*[one for pair in zip(returns, comes, strict=True) for one in pair])

    assert told(outcomes) == {"done": 1, "Taken": 2 * MANY - 1}
    query = text("SELECT count(*) FROM bookings WHERE holds_seat = :yes")
    held = town.ledger.store.read(lambda tx: tx.execute(query, {"yes": True}).scalar_one())
    assert held == 1


def test_two_operators_who_take_it_back_at_once_do_so_once(town: House) -> None:
    booking = cancelled(town, entered(town, DAILY, slot=at()))

    outcomes = in_threads(*[lambda: back(town, booking)] * MANY)

    assert told(outcomes) == {"done": MANY}
    assert {one.revision for one in outcomes} == {3}
    kinds = [one.kind for one in queries.history(town.ledger, booking.id)]
    assert kinds.count(Kind.REINSTATED) == 1


def test_a_party_that_books_anew_while_it_is_taken_back_has_one(town: House) -> None:
    booking = cancelled(town, town.request(DAILY, slot=at(), **party()))

    outcomes = in_threads(
        lambda: back(town, booking), lambda: town.request(DAILY, slot=at("09:45"), **party())
    )

    assert told(outcomes) == {"done": 1, "AlreadyBooked": 1}
