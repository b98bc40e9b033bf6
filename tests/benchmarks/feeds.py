"""Calendars of 40, 1,000 and 3,000 entries: from nothing, after a change, kept; beside the icalendar
library's own serialising of the same entries, and a bare handler with the same bytes.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
from icalendar import Calendar
from sqlalchemy import text

from booking.feeds import calendars
from booking.feeds.calendars import calendar_file, feed_of
from booking.ledger.public_entries import DAYS_AHEAD, DAYS_BACK, listing
from booking.store.engine import open_engine
from booking.store.watch import FRESH_SECONDS
from tests.benchmarks.comparing import Figure, compare
from tests.benchmarks.load import get
from tests.benchmarks.reads import SECONDS, bare_handler, figure
from tests.support.feeds import a_city
from tests.support.house import TUESDAY, a_house
from tests.support.server import Server

SIZES = (40, 1000, 3000)
DAYS = DAYS_BACK + DAYS_AHEAD


def run(database_url: str, folder: Path, engine: str) -> None:
    """Print the calendars' figures on the migrated database at `database_url`."""
    desks = folder / "desks"
    desks.mkdir()
    for size in SIZES:
        (desks / f"of-{size}.toml").write_text(_city(size), encoding="utf-8")
    with Server(database_url, folder, environment={"BOOKING_DESKS": str(desks)}) as server:
        for size in SIZES:
            answer = httpx.get(f"{server.url}/feeds/of-{size}.ics")
            answer.raise_for_status()
            shown = answer.content.count(b"BEGIN:VEVENT")
            packed = httpx.get(answer.url, headers={"Accept-Encoding": "gzip"})
            name = f"calendar of {size:,} entries, {engine}"
            print(
                f"\n{name}: shows {shown:,} in {len(answer.content):,} bytes, "
                f"{packed.headers['content-length']} as gzip"
            )
            library = _library(answer.content, shown)
            against = "limit: the icalendar library alone; entries a second"
            compare(
                f"{name}, from nothing ({against})", _cold(database_url, desks, size), library, "1"
            )
            changed = _changed(database_url, str(answer.url), size)
            compare(f"{name}, over HTTP after a change ({against})", changed, library, "1")
            _kept(answer, folder, name, server.group)


def _kept(answer: httpx.Response, folder: Path, name: str, group: int) -> None:
    url = str(answer.url)
    with bare_handler(answer, folder) as (bare_url, bare_group):
        compare(
            f"{name}, kept, 1 worker, 8 connections",
            lambda: figure(url, group),
            lambda: figure(bare_url, bare_group),
            "0.9 of a bare handler",
        )
    load = get(url, SECONDS, headers=f"If-None-Match: {answer.headers['etag']}\r\n")
    print(f"  304    {load.rate:9,.0f}/s  {dict(load.statuses)}", flush=True)


def _city(entries: int) -> str:
    """A city that has so many sessions in the days of a feed."""
    full, rest = divmod(entries, DAYS)
    found = a_city(full + bool(rest)).replace('id = "big"', f'id = "of-{entries}"')
    if rest:
        last = TUESDAY.date() + timedelta(days=rest - DAYS_BACK)
        before, key, behind = found.rpartition("on_holiday")
        found = f"{before}until = {last}\n{key}{behind}"
    return found


def _cold(database_url: str, desks: Path, size: int) -> Callable[[], Figure]:
    """A round of this process's own: from the rows to the bytes, with nothing kept of the last time."""

    def once() -> Figure:
        with a_house(database_url, folder=desks) as house:
            feed = feed_of(house.ledger.catalogue, f"of-{size}")
            calendars._lean_event.cache_clear()
            began = time.process_time()
            listed = listing(house.ledger, feed.parts, feed.kind)
            calendar_file(feed, listed, house.settings)
            return _figure(len(listed.entries), began)

    return once


def _library(body: bytes, shown: int) -> Callable[[], Figure]:
    """A round of the library's: bytes of components that are there already."""
    made = Calendar.from_ical(body.decode())

    def once() -> Figure:
        began = time.process_time()
        made.to_ical()
        return _figure(shown, began)

    return once


def _changed(database_url: str, url: str, size: int) -> Callable[[], Figure]:
    """A round of fetches, each after the version of one of its consultations rose."""
    engine = open_engine(database_url)
    statement = text(
        "UPDATE consultation_versions SET version = version + 1 WHERE consultation = :key"
    )

    def once() -> Figure:
        seconds, count = 0.0, 5
        with httpx.Client() as client:
            for _ in range(count):
                with engine.execution_options(writes=True).begin() as tx:
                    tx.execute(statement, {"key": f"of-{size}/desk/c0"})
                time.sleep(FRESH_SECONDS * 1.2)
                began = time.perf_counter()
                client.get(url).raise_for_status()
                seconds += time.perf_counter() - began
        return Figure(size * count / seconds)

    return once


def _figure(count: int, began: float) -> Figure:
    spent = time.process_time() - began
    return Figure(count / spent, spent / count * 1e6)
