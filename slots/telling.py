"""When and how a desk tells its parties: reminders, quiet hours, the order of channels. Values only."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from slots.holidays import ClosedDays
from slots.zone import instant, local

WrittenChannel = Literal["line", "mail", "sms", "letter"]
WRITTEN: tuple[WrittenChannel, ...] = ("line", "mail", "sms", "letter")
# A reminder is a kind of message, and each kind is told once: three have a name of their own.
MOST_REMINDERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """At the wall time `at`, so many business days before the day of the consultation; 0: on it."""

    business_days_before: int
    at: time

    def moment(self, day: date, closed_days: ClosedDays, zone: str) -> datetime:
        """The instant of the reminder of a consultation on the local `day`."""
        count = self.business_days_before
        told_on = closed_days.business_days_before(day, count) if count else day
        return instant(told_on, self.at, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """The wall times between which no telephone rings because of us; they may lie around midnight."""

    start: time = time(21)
    end: time = time(8)

    def holds(self, wall: time) -> bool:
        """Whether the wall time lies in the quiet hours."""
        if self.start <= self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end

    def over(self, at: datetime, zone: str) -> datetime:
        """`at` itself outside the quiet hours, else the instant at which they end."""
        here = local(at, zone)
        if not self.holds(here.time()):
            return at
        if here.time() >= self.end:
            return instant(here.date() + timedelta(days=1), self.end, zone)
        # In an hour that clocks pass twice, the end is that of the pass in which `at` lies.
        return instant(here.date(), self.end.replace(fold=here.fold), zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a desk decides of its messages. Times are the desk's wall times.

    `order` are the written channels that the desk uses, the first that reaches a party first, after
    the party's own wish; whom none reaches is phoned. `unanswered_after` business days after it a
    request that nobody answered is told to `staff_mail`, which also gets the list of a day's parties
    at `day_list_at` on the business day before. None: it isn't told.
    """

    reminders: tuple[Reminder, ...] = (
        Reminder(business_days_before=3, at=time(10)),
        Reminder(business_days_before=1, at=time(10)),
    )
    quiet: Quiet = Quiet()
    order: tuple[WrittenChannel, ...] = ("line", "mail", "sms")
    most_a_day: int = 6
    unanswered_after: int | None = 2
    day_list_at: time | None = time(16)
    staff_mail: tuple[str, ...] = ()
