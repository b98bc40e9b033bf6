"""What staff do to a message by hand: once, traced, and only while it makes sense."""

from dataclasses import dataclass, field
from threading import Barrier, Thread

import pytest
from sqlalchemy import update

from booking.errors import NotFound
from booking.facts import Fact, Kind
from booking.ledger import changes
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from booking.store import Tx, log
from booking.store.bookings import bookings
from notifications import failures, message_log, outbox, words_kept
from notifications.by_hand import Answer, Deed, act
from notifications.channels.call_list import Outcome, calls, close_missed, record
from notifications.channels.channel import Message, NotSent
from notifications.channels.memory import Memory
from notifications.health import figures, health
from notifications.outbox import State
from notifications.relay import relay
from tests.support.house import SESSION, House, a_house, tokyo
from tests.support.telling import MAIL, STAFF, Teller, confirmed, rows, states, tries

CLERK = "staff:sato"


@dataclass
class Keyed(Memory):
    """A provider that sends once a ref, as LINE and SMS gateways do; `sent` is what really went out."""

    sent: list[str] = field(default_factory=list)

    def send(self, message: Message) -> None:
        super().send(message)
        if message.ref not in self.sent:
            self.sent.append(message.ref)


def row(house: House, kind: str, channel: str) -> dict:
    """The message's row of the outbox; of several revisions the latest."""
    found = [one for one in rows(house) if (one["kind"], one["channel"]) == (kind, channel)]
    return found[-1]


def press(house: House, deed: Deed, kind: str, channel: str = "mail", seen: int | None = None):
    """Press a button of a page that has just been loaded, or that showed `seen` tries."""
    number = row(house, kind, channel)["id"]
    showed = seen if seen is not None else len(_tries(house, number))
    return act(house.ledger, number, deed, actor=CLERK, seen_tries=showed)


def _tries(house: House, number: int) -> list[dict]:
    return [one for one in tries(house) if one["outbox_id"] == number]


def outcomes(house: House, kind: str, channel: str = "mail") -> list[tuple[str, str | None]]:
    """Who tried or did what to a message, machines as `machine`."""
    found = _tries(house, row(house, kind, channel)["id"])
    by = {CLERK: CLERK, STAFF: STAFF}
    return [(by.get(one["by"], "machine"), one["outcome"]) for one in found]


def given_up(house: House, teller: Teller, refusal: str = "smtp-550", **who: str):
    """A confirmed booking whose mail was refused for good: staff shall phone."""
    teller.mail.refusals[MAIL] = NotSent(refusal, for_good=True)
    booking = confirmed(house, email=MAIL, how="mail", **who)
    teller.tick()
    return booking


def test_what_was_sent_goes_out_once_more(database_url: str) -> None:
    """Under another ref: who knows the first one would send nothing. What was told stays readable."""
    with a_house(database_url) as house:
        teller = Teller(house, mail=Keyed())
        confirmed(house, email=MAIL)
        teller.tick()
        first = row(house, "confirmed", "mail")
        said = words_kept.opened(house.ledger.store.keyring, first["ref"], first["said"])

        assert press(house, Deed.RESEND, "confirmed") is Answer.DONE

        waiting = row(house, "confirmed", "mail")
        assert (waiting["state"], waiting["attempts"], waiting["next_try"]) == ("waiting", 0, None)
        assert waiting["not_after"] == first["not_after"]
        assert waiting["ref"] != first["ref"]
        assert (
            words_kept.opened(house.ledger.store.keyring, waiting["ref"], waiting["said"]) == said
        )
        teller.tick()
        assert len([one for one in teller.mail.told if one.kind == "confirmed"]) == 2
        assert len(teller.mail.sent) == len(teller.mail.told)
        assert states(house)["confirmed mail"] == "sent"
        assert outcomes(house, "confirmed") == [
            ("machine", "sent"),
            (CLERK, "resent"),
            ("machine", "sent"),
        ]


