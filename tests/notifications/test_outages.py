"""Providers that are down, slow, picky or out of their mind: what goes late, elsewhere, or to people."""

import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from booking.ledger.booking import Booking
from booking.settings import Settings
from notifications.channels.channel import Channel, Message, NotSent
from notifications.channels.mail import mail_channel
from notifications.channels.memory import Memory
from notifications.failures import failures
from notifications.policy import DOWN_AGAIN, DOWN_LONG, MOST_TRIES, PROVIDER_REST
from notifications.ticker import Ticker, run_once
from tests.booking.ledger.town import DAILY, TIMES, a_town
from tests.support.house import House, tokyo
from tests.support.mailbox import Mailbox
from tests.support.telling import MAIL, confirm, rows, tries

pytestmark = pytest.mark.slow

LANDLINE = "0279-25-0001"
DOWN = NotSent("gateway-unreachable", down=True)
WITHIN_SECONDS = 60


@dataclass
class Provider(Memory):
    """Takes what it is given, unless it is down; `told_at` are the instants of what it took."""

    down: NotSent | None = None
    asked: int = 0
    told_at: list[datetime] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.asked += 1
        if self.down is not None:
            raise self.down
        super().send(message)
        self.told_at.append(message.at)


@dataclass
class Town:
    """A house, and providers of mail and SMS that a test puts out of order."""

    house: House
    mail: Provider = field(default_factory=Provider)
    sms: Provider = field(default_factory=Provider)
    # What rests is remembered from one tick to the next, as in one process.
    ticker: Ticker = field(init=False)

    def __post_init__(self) -> None:
        self.ticker = Ticker(self.house.ledger, self.house.settings, self.channels)

    @property
    def channels(self) -> Mapping[str, Channel]:
        return {"mail": self.mail, "sms": self.sms}

    def tick(self) -> None:
        """What the ticker's threads do, one after another."""
        self.ticker._prepare()
        for name in self.channels:
            self.ticker._deliver(name)

    def live_until(self, moment: str, every: timedelta = timedelta(minutes=30)) -> None:
        """Tick and let time pass, in turn."""
        while self.house.clock.at < tokyo(moment):
            self.tick()
            self.house.clock.at = min(self.house.clock.at + every, tokyo(moment))
        self.tick()

    def asks(self, at: str, **who: Any) -> Booking:
        """A request by mail for the Tokyo wall time `at`."""
        who.setdefault("email", MAIL)
        return self.house.request(DAILY, slot=tokyo(at).isoformat(), wishes=None, **who)

    def comes(self, at: str, how: str = "call", **who: Any) -> Booking:
        """The same, and staff confirm it."""
        return confirm(self.house, self.asks(at, **who), at=at, how=how)

    def of(self, booking: Booking, kind: str) -> dict[str, str]:
        """Where a message stands on each channel that had it, in order."""
        found = [one for one in rows(self.house) if one["booking_id"] == booking.id]
        return {one["channel"]: one["state"] for one in found if one["kind"] == kind}

    def row(self, booking: Booking, kind: str, channel: str) -> dict[str, Any]:
        wanted = (booking.id, kind, channel)
        (found,) = [
            one
            for one in rows(self.house)
            if (one["booking_id"], one["kind"], one["channel"]) == wanted
        ]
        return found

    def check_tries(self) -> None:
        """No message was tried more often than it may be, and each try was noted and counted.

        One that only found the provider down is noted, and says nothing of the message.
        """
        counted = [one for one in tries(self.house) if one["outcome"] != DOWN.code]
        noted = Counter(one["outbox_id"] for one in counted)
        assert all(count <= MOST_TRIES for count in noted.values())
        machine = [one for one in rows(self.house) if one["channel"] in self.channels]
        assert {one["id"]: one["attempts"] for one in machine if one["attempts"]} == dict(noted)


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[Town]:
    with a_town(database_url, tmp_path) as house:
        yield Town(house)


