"""Delivery: at least once, still true, fenced, and one failure stops no other."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from threading import Thread

import pytest

from booking.ledger import changes
from notifications import outbox
from notifications.channels.channel import Message, NotSent
from notifications.channels.memory import Memory
from notifications.delivery import Delivery
from notifications.outbox import LEASE, State
from notifications.policy import BACK_OFF, MOST_TRIES
from notifications.relay import relay
from tests.support.house import NEXT_SESSION, SESSION, TOKYO, House, a_house
from tests.support.telling import MAIL, Teller, confirmed, logged, rows, states, tries

OTHER = "taro@example.jp"


class PowerCut(BaseException):
    """The process ends here: nothing after it runs."""


@dataclass
class Breaking(Memory):
    """Takes the message over, and then the process dies; the second time it lives."""

    cuts: int = 1

    def send(self, message: Message) -> None:
        super().send(message)
        if self.cuts:
            self.cuts -= 1
            raise PowerCut


@dataclass
class Meddling(Memory):
    """While the message is on its way, something happens."""

    meanwhile: list = field(default_factory=list)

    def send(self, message: Message) -> None:
        for act in self.meanwhile:
            act()
        super().send(message)


def claim_by_another(house: House, limit: int = 20) -> list[outbox.Claimed]:
    """What another process would claim now."""
    now = house.ledger.now()
    return house.ledger.store.write(lambda tx: outbox.claim(tx, "mail", now, "another", limit))


def test_what_is_due_is_told_and_settled(database_url: str) -> None:
    """With a try noted before it, and how that ended."""
    with a_house(database_url) as house:
        teller = Teller(house)
        house.request(email=MAIL)

        ticked = teller.tick()

        assert (ticked.facts, ticked.planned, ticked.states) == (1, 1, {"sent": 1})
        assert [one.to for one in teller.mail.told] == [MAIL]
        assert states(house) == {"received mail": "sent"}
        assert [one["outcome"] for one in tries(house)] == ["sent"]


def test_reminders_come_at_their_moment(database_url: str) -> None:
    """Not a second before, and once."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, email=MAIL)
        told = {}
        for moment in (
            "2026-11-24 10:00",
            "2026-12-16 09:59",
            "2026-12-16 10:00",
            "2026-12-18 09:59",
            "2026-12-18 10:00",
            "2026-12-18 23:00",
        ):
            house.clock.move_to(moment)
            teller.mail.told.clear()
            teller.tick()
            told[moment] = teller.kinds

        assert told == {
            "2026-11-24 10:00": ["confirmed"],
            "2026-12-16 09:59": [],
            "2026-12-16 10:00": ["reminder-early"],
            "2026-12-18 09:59": [],
            "2026-12-18 10:00": ["reminder-last"],
            "2026-12-18 23:00": [],
        }


def test_nobody_is_reminded_of_what_was_cancelled(database_url: str) -> None:
    """The cancellation is all they hear."""
    with a_house(database_url) as house:
        teller = Teller(house)
        booking = confirmed(house, email=MAIL)
        teller.tick()
        changes.cancel(house.ledger, booking.id, actor="resident")
        teller.tick()
        house.clock.move_to("2026-12-18 10:00")
        teller.tick()

        assert teller.kinds == ["confirmed", "cancelled"]


def test_nobody_is_reminded_of_the_old_time_after_a_move(database_url: str) -> None:
    """Only of the new one."""
    with a_house(database_url) as house:
        teller = Teller(house)
        booking = confirmed(house, email=MAIL)
        teller.tick()
        target = house.application(slot=f"{NEXT_SESSION}T09:00").target
        changes.move(house.ledger, booking.id, actor="staff:test", target=target)
        teller.tick()
        house.clock.move_to("2026-12-18 10:00")
        teller.tick()
        assert teller.kinds == ["confirmed", "moved"]

        house.clock.move_to("2027-01-15 10:00")
        teller.tick()

        assert teller.kinds[2:] == ["reminder-last"]


