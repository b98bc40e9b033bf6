"""When a desk's channels are answered: open at an instant, last intake, the next opening."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from slots.desk import Channel, Desk
from slots.interval import Interval, merged, without
from slots.zone import instant, local_date

HORIZON_DAYS = 60


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """One channel, answered during [start, end); who calls at `last_intake` is still taken.

    Instants are aware, in the desk's zone.
    """

    start: datetime
    end: datetime
    channel: Channel
    last_intake: datetime

    def takes(self, at: datetime) -> bool:
        """Whether somebody who turns to the channel at `at` is taken.

        「相談受付は終了時刻の30分前まで」: 21:30 itself is still taken, a second later is not.
        Where no last intake is set, the end itself is already closed.
        """
        if self.last_intake == self.end:
            return self.start <= at < self.end
        return self.start <= at <= self.last_intake


def hours_on(desk: Desk, day: date) -> list[Stretch]:
    """The stretches of the local `day`, by start, then channel order of the definition.

    A closure of the desk cuts its time out of them; who is there before it still takes calls until
    it begins.
    """
    closed = desk.closed_days.name_of(day) is not None
    closures = [one for one in desk.closures if one.covers(day)]
    if any(one.whole_days for one in closures):
        return []
    gaps = [one.on(day, desk.zone) for one in closures]
    found = []
    for rule in desk.hours:
        if closed and rule.on_holiday == "skip":
            continue
        if not rule.falls_on(day):
            continue
        whole = Interval(instant(day, rule.start, desk.zone), instant(day, rule.end, desk.zone))
        intake = whole.end - timedelta(minutes=rule.last_intake_minutes)
        for part in without(whole, gaps):
            last = min(part.end, intake)
            if last < part.start:
                continue
            found += [Stretch(part.start, part.end, one, last) for one in rule.channels]
    return sorted(found, key=lambda stretch: stretch.start)


def why_closed(desk: Desk, day: date) -> str | None:
    """What people are told of a local `day` that is no ordinary one: its holiday, or a closure."""
    texts = [one.text for one in desk.closures if one.covers(day)]
    return desk.closed_days.name_of(day) or next((text for text in texts if text), None)


def always_open(desk: Desk) -> list[Channel]:
    """The channels that take what is sent at any hour: mail, fax, letter."""
    return [one.channel for one in desk.contacts if one.always]


def open_at(desk: Desk, at: datetime) -> list[Stretch]:
    """The stretches in which somebody who turns to the desk at `at` is taken."""
    return [stretch for stretch in hours_on(desk, local_date(at, desk.zone)) if stretch.takes(at)]


def next_opening(desk: Desk, at: datetime, channel: Channel | None = None) -> Stretch | None:
    """The first stretch that starts after `at` (of `channel`, if given) within 60 days, or None."""
    today = local_date(at, desk.zone)
    for n in range(HORIZON_DAYS):
        for stretch in hours_on(desk, today + timedelta(days=n)):
            if stretch.start > at and channel in (None, stretch.channel):
                return stretch
    return None


def staffed_on(desk: Desk, day: date) -> list[Interval]:
    """When anybody answers at the desk on the local `day`, whatever the channel."""
    return merged(Interval(stretch.start, stretch.end) for stretch in hours_on(desk, day))
