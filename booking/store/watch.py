"""Watches the versions of consultations for readers that must not wait: kept answers hang on them."""

import sqlite3
import threading
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, text

# How old a version may be on PostgreSQL, where asking means the network.
FRESH_SECONDS = 0.1
_SOME = "SELECT consultation, version FROM consultation_versions WHERE consultation IN "
_ONE = "SELECT version FROM consultation_versions WHERE consultation = ?"
# Versions only rise and no row goes away, so an equal sum means that nothing changed.
_SUM = text("SELECT sum(version) FROM consultation_versions")
_ALL = text("SELECT consultation, version FROM consultation_versions")


class SqliteWatch:
    """Reads a version at once, on a connection of its own: some ten microseconds, no waiting."""

    def __init__(self, engine: Engine) -> None:
        """Watch the database of `engine`; the connection is opened when first asked."""
        self._engine = engine
        self._lock = threading.Lock()
        self._connection: Any = None
        self._written: Any = None
        self._known: dict[tuple[str, ...], tuple[int, ...]] = {}

    def at_once(self, consultation: str) -> int | None:
        """The present version, 0 for an unknown consultation; None when it can't be had at once."""
        with self._lock:
            try:
                connection = self._connection or self._open()
                found = connection.execute(_ONE, (consultation,)).fetchall()
            except sqlite3.OperationalError:
                return None
        return found[0][0] if found else 0

    def all_at_once(self, consultations: Sequence[str]) -> tuple[int, ...] | None:
        """The present versions of all of `consultations`; None when they can't be had at once.

        Read again only where anybody wrote to the database meanwhile.
        """
        keys = tuple(consultations)
        with self._lock:
            try:
                connection = self._connection or self._open()
                written = connection.execute("PRAGMA data_version").fetchone()
                if written != self._written:
                    self._written, self._known = written, {}
                known = self._known.get(keys)
                if known is None:
                    places = ",".join("?" * len(keys))
                    found = dict(connection.execute(f"{_SOME}({places})", keys).fetchall())
                    known = self._known[keys] = tuple([found.get(one, 0) for one in keys])
            except sqlite3.OperationalError:
                return None
        return known

    def ask(self, consultation: str) -> int:
        """The present version, however long that takes."""
        with self._engine.connect() as tx:
            found = tx.exec_driver_sql(_ONE, (consultation,)).scalar_one_or_none()
        return found or 0

    def expire(self) -> None:
        """Nothing is kept here, so nothing grows old."""

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> Any:
        pooled = self._engine.raw_connection()
        # Taken out of the pool, where it would be missed.
        pooled.detach()
        self._written, self._known = None, {}
        self._connection = pooled.dbapi_connection
        self._connection.execute("PRAGMA busy_timeout=0")
        self._connection.execute("PRAGMA query_only=1")
        return self._connection


class PostgresqlWatch:
    """Keeps all versions, asked for again when they are a tenth of a second old."""

    def __init__(self, engine: Engine) -> None:
        """Watch the database of `engine`; nothing is asked yet."""
        self._engine = engine
        self._asking = threading.Lock()
        self._noting = threading.Lock()
        self._versions: dict[str, int] = {}
        self._sum: Any = None
        self._fresh_until = 0.0
        self._expired = 0

    def at_once(self, consultation: str) -> int | None:
        """The version as lately known, 0 for an unknown consultation; None when that is too old."""
        if time.monotonic() >= self._fresh_until:
            return None
        return self._versions.get(consultation, 0)

    def all_at_once(self, consultations: Sequence[str]) -> tuple[int, ...] | None:
        """The same of all of `consultations`."""
        if time.monotonic() >= self._fresh_until:
            return None
        return tuple([self._versions.get(one, 0) for one in consultations])

    def ask(self, consultation: str) -> int:
        """The version, after asking the database where what is known is too old: not on the loop."""
        with self._asking:
            known = self.at_once(consultation)
            if known is not None:
                return known
            asked, expired = time.monotonic(), self._expired
            with self._engine.connect() as tx:
                found = tx.execute(_SUM).scalar_one()
                if found != self._sum:
                    self._versions = {row[0]: row[1] for row in tx.execute(_ALL)}
                    self._sum = found
            with self._noting:
                # What this process committed meanwhile may be missing in what was read.
                if expired == self._expired:
                    self._fresh_until = asked + FRESH_SECONDS
            return self._versions.get(consultation, 0)

    def expire(self) -> None:
        """Forget how fresh it is: this process has written, and shall see what it wrote."""
        with self._noting:
            self._expired += 1
            self._fresh_until = 0.0

    def close(self) -> None:
        """Nothing is open."""


def watch(engine: Engine) -> SqliteWatch | PostgresqlWatch:
    """The watch for the kind of database that `engine` speaks to."""
    return (SqliteWatch if engine.dialect.name == "sqlite" else PostgresqlWatch)(engine)
