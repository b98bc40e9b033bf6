"""Whom staff phone: who has no mail, why, until when, and what became of it."""

import pytest

from booking.facts import Kind
from booking.ledger import changes, queries
from booking.ledger.application import Target
from notifications import failures
from notifications.channels.call_list import (
    Outcome,
    calls,
    close_missed,
    record,
    waiting_count,
)
from notifications.policy import CALL_AGAIN
from tests.support.house import INTERVIEW, SESSION, House, a_house, tokyo
from tests.support.telling import STAFF, Teller, confirmed, say, states, tries


def a_call(house: House) -> tuple[Teller, str]:
    """A caller's booking without mail whose first reminder is due; its id."""
    teller = Teller(house)
    booking = house.enter(slot=f"{SESSION}T09:45")
    teller.tick()
    house.clock.move_to("2026-12-16 10:00")
    return teller, booking.id


def viewings(house: House, booking_id: str) -> list[str]:
    return [
        fact.actor for fact in queries.history(house.ledger, booking_id) if fact.kind is Kind.VIEWED
    ]


def note(house: House, outcome: Outcome, seen_tries: int, **changes: str) -> bool:
    (call,) = calls(house.ledger, STAFF)
    return record(house.ledger, call.id, outcome, actor=STAFF, seen_tries=seen_tries, **changes)


def test_who_has_no_mail_is_on_the_list_when_the_moment_comes(database_url: str) -> None:
    """Opened, with the reason and the deadline."""
    with a_house(database_url) as house:
        teller = Teller(house)
        house.enter(slot=f"{SESSION}T09:45", name="試験 太郎")
        teller.tick()
        assert calls(house.ledger, STAFF) == []

        house.clock.move_to("2026-12-16 10:00")

        (call,) = calls(house.ledger, STAFF)
        assert call.kind == "reminder-early"
        assert call.booking.contact.name == "試験 太郎"
        assert call.not_after == tokyo("2026-12-18 10:00")
        assert (call.tries, call.earlier, call.failed_by) == (0, (), ())
        assert waiting_count(house.ledger) == 1


def test_looking_is_a_fact(database_url: str) -> None:
    """One for each person who looked, and not one for each time the page was loaded."""
    with a_house(database_url) as house:
        _, booking_id = a_call(house)
        for actor in (STAFF, STAFF, "staff:other"):
            calls(house.ledger, actor)
        house.clock.move_by(minutes=11)
        calls(house.ledger, STAFF)

        assert viewings(house, booking_id) == [STAFF, "staff:other", STAFF]


def test_a_call_that_was_made_is_settled(database_url: str) -> None:
    """With who made it and when."""
    with a_house(database_url) as house:
        a_call(house)

        assert note(house, Outcome.DONE, 0)

        assert calls(house.ledger, STAFF) == []
        assert states(house)["reminder-early call_list"] == "sent"
        assert [(one["by"], one["outcome"]) for one in tries(house)] == [(STAFF, "done")]


def test_an_unanswered_call_stays_and_is_counted(database_url: str) -> None:
    """Until somebody answers, behind the others for two hours."""
    with a_house(database_url) as house:
        a_call(house)
        assert note(house, Outcome.ABSENT, 0)
        house.clock.move_by(hours=1)
        assert note(house, Outcome.VOICEMAIL, 1)

        (call,) = calls(house.ledger, STAFF)
        assert call.tries == 2
        assert [one.outcome for one in call.earlier] == ["absent", "voicemail"]
        assert call.again_at == house.ledger.now() + CALL_AGAIN


def test_the_third_unanswered_call_is_the_last(database_url: str) -> None:
    """It leaves the list, and stands as a failure that somebody has to deal with."""
    with a_house(database_url) as house:
        a_call(house)
        for number, last in enumerate((False, False, True)):
            (call,) = calls(house.ledger, STAFF)
            assert call.last_call is last
            assert note(house, Outcome.VOICEMAIL, number)
            house.clock.move_by(hours=2)

        assert calls(house.ledger, STAFF) == []
        assert states(house)["reminder-early call_list"] == "dead"
        (failure,) = failures.failures(house.ledger)
        assert (failure.kind, failure.error) == ("reminder-early", "unanswered")


def test_a_call_that_is_answered_at_last_is_no_failure(database_url: str) -> None:
    """The third one may be the one."""
    with a_house(database_url) as house:
        a_call(house)
        for number in range(2):
            note(house, Outcome.ABSENT, number)
        assert note(house, Outcome.DONE, 2)

        assert states(house)["reminder-early call_list"] == "sent"
        assert list(failures.failures(house.ledger)) == []


@pytest.mark.parametrize(
    ("said", "called_at", "again"),
    [
        ({}, "2026-12-16 18:59", "2026-12-16 20:59"),
        # The desk's quiet hours, until eight in the morning.
        ({}, "2026-12-16 19:30", "2026-12-17 08:00"),
        ({"hours": "afternoon"}, "2026-12-16 16:00", "2026-12-17 12:00"),
        ({"hours": "morning"}, "2026-12-16 10:30", "2026-12-17 08:00"),
    ],
)
def test_nobody_is_called_again_when_the_telephone_must_not_ring(
    database_url: str, said: dict[str, str], called_at: str, again: str
) -> None:
    """Two hours later, or when the desk's quiet hours are over and the party's safe ones begin."""
    with a_house(database_url) as house:
        _, booking_id = a_call(house)
        say(house, booking_id, **said)
        house.clock.move_to(called_at)
        note(house, Outcome.ABSENT, 0)

        (call,) = calls(house.ledger, STAFF)
        assert call.again_at == tokyo(again)


