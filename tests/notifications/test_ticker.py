"""The ticker wakes, and remembers nothing."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from booking.settings import Settings, SettingsError
from notifications.channels.channel import Message
from notifications.channels.memory import Memory
from notifications.health import health
from notifications.ticker import Ticker, run_once
from tests.support.house import House, a_house
from tests.support.telling import MAIL, Teller, confirmed, rows, states

WITHIN_SECONDS = 60


@dataclass
class Slow(Memory):
    """Waits in the middle of a message until it is let go on."""

    begun: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def send(self, message: Message) -> None:
        self.begun.set()
        assert self.go_on.wait(WITHIN_SECONDS)
        super().send(message)


def wait_until(true: Callable[[], bool]) -> None:
    """Return once `true`, which another thread brings about."""
    until = time.monotonic() + WITHIN_SECONDS
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with a_house(sqlite_url) as made:
        yield made


def test_it_tells_by_itself(house: House, tmp_path: Path) -> None:
    """A request becomes a mail a moment later, in the background."""
    ticker = Ticker(house.ledger, house.settings)
    ticker.start()
    house.request(email=MAIL)
    wait_until(lambda: states(house).get("received mail") == "sent")
    ticker.stop()

    assert len(list((tmp_path / "var/mail").glob("*.eml"))) == 1


def test_it_stops_after_the_message_under_way(house: House) -> None:
    """Which is settled; the next one is left for the next process."""
    slow = Slow()
    for _ in range(2):
        house.request(email=MAIL)
    ticker = Ticker(house.ledger, house.settings, {"mail": slow})
    ticker.start()
    assert slow.begun.wait(WITHIN_SECONDS)
    stop = threading.Thread(target=ticker.stop)
    stop.start()
    stop.join(0.2)
    assert stop.is_alive()
    slow.go_on.set()
    stop.join(WITHIN_SECONDS)

    assert len(slow.told) == 1
    assert sorted(row["state"] for row in rows(house)) == ["sent", "waiting"]


def test_it_survives_a_tick_that_fails(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A database that is away is back one day."""

    def run(statement: str) -> None:
        house.ledger.store.write(lambda tx: tx.exec_driver_sql(statement))

    house.request(email=MAIL)
    run("ALTER TABLE outbox RENAME TO outbox_away")
    ticker = Ticker(house.ledger, house.settings)
    ticker.start()
    wait_until(lambda: "failed; the next tick" in caplog.text)
    run("ALTER TABLE outbox_away RENAME TO outbox")
    wait_until(lambda: states(house).get("received mail") == "sent")
    ticker.stop()

    assert MAIL not in caplog.text


def test_stopping_what_never_ran_is_no_error(house: House) -> None:
    """A start that failed is followed by a stop."""
    Ticker(house.ledger, house.settings).stop()


def test_it_says_at_once_what_cannot_work(house: House) -> None:
    """And not at the first message."""
    with pytest.raises(SettingsError, match="BOOKING_MAIL_URL"):
        Ticker(house.ledger, Settings(mail_url="gopher://example.jp"))


def test_apscheduler_is_quiet(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """It would note every tick, in every process."""
    caplog.set_level(logging.DEBUG)
    ticker = Ticker(house.ledger, house.settings)
    ticker.start()
    house.request(email=MAIL)
    wait_until(lambda: states(house).get("received mail") == "sent")
    ticker.stop()

    assert not [one for one in caplog.records if one.name.startswith("apscheduler")]


def test_an_idle_tick_writes_nothing(house: House, sqlite_url: str) -> None:
    """Every process ticks every second: on SQLite each write would wait for the disk."""
    log = Path(f"{sqlite_url.removeprefix('sqlite:///')}-wal")  # every commit grows it
    teller = Teller(house)
    confirmed(house, email=MAIL)
    teller.tick()
    before = log.read_bytes()
    house.clock.move_by(seconds=5)
    teller.tick()
    assert log.read_bytes() == before

    house.clock.move_by(seconds=10)
    teller.tick()  # the heartbeat is due

    assert log.read_bytes() != before


def test_once_is_enough_for_a_command(house: House, tmp_path: Path) -> None:
    """`booking notify run --once` does all that is due, and says what."""
    confirmed(house, email=MAIL)

    ticked = run_once(house.ledger, house.settings)

    assert (ticked.facts, ticked.planned, ticked.states, ticked.missed) == (2, 3, {"sent": 1}, 0)
    assert len(list((tmp_path / "var/mail").glob("confirmed-*.eml"))) == 1


def test_a_ticker_gives_its_first_sign_of_life_at_once(sqlite_url: str) -> None:
    """Else whoever opens a page after a start reads that messages have stopped."""
    with a_house(sqlite_url) as house:
        ticker = Ticker(house.ledger, house.settings, {"mail": Memory()}, every=timedelta(hours=1))
        assert not health(house.ledger).ticking
        ticker.start()
        try:
            wait_until(lambda: health(house.ledger).ticking)
        finally:
            ticker.stop()
