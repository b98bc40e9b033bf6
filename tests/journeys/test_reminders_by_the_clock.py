"""Weeks of a town's life by the clock: who hears what, and when, whatever happens in between.

Ticks come at the hours at which something may begin, at night too, and at those where the clock stops.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from booking.desks.catalogue import SHIPPED
from booking.ledger import changes, desk_changes
from booking.ledger.booking import Booking
from booking.ledger.reinstating import reinstate
from slots.zone import local
from tests.support.house import LEGAL, NEXT_SESSION, SESSION, House, a_house, tokyo
from tests.support.telling import MAIL, STAFF, Teller, confirmed

pytestmark = pytest.mark.slow

TOWN = "shibukawa.toml"
HOURS = (3, 8, 10, 15, 22)
EARLY, LAST = "12-16 10:00 reminder-early", "12-18 10:00 reminder-last"


@dataclass
class Weeks:
    """A house whose clock goes on; `heard` says when the party was mailed what, in Tokyo's time."""

    house: House
    teller: Teller = field(init=False)
    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.teller = Teller(self.house)

    def until(self, text: str, *, asleep: bool = False) -> None:
        """Let time pass; nothing ticks while all processes are `asleep`."""
        end = tokyo(text)
        while self.house.clock.at < end:
            if not asleep:
                self.tick()
            self.house.clock.at = min(end, _next(self.house.clock.at))
        self.house.clock.at = end
        if not asleep:
            self.tick()

    def tick(self) -> None:
        """Tell what is due now."""
        before = len(self.teller.mail.told)
        self.teller.tick()
        now = local(self.house.clock.at, "Asia/Tokyo")
        self.heard += [f"{now:%m-%d %H:%M} {one.kind}" for one in self.teller.mail.told[before:]]

    def since(self, day: str) -> list[str]:
        """What was heard from that day on."""
        return [one for one in self.heard if one >= day]


def _next(at: datetime) -> datetime:
    """The next of the hours at which something may begin."""
    here = local(at, "Asia/Tokyo")
    midnight = here.replace(hour=0, minute=0, second=0)
    ahead = [midnight + timedelta(days=day, hours=hour) for day in (0, 1) for hour in HOURS]
    return min(one for one in ahead if one > here)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Shibukawa's desk file alone: what other desks publish is noted anew every night."""
    return Path(
        shutil.copytree(SHIPPED, tmp_path / "desks", ignore=lambda _, names: {*names} - {TOWN})
    )


@pytest.fixture
def weeks(database_url: str, town: Path) -> Iterator[Weeks]:
    """Weeks that begin on a Monday, five days before the session."""
    with a_house(database_url, folder=town, now=tokyo("2026-12-14 09:00")) as house:
        yield Weeks(house)


def booked(house: House, **who: object) -> Booking:
    """Confirmed on the phone for the session of 19 December; the mail is the party's copy."""
    return confirmed(house, email=MAIL, **who)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "hears"),
    [
        ("2026-12-16 09:45", ["12-16 09:45 confirmed", EARLY, LAST]),
        ("2026-12-16 10:00", ["12-16 10:00 confirmed", LAST]),
        ("2026-12-18 09:45", ["12-18 09:45 confirmed", LAST]),
        ("2026-12-18 10:00", ["12-18 10:00 confirmed"]),
    ],
)
def test_who_books_after_a_reminders_moment_is_not_reminded_of_what_it_has_just_done(
    weeks: Weeks, at: str, hears: list[str]
) -> None:
    """To the minute, on both sides of each moment."""
    weeks.until(at)
    weeks.house.enter(slot=f"{SESSION}T09:45", email=MAIL, reason="試験")
    weeks.until(f"{SESSION} 12:00")

    assert weeks.heard == hears


def test_who_moves_to_another_month_hears_of_the_new_day_only(weeks: Weeks) -> None:
    """Moved between the two reminders of the old day."""
    booking = booked(weeks.house)
    weeks.until("2026-12-17 12:00")
    target = weeks.house.application(slot=f"{NEXT_SESSION}T09:00").target
    changes.move(weeks.house.ledger, booking.id, actor=STAFF, target=target)
    weeks.until(f"{NEXT_SESSION} 12:00")

    assert weeks.heard == [
        *("12-14 09:00 confirmed", EARLY, "12-17 12:00 moved"),
        *("01-13 10:00 reminder-early", "01-15 10:00 reminder-last"),
    ]


def test_who_moves_nearer_is_reminded_before_the_nearer_day(weeks: Weeks) -> None:
    """The reminders of the day that was given up never come."""
    booking = weeks.house.enter(slot=f"{NEXT_SESSION}T09:00", email=MAIL)
    weeks.tick()
    target = weeks.house.application(slot=f"{SESSION}T11:15").target
    changes.move(weeks.house.ledger, booking.id, actor=STAFF, target=target, reason="試験")
    weeks.until(f"{NEXT_SESSION} 12:00")

    assert weeks.heard == ["12-14 09:00 confirmed", "12-14 09:00 moved", EARLY, LAST]


def test_who_cancels_hears_of_the_cancellation_and_no_more(weeks: Weeks) -> None:
    booking = booked(weeks.house)
    weeks.until("2026-12-17 12:00")
    changes.cancel(weeks.house.ledger, booking.id, actor="resident")
    weeks.until(f"{SESSION} 12:00")

    assert weeks.heard == ["12-14 09:00 confirmed", EARLY, "12-17 12:00 cancelled"]


