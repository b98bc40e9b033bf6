"""Personal columns are unreadable without their key, and outside the place they were sealed for."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.store.sealed import CannotUnseal, Keyring, token_hash

OLD, NEW, STRANGE = (bytes([number]) * 32 for number in (1, 2, 3))
KEYRING = Keyring((OLD,))
NAME = "髙﨑 花子"
PLACE = ("bookings", "name", "row-1")


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_what_was_sealed_is_read_again(text: str) -> None:
    assert KEYRING.unseal(*PLACE, KEYRING.seal(*PLACE, text)) == text


def test_sealing_twice_gives_other_bytes() -> None:
    """Equal names must not be recognisable."""
    assert KEYRING.seal(*PLACE, NAME) != KEYRING.seal(*PLACE, NAME)


@pytest.mark.parametrize(
    "elsewhere",
    [("bookings", "kana", "row-1"), ("bookings", "name", "row-2"), ("staff", "name", "row-1")],
    ids=["another column", "another row", "another table"],
)
def test_what_was_copied_elsewhere_is_not_read(elsewhere: tuple[str, str, str]) -> None:
    sealed = KEYRING.seal(*PLACE, NAME)

    with pytest.raises(CannotUnseal):
        KEYRING.unseal(*elsewhere, sealed)


def test_no_altered_byte_is_read_as_something() -> None:
    sealed = KEYRING.seal(*PLACE, NAME)

    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises(CannotUnseal):
            KEYRING.unseal(*PLACE, bytes(altered))


def test_no_shortened_bytes_are_read_as_something() -> None:
    sealed = KEYRING.seal(*PLACE, NAME)

    for length in range(len(sealed)):
        with pytest.raises(CannotUnseal):
            KEYRING.unseal(*PLACE, sealed[:length])


def test_the_refusal_tells_the_column_and_nothing_that_was_sealed() -> None:
    with pytest.raises(CannotUnseal) as refused:
        KEYRING.unseal("bookings", "name", "row-2", KEYRING.seal(*PLACE, NAME))

    assert "bookings.name" in str(refused.value)
    assert NAME not in str(refused.value)


def test_after_a_rotation_old_rows_are_read_and_new_ones_need_the_new_key() -> None:
    rotated = Keyring((NEW, OLD))

    assert rotated.unseal(*PLACE, KEYRING.seal(*PLACE, NAME)) == NAME
    with pytest.raises(CannotUnseal, match="BOOKING_KEYS"):
        KEYRING.unseal(*PLACE, rotated.seal(*PLACE, NAME))


def test_after_a_rotation_parties_are_still_found() -> None:
    """The last key makes the index, and stays last."""
    assert Keyring((NEW, OLD)).index("phone", "+81279258526") == KEYRING.index(
        "phone", "+81279258526"
    )
    assert Keyring((STRANGE,)).index("phone", "+81279258526") != KEYRING.index(
        "phone", "+81279258526"
    )


def test_an_unknown_key_is_said_so() -> None:
    with pytest.raises(CannotUnseal, match="BOOKING_KEYS"):
        Keyring((STRANGE,)).unseal(*PLACE, KEYRING.seal(*PLACE, NAME))


def test_indexes_of_one_kind_tell_nothing_of_another() -> None:
    assert KEYRING.index("phone", "x") != KEYRING.index("kana", "x")


def test_index_and_hash_take_whatever_was_sent() -> None:
    """Half a surrogate pair is not text, but a browser can send it: it is unknown, and no crash."""
    assert len(KEYRING.index("sign-in", "\ud800\x00")) == len(token_hash("\ud800\x00")) == 64


def test_sealed_bytes_hold_no_plaintext() -> None:
    for encoding in ("utf-8", "utf-16-le", "shift_jis"):
        text = "山田 花子" * 20
        assert "山田".encode(encoding) not in KEYRING.seal(*PLACE, text)


def test_a_keyring_does_not_show_its_keys() -> None:
    key = os.urandom(32)

    shown = repr(Keyring((key,))) + str(Keyring((key,)))

    assert repr(key) not in shown
    assert key.hex() not in shown


def test_a_keyring_needs_a_key() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Keyring(())
