"""How a party is reached from now on: one change of sealed and plain columns, and one fact."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from booking.errors import Invalid, KeyReused, NotAllowed, NotFound
from booking.facts import Fact, Kind
from booking.ledger import changes, queries, requests
from booking.ledger.booking import Booking
from booking.ledger.reach import change_safe_contact
from booking.ledger.safe_contact import SafeContact
from booking.store import Tx, bookings
from tests.support.house import House, a_house
from tests.support.posting import with_address

STAFF, MAIL = "staff:test", "hanako@example.jp"
GATEWAYS = {
    "sms_url": "https://sms.example.jp/",
    "line_token": "token",
    "line_secret": "secret",
    "line_account": "@shiken",
}


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A house on a database of the test's own; once on each kind."""
    with a_house(database_url, **GATEWAYS) as made:
        yield made


def plain(house: House, booking: Booking) -> tuple[set[str], str | None]:
    """The unsealed columns: channels that reach the party, and its wish."""
    query = text("SELECT reached_by, contact_wish FROM bookings WHERE id = :id")
    row = house.ledger.store.read(lambda tx: tx.execute(query, {"id": booking.id}).one())
    return set(row.reached_by.split()), row.contact_wish


def changed(house: House, booking: Booking) -> list[Fact]:
    """The facts of its being reached otherwise."""
    history = queries.history(house.ledger, booking.id)
    return [one for one in history if one.kind is Kind.REACH_CHANGED]


def reach(house: House, booking: Booking, **said: Any) -> Booking:
    return change_safe_contact(house.ledger, booking.id, said, actor=STAFF)


def test_what_a_resident_says_is_in_the_row_from_the_first_moment(house: House) -> None:
    booking = house.request(email=MAIL, contact_wish="mail", voicemail="no", safe_hours="morning")

    kept = queries.by_id(house.ledger, booking.id)
    assert kept.contact.safe == SafeContact(wish="mail", voicemail=False, hours="morning")
    assert plain(house, booking) == ({"mail", "sms"}, "mail")


def test_a_change_is_one_fact_and_leaves_the_promise_as_it_was(house: House) -> None:
    booking = house.request(email=MAIL)
    house.clock.move_by(minutes=1)

    found = reach(house, booking, named="no", contact_wish="mail")

    assert found == queries.by_id(house.ledger, booking.id)
    assert found.contact.safe == SafeContact(wish="mail", named=False)
    assert (found.revision, found.status, found.changed_at) == (
        booking.revision,
        booking.status,
        booking.changed_at,
    )
    assert plain(house, booking) == ({"mail"}, "mail")
    [fact] = changed(house, booking)
    assert (fact.actor, fact.revision, fact.at) == (STAFF, 1, house.clock())
    assert dict(fact.data) == {"what": "safe-contact"}


def test_what_is_left_out_stays_and_what_is_said_to_be_empty_is_taken_back(house: House) -> None:
    booking = house.request(email=MAIL, voicemail="no", postal_address="渋川市石原1")

    found = reach(house, booking, voicemail="", safe_hours="evening")

    assert found.contact.email == MAIL
    assert found.contact.safe == SafeContact(hours="evening", address="渋川市石原1")
    assert reach(house, booking, email="").contact.email is None
    assert plain(house, booking)[0] == {"sms", "letter"}


def test_the_line_account_that_is_linked_still_reaches_the_party(house: House) -> None:
    booking = house.request(phone="0279-22-2130")

    def link(tx: Tx) -> None:
        bookings.change(tx, house.ledger.store.keyring, booking.id, {"line_user": "U123"})

    house.ledger.store.write(link)
    found = reach(house, booking, contact_wish="line", email=MAIL)

    assert found.line_user == "U123"
    assert plain(house, booking) == ({"line", "mail"}, "line")


def test_saying_the_same_again_is_no_fact(house: House) -> None:
    booking = house.request(email=MAIL, named="no")

    assert reach(house, booking, named="no", email=MAIL) == booking_as_read(house, booking)
    assert changed(house, booking) == []


def booking_as_read(house: House, booking: Booking) -> Booking:
    return queries.by_id(house.ledger, booking.id)


def test_a_change_that_is_refused_changes_nothing(house: House) -> None:
    booking = house.request(phone="0279-22-2130", voicemail="no")
    before = booking_as_read(house, booking), plain(house, booking)

    with pytest.raises(Invalid) as refused:
        reach(house, booking, contact_wish="sms", voicemail="yes")

    assert [(one.field, one.code) for one in refused.value.errors] == [
        ("contact_wish", "no-mobile")
    ]
    assert (booking_as_read(house, booking), plain(house, booking)) == before
    assert changed(house, booking) == []


def test_a_wish_for_what_the_desk_does_not_use_is_refused_unless_it_holds_already(
    house: House,
) -> None:
    booking = house.request(postal_address="渋川市石原1")
    with pytest.raises(Invalid) as refused:
        reach(house, booking, contact_wish="letter")
    [wrong] = refused.value.errors
    assert (wrong.field, wrong.code) == ("contact_wish", "not-used")

    with_address(house, booking, wish="letter")  # from when it used letters
    assert reach(house, booking, voicemail="no").contact.safe.wish == "letter"
    assert reach(house, booking, contact_wish="letter", named="yes").contact.safe.wish == "letter"
    assert reach(house, booking, contact_wish="call").contact.safe.wish == "call"


def test_a_wish_for_what_is_not_set_up_here_is_refused(sqlite_url: str) -> None:
    """The desk's file names it, but nothing would come of it."""
    with a_house(sqlite_url) as house:
        booking = house.request()
        for wish in ("sms", "line"):
            with pytest.raises(Invalid) as refused:
                reach(house, booking, contact_wish=wish)
            [wrong] = refused.value.errors
            assert (wrong.field, wrong.code) == ("contact_wish", "not-used")
            assert wrong.facts["offered"] == "電話、メール"


def test_what_has_ended_is_not_changed_any_more(house: House) -> None:
    booking = house.request()
    changes.cancel(house.ledger, booking.id, actor="resident")

    with pytest.raises(NotAllowed):
        reach(house, booking, named="no")
    with pytest.raises(NotFound):
        change_safe_contact(house.ledger, "nobody", {}, actor=STAFF)


def test_the_same_key_with_another_safe_contact_is_another_request(house: House) -> None:
    first = house.application(voicemail="no", kana="しけん たろう", phone="090-1111-2222")
    other = house.application(voicemail="yes", kana="しけん たろう", phone="090-1111-2222")
    made = requests.request(house.ledger, first, key="a key")

    assert requests.request(house.ledger, first, key="a key").booking.id == made.booking.id
    with pytest.raises(KeyReused):
        requests.request(house.ledger, other, key="a key")
