"""Linking a booking with a LINE account: one code, one use, half an hour, and few guesses."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from booking.chance import Chance
from booking.errors import NotAllowed, NotFound
from booking.facts import Fact, Kind
from booking.ledger import changes, line_link, queries
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.ledger.line_link import Linking
from booking.ledger.retention import forget_old
from booking.store import log
from booking.store.bookings import bookings
from booking.store.tables import LineCodeRow
from tests.support.house import NEXT_SESSION, House, a_house
from tests.support.line_platform import HANAKO, TARO


def now_of(house: House, booking: Booking) -> Booking:
    return queries.by_id(house.ledger, booking.id)


def kept(house: House, booking: Booking) -> dict[str, Any]:
    """The row as the database has it."""
    query = select(bookings).where(bookings.c.id == booking.id)
    return house.ledger.store.read(lambda tx: dict(tx.execute(query).one()._mapping))


def facts(house: House, booking: Booking) -> list[Fact]:
    found = house.ledger.store.read(lambda tx: log.of_booking(tx, booking.id))
    return [one for one in found if one.kind is Kind.REACH_CHANGED]


def linked(house: House, booking: Booking, user: str = HANAKO) -> str:
    code = line_link.new_code(house.ledger, booking)
    assert line_link.link(house.ledger, code, user) is Linking.LINKED
    return code


def another_code(*codes: str) -> str:
    """A code that is none of `codes`."""
    return next(f"{one:06}" for one in range(1000) if f"{one:06}" not in codes)


def test_a_code_links_its_booking(database_url: str) -> None:
    """Sealed, with an index to look up by; the revision stays, and a fact has what waits replanned."""
    with a_house(database_url) as house:
        booking = house.request(email="hanako@example.jp")
        code = line_link.new_code(house.ledger, booking)
        outcome = line_link.link(house.ledger, code, HANAKO)

        assert len(code) == 6
        assert code.isdecimal()
        assert outcome is Linking.LINKED
        after, row = now_of(house, booking), kept(house, booking)
        assert after.line_user == HANAKO
        assert after.revision == booking.revision
        assert row["reached_by"] == "line mail sms"
        assert HANAKO.encode() not in row["line_user"]
        assert row["line_index"] == house.ledger.store.keyring.index("line", HANAKO)
        (fact,) = facts(house, booking)
        assert fact.data == {"what": "line-linked"}
        assert (fact.actor, fact.revision) == ("resident", booking.revision)
        assert HANAKO not in repr(fact)
        assert house.ledger.store.read(log.any_unread)


def test_the_code_itself_is_kept_nowhere(database_url: str) -> None:
    """Who reads the database can link nothing."""
    with a_house(database_url) as house:
        code = line_link.new_code(house.ledger, house.request())
        table = LineCodeRow.__table__  # type: ignore[attr-defined]
        rows = house.ledger.store.read(lambda tx: tx.execute(select(table)).all())

        assert len(rows) == 1
        assert code not in repr(rows)


def test_a_code_serves_once(database_url: str) -> None:
    """Whoever read it over the shoulder comes too late."""
    with a_house(database_url) as house:
        booking = house.request()
        code = linked(house, booking)

        assert line_link.link(house.ledger, code, TARO) is Linking.WRONG
        assert now_of(house, booking).line_user == HANAKO


def test_the_same_words_twice_link_once(database_url: str) -> None:
    """LINE may deliver an event again, even when the code's time is over."""
    with a_house(database_url) as house:
        booking = house.request()
        code = linked(house, booking)
        house.clock.move_by(minutes=31)

        assert line_link.link(house.ledger, code, HANAKO) is Linking.LINKED
        assert len(facts(house, booking)) == 1


