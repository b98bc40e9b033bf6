"""Many dated changes at once: all or none, under one key; and what a lawyer's calendar takes away."""

import json
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from booking.desks.stretch import Stretch
from booking.errors import BookingsTouched, ChangedMeanwhile, Invalid, KeyReused
from booking.facts import Kind
from booking.ledger import desk_changes, queries
from booking.ledger.dated_imports import Wanted, changes_from, foreseen
from booking.ledger.status import Status
from tests.booking.ledger.town import DAILY, DAY, LEGAL, NEXT_DAY, STAFF, TOWN, a_town, at
from tests.support.house import House, a_house

DESK = "town/desk"
DAYS = [{"first": DAY}, {"first": NEXT_DAY, "text": "休館日"}]


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A town whose daily consultation 甲 and 乙 serve."""
    text = TOWN.replace("seats = 2", 'roster = ["甲", "乙"]', 1)
    with a_town(database_url, tmp_path, text) as found:
        yield found


def make(house: House, scope: str = DAILY, kind: str = "closures", **more: Any) -> Any:
    several = more.pop("several", DAYS)
    return desk_changes.make_all(house.ledger, scope, kind, several, actor=STAFF, **more)


def standing(house: House) -> list[dict[str, Any]]:
    return [dict(one.data) for one in desk_changes.standing(house.ledger)]


def day(text: str, **more: Any) -> Stretch:
    found = date.fromisoformat(text)
    return Stretch(line=1, first=found, last=found, **more)


def test_all_hold_in_their_order(house: House) -> None:
    made = make(house)

    assert standing(house) == DAYS
    assert made[0].made_at < made[1].made_at
    assert {one.made_by for one in made} == {STAFF}


def test_the_same_key_gives_the_same_changes_and_no_others(house: House) -> None:
    first = make(house, key="once")

    assert make(house, key="once") == first
    assert standing(house) == DAYS
    with pytest.raises(KeyReused):
        make(house, key="once", several=DAYS[:1])
    assert standing(house) == DAYS


def test_where_one_cannot_be_read_none_holds(house: House) -> None:
    with pytest.raises(Invalid):
        make(house, several=[*DAYS, {"first": "soon"}])

    assert standing(house) == []


def test_where_one_would_change_nothing_none_holds(house: House) -> None:
    extra = {"start": "09:00", "end": "12:00"}
    twice = [{"session": "2026-12-13", **extra}] * 2
    with pytest.raises(Invalid) as refused:
        make(house, LEGAL, "extra_sessions", several=twice)

    assert [one.code for one in refused.value.errors] == ["occupied"]
    assert standing(house) == []


def test_bookings_of_any_of_the_days_are_named_and_follow_together(house: House) -> None:
    booked = [house.request(DAILY, slot=at(day=one)) for one in (DAY, NEXT_DAY)]
    with pytest.raises(BookingsTouched) as refused:
        make(house, DESK)
    assert set(refused.value.lost) == {one.reference for one in booked}
    assert standing(house) == []

    make(house, DESK, bookings_do="follow", reason="休館のため")

    statuses = {queries.by_id(house.ledger, one.id).status for one in booked}
    assert statuses == {Status.CANCELLED_BY_OFFICE}


def test_what_was_foreseen_is_what_is_done_or_nothing_is(house: House) -> None:
    first = house.request(DAILY, slot=at())
    seen = foreseen(house.ledger, DAILY, "closures", DAYS)
    assert [one.reference for one in seen.effects[0].lost] == [first.reference]
    assert seen.effects[1].lost == ()
    assert standing(house) == []

    second = house.request(DAILY, slot=at(day=NEXT_DAY))
    with pytest.raises(ChangedMeanwhile):
        make(house, bookings_do="follow", reason="休館のため", seen=seen.mark)
    assert standing(house) == []
    assert queries.by_id(house.ledger, second.id).status is Status.REQUESTED

    again = foreseen(house.ledger, DAILY, "closures", DAYS)
    make(house, bookings_do="keep", seen=again.mark)
    assert standing(house) == DAYS


def test_two_who_hand_in_the_same_file_at_once_make_it_once(house: House) -> None:
    with a_house(house.settings.database_url, folder=house.settings.desks) as other:
        first, second = make(house, key="k"), make(other, key="k")

    assert first == second
    assert standing(house) == DAYS


def test_of_two_who_looked_at_the_same_days_the_second_looks_again(house: House) -> None:
    seen = foreseen(house.ledger, DAILY, "closures", DAYS).mark
    with a_house(house.settings.database_url, folder=house.settings.desks) as other:
        make(house, key="mine", seen=seen)
        with pytest.raises(ChangedMeanwhile):
            make(other, key="theirs", seen=seen)

        assert standing(house) == DAYS
        again = foreseen(other.ledger, DAILY, "closures", DAYS)
        assert {one.note for one in again.effects} == {"closed"}


def test_a_calendar_takes_a_lawyer_away_only_where_it_meets_a_session(house: House) -> None:
    wanted = Wanted(scope=DESK, kind="absences", who="乙")
    stretches = [
        day(DAY, start=time(11, 30), end=time(13)),
        day(NEXT_DAY, start=time(12), end=time(13)),
        day("2026-12-09"),
        day("2026-12-12", start=time(9), end=time(10)),
    ]

    found, passed = changes_from(house.ledger, wanted, stretches)

    assert found == [{"who": "乙", "first": DAY}, {"who": "乙", "first": "2026-12-09"}]
    assert [(str(one.stretch.first), one.why) for one in passed] == [
        (NEXT_DAY, "unserved"),
        ("2026-12-12", "unserved"),
    ]


def test_an_absence_shows_the_sessions_that_lose_somebody_and_who_loses_the_last_seat(
    house: House,
) -> None:
    house.request(DAILY, slot=at())
    second = house.request(DAILY, slot=at())
    found, _ = changes_from(
        house.ledger, Wanted(scope=DAILY, kind="absences", who="乙"), [day(DAY), day("2026-12-12")]
    )

    weekday, saturday = foreseen(house.ledger, DAILY, "absences", found).effects

    assert [one.key for one in weekday.sessions] == [f"{DAILY}/{DAY}"]
    assert [one.reference for one in weekday.lost] == [second.reference]
    assert (saturday.sessions, saturday.note) == ((), "outside")


def test_a_stretch_becomes_a_closure_of_its_days_and_times(house: House) -> None:
    wanted = Wanted(scope=DESK, kind="closures", text="休館日", titles=True)
    long = Stretch(line=2, first=date(2026, 12, 21), last=date(2026, 12, 23), text="工事")
    found, _ = changes_from(house.ledger, wanted, [day(DAY, start=time(0), end=time(10)), long])

    assert found == [
        {"first": DAY, "start": "00:00", "end": "10:00", "text": "休館日"},
        {"first": "2026-12-21", "last": "2026-12-23", "text": "工事"},
    ]
    make(house, DESK, several=found)
    assert foreseen(house.ledger, DESK, "closures", found).effects[1].note == "closed"


def test_what_holds_already_is_passed_over(house: House) -> None:
    make(house)
    found, passed = changes_from(
        house.ledger, Wanted(scope=DAILY, kind="closures"), [day(DAY), day("2026-12-09")]
    )

    assert found == [{"first": "2026-12-09"}]
    assert [one.why for one in passed] == ["standing"]


def test_one_fact_tells_of_all_of_them(house: House) -> None:
    make(house)
    made = make(house, several=[{"first": f"2026-12-{n}"} for n in range(20, 29)])

    found = house.ledger.store.read(
        lambda tx: [
            json.loads(data)
            for kind, data in tx.exec_driver_sql("SELECT kind, data FROM facts ORDER BY id")
            if kind == Kind.DESK_CHANGED.value
        ]
    )

    assert [one["count"] for one in found] == [2, 9]
    assert found[-1]["change"] == made[0].id