def test_a_stopped_installation_does_not_remind_late(database_url: str) -> None:
    """What is over is withdrawn, what was overtaken by the next reminder too."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, email=MAIL)
        teller.tick()
        house.clock.move_to("2026-12-18 15:00")  # nothing ran since before the 16th
        teller.tick()
        assert teller.kinds == ["confirmed", "reminder-last"]

        assert states(house)["reminder-early mail"] == "withdrawn"


def test_the_booking_is_read_again_right_before_sending(database_url: str) -> None:
    """Cancelled after the relay, before the delivery: the log says so only at the next tick."""
    with a_house(database_url) as house:
        mail = Memory()
        booking = confirmed(house, email=MAIL)
        relay(house.ledger)
        changes.cancel(house.ledger, booking.id, actor="resident")

        counts = Delivery(house.ledger, house.settings, {"mail": mail}).run()

        assert mail.told == []
        assert counts == {State.WITHDRAWN: 1}
        assert rows(house)[0]["last_error"] == "superseded"


def test_who_dies_between_claim_and_settling_is_followed_by_another(database_url: str) -> None:
    """After the lease, and not before. The try without an end says that it may have arrived."""
    with a_house(database_url) as house:
        house.request(email=MAIL)
        mail = Breaking()
        teller = Teller(house, mail)
        with pytest.raises(PowerCut):
            teller.tick()
        house.clock.move_by(seconds=LEASE.total_seconds() - 1)
        teller.tick()
        assert len(mail.told) == 1

        house.clock.move_by(seconds=1)
        teller.tick()

        assert [one.ref for one in mail.told] == [mail.told[0].ref] * 2
        assert states(house) == {"received mail": "sent"}
        assert [one["outcome"] for one in tries(house)] == [None, "sent"]


def test_a_message_that_kills_everybody_is_given_up(database_url: str) -> None:
    """It must not be tried for ever."""
    with a_house(database_url) as house:
        confirmed(house, email=MAIL)
        teller = Teller(house, Breaking(cuts=100))
        for _ in range(MOST_TRIES):
            with pytest.raises(PowerCut):
                teller.tick()
            house.clock.move_by(seconds=LEASE.total_seconds())
        teller.tick()

        assert rows(house)[0]["state"] == "dead"
        assert len(teller.mail.told) == MOST_TRIES


def test_who_lost_the_lease_settles_nothing(database_url: str) -> None:
    """The message belongs to whoever claimed it last."""
    with a_house(database_url) as house:
        house.request(email=MAIL)

        def lose() -> None:
            house.clock.move_by(seconds=LEASE.total_seconds())
            assert len(claim_by_another(house)) == 1

        teller = Teller(house, Meddling(meanwhile=[lose]))
        ticked = teller.tick()

        (row,) = rows(house)
        assert ticked.states == {"leased": 1}
        assert (row["state"], row["lease_owner"]) == ("leased", "another")
        assert [one["outcome"] for one in tries(house)] == ["sent"]


def test_what_another_holds_is_not_begun(database_url: str) -> None:
    """A claim that ran out before its turn is not tried at all."""
    with a_house(database_url) as house:
        house.request(email=MAIL)
        relay(house.ledger)
        now = house.ledger.now()
        write = house.ledger.store.write
        (mine,) = write(lambda tx: outbox.claim(tx, "mail", now, "me", 20))
        house.clock.move_by(seconds=LEASE.total_seconds())
        claim_by_another(house)

        assert write(lambda tx: outbox.begin(tx, mine, house.ledger.now())) is None
        assert tries(house) == []


def test_two_deliveries_at_once_send_each_message_once(database_url: str) -> None:
    """Any number of processes may deliver."""
    with a_house(database_url) as house:
        for hour in ("09:00", "09:45", "10:30", "11:15"):
            house.enter(slot=f"{SESSION}T{hour}", email=MAIL)
            house.enter(slot=f"{NEXT_SESSION}T{hour}", email=MAIL)
        relay(house.ledger)
        mails = [Memory() for _ in range(3)]
        threads = [
            Thread(target=Delivery(house.ledger, house.settings, {"mail": mail}).run)
            for mail in mails
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

        refs = [message.ref for mail in mails for message in mail.told]
        assert len(refs) == len(set(refs)) == 8


def test_a_refused_address_stops_no_other(database_url: str) -> None:
    """The others arrive in the same tick."""
    with a_house(database_url) as house:
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-550", for_good=True)
        house.request(email=MAIL)
        house.request(email=OTHER)

        ticked = teller.tick()

        assert [one.to for one in teller.mail.told] == [OTHER]
        assert ticked.states == {"dead": 1, "sent": 1}


def test_whatever_goes_wrong_stops_no_other(database_url: str, caplog) -> None:
    """Even what nobody foresaw; and its text, which may hold anything, is kept nowhere."""

    @dataclass
    class Surprised(Memory):
        def send(self, message: Message) -> None:
            if message.to == MAIL:
                raise RuntimeError(f"cannot write to {MAIL}")
            super().send(message)

    with a_house(database_url) as house:
        teller = Teller(house, Surprised())
        house.request(email=MAIL)
        house.request(email=OTHER)
        teller.tick()

        assert [one.to for one in teller.mail.told] == [OTHER]
        found = {(row["state"], row["last_error"]) for row in rows(house)}
        assert found == {("failed", "RuntimeError"), ("sent", None)}
        assert "example.jp" not in repr(rows(house)) + repr(tries(house)) + logged(caplog)


def test_a_failure_is_tried_again_later_and_later(database_url: str) -> None:
    """Not before its moment, not at night, within two days; then somebody phones."""
    with a_house(database_url) as house:
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-451")
        confirmed(house, email=MAIL, how="mail")
        teller.tick()
        began, tried_at = house.ledger.now(), [house.ledger.now()]
        while states(house)["confirmed mail"] == "failed":
            house.clock.at = rows(house)[0]["next_try"] - timedelta(seconds=1)
            teller.tick()
            assert len(tries(house)) == len(tried_at)
            house.clock.move_by(seconds=1)
            teller.tick()
            tried_at += [house.ledger.now()] * (len(tries(house)) - len(tried_at))

        assert len(tried_at) == MOST_TRIES
        assert [b - a for a, b in pairwise(tried_at)][:7] == list(BACK_OFF[:7])
        assert all(8 <= one.astimezone(TOKYO).hour < 21 for one in tried_at)
        assert house.ledger.now() - began < timedelta(days=2)
        assert states(house)["confirmed mail"] == "dead"
        assert states(house)["confirmed call_list"] == "waiting"


def test_it_arrives_once_the_server_is_back(database_url: str) -> None:
    """One try later."""
    with a_house(database_url) as house:
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-unreachable")
        house.request(email=MAIL)
        teller.tick()
        teller.mail.refusals.clear()
        house.clock.at += BACK_OFF[0]
        teller.tick()

        assert teller.kinds == ["received"]
        assert [one["outcome"] for one in tries(house)] == ["smtp-unreachable", "sent"]


def test_no_try_comes_after_the_moment_from_which_it_is_pointless(database_url: str) -> None:
    """When the next try would be too late, it is given up at once."""
    with a_house(database_url) as house:
        house.clock.move_to("2026-12-18 10:00")
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-451")
        house.enter(slot=f"{SESSION}T09:45", email=MAIL)
        house.clock.move_to(f"{SESSION} 09:44:30")

        assert teller.tick().states == {"dead": 1}


def test_who_cannot_be_mailed_is_phoned_unless_they_know(database_url: str) -> None:
    """A mail that is refused for good becomes a call, where a call would tell anything new."""
    with a_house(database_url) as house:
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-550", for_good=True)
        booking = confirmed(house, email=MAIL, how="call")
        teller.tick()
        assert "confirmed call_list" not in states(house)  # it was said aloud

        house.clock.move_to("2026-12-16 10:00")
        teller.tick()
        assert states(house)["reminder-early call_list"] == "waiting"

        changes.cancel(house.ledger, booking.id, actor="staff:test", reason="台風のため")
        teller.tick()
        assert states(house)["cancelled call_list"] == "waiting"
        assert states(house)["reminder-early call_list"] == "withdrawn"


def test_a_stop_gives_back_what_was_not_tried(database_url: str) -> None:
    """The next process need not wait for the lease."""
    with a_house(database_url) as house:
        for _ in range(3):
            house.request(email=MAIL)
        relay(house.ledger)
        mail = Memory()
        delivery = Delivery(house.ledger, house.settings, {"mail": mail})

        delivery.run(lambda: len(mail.told) == 1)
        left = rows(house)[1:]
        assert [(row["state"], row["attempts"]) for row in left] == [("waiting", 0)] * 2

        delivery.run()
        assert len(mail.told) == 3


def test_what_people_tell_is_not_claimed(database_url: str) -> None:
    """The call list is staff's."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, how="mail")

        assert teller.tick().states == {}
        assert states(house)["confirmed call_list"] == "waiting"