def test_what_was_unlinked_is_not_linked_again_by_an_old_code(database_url: str) -> None:
    """Not even by the account that used it."""
    with a_house(database_url) as house:
        booking = house.request()
        code = linked(house, booking)
        line_link.unlink(house.ledger, booking.id)
        other = house.request(date=NEXT_SESSION)
        blocked = linked(house, other, TARO)
        line_link.unlink_everywhere(house.ledger, TARO)

        assert line_link.link(house.ledger, code, HANAKO) is Linking.WRONG
        assert line_link.link(house.ledger, blocked, TARO) is Linking.WRONG
        assert now_of(house, booking).line_user is None
        assert now_of(house, other).line_user is None


@pytest.mark.parametrize(("minutes", "outcome"), [(29.99, "linked"), (30, "wrong")])
def test_a_code_lasts_half_an_hour(database_url: str, minutes: float, outcome: str) -> None:
    """To the minute."""
    with a_house(database_url) as house:
        code = line_link.new_code(house.ledger, house.request())
        house.clock.move_by(minutes=minutes)

        assert line_link.link(house.ledger, code, HANAKO) == outcome


def test_a_new_code_ends_the_older_one(database_url: str) -> None:
    """The one that is on the screen is the one that holds."""
    with a_house(database_url) as house:
        booking = house.request()
        old = line_link.new_code(house.ledger, booking)
        new = line_link.new_code(house.ledger, booking)

        assert line_link.link(house.ledger, old, HANAKO) is Linking.WRONG
        assert line_link.link(house.ledger, new, HANAKO) is Linking.LINKED


def test_no_two_bookings_have_the_same_code(database_url: str) -> None:
    """Where chance gives the same digits again, other ones are drawn; later they are free again."""
    with a_house(database_url) as house:

        def drawn_by(seed: int, booking: Booking) -> str:
            ledger = house.ledger
            same = Chance(random.Random(seed))
            parts = (ledger.store, ledger.desks, ledger.clock, same, ledger.passwords)
            return line_link.new_code(Ledger(*parts), booking)

        mine, yours = house.request(), house.request(date=NEXT_SESSION)
        first, second = drawn_by(7, mine), drawn_by(7, yours)
        assert first != second
        assert line_link.link(house.ledger, second, TARO) is Linking.LINKED
        assert now_of(house, yours).line_user == TARO

        house.clock.move_by(minutes=31)
        assert drawn_by(7, yours) == first
        assert line_link.link(house.ledger, first, HANAKO) is Linking.LINKED
        assert now_of(house, yours).line_user == HANAKO
        assert now_of(house, mine).line_user is None


def test_an_account_may_have_several_bookings(database_url: str) -> None:
    """And all of them are left when it blocks ours, ended ones too."""
    with a_house(database_url) as house:
        here, there, ended = (house.request(date=NEXT_SESSION) for _ in range(3))
        others = house.request()
        for booking in (here, there, ended):
            linked(house, booking)
        linked(house, others, TARO)
        changes.cancel(house.ledger, ended.id, actor="resident")

        assert line_link.unlink_everywhere(house.ledger, HANAKO) == 3
        assert line_link.unlink_everywhere(house.ledger, HANAKO) == 0

        for booking in (here, there, ended):
            row = kept(house, booking)
            assert (row["line_user"], row["line_index"], row["reached_by"]) == (None, None, "sms")
            assert [one.data["what"] for one in facts(house, booking)] == [
                "line-linked",
                "line-unlinked",
            ]
        assert now_of(house, others).line_user == TARO


def test_a_booking_has_one_account(database_url: str) -> None:
    """The last who linked it: the page's holder decides."""
    with a_house(database_url) as house:
        booking = house.request()
        linked(house, booking, HANAKO)
        linked(house, booking, TARO)

        assert now_of(house, booking).line_user == TARO
        assert line_link.unlink_everywhere(house.ledger, HANAKO) == 0


