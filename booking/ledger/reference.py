"""References (受付番号): seven random digits and a check digit, read aloud as 4821-7365.

Random, so that nobody learns from one how many others came, and no counter stands in the way of
two bookings. The check digit is Damm's (2004): it finds every single wrong digit and every swap of
neighbours, the slips of a telephone.
"""

import unicodedata

from booking.chance import Chance
from booking.store import Tx, bookings

DIGITS = 7
# Of ten million numbers so many are never all taken while one in two is free.
MOST_DRAWS = 64
# The weakly totally anti-symmetric quasigroup of H. M. Damm's thesis, order 10.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(digits: str) -> str:
    """The digit that makes Damm's sum of `digits` zero."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def new_reference(chance: Chance) -> str:
    """A reference such as 4821-7365."""
    digits = chance.digits(DIGITS)
    digits += check_digit(digits)
    return f"{digits[:4]}-{digits[4:]}"


def parse_reference(typed: str) -> str | None:
    """The reference that was typed, in any width and with any dashes; None if it cannot be one."""
    digits = digits_of(typed)
    if len(digits) != DIGITS + 1 or check_digit(digits) != "0":
        return None
    return f"{digits[:4]}-{digits[4:]}"


def digits_of(typed: str) -> str:
    """The decimal digits in `typed`, of any width and script, as 0 to 9; all else is passed over."""
    wide = unicodedata.normalize("NFKC", typed)
    return "".join(str(unicodedata.decimal(one)) for one in wide if one.isdecimal())


def unused_reference(tx: Tx, chance: Chance) -> str:
    """A new reference that no booking has. Raises RuntimeError where chance finds none."""
    for _ in range(MOST_DRAWS):
        found = new_reference(chance)
        if not bookings.reference_exists(tx, found):
            return found
    raise RuntimeError("no reference is left; the numbers of bookings have to become longer")
