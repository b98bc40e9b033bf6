"""`booking sessions` and `booking slots`: dates, times, and what is free."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url

from tests.booking.cli.conftest import Cli
from tests.slots.desk_file import FILE
from tests.support.house import LEGAL, SESSION, a_house

FISCAL_2024 = [
    "2024-04-20", "2024-05-18", "2024-06-15", "2024-07-20", "2024-08-17", "2024-09-21",
    "2024-10-19", "2024-11-16", "2024-12-21", "2025-01-18", "2025-02-15", "2025-03-15",
]  # fmt: skip


def answer(cli: Cli, *arguments: str) -> Any:
    """The JSON that a command prints."""
    result = cli(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_the_lawyers_dates_of_2024(cli: Cli) -> None:
    """Twelve third Saturdays, four slots each, as the town's page lists them."""
    found = answer(cli, "sessions", LEGAL, "--fiscal-year", "2024")

    assert [one["date"] for one in found] == FISCAL_2024
    assert found[0] == {
        "session": "shibukawa/lawyer/legal/2024-04-20",
        "date": "2024-04-20",
        "start": "2024-04-20T09:00:00+09:00",
        "end": "2024-04-20T12:00:00+09:00",
        "status": "planned",
        "slots": [
            {"start": f"2024-04-20T{start}:00+09:00", "end": f"2024-04-20T{end}:00+09:00",
             "seats": 1, "free": 1}
            for start, end in [("09:00", "09:45"), ("09:45", "10:30"),
                               ("10:30", "11:15"), ("11:15", "12:00")]
        ],
    }  # fmt: skip


def test_both_days_are_included(cli: Cli) -> None:
    """As people say it: from the 18th to the 15th has both Saturdays."""
    found = answer(cli, "sessions", LEGAL, "--from", "2024-05-18", "--to", "2024-06-15")

    assert [one["date"] for one in found] == ["2024-05-18", "2024-06-15"]
    assert answer(cli, "sessions", LEGAL, "--from", "2024-05-18", "--to", "2024-05-18") == found[:1]


def test_an_arranged_consultation_has_no_dates(cli: Cli) -> None:
    """And people are told why."""
    asked = ("sessions", "osaka/net-harmony/interview", "--fiscal-year", "2026")

    assert answer(cli, *asked) == []
    assert "arranged" in cli(*asked).stdout


def test_people_read_era_weekday_and_the_holiday_that_is_hit(cli: Cli) -> None:
    """The third Saturday of March 2021 was 春分の日: undecided, and named."""
    lines = cli("sessions", LEGAL, "--fiscal-year", "2020").stdout.splitlines()

    assert lines[0] == "弁護士の無料相談 (shibukawa/lawyer/legal)"
    assert lines[1].split() == ["令和2年4月18日（土）", "09:00-12:00", "予定"]
    assert lines[12].split() == ["令和3年3月20日（土）", "09:00-12:00", "要確認", "春分の日"]