def test_two_days_without_mail_leave_nobody_uninformed(town: Town) -> None:
    """Mail is away from Tuesday 9:00 to Thursday 9:00."""
    clock = town.house.clock
    clock.move_to("2026-12-01 10:00")
    mobile = town.comes("2026-12-10 11:15")
    landline = town.comes("2026-12-10 10:30", phone=LANDLINE)
    early = town.comes("2026-12-11 09:00")
    town.live_until("2026-12-08 08:50", every=timedelta(days=1))
    assert town.of(mobile, "reminder-early") == {"mail": "sent"}

    clock.move_to("2026-12-08 09:00")
    town.mail.down = DOWN
    promised = town.comes("2026-12-21 09:00", how="mail", phone=LANDLINE)
    town.live_until("2026-12-08 16:00")
    near = town.comes("2026-12-09 09:00", phone=LANDLINE)
    town.live_until("2026-12-09 14:40")
    asked = town.asks("2026-12-21 09:45")
    town.live_until("2026-12-10 09:00")
    town.mail.down = None
    clock.move_to("2026-12-10 09:01")
    town.live_until("2026-12-10 16:20")

    # Late, by the channel it was meant for, at the next of its tries: there was time.
    assert town.of(asked, "received") == {"mail": "sent"}
    settled = town.row(asked, "received", "mail")["settled_at"]
    assert tokyo("2026-12-10 09:01") <= settled <= tokyo("2026-12-10 09:31")
    # By the next channel, while the office could still phone: of the day before, and of three days.
    for booking, kind in ((mobile, "reminder-last"), (early, "reminder-early")):
        assert town.of(booking, kind) == {"mail": "dead", "sms": "sent"}
        told = town.row(booking, kind, "sms")["settled_at"]
        assert tokyo("2026-12-09 08:00") <= told <= tokyo("2026-12-09 15:10")
    # By people, in time for a call; nobody made it, and that is seen.
    assert town.of(landline, "reminder-last") == {"mail": "dead", "call_list": "dead"}
    call = town.row(landline, "reminder-last", "call_list")
    assert call["due_at"] <= tokyo("2026-12-09 15:10")
    assert (call["last_error"], call["settled_at"]) == ("too-late", tokyo("2026-12-10 10:31"))
    # A day of tries, then a call, for this party was told that a mail would come.
    assert town.of(promised, "confirmed") == {"mail": "dead", "call_list": "waiting"}
    called = town.row(promised, "confirmed", "call_list")["created_at"]
    assert tokyo("2026-12-09 08:00") <= called <= tokyo("2026-12-09 09:00")
    # It was said aloud, and there is no other channel: it is tried until it begins, and staff see it.
    assert town.of(near, "confirmed") == {"mail": "dead"}
    assert town.row(near, "confirmed", "mail")["settled_at"] <= tokyo("2026-12-09 09:00")
    # The mail's reminder of the last day is not told again by mail once it is back.
    assert town.of(early, "reminder-last") == {"mail": "sent"}
    seen = {(one.reference, one.kind) for one in failures(town.house.ledger)}
    assert seen == {(landline.reference, "reminder-last"), (near.reference, "confirmed")}
    town.check_tries()


def test_nobody_asks_a_dead_provider_more_than_once_in_its_rest(town: Town) -> None:
    """However many messages wait; and all the others keep their tries for when it is back."""
    town.mail.down = DOWN
    for n in range(24):
        town.asks(f"2026-12-{n // 8 + 7:02} {TIMES[n % 4]}")
    began = town.house.clock.at
    for _ in range(31):  # five minutes
        town.tick()
        town.house.clock.move_by(seconds=10)

    rests = 5 * 60 // PROVIDER_REST.total_seconds()
    assert town.mail.asked == len(tries(town.house)) == 1 + rests
    asked = {one["outbox_id"] for one in tries(town.house)}
    untried = [one for one in rows(town.house) if one["id"] not in asked]
    assert {one["attempts"] for one in rows(town.house)} == {0}
    assert len(untried) >= 24 - (1 + rests)
    assert {one["state"] for one in untried} == {"waiting"}

    town.mail.down = None
    town.house.clock.at = began + timedelta(minutes=30)
    town.tick()
    assert len(town.mail.told) == 24
    town.check_tries()


def test_a_provider_that_names_its_rest_is_left_alone_so_long(town: Town) -> None:
    """429, retry in twenty minutes."""
    town.mail.down = NotSent("gateway-429", down=True, wait=timedelta(minutes=20))
    for time_ in TIMES:
        town.asks(f"2026-12-07 {time_}")
    for _ in range(19):
        town.tick()
        town.house.clock.move_by(minutes=1)
    assert town.mail.asked == 1

    town.house.clock.move_by(minutes=2)
    town.mail.down = None
    town.tick()
    assert len(town.mail.told) == 4


