"""Real clients in real processes after the last seats, against a real server with two workers."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from booking.ledger import access
from tests.support.crowd import CLIENTS, TOLD, WON, Try, rush
from tests.support.house import LEGAL, SESSION, House, a_house, raw_application
from tests.support.server import Server

pytestmark = pytest.mark.slow
TIMES = ["09:00", "09:45", "10:30", "11:15"]
GUARDED = ("-c", "from booking.cli import main; main()")
UNGUARDED = ("-m", "tests.support.unguarded")


@contextmanager
def a_town(
    database_url: str, folder: Path, program: tuple[str, ...] = GUARDED
) -> Iterator[tuple[House, str, str]]:
    """A house, the address of its server, and a staff key."""
    with a_house(database_url) as house:
        key = access.add_key(house.ledger, "race")
        with Server(database_url, folder, workers=2, program=program) as server:
            yield house, server.url, key


def held(house: House) -> list[Any]:
    """The rows that hold seats of the session."""
    query = text(
        "SELECT slot_start, slot_seat, session_seat FROM bookings"
        " WHERE session = :session AND holds_seat = :yes"
    )
    values = {"session": f"{LEGAL}/{SESSION}", "yes": True}
    return list(house.ledger.store.read(lambda tx: tx.execute(query, values).all()))


def check_race(house: House, answers: Counter[int], seats: int) -> None:
    """Exactly as many holders as seats, no seat held twice, every loser told."""
    rows = held(house)
    assert len(rows) == seats, answers
    assert len({row.session_seat for row in rows}) == seats
    timed = [(row.slot_start, row.slot_seat) for row in rows if row.slot_start is not None]
    assert len(set(timed)) == len(timed)
    won = sum(count for status, count in answers.items() if status in WON)
    told = sum(count for status, count in answers.items() if status in TOLD)
    assert (won, told) == (seats, CLIENTS - seats), answers


def test_of_64_clients_after_one_slot_by_three_doors_one_gets_it_and_each_other_is_told(
    database_url: str, tmp_path: Path
) -> None:
    with a_town(database_url, tmp_path) as (house, url, key):
        answers = rush(url, key, tries_for_one_slot(SESSION, "09:45"))

        check_race(house, answers, seats=1)


def test_of_64_clients_after_a_session_of_four_four_get_in_and_each_other_is_told(
    database_url: str, tmp_path: Path
) -> None:
    with a_town(database_url, tmp_path) as (house, url, key):
        answers = rush(url, key, tries_for_a_session(SESSION, TIMES))

        check_race(house, answers, seats=4)


def test_without_index_and_lock_the_same_race_is_lost(database_url: str, tmp_path: Path) -> None:
    """The control: if this passed as well, the tests above would prove nothing."""
    with a_town(database_url, tmp_path, UNGUARDED) as (house, url, key):
        house.ledger.store.write(_drop_indexes)
        answers = rush(url, key, tries_for_one_slot(SESSION, "09:45"))

        with pytest.raises(AssertionError):
            check_race(house, answers, seats=1)
        assert len(held(house)) > 1, answers


def _drop_indexes(tx: Any) -> None:
    for name in ("uq_bookings_slot_seat", "uq_bookings_session_seat"):
        tx.execute(text(f"DROP INDEX {name}"))


def tries_for_one_slot(day: str, time: str) -> list[Try]:
    """64 parties after one slot, a third by each door."""
    doors = ["web", "api", "staff"]
    tries = []
    for n in range(CLIENTS):
        body = raw_application(LEGAL, date=day, wish=time)
        if doors[n % 3] == "staff":
            body |= {"slot": f"{day}T{time}:00+09:00", "how": "call"}
            body.pop("wish")
            body.pop("date")
        tries.append(Try(doors[n % 3], body))
    return tries


def tries_for_a_session(day: str, times: list[str]) -> list[Try]:
    """64 parties after a session's seats: residents at any time, staff at certain times."""
    tries = []
    for n in range(CLIENTS):
        if n % 3 == 2:
            body = raw_application(LEGAL, date=day)
            body.pop("date")
            body |= {"slot": f"{day}T{times[n % len(times)]}:00+09:00", "how": "call"}
            tries.append(Try("staff", body))
        else:
            tries.append(Try("web" if n % 3 == 0 else "api", raw_application(LEGAL, date=day)))
    return tries
