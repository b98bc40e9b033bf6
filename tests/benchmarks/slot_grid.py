"""How fast days become slots: beside a bare datetime loop that makes the same ones."""

import time as clock
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from slots.availability import Held, availability
from slots.grid import slots_of
from slots.sessions import sessions_of
from slots.zone import fiscal_year
from tests.benchmarks.comparing import Figure, compare
from tests.slots.examples import LEGAL

TOKYO = ZoneInfo("Asia/Tokyo")
YEAR = fiscal_year(2026)
MUNICIPALITIES, CONSULTATIONS = 1788, 3
NOBODY = Held()
NOW = datetime(2026, 4, 1, 9, 0, tzinfo=TOKYO)
Pair = tuple[datetime, datetime]


def ours() -> list[Pair]:
    """The slots of a fiscal year of third Saturdays, as the desk file says them."""
    return [
        (slot.start, slot.end)
        for session in sessions_of(LEGAL, *YEAR)
        for slot in slots_of(session)
    ]


def bare() -> list[Pair]:
    """The same slots, written for these only: no rule, no holiday, no change, no place."""
    found = []
    day, end = YEAR
    while day < end:
        if day.weekday() == 5 and 15 <= day.day <= 21:
            start = datetime.combine(day, time(9), TOKYO)
            for n in range(4):
                begins = start + timedelta(minutes=45 * n)
                found.append((begins, begins + timedelta(minutes=45)))
            day += timedelta(days=7)
        else:
            day += timedelta(days=1)
    return found


def of_a_year(make: Callable[[], list[Pair]], times: int = 100) -> Callable[[], Figure]:
    """A round that makes the year again and again."""

    def run() -> Figure:
        began = clock.process_time()
        count = sum(len(make()) for _ in range(times))
        return _figure(count, began)

    return run


def nationwide() -> Figure:
    """What is free in the next 60 days at every municipality's three consultations."""
    every = [
        replace(LEGAL, key=f"town-{n}/desk/{m}")
        for n in range(MUNICIPALITIES)
        for m in range(CONSULTATIONS)
    ]
    start = date(2026, 4, 1)
    end = start + timedelta(days=60)
    count, began = 0, clock.process_time()
    for consultation in every:
        for session in sessions_of(consultation, start, end):
            count += len(availability(consultation, session, NOBODY, NOW).slots)
    return _figure(count, began)


def bare_nationwide() -> Figure:
    """The slots of the same days by the bare loop, with nobody asked whether they are free."""
    count, began = 0, clock.process_time()
    for _ in range(MUNICIPALITIES * CONSULTATIONS):
        for day in (date(2026, 4, 18), date(2026, 5, 16)):
            start = datetime.combine(day, time(9), TOKYO)
            slots = []
            for n in range(4):
                begins = start + timedelta(minutes=45 * n)
                slots.append((begins, begins + timedelta(minutes=45)))
            count += len(slots)
    return _figure(count, began)


def _figure(count: int, began: float) -> Figure:
    spent = clock.process_time() - began
    return Figure(count / spent, spent / count * 1e6)


def run() -> None:
    """Print both comparisons, in slots a second and microseconds a slot."""
    assert ours() == bare()
    compare("slots of a fiscal year", of_a_year(ours), of_a_year(bare), "1.2 times the time: 0.83")
    title = f"availability of {MUNICIPALITIES:,} municipalities with {CONSULTATIONS} consultations"
    compare(title, nationwide, bare_nationwide, "none set")
