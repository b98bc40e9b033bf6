"""What a desk file means, in words that outlive the code: python -m tests.slots.format_meaning 1.

Prints the JSON that belongs beside tests/slots/formats/1.toml: sessions, seats and windows of the
fiscal year 2026, the desks' hours of some weeks, and who may book how often.
"""

import json
import sys
import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from slots.admission import TIES
from slots.availability import Held, availability, window_of
from slots.definition import parse
from slots.desk import Consultation, Desk, Organisation, Subsidy
from slots.grid import slots_of
from slots.hours import always_open, hours_on
from slots.place import Place
from slots.sessions import Session, sessions_of
from slots.telling import Telling
from slots.window import BOOKING_CHANNELS
from slots.zone import days, fiscal_year, instant

FORMATS = Path(__file__).parent / "formats"
# An ordinary one, Golden Week, one with a closure, and one over the year-end.
WEEKS = date(2026, 3, 30), date(2026, 5, 4), date(2026, 11, 2), date(2026, 12, 28)
# A Saturday behind a holiday, a Monday, and the first days after Golden Week and the year-end.
TOLD_OF = date(2026, 3, 21), date(2026, 11, 16), date(2026, 5, 7), date(2027, 1, 5)


def read_format(name: str) -> Organisation:
    """The organisation of the example file of a format."""
    text = (FORMATS / f"{name}.toml").read_text(encoding="utf-8")
    return parse(tomllib.loads(text), lambda file: (FORMATS / file).read_bytes())


def meaning(town: Organisation) -> dict[str, Any]:
    """What follows from `town`; the same for every way to write it down."""
    return {
        "organisation": {
            "id": town.key,
            "name": town.name,
            "code": town.code,
            "zone": town.zone,
            "sender": town.sender,
            "page": town.page,
            "posted": town.posted,
            "office": dict(town.office),
            "sources": dict(town.sources),
            "unconfirmed": dict(town.unconfirmed),
        },
        "closed": [
            f"{day} {name}"
            for day in days(*fiscal_year(2026))
            if (name := town.closed_days.name_of(day))
        ],
        "desks": {desk.key: _desk(desk) for desk in town.desks},
    }


def _desk(desk: Desk) -> dict[str, Any]:
    return {
        "texts": [desk.name, desk.short_name, desk.service, desk.operator, desk.since, desk.fee],
        "lists": [desk.eligibility, desk.hours_text, desk.collects, desk.cases, desk.notes],
        "contacts": [[one.channel, one.value, one.label, one.note] for one in desk.contacts],
        "phone": desk.phone(),
        "place": _place(desk.place),
        "always": always_open(desk),
        "hours": [
            f"{stretch.start:%Y-%m-%d %a %H:%M}-{stretch.end:%H:%M} {stretch.channel}"
            f" until {stretch.last_intake:%H:%M}"
            for week in WEEKS
            for day in days(week, week + timedelta(days=7))
            for stretch in hours_on(desk, day)
        ],
        "referrals": [
            [one.name, one.operator, one.phone, one.hours, one.note] for one in desk.referrals
        ],
        "subsidy": _subsidy(desk.subsidy),
        "messages": _messages(desk, desk.telling),
        "private_feed": desk.private_feed,
        "sources": dict(desk.sources),
        "unconfirmed": dict(desk.unconfirmed),
        "consultations": {one.key: _consultation(one) for one in desk.consultations},
    }


def _messages(desk: Desk, telling: Telling) -> dict[str, Any]:
    quiet = telling.quiet
    return {
        "order": telling.order,
        "quiet": " ".join(
            f"{hour:02}:{minute:02}"
            for hour in range(24)
            for minute in (0, 30)
            if quiet.holds(time(hour, minute))
        ),
        "most_a_day": telling.most_a_day,
        "unanswered_after": telling.unanswered_after,
        "day_list_at": telling.day_list_at and f"{telling.day_list_at:%H:%M}",
        "staff_mail": telling.staff_mail,
        "reminders": [
            f"of {day}: {one.moment(day, desk.closed_days, desk.zone):%Y-%m-%d %a %H:%M}"
            for day in TOLD_OF
            for one in telling.reminders
        ],
    }


