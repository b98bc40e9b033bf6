"""Versions for readers that must not wait: never older than what this process wrote."""

import time
from datetime import UTC, datetime

import pytest

from booking.store import Store, open_store, versions
from booking.store.watch import FRESH_SECONDS
from tests.booking.store.elsewhere import KEY

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
LEGAL, INTERVIEW = "shibukawa/lawyer/legal", "osaka/net-harmony/interview"


def registered(store: Store) -> None:
    """Note two consultations."""
    definitions = {LEGAL: "as defined", INTERVIEW: "as defined"}
    store.write(lambda tx: versions.register(tx, definitions, NOON))


def raised(store: Store) -> None:
    """Raise the version of one."""
    store.write(lambda tx: versions.lock_and_raise(tx, LEGAL, NOON))


def known(store: Store) -> int:
    """What a handler would go by."""
    at_once = store.watch.at_once(LEGAL)
    found = store.watch.ask(LEGAL) if at_once is None else at_once
    assert store.watch.all_at_once([LEGAL, "no/such/one"]) in ((found, 0), None)
    return found


def test_an_unregistered_consultation_has_version_nought(store: Store) -> None:
    assert known(store) == 0


def test_what_this_process_wrote_is_known_at_once(store: Store) -> None:
    registered(store)
    before = known(store)
    raised(store)

    assert known(store) == before + 1
    assert store.watch.ask(INTERVIEW) == 1


def test_what_another_process_wrote_is_known_within_a_tenth_of_a_second(
    store: Store, database_url: str
) -> None:
    registered(store)
    before = known(store)
    other = open_store(database_url, (KEY,))
    raised(other)
    other.close()
    time.sleep(FRESH_SECONDS)

    assert known(store) == before + 1


def test_sqlite_answers_at_once_and_is_never_behind(sqlite_url: str) -> None:
    ours, other = (open_store(sqlite_url, (KEY,)) for _ in range(2))
    registered(ours)
    for _ in range(3):
        before = ours.watch.at_once(LEGAL)
        raised(other)

        assert before is not None
        assert ours.watch.at_once(LEGAL) == before + 1
        assert ours.watch.all_at_once((LEGAL, INTERVIEW)) == (before + 1, 1)
    ours.watch.close()
    raised(other)
    assert ours.watch.all_at_once((LEGAL,)) == (before + 2,)
    ours.close()
    other.close()


def test_postgresql_is_asked_in_a_thread_and_then_no_more_for_a_while(
    postgresql_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long while here, so that a busy machine may dawdle."""
    monkeypatch.setattr("booking.store.watch.FRESH_SECONDS", 3600)
    registered(postgresql_store)

    assert postgresql_store.watch.at_once(LEGAL) is None
    assert postgresql_store.watch.ask(LEGAL) == 1
    assert postgresql_store.watch.at_once(LEGAL) == 1
    raised(postgresql_store)
    assert postgresql_store.watch.at_once(LEGAL) is None
    assert postgresql_store.watch.ask(LEGAL) == 2
