"""A consultation's version only rises: kept answers and ETags hang on it."""

import threading
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from booking.store import Store, Tx, versions
from tests.booking.store.elsewhere import in_threads
from tests.booking.store.rows import NOW

DAILY, WEEKLY = "town/desk/daily", "town/desk/weekly"
PATIENCE_SECONDS = 60


def register(store: Store, **definitions: str) -> None:
    named = {f"town/desk/{name}": definition for name, definition in definitions.items()}
    store.write(lambda tx: versions.register(tx, named, NOW))


def raise_it(store: Store, consultation: str = DAILY) -> None:
    store.write(lambda tx: versions.lock_and_raise(tx, consultation, NOW + timedelta(hours=1)))


def version(store: Store, consultation: str = DAILY) -> int:
    found = versions.versions_of(store, [consultation])
    return found[consultation][0] if consultation in found else 0


def test_a_changed_definition_raises_its_version_and_no_other(store: Store) -> None:
    register(store, daily="a", weekly="a")
    register(store, daily="a", weekly="a")
    assert (version(store), version(store, WEEKLY)) == (1, 1)

    register(store, daily="b", weekly="a")

    assert (version(store), version(store, WEEKLY)) == (2, 1)
    assert version(store, "town/desk/unknown") == 0


def test_a_change_notes_when_it_was(store: Store) -> None:
    register(store, daily="a", weekly="a")
    raise_it(store)

    found = versions.versions_of(store, [DAILY, WEEKLY, "town/desk/unknown"])

    assert found == {DAILY: (2, NOW + timedelta(hours=1)), WEEKLY: (1, NOW)}


def test_no_rise_is_lost_among_many(store: Store) -> None:
    register(store, daily="a")

    failed = [one for one in in_threads(*[lambda: raise_it(store)] * 12) if one]

    assert failed == []
    assert version(store) == 13


def test_registering_never_takes_a_version_back(postgresql_store: Store) -> None:
    """Bookings go on while a new program starts: what they raised between its look and its writing
    stays raised, or an old answer would be taken for a new one.
    """
    store = postgresql_store
    register(store, daily="a")
    raised: list[None] = []

    @event.listens_for(store._writers, "before_cursor_execute")
    def meanwhile(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "definition=" in statement and not raised:
            raised.append(None)
            for _ in range(3):
                raise_it(store)

    register(store, daily="b")

    assert raised
    assert version(store) == 5


def test_two_programs_that_start_at_once_register_one_change(store: Store) -> None:
    register(store, daily="a", weekly="a")

    outcomes = in_threads(*[lambda: register(store, daily="b", weekly="b", new="b")] * 4)

    assert outcomes == [None] * 4
    assert (version(store), version(store, WEEKLY), version(store, "town/desk/new")) == (2, 2, 1)


def test_who_raises_a_version_has_the_consultation_to_himself(store: Store) -> None:
    """It is the lock under which seats are taken: the next one waits until the first has committed."""
    register(store, daily="a", weekly="a")
    locked, go_on = threading.Event(), threading.Event()
    order: list[str] = []

    def first(tx: Tx) -> None:
        versions.lock_and_raise(tx, DAILY, NOW)
        locked.set()
        go_on.wait(0.3)  # the second one has ample time to pass, if it could
        order.append("first")

    def second(tx: Tx) -> None:
        versions.lock_and_raise(tx, DAILY, NOW)
        order.append("second")

    def after() -> None:
        assert locked.wait(PATIENCE_SECONDS)
        store.write(second)

    assert in_threads(lambda: store.write(first), after) == [None, None]
    assert order == ["first", "second"]


def test_another_consultation_is_not_kept_waiting(postgresql_store: Store) -> None:
    store = postgresql_store
    register(store, daily="a", weekly="a")

    def work(tx: Tx) -> None:
        versions.lock_and_raise(tx, DAILY, NOW)
        raise_it(store, WEEKLY)

    store.write(work)

    assert (version(store), version(store, WEEKLY)) == (2, 2)


def test_watching_sees_what_was_written_here_at_once(store: Store) -> None:
    register(store, daily="a")
    for expected in (2, 3, 4):
        raise_it(store)

        assert store.watch.ask(DAILY) == expected
        assert store.watch.at_once(DAILY) in (expected, None)
    assert store.watch.ask("town/desk/unknown") == 0