def _subsidy(one: Subsidy | None) -> list[Any] | None:
    return one and [one.name, one.who, one.what, one.amount, one.notes]


def _consultation(one: Consultation) -> dict[str, Any]:
    held = sessions_of(one, *fiscal_year(2026))
    return {
        "texts": [one.name, one.summary, one.fee, one.day_contact, one.phone],
        "lists": [one.exclusions, one.bring, one.notes],
        "allotment": one.allotment,
        "minutes": one.slot_minutes,
        "confirmed_by": one.confirmed_by,
        "booked_by": one.booked_by,
        "waiting_list": one.waiting_list,
        "asks": {"age": one.asks_age, "referral": one.needs_referral},
        "ties": {tie: one.eligibility.judge([tie]) for tie in TIES},
        "needs": [
            f"{need.name} {need.note}: for 2026-11-21 until "
            f"{need.latest(date(2026, 11, 21), one.closed_days)}"
            for need in one.needs
        ],
        "limits": [
            f"{limit.at_most} per {limit.per} and {limit.scope}, then {limit.then}: {limit.text}"
            for limit in one.limits
        ],
        "place": _place(one.place),
        "sessions": [_session(one, session) for session in held],
        "window_without_session": _window(one, date(2026, 11, 20), None),
    }


def _session(consultation: Consultation, one: Session) -> str:
    """In one line, so that a difference is seen."""
    slots = slots_of(one)
    closed = [f"{slot.start:%H:%M}" for slot in slots if slot.closed is not None]
    return " | ".join(
        [
            f"{one.date:%Y-%m-%d %a} {one.start:%H:%M}-{one.end:%H:%M} for {one.planned}",
            f"{one.status}, told {one.text}",
            " ".join(f"{slot.start:%H:%M}x{slot.seats}" for slot in slots),
            f"closed {' '.join(closed) or 'never'}",
            f"by {' '.join(one.roster) or 'anybody'}",
            f"at {_place(one.place)}",
            *_window(consultation, one.date, slots[0].start),
            *_bookable(consultation, one, sum(slot.seats for slot in slots)),
        ]
    )


def _window(one: Consultation, day: date, start: datetime | None) -> list[str]:
    found = []
    for channel in BOOKING_CHANNELS:
        opens, closes = window_of(one, day, channel, start=start)
        since = f"{opens:%Y-%m-%d %H:%M}" if opens else "always"
        found.append(f"{channel} {since} to {closes:%Y-%m-%d %H:%M}")
    return found


def _bookable(consultation: Consultation, one: Session, seats: int) -> list[str]:
    """Seats of one slot to be had by each channel, a week, a day and an hour before.

    All but four of the session are held, so that quotas show.
    """
    noon = instant(one.date, time(12), one.zone)
    moments = noon - timedelta(days=7), noon - timedelta(days=1), one.start - timedelta(hours=1)
    held = Held(parties=max(0, seats - 4))
    found = []
    for channel in BOOKING_CHANNELS:
        free = []
        for at in moments:
            slots = availability(consultation, one, held, at, channel=channel).slots
            free.append(max((slot.free for slot in slots if slot.bookable), default=0))
        found.append(f"{channel} can have {free[0]}, {free[1]}, {free[2]}")
    return found


def _place(place: Place | None) -> str:
    if place is None:
        return "no place"
    return f"{place.name}, {place.room}, {place.address}, {place.postcode}"


def as_json(town: Organisation) -> str:
    """The meaning as text, a line for each thing, so that a difference is seen."""
    return json.dumps(meaning(town), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_json(read_format(sys.argv[1])))
