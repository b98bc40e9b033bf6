"""References are read aloud and typed by ear: every usual slip is noticed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.chance import Chance
from booking.ledger.reference import check_digit, new_reference, parse_reference

MANY = 200
TYPED_LIKE = [
    "4821-7362",
    "48217362",
    "4821 7362",
    "４８２１－７３６２",
    "4821ー7362",
    "４８２１　７３６２",
    "4821–7362",
    "4821—7362",
    "4821−7362",
    "4821‐7362",
    "4821‑7362",
    "4821～7362",
    "4821〜7362",
    "4821─7362",
    "4821の7362",
    " 4821-7362\n",
    "No.4821-7362",
    "٤٨٢١-٧٣٦٢",
]


def references() -> list[str]:
    chance = Chance(random.Random(4821))
    return [new_reference(chance) for _ in range(MANY)]


def test_a_reference_is_eight_digits_in_two_groups_and_reads_back() -> None:
    for reference in references():
        assert len(reference) == 9
        assert reference[4] == "-"
        assert parse_reference(reference) == reference


def test_references_do_not_count_anybody() -> None:
    """Drawn by chance: from two of them nobody learns how many came between."""
    found = references()

    assert len(set(found)) > MANY - 3
    assert found != sorted(found)


def test_every_single_wrong_digit_is_noticed() -> None:
    for reference in references():
        digits = reference.replace("-", "")
        for place in range(8):
            for other in set("0123456789") - {digits[place]}:
                assert parse_reference(digits[:place] + other + digits[place + 1 :]) is None


def test_every_swap_of_neighbours_is_noticed() -> None:
    for reference in references():
        digits = reference.replace("-", "")
        for place in range(7):
            a, b = digits[place], digits[place + 1]
            if a != b:
                assert parse_reference(digits[:place] + b + a + digits[place + 2 :]) is None


def test_damms_own_example_holds() -> None:
    """572 has the check digit 4 (H. M. Damm, 2004)."""
    assert check_digit("572") == "4"
    assert check_digit("5724") == "0"


@pytest.mark.parametrize("typed", TYPED_LIKE)
def test_a_reference_is_read_in_any_width_and_with_any_dashes(typed: str) -> None:
    assert parse_reference(typed) == "4821-7362"


@given(st.text())
def test_whatever_else_is_typed_is_no_reference_and_no_crash(typed: str) -> None:
    found = parse_reference(typed)

    assert found is None or found.isascii()


@pytest.mark.parametrize("typed", ["", "-", "482-7362", "4821-73625", "4821-7366 ext 1", "\ud800"])
def test_too_few_or_too_many_digits_are_no_reference(typed: str) -> None:
    assert parse_reference(typed) is None
