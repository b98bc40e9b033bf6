"""What the database promises: what was acknowledged stays, errors tell nobody's name, writers wait."""

import threading
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from booking.store import Store, bookings, open_store
from tests.booking.store.elsewhere import KEY, in_threads
from tests.booking.store.rows import a_row

SECRETS = {
    "name": "髙﨑 花子",
    "phone": "090-1234-5678",
    "kana": "たかさき はなこ",
    "needs": "車いす",
}


def pragma(store: Store, name: str) -> Any:
    return store.read(lambda tx: tx.exec_driver_sql(f"PRAGMA {name}").scalar())


def test_sqlite_keeps_what_it_acknowledged_through_a_power_cut(sqlite_url: str) -> None:
    store = open_store(sqlite_url, (KEY,))

    assert pragma(store, "journal_mode") == "wal"
    assert pragma(store, "synchronous") == 2  # FULL
    assert pragma(store, "foreign_keys") == 1
    assert pragma(store, "busy_timeout") >= 5000
    store.close()


def test_every_connection_of_the_pool_is_set_up_alike(sqlite_url: str) -> None:
    store = open_store(sqlite_url, (KEY,))
    connections = [store.engine.connect() for _ in range(4)]

    for one in connections:
        assert one.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        one.close()
    store.close()


def test_a_write_asks_for_its_turn_at_once_and_a_read_never_does(sqlite_url: str) -> None:
    """A transaction that turns to writing later would fail under concurrency, whatever the timeout."""
    store = open_store(sqlite_url, (KEY,))
    said: list[str] = []

    @event.listens_for(store.engine, "connect")
    def listen(connection: Any, _record: Any) -> None:
        connection.set_trace_callback(said.append)

    store.write(lambda tx: tx.execute(text("SELECT 1")))
    store.read(lambda tx: tx.execute(text("SELECT 1")))

    assert [one for one in said if one.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]
    store.close()


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    """What is being written is not seen, and keeps nobody."""
    written, read = threading.Event(), threading.Event()

    def write(tx: Any) -> None:
        tx.execute(text("INSERT INTO heartbeats VALUES ('a', '2026-11-24T03:00:00Z')"))
        written.set()
        assert read.wait(60)

    def count() -> int:
        assert written.wait(60)
        query = text("SELECT count(*) FROM heartbeats")
        seen = store.read(lambda tx: tx.execute(query).scalar())
        read.set()
        return int(seen or 0)

    assert in_threads(lambda: store.write(write), count) == [None, 0]


def test_many_writers_through_two_engines_all_get_their_turn(sqlite_url: str) -> None:
    """As two processes on one file: nobody hears "database is locked"."""
    stores = [open_store(sqlite_url, (KEY,)) for _ in range(2)]
    add = text("UPDATE attempt_counts SET count = count + 1 WHERE subject = 'x'")
    stores[0].write(lambda tx: tx.execute(text("INSERT INTO attempt_counts VALUES ('x', 1, 0)")))

    def work(store: Store) -> None:
        for _ in range(10):
            store.write(lambda tx: tx.execute(add))

    failed = [one for one in in_threads(*[lambda s=s: work(s) for s in stores * 3]) if one]

    query = text("SELECT count FROM attempt_counts")
    assert failed == []
    assert stores[0].read(lambda tx: tx.execute(query).scalar()) == 60
    for one in stores:
        one.close()


def test_an_error_of_the_database_names_nobody(store: Store) -> None:
    """Errors end up in logs: neither what was typed nor its ciphertext is in their text."""
    row = a_row(**SECRETS)
    store.write(lambda tx: bookings.add(tx, store.keyring, row))

    with pytest.raises(IntegrityError) as refused:
        store.write(lambda tx: bookings.add(tx, store.keyring, row))

    said = str(refused.value) + repr(refused.value) + repr(refused.value.__dict__)
    assert [secret for secret in SECRETS.values() if secret in said] == []
    assert row["token"] not in said


def test_the_log_of_statements_names_nobody(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Even where somebody turns on everything that SQLAlchemy can say."""
    with caplog.at_level("DEBUG", logger="sqlalchemy"):
        plain = open_store(store.engine.url.render_as_string(hide_password=False), (KEY,))
        row = a_row(**SECRETS)
        plain.write(lambda tx: bookings.add(tx, plain.keyring, row))
        plain.read(lambda tx: bookings.by_id(tx, plain.keyring, row["id"]))
    plain.close()

    assert "INSERT INTO bookings" in caplog.text
    assert [secret for secret in SECRETS.values() if secret in caplog.text] == []


def test_what_raises_has_written_nothing(store: Store) -> None:
    row = a_row()

    def work(tx: Any) -> None:
        bookings.add(tx, store.keyring, row)
        raise LookupError

    with pytest.raises(LookupError):
        store.write(work)

    assert store.read(lambda tx: bookings.by_id(tx, store.keyring, row["id"])) is None


def test_a_read_that_writes_leaves_nothing(store: Store) -> None:
    row = a_row()
    with suppress(DBAPIError):  # PostgreSQL says so
        store.read(lambda tx: bookings.add(tx, store.keyring, row))

    assert store.read(lambda tx: bookings.by_id(tx, store.keyring, row["id"])) is None


def test_a_read_sees_one_moment(store: Store) -> None:
    """Two statements of one read agree, whatever is committed between them."""
    query = text("SELECT count(*) FROM heartbeats")
    add = text("INSERT INTO heartbeats VALUES ('a', '2026-11-24T03:00:00Z')")

    def work(tx: Any) -> tuple[Any, Any]:
        before = tx.execute(query).scalar()
        store.write(lambda other: other.execute(add))
        return before, tx.execute(query).scalar()

    assert store.read(work) == (0, 0)
