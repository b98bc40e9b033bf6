"""What people and programs ask of the ledger: found by what they know, and only what is theirs."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from booking.errors import NotFound
from booking.facts import Kind
from booking.ledger import changes, queries
from booking.ledger.figures import database_answers, figures
from booking.ledger.status import Status
from booking.store import log
from tests.booking.ledger.town import (
    DAILY,
    DAY,
    LEGAL,
    NEXT_DAY,
    NEXT_SATURDAY,
    SATURDAY,
    STAFF,
    TOWN,
    VISIT,
    a_town,
    at,
    confirmed,
    entered,
    party,
)
from tests.support.house import House, tokyo

MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)
ISLAND = TOWN.replace('id = "town"', 'id = "island"\nzone = "Pacific/Honolulu"')


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A town on a Tuesday morning in November."""
    with a_town(database_url, tmp_path) as found:
        yield found


def test_a_booking_is_found_by_its_token_and_by_its_reference_in_any_width(town: House) -> None:
    booking = town.request(DAILY, slot=at())
    wide = booking.reference.translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))

    assert queries.by_token(town.ledger, booking.token) == booking
    for typed in (booking.reference, booking.reference.replace("-", ""), wide):
        assert queries.by_reference(town.ledger, typed) == booking
        assert queries.by_reference(town.ledger, typed, "town") == booking


def test_what_is_not_there_and_what_is_anothers_look_alike(town: House) -> None:
    booking = town.request(DAILY, slot=at())
    for ask in (
        lambda: queries.by_token(town.ledger, booking.token[:-1]),
        lambda: queries.by_token(town.ledger, booking.id),
        lambda: queries.by_token(town.ledger, ""),
        lambda: queries.by_token(town.ledger, "\x00\ud800"),
        lambda: queries.by_reference(town.ledger, "0000-0001"),
        lambda: queries.by_reference(town.ledger, "\x00"),
        lambda: queries.by_reference(town.ledger, booking.reference, "tow"),
        lambda: queries.by_reference(town.ledger, booking.reference, "t%"),
        lambda: queries.view(town.ledger, booking.reference, STAFF, "osaka"),
    ):
        with pytest.raises(NotFound):
            ask()
    assert [fact.kind for fact in queries.history(town.ledger, booking.id)] == [Kind.REQUESTED]


def test_a_resident_sees_a_booking_as_it_was_promised_whatever_became_of_the_desk(
    town: House, tmp_path: Path, database_url: str
) -> None:
    booking = entered(town, VISIT, slot=at("14:00"), wishes=None, minutes="60")
    renamed = TOWN.replace('name = "役場"', 'name = "新庁舎"')

    with a_town(database_url, tmp_path, renamed) as later:
        assert queries.by_token(later.ledger, booking.token).place == "役場"


def test_that_staff_looked_is_a_fact_and_tells_nobody(town: House) -> None:
    booking = town.request(DAILY, slot=at())
    town.ledger.store.write(lambda tx: log.take_unread(tx, 10))

    assert queries.view(town.ledger, booking.reference, STAFF, "town") == booking

    fact = queries.history(town.ledger, booking.id)[-1]
    assert (fact.kind, fact.actor, fact.booking_id) == (Kind.VIEWED, STAFF, booking.id)
    assert not town.ledger.store.read(log.any_unread)


def test_requests_wait_in_the_order_in_which_they_came(town: House) -> None:
    asked = []
    for consultation, time in ((DAILY, {"slot": at()}), (LEGAL, {"date": SATURDAY}), (VISIT, {})):
        asked.append(town.request(consultation, **time).id)
        town.clock.move_by(minutes=1)
    confirmed(town, queries.by_id(town.ledger, asked[0]))

    assert [one.id for one in queries.waiting(town.ledger)] == asked[1:]
    assert queries.waiting_count(town.ledger) == queries.waiting_count(town.ledger, "town") == 2
    assert queries.waiting(town.ledger, "tow") == []
    assert queries.waiting_count(town.ledger, "t%") == 0


def test_a_day_holds_the_bookings_of_its_local_hours(town: House) -> None:
    """9:00 in Tokyo is midnight in UTC; half past eight is still the day before there."""
    early = entered(town, VISIT, slot=at("00:00"), wishes=None)
    nine = entered(town, DAILY, slot=at())
    late = entered(town, VISIT, slot=at("23:59"), wishes=None)
    next_day = entered(town, VISIT, slot=at("00:00", NEXT_DAY), wishes=None)
    gone = entered(town, DAILY, slot=at())
    changes.cancel(town.ledger, gone.id, actor=STAFF, reason="休み")
    wishes = town.request(VISIT, wishes=[DAY])

    found = [one.id for one in queries.on_day(town.ledger, MONDAY)]

    assert found == [early.id, nine.id, late.id]
    assert queries.day_count(town.ledger, MONDAY) == 3
    assert [one.id for one in queries.on_day(town.ledger, TUESDAY)] == [next_day.id]
    assert queries.on_day(town.ledger, MONDAY, "tow") == []
    assert wishes.starts_at is None


