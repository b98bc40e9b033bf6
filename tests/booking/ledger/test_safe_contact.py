"""How a party says that it may be reached: read by field, and what of it reaches the party safely."""

from typing import Any

import pytest

from booking.errors import FieldError
from booking.ledger.contact import Contact, read_contact
from booking.ledger.safe_contact import SafeContact, safe_contact_of, said_of

TYPED = {
    "name": "試験 花子",
    "kana": "しけん はなこ",
    "phone": "090-1234-5678",
    "residence": "渋川市石原",
}
LANDLINE, MAIL = "0279-22-2130", "hanako@example.jp"
ALL_SAID = {
    "email": MAIL,
    "contact_wish": "letter",
    "voicemail": "no",
    "named": "yes",
    "safe_hours": "evening",
    "never_mail": "yes",
    "postal_address": "渋川市石原1番地\n試験荘2号室",
}


def read(**said: Any) -> tuple[Contact, list[str]]:
    """The party, and what is wrong as field.code."""
    errors: list[FieldError] = []
    contact = read_contact(TYPED | said, errors)
    return contact, [f"{one.field}.{one.code}" for one in errors]


def faults(**said: Any) -> list[str]:
    return read(**said)[1]


def test_who_says_nothing_is_asked_nothing_and_nothing_is_kept() -> None:
    contact, wrong = read()

    assert (contact.safe, wrong) == (SafeContact(), [])
    assert contact.safe.kept() is None


def test_what_is_said_is_kept_and_comes_back_as_it_was_said() -> None:
    contact, wrong = read(**ALL_SAID)

    assert wrong == []
    assert contact.safe == SafeContact(
        wish="letter",
        voicemail=False,
        named=True,
        hours="evening",
        never_mail=True,
        address="渋川市石原1番地\n試験荘2号室",
    )
    assert safe_contact_of(contact.safe.kept()) == contact.safe
    assert read(email=MAIL, **said_of(contact.safe))[0].safe == contact.safe


@pytest.mark.parametrize("name", ["voicemail", "named", "never_mail"])
@pytest.mark.parametrize(
    ("said", "meant"), [("yes", True), (True, True), ("no", False), (False, False)]
)
def test_yes_and_no_are_words_of_a_form_or_booleans_of_a_program(
    name: str, said: object, meant: bool
) -> None:
    contact, wrong = read(**{name: said})

    assert wrong == []
    assert getattr(contact.safe, name) is meant


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"contact_wish": "fax"}, ["contact_wish.unknown"]),
        ({"voicemail": "perhaps"}, ["voicemail.yes-or-no"]),
        ({"named": "2"}, ["named.yes-or-no"]),
        ({"never_mail": "mail"}, ["never_mail.yes-or-no"]),
        ({"safe_hours": "night"}, ["safe_hours.unknown"]),
        ({"postal_address": "あ" * 201}, ["postal_address.too-long"]),
    ],
)
def test_what_no_form_offers_is_refused_by_field(said: dict[str, str], wrong: list[str]) -> None:
    assert faults(**said) == wrong


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"contact_wish": "mail"}, ["email.wished"]),
        ({"contact_wish": "mail", "email": "not an address"}, ["email.not-an-address"]),
        ({"contact_wish": "mail", "email": MAIL, "never_mail": "yes"}, ["never_mail.wished"]),
        ({"contact_wish": "sms", "phone": LANDLINE}, ["contact_wish.no-mobile"]),
        ({"contact_wish": "sms", "phone": "12"}, ["phone.not-a-number"]),
        ({"contact_wish": "letter"}, ["postal_address.wished"]),
        ({"contact_wish": "sms", "named": "no"}, ["contact_wish.says-who"]),
        (
            {"contact_wish": "letter", "named": "no", "postal_address": "渋川市石原1"},
            ["contact_wish.says-who"],
        ),
    ],
)
def test_a_wish_that_could_never_be_fulfilled_names_the_field_that_mends_it(
    said: dict[str, str], wrong: list[str]
) -> None:
    assert faults(**said) == wrong


@pytest.mark.parametrize(
    "said",
    [
        {"contact_wish": "line"},
        {"contact_wish": "call", "phone": LANDLINE},
        {"contact_wish": "mail", "email": MAIL},
        {"contact_wish": "sms"},
        {"contact_wish": "letter", "postal_address": "渋川市石原1"},
    ],
)
def test_a_wish_that_can_be_fulfilled_is_taken_line_before_it_is_linked(
    said: dict[str, str],
) -> None:
    contact, wrong = read(**said)

    assert (contact.safe.wish, wrong) == (said["contact_wish"], [])


@pytest.mark.parametrize(
    ("said", "channels"),
    [
        ({}, ("sms",)),
        ({"phone": LANDLINE}, ()),
        ({"email": MAIL}, ("mail", "sms")),
        ({"email": MAIL, "never_mail": "yes"}, ("sms",)),
        ({"email": MAIL, "named": "no", "postal_address": "渋川市石原1"}, ("mail",)),
        ({"phone": LANDLINE, "postal_address": "渋川市石原1"}, ("letter",)),
    ],
)
def test_only_what_tells_no_one_else_reaches_a_party(
    said: dict[str, str], channels: tuple[str, ...]
) -> None:
    assert read(**said)[0].reached_by() == channels
