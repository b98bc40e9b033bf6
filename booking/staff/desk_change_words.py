"""Dated changes of a desk in words, for a list's cells. No page, no database."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from booking.desks.current import change_of
from booking.i18n import clock_time, era_date, short_date
from booking.ledger.booking import Booking
from booking.staff import words
from slots.changes import (
    Change,
    ChangedCapacity,
    ChangedHours,
    ChangedPlace,
    Closure,
    ExtraSession,
    MovedSession,
)
from slots.definition import DefinitionError
from slots.roster import Absence
from slots.sessions import Session
from slots.zone import local

KIND: Mapping[str, str] = {
    "closures": "休止",
    "extra_sessions": "臨時の開催",
    "moved_sessions": "日程変更",
    "settled_sessions": "開催の決定",
    "changed_hours": "時間変更",
    "changed_places": "会場変更",
    "changed_capacities": "席数・担当の変更",
    "absences": "担当者の不在",
}
NOTE: Mapping[str, str] = {
    "outside": "開催日ではありません",
    "closed": "もう休止になっています",
}
PASSED: Mapping[str, str] = {
    "standing": "もう登録されています",
    "occupied": "もう開催があります",
    "unserved": "担当する開催の時間ではありません",
}
LEFT_OUT: Mapping[str, str] = {
    "past": "過ぎた日 {count}件",
    "later": "「いつまで」より後の日 {count}件",
    "cancelled": "取り消された予定 {count}件",
    "moments": "長さのない予定 {count}件",
    "others": "予定ではないもの（ToDoなど） {count}件",
    "again": "同じ日時の繰り返し {count}件",
}


def read(kind: str, data: Mapping[str, Any]) -> Change | Absence | None:
    """The change that was kept, or None where it can no longer be read."""
    try:
        return change_of(kind, data)
    except (DefinitionError, LookupError):
        return None


def days(change: Change | Absence | None) -> str:
    """When it holds: 令和8年12月19日（土）, and the days or times of it."""
    if change is None:
        return "読み取れません。取り下げてください"
    if isinstance(change, Absence):
        return span(change.first, change.last)
    if isinstance(change, Closure):
        whole = span(change.first, change.last)
        return whole if change.whole_days else f"{whole} {times(change.start, change.end)}"
    if isinstance(change, MovedSession):
        return f"{era_date(change.session)} → {era_date(change.to)}"
    if isinstance(change, ExtraSession | ChangedHours):
        blocks = "、".join(times(one.start, one.end) for one in change.blocks)
        return f"{era_date(change.session)} {blocks}"
    return era_date(change.session)


def span(first: date, last: date) -> str:
    """A day, or the first and last of several."""
    return era_date(first) if first == last else f"{era_date(first)}から{short_date(last)}まで"


def times(start: time | None, end: time | None) -> str:
    """午前9時から正午まで."""
    return f"{_clock(start)}から{_clock(end)}まで"


def _clock(at: time | None) -> str:
    return clock_time(datetime.combine(date(2000, 1, 1), at or time()))


def more(change: Change | Absence | None) -> str:
    """What it says beside its days: who is absent, how many seats, where, and what people are told."""
    parts = []
    if isinstance(change, Absence):
        return change.who
    if isinstance(change, ExtraSession | ChangedCapacity) and change.seats is not None:
        parts.append(f"席数 {change.seats}")
    if isinstance(change, ExtraSession | ChangedCapacity) and change.roster:
        parts.append(f"担当 {'、'.join(change.roster)}")
    if isinstance(change, ExtraSession | ChangedPlace) and change.place is not None:
        parts.append(change.place.name)
    if change is not None and change.text:
        parts.append(f"「{change.text}」")
    return " ".join(parts)


def session(one: Session) -> str:
    """12月19日（土）午前9時から正午まで."""
    start, end = local(one.start, one.zone), local(one.end, one.zone)
    return f"{short_date(one.date)}{clock_time(start)}から{clock_time(end)}まで"


def booking(one: Booking, *, lost: bool) -> dict[str, str]:
    """One line of the bookings that a change touches; the name masked."""
    return {
        "reference": one.reference,
        "href": f"/staff/bookings/{one.reference}",
        "name": words.masked(one.contact.name),
        "when": words.when_short(one),
        "status": words.STATUS[one.status],
        "fate": "枠がなくなります" if lost else "日時か場所が変わります",
    }
