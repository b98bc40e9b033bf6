"""A command line in a folder of its own, far from the developer's settings."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from booking.cli import booking

Cli = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: empty, and no BOOKING_* variable is set."""
    for name in os.environ:
        if name.startswith("BOOKING_") and not name.startswith("BOOKING_TEST_"):
            monkeypatch.delenv(name)
    working = tmp_path / "working"
    working.mkdir()
    monkeypatch.chdir(working)
    return working


@pytest.fixture
def cli(folder: Path) -> Cli:
    """Runs `booking …` in the folder. A fault of ours is raised, a refusal is an exit status."""

    def run(*arguments: str | Path, input: str | None = None) -> Result:
        result = CliRunner().invoke(booking, [str(one) for one in arguments], input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def database(cli: Cli, folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A migrated database that the commands use; the test runs once on each kind."""
    monkeypatch.setenv("BOOKING_DATABASE_URL", database_url)
    return database_url
