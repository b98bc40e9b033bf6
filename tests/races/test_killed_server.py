"""kill -9 of the whole server at random moments while 200 parties book, with real mail."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.support.daily_town import DAILY, WORKDAYS, daily_town
from tests.support.house import a_house, raw_application
from tests.support.mailbox import Mailbox
from tests.support.server import Server

pytestmark = pytest.mark.slow
BOOKINGS = 100
CLIENTS = 8
PATIENCE_SECONDS = 300
AFTER_THE_LEASES = "2026-11-24T11:00:00+09:00"
# Forty seats a weekday: room for everybody, so that only a crash could lose or double one.
TOWN = daily_town(seats=10, weekly=WORKDAYS, end="12:00")
DAYS = ["2026-12-07", "2026-12-08", "2026-12-09", "2026-12-10", "2026-12-11", "2026-12-14"]
TIMES = ["09:00", "09:45", "10:30", "11:15"]


@dataclass
class Clients:
    """Parties that ask until they are answered, each with one key of its own."""

    url: str
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    given_up: list[str] = field(default_factory=list)

    def all_book(self) -> list[threading.Thread]:
        """Start them; 200 bookings spread over the seats."""
        work = [self._body(n) for n in range(BOOKINGS)]
        threads = [
            threading.Thread(target=self._book, args=(work[n::CLIENTS],)) for n in range(CLIENTS)
        ]
        for one in threads:
            one.start()
        return threads

    def _body(self, n: int) -> tuple[str, dict[str, Any]]:
        slots = [f"{day}T{time}:00+09:00" for day in DAYS for time in TIMES]
        body = raw_application(DAILY, slot=slots[n % len(slots)], wishes=None)
        return f"key-{n}", body | {"email": f"party{n}@example.jp"}

    def _book(self, work: list[tuple[str, dict[str, Any]]]) -> None:
        for key, body in work:
            until = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < until and key not in self.acknowledged:
                self._try(key, body)
            if key not in self.acknowledged:
                self.given_up.append(key)

    def _try(self, key: str, body: dict[str, Any]) -> None:
        try:
            answer = httpx.post(
                f"{self.url}/api/v1/bookings",
                json=body,
                headers={"Idempotency-Key": key},
                timeout=10,
            )
        except httpx.HTTPError:
            self.answers[0] += 1
            time.sleep(0.05)
            return
        self.answers[answer.status_code] += 1
        if answer.status_code == 201:
            self.acknowledged[key] = answer.json()
        else:
            time.sleep(0.05)


def test_what_was_acknowledged_survives_kill_9_and_every_message_goes_out(
    database_url: str, tmp_path: Path, smtp_server: Mailbox
) -> None:
    desks = tmp_path / "desks"
    desks.mkdir()
    (desks / "testtown.toml").write_text(TOWN, encoding="utf-8")
    environment = {"BOOKING_DESKS": str(desks), "BOOKING_MAIL_URL": smtp_server.url}
    dice = random.Random(20261124)
    kills = 0
    with Server(database_url, tmp_path, workers=2, environment=environment) as server:
        clients = Clients(server.url)
        threads = clients.all_book()
        while any(one.is_alive() for one in threads):
            time.sleep(dice.uniform(0.3, 2.0))
            if kills < 6:
                server.kill()
                kills += 1
                server.start()
        assert not clients.given_up, clients.answers
        # What a killed process had claimed is claimed again once its lease is over.
        server.stop()
        server.at = AFTER_THE_LEASES
        server.start()
        sent = _wait_for_mails(smtp_server)
    with a_house(database_url, folder=desks) as house:
        rows = house.ledger.store.read(
            lambda tx: tx.execute(text("SELECT reference, session_seat FROM bookings")).all()
        )
        keys = house.ledger.store.read(
            lambda tx: tx.execute(text("SELECT count(*) FROM idempotency_keys")).scalar_one()
        )
    references = {row.reference for row in rows}
    acknowledged = {one["reference"] for one in clients.acknowledged.values()}

    assert kills >= 3, "the server was not killed often enough to prove anything"
    assert acknowledged <= references, "acknowledged, but not there"
    assert len(rows) == keys == BOOKINGS, "asked for once, there more than once"
    assert set(sent) == {f"party{n}@example.jp" for n in range(BOOKINGS)}
    doubles = sum(count - 1 for count in sent.values())
    print(f"{kills} kills, {len(rows)} bookings, {doubles} mails doubled", clients.answers)


def _wait_for_mails(mailbox: Mailbox) -> Counter[str]:
    """The recipients of the receipts that arrived; waits until each party has one."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        sent = Counter(one.recipients[0] for one in list(mailbox.received))
        if len(sent) >= BOOKINGS or time.monotonic() > until:
            return sent
        time.sleep(0.2)
