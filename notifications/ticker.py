"""Wakes relay and delivery every second. Remembers nothing: what is to be done is rows."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from booking.ledger.ledger import Ledger
from booking.ledger.retention import forget_old
from booking.settings import Settings
from notifications import outbox
from notifications.channels.call_list import close_missed
from notifications.channels.channel import Channel
from notifications.channels.mail import mail_channel
from notifications.delivery import Delivery
from notifications.health import TICKER
from notifications.policy import MAIL
from notifications.relay import BATCH, relay

log = logging.getLogger("notifications.ticker")
EVERY = timedelta(seconds=1)
BEAT_EVERY = timedelta(seconds=15)
FORGET_EVERY_HOURS = 24
FORGET_AFTER_START = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What a tick did: facts read, messages planned, how many ended in each state, calls missed."""

    facts: int
    planned: int
    states: Mapping[str, int] = field(default_factory=dict)
    missed: int = 0


def channels_of(settings: Settings) -> dict[str, Channel]:
    """The channels of an installation by name. Raises SettingsError."""
    return {MAIL: mail_channel(settings)}


def run_once(
    ledger: Ledger,
    settings: Settings,
    channels: Mapping[str, Channel] | None = None,
    *,
    stopping: Callable[[], bool] = lambda: False,
) -> Ticked:
    """Read all facts, then tell all that is due now. Raises what the database raises."""
    facts, planned = _relay_all(ledger, stopping)
    missed = close_missed(ledger)
    used = channels if channels is not None else channels_of(settings)
    counts = Delivery(ledger, settings, used).run(stopping)
    states = {state.value: count for state, count in counts.items()}
    outbox.beat(ledger.store, TICKER, ledger.now(), BEAT_EVERY)
    return Ticked(facts=facts, planned=planned, states=states, missed=missed)


class Ticker:
    """Wakes the work of telling in a background thread. Any number of processes may have one."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        """Make a ticker that does not run yet. Raises SettingsError."""
        self._ledger = ledger
        self._settings = settings
        self._channels = channels_of(settings)
        self._stopping = threading.Event()
        # Its own records say only that it woke up.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )

    def start(self) -> None:
        """Begin to tick."""
        self._stopping.clear()
        self._scheduler.add_job(
            self._tick, "interval", seconds=EVERY.total_seconds(), id="tick", replace_existing=True
        )
        self._scheduler.add_job(
            self._forget,
            "interval",
            hours=FORGET_EVERY_HOURS,
            # Soon after the start as well: a server that is restarted each night forgets, too.
            next_run_time=datetime.now(UTC) + FORGET_AFTER_START,
            id="forget",
            replace_existing=True,
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking and wait for the message under way."""
        self._stopping.set()
        if self._scheduler.running:
            # Paused first: a tick that falls due during the shutdown would only make a complaint.
            self._scheduler.pause()
            self._scheduler.shutdown(wait=True)

    def _forget(self) -> None:
        try:
            forget_old(self._ledger)
        except Exception:
            log.exception("forgetting what is old failed; the next time tries again")

    def _tick(self) -> None:
        try:
            run_once(self._ledger, self._settings, self._channels, stopping=self._stopping.is_set)
        except Exception:
            # The next tick begins anew from the rows. The database's errors hide their parameters.
            log.exception("a tick failed; the next one tries again")


def _relay_all(ledger: Ledger, stopping: Callable[[], bool]) -> tuple[int, int]:
    facts = planned = 0
    while not stopping():
        read, new = relay(ledger)
        facts, planned = facts + read, planned + new
        if read < BATCH:
            break
    return facts, planned
