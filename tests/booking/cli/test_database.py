"""`booking db`, and what the commands say that need a migrated database."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.booking.cli.conftest import Cli

NEEDS_A_DATABASE = [
    ("staff", "list"),
    ("keys", "list"),
    ("feed", "shibukawa/lawyer"),
    ("notify", "run", "--once"),
    ("serve", "--port", "0"),
]


def test_upgrade_makes_the_database_and_may_be_repeated(cli: Cli, folder: Path) -> None:
    """A newcomer's first command, and an operator's after each update."""
    for _ in range(2):
        result = cli("db", "upgrade")

        assert (result.exit_code, result.stderr) == (0, "")
    assert (folder / "var/booking.db").is_file()
    assert cli("db", "check").exit_code == 0


def test_check_passes_on_a_migrated_database(cli: Cli, database: str) -> None:
    """The migrations make just the tables that the code has, on both kinds."""
    result = cli("db", "check")

    assert (result.exit_code, result.stderr) == (0, "")


def test_check_tells_a_table_that_differs(cli: Cli, database: str) -> None:
    """Somebody altered the schema by hand."""
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_bookings_day")
    engine.dispose()

    result = cli("db", "check")

    assert result.exit_code == 1
    assert "ix_bookings_day" in result.stderr


def test_check_makes_no_database(cli: Cli, folder: Path) -> None:
    """Looking is not making."""
    result = cli("db", "check")

    assert result.exit_code == 1
    assert result.stderr == "Error: there is no database yet; run: booking db upgrade\n"
    assert list(folder.iterdir()) == []


def test_a_pending_migration_is_told(cli: Cli, database: str) -> None:
    """As after an update."""
    _forget_migrations(database)

    result = cli("db", "check")

    assert result.exit_code == 1
    assert result.stderr == "Error: the database lacks a migration; run: booking db upgrade\n"


def test_a_database_of_a_newer_version_is_left_alone(cli: Cli, database: str) -> None:
    """As after going back to an older program: no migration of ours leads there."""
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()

    result = cli("db", "upgrade")

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "newer version" in result.stderr


@pytest.mark.parametrize("words", NEEDS_A_DATABASE, ids=" ".join)
def test_without_a_database_the_remedy_is_one_line(
    cli: Cli, folder: Path, words: tuple[str, ...]
) -> None:
    """And no file is left behind."""
    result = cli(*words)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "Error: there is no database yet; run: booking db upgrade\n"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("words", NEEDS_A_DATABASE, ids=" ".join)
def test_a_pending_migration_is_refused_in_one_line(
    cli: Cli, sqlite_url: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing runs on a schema of another version."""
    monkeypatch.setenv("BOOKING_DATABASE_URL", sqlite_url)
    _forget_migrations(sqlite_url)

    result = cli(*words)

    assert result.exit_code == 1
    assert result.stderr == "Error: the database lacks a migration; run: booking db upgrade\n"


def _forget_migrations(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    engine.dispose()
