"""An hour of a town's morning in twenty seconds: two tickers and three cron tables, each a process."""

import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from booking.ledger import changes
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from booking.store import log
from notifications.policy import STAFF_MAIL
from tests.support.house import House, a_house, tokyo
from tests.support.sink import Sink, Taken, running_sink
from tests.support.teller import Orders, Tellers, run_again_and_again, tick
from tests.support.telling import STAFF, rows, tries

pytestmark = pytest.mark.slow
TICKERS, CRON_TABLES = 2, 3
PATIENCE_SECONDS = 90
# What a process waits for on a busy machine is minutes of the rehearsal: nobody is to be taken for dead.
LEASE = timedelta(hours=3)
BEGIN, END = "2026-12-10 08:45", "2026-12-10 09:50"
DESK = """
[[desks]]
id = "{desk}"
name = "相談窓口"
fee = "無料"
[desks.messages]
staff_mail = ["{desk}@example.jp"]
day_list_at = "09:30"
reminders = [
  {{ business_days_before = 1, at = "09:10" }},
  {{ business_days_before = 0, at = "09:20" }},
]
[[desks.consultations]]
id = "daily"
name = "相談"
allotment = "slot"
fee = "無料"
slot_minutes = 45
seats = 10
[[desks.consultations.openings]]
weekly = ["mon", "tue", "wed", "thu", "fri"]
start = "11:00"
end = "17:00"
on_holiday = "skip"
"""
TOWN = """
format = 1
[organisation]
id = "testtown"
name = "試験町"
code = "999999"
sender = "試験町役場"
"""
DESKS = ("first", "second", "third")
YESTERDAY, TODAY, TOMORROW, LATER = "2026-12-09", "2026-12-10", "2026-12-11", "2026-12-14"


@dataclass
class Town:
    """A house whose parties ask, are confirmed and cancel; all of them by mail."""

    house: House

    def ask(self, desk: str, at: str) -> Booking:
        """A request for the Tokyo wall time `at`."""
        return self.house.request(
            f"testtown/{desk}/daily",
            slot=tokyo(at).isoformat(),
            wishes=None,
            email="hanako@example.jp",
        )

    def confirm(self, booking: Booking, at: str) -> Booking:
        """Staff confirm it, by phone."""
        target = Target(slot=tokyo(at))
        return changes.confirm(
            self.house.ledger, booking.id, actor=STAFF, how="call", target=target
        )

    def book(self, desk: str, day: str, count: int) -> list[Booking]:
        """So many confirmed bookings on a day."""
        times = [f"{day} 11:00", f"{day} 11:45", f"{day} 12:30", f"{day} 13:15", f"{day} 14:00"]
        wanted = [times[n % len(times)] for n in range(count)]
        return [self.confirm(self.ask(desk, at), at) for at in wanted]


def a_week_before(town: Town) -> list[Booking]:
    """What the hour begins with: bookings of today, of tomorrow, and requests that nobody answered."""
    booked = []
    for desk in DESKS:
        booked += town.book(desk, TODAY, 4) + town.book(desk, TOMORROW, 8)
        for _ in range(3):
            town.ask(desk, f"{LATER} 11:45")
    return booked


