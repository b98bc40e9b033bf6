"""What a provider says later counts more than what a broken connection made us think."""

import pytest
from sqlalchemy import update

from notifications import message_log, message_words, outbox
from notifications.by_hand import Answer, Deed, act
from notifications.channels.call_list import calls
from notifications.channels.channel import Message, NotSent
from notifications.channels.memory import Memory
from notifications.failures import failures
from notifications.health import figures
from notifications.outbox import LEASE
from notifications.receipts import Receipt, receipt
from tests.support.house import House, a_house
from tests.support.posting import ADDRESS
from tests.support.telling import MAIL, STAFF, Teller, confirmed, rows, states

PHONE, DIGITS = "090-1234-5678", "09012345678"
FOR_GOOD = NotSent("sms-400", for_good=True)
NOT_NOW = NotSent("sms-garbled")


def row(house: House, channel: str) -> dict:
    """The confirmation by `channel`."""
    (found,) = [r for r in rows(house) if (r["kind"], r["channel"]) == ("confirmed", channel)]
    return found


def by_sms(house: House, refusal: NotSent) -> tuple[Memory, dict[str, Memory]]:
    """A confirmation whose SMS the gateway took, but answered with `refusal`; nothing else is set up."""
    sms = Memory()
    sms.refusals[DIGITS] = refusal
    confirmed(house, phone=PHONE, how="mail")
    Teller(house).tick({"sms": sms})
    return sms, {"sms": sms}


def arrived(house: House, channel: str = "sms") -> bool:
    return receipt(house.ledger, row(house, channel)["ref"], Receipt.DELIVERED, ["sms", "mail"])


def test_what_arrived_after_all_is_sent_and_nobody_phones(database_url: str) -> None:
    with a_house(database_url) as house:
        by_sms(house, FOR_GOOD)
        assert states(house)["confirmed sms"] == "dead"
        assert [one.kind for one in calls(house.ledger, STAFF)] == ["confirmed"]
        house.clock.move_by(hours=2)

        assert [arrived(house), arrived(house)] == [True, True]

        assert states(house)["confirmed sms"] == "sent"
        assert states(house)["confirmed call_list"] == "withdrawn"
        assert calls(house.ledger, STAFF) == failures(house.ledger) == []


@pytest.mark.parametrize("refusal", [NOT_NOW, FOR_GOOD])
def test_staff_see_it_as_sent_and_not_as_late(database_url: str, refusal: NotSent) -> None:
    with a_house(database_url) as house:
        by_sms(house, refusal)
        house.clock.move_by(minutes=10)
        arrived(house)

        booking_id = row(house, "sms")["booking_id"]
        shown = message_log.of_booking(house.ledger, booking_id)
        told = next(one for one in shown if one.channel == "sms")
        assert message_words.state(told, "Asia/Tokyo")["kind"] == "ok"
        assert "受信の通知：届きました" in message_words.notes(told, "Asia/Tokyo", {})
        assert told.error is None
        assert figures(house.ledger)["message_lag_seconds"] == 0


def test_what_would_be_tried_again_is_not(database_url: str) -> None:
    with a_house(database_url) as house:
        sms, channels = by_sms(house, NOT_NOW)
        assert states(house)["confirmed sms"] == "failed"

        arrived(house)
        sms.refusals.clear()
        house.clock.move_by(hours=3)
        Teller(house).tick(channels)

        assert states(house)["confirmed sms"] == "sent"
        assert sms.told == []


def test_what_a_second_channel_failed_at_is_no_failure_any_more(database_url: str) -> None:
    """The SMS seemed lost, the mail was lost, and staff would have to find another way."""
    with a_house(database_url, sms_url="https://sms.example.jp/") as house:
        mail, sms = Memory(), Memory()
        mail.refusals[MAIL] = NotSent("smtp-550", for_good=True)
        sms.refusals[DIGITS] = FOR_GOOD
        confirmed(house, phone=PHONE, email=MAIL, contact_wish="sms", how="call")
        for _ in range(3):
            Teller(house).tick({"mail": mail, "sms": sms})
        assert [one.channel for one in failures(house.ledger)] == ["mail"]

        arrived(house)

        assert failures(house.ledger) == []


