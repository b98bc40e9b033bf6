"""What a party said of being told holds on every way that a message may take, and at every hour."""

from pathlib import Path

import pytest

from booking.ledger import changes, line_link
from booking.ledger.reach import change_safe_contact
from notifications.by_hand import Answer, Deed, act
from notifications.channels.channel import Message, NotSent
from notifications.channels.memory import Memory
from notifications.line_chat import ANSWERS
from notifications.receipts import Receipt, receipt
from tests.support.house import NEXT_SESSION, SESSION, House, a_house, tokyo
from tests.support.telling import (
    MAIL,
    STAFF,
    Teller,
    a_folder,
    confirm,
    confirmed,
    rows,
    states,
    tries,
)

PHONE = "090-1234-5678"


def number_of(house: House, kind: str, channel: str) -> int:
    (found,) = [r["id"] for r in rows(house) if (r["kind"], r["channel"]) == (kind, channel)]
    return found


def resend(house: House, kind: str, channel: str) -> Answer:
    number = number_of(house, kind, channel)
    seen = len([one for one in tries(house) if one["outbox_id"] == number])
    return act(house.ledger, number, Deed.RESEND, actor=STAFF, seen_tries=seen)


def test_what_staff_send_again_waits_for_the_hours_in_which_the_telephone_may_ring(
    database_url: str,
) -> None:
    """The party looked at its telephone when it applied, and not when staff press a button."""
    with a_house(database_url) as house:
        teller = Teller(house)
        house.request(email=MAIL)
        teller.tick()
        house.clock.move_to("2026-11-24 22:30")
        assert resend(house, "received", "mail") is Answer.DONE
        teller.tick()
        assert teller.kinds == ["received"]

        house.clock.move_to("2026-11-25 08:00")
        teller.tick()
        assert teller.kinds == ["received", "received"]


def test_an_answer_to_what_the_party_did_waits_for_its_safe_hours_too(database_url: str) -> None:
    """It applied on a computer elsewhere; at home somebody else sees what the telephone shows."""
    with a_house(database_url) as house:
        teller = Teller(house)
        house.request(email=MAIL, safe_hours="evening")
        teller.tick()
        assert teller.kinds == []

        house.clock.move_to("2026-11-24 17:00")
        teller.tick()
        assert teller.kinds == ["received"]


def test_answers_to_what_a_party_does_are_not_told_without_end(
    database_url: str, tmp_path: Path
) -> None:
    """Whoever moves a booking to and fro may have typed somebody else's number."""
    folder = a_folder(tmp_path / "desks", "most_a_day = 3")
    with a_house(database_url, folder=folder) as house:
        teller = Teller(house)
        booking = house.request(email=MAIL)
        teller.tick()
        for day in (NEXT_SESSION, SESSION, NEXT_SESSION, SESSION):
            target = house.application(date=day).target
            changes.move(house.ledger, booking.id, actor="resident", target=target)
            teller.tick()
        assert len(teller.kinds) == 3

        house.clock.move_to("2026-11-25 08:00")
        teller.tick()
        assert teller.kinds == ["received", "moved", "moved", "moved"]


def test_who_wishes_to_be_phoned_from_now_on_gets_nothing_more_in_writing(
    database_url: str,
) -> None:
    """Also not what was planned before: somebody else may read it."""
    with a_house(database_url, now=tokyo("2026-11-24 22:00")) as house:
        teller = Teller(house)
        booking = confirmed(house, email=MAIL, phone=PHONE, how="mail")
        teller.tick()
        assert states(house)["confirmed mail"] == "waiting"

        change_safe_contact(house.ledger, booking.id, {"contact_wish": "call"}, actor="resident")
        teller.tick()
        house.clock.move_to("2026-11-25 08:00")
        teller.tick({"mail": teller.mail, "sms": teller.mail})

        assert teller.kinds == []
        assert states(house)["confirmed call_list"] == "waiting"


@pytest.mark.parametrize("wish", ["call", "mail", ""])
def test_who_links_its_line_account_is_told_there_as_the_chat_says(
    database_url: str, wish: str
) -> None:
    """Whatever it wished for when it applied: 「これからは、ご予約のお知らせをこのトークにお送りします」."""
    with a_house(database_url) as house:
        teller, line = Teller(house), Memory()
        booking = house.request(email=MAIL, contact_wish=wish)
        code = line_link.new_code(house.ledger, booking)
        linked = line_link.link(house.ledger, code, "Uabc")
        assert "このトークにお送りします" in ANSWERS[linked]

        confirm(house, booking, at=f"{SESSION} 09:45", how="mail")
        teller.tick({"mail": teller.mail, "line": line})

        assert [one.kind for one in line.told] == ["confirmed"]
        assert teller.kinds == []


def test_who_unlinks_its_line_account_is_told_as_before(database_url: str) -> None:
    """The wish for LINE goes with it."""
    with a_house(database_url) as house:
        teller = Teller(house)
        booking = house.request(email=MAIL)
        line_link.link(house.ledger, line_link.new_code(house.ledger, booking), "Uabc")
        line_link.unlink(house.ledger, booking.id)
        confirm(house, booking, at=f"{SESSION} 09:45", how="mail")
        teller.tick()

        assert teller.kinds == ["confirmed"]
        again = change_safe_contact(house.ledger, booking.id, {"named": "yes"}, actor="resident")
        assert again.contact.safe.wish is None


def test_what_staff_told_is_not_told_again_because_a_copy_came_back(database_url: str) -> None:
    """A server took the mail and hung up; staff phoned meanwhile, and then the mail bounced."""
    with a_house(database_url) as house:
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-disconnected")
        confirmed(house, email=MAIL, how="mail")
        teller.tick()
        number = number_of(house, "confirmed", "mail")
        assert act(house.ledger, number, Deed.TOLD, actor=STAFF, seen_tries=1) is Answer.DONE
        (ref,) = [r["ref"] for r in rows(house) if r["id"] == number]
        assert receipt(house.ledger, ref, Receipt.FAILED, ["mail"])

        assert states(house)["confirmed mail"] == "sent"
        assert "confirmed call_list" not in states(house)


def test_what_staff_told_is_not_told_again_because_another_channel_failed(
    database_url: str,
) -> None:
    """A promised letter was told at the counter instead, while its copy by mail was on its way."""
    with a_house(database_url) as house:

        class Slow(Memory):
            def send(self, message: Message) -> None:
                number = number_of(house, "confirmed", "letter")
                act(house.ledger, number, Deed.TOLD, actor=STAFF, seen_tries=0)
                raise NotSent("smtp-550", for_good=True)

        confirmed(house, email=MAIL, postal_address="渋川市例示1番地", how="letter")
        Teller(house).tick({"mail": Slow()})

        assert "confirmed call_list" not in states(house)
