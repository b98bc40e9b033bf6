"""Private calendars of both privacy levels, read by libical, ical.js and khal, and held against the rows."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from booking.ledger import changes
from tests.support.bureau import (
    ALONE,
    BOTH,
    DAY_NAMED,
    DAY_OF_BOTH,
    DAY_OF_SATO,
    NAMED,
    PARTY,
    a_bureau,
    book,
    confirm,
    of_desk,
    of_person,
    path_of,
)
from tests.support.consumers.reading import Reading, Seen, agreed
from tests.support.consumers.stored import (
    NEVER_IN_A_FEED,
    public_entries,
    published,
    served_entry,
    served_session,
)
from tests.support.feeds import get
from tests.support.house import House

# They look from a zone of their own: once is enough.
pytestmark = pytest.mark.slow

NAMES = ("甲,乙;丙:\\丁", "𠮷田 あ" + "い" * 90, '"引用" 髙󠄁橋')


def test_every_party_in_a_private_calendar_is_its_booking(
    database_url: str, tmp_path: Path
) -> None:
    """Points 1, 10, 16 and 24: number and slot; with the name where the desk's file says so."""
    with a_bureau(database_url, tmp_path) as house:
        get(house)  # a server started, and its address was noted
        small = [book(house, ALONE, DAY_OF_SATO, "10:00"), book(house, BOTH, DAY_OF_BOTH, None)]
        small += [confirm(house, book(house, ALONE, DAY_OF_SATO, "10:30"))]
        small += [book(house, ALONE, DAY_OF_SATO, "11:00")]
        times = ("10:00", "10:30", "11:00")
        large = [
            book(house, NAMED, DAY_NAMED, time, **_called(name, number))
            for number, (time, name) in enumerate(zip(times, NAMES, strict=True), 1)
        ]
        house.clock.move_by(hours=1)
        for given_up in (small[-1], large[0]):
            changes.cancel(house.ledger, given_up.id, actor="resident")
        tokens = {
            "desk": of_desk(house),
            "named": of_desk(house, "town/named", label=NAMES[0]),
            "person": of_person(house),
        }
        with house.client() as client:
            files = {name: client.get(path_of(one)).content for name, one in tokens.items()}
        of_small = _entries(house, small, named=False)
        of_large = _entries(house, large, named=True)
        # Of what both serve at once, only the desk knows whose it is before a time is settled.
        own = _entries(house, [one for one in small if one.consultation == ALONE], named=False)

    found = agreed(files)

    assert _parties(found["desk"], of_small) == of_small
    assert _parties(found["named"], of_large) == of_large
    assert _parties(found["person"], own | of_large) == own | of_large
    assert found["named"].name == NAMES[0]
    for name, one in found.items():
        assert one.method is None
        rest = [event for uid, event in one.events.items() if uid not in of_small | of_large]
        assert rest
        for event in rest:
            _is_a_session(event, busy=name == "person")


def test_a_session_is_the_same_row_in_the_private_and_the_public_calendar(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Points 1, 5 and 7: also where nobody has decided yet whether it is held, at the turn of the year."""
    with a_bureau(sqlite_url, tmp_path) as house:
        with house.client() as client:
            private = client.get(path_of(of_desk(house))).content
            public = client.get(f"/feeds/{ALONE}.ics").content
        start = house.clock().date()
        rows = published(house, start - timedelta(days=7), start + timedelta(days=90))
        shown = public_entries((row for row in rows if row.scope == ALONE), house.settings.base_url)
        served = served_session(house, ALONE)

    found = agreed({"private": private, "public": public}, {"public": shown})

    assert _parties(found["private"], served) == served
    assert {event.status for event in found["public"].events.values()} == {"CONFIRMED", "TENTATIVE"}


def _called(name: str, number: int) -> dict[str, Any]:
    return {**PARTY, "name": name, "kana": "しし" + "どう" * number}


def _entries(house: House, bookings: list[Any], *, named: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in bookings:
        found |= served_entry(house, one.id, named=named)
    return found


def _parties(reading: Reading, like: dict[str, Any]) -> dict[str, Any]:
    """The entries that `like` has, too, with the same fields."""
    return {
        uid: {field: getattr(reading.events[uid], field) for field in fields}
        for uid, fields in like.items()
        if uid in reading.events
    }


def _is_a_session(event: Seen, *, busy: bool) -> None:
    assert event.summary in ("担当日", "開催日", "【未定】担当日", "【未定】開催日")
    assert event.transparency == ("OPAQUE" if busy else "TRANSPARENT")
    assert {field: getattr(event, field) for field in NEVER_IN_A_FEED} == NEVER_IN_A_FEED