def test_days_are_those_of_the_booking_desks_own_zone(database_url: str, tmp_path: Path) -> None:
    """Monday evening in Honolulu is Tuesday afternoon in Tokyo."""
    (tmp_path / "island.toml").write_text(ISLAND, encoding="utf-8")
    with a_town(database_url, tmp_path) as both:
        at_home = entered(both, VISIT, slot=at("18:00"), wishes=None)
        there = entered(both, "island/desk/visit", slot="2026-12-07T18:00:00-10:00", wishes=None)

        assert there.local_start is not None
        assert there.local_start.date() == MONDAY
        assert [one.id for one in queries.on_day(both.ledger, MONDAY)] == [at_home.id, there.id]
        assert [one.id for one in queries.on_day(both.ledger, MONDAY, "island")] == [there.id]
        assert queries.on_day(both.ledger, TUESDAY) == []
        assert queries.day_count(both.ledger, MONDAY, "island") == 1
        assert queries.days_beside(both.ledger, TUESDAY, "island") == (MONDAY, None)
        found = queries.search(both.ledger, start=MONDAY, end=TUESDAY)
        assert {one.id for one in found} == {at_home.id, there.id}


def test_where_every_desk_is_elsewhere_days_are_too(database_url: str, tmp_path: Path) -> None:
    with a_town(database_url, tmp_path, ISLAND) as island:
        there = entered(island, "island/desk/visit", slot="2026-12-07T18:00:00-10:00", wishes=None)

        assert [one.id for one in queries.on_day(island.ledger, MONDAY)] == [there.id]


def test_the_days_beside_are_the_next_ones_with_anybody(town: House) -> None:
    for day in (DAY, SATURDAY, NEXT_SATURDAY):
        entered(town, DAILY if day == DAY else LEGAL, slot=at(day=day))

    assert queries.days_beside(town.ledger, date(2026, 12, 19)) == (MONDAY, date(2027, 1, 16))
    assert queries.days_beside(town.ledger, MONDAY) == (None, date(2026, 12, 19))
    assert queries.days_beside(town.ledger, date(2030, 1, 1)) == (date(2027, 1, 16), None)


def test_bookings_are_searched_by_status_and_day_and_read_on_page_by_page(town: House) -> None:
    """Also of those that came in the same moment, none is passed over or told twice."""
    made = [entered(town, DAILY, slot=at(time)) for time in ("09:00", "09:45") for _ in (1, 2)]
    town.clock.move_by(minutes=1)
    made += [town.request(LEGAL, date=SATURDAY) for _ in range(3)]

    pages, after = [], None
    while found := queries.search(town.ledger, organisation="town", after=after, limit=2):
        pages += [one.id for one in found]
        after = found[-1]

    assert sorted(pages) == sorted(one.id for one in made)
    assert set(pages[:4]) == {one.id for one in made[:4]}
    assert len(queries.search(town.ledger, status=Status.REQUESTED)) == 3
    assert len(queries.search(town.ledger, start=MONDAY, end=TUESDAY)) == 4
    assert queries.search(town.ledger, start=MONDAY, end=TUESDAY, status=Status.REQUESTED) == []
    assert queries.search(town.ledger, organisation="tow") == []


def test_a_party_is_known_again_by_number_or_by_reading(town: House) -> None:
    first = town.request(DAILY, slot=at(), **party())
    town.clock.move_by(minutes=1)
    second = town.request(LEGAL, date=SATURDAY, **party(phone="090-5555-0002"))
    town.request(LEGAL, date=SATURDAY)

    def known(phone: str = "", kana: str = "", organisation: str | None = None) -> list[str]:
        found = queries.of_party(town.ledger, phone, kana, organisation)
        return [one.id for one in found]

    assert known("０９０ー５５５５ー０００１") == [first.id]
    assert known(kana="シケン　タロウ") == [second.id, first.id]
    assert known("090-5555-0002", "しけんたろう", "town") == [second.id, first.id]
    assert known("090-5555-0001", organisation="osaka") == []
    assert known() == known("not a number") == known(kana="\ud800") == []


def test_figures_count_everybody_and_name_nobody(town: House) -> None:
    assert figures(town.ledger).longest_wait == 0
    town.request(DAILY, slot=at())
    town.clock.move_by(hours=2)
    entered(town, DAILY, slot=at())

    found = figures(town.ledger)

    assert found.waiting == 1
    assert found.longest_wait == 7200
    assert (found.bookings[Status.CONFIRMED], found.bookings[Status.DONE]) == (1, 0)
    assert found.unread_facts == 3
    assert database_answers(town.ledger)


def test_what_is_near_is_free_and_nearest_first(town: House) -> None:
    for _ in range(2):
        town.request(DAILY, slot=at("09:45"))

    found = queries.nearest(town.ledger, DAILY, tokyo(f"{DAY} 09:50"))

    assert [one.slot.start for one in found][:2] == [
        tokyo(f"{DAY} 10:30"),
        tokyo(f"{DAY} 09:00"),
    ]
    assert all(one.bookable for one in found)
