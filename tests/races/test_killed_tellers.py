"""kill -9 of four processes that tell a thousand messages, at random moments, with a real mail server."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from booking.store import Tx
from notifications.outbox import outbox
from tests.support.daily_town import DAILY, daily_town
from tests.support.house import a_house, tokyo
from tests.support.sink import Sink, running_sink
from tests.support.teller import Orders, Tellers, tick
from tests.support.telling import rows, tries

pytestmark = pytest.mark.slow
WORKERS = 4
PARTIES = 500
MOST_KILLS = 24
# Longer than a try takes on a busy machine: else a message would be doubled without any kill.
LEASE = timedelta(seconds=6)
PATIENCE_SECONDS = 120
THURSDAY = "2026-12-10 10:00:30"
# A day with fifty seats at each of eleven times, and no question of staff in between.
TOWN = daily_town(seats=50, weekly=("fri",), end="17:15", confirmed_by="at-once")
KINDS = ("confirmed", "reminder-early", "reminder-last")


@dataclass(frozen=True)
class Outcome:
    """What came of it: the rows, their tries, and how often the server was given each message."""

    rows: list[dict[str, Any]]
    tries: list[dict[str, Any]]
    received: Counter[str]
    booked: frozenset[str]
    kills: int
    said: str

    @property
    def doubles(self) -> int:
        """How many mails were one too many."""
        return sum(count - 1 for count in self.received.values())

    def check(self) -> None:
        """None lost, none doubled but by a kill, and everything that was tried is noted."""
        unfinished = sum(one["outcome"] is None for one in self.tries)
        assert self.doubles <= unfinished <= self.kills, "doubled by something else than a kill"
        keys = {f"{one}:1:{kind}:mail" for one in self.booked for kind in KINDS}
        assert {row["key"] for row in self.rows} == keys
        assert len(self.rows) == len(keys)
        # Both are due by now; the earlier reminder has been overtaken by the last one.
        told = {row["ref"] for row in self.rows if row["kind"] != "reminder-early"}
        assert told - set(self.received) == set(), "lost"
        assert set(self.received) == told
        states = Counter((row["kind"], row["state"]) for row in self.rows)
        ends = zip(KINDS, ("sent", "withdrawn", "sent"), strict=True)
        assert states == dict.fromkeys(ends, len(self.booked))
        by_id = Counter(one["outbox_id"] for one in self.tries)
        refs = {row["ref"]: row["id"] for row in self.rows}
        untold = [ref for ref, count in self.received.items() if count > by_id[refs[ref]]]
        assert untold == [], "sent without a try having been noted"


@contextmanager
def a_full_day(
    database_url: str, folder: Path, sink: Sink, parties: int, without: str | None = None
) -> Iterator[tuple[Orders, frozenset[str]]]:
    """Orders to tell of a day of so many parties, of which nobody has been told anything."""
    (folder / "desks").mkdir()
    (folder / "desks/testtown.toml").write_text(TOWN, encoding="utf-8")
    times = [tokyo("2026-12-11 09:00") + timedelta(minutes=45 * n) for n in range(11)]
    with a_house(database_url, folder=folder / "desks") as house:
        booked = frozenset(
            house.request(
                DAILY, slot=times[n % 11].isoformat(), wishes=None, email=f"party{n}@example.jp"
            ).id
            for n in range(parties)
        )
    yield (
        Orders(
            database_url=database_url,
            mail_url=sink.url,
            folder=folder,
            at=tokyo(THURSDAY),
            lease=LEASE,
            without=without,
        ),
        booked,
    )


def tell_and_kill(
    orders: Orders, booked: frozenset[str], sink: Sink, dice: random.Random, most_kills: int
) -> Outcome:
    """Let four processes tell, kill them now and then, and wait until nothing is left to tell.

    However slow the machine: only who gets nowhere for `PATIENCE_SECONDS` is given up.
    """
    kills, settled, until = 0, 0, time.monotonic() + PATIENCE_SECONDS
    with (
        Tellers(orders) as tellers,
        a_house(orders.database_url, folder=orders.settings.desks) as h,
    ):
        tellers.start(tick, WORKERS)
        while time.monotonic() < until:
            time.sleep(dice.uniform(0.05, 0.4))
            if kills < most_kills and sink.taken:
                tellers.kill(dice.randrange(WORKERS), tick)
                kills += 1
            was, settled = settled, h.ledger.store.read(_settled)
            if settled == len(booked) * len(KINDS):
                break
            if settled > was:
                until = time.monotonic() + PATIENCE_SECONDS
            refs = [one.ref for one in list(sink.taken)]
            if len(refs) - len(set(refs)) > most_kills:
                break  # worse than it may ever be
        tellers.stop()
        received = Counter(one.ref for one in list(sink.taken))
        return Outcome(rows(h), tries(h), received, booked, kills, tellers.said)


def _settled(tx: Tx) -> int:
    query = select(func.count()).select_from(outbox).where(outbox.c.settled_at.is_not(None))
    return int(tx.execute(query).scalar_one())


def test_of_a_thousand_messages_none_is_lost_and_only_a_kill_doubles_one(
    database_url: str, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}")
    began = time.monotonic()
    with (
        running_sink(before=0.004, after=0.004) as sink,
        a_full_day(database_url, tmp_path, sink, PARTIES) as (orders, booked),
    ):
        booked_in = time.monotonic() - began
        found = tell_and_kill(orders, booked, sink, random.Random(seed), MOST_KILLS)
    seconds = time.monotonic() - began
    print(f"booked in {booked_in:.1f} s, {seconds:.1f} s in all, {found.kills} kills,")
    print(f"{found.received.total()} mails, {found.doubles} doubled, {len(found.tries)} tries")

    assert found.kills >= 5, "killed too seldom to prove anything"
    found.check()
    assert "Traceback" not in found.said


@pytest.mark.parametrize(("guard", "fault"), [("settling", "lost"), ("leases", "doubled")])
def test_without_its_guards_the_same_is_lost_or_doubled(
    database_url: str, tmp_path: Path, guard: str, fault: str
) -> None:
    """The control: if this passed as well, the test above would prove nothing."""
    # So slow that at any moment each process has a message on its way.
    with (
        running_sink(before=0.25) as sink,
        a_full_day(database_url, tmp_path, sink, 30, without=guard) as (orders, booked),
    ):
        found = tell_and_kill(orders, booked, sink, random.Random(20261211), 10)

    with pytest.raises(AssertionError, match=fault):
        found.check()
