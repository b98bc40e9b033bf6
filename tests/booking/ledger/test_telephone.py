"""Which numbers take text messages is said once: what is offered is what is sent to."""

import pytest

from booking.ledger.telephone import is_mobile, mobile_digits, phone_key_of


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        *(("090-1234-5678", "09012345678"), ("０８０１２３４５６７８", "08012345678")),
        *(("+81 70 1234 5678", "07012345678"), ("060-1234-5678", "06012345678")),
        *(("0279-22-2130", None), ("050-1234-5678", None), ("0120-000-000", None)),
        *(("+1 202 555 0123", None), ("12", None), ("", None)),
    ],
)
def test_a_mobile_is_found_however_it_was_typed(typed: str, digits: str | None) -> None:
    assert mobile_digits(phone_key_of(typed)) == digits


@pytest.mark.parametrize("prefix", ["0200", "0203", "0205", "0209", "0600", "0709", "0801", "0904"])
def test_what_is_eleven_digits_of_a_mobile_prefix_takes_texts(prefix: str) -> None:
    assert is_mobile(f"{prefix}1234567")
    assert mobile_digits(f"+81{prefix[1:]}1234567") == f"{prefix}1234567"
    assert not is_mobile(f"{prefix}123456")
    assert not is_mobile(f"{prefix}12345678")


@pytest.mark.parametrize(
    "digits", ["02041234567", "05012345678", "01012345678", "９０１２３４５６７８"]
)
def test_pagers_and_others_take_none(digits: str) -> None:
    assert not is_mobile(digits)
