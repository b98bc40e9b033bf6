"""Fresh, migrated databases: the migrations run once in a run, and each test gets a copy."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.support.postgres import server_url
from tests.support.run import once, run_folder


def sqlite_copy(folder: Path) -> str:
    """The URL of a migrated SQLite file in this folder."""
    template = once("sqlite.template", _make_sqlite_template)
    copy = folder / f"booking-{uuid4().hex[:8]}.db"
    shutil.copyfile(template, copy)
    return f"sqlite:///{copy}"


@contextmanager
def postgresql_copy() -> Iterator[str]:
    """The URL of a migrated PostgreSQL database, which is dropped afterwards."""
    template = once("postgres.template", _make_postgresql_template)
    name = f"booking_test_{uuid4().hex}"
    _administer("CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield _url_of(name)
    finally:
        _administer("DROP DATABASE {} WITH (FORCE)", name)


def drop_postgresql_template() -> None:
    """Leave nothing behind on a server that was here before the run."""
    template = run_folder() / "postgres.template"
    if template.exists():
        _administer("DROP DATABASE {} WITH (FORCE)", template.read_text(encoding="utf-8"))


def _make_sqlite_template() -> str:
    template = run_folder() / "template.db"
    _migrate(f"sqlite:///{template}")
    # Only one file is copied, so nothing may be left in the write-ahead log beside it.
    leftover = template.with_name(f"{template.name}-wal")
    assert not leftover.exists() or leftover.stat().st_size == 0
    return str(template)


def _make_postgresql_template() -> str:
    name = f"booking_template_{uuid4().hex}"
    _administer("CREATE DATABASE {}", name)
    _migrate(_url_of(name))
    return name


def _migrate(url: str) -> None:
    from booking.store.migrate import upgrade

    upgrade(url)


def _url_of(database: str) -> str:
    server = make_url(server_url()).set(drivername="postgresql+psycopg", database=database)
    return server.render_as_string(hide_password=False)


def _administer(statement: str, *names: str) -> None:
    plain = make_url(server_url()).set(drivername="postgresql")
    conninfo = plain.render_as_string(hide_password=False)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
