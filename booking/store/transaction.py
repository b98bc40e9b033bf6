"""The store: a database, its keys, and the two ways to use it: read and write."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from booking.store.engine import open_engine
from booking.store.sealed import Keyring
from booking.store.watch import watch

T = TypeVar("T")
Tx = Connection
Work = Callable[[Tx], T]
# PostgreSQL's deadlock_detected and serialization_failure: the other one went on, we may now.
STOOD_STILL = frozenset({"40P01", "40001"})
MOST_RUNS = 4
# A commit waits for the disk; this many pieces of work may share one.
MOST_TOGETHER = 32


class Store:
    """Runs pieces of work in transactions. A piece of work is a function of the open transaction.

    Work is handed in as a function, and not with a `with` block, so that several may share one
    commit.
    """

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        """Use an open `engine`; see `open_store`."""
        self.engine = engine
        self.keyring = keyring
        self.dialect = engine.dialect.name
        self.watch = watch(engine)
        self._writers = engine.execution_options(writes=True)
        self._readers = _readers(engine)
        self._together = _Together(self._writers) if self.dialect == "sqlite" else None

    def read(self, work: Work[T]) -> T:
        """What `work` returns, seen in one consistent transaction that writes nothing."""
        with self._readers.connect() as tx:
            return work(tx)

    def write(self, work: Work[T]) -> T:
        """What `work` returns, once all it wrote is committed; when it raises, nothing is written.

        On SQLite one writer at a time, and those who wait share the next commit; on PostgreSQL
        rows lock, and `work` is run anew, of which nothing is left, where it and another stood
        still for each other. So no network call belongs in `work`, nor anything outside the
        database that a second run would do twice; and it may run in another thread.
        """
        if self._together is not None:
            return self._together.write(work)
        found = self._written(work)
        self.watch.expire()
        return found

    def _written(self, work: Work[T]) -> T:
        for _ in range(MOST_RUNS - 1):
            try:
                with self._writers.begin() as tx:
                    return work(tx)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in STOOD_STILL:
                    raise
        with self._writers.begin() as tx:
            return work(tx)

    def close(self) -> None:
        """Close all connections."""
        self.watch.close()
        self.engine.dispose()


def _readers(engine: Engine) -> Engine:
    """SQLite's reads see one moment by themselves; PostgreSQL is told so, at no further message."""
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


class _Waiting:
    """A piece of work in the queue, and later its outcome."""

    def __init__(self, work: Work[Any]) -> None:
        self.work = work
        self.settled = False
        self.value: Any = None
        self.error: BaseException | None = None

    def run(self, tx: Tx) -> None:
        self.value = self.work(tx)

    def outcome(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


class _Together:
    """Group commit for SQLite: whoever gets the turn commits for all who wait.

    SQLite has one writer, and with synchronous=FULL each commit waits for the disk. Each piece of
    work has a savepoint of its own, so that one that raises takes no other with it.
    """

    def __init__(self, writers: Engine) -> None:
        self._writers = writers
        self._queue: deque[_Waiting] = deque()
        # SQLite's busy handler is unfair: threads of one process queue here instead.
        self._turn = threading.Lock()

    def write(self, work: Work[T]) -> T:
        mine = _Waiting(work)
        self._queue.append(mine)
        with self._turn:
            while not mine.settled:
                self._commit([self._queue.popleft() for _ in range(self._count())])
        outcome: T = mine.outcome()
        return outcome

    def _count(self) -> int:
        return min(len(self._queue), MOST_TOGETHER)

    def _commit(self, batch: list[_Waiting]) -> None:
        try:
            with self._writers.begin() as tx:
                if len(batch) == 1:
                    batch[0].run(tx)
                else:
                    for one in batch:
                        _run_alone(tx, one)
        except BaseException as error:
            # The commit itself failed, or the only piece of work: nothing of the batch is written.
            for one in batch:
                one.error = one.error or error
        for one in batch:
            one.settled = True


def _run_alone(tx: Tx, one: _Waiting) -> None:
    try:
        with tx.begin_nested():
            one.run(tx)
    except Exception as error:
        if not tx.connection.in_transaction:
            # A full disk: SQLite has rolled back everything by itself, the others' work too.
            raise
        one.error = error


def open_store(url: str, keys: tuple[bytes, ...]) -> Store:
    """The store at `url`, sealed with `keys` (newest first)."""
    return Store(open_engine(url), Keyring(keys))
