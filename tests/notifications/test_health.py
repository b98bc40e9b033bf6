"""Whether telling goes well, in numbers."""

from datetime import timedelta

from notifications import failures
from notifications.channels.call_list import Outcome, calls, record
from notifications.channels.channel import NotSent
from notifications.health import LATE_AFTER, STILL_AFTER, figures, health
from notifications.relay import relay
from tests.support.house import a_house
from tests.support.telling import MAIL, STAFF, Teller, confirmed


def test_who_never_ticked_has_no_heartbeat(database_url: str) -> None:
    """And what happened is not read."""
    with a_house(database_url) as house:
        house.request(email=MAIL)

        now = health(house.ledger)

        assert now.heartbeat_age is None
        assert not now.ticking
        assert now.unread_facts == 1


def test_a_heartbeat_grows_old(database_url: str) -> None:
    """Until somebody ticks again."""
    with a_house(database_url) as house:
        teller = Teller(house)
        teller.tick()
        assert health(house.ledger).heartbeat_age == timedelta()
        assert health(house.ledger).ticking

        house.clock.at += STILL_AFTER
        assert not health(house.ledger).ticking

        teller.tick()
        assert health(house.ledger).ticking


def test_what_is_due_and_not_told_is_counted(database_url: str) -> None:
    """With the age of the oldest; what is planned for later is not late."""
    with a_house(database_url) as house:
        confirmed(house, email=MAIL)
        relay(house.ledger)
        assert (health(house.ledger).due, health(house.ledger).late) == (1, False)

        house.clock.at += LATE_AFTER

        now = health(house.ledger)
        assert (now.due, now.oldest_due_age, now.late) == (1, LATE_AFTER, True)


def test_calls_and_what_nobody_could_tell_are_counted_apart(database_url: str) -> None:
    """A call waits for people; it does not make the machine late. What it takes over has not failed."""
    with a_house(database_url) as house:
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-550", for_good=True)
        confirmed(house, email=MAIL, how="mail")
        teller.tick()

        now = health(house.ledger)
        assert (now.due, now.calls, now.undelivered, now.late) == (0, 1, 0, False)

        for number in range(3):
            (call,) = calls(house.ledger, STAFF)
            record(house.ledger, call.id, Outcome.ABSENT, actor=STAFF, seen_tries=number)

        now = health(house.ledger)
        assert (now.due, now.calls, now.undelivered, now.late) == (0, 0, 1, False)
        assert failures.deal_with(house.ledger, call.id, STAFF)
        assert health(house.ledger).undelivered == 0


def test_machines_read_the_same_in_figures(database_url: str) -> None:
    """With the tries of a day by channel and outcome."""
    with a_house(database_url) as house:
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-451")
        confirmed(house, email=MAIL)
        relay(house.ledger)
        house.clock.move_by(minutes=4)
        teller.tick()

        seen = figures(house.ledger)

        assert seen["messages_due"] == 1
        assert seen["oldest_due_seconds"] == 240
        assert seen["message_lag_seconds"] == 0
        assert seen["message_attempts_day"] == {'{channel="mail",outcome="smtp-451"}': 1}
        teller.mail.refusals.clear()
        house.clock.move_by(minutes=1)
        teller.tick()
        # Counted from the moment of the next try: the provider's fault is none of ours.
        assert figures(house.ledger)["message_lag_seconds"] == 0
