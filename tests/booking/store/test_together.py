"""Writers of one process share a commit on SQLite; each is told what became of its own work."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from booking.store import Store, Tx, open_store
from tests.booking.store.elsewhere import KEY, in_threads

PATIENCE_SECONDS = 60


@pytest.fixture
def file(sqlite_url: str) -> Iterator[Store]:
    """A store on an SQLite file."""
    opened = open_store(sqlite_url, (KEY,))
    yield opened
    opened.close()


def beat(name: str) -> Callable[[Tx], str]:
    """Work that writes `name` and returns it."""
    add = text("INSERT INTO heartbeats VALUES (:name, '2026-11-24T03:00:00Z')")

    def work(tx: Tx) -> str:
        tx.execute(add, {"name": name})
        return name

    return work


def beats(store: Store) -> set[str]:
    query = text("SELECT name FROM heartbeats")
    return set(store.read(lambda tx: tx.execute(query).scalars().all()))


def in_one_commit(store: Store, *works: Callable[[Tx], Any]) -> list[Any]:
    """What became of each of `works`, which waited in this order while somebody else was writing."""
    began, go_on = threading.Event(), threading.Event()
    outcomes: list[Any] = [None] * len(works)

    def occupy(_tx: Tx) -> None:
        began.set()
        assert go_on.wait(PATIENCE_SECONDS)

    def run(number: int) -> None:
        try:
            outcomes[number] = store.write(works[number])
        except Exception as error:
            outcomes[number] = error

    threads = [threading.Thread(target=store.write, args=(occupy,))]
    threads[0].start()
    assert began.wait(PATIENCE_SECONDS)
    assert store._together is not None
    for number in range(len(works)):
        threads.append(threading.Thread(target=run, args=(number,)))
        threads[-1].start()
        until = time.monotonic() + PATIENCE_SECONDS
        while len(store._together._queue) <= number and time.monotonic() < until:
            time.sleep(0.001)
    go_on.set()
    for one in threads:
        one.join(PATIENCE_SECONDS)
    return outcomes


def fail(_tx: Tx) -> None:
    raise LookupError


def test_who_waits_shares_the_next_commit(file: Store) -> None:
    commits: list[None] = []
    event.listen(file.engine, "commit", lambda _connection: commits.append(None))

    assert in_one_commit(file, beat("a"), beat("b"), beat("c")) == ["a", "b", "c"]

    assert beats(file) == {"a", "b", "c"}
    assert len(commits) <= 2  # the one that was waited for, and theirs


def test_work_that_raises_takes_no_other_with_it(file: Store) -> None:
    def half(tx: Tx) -> None:
        beat("half")(tx)
        raise LookupError

    first, second, third, fourth = in_one_commit(file, beat("a"), half, fail, beat("b"))

    assert (first, fourth) == ("a", "b")
    assert isinstance(second, LookupError)
    assert isinstance(third, LookupError)
    assert beats(file) == {"a", "b"}


def test_work_that_the_database_refuses_takes_no_other_with_it(file: Store) -> None:
    first, second, third = in_one_commit(file, beat("a"), beat("a"), beat("b"))

    assert (first, third) == ("a", "b")
    assert isinstance(second, DBAPIError)
    assert beats(file) == {"a", "b"}


def test_when_the_commit_fails_nobody_is_told_that_it_was_done(file: Store) -> None:
    commits: list[None] = []

    def refuse(_connection: Any) -> None:
        commits.append(None)
        if len(commits) == 2:  # the first one is the one that was waited for
            raise OSError

    event.listen(file._writers, "commit", refuse)

    outcomes = in_one_commit(file, beat("a"), fail, beat("b"))

    assert [type(one) for one in outcomes] == [OSError, LookupError, OSError]
    assert beats(file) == set()
    assert file.write(beat("a")) == "a"


@pytest.mark.parametrize("after", [[], ["c"], ["c", "d"]], ids=["last", "one after", "two after"])
def test_on_a_full_disk_who_is_told_that_it_was_done_finds_it_done(
    file: Store, after: list[str]
) -> None:
    """SQLite then rolls back the whole transaction by itself, with what others wrote before."""

    def too_much(tx: Tx) -> None:
        tx.execute(text("PRAGMA max_page_count=1"))  # raised to the present size: not a page more
        tx.execute(text("INSERT INTO heartbeats VALUES (hex(zeroblob(1000000)), '2026')"))

    def room_again(tx: Tx) -> str:
        tx.execute(text("PRAGMA max_page_count=1000000"))
        return beat("c")(tx)

    works = [beat("a"), too_much, *[room_again, beat("d")][: len(after)]]
    outcomes = in_one_commit(file, *works)

    told = {one for one in outcomes if isinstance(one, str)}
    assert isinstance(outcomes[1], DBAPIError)
    assert beats(file) == told


def test_many_threads_are_all_served_and_none_twice(file: Store) -> None:
    """More than fit into one commit."""
    names = [f"{thread}-{n}" for thread in range(40) for n in range(3)]

    def work(thread: int) -> None:
        for n in range(3):
            assert file.write(beat(f"{thread}-{n}")) == f"{thread}-{n}"

    failed = [one for one in in_threads(*[lambda t=t: work(t) for t in range(40)]) if one]

    assert failed == []
    assert beats(file) == set(names)
