"""A booking over HTTP, against the bare commit of the same rows on the same engine."""

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import text

from booking.store.engine import open_engine
from tests.benchmarks.comparing import Figure, compare
from tests.benchmarks.load import cpu_seconds, post
from tests.support.daily_town import DAILY, WORKDAYS, daily_town
from tests.support.house import TOKYO, raw_application
from tests.support.server import Server

SECONDS = 2.0
MOST_A_ROUND = 1200
DAYS, SLOTS, SEATS = 150, 11, 4
TABLES = ("bookings", "facts", "facts_unread", "attempt_counts")
# Eleven slots of four seats, every day: seats enough for all rounds.
TOWN = daily_town(seats=4, weekly=(*WORKDAYS, "sat", "sun"), end="17:15", on_holiday="open")


def run(database_url: str, folder: Path, engine: str, aim: str) -> None:
    """Print the bookings' figures on the migrated database at `database_url`."""
    desks = folder / "desks"
    desks.mkdir()
    (desks / "bench.toml").write_text(TOWN, encoding="utf-8")
    bodies = _bodies()
    environment = {"BOOKING_DESKS": str(desks), "BOOKING_MAIL_URL": ""}
    with Server(database_url, folder, environment=environment) as server:
        url = f"{server.url}/api/v1/bookings"
        first = post(url, [next(bodies) for _ in range(50)], SECONDS)
        assert first.statuses[201] == 50, first.statuses
        commit = _BareCommit(database_url)
        compare(
            f"a booking over HTTP, {engine}, 1 worker, 8 connections (limit: one commit of its rows)",
            lambda: _figure(url, bodies, server.group),
            commit.figure,
            aim,
        )
        commit.engine.dispose()


def _bodies() -> Iterator[bytes]:
    """Requests for one free slot after another, each by another party."""
    # The days fill evenly, so that each round meets sessions that are as full as in life.
    first = datetime(2026, 12, 1, 9, 0, tzinfo=TOKYO)
    for number in range(DAYS * SLOTS * SEATS):
        day, slot = number % DAYS, number // DAYS
        at = first + timedelta(days=day, minutes=45 * (slot % SLOTS))
        body = raw_application(DAILY, slot=at.isoformat(), wishes=None)
        yield json.dumps(body).encode()


def _figure(url: str, bodies: Iterator[bytes], group: int) -> Figure:
    part = list(islice(bodies, MOST_A_ROUND))
    before = cpu_seconds(group)
    load = post(url, part, SECONDS)
    count = sum(load.statuses.values())
    assert load.statuses[201] == count, load.statuses
    return Figure(
        load.rate, (cpu_seconds(group) - before) / count * 1_000_000, load.percentile(0.99)
    )


class _BareCommit:
    """The rows that one booking wrote, written again one booking a commit, by plain statements."""

    def __init__(self, database_url: str) -> None:
        self.engine = open_engine(database_url)
        with self.engine.connect() as tx:
            self.rows = {name: _last(tx, name) for name in TABLES}
        self.number = 0

    def figure(self) -> Figure:
        """One round, on one connection, as fast as the engine commits."""
        began, count = time.perf_counter(), 0
        with self.engine.execution_options(writes=True).connect() as connection:
            raw = connection.connection.driver_connection
            statements = {name: self._insert(name, connection) for name in TABLES}
            while time.perf_counter() - began < SECONDS:
                with connection.begin():
                    cursor = raw.cursor()
                    for name, (statement, row) in statements.items():
                        cursor.execute(statement, self._fresh(name, row))
                count += 1
        return Figure(count / (time.perf_counter() - began))

    def _insert(self, name: str, connection: Any) -> tuple[str, dict[str, Any]]:
        row = self.rows[name]
        named = "%({})s" if connection.dialect.name == "postgresql" else ":{}"
        values = ", ".join(named.format(column) for column in row)
        return f"INSERT INTO {name} ({', '.join(row)}) VALUES ({values})", row

    def _fresh(self, name: str, row: dict[str, Any]) -> dict[str, Any]:
        """The row with keys of its own, so that the unique indexes have their usual work."""
        self.number += 1
        fresh = dict(row)
        for column in ("id", "reference", "token_hash", "duplicate_guard", "subject"):
            if isinstance(fresh.get(column), str):
                fresh[column] = f"bare-{self.number}"
        if name == "facts_unread":
            fresh["fact_id"] = 1_000_000 + self.number
        if "session" in fresh:
            fresh["session"] = f"bare/{self.number}"
        return fresh


def _last(tx: Any, name: str) -> dict[str, Any]:
    row = tx.execute(text(f"SELECT * FROM {name} LIMIT 1")).one()._mapping
    return {
        column: value for column, value in row.items() if not (name == "facts" and column == "id")
    }
