"""Whole files, to the byte: a session's and a booking's life, each step a file in tests/calendars.

Whoever changes a word on purpose runs this with BOOKING_TEST_WRITE_CALENDARS=1, and reads the
difference before keeping it: if an entry's words changed, `register.WORDING` rises; if what stands
around them, its kind's number in `register.FORMS`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from icalendar import Calendar

from booking.app import install
from booking.chance import Chance
from booking.desks.register import register_definitions
from booking.ledger import changes, queries
from booking.ledger.application import Target
from booking.ledger.reinstating import reinstate
from booking.settings import Settings
from tests.support.feeds import CONSULTATION, change, get
from tests.support.house import CHEAP, KEY, SESSION, House, MovableClock, tokyo

FOLDER = Path(__file__).parents[2] / "calendars"
STAFF = "staff:test"


@contextmanager
def a_sure_house(url: str) -> Iterator[House]:
    """A house in which chance is no longer any."""
    settings, clock = Settings(database_url=url, keys=(KEY,)), MovableClock()
    installation = install(settings, clock, Chance(Random(7)), CHEAP)
    register_definitions(installation.store, installation.ledger.desks.files, clock())
    try:
        yield House(installation, clock)
    finally:
        installation.store.close()


def check(name: str, body: bytes) -> None:
    """Hold `body` against the golden file called `name`."""
    path = FOLDER / name
    if os.environ.get("BOOKING_TEST_WRITE_CALENDARS"):
        path.write_bytes(body)
    assert body == path.read_bytes(), name


def test_a_session_is_planned_moved_and_cancelled(database_url: str) -> None:
    """Points 2, 5, 7, 8 and 9."""
    with a_sure_house(database_url) as house:
        check("session-1-planned.ics", get(house).content)
        check("organisation.ics", get(house, "/feeds/shibukawa.ics?show=sessions").content)
        house.clock.move_by(hours=1)
        change(house, "moved_sessions", session=SESSION, to="2026-12-26", text="会場の都合")
        check("session-2-moved.ics", get(house, CONSULTATION).content)
        house.clock.move_by(hours=1)
        change(house, "closures", first="2026-12-26", last="2026-12-26", text="大雪のため")
        check("session-3-cancelled.ics", get(house, CONSULTATION).content)


def test_a_booking_is_requested_confirmed_moved_cancelled_and_reinstated(
    database_url: str,
) -> None:
    """Points 7, 8, 19 and 20: one UID, a sequence that only rises, and never an older file.

    Who comes, and that it is over, is no news to a calendar: the same file to the byte.
    """
    with a_sure_house(database_url) as house:
        booking = house.request(wish="09:45")
        ledger, path = house.ledger, f"/b/{booking.token}/booking.ics"
        bodies = []

        def kept(name: str) -> None:
            bodies.append(get(house, path).content)
            check(name, bodies[-1])
            house.clock.move_by(hours=1)

        kept("booking-1-requested.ics")
        changes.confirm(ledger, booking.id, actor=STAFF, how="call")
        kept("booking-2-confirmed.ics")
        later = Target(slot=tokyo(f"{SESSION} 10:30"))
        changes.move(ledger, booking.id, actor=STAFF, target=later, how="call")
        kept("booking-3-moved.ics")
        changes.cancel(ledger, booking.id, actor="resident")
        kept("booking-4-cancelled.ics")
        reinstate(ledger, booking.id, actor=STAFF, reason="電話で取り消しの取りやめ", how="call")
        kept("booking-5-reinstated.ics")
        changes.arrive(ledger, booking.id, actor=STAFF)
        check("booking-5-reinstated.ics", get(house, path).content)
        house.clock.move_by(hours=1)
        changes.done(ledger, booking.id, actor=STAFF)
        check("booking-5-reinstated.ics", get(house, path).content)

        (seen, sequences, states) = zip(*map(_of, bodies), strict=True)
        assert set(seen) == {f"booking-{queries.by_id(ledger, booking.id).id}@soudan-yoyaku"}
        assert sequences == (0, 1, 2, 3, 4)
        assert states == ("TENTATIVE", "CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED")


def _of(body: bytes) -> tuple[str, int, str]:
    (event,) = Calendar.from_ical(body.decode()).events
    alarms = [one for one in event.walk() if one.name == "VALARM"]
    assert bool(alarms) == (event["STATUS"] == "CONFIRMED")
    return str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"])
