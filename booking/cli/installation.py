"""What a command stands on: the database as it is found, and a ledger to work with."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from booking.chance import Chance
from booking.clock import Clock, system_clock
from booking.desks import load
from booking.desks.catalogue import Catalogue
from booking.desks.current import CurrentDesks
from booking.ledger.ledger import Ledger
from booking.passwords import recommended
from booking.settings import STATE_FOLDER, Settings, SettingsError, sealing_keys
from booking.store import Store, open_store
from booking.store.engine import open_engine
from booking.store.migrate import is_current
from booking.store.sealed import Keyring

NO_DATABASE = "there is no database yet; run: booking db upgrade"
MIGRATION_PENDING = "the database lacks a migration; run: booking db upgrade"
# Who only counts seats reads no sealed column, and must not make a key as a side effect.
NO_KEY = Keyring((bytes(32),))


def database_exists(url: str) -> bool:
    """Whether there is a database at `url`. Makes none. Raises OperationalError: out of reach."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        file = Path(parts.database or "")
        return file.is_file() and file.stat().st_size > 0
    engine = open_engine(url)
    try:
        with engine.connect():
            return True
    except OperationalError as error:
        if "does not exist" in str(error.orig) and "database" in str(error.orig):
            return False
        raise
    finally:
        engine.dispose()


def require_migrated(url: str) -> None:
    """Raise ClickException where the database at `url` is missing or lacks a migration."""
    if not database_exists(url):
        raise click.ClickException(NO_DATABASE)
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            if not is_current(connection):
                raise click.ClickException(MIGRATION_PENDING)
    finally:
        engine.dispose()


@contextmanager
def store_for_reading(settings: Settings, needs: str = "bookings") -> Iterator[Store | None]:
    """The store for who only counts seats; None while the table `needs` is missing. Makes nothing."""
    if not database_exists(settings.database_url):
        yield None
        return
    store = Store(open_engine(settings.database_url), NO_KEY)
    try:
        with store.engine.connect() as connection:
            ready = inspect(connection).has_table(needs)
        yield store if ready else None
    finally:
        store.close()


def current_catalogue(settings: Settings) -> Catalogue:
    """The desks as they are now: with what staff changed, where there is a database that knows it."""
    files = load(settings.desks)
    with store_for_reading(settings, needs="desk_changes") as store:
        return files if store is None else CurrentDesks(store, files).now()


@contextmanager
def working_ledger(settings: Settings, clock: Clock = system_clock) -> Iterator[Ledger]:
    """A ledger on the migrated database. Raises ClickException where a migration is pending."""
    catalogue = load(settings.desks)
    require_migrated(settings.database_url)
    store = open_store(settings.database_url, sealing_keys(settings, STATE_FOLDER))
    try:
        desks = CurrentDesks(store, catalogue)
        yield Ledger(store, desks, clock, Chance(), recommended(), settings.writes_by)
    finally:
        store.close()


def refuse_rehearsal(settings: Settings) -> None:
    """Raise SettingsError in production: its clock is the real one."""
    if settings.production:
        raise SettingsError("--at: a rehearsal clock is refused where BOOKING_ENV is production")
