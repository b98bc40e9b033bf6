"""Processes that tell, to be killed and started again: each has a Ticker of its own.

They are forked from a server that has imported everything, so that a process is back within a tenth
of a second, and their clock may run fast. What is no setting (lease, guards) is patched in them.
"""

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from booking.app import install
from booking.clock import Clock
from booking.ledger.ledger import Ledger
from booking.settings import Settings
from notifications import jobs, outbox, ticker
from notifications.ticker import Ticker, run_once
from tests.support import unguarded_telling
from tests.support.house import CHEAP, KEY

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload([__name__])
STOPS_WITHIN_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What a process is to do. Its clock shows `at` when the real one shows `began`.

    `speed`: rehearsal seconds that pass in a real one. `without`: the guard that is taken away, for
    the control of a test: see `unguarded_telling`.
    """

    database_url: str
    mail_url: str
    folder: Path
    at: datetime
    began: float = field(default_factory=time.time)
    speed: float = 1.0
    every: timedelta = timedelta(seconds=0.1)
    lease: timedelta = outbox.LEASE
    without: str | None = None

    @property
    def clock(self) -> Clock:
        """The same in every process that has these orders."""
        return lambda: self.moment(time.time())

    def moment(self, real: float) -> datetime:
        """What the clock shows at the Unix time `real`."""
        return (self.at + timedelta(seconds=(real - self.began) * self.speed)).astimezone(UTC)

    @property
    def settings(self) -> Settings:
        """Settings of an installation whose desk files are in `folder`."""
        return Settings(
            database_url=self.database_url,
            keys=(KEY,),
            desks=self.folder / "desks",
            mail_url=self.mail_url,
        )

    @property
    def log(self) -> Path:
        """Where the processes write what they have to say."""
        return self.folder / "tellers.log"

    @property
    def jobs_run(self) -> Path:
        """Where each job of a day that any of them ran leaves a line."""
        return self.folder / "jobs.log"


@contextmanager
def ledger_of(orders: Orders) -> Iterator[Ledger]:
    """The ledger that the orders describe."""
    ledger = install(orders.settings, orders.clock, passwords=CHEAP).ledger
    try:
        yield ledger
    finally:
        ledger.store.close()


def tick(orders: Orders) -> None:
    """Tell as a server does, with a Ticker, until SIGTERM."""
    with _prepared(orders) as (ledger, ended):
        own = Ticker(ledger, orders.settings, every=orders.every)
        own.start()
        ended.wait()
        own.stop()


def run_again_and_again(orders: Orders) -> None:
    """Tell as a cron table does, by one run after another, until SIGTERM."""
    with _prepared(orders) as (ledger, ended):
        while not ended.wait(orders.every.total_seconds()):
            run_once(ledger, orders.settings, stopping=ended.is_set)


@contextmanager
def _prepared(orders: Orders) -> Iterator[tuple[Ledger, threading.Event]]:
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(filename=orders.log, level=logging.WARNING)
    outbox.LEASE = orders.lease
    # Once a minute of the rehearsal.
    ticker.JOBS_EVERY = timedelta(seconds=60 / orders.speed)
    _note_jobs(orders.jobs_run)
    if orders.without is not None:
        unguarded_telling.WITHOUT[orders.without]()
    with ledger_of(orders) as ledger:
        yield ledger, ended


def _note_jobs(file: Path) -> None:
    run_due = jobs.run_due

    def noting(ledger: Ledger) -> int:
        ran = run_due(ledger)
        with file.open("a") as lines:
            lines.write("ran\n" * ran)
        return ran

    jobs.run_due = noting


@dataclass
class Tellers:
    """Processes at work. All are stopped when the block ends; what they logged is `said`."""

    orders: Orders
    processes: list[ForkServerProcess] = field(default_factory=list)

    def __enter__(self) -> "Tellers":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, work: Callable[[Orders], None], count: int = 1) -> None:
        """Start `count` more."""
        for _ in range(count):
            process = context.Process(target=work, args=(self.orders,), daemon=True)
            process.start()
            self.processes.append(process)

    def kill(self, number: int, work: Callable[[Orders], None]) -> None:
        """End one of them at once, as a power cut does (kill -9), and start another."""
        victim = self.processes.pop(number)
        assert victim.pid is not None
        os.kill(victim.pid, signal.SIGKILL)
        victim.join(STOPS_WITHIN_SECONDS)
        self.start(work)

    def stop(self) -> None:
        """End all of them as an operator does."""
        for one in self.processes:
            one.terminate()
        for one in self.processes:
            one.join(STOPS_WITHIN_SECONDS)
            if one.is_alive():
                one.kill()
        self.processes.clear()

    @property
    def said(self) -> str:
        """What they logged, warnings and worse."""
        log = self.orders.log
        return log.read_text(encoding="utf-8") if log.exists() else ""
