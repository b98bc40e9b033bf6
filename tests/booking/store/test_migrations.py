"""The migrations make what the models say, on both kinds of database, however often they run."""

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from sqlalchemy import Column, Connection, MetaData, Table, create_engine, inspect, select, text

import notifications.tables
from booking.store import Store
from booking.store.bookings import bookings
from booking.store.engine import open_engine
from booking.store.migrate import differences, is_current, newest_revision, upgrade
from booking.store.tables import metadata
from tests.booking.store.elsewhere import in_processes, migrate
from tests.booking.store.rows import NOW, a_row

ROOT = Path(__file__).parents[3]
AN_HOUR = timedelta(hours=1)
STAMPS = ("calendar_sequence", "calendar_changed_at", "calendar_starts_at", "calendar_ends_at")


@pytest.fixture
def empty_url(database_url: str, tmp_path: Path) -> str:
    """A database in which there is nothing yet."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'folder that is made' / 'booking.db'}"
    engine = create_engine(database_url)
    with engine.begin() as tx:
        tx.execute(text("DROP SCHEMA public CASCADE"))
        tx.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return database_url


def test_models_and_migrations_agree(store: Store) -> None:
    """Those of the messages too: all tables share one history."""
    assert notifications.tables.OutboxRow.__tablename__ in metadata.tables

    assert store.read(lambda tx: differences(tx, metadata)) == []


def test_unique_indexes_cover_only_who_holds_a_seat(store: Store) -> None:
    """Alembic doesn't compare conditions, so that they are looked at here."""

    def conditions(tx: Connection) -> dict[str, str]:
        found = inspect(tx).get_indexes("bookings")
        option = f"{tx.dialect.name}_where"
        return {
            str(one["name"]): str(one["dialect_options"].get(option, ""))
            for one in found
            if one["unique"] and str(one["name"]).endswith("_seat")
        }

    found = store.read(conditions)

    assert set(found) == {"uq_bookings_slot_seat", "uq_bookings_session_seat"}
    assert all("holds_seat" in condition for condition in found.values()), found


def test_a_migrated_database_is_current_and_an_older_one_is_not(store: Store) -> None:
    assert store.read(is_current)

    store.write(lambda tx: tx.execute(text("DELETE FROM alembic_version")))

    assert not store.read(is_current)


def test_the_newest_revision_is_the_one_that_a_migrated_database_has(store: Store) -> None:
    """It is read without Alembic: both ways must find the same."""
    found = store.read(lambda tx: tx.execute(text("SELECT * FROM alembic_version")).scalars().all())

    assert found == [newest_revision()]


def test_upgrading_again_changes_nothing(store: Store, database_url: str) -> None:
    store.write(
        lambda tx: tx.execute(
            text("INSERT INTO heartbeats VALUES ('ticker', '2026-11-24T03:00:00Z')")
        )
    )

    upgrade(database_url)

    assert store.read(lambda tx: tx.execute(text("SELECT count(*) FROM heartbeats")).scalar()) == 1
    assert store.read(lambda tx: differences(tx, metadata)) == []


def test_two_processes_may_upgrade_an_empty_database_at_once(empty_url: str) -> None:
    assert in_processes(2, migrate, empty_url) == ["done", "done"]

    engine = open_engine(empty_url)
    with engine.connect() as tx:
        assert is_current(tx)
        assert differences(tx, metadata) == []
    engine.dispose()


def test_what_was_sent_before_bookings_had_stamps_is_followed_by_nothing_lower(
    empty_url: str,
) -> None:
    """Each revision raised SEQUENCE then, DTSTAMP was when it last changed, and the time its own."""
    upgrade(empty_url, to="0005")
    columns = [Column(one.name, one.type) for one in bookings.c if one.name not in STAMPS]
    before = Table("bookings", MetaData(), *columns)
    engine = open_engine(empty_url)
    with engine.execution_options(writes=True).begin() as tx:
        for revision in (1, 2, 5):
            row = a_row(revision=revision, session_seat=revision, token=b"sealed")
            row |= {"reached_by": "", "party_size": 1, "language": "ja"}
            row |= {"starts_at": NOW, "ends_at": NOW + AN_HOUR}
            tx.execute(before.insert(), {one.name: row.get(one.name) for one in columns})

    upgrade(empty_url)

    with engine.connect() as tx:
        kept = select(*(bookings.c[one] for one in STAMPS)).order_by(bookings.c.revision)
        found = [tuple(row) for row in tx.execute(kept)]
        assert found == [(sent, NOW, NOW, NOW + AN_HOUR) for sent in (0, 1, 4)]
    engine.dispose()


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    """Half a schema would neither run nor be repaired by trying again."""
    if empty_url.startswith("sqlite"):
        Path(empty_url.removeprefix("sqlite:///")).parent.mkdir()
    engine = create_engine(empty_url)
    with engine.begin() as tx:
        tx.execute(text("CREATE TABLE staff (id INTEGER)"))

    with pytest.raises(Exception, match="staff"):
        upgrade(empty_url)

    with engine.connect() as tx:
        assert inspect(tx).get_table_names() == ["staff"]
    engine.dispose()


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    """Migrations, templates and desk files too: an editable install would not show that they lack."""
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    packed = set(zipfile.ZipFile(wheel).namelist())
    here = {
        path.relative_to(ROOT).as_posix()
        for package in ("booking", "slots", "notifications")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }

    assert "booking/store/migrations/versions/0001_first_tables.py" in here
    assert here - packed == set()
