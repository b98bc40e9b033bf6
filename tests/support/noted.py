"""Tables as a server that started earlier left them: noting what desks publish takes 0.1 s a test."""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.support.databases import postgresql_copy, sqlite_copy
from tests.support.run import in_a_run, once, run_folder

TABLES = ("consultation_versions", "published_entries")
Note = Callable[[str], None]


def as_noted(url: str, note: Note) -> None:
    """Fill the database at `url`, if nothing is noted in it, with what `note` writes at a URL.

    `note` is the same in a whole run, and called once for each kind of database. Outside a run, as
    where pictures are taken, whoever needs it notes it.
    """
    if not in_a_run():
        return
    if make_url(url).get_backend_name() == "sqlite":
        _into_sqlite(str(make_url(url).database), note)
    else:
        _into_postgresql(url, note)


def _into_sqlite(path: str, note: Note) -> None:
    template = once("noted.sqlite", partial(_make_sqlite_template, note))
    connection = sqlite3.connect(path)
    try:
        connection.execute("ATTACH ? AS template", [template])
        if connection.execute("SELECT 1 FROM main.consultation_versions").fetchone() is None:
            for table in TABLES:
                connection.execute(f"INSERT INTO main.{table} SELECT * FROM template.{table}")
            connection.commit()
    finally:
        connection.close()


def _into_postgresql(url: str, note: Note) -> None:
    folder = Path(once("noted.postgresql", partial(_make_postgresql_copies, note)))
    with psycopg.connect(_conninfo(url)) as connection, connection.cursor() as cursor:
        if cursor.execute("SELECT 1 FROM consultation_versions LIMIT 1").fetchone() is None:
            for table in TABLES:
                with cursor.copy(
                    sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                ) as into:
                    into.write((folder / table).read_bytes())


def _make_sqlite_template(note: Note) -> str:
    url = sqlite_copy(run_folder())
    note(url)
    return str(make_url(url).database)


def _make_postgresql_copies(note: Note) -> str:
    folder = run_folder() / "noted"
    folder.mkdir()
    with postgresql_copy() as url:
        note(url)
        with psycopg.connect(_conninfo(url)) as connection, connection.cursor() as cursor:
            for table in TABLES:
                with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as out:
                    (folder / table).write_bytes(b"".join(out))
    return str(folder)


def _conninfo(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
