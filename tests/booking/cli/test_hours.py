"""`booking hours`: by day, and at an instant."""

import json
from typing import Any

import pytest

from tests.booking.cli.conftest import Cli

OSAKA, SHIBUKAWA = "osaka/net-harmony", "shibukawa/support"


def answer(cli: Cli, *arguments: str) -> Any:
    """The JSON that a command prints."""
    result = cli("hours", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_by_day_each_channel_is_an_entry_of_its_own(cli: Cli) -> None:
    """Both days are included; a closed one is an empty list."""
    found = answer(cli, OSAKA, "--from", "2026-11-21", "--to", "2026-11-23")
    evening = {"start": "16:00", "end": "22:00", "last_intake": "21:30"}

    assert found == [
        {
            "date": "2026-11-21",
            "open": [{"channel": "phone", **evening}, {"channel": "line", **evening}],
        },
        {"date": "2026-11-22", "open": []},
        {"date": "2026-11-23", "open": []},
    ]


def test_people_read_which_holiday_closes_the_desk(cli: Cli) -> None:
    """And until when one may still call."""
    lines = cli("hours", OSAKA, "--from", "2026-11-21", "--to", "2026-11-23").stdout.splitlines()

    assert lines[1].split() == ["令和8年11月21日（土）", "電話", "16:00-22:00", "受付は21:30まで"]
    assert lines[2].split() == ["LINE", "16:00-22:00", "受付は21:30まで"]
    assert lines[3].split() == ["令和8年11月22日（日）", "休み"]
    assert lines[4].split() == ["令和8年11月23日（月）", "休み", "勤労感謝の日"]


def test_columns_are_aligned_in_terminal_cells(cli: Cli) -> None:
    """A kanji is two cells wide."""
    lines = cli(
        "hours", SHIBUKAWA, "--from", "2026-11-05", "--to", "2026-11-10"
    ).stdout.splitlines()

    def cells(text: str) -> int:
        return sum(1 if one.isascii() else 2 for one in text)

    assert {cells(line.split("08:30")[0]) for line in lines if "08:30" in line} == {29}


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-21T15:59:59", False),
        ("2026-11-21T16:00:00", True),
        ("2026-11-21T21:30:00", True),
        ("2026-11-21T21:30:01", False),
        ("2026-11-21T21:30:00+09:00", True),
        ("2026-11-21T12:30:00Z", True),
        ("2026-11-21T04:00:00-08:00", True),
    ],
)
def test_at_an_instant_the_last_intake_decides(cli: Cli, at: str, is_open: bool) -> None:
    """相談受付は終了時刻の30分前まで. Without an offset it is Tokyo's time."""
    found = answer(cli, OSAKA, "--at", at)

    assert bool(found["open"]) is is_open
    assert found["at"].endswith("+09:00")


def test_at_an_instant_the_next_opening_is_told(cli: Cli) -> None:
    """With the channel, as instants: it may be days ahead."""
    found = answer(cli, OSAKA, "--at", "2026-11-21T22:00")

    assert found == {
        "at": "2026-11-21T22:00:00+09:00",
        "open": [],
        "next": {
            "channel": "phone",
            "start": "2026-11-24T16:00:00+09:00",
            "end": "2026-11-24T22:00:00+09:00",
            "last_intake": "2026-11-24T21:30:00+09:00",
        },
    }


def test_people_read_what_is_open_now_and_next(cli: Cli) -> None:
    """In a table of two rows."""
    lines = cli("hours", OSAKA, "--at", "2026-11-21T22:00").stdout.splitlines()

    assert lines[1].split() == ["令和8年11月21日（土）", "22:00", "今", "休み"]
    assert lines[2].split()[:4] == ["次", "令和8年11月24日（火）", "電話", "16:00-22:00"]


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--from", "2026-11-21"],
        ["--at", "2026-11-21T10:00", "--from", "2026-11-21", "--to", "2026-11-22"],
        ["--at", "half past nine"],
        ["--at", "0001-01-01T00:00"],
    ],
    ids=" ".join,
)
def test_times_that_cannot_be_meant_are_wrong_usage(cli: Cli, options: list[str]) -> None:
    """Said with the remedy."""
    result = cli("hours", OSAKA, *options)

    assert result.exit_code == 2
    assert result.stdout == ""


def test_a_desk_that_is_unknown_is_refused(cli: Cli) -> None:
    """A consultation is no desk."""
    result = cli("hours", "shibukawa/lawyer/legal", "--at", "2026-11-21T10:00")

    assert result.exit_code == 1
    assert "shibukawa/lawyer/legal" in result.stderr


def test_people_read_what_takes_things_at_any_hour(cli: Cli) -> None:
    said = cli("hours", "osaka/net-harmony", "--at", "2026-11-24T03:00").stdout

    assert "常時  FAX・メール・手紙" in said
