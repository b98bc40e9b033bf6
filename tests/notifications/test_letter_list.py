"""What staff post: which letters, until when, and what became of them."""

import pytest

from booking.errors import NotFound
from booking.facts import Kind
from booking.ledger import changes, queries
from notifications import words_kept
from notifications.channels.letter_list import (
    Outcome,
    close_unposted,
    letter,
    letters,
    record,
    waiting_count,
)
from tests.support.house import House, a_house, tokyo
from tests.support.posting import ADDRESS, moved_by_letter, promised
from tests.support.telling import STAFF, rows, states, tries


def note(house: House, outcome: Outcome, seen_tries: int = 0, **changes: str) -> bool:
    (one,) = letters(house.ledger, STAFF)
    return record(house.ledger, one.id, outcome, actor=STAFF, seen_tries=seen_tries, **changes)


def viewings(house: House, booking_id: str) -> list[str]:
    return [
        fact.actor for fact in queries.history(house.ledger, booking_id) if fact.kind is Kind.VIEWED
    ]


def test_a_letter_that_was_promised_is_on_the_list(database_url: str) -> None:
    """With its addressee and the instant until which the post takes it in time."""
    with a_house(database_url) as house:
        booking = promised(house, name="試験 太郎")

        (one,) = letters(house.ledger, STAFF)

        assert (one.kind, one.booking.id, one.tries) == ("confirmed", booking.id, 0)
        assert one.booking.contact.safe.address == ADDRESS
        assert one.post_by == tokyo("2026-12-15 17:00")
        assert not one.unsafe
        assert waiting_count(house.ledger) == 1


def test_looking_is_a_fact(database_url: str) -> None:
    """At the list or at one letter; once for each person, and not for each time."""
    with a_house(database_url) as house:
        booking = promised(house)
        (one,) = letters(house.ledger, STAFF)
        for actor in (STAFF, "staff:other"):
            letter(house.ledger, one.id, actor)
        house.clock.move_by(minutes=11)
        letter(house.ledger, one.id, STAFF)

        assert viewings(house, booking.id) == [STAFF, "staff:other", STAFF]


def test_a_letter_that_was_posted_is_settled(database_url: str) -> None:
    """With who posted it, when, and what it said, sealed."""
    with a_house(database_url) as house:
        promised(house)
        (one,) = letters(house.ledger, STAFF)
        keyring = house.ledger.store.keyring
        said = keyring.seal("outbox", "said", one.ref, "ご予約のお知らせ")

        assert record(house.ledger, one.id, Outcome.POSTED, actor=STAFF, seen_tries=0, said=said)

        assert letters(house.ledger, STAFF) == []
        assert states(house)["confirmed letter"] == "sent"
        assert [(one["by"], one["outcome"]) for one in tries(house)] == [(STAFF, "posted")]
        row = next(row for row in rows(house) if row["channel"] == "letter")
        assert (row["settled_at"], row["attempts"]) == (house.ledger.now(), 1)
        assert words_kept.opened(keyring, one.ref, row["said"]) == "ご予約のお知らせ"


def test_what_cannot_be_posted_is_told_by_the_next_channel(database_url: str) -> None:
    """In the same transaction: the party is on the list of calls at once."""
    with a_house(database_url) as house:
        moved_by_letter(house)

        assert note(house, Outcome.NOT_POSTED)

        found = states(house)
        assert (found["moved letter"], found["moved call_list"]) == ("dead", "waiting")
        row = next(row for row in rows(house) if row["channel"] == "letter")
        assert (row["last_error"], row["said"]) == ("not-posted", None)
        assert [one["outcome"] for one in tries(house)] == ["not-posted"]


@pytest.mark.parametrize("in_time", [True, False])
def test_a_promised_letter_that_is_not_posted_is_told_by_phone(
    database_url: str, in_time: bool
) -> None:
    """Staff said that it would come: whom it cannot reach would wait in vain."""
    with a_house(database_url) as house:
        promised(house)
        if in_time:
            assert note(house, Outcome.NOT_POSTED)
        else:
            house.clock.move_to("2026-12-15 17:00")
            assert close_unposted(house.ledger) == 1

        found = states(house)
        assert (found["confirmed letter"], found["confirmed call_list"]) == ("dead", "waiting")


def test_a_letter_that_nobody_posted_in_time_is_told_by_the_next_channel(
    database_url: str,
) -> None:
    """From the deadline on, not a second before; no try is noted, for there was none."""
    with a_house(database_url) as house:
        moved_by_letter(house)
        house.clock.move_to("2027-01-08 16:59")
        assert (close_unposted(house.ledger), waiting_count(house.ledger)) == (0, 1)
        house.clock.move_to("2027-01-08 17:00")

        assert waiting_count(house.ledger) == 0
        assert [close_unposted(house.ledger) for _ in range(2)] == [1, 0]

        found = states(house)
        assert (found["moved letter"], found["moved call_list"]) == ("dead", "waiting")
        row = next(row for row in rows(house) if row["channel"] == "letter")
        assert (row["last_error"], row["attempts"]) == ("too-late-to-post", 0)
        assert tries(house) == []


def test_pressing_twice_counts_once(database_url: str) -> None:
    """And a stale page of another clerk changes nothing."""
    with a_house(database_url) as house:
        promised(house)
        (one,) = letters(house.ledger, STAFF)

        noted = [
            record(house.ledger, one.id, outcome, actor=actor, seen_tries=seen)
            for outcome, actor, seen in (
                (Outcome.POSTED, STAFF, 1),
                (Outcome.POSTED, STAFF, 0),
                (Outcome.POSTED, STAFF, 0),
                (Outcome.NOT_POSTED, "staff:other", 1),
            )
        ]

        assert noted == [False, True, False, False]
        assert states(house)["confirmed letter"] == "sent"
        assert len(tries(house)) == 1


def test_what_is_no_longer_so_is_off_the_list_at_once(database_url: str) -> None:
    """Before any tick: a letter that was printed a minute ago must not go out."""
    with a_house(database_url) as house:
        booking = promised(house)
        (one,) = letters(house.ledger, STAFF)
        changes.cancel(house.ledger, booking.id, actor="resident")

        assert letters(house.ledger, STAFF) == []
        assert not record(house.ledger, one.id, Outcome.POSTED, actor=STAFF, seen_tries=0)
        with pytest.raises(NotFound):
            letter(house.ledger, one.id, STAFF)


def test_the_next_deadline_comes_first(database_url: str) -> None:
    """Whatever was asked for first."""
    with a_house(database_url) as house:
        later = promised(house, at="2027-01-16 09:00")
        sooner = promised(house, at="2026-12-19 09:00")

        assert [one.booking.id for one in letters(house.ledger, STAFF)] == [sooner.id, later.id]


def test_a_town_sees_its_own_letters(database_url: str) -> None:
    """On the list, alone, in the count, and when one is noted."""
    with a_house(database_url) as house:
        promised(house)
        (one,) = letters(house.ledger, STAFF, "shibukawa")

        assert letters(house.ledger, STAFF, "osaka") == []
        assert waiting_count(house.ledger, "osaka") == 0
        with pytest.raises(NotFound):
            letter(house.ledger, one.id, STAFF, "osaka")
        assert not record(
            house.ledger, one.id, Outcome.POSTED, actor=STAFF, seen_tries=0, organisation="osaka"
        )
        assert waiting_count(house.ledger, "shibukawa") == 1