def test_unlinking_takes_the_unused_code_along(database_url: str) -> None:
    """Who says stop means it; saying it again changes nothing."""
    with a_house(database_url) as house:
        booking = house.request()
        linked(house, booking)
        code = line_link.new_code(house.ledger, booking)
        line_link.unlink(house.ledger, booking.id)
        line_link.unlink(house.ledger, booking.id)

        assert line_link.link(house.ledger, code, HANAKO) is Linking.WRONG
        assert kept(house, booking)["reached_by"] == "sms"
        assert len(facts(house, booking)) == 2
        with pytest.raises(NotFound):
            line_link.unlink(house.ledger, "nobody's")


def test_what_is_over_is_not_linked(database_url: str) -> None:
    """Neither by a new code, nor by one that was made before it ended."""
    with a_house(database_url) as house:
        booking = house.request()
        code = line_link.new_code(house.ledger, booking)
        changes.cancel(house.ledger, booking.id, actor="resident")

        with pytest.raises(NotAllowed):
            line_link.new_code(house.ledger, booking)
        assert line_link.link(house.ledger, code, HANAKO) is Linking.WRONG
        assert now_of(house, booking).line_user is None


def test_an_account_has_five_tries_an_hour(database_url: str) -> None:
    """The right code, too, comes too late then; the next hour begins anew."""
    with a_house(database_url) as house:
        booking = house.request()
        code = line_link.new_code(house.ledger, booking)
        wrong = another_code(code)
        outcomes = [line_link.link(house.ledger, wrong, HANAKO) for _ in range(5)]

        assert outcomes == [Linking.WRONG] * 5
        assert line_link.link(house.ledger, code, HANAKO) is Linking.TOO_MANY
        assert now_of(house, booking).line_user is None
        assert line_link.link(house.ledger, code, TARO) is Linking.LINKED
        house.clock.move_by(hours=1)
        assert line_link.link(house.ledger, wrong, HANAKO) is Linking.WRONG


def test_many_accounts_have_a_hundred_misses_an_hour_together(sqlite_url: str) -> None:
    """A guesser has no more for having more accounts; who types what is right uses none up."""
    with a_house(sqlite_url) as house:
        booking = house.request()
        code = line_link.new_code(house.ledger, booking)
        wrong = another_code(code)
        for number in range(line_link.MISSES):
            user = f"U{number // 5:032x}"
            assert line_link.link(house.ledger, wrong, user) is Linking.WRONG

        assert line_link.link(house.ledger, code, HANAKO) is Linking.TOO_MANY
        house.clock.move_by(hours=1)
        code = line_link.new_code(house.ledger, booking)
        assert line_link.link(house.ledger, code, HANAKO) is Linking.LINKED


def test_old_codes_are_forgotten(database_url: str) -> None:
    """After two days; those that are still good stay."""
    with a_house(database_url) as house:
        line_link.new_code(house.ledger, house.request())
        house.clock.move_by(days=2, minutes=31)
        fresh = line_link.new_code(house.ledger, house.request(date=NEXT_SESSION))
        forget_old(house.ledger)
        table = LineCodeRow.__table__  # type: ignore[attr-defined]

        assert len(house.ledger.store.read(lambda tx: tx.execute(select(table)).all())) == 1
        assert line_link.link(house.ledger, fresh, HANAKO) is Linking.LINKED


def test_of_two_who_type_the_code_at_once_one_is_linked(database_url: str) -> None:
    """The database decides, in any number of processes; and misses are all counted."""
    with a_house(database_url) as house:
        booking = house.request()
        code = line_link.new_code(house.ledger, booking)
        users = [f"U{number:032x}" for number in range(6)]
        with ThreadPoolExecutor(len(users)) as pool:
            found = list(pool.map(lambda user: line_link.link(house.ledger, code, user), users))

        assert sorted(found) == [Linking.LINKED] + [Linking.WRONG] * 5
        assert now_of(house, booking).line_user == users[found.index(Linking.LINKED)]
        assert len(facts(house, booking)) == 1
