"""Names are masked by letter, times of day are read as they are said."""

from datetime import time

import pytest

from booking.staff.wall import typed_time
from booking.staff.words import masked


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("髙﨑 花子", "髙●"),
        ("𠮷田", "𠮷●"),
        ("葛\U000e0100城 次郎", "葛\U000e0100●"),
        ("Nguyễn Văn An", "N●"),
        ("か\u3099く", "か\u3099●"),
        (" 　田", "田●"),
        ("", "●"),
    ],
)
def test_a_name_shows_its_first_letter_only(name: str, shown: str) -> None:
    assert masked(name) == shown


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14:00", time(14)),
        ("１４：３０", time(14, 30)),
        ("9", time(9)),
        ("9時", time(9)),
        ("9時半", time(9, 30)),
        ("14時5分", time(14, 5)),
        ("1430", time(14, 30)),
        ("930", time(9, 30)),
        ("9.45", time(9, 45)),
        (" 0:00 ", time(0)),
        ("24:00", None),
        ("9:60", None),
        ("午前9時", None),
        ("", None),
        ("12345", None),
    ],
)
def test_a_time_of_day_is_read_as_it_is_said(typed: str, meant: time | None) -> None:
    assert typed_time(typed) == meant