def live_an_hour(town: Town, orders: Orders, booked: list[Booking]) -> None:
    """Every few minutes somebody asks, is confirmed or cancels, until the hour is over."""
    clock, end = orders.clock, tokyo(END)
    step = 0
    while (now := clock()) < end:
        town.house.clock.at = now
        if step % 3 == 0:
            town.ask(DESKS[step % 9 // 3], f"{LATER} 12:30")
        elif step % 3 == 1:
            town.book(DESKS[step % 9 // 3], LATER, 1)
        else:
            changes.cancel(town.house.ledger, booked[3 * step].id, actor="resident")
        step += 1
        time.sleep(max(0.0, 300 / orders.speed - (clock() - now).total_seconds() / orders.speed))


def wait_until_told(house: House, orders: Orders) -> None:
    """Until nothing that is due is left to tell, and every fact is read."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        end = tokyo(END)
        left = [one for one in rows(house) if one["due_at"] <= end and one["settled_at"] is None]
        left = [one for one in left if one["channel"] != "call_list"]
        if not left and not house.ledger.store.read(log.any_unread):
            return
        time.sleep(0.2)


def jobs_of(house: House) -> list[Any]:
    query = text("SELECT name, period, done_at FROM job_runs ORDER BY name")
    return list(house.ledger.store.read(lambda tx: tx.execute(query).all()))


@dataclass(frozen=True)
class Hour:
    """What came of it. `ran` is how many of the day's jobs all processes ran together."""

    orders: Orders
    rows: list[dict[str, Any]]
    tries: list[dict[str, Any]]
    jobs: list[Any]
    ran: int
    taken: list[Taken]
    said: str

    def check_jobs(self) -> None:
        """Each job of the day ran once, and so did the lists that nobody planned the day before."""
        assert self.ran == 2 * len(DESKS) + 1, "a job of the day ran more than once"
        names = [(one.name, one.period) for one in self.jobs]
        lists = [(f"day-list:testtown/{desk}", day) for desk in DESKS for day in (YESTERDAY, TODAY)]
        assert sorted(names) == [*sorted(lists), ("forget", TODAY)]
        assert all(one.done_at is not None for one in self.jobs)

    def check_messages(self) -> None:
        """Each message once, none early, none before it was tried, none lost."""
        received = Counter(one.ref for one in self.taken)
        sent = {row["ref"]: row for row in self.rows if row["state"] == "sent"}
        assert received == dict.fromkeys(sent, 1)
        early = [
            sent[one.ref]["kind"]
            for one in self.taken
            if self.orders.moment(one.at) < sent[one.ref]["due_at"]
        ]
        assert early == []
        assert Counter(one["outbox_id"] for one in self.tries if one["outcome"] == "sent") == {
            row["id"]: 1 for row in sent.values()
        }


def an_hour(
    database_url: str, folder: Path, sink: Sink, *, speed: float = 180, without: str | None = None
) -> Hour:
    """Let the hour pass, so many times as fast as in life."""
    (folder / "desks").mkdir()
    definition = TOWN + "".join(DESK.format(desk=one) for one in DESKS)
    (folder / "desks/testtown.toml").write_text(definition, encoding="utf-8")
    with ExitStack() as stack:
        house = stack.enter_context(
            a_house(database_url, now=tokyo("2026-12-07 10:00"), folder=folder / "desks")
        )
        town = Town(house)
        booked = a_week_before(town)
        orders = Orders(
            database_url=database_url,
            mail_url=sink.url,
            folder=folder,
            at=tokyo(BEGIN),
            speed=speed,
            lease=LEASE,
            without=without,
        )
        tellers = stack.enter_context(Tellers(orders))
        tellers.start(tick, TICKERS)
        tellers.start(run_again_and_again, CRON_TABLES)
        live_an_hour(town, orders, booked)
        wait_until_told(house, orders)
        tellers.stop()
        ran = len(orders.jobs_run.read_text().splitlines())
        return Hour(
            orders, rows(house), tries(house), jobs_of(house), ran, sink.taken, tellers.said
        )


def test_in_an_hour_of_five_processes_each_job_runs_once_and_each_message_goes_once(
    postgresql_url: str, tmp_path: Path
) -> None:
    with running_sink() as sink:
        found = an_hour(postgresql_url, tmp_path, sink)
    kinds = Counter((row["kind"], row["channel"], row["state"]) for row in found.rows)
    print(f"{len(found.taken)} mails, {found.ran} jobs of the day,", kinds)

    found.check_jobs()
    found.check_messages()
    party = [one for one in found.rows if one["channel"] != STAFF_MAIL]
    due = [one for one in party if one["due_at"] <= tokyo(END)]
    assert {one["state"] for one in due} <= {"sent", "withdrawn"}
    told = Counter(one["kind"] for one in due if one["state"] == "sent")
    # Four of today and eight of tomorrow at each desk, but for those that were cancelled before.
    # Nobody ticked yesterday: who starts before 9:20 still tells today's parties its reminder.
    cancelled = told["cancelled"]
    assert cancelled > 0
    assert 12 - cancelled <= told["reminder-last"] <= 12
    assert 24 - cancelled <= told["reminder-early"] <= 36
    mailed = [one for one in found.rows if one["channel"] == STAFF_MAIL and one["state"] == "sent"]
    # Nine requests of Monday that nobody answered by nine, each desk's list of tomorrow, and the one
    # of today that nobody sent yesterday.
    assert Counter(one["kind"] for one in mailed) == {"unanswered": 9, "day-list": 2 * len(DESKS)}
    assert "Traceback" not in found.said


def test_without_the_claim_of_a_job_it_runs_again_and_again(
    postgresql_url: str, tmp_path: Path
) -> None:
    """The control: if this passed as well, the test above would prove nothing."""
    with running_sink() as sink:
        found = an_hour(postgresql_url, tmp_path, sink, speed=720, without="claims")

    with pytest.raises(AssertionError, match="more than once"):
        found.check_jobs()