def test_a_double_press_sends_once(database_url: str) -> None:
    """Also when the first one has been sent by then: the page showed one try, and there are three."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, email=MAIL)
        teller.tick()

        assert press(house, Deed.RESEND, "confirmed", seen=1) is Answer.DONE
        assert press(house, Deed.RESEND, "confirmed", seen=1) is Answer.STALE
        teller.tick()
        assert press(house, Deed.RESEND, "confirmed", seen=1) is Answer.STALE

        teller.tick()
        assert teller.kinds.count("confirmed") == 2


def test_two_clerks_at_once_send_once(database_url: str) -> None:
    """Whoever is second is told so."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, email=MAIL)
        teller.tick()
        number, answers, start = row(house, "confirmed", "mail")["id"], [], Barrier(4)

        def clerk(name: str) -> None:
            start.wait()
            answers.append(act(house.ledger, number, Deed.RESEND, actor=name, seen_tries=1))

        threads = [Thread(target=clerk, args=(f"staff:{n}",)) for n in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

        assert sorted(answers) == ["done", "stale", "stale", "stale"]
        teller.tick()
        assert teller.kinds.count("confirmed") == 2


def test_what_was_given_up_is_tried_anew_instead_of_the_call(database_url: str) -> None:
    """With all its tries; the call that took over comes back when it fails again."""
    with a_house(database_url) as house:
        teller = Teller(house)
        given_up(house, teller)
        assert states(house)["confirmed call_list"] == "waiting"

        assert press(house, Deed.RESEND, "confirmed") is Answer.DONE

        assert states(house)["confirmed call_list"] == "withdrawn"
        teller.tick()
        assert states(house)["confirmed mail"] == "dead"
        assert states(house)["confirmed call_list"] == "waiting"

        teller.mail.refusals.clear()
        press(house, Deed.RESEND, "confirmed")
        teller.tick()
        assert states(house)["confirmed mail"] == "sent"
        assert calls(house.ledger, CLERK) == []


def test_a_failure_that_failed_again_stands_again(database_url: str) -> None:
    """Though a later channel had been given up before: nobody is silently forgotten."""
    with a_house(database_url) as house:
        teller = Teller(house)
        given_up(house, teller)
        for number in range(3):
            (call,) = calls(house.ledger, CLERK)
            record(house.ledger, call.id, Outcome.ABSENT, actor=CLERK, seen_tries=number)
        assert [one.channel for one in failures.failures(house.ledger)] == ["call_list"]
        house.clock.move_by(minutes=1)

        press(house, Deed.RESEND, "confirmed")
        assert list(failures.failures(house.ledger)) == []
        teller.tick()

        assert [one.channel for one in failures.failures(house.ledger)] == ["mail"]


def test_what_will_be_tried_again_is_tried_at_once(database_url: str) -> None:
    """Under the same ref: it may have arrived, and the provider sees the double."""
    with a_house(database_url) as house:
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-451")
        confirmed(house, email=MAIL)
        teller.tick()
        before = row(house, "confirmed", "mail")
        assert before["state"] == "failed"
        teller.mail.refusals.clear()

        press(house, Deed.RESEND, "confirmed")
        teller.tick()

        after = row(house, "confirmed", "mail")
        assert (after["state"], after["ref"]) == ("sent", before["ref"])


@pytest.mark.parametrize("later", ["cancelled", "moved", "over"])
def test_what_is_no_longer_so_is_not_sent_again(database_url: str, later: str) -> None:
    """The booking has moved on, or the time is over; the clerk is told which."""
    with a_house(database_url) as house:
        teller = Teller(house)
        booking = confirmed(house, email=MAIL)
        teller.tick()
        if later == "cancelled":
            changes.cancel(house.ledger, booking.id, actor="resident")
        elif later == "moved":
            target = Target(slot=tokyo(f"{SESSION} 10:30"))
            changes.move(house.ledger, booking.id, actor=STAFF, target=target)
        else:
            house.clock.move_to(f"{SESSION} 09:45")

        answer = press(house, Deed.RESEND, "confirmed")

        assert answer is (Answer.TOO_LATE if later == "over" else Answer.MOVED_ON)
        assert len(tries(house)) == 1
        (told,) = [
            one
            for one in message_log.of_booking(house.ledger, booking.id)
            if one.kind == "confirmed"
        ]
        assert (told.deeds, told.hindrance) == ((), answer)


def test_what_waits_can_be_withdrawn_and_taken_up_again(database_url: str) -> None:
    """A reminder that nobody should get; and no other channel brings it."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, email=MAIL)
        teller.tick()

        assert press(house, Deed.WITHDRAW, "reminder-last") is Answer.DONE
        assert press(house, Deed.WITHDRAW, "reminder-last", seen=0) is Answer.STALE

        assert states(house)["reminder-last mail"] == "withdrawn"
        house.clock.move_to("2026-12-18 10:01")
        teller.tick()
        assert "reminder-last" not in teller.kinds
        assert press(house, Deed.RESEND, "reminder-last") is Answer.DONE
        teller.tick()
        assert teller.kinds.count("reminder-last") == 1


def test_what_was_sent_cannot_be_withdrawn(database_url: str) -> None:
    """Nor marked as told."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, email=MAIL)
        teller.tick()

        assert press(house, Deed.WITHDRAW, "confirmed") is Answer.STALE
        assert press(house, Deed.TOLD, "confirmed") is Answer.STALE
        assert states(house)["confirmed mail"] == "sent"


def test_what_was_told_otherwise_is_told_on_no_channel(database_url: str) -> None:
    """Marked on the mail that failed: the call is off the list, and nothing stands as failed."""
    with a_house(database_url) as house:
        teller = Teller(house)
        given_up(house, teller)

        assert press(house, Deed.TOLD, "confirmed") is Answer.DONE

        assert states(house)["confirmed mail"] == "sent"
        assert states(house)["confirmed call_list"] == "withdrawn"
        assert calls(house.ledger, CLERK) == []
        assert list(failures.failures(house.ledger)) == []
        assert outcomes(house, "confirmed")[-1] == (CLERK, "told")


def linked(house: House, booking: Booking) -> None:
    """The party links its LINE account, and wishes to be told there."""
    fact = Fact(
        kind=Kind.REACH_CHANGED,
        at=house.ledger.now(),
        actor="resident",
        booking_id=booking.id,
        consultation=booking.consultation,
        revision=booking.revision,
        data={"what": "line-linked"},
    )

    def work(tx: Tx) -> None:
        reached = update(bookings).where(bookings.c.id == booking.id)
        tx.execute(reached.values(reached_by="line mail", contact_wish="line"))
        log.append(tx, fact)

    house.ledger.store.write(work)


def test_what_staff_ended_comes_back_on_no_other_channel(database_url: str) -> None:
    """However the party is reached from now on; what staff left alone follows it."""
    with a_house(database_url) as house:
        ended, other = (
            confirmed(house, email=MAIL),
            confirmed(house, email="taro@example.jp", at=f"{SESSION} 10:30"),
        )
        relay(house.ledger)
        for deed, kind in ((Deed.TOLD, "reminder-early"), (Deed.WITHDRAW, "reminder-last")):
            (number,) = [
                one["id"]
                for one in rows(house)
                if (one["booking_id"], one["kind"]) == (ended.id, kind)
            ]
            act(house.ledger, number, deed, actor=CLERK, seen_tries=0)
        for booking in (ended, other):
            linked(house, booking)
        relay(house.ledger)

        by_line = [one for one in rows(house) if one["channel"] == "line"]
        assert {one["booking_id"] for one in by_line} == {other.id}
        assert [one["kind"] for one in by_line] == ["reminder-early", "reminder-last"]


def test_told_while_it_is_being_sent_ends_the_lease(database_url: str) -> None:
    """Who sends it settles nothing any more."""
    with a_house(database_url) as house:
        confirmed(house, email=MAIL)
        relay(house.ledger)
        now = house.ledger.now()
        work = lambda tx: outbox.claim(tx, "mail", now, "another", 20)  # noqa: E731
        (claimed,) = [one for one in house.ledger.store.write(work) if one.kind == "confirmed"]
        house.ledger.store.write(lambda tx: outbox.begin(tx, claimed, now))

        assert press(house, Deed.TOLD, "confirmed") is Answer.DONE

        late = house.ledger.store.write(lambda tx: outbox.settle(tx, claimed, State.FAILED, now))
        assert late is None
        assert states(house)["confirmed mail"] == "sent"


def test_a_call_that_was_given_up_goes_back_on_the_list(database_url: str) -> None:
    """With three calls before it; not once its time is over."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, how="mail")
        teller.tick()
        for number in range(3):
            (call,) = calls(house.ledger, CLERK)
            record(house.ledger, call.id, Outcome.ABSENT, actor=CLERK, seen_tries=number)
        assert calls(house.ledger, CLERK) == []

        assert press(house, Deed.RESEND, "confirmed", "call_list") is Answer.DONE

        (call,) = calls(house.ledger, CLERK)
        assert (call.tries, len(call.earlier), call.last_call) == (0, 4, False)
        house.clock.move_to(f"{SESSION} 09:45")
        close_missed(house.ledger)
        assert press(house, Deed.RESEND, "confirmed", "call_list") is Answer.TOO_LATE


def test_another_town_has_no_such_message(database_url: str) -> None:
    """Whatever its number is."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, email=MAIL)
        teller.tick()
        number = row(house, "confirmed", "mail")["id"]

        for scope, wanted in (("osaka", number), ("shibukawa", number + 1000)):
            with pytest.raises(NotFound):
                act(
                    house.ledger, wanted, Deed.RESEND, actor=CLERK, seen_tries=1, organisation=scope
                )
        done = act(
            house.ledger, number, Deed.RESEND, actor=CLERK, seen_tries=1, organisation="shibukawa"
        )
        assert done is Answer.DONE


def test_what_staff_told_late_makes_no_machine_late(database_url: str) -> None:
    """The figures are about machines."""
    with a_house(database_url) as house:
        confirmed(house, email=MAIL)
        relay(house.ledger)
        house.clock.move_by(days=1)
        press(house, Deed.TOLD, "confirmed")

        assert figures(house.ledger)["message_lag_seconds"] == 0
        assert health(house.ledger).due == 0