@pytest.mark.parametrize(
    ("cancelled", "reinstated", "hears"),
    [
        (
            "2026-12-15 12:00",
            "2026-12-15 15:00",
            ["12-15 12:00 cancelled", "12-15 15:00 reinstated", EARLY, LAST],
        ),
        (
            "2026-12-15 12:00",
            "2026-12-17 15:00",
            ["12-15 12:00 cancelled", "12-17 15:00 reinstated", LAST],
        ),
        ("2026-12-15 12:00", "2026-12-15 12:00", ["12-15 12:00 reinstated", EARLY, LAST]),
    ],
)
def test_whose_cancellation_is_taken_back_is_reminded_again(
    weeks: Weeks, cancelled: str, reinstated: str, hears: list[str]
) -> None:
    """And not told of a cancellation that was taken back before anybody could tell it."""
    booking = booked(weeks.house)
    weeks.until(cancelled.replace("12:00", "11:45"))
    weeks.house.clock.move_to(cancelled)
    changes.cancel(weeks.house.ledger, booking.id, actor=STAFF, reason="押しまちがい")
    if reinstated != cancelled:
        weeks.until(reinstated)
    reinstate(weeks.house.ledger, booking.id, actor=STAFF)
    weeks.until(f"{SESSION} 12:00")

    assert weeks.heard[1:] == hears


def test_when_staff_close_the_session_its_parties_hear_of_that_and_no_more(weeks: Weeks) -> None:
    """Snow: whoever comes would come in vain."""
    booked(weeks.house)
    weeks.until("2026-12-17 12:00")
    closure = {"first": SESSION, "last": SESSION, "text": "大雪のため中止します。"}
    desk_changes.make(
        weeks.house.ledger,
        LEGAL,
        "closures",
        closure,
        actor=STAFF,
        bookings_do="follow",
        reason="大雪のため",
    )
    weeks.until(f"{SESSION} 12:00")

    assert weeks.since("12-17") == ["12-17 12:00 cancelled"]


def test_when_staff_move_the_session_its_parties_are_reminded_of_the_new_day(weeks: Weeks) -> None:
    """Friday 25 December instead, after the first reminder of the old day."""
    booked(weeks.house)
    weeks.until("2026-12-17 12:00")
    move = {"session": SESSION, "to": "2026-12-25"}
    desk_changes.make(
        weeks.house.ledger, LEGAL, "moved_sessions", move, actor=STAFF, bookings_do="follow"
    )
    weeks.until("2026-12-25 12:00")

    assert weeks.since("12-17") == [
        *("12-17 12:00 moved", "12-22 10:00 reminder-early", "12-24 10:00 reminder-last"),
    ]


@pytest.mark.parametrize(
    ("now", "session", "early", "last"),
    [
        # Friday 2026-03-20 is 春分の日: the last business day before Saturday is Thursday.
        ("2026-03-02 09:00", "2026-03-21", "03-17 10:00", "03-19 10:00"),
        # From 21 to 23 September 2026 all are holidays; the session of the 19th comes before.
        ("2026-09-01 09:00", "2026-09-19", "09-16 10:00", "09-18 10:00"),
    ],
)
def test_in_holiday_weeks_reminders_come_on_days_when_somebody_answers(
    sqlite_url: str, town: Path, now: str, session: str, early: str, last: str
) -> None:
    with a_house(sqlite_url, folder=town, now=tokyo(now)) as house:
        weeks = Weeks(house)
        confirmed(house, at=f"{session} 09:45", email=MAIL)
        weeks.until(f"{session} 12:00")

        assert weeks.heard[1:] == [f"{early} reminder-early", f"{last} reminder-last"]


@pytest.mark.parametrize(
    ("asleep_until", "hears"),
    [
        ("2026-12-17 03:00", ["12-17 08:00 reminder-early", LAST]),  # awake at night: not at three
        ("2026-12-18 15:00", ["12-18 15:00 reminder-last"]),
        ("2026-12-19 06:00", ["12-19 08:00 reminder-last"]),
        ("2026-12-21 09:00", []),  # it is over
    ],
)
def test_who_slept_tells_what_is_still_worth_it_and_no_more(
    weeks: Weeks, asleep_until: str, hears: list[str]
) -> None:
    """A worker that slept for days wakes nobody, doubles nothing and reminds of nothing past."""
    booked(weeks.house)
    weeks.tick()
    weeks.until(asleep_until, asleep=True)
    weeks.until("2026-12-22 12:00")

    assert weeks.heard[1:] == hears


def test_what_happened_while_all_slept_is_told_as_it_now_stands(weeks: Weeks) -> None:
    """Confirmed, moved and cancelled during a week without a worker: one message."""
    house = weeks.house
    booking = booked(house)
    target = house.application(slot=f"{SESSION}T11:15").target
    changes.move(house.ledger, booking.id, actor=STAFF, target=target)
    house.clock.move_to("2026-12-16 18:00")
    changes.cancel(house.ledger, booking.id, actor=STAFF, reason="体調のため")
    weeks.until("2026-12-18 10:00", asleep=True)
    weeks.until(f"{SESSION} 12:00")

    assert weeks.heard == ["12-18 10:00 cancelled"]
