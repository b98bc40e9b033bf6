"""How a party is reached, at the console: asked on the phone, seen before dialling, changed on the line."""

import re

from booking.ledger import changes, queries
from booking.ledger.safe_contact import SafeContact
from tests.booking.staff.test_phone import CALLER
from tests.support.clerk import Clerk
from tests.support.house import LEGAL, House
from tests.support.posting import with_address

NINE = "2026-12-19T09:00:00+09:00"
CAREFUL = {"voicemail": "no", "named": "no", "safe_hours": "morning", "never_mail": "yes"}


def test_what_a_caller_says_of_being_reached_is_kept(house: House, clerk: Clerk) -> None:
    clerk.get(f"/staff/phone?consultation={LEGAL}")
    sent = {"do": "enter", "consultation": LEGAL, "slot": NINE, **CALLER}
    clerk.post("/staff/phone", **sent, **CAREFUL)

    assert clerk.status == 303, clerk.page
    found = queries.by_reference(house.ledger, clerk.location.split("/")[-1].split("?")[0])
    assert found.contact.safe == SafeContact(
        voicemail=False, named=False, hours="morning", never_mail=True
    )


def test_who_says_otherwise_after_the_read_back_hears_it_again(house: House, clerk: Clerk) -> None:
    clerk.get(f"/staff/phone?consultation={LEGAL}")
    sent = {"consultation": LEGAL, "slot": NINE, **CALLER}
    clerk.post("/staff/phone", do="check", voicemail="yes", **sent)
    read = clerk.hidden("read")
    page = clerk.post("/staff/phone", do="enter", read=read, voicemail="no", **sent)

    assert clerk.status == 200
    assert '<option value="no" selected>' in page
    assert queries.search(house.ledger) == []


def test_what_must_be_seen_before_dialling_stands_out(house: House, clerk: Clerk) -> None:
    plain = house.request(voicemail="yes", named="yes")
    careful = house.request(**CAREFUL)

    assert "伝言を残してよい、名乗ってよい" in clerk.get(f"/staff/bookings/{plain.reference}")
    assert "badge is-warn" not in clerk.page
    clerk.get(f"/staff/bookings/{careful.reference}")
    assert re.findall(r'badge is-warn">([^<]+)<', clerk.page) == [
        "名乗らない",
        "伝言を残さない",
        "メールしない",
        "電話は午前に",
    ]


def test_it_is_changed_while_the_caller_is_on_the_line(house: House, clerk: Clerk) -> None:
    booking = house.request(email="old@example.jp", **CAREFUL)

    clerk.act(
        booking.reference,
        "contact",
        contact_wish="call",
        email="",
        postal_address="渋川市石原1番地",
        voicemail="yes",
        safe_hours="any",
    )

    assert clerk.location == f"/staff/bookings/{booking.reference}?done=contact"
    found = queries.by_id(house.ledger, booking.id)
    assert found.contact.email is None
    assert found.contact.safe == SafeContact(wish="call", voicemail=True, address="渋川市石原1番地")
    page = clerk.follow()
    assert "連絡のしかたを変えました。" in page
    assert "連絡のしかたを変えました <small>佐藤</small>" in page
    assert "渋川市石原1番地" in page


def test_what_cannot_be_is_said_at_the_field_and_what_was_typed_stays(
    house: House, clerk: Clerk
) -> None:
    booking = house.request()

    page = clerk.act(booking.reference, "contact", contact_wish="mail", voicemail="no")

    assert clerk.status == 422
    assert 'href="#f-contact_email"' in page
    assert '<option value="mail" selected>' in page
    assert '<option value="no" selected>' in page
    assert queries.by_id(house.ledger, booking.id).contact.safe == SafeContact()


def test_only_what_there_is_may_be_wished_for_and_what_holds_stays(
    house: House, clerk: Clerk
) -> None:
    booking = house.request()
    path = f"/staff/bookings/{booking.reference}"

    assert wishes(clerk.get(path)) == ["", "call", "mail"]
    page = clerk.act(
        booking.reference, "contact", contact_wish="letter", postal_address="渋川市石原1番地"
    )
    assert clerk.status == 422
    assert "この窓口からは、手紙ではご連絡していません。" in page

    with_address(house, booking, wish="letter")  # from when it used letters
    assert wishes(clerk.get(path)) == ["", "call", "mail", "letter"]


def wishes(page: str) -> list[str]:
    """What the select offers."""
    found = re.search(r'<select[^>]*name="contact_contact_wish".*?</select>', page, re.DOTALL)
    assert found is not None
    return re.findall(r'<option value="(\w*)"', found[0])


def test_what_has_ended_offers_no_change(house: House, clerk: Clerk) -> None:
    booking = house.request()
    changes.cancel(house.ledger, booking.id, actor="resident")

    assert "連絡のしかたを変える" not in clerk.get(f"/staff/bookings/{booking.reference}")
    clerk.act(booking.reference, "contact", named="no")
    assert clerk.status == 409