def test_who_must_not_be_rung_now_comes_last(database_url: str) -> None:
    """Though its deadline is the next one; it comes first again once its hours have begun."""
    with a_house(database_url) as house:
        teller = Teller(house)
        first, second = (
            confirmed(house, how="mail", at=f"{SESSION} {at}") for at in ("09:45", "11:15")
        )
        say(house, first.id, hours="afternoon")
        teller.tick()

        found = calls(house.ledger, STAFF)
        assert [one.booking.id for one in found] == [second.id, first.id]
        assert [one.ring_from for one in found] == [
            tokyo("2026-11-24 10:00"),
            tokyo("2026-11-24 12:00"),
        ]

        house.clock.move_to("2026-11-24 12:00")
        assert [one.booking.id for one in calls(house.ledger, STAFF)] == [first.id, second.id]


def test_pressing_twice_counts_once(database_url: str) -> None:
    """And who looked at an old list is told so."""
    with a_house(database_url) as house:
        a_call(house)

        assert [note(house, Outcome.ABSENT, 0) for _ in range(2)] == [True, False]
        assert len(tries(house)) == 1


def test_a_settled_call_cannot_be_settled_again(database_url: str) -> None:
    """Not even by a stale page of another clerk."""
    with a_house(database_url) as house:
        a_call(house)
        (call,) = calls(house.ledger, STAFF)

        noted = [
            record(house.ledger, call.id, Outcome.DONE, actor=actor, seen_tries=tries)
            for actor, tries in ((STAFF, 0), ("staff:other", 0), ("staff:other", 1))
        ]

        assert noted == [True, False, False]


def test_the_unanswered_wait_behind_the_others(database_url: str) -> None:
    """The next deadline first; then who was called in vain a moment ago."""
    with a_house(database_url) as house:
        teller = Teller(house)
        first = house.enter(slot=f"{SESSION}T09:00")
        later = house.enter(slot=f"{SESSION}T11:15")
        for booking, hour in ((later, "10:30"), (first, "09:45")):
            target = Target(slot=tokyo(f"{SESSION} {hour}"))
            changes.move(house.ledger, booking.id, actor=STAFF, target=target)
        teller.tick()
        assert [one.booking.id for one in calls(house.ledger, STAFF)] == [first.id, later.id]

        call = calls(house.ledger, STAFF)[0]
        record(house.ledger, call.id, Outcome.ABSENT, actor=STAFF, seen_tries=0)
        assert [one.booking.id for one in calls(house.ledger, STAFF)] == [later.id, first.id]

        house.clock.move_by(hours=2)
        assert [one.booking.id for one in calls(house.ledger, STAFF)] == [first.id, later.id]


def test_what_is_no_longer_so_is_off_the_list_at_once(database_url: str) -> None:
    """Before any tick: nobody is phoned about a booking that was just cancelled."""
    with a_house(database_url) as house:
        teller, booking_id = a_call(house)
        (call,) = calls(house.ledger, STAFF)
        changes.cancel(house.ledger, booking_id, actor="resident")

        assert calls(house.ledger, STAFF) == []
        assert not record(house.ledger, call.id, Outcome.DONE, actor=STAFF, seen_tries=0)

        teller.tick()
        assert states(house)["reminder-early call_list"] == "withdrawn"


def test_a_call_that_nobody_made_in_time_ends(database_url: str) -> None:
    """And shows among what was not told."""
    with a_house(database_url) as house:
        a_call(house)
        house.clock.move_to("2026-12-18 10:00")

        assert [one.kind for one in calls(house.ledger, STAFF)] == ["reminder-last"]
        assert [close_missed(house.ledger) for _ in range(2)] == [1, 0]
        assert states(house)["reminder-early call_list"] == "dead"


def test_a_town_sees_its_own_people(database_url: str) -> None:
    """On the list, in the count, and when a call is noted."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, how="mail")
        osaka = house.request(INTERVIEW)
        changes.decline(house.ledger, osaka.id, actor=STAFF, reason="定員のため")
        teller.tick()

        (call,) = calls(house.ledger, STAFF, "osaka")
        assert call.booking.id == osaka.id
        assert [waiting_count(house.ledger, one) for one in ("osaka", "shibukawa", None)] == [
            *(1, 1, 2)
        ]
        assert not note_as(house, call.id, "shibukawa")
        assert note_as(house, call.id, "osaka")


def note_as(house: House, call_id: int, organisation: str) -> bool:
    return record(
        house.ledger,
        call_id,
        Outcome.DONE,
        actor=STAFF,
        seen_tries=0,
        organisation=organisation,
    )


@pytest.mark.parametrize("how", ["call", "counter", "letter"])
def test_who_was_told_is_not_called(database_url: str, how: str) -> None:
    """Confirmed aloud or by letter."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, how=how)
        teller.tick()

        assert calls(house.ledger, STAFF) == []