def test_what_was_never_tried_is_handed_over_in_time_all_at_once(town: Town) -> None:
    """At three on the last business day, while the provider rests; no try is burnt for it."""
    town.house.clock.move_to("2026-12-01 10:00")
    for n in range(8):
        town.comes(f"2026-12-10 {TIMES[n % 4]}")
    town.live_until("2026-12-08 10:00", every=timedelta(days=1))
    town.mail.down, town.mail.asked = DOWN, 0
    town.house.clock.move_to("2026-12-09 14:59:45")  # nobody ran since yesterday
    town.tick()
    town.house.clock.move_to("2026-12-09 14:59:59")
    town.tick()
    waiting = [one for one in rows(town.house) if one["state"] == "waiting"]
    assert len(waiting) == 7

    town.house.clock.move_to("2026-12-09 15:00")
    town.tick()

    assert town.mail.asked == 1
    last = [one for one in rows(town.house) if one["kind"] == "reminder-last"]
    found = Counter((one["channel"], one["state"], one["attempts"]) for one in last)
    assert found == {("mail", "dead", 0): 8, ("sms", "sent", 1): 8}
    assert len(town.sms.told) == 8


def test_where_all_providers_are_down_people_phone(town: Town) -> None:
    """Nobody is silently forgotten."""
    town.house.clock.move_to("2026-12-01 10:00")
    booking = town.comes("2026-12-10 11:15")
    town.live_until("2026-12-08 10:00", every=timedelta(days=1))
    town.mail.down = town.sms.down = DOWN
    town.house.clock.move_to("2026-12-09 10:00")
    town.live_until("2026-12-09 15:20")

    expected = {"mail": "dead", "sms": "dead", "call_list": "waiting"}
    assert town.of(booking, "reminder-last") == expected
    call = town.row(booking, "reminder-last", "call_list")
    assert call["due_at"] <= tokyo("2026-12-09 15:20")
    assert failures(town.house.ledger) == []
    town.check_tries()


def test_what_nobody_could_tell_in_time_is_dropped_untold(town: Town) -> None:
    """After a week's sleep: neither a reminder of what is over, nor of what the next one says."""
    town.house.clock.move_to("2026-12-01 10:00")
    over, ahead = town.comes("2026-12-10 11:15"), town.comes("2026-12-17 11:15")
    town.tick()
    told = len(town.mail.told)
    town.house.clock.move_to("2026-12-16 10:30")
    town.tick()

    assert [one.kind for one in town.mail.told[told:]] == ["reminder-last"]
    for kind in ("reminder-early", "reminder-last"):
        assert town.of(over, kind) == {"mail": "withdrawn"}
        assert town.row(over, kind, "mail")["last_error"] == "too-late"
    assert town.of(ahead, "reminder-early") == {"mail": "withdrawn"}
    assert town.of(ahead, "reminder-last") == {"mail": "sent"}
    assert failures(town.house.ledger) == []


def test_a_provider_that_refuses_some_keeps_nobody_else_waiting(
    town: Town, smtp_server: Mailbox
) -> None:
    """For good: the next channel at once. For now: later. The others: in the same tick."""
    town.house.clock.move_to("2026-12-01 10:00")
    at = "2026-12-10 09:00", "2026-12-10 09:45", "2026-12-10 10:30", "2026-12-10 11:15"
    addresses = [f"party{n}@example.jp" for n in range(4)]
    gone, full, *well = [town.comes(one, email=to) for one, to in zip(at, addresses, strict=True)]
    town.tick()
    smtp_server.refusals |= {addresses[0]: "550 no such mailbox", addresses[1]: "452 full"}
    mail = mail_channel(Settings(mail_url=smtp_server.url))
    town.house.clock.move_to("2026-12-09 10:00")
    channels = {"mail": mail, "sms": town.sms}
    run_once(town.house.ledger, town.house.settings, channels)

    assert town.of(gone, "reminder-last") == {"mail": "dead", "sms": "sent"}
    assert town.of(full, "reminder-last") == {"mail": "failed"}
    assert all(town.of(one, "reminder-last") == {"mail": "sent"} for one in well)
    arrived = {one.recipients[0] for one in smtp_server.received}
    assert arrived >= set(addresses[2:])

    smtp_server.refusals.clear()
    town.house.clock.move_by(minutes=1)
    run_once(town.house.ledger, town.house.settings, channels)
    assert town.of(full, "reminder-last") == {"mail": "sent"}


