"""The overview of the commands, and what all of them keep to."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from booking.cli import COMMANDS, booking
from booking.cli.refusals import said
from tests.booking.cli.conftest import Cli

ROOT = Path(__file__).parents[3]


def every_command() -> list[tuple[str, ...]]:
    """All commands by the words that call them: ("db", "check")."""
    found: list[tuple[str, ...]] = []
    context = click.Context(booking)
    for name in booking.list_commands(context):
        command = booking.get_command(context, name)
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, inner) for inner in command.list_commands(context)]
    return found


def test_the_overview_names_every_command(cli: Cli) -> None:
    """With what each is for."""
    result = cli("--help")

    assert result.exit_code == 0
    for name, (_, short) in COMMANDS.items():
        assert name in result.stdout
        assert short.split(";")[0].rstrip(".") in " ".join(result.stdout.split())


def test_the_overview_loads_nothing_heavy() -> None:
    """It answers at once, on a clerk's slow machine too."""
    program = """
import sys
from booking.cli import booking
booking(["--help"], standalone_mode=False)
heavy = {"alembic", "litestar", "icalendar", "sqlalchemy", "sqlmodel", "granian", "jpholiday"}
print(sorted(heavy & sys.modules.keys()), file=sys.stderr)
"""
    tried = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert tried.stderr.strip() == "[]"


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_every_command_has_help(cli: Cli, words: tuple[str, ...]) -> None:
    """A sentence at least, and a line for each option."""
    result = cli(*words, "--help")

    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")
    context = click.Context(booking)
    command = booking.get_command(context, words[0])
    for inner in words[1:]:
        assert isinstance(command, click.Group)
        command = command.get_command(context, inner)
    assert command is not None
    assert command.help
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert [one.name for one in options if not one.help] == []


@pytest.mark.parametrize(
    "words",
    [("desks", "list"), ("desks", "preview"), ("sessions",), ("slots",), ("hours",),
     ("staff", "list"), ("keys", "list"), ("doctor",)],
    ids=" ".join,
)  # fmt: skip
def test_every_listing_has_json(cli: Cli, words: tuple[str, ...]) -> None:
    """Programs read it."""
    assert "--json" in cli(*words, "--help").stdout


@pytest.mark.parametrize(
    "words",
    [("bokking",), ("sessions",), ("serve", "--port", "eight"), ("serve", "--workers", "0"),
     ("serve", "--at", "tomorrow"), ("desks", "check"), ("keys", "add", "kiosk")],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_two_and_stderr(cli: Cli, words: tuple[str, ...]) -> None:
    """Nothing is on stdout for a program to mistake for an answer."""
    result = cli(*words)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage: " in result.stderr


def test_a_setting_that_is_wrong_is_one_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the command: here one that needs nothing else."""
    monkeypatch.setenv("BOOKING_DESK", "x")

    result = cli("desks", "list")

    assert result.exit_code == 1
    assert result.stderr == "Error: BOOKING_DESK is not a setting; see the table in README.md\n"


def test_the_console_script_gives_status_and_stderr(folder: Path) -> None:
    """As a shell sees it."""
    program = Path(sys.executable).with_name("booking")
    command = [str(program), "hours", "shibukawa/nowhere", "--at", "2026-11-24T10:00"]

    tried = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    assert tried.returncode == 1
    assert tried.stdout == ""
    assert tried.stderr.count("\n") == 1
    assert "shibukawa/nowhere" in tried.stderr


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (PermissionError(13, "denied", "var"), "var: this user may not read or write it"),
        (
            ModuleNotFoundError("no", name="psycopg"),
            "PostgreSQL's driver is missing; install booking[postgres]",
        ),
        (ModuleNotFoundError("no", name="booking.cli.sreve"), None),
        (BrokenPipeError(), None),
        (RuntimeError("surname"), None),
    ],
)
def test_what_an_operator_can_mend_is_a_line_and_the_rest_a_fault(
    error: Exception, line: str | None
) -> None:
    """A fault of ours keeps its traceback."""
    assert said(error) == line
