"""Texts of a desk file are kept without what nobody sees, and with one kind of line end."""

import pytest

from slots.plain_text import plain
from tests.slots.desk_file import changed, complaints, read


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("弁護士\x00の\x1b相談\x85", "弁護士の相談"),
        ("上\r\n下\r左\u2028右\u2029前\x0b後", "上\n下\n左\n右\n前\n後"),
        ("\ufeff 渋川\t市 \u200b", "渋川 市"),
        ("か\u3099葛\U000e0100👩‍👩‍👧 ﾊﾟ", "か\u3099葛\U000e0100👩‍👩‍👧 ﾊﾟ"),
        ("半分\ud842", "半分"),
    ],
)
def test_what_nobody_sees_is_left_out(written: str, kept: str) -> None:
    """Everything else stays as it was written, half-width kana and variants of kanji, too."""
    assert plain(written) == kept
    assert plain(kept) == kept


def test_a_desk_files_texts_are_read_so() -> None:
    """No database, calendar program or terminal ever sees the rest."""
    desk = read(changed(('"弁護士の無料相談窓口"', r'"弁護士\u0000の\u2028窓口\u001b"'))).desks[0]

    assert desk.name == "弁護士の\n窓口"


def test_a_text_of_which_nothing_is_seen_is_empty() -> None:
    """It is refused as one."""
    (said,) = complaints(changed(('"町役場"', r'" \u0000\u200b"')))

    assert said == "organisation.sender: is empty; write something or leave the key out"
