"""A whole house for a test: ledger, movable clock, client. Defaults have meaning; people are invented."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from litestar import Litestar
from litestar.testing import TestClient

from booking.app import Installation, assemble, given_by, install
from booking.desks.catalogue import load
from booking.desks.register import register_definitions
from booking.ledger import requests
from booking.ledger.application import Application, read_application
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.passwords import Passwords
from booking.settings import Settings
from booking.store import open_store
from booking.store.watch import FRESH_SECONDS
from slots.zone import zone
from tests.support.noted import as_noted

TOKYO = zone("Asia/Tokyo")
LEGAL = "shibukawa/lawyer/legal"
IN_PERSON = "shibukawa/support/in-person"
INTERVIEW = "osaka/net-harmony/interview"
EXPERT = "osaka/net-harmony/expert"
# A Tuesday morning: phones are answered, and the next two lawyer's sessions are open for booking.
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO)
SESSION = "2026-12-19"
NEXT_SESSION = "2027-01-16"
# The least that argon2 takes: what a real password costs is tested where it matters.
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
KEY = b"a key for tests only, 32 bytes.."
_KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめも"
_numbers = count()
_at_rest: list[tuple[Litestar, dict[str, Any]]] = []


def tokyo(text: str) -> datetime:
    """The instant at which clocks in Tokyo show `text`, as in "2026-12-19 09:45"."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@dataclass
class MovableClock:
    """A clock that stands still until it is moved."""

    at: datetime = TUESDAY

    def __call__(self) -> datetime:
        """The instant it shows."""
        return self.at

    def move_to(self, text: str) -> None:
        """Show the Tokyo wall time `text`."""
        self.at = tokyo(text)

    def move_by(self, **parts: float) -> None:
        """Go on by a timedelta's parts."""
        self.at += timedelta(**parts)


@dataclass
class House:
    """An installation on a database of the test's own."""

    installation: Installation
    clock: MovableClock
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        """Take the settings from the installation."""
        self.settings = self.installation.settings

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        return self.installation.ledger

    def wait_until_seen(self) -> None:
        """Let a client's app, which has a store of its own, see what this house wrote."""
        time.sleep(FRESH_SECONDS * 1.2)

    @contextmanager
    def client(self) -> Iterator[TestClient[Any]]:
        """A client of the whole app, without its ticker: tests tick themselves."""
        installation = install(self.settings, self.clock, passwords=CHEAP)
        files = installation.ledger.desks.files
        register_definitions(installation.store, files, self.clock(), site=self.settings.base_url)
        given = given_by(installation, ticking=False)
        # The routes are the same in every house, and take longer to assemble than most tests run.
        app, standing = _at_rest.pop() if _at_rest else (assemble(given), given)
        standing.update(given)
        try:
            with TestClient(app, base_url="http://127.0.0.1:8000") as client:
                yield client
        finally:
            _at_rest.append((app, standing))

    def application(self, consultation: str = LEGAL, **changes: Any) -> Application:
        """What `application_of` says, read for one consultation."""
        catalogue = self.ledger.catalogue
        by_staff = changes.pop("by_staff", False)
        return read_application(
            catalogue.desk_of(consultation),
            catalogue.consultation(consultation),
            raw_application(consultation, **changes),
            by_staff=by_staff,
        )

    def request(self, consultation: str = LEGAL, **changes: Any) -> Booking:
        """A resident's request that was taken."""
        key = changes.pop("key", None)
        return requests.request(
            self.ledger, self.application(consultation, **changes), key=key
        ).booking

    def enter(self, consultation: str = LEGAL, **changes: Any) -> Booking:
        """A caller's booking that staff entered."""
        application = self.application(consultation, by_staff=True, **changes)
        return requests.enter(self.ledger, application, actor="staff:test").booking


@contextmanager
def a_house(
    url: str, *, now: datetime = TUESDAY, folder: Path | None = None, **settings: Any
) -> Iterator[House]:
    """A house on the migrated database at `url`, whose clock shows `now`."""
    chosen = Settings(database_url=url, keys=(KEY,), desks=folder, **settings)
    clock = MovableClock(now)
    if now == TUESDAY and folder is None:
        as_noted(url, _note)
    installation = install(chosen, clock, passwords=CHEAP)
    register_definitions(installation.store, installation.ledger.desks.files, now)
    try:
        yield House(installation, clock)
    finally:
        installation.store.close()


def _note(url: str) -> None:
    store = open_store(url, (KEY,))
    register_definitions(store, load(), TUESDAY)
    store.close()


def raw_application(consultation: str = LEGAL, **changes: Any) -> dict[str, Any]:
    """What a resident types, keys as in the JSON API; each call is another invented party.

    `None` leaves a key out.
    """
    number = next(_numbers)
    kana = "".join(_KANA[(number // len(_KANA) ** place) % len(_KANA)] for place in range(4))
    raw: dict[str, Any] = {
        "consultation": consultation,
        "name": "試験 花子",
        "kana": f"しけん はなこ{kana}",
        "phone": f"090-{1000 + number // 10_000:04}-{number % 10_000:04}",
        "residence": "渋川市石原",
    }
    if consultation == LEGAL:
        raw["date"] = SESSION
    else:
        raw["wishes"] = [{"date": "2026-12-01", "time_of_day": "afternoon"}]
    if consultation == IN_PERSON:
        raw["age"] = "35"
    raw |= changes
    if raw.get("slot"):
        raw.pop("date", None)
    return {name: value for name, value in raw.items() if value is not None}
