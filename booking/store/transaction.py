"""The store: a database, its keys, and the two ways to use it: read and write."""

import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine

from booking.store.engine import open_engine
from booking.store.sealed import Keyring
from booking.store.watch import watch

T = TypeVar("T")
Tx = Connection


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
        # SQLite's busy handler is unfair: threads of one process queue here instead.
        self._turn = threading.Lock() if self.dialect == "sqlite" else _NoLock()

    def read(self, work: Callable[[Tx], T]) -> T:
        """What `work` returns, seen in one consistent transaction that writes nothing."""
        with self.engine.connect() as tx:
            return work(tx)

    def write(self, work: Callable[[Tx], T]) -> T:
        """What `work` returns, once all it wrote is committed; when it raises, nothing is written.

        On SQLite one writer at a time; on PostgreSQL rows lock. No network call belongs in `work`.
        """
        with self._turn, self._writers.begin() as tx:
            found = work(tx)
        self.watch.expire()
        return found

    def close(self) -> None:
        """Close all connections."""
        self.watch.close()
        self.engine.dispose()


class _NoLock:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def open_store(url: str, keys: tuple[bytes, ...]) -> Store:
    """The store at `url`, sealed with `keys` (newest first)."""
    return Store(open_engine(url), Keyring(keys))
