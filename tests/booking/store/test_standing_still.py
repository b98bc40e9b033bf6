"""Two transactions that wait for each other: PostgreSQL ends one of them, and it is run anew."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from booking.store import Store
from booking.store.transaction import MOST_RUNS, Tx
from tests.booking.store.elsewhere import in_threads

BEAT = text("UPDATE heartbeats SET at = at + interval '1 second' WHERE name = :name")


@pytest.fixture
def hearts(postgresql_store: Store) -> Store:
    """A store with two rows to lock."""
    add = text("INSERT INTO heartbeats VALUES ('a', '2026-11-24Z'), ('b', '2026-11-24Z')")
    postgresql_store.write(lambda tx: tx.execute(add))
    return postgresql_store


def test_who_stood_still_runs_again_and_both_are_written(hearts: Store) -> None:
    met, runs = threading.Barrier(2, timeout=10), Counter[str]()

    def crossing(first: str, second: str) -> Callable[[Tx], None]:
        def work(tx: Tx) -> None:
            runs[first] += 1
            tx.execute(BEAT, {"name": first})
            if runs[first] == 1:
                met.wait()
            tx.execute(BEAT, {"name": second})

        return work

    one, other = crossing("a", "b"), crossing("b", "a")
    assert in_threads(lambda: hearts.write(one), lambda: hearts.write(other)) == [None, None]

    assert sorted(runs.values()) == [1, 2]
    beats = text("SELECT count(*) FROM heartbeats WHERE at = '2026-11-24Z'::timestamptz + '2 s'")
    assert hearts.read(lambda tx: tx.execute(beats).scalar()) == 2


@pytest.mark.parametrize(
    ("code", "runs"), [("40P01", MOST_RUNS), ("40001", MOST_RUNS), ("23505", 1), ("57014", 1)]
)
def test_only_that_is_run_again_and_not_for_ever(hearts: Store, code: str, runs: int) -> None:
    seen: list[Any] = []

    def work(tx: Tx) -> None:
        seen.append(tx.execute(BEAT, {"name": "a"}))
        tx.execute(text(f"DO $$ BEGIN RAISE EXCEPTION SQLSTATE '{code}'; END $$"))

    with pytest.raises(DBAPIError):
        hearts.write(work)

    assert len(seen) == runs
    still = text("SELECT count(*) FROM heartbeats WHERE at = '2026-11-24Z'")
    assert hearts.read(lambda tx: tx.execute(still).scalar()) == 2
