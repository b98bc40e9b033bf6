"""Where a channel gives up, the next one takes over; at the end of the chain are people."""

import pytest

from booking.ledger import changes
from notifications.channels.channel import Message, NotSent
from notifications.channels.memory import Memory
from notifications.failures import deal_with, failures
from notifications.receipts import Receipt, receipt
from tests.support.house import SESSION, House, a_house, tokyo
from tests.support.telling import MAIL, Teller, confirmed, rows, states

PHONE = "090-1234-5678"
DIGITS = "09012345678"


def a_pair() -> tuple[Memory, Memory, dict[str, Memory]]:
    """Mail and SMS, in memory."""
    mail, sms = Memory(), Memory()
    return mail, sms, {"mail": mail, "sms": sms}


def ref_of(house: House, kind: str, channel: str) -> str:
    (found,) = [r["ref"] for r in rows(house) if (r["kind"], r["channel"]) == (kind, channel)]
    return found


def test_what_a_mailbox_refuses_for_good_goes_by_sms_in_the_next_moment(database_url: str) -> None:
    """And is no failure: the party was told."""
    with a_house(database_url) as house:
        mail, sms, channels = a_pair()
        mail.refusals[MAIL] = NotSent("smtp-550", for_good=True)
        confirmed(house, email=MAIL, phone=PHONE, how="mail")
        Teller(house).tick(channels)
        Teller(house).tick(channels)

        assert [(one.kind, one.to) for one in sms.told] == [("confirmed", DIGITS)]
        assert states(house)["confirmed mail"] == "dead"
        assert failures(house.ledger) == []


def test_when_all_have_refused_somebody_phones(database_url: str) -> None:
    """In the end there is always a person."""
    with a_house(database_url) as house:
        mail, sms, channels = a_pair()
        mail.refusals[MAIL] = sms.refusals[DIGITS] = NotSent("refused", for_good=True)
        confirmed(house, email=MAIL, phone=PHONE, how="mail")
        for _ in range(3):
            Teller(house).tick(channels)

        assert states(house)["confirmed call_list"] == "waiting"
        assert mail.told == sms.told == []


def test_a_receipt_that_it_did_not_arrive_is_a_refusal(database_url: str) -> None:
    """A bounce, an hour later; saying so twice changes nothing."""
    with a_house(database_url) as house:
        _, sms, channels = a_pair()
        confirmed(house, email=MAIL, phone=PHONE, how="mail")
        Teller(house).tick(channels)
        ref = ref_of(house, "confirmed", "mail")
        house.clock.move_by(hours=1)

        said = [receipt(house.ledger, ref, Receipt.FAILED, channels) for _ in range(2)]
        Teller(house).tick(channels)

        assert said == [True, True]
        assert states(house)["confirmed mail"] == "dead"
        assert [one.kind for one in sms.told] == ["confirmed"]


def test_a_receipt_that_it_arrived_changes_no_state(database_url: str) -> None:
    """Staff see that it did; an unknown message is nobody's."""
    with a_house(database_url) as house:
        _, _, channels = a_pair()
        confirmed(house, email=MAIL, how="mail")
        Teller(house).tick(channels)
        ref = ref_of(house, "confirmed", "mail")

        assert receipt(house.ledger, ref, Receipt.DELIVERED, channels)
        assert not receipt(house.ledger, "no-such-message", Receipt.DELIVERED, channels)
        assert states(house)["confirmed mail"] == "sent"
        assert [r["receipt"] for r in rows(house) if r["ref"] == ref] == ["delivered"]


def test_a_bounce_that_is_faster_than_our_own_note_counts(database_url: str) -> None:
    """The provider says that it failed while we still write down that it took it."""
    with a_house(database_url) as house:
        mail, sms, channels = a_pair()

        class Hasty(Memory):
            def send(self, message: Message) -> None:
                super().send(message)
                receipt(house.ledger, message.ref, Receipt.FAILED, channels)

        channels["mail"] = Hasty()
        confirmed(house, email=MAIL, phone=PHONE, how="mail")
        for _ in range(2):
            Teller(house).tick(channels)

        assert states(house)["confirmed mail"] == "dead"
        assert [one.kind for one in sms.told] == ["confirmed"]
        assert mail.told == []


def test_a_failed_copy_that_nobody_takes_over_stands_until_somebody_deals_with_it(
    database_url: str,
) -> None:
    """It was said aloud, so nobody phones; but staff should know that the address is wrong."""
    with a_house(database_url) as house:
        mail, _, channels = a_pair()
        mail.refusals[MAIL] = NotSent("smtp-550", for_good=True)
        booking = confirmed(house, email=MAIL, phone="0279-22-1234", how="call")
        Teller(house).tick(channels)

        (failure,) = failures(house.ledger)
        assert (failure.reference, failure.kind, failure.error) == (
            booking.reference,
            "confirmed",
            "smtp-550",
        )
        assert failures(house.ledger, "osaka") == []
        assert not deal_with(house.ledger, failure.id, "staff:test", "osaka")
        assert deal_with(house.ledger, failure.id, "staff:test", "shibukawa")
        assert not deal_with(house.ledger, failure.id, "staff:test", "shibukawa")
        assert failures(house.ledger) == []


def test_a_failure_of_what_has_changed_since_is_nobodys_business(database_url: str) -> None:
    """Cancelled meanwhile: its confirmation needs no telling."""
    with a_house(database_url) as house:
        mail, _, channels = a_pair()
        mail.refusals[MAIL] = NotSent("smtp-550", for_good=True)
        booking = confirmed(house, email=MAIL, phone="0279-22-1234", how="call")
        Teller(house).tick(channels)
        assert len(failures(house.ledger)) == 1

        mail.refusals.clear()
        changes.cancel(house.ledger, booking.id, actor="resident")
        Teller(house).tick(channels)
        assert failures(house.ledger) == []


@pytest.mark.parametrize("hour", ["10:00", "14:30"])
def test_a_reminder_that_cannot_go_is_on_the_call_list_before_the_office_closes(
    database_url: str, hour: str
) -> None:
    """The server is down from Friday morning: by three o'clock staff have the list."""
    with a_house(database_url) as house:
        mail, _, channels = a_pair()
        confirmed(house, email=MAIL, phone="0279-22-1234")
        Teller(house).tick(channels)
        mail.refusals[MAIL] = NotSent("smtp-unreachable", down=True)
        house.clock.move_to(f"2026-12-18 {hour}")
        for _ in range(60 * 5):
            Teller(house).tick(channels)
            house.clock.move_by(minutes=1)
            if states(house).get("reminder-last call_list"):
                break

        assert house.clock.at <= tokyo("2026-12-18 15:01")
        assert states(house)["reminder-last call_list"] == "waiting"


def test_the_days_parties_are_told_of_their_session(database_url: str) -> None:
    """Control: with everything up, nothing fails and nobody is phoned."""
    with a_house(database_url) as house:
        mail, sms, channels = a_pair()
        confirmed(house, email=MAIL, phone=PHONE)
        for moment in (
            "2026-11-24 10:00",
            "2026-12-16 10:00",
            "2026-12-18 10:00",
            f"{SESSION} 08:00",
        ):
            house.clock.move_to(moment)
            Teller(house).tick(channels)

        assert [one.kind for one in mail.told] == ["confirmed", "reminder-early", "reminder-last"]
        assert sms.told == []
        assert failures(house.ledger) == []
