"""Messages planned and delivered a second, each beside what its database or mail server bears at most."""

import multiprocessing
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, insert, select, update

from booking.settings import Settings
from booking.store import Tx
from booking.store.tables import FactRow, UnreadFact
from notifications.channels.mail import connect, mail_channel, written
from notifications.channels.memory import Memory
from notifications.delivery import Delivery
from notifications.outbox import attempts, outbox
from notifications.relay import BATCH, relay
from tests.benchmarks.comparing import Figure, compare
from tests.support.daily_town import DAILY, daily_town
from tests.support.house import House, a_house, tokyo

PARTIES = 400
MAIL = "mail"
# News are due at once, the reminders days later: only the news are delivered here.
TOWN = daily_town(seats=40, weekly=("fri",), end="17:15", confirmed_by="at-once")
_facts, _unread = FactRow.__table__, UnreadFact.__table__  # type: ignore[attr-defined]
context = multiprocessing.get_context("spawn")


def run(database_url: str, folder: Path, engine: str) -> None:
    """Print the figures of telling on the migrated database at `database_url`."""
    (folder / "desks").mkdir()
    (folder / "desks/bench.toml").write_text(TOWN, encoding="utf-8")
    with ExitStack() as stack:
        house = stack.enter_context(a_house(database_url, folder=folder / "desks"))
        _book(house)
        compare(
            f"messages planned, {engine}, 1 process (limit: their rows, a commit per {BATCH} facts)",
            lambda: _planned(house),
            lambda: _rows_alone(house),
            "0.1 of their bare rows",
        )
        url = stack.enter_context(_sink())
        mails = _mails(house)
        for count in (1, 2):
            with _deliverers(count, database_url, folder, url) as workers:
                compare(
                    f"messages delivered by SMTP, {engine}, {_processes(count)}"
                    f" (limit: the same {len(mails[0][1])} bytes by bare smtplib, 1 connection)",
                    lambda workers=workers: _delivered(house, workers),
                    lambda: _bare(url, mails),
                    "0.04 of a bare client",
                )


def _processes(count: int) -> str:
    return "1 process" if count == 1 else f"{count} processes"


def _book(house: House) -> None:
    first = tokyo("2026-12-11 09:00")
    for n in range(PARTIES):
        at = first + timedelta(minutes=45 * (n % 11))
        house.request(DAILY, slot=at.isoformat(), wishes=None, email=f"party{n}@example.jp")


def _planned(house: House) -> Figure:
    """Plan all from all facts, as if nobody had."""

    def forget(tx: Tx) -> None:
        tx.execute(delete(outbox))
        tx.execute(delete(_unread))
        tx.execute(insert(_unread).from_select(["fact_id"], select(_facts.c.id)))

    house.ledger.store.write(forget)
    began, cpu, count = time.perf_counter(), time.process_time(), 0
    while True:
        read, new = relay(house.ledger)
        count += new
        if read < BATCH:
            break
    assert count == 3 * PARTIES, count
    return _figure(count, began, cpu)


def _rows_alone(house: House) -> Figure:
    """Write the rows of the outbox again, and nothing else."""
    store = house.ledger.store
    rows = store.read(
        lambda tx: [dict(one._mapping) for one in tx.execute(select(outbox).order_by(outbox.c.id))]
    )
    store.write(lambda tx: tx.execute(delete(outbox)))
    statement = insert(outbox)
    part = BATCH * 3 // 2
    began, cpu = time.perf_counter(), time.process_time()
    for n in range(0, len(rows), part):
        store.write(lambda tx, n=n: tx.execute(statement, rows[n : n + part]))
    return _figure(len(rows), began, cpu)


def _figure(count: int, began: float, cpu: float) -> Figure:
    seconds = time.perf_counter() - began
    return Figure(count / seconds, (time.process_time() - cpu) / count * 1_000_000)


def _mails(house: House) -> list[tuple[str, bytes]]:
    """What is delivered: address and bytes of each mail."""
    memory = Memory()
    Delivery(house.ledger, house.settings, {MAIL: memory}).run()
    sender = house.settings.mail_from
    return [(one.to, written(one, sender).as_bytes()) for one in memory.told]


def _bare(url: str, mails: list[tuple[str, bytes]]) -> Figure:
    with closing(connect(urlsplit(url))) as connection:
        began, cpu = time.perf_counter(), time.process_time()
        for to, content in mails:
            connection.sendmail("yoyaku@localhost", [to], content)
        return _figure(len(mails), began, cpu)


@dataclass(frozen=True)
class _Round:
    """What one process did in a round: mails, and the CPU seconds they took."""

    count: int
    cpu: float


def _delivered(house: House, workers: list[Connection]) -> Figure:
    """Let the processes deliver all that was delivered before."""

    def again(tx: Tx) -> None:
        tx.execute(delete(attempts))
        fresh = {"state": "waiting", "attempts": 0, "settled_at": None, "said": None}
        tx.execute(update(outbox).where(outbox.c.kind == "confirmed").values(fresh))

    house.ledger.store.write(again)
    began = time.perf_counter()
    for one in workers:
        one.send("go")
    done: list[_Round] = [one.recv() for one in workers]
    seconds = time.perf_counter() - began
    count = sum(one.count for one in done)
    assert count == PARTIES, done
    return Figure(count / seconds, sum(one.cpu for one in done) / count * 1_000_000)


@contextmanager
def _deliverers(
    count: int, database_url: str, folder: Path, url: str
) -> Iterator[list[Connection]]:
    """Processes that deliver all that is due, each time they are told to."""
    ours: list[Connection] = []
    processes: list[Any] = []
    for _ in range(count):
        mine, theirs = context.Pipe()
        process = context.Process(target=_deliver, args=(theirs, database_url, folder, url))
        process.start()
        assert mine.recv() == "ready"
        ours.append(mine)
        processes.append(process)
    yield ours
    for connection, process in zip(ours, processes, strict=True):
        connection.send(None)
        process.join(30)


def _deliver(orders: Connection, database_url: str, folder: Path, url: str) -> None:
    with a_house(database_url, folder=folder / "desks", mail_url=url) as house:
        settings: Settings = house.settings
        delivery = Delivery(house.ledger, settings, {MAIL: mail_channel(settings)})
        orders.send("ready")
        while orders.recv() is not None:
            cpu = time.process_time()
            states = delivery.run()
            orders.send(_Round(sum(states.values()), time.process_time() - cpu))


@contextmanager
def _sink() -> Iterator[str]:
    """The address of a mail server in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.sink"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.stdin.close()