class Mad(socketserver.StreamRequestHandler):
    """Says `script`: what to greet with, and what to answer to each line; None hangs up."""

    script: tuple[bytes | None, ...] = ()

    def handle(self) -> None:
        for n, answer in enumerate(self.script):
            if n and not self.rfile.readline():
                return
            if answer is None:
                return
            self.wfile.write(answer)


GREETING, WELL = b"220 here\r\n", b"250 fine\r\n"
MADNESS: Mapping[str, tuple[bytes | None, ...]] = {
    "nonsense": (b"\xff\xfe \x00 hanako@example.jp\r\n",),
    "hangs up": (None,),
    "no numbers": (GREETING, *[b"OK\r\n"] * 20),
    "an endless line": (GREETING, b"2" * 100_000),
    "a number that is none": (GREETING, WELL, WELL, WELL, b"99999 hanako@example.jp\r\n"),
    "hangs up at the end": (GREETING, WELL, WELL, WELL, b"354 go on\r\n", None),
}


@contextmanager
def a_mad_server(script: tuple[bytes | None, ...]) -> Iterator[str]:
    """Its mail URL."""
    mad = type("ThisMad", (Mad,), {"script": script})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), mad) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("madness", MADNESS)
def test_a_server_out_of_its_mind_is_tried_politely_and_then_left(
    sqlite_url: str, tmp_path: Path, madness: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Garbage is a failure like any other: later, then the next channel; its words are kept nowhere."""
    with a_mad_server(MADNESS[madness]) as url, a_town(sqlite_url, tmp_path) as house:
        town = Town(house)
        booking = town.comes("2026-12-21 09:00", how="mail", email=MAIL)
        channels = {"mail": mail_channel(Settings(mail_url=url)), "sms": town.sms}
        while town.of(booking, "confirmed") != {"mail": "dead", "sms": "sent"}:
            assert house.clock.at < tokyo("2026-12-04 12:00"), town.of(booking, "confirmed")
            run_once(house.ledger, house.settings, channels)
            later = [one["next_try"] for one in rows(house) if one["next_try"]]
            house.clock.at = max([house.clock.at, *later]) + timedelta(seconds=1)

        noted = Counter(one["outbox_id"] for one in tries(house) if one["outcome"] != "sent")
        assert max(noted.values()) <= DOWN_LONG / DOWN_AGAIN
        outcomes = {one["outcome"] for one in tries(house)} - {"sent"}
        assert all(one.startswith("smtp-") for one in outcomes), outcomes
        assert MAIL not in repr(rows(house)) + repr(tries(house)) + caplog.text


@dataclass
class Sleeping(Memory):
    """Does not answer until it is woken."""

    begun: threading.Event = field(default_factory=threading.Event)
    woken: threading.Event = field(default_factory=threading.Event)

    def send(self, message: Message) -> None:
        self.begun.set()
        assert self.woken.wait(WITHIN_SECONDS)
        super().send(message)


def test_a_slow_channel_holds_up_no_other(sqlite_url: str, tmp_path: Path) -> None:
    """Mail hangs with its first message of many; SMS go out meanwhile, and mail goes on after it."""
    with a_town(sqlite_url, tmp_path) as house:
        town, mail = Town(house), Sleeping()
        for time_ in TIMES:
            town.asks(f"2026-12-07 {time_}")
        ticker = Ticker(
            house.ledger, house.settings, {"mail": mail, "sms": town.sms}, timedelta(seconds=0.05)
        )
        ticker.start()
        try:
            assert mail.begun.wait(WITHIN_SECONDS)
            for time_ in TIMES:
                town.asks(f"2026-12-08 {time_}", email=None)
            wait_until(lambda: len(town.sms.told) == 4)
            assert mail.told == []
        finally:
            mail.woken.set()
            wait_until(lambda: len(mail.told) == 4)
            ticker.stop()


def wait_until(true: Callable[[], bool]) -> None:
    """Return once `true`, which another thread brings about."""
    until = time.monotonic() + WITHIN_SECONDS
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)
