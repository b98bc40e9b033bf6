"""Wakes relay, jobs and delivery every second. Remembers nothing: what is to be done is rows."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from booking.ledger.ledger import Ledger
from booking.settings import Settings
from notifications import jobs
from notifications.channels.call_list import close_missed
from notifications.channels.channel import Channel
from notifications.channels.letter_list import close_unposted
from notifications.delivery import Delivery
from notifications.health import TICKER
from notifications.heartbeat import beat
from notifications.installed import channels_of
from notifications.policy import BY_MACHINE
from notifications.relay import BATCH, relay
from notifications.unserved import close_unserved

log = logging.getLogger("notifications.ticker")
EVERY = timedelta(seconds=1)
JOBS_EVERY = timedelta(seconds=20)
BEAT_EVERY = timedelta(seconds=15)


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What a tick did: facts read, messages planned, how many ended in each state.

    `missed` are the calls and letters that people did not get to in time, `jobs` the day's jobs
    that it ran.
    """

    facts: int
    planned: int
    states: Mapping[str, int] = field(default_factory=dict)
    missed: int = 0
    jobs: int = 0


def run_once(
    ledger: Ledger,
    settings: Settings,
    channels: Mapping[str, Channel] | None = None,
    *,
    stopping: Callable[[], bool] = lambda: False,
) -> Ticked:
    """Read all facts, then tell all that is due now. Raises what the database raises."""
    used = channels if channels is not None else channels_of(settings)
    facts, planned, missed = _prepare(ledger, used, stopping)
    ran = jobs.run_due(ledger)
    counts = Delivery(ledger, settings, used).run(stopping)
    states = {state.value: count for state, count in counts.items()}
    beat(ledger.store, TICKER, ledger.now(), BEAT_EVERY)
    return Ticked(facts=facts, planned=planned, states=states, missed=missed, jobs=ran)


class Ticker:
    """Wakes the work of telling in background threads. Any number of processes may have one.

    Each channel has a thread of its own: a provider that is slow holds up no other's messages.
    """

    def __init__(
        self,
        ledger: Ledger,
        settings: Settings,
        channels: Mapping[str, Channel] | None = None,
        every: timedelta = EVERY,
    ) -> None:
        """Make a ticker that does not run yet. Raises SettingsError."""
        self._ledger = ledger
        self._channels = channels if channels is not None else channels_of(settings)
        self._delivery = Delivery(ledger, settings, self._channels)
        self._every = every
        self._stopping = threading.Event()
        # Its own records say only that it woke up.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(len(self._channels) + 2)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )

    def start(self) -> None:
        """Begin to tick."""
        self._stopping.clear()
        # At once: until the first sign of life, pages and /health/ready say that nothing is told.
        self._wake("prepare", self._prepare, self._every, at_once=True)
        self._wake("jobs", lambda: jobs.run_due(self._ledger), JOBS_EVERY)
        for name in self._channels:
            self._wake(f"deliver {name}", partial(self._deliver, name), self._every)
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking and wait for the messages under way."""
        self._stopping.set()
        if self._scheduler.running:
            # Paused first: a tick that falls due during the shutdown would only make a complaint.
            self._scheduler.pause()
            self._scheduler.shutdown(wait=True)

    def _wake(
        self,
        name: str,
        work: Callable[[], object],
        every: timedelta,
        *,
        at_once: bool = False,
    ) -> None:
        def tick() -> None:
            try:
                work()
            except Exception:
                # The next tick begins anew from the rows. The database's errors hide their parameters.
                log.exception("%s failed; the next tick tries again", name)

        self._scheduler.add_job(
            tick,
            "interval",
            seconds=every.total_seconds(),
            id=name,
            replace_existing=True,
            next_run_time=datetime.now(UTC) + (timedelta() if at_once else every),
        )

    def _prepare(self) -> None:
        _prepare(self._ledger, self._channels, self._stopping.is_set)
        # Only who has planned, too, is alive.
        beat(self._ledger.store, TICKER, self._ledger.now(), BEAT_EVERY)

    def _deliver(self, name: str) -> None:
        self._delivery.run_channel(name, self._stopping.is_set)


def _prepare(
    ledger: Ledger, channels: Mapping[str, Channel], stopping: Callable[[], bool]
) -> tuple[int, int, int]:
    """Read all facts and end what people missed: facts read, messages planned, and how many missed."""
    available = [one for one in BY_MACHINE if one in channels]
    facts = planned = 0
    while not stopping():
        read, new = relay(ledger, available=available)
        facts, planned = facts + read, planned + new
        if read < BATCH:
            break
    close_unserved(ledger, available)
    return facts, planned, close_unposted(ledger, available) + close_missed(ledger)
