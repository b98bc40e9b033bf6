"""The sign of life of what should run all the time: rows, so that any process can read them."""

from datetime import datetime, timedelta

from sqlalchemy import select

from booking.store import Store, Tx
from booking.store.upsert import insert_for
from notifications.tables import HeartbeatRow

_heartbeats = HeartbeatRow.__table__  # type: ignore[attr-defined]


def last_beat(tx: Tx, name: str) -> datetime | None:
    """When `name` last ran, in any process."""
    query = select(_heartbeats.c.at).where(_heartbeats.c.name == name)
    return tx.execute(query).scalar_one_or_none()


def beat(store: Store, name: str, now: datetime, every: timedelta) -> None:
    """Note that `name` runs, at most once in `every`: an idle tick should cost no write."""
    last = store.read(lambda tx: last_beat(tx, name))
    # Also when the last one lies ahead: a rehearsal's clock may have been there.
    if last is not None and abs(now - last) < every:
        return

    def work(tx: Tx) -> None:
        statement = insert_for(tx.dialect.name, _heartbeats).values(name=name, at=now)
        tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": now}))

    store.write(work)