def test_a_letter_that_was_promised_goes_all_the_same(database_url: str) -> None:
    with a_house(database_url) as house:
        sms = Memory()
        sms.refusals[DIGITS] = FOR_GOOD
        confirmed(house, phone=PHONE, postal_address=ADDRESS, how="letter")
        Teller(house).tick({"sms": sms})
        assert states(house)["confirmed letter"] == "waiting"

        arrived(house)

        assert states(house)["confirmed sms"] == "sent"
        assert states(house)["confirmed letter"] == "waiting"


@pytest.mark.parametrize("refusal", [NOT_NOW, FOR_GOOD])
def test_an_arrival_that_is_faster_than_our_own_note_counts(
    database_url: str, refusal: NotSent
) -> None:
    """The gateway's answer is lost on its way, its receipt is not."""
    with a_house(database_url) as house:

        class Hasty(Memory):
            def send(self, message: Message) -> None:
                self.told.append(message)
                receipt(house.ledger, message.ref, Receipt.DELIVERED, ["sms"])
                raise refusal

        sms = Hasty()
        confirmed(house, phone=PHONE, how="mail")
        Teller(house).tick({"sms": sms})
        house.clock.move_by(hours=3)
        Teller(house).tick({"sms": sms})

        assert states(house)["confirmed sms"] == "sent"
        assert "confirmed call_list" not in states(house)
        assert len(sms.told) == 1
        kept = row(house, "sms")
        assert (kept["last_error"], kept["lease_owner"]) == (None, None)
        assert kept["settled_at"] is not None


def test_who_died_in_a_try_that_arrived_leaves_nothing_to_try(database_url: str) -> None:
    with a_house(database_url) as house:
        sms, channels = by_sms(house, NOT_NOW)
        house.clock.move_by(hours=1)
        now = house.clock()
        claim = house.ledger.store.write(lambda tx: outbox.claim(tx, "sms", now, "dead", 20))
        assert len(claim) == 1
        house.clock.move_by(seconds=LEASE.total_seconds() + 1)

        arrived(house)
        sms.refusals.clear()
        Teller(house).tick(channels)

        assert states(house)["confirmed sms"] == "sent"
        assert sms.told == []


def test_what_staff_took_back_stays_so(database_url: str) -> None:
    with a_house(database_url) as house:
        by_sms(house, NOT_NOW)
        number = row(house, "sms")["id"]
        done = act(house.ledger, number, Deed.WITHDRAW, actor=STAFF, seen_tries=1)
        assert done is Answer.DONE

        arrived(house)

        assert states(house)["confirmed sms"] == "withdrawn"
        assert row(house, "sms")["receipt"] == "delivered"


def test_of_another_revision_nothing_is_taken_back(database_url: str) -> None:
    """What a later change is told by has nothing to do with it."""
    with a_house(database_url) as house:
        by_sms(house, FOR_GOOD)
        call = row(house, "call_list")["id"]
        newer = update(outbox.outbox).where(outbox.outbox.c.id == call).values(revision=9)
        house.ledger.store.write(lambda tx: tx.execute(newer))

        arrived(house)

        assert states(house)["confirmed call_list"] == "waiting"


def test_a_receipt_of_long_ago_that_it_failed_is_outdone(database_url: str) -> None:
    """Failed, and then delivered: receipts come in any order."""
    with a_house(database_url) as house:
        sms = Memory()
        confirmed(house, phone=PHONE, how="mail")
        Teller(house).tick({"sms": sms})
        house.clock.move_by(minutes=1)
        receipt(house.ledger, row(house, "sms")["ref"], Receipt.FAILED, ["sms"])
        assert states(house)["confirmed sms"] == "dead"
        assert states(house)["confirmed call_list"] == "waiting"

        arrived(house)

        assert states(house)["confirmed sms"] == "sent"
        assert states(house)["confirmed call_list"] == "withdrawn"