def test_a_day_that_a_holiday_takes_is_shown_as_such(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the table for people only: there is no session."""
    skipping = FILE + 'on_holiday = "skip"\n'
    (folder / "desks").mkdir()
    (folder / "desks/town.toml").write_text(skipping, encoding="utf-8")
    arguments = ("sessions", "town/lawyer/legal", "--from", "2021-03-01", "--to", "2021-03-31")
    monkeypatch.setenv("BOOKING_DESKS", "desks")

    shown, listed = cli(*arguments).stdout, answer(cli, *arguments)

    assert shown.splitlines()[1].split() == ["令和3年3月20日（土）", "休み", "春分の日"]
    assert listed == []


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--from", "2024-04-01"],
        ["--to", "2024-04-01"],
        ["--from", "2024-04-02", "--to", "2024-04-01"],
        ["--fiscal-year", "2024", "--from", "2024-04-01", "--to", "2024-04-30"],
        ["--fiscal-year", "R6"],
        ["--fiscal-year", "12024"],
        ["--from", "20240401", "--to", "2024-04-30"],
        ["--from", "2024-04-31", "--to", "2024-05-30"],
        ["--from", "2024-04-01", "--to", "9999-12-31"],
    ],
    ids=" ".join,
)
def test_days_that_cannot_be_meant_are_wrong_usage(cli: Cli, options: list[str]) -> None:
    """Said with the remedy, before anything is looked up."""
    result = cli("sessions", LEGAL, *options)

    assert result.exit_code == 2
    assert result.stdout == ""


def test_a_consultation_that_is_unknown_is_refused(cli: Cli) -> None:
    """With what shows the right names."""
    result = cli("sessions", "shibukawa/lawyer/legel", "--fiscal-year", "2024")

    assert result.exit_code == 1
    assert result.stderr == (
        "Error: no such organisation, desk or consultation: shibukawa/lawyer/legel; "
        "`booking desks list` shows what there is\n"
    )


def test_a_held_seat_is_not_free(cli: Cli, database: str) -> None:
    """A settled time takes its slot; an open one leaves every slot free that could still be it."""
    with a_house(database) as house:
        house.request(wish="09:45")
        house.request()
    days = ("--from", SESSION, "--to", SESSION)

    (session,) = answer(cli, "sessions", LEGAL, *days)

    assert [one["free"] for one in session["slots"]] == [1, 0, 1, 1]
    assert [one["free"] for one in answer(cli, "slots", LEGAL, *days)] == [1, 0, 1, 1]


def test_a_full_session_has_nothing_free(cli: Cli, database: str) -> None:
    """Four parties whose times are open hold all four seats."""
    with a_house(database) as house:
        for _ in range(4):
            house.request()

    (session,) = answer(cli, "sessions", LEGAL, "--from", SESSION, "--to", SESSION)

    assert [one["free"] for one in session["slots"]] == [0, 0, 0, 0]


def test_a_slot_says_whether_it_can_be_booked(cli: Cli) -> None:
    """And why not."""
    days = ("--from", "2024-04-20", "--to", "2024-04-20")

    found = answer(cli, "slots", LEGAL, *days)

    assert found[0] == {
        "session": "shibukawa/lawyer/legal/2024-04-20",
        "start": "2024-04-20T09:00:00+09:00",
        "end": "2024-04-20T09:45:00+09:00",
        "seats": 1,
        "free": 1,
        "bookable": False,
        "reason": "past",
    }
    assert "この日時は過ぎています。" in cli("slots", LEGAL, *days).stdout


def test_slots_that_are_far_off_are_not_open_yet(cli: Cli) -> None:
    """The window opens 180 days before."""
    days = ("--from", "2098-01-01", "--to", "2098-01-31")

    assert {one["reason"] for one in answer(cli, "slots", LEGAL, *days)} == {"not-open-yet"}


@pytest.mark.parametrize("command", ["sessions", "slots"])
def test_without_a_database_all_is_free_and_nothing_is_made(
    cli: Cli, folder: Path, command: str
) -> None:
    """A read leaves no trace: no folder, no file, no key."""
    found = answer(cli, command, LEGAL, "--from", SESSION, "--to", SESSION)
    slots = found if command == "slots" else found[0]["slots"]

    assert [(one["seats"], one["free"]) for one in slots] == [(1, 1)] * 4
    assert list(folder.iterdir()) == []


def test_an_empty_sqlite_file_stays_empty(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a failed start may leave it."""
    (folder / "x.db").touch()
    monkeypatch.setenv("BOOKING_DATABASE_URL", "sqlite:///x.db")

    assert len(answer(cli, "sessions", LEGAL, "--fiscal-year", "2024")) == 12
    assert (folder / "x.db").stat().st_size == 0


def test_a_database_that_is_not_migrated_holds_nobody(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has tables of somebody else, perhaps, but none of ours."""
    monkeypatch.setenv("BOOKING_DATABASE_URL", "sqlite:///other.db")
    engine = create_engine("sqlite:///other.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (word TEXT)")
    engine.dispose()

    assert len(answer(cli, "sessions", LEGAL, "--fiscal-year", "2024")) == 12


def test_a_postgresql_database_that_is_missing_or_empty_holds_nobody(
    cli: Cli, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is made nor migrated by looking."""
    there = make_url(postgresql_url)
    missing = there.set(database="booking_nowhere").render_as_string(hide_password=False)
    monkeypatch.setenv("BOOKING_DATABASE_URL", missing)
    assert len(answer(cli, "sessions", LEGAL, "--fiscal-year", "2024")) == 12

    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    monkeypatch.setenv("BOOKING_DATABASE_URL", postgresql_url)
    assert len(answer(cli, "sessions", LEGAL, "--fiscal-year", "2024")) == 12


def test_a_server_out_of_reach_is_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can say then what is free; and the password is not told."""
    monkeypatch.setenv("BOOKING_DATABASE_URL", "postgresql://desk:pa55word@127.0.0.1:1/booking")

    result = cli("sessions", LEGAL, "--fiscal-year", "2024")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "the database refused" in result.stderr
    assert "pa55word" not in result.stderr
