"""A fact is told once: not twice where two read at once, and never not at all."""

import threading
from typing import Any

import pytest

from booking.facts import Fact, Kind
from booking.store import Store, Tx, log
from tests.booking.store.elsewhere import in_threads
from tests.booking.store.rows import NOW

PATIENCE_SECONDS = 60


def a_fact(booking: str = "b1", kind: Kind = Kind.REQUESTED, **changes: Any) -> Fact:
    return Fact(kind=kind, at=NOW, actor="resident", booking_id=booking, **changes)


def append(store: Store, *facts: Fact) -> None:
    store.write(lambda tx: log.append_all(tx, facts))


def take(store: Store, limit: int = 100) -> list[Fact]:
    return store.write(lambda tx: log.take_unread(tx, limit))


def bookings_of(facts: list[Fact]) -> list[str | None]:
    return [fact.booking_id for fact in facts]


def test_a_fact_comes_back_as_it_was_appended(store: Store) -> None:
    fact = a_fact(
        consultation="town/desk/daily",
        revision=3,
        data={"start": "2026-12-19T00:00:00+00:00", "how": None, "again": True, "n": 2},
    )
    append(store, fact)

    (read,) = take(store)

    assert read.id is not None
    assert {**vars(read), "id": None} == {**vars(fact), "id": None}


def test_facts_are_read_in_order_and_once(store: Store) -> None:
    append(store, *[a_fact(f"b{n}") for n in range(5)])

    assert bookings_of(take(store, 3)) == ["b0", "b1", "b2"]
    assert bookings_of(take(store, 3)) == ["b3", "b4"]
    assert take(store, 3) == []


def test_reading_that_fails_leaves_the_facts_unread(store: Store) -> None:
    append(store, a_fact())

    def work(tx: Tx) -> None:
        assert len(log.take_unread(tx, 10)) == 1
        raise LookupError

    with pytest.raises(LookupError):
        store.write(work)

    assert bookings_of(take(store)) == ["b1"]


def test_what_was_read_stays_in_the_history(store: Store) -> None:
    append(store, a_fact("b1"), a_fact("b2"), a_fact("b1", Kind.CONFIRMED))
    take(store)

    history = store.read(lambda tx: log.of_booking(tx, "b1"))

    assert [fact.kind for fact in history] == [Kind.REQUESTED, Kind.CONFIRMED]


@pytest.mark.parametrize("kind", sorted(log.SILENT))
def test_what_concerns_nobody_is_kept_and_not_told(store: Store, kind: Kind) -> None:
    append(store, a_fact(kind=kind))

    assert not store.read(log.any_unread)
    assert take(store) == []
    assert [one.kind for one in store.read(lambda tx: log.of_booking(tx, "b1"))] == [kind]


def test_every_other_kind_waits_to_be_told(store: Store) -> None:
    told = [kind for kind in Kind if kind not in log.SILENT]
    append(store, *[a_fact(kind=kind) for kind in told])

    assert store.read(log.any_unread)
    assert store.read(log.unread_count) == len(told)
    assert [one.kind for one in take(store)] == told


def test_a_fact_whose_transaction_fails_never_was(store: Store) -> None:
    def work(tx: Tx) -> None:
        log.append(tx, a_fact())
        raise LookupError

    with pytest.raises(LookupError):
        store.write(work)

    assert take(store) == []
    assert store.read(lambda tx: log.of_booking(tx, "b1")) == []


def test_readers_at_once_never_take_the_same_fact(store: Store) -> None:
    """And leave none."""
    append(store, *[a_fact(f"b{n}") for n in range(60)])

    def read_all() -> list[Fact]:
        found: list[Fact] = []
        while store.read(log.any_unread):
            found += take(store, 7)
        return found

    outcomes = in_threads(*[read_all] * 4)

    taken = [fact.booking_id for found in outcomes for fact in found]
    assert sorted(map(str, taken)) == sorted(f"b{n}" for n in range(60))


def test_a_reader_passes_over_what_another_is_reading(postgresql_store: Store) -> None:
    """On PostgreSQL it does not wait for it."""
    store = postgresql_store
    append(store, *[a_fact(f"b{n}") for n in range(4)])

    def work(tx: Tx) -> tuple[list[Fact], list[Fact]]:
        return log.take_unread(tx, 2), take(store, 10)

    first, second = store.write(work)

    assert bookings_of(first) == ["b0", "b1"]
    assert bookings_of(second) == ["b2", "b3"]


def test_a_fact_that_is_committed_after_a_later_one_is_not_lost(postgresql_store: Store) -> None:
    """Transactions commit in another order than they count: a cursor over ids would pass it by."""
    store = postgresql_store
    counted, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        log.append(tx, a_fact("slow"))
        counted.set()
        assert go_on.wait(PATIENCE_SECONDS)

    def quick() -> list[Fact]:
        assert counted.wait(PATIENCE_SECONDS)
        append(store, a_fact("quick"))
        found = take(store)
        go_on.set()
        return found

    _, found = in_threads(lambda: store.write(slow), quick)

    assert bookings_of(found) == ["quick"]
    assert bookings_of(take(store)) == ["slow"]


def test_viewings_are_found_by_who_looked_and_since_when(store: Store) -> None:
    append(store, a_fact("b1", Kind.VIEWED), a_fact("b2", Kind.REQUESTED))

    def viewed(actor: str, since: Any = NOW) -> set[str]:
        return store.read(lambda tx: log.viewed_since(tx, actor, ["b1", "b2"], since))

    assert viewed("resident") == {"b1"}
    assert viewed("staff:x") == set()
    assert viewed("resident", NOW.replace(year=2027)) == set()
