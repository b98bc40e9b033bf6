"""The board of sessions and slots: what is free, who holds what, what staff may choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from booking.i18n import clock_time, era_date, short_date
from booking.ledger import queries
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.ledger.status import Status
from booking.staff import shown, words
from slots.availability import Reason, SessionAvailability, SlotAvailability
from slots.desk import Consultation
from slots.zone import local

SESSIONS = 3
FEW = 1
# Before the value of a choice that names a day and leaves the time open.
DAY = "day:"


@dataclass(frozen=True)
class Board:
    """Some sessions as cards, and whether there are others before and after them."""

    sessions: Sequence[Mapping[str, Any]]
    page: int
    earlier: bool
    later: bool

    @property
    def outside(self) -> bool:
        """Whether any of the sessions lies outside its booking window."""
        return any(one["outside"] for one in self.sessions)


def board(
    ledger: Ledger,
    consultation: Consultation,
    *,
    page: int = 0,
    count: int = SESSIONS,
    chosen: str = "",
    moving: Booking | None = None,
    first: date | None = None,
) -> Board:
    """The sessions still to come, `count` at a time. `chosen` is the value that was picked before.

    The seat of `moving`, the booking that a time is chosen for, counts as free; the time that it
    has already can be chosen only while it is not confirmed. `first` puts the session of that day
    in front.
    """
    found = queries.upcoming(ledger, consultation.key, by_staff=True, moving=moving)
    ahead = [one for one in found if one.session.end > ledger.now()]
    ahead.sort(key=lambda one: (one.session.date != first, one.session.date))
    last = max(0, (len(ahead) - 1) // count)
    page = min(max(page, 0), last)
    part = ahead[page * count : (page + 1) * count]
    keys = _Keys()
    sessions = [
        _session(ledger, consultation, one, chosen=chosen, moving=moving, keys=keys) for one in part
    ]
    return Board(sessions, page, page > 0, page < last)


class _Keys:
    """Hands out the digits that choose a slot, 1 to 9."""

    def __init__(self) -> None:
        self.used = 0

    def next(self) -> str:
        self.used += 1
        return str(self.used) if self.used <= 9 else ""


def _session(
    ledger: Ledger,
    consultation: Consultation,
    found: SessionAvailability,
    *,
    chosen: str,
    moving: Booking | None,
    keys: _Keys,
) -> dict[str, Any]:
    day = found.session.date
    held = [
        one
        for one in queries.on_day(ledger, day, consultation.key.split("/")[0])
        if one.session == found.session.key and (moving is None or one.id != moving.id)
    ]
    holders = {one.slot_start: one for one in held if one.slot_start is not None}
    value = f"{DAY}{day.isoformat()}"
    return {
        "date": era_date(day),
        "short": short_date(day),
        "left": words.days_left(day, shown.today(ledger, consultation.zone)),
        "window": window_words(ledger, consultation, found),
        "outside": is_outside(ledger, found),
        "mark": _mark(found),
        "open": found.bookable,
        "unsettled": sum(1 for one in held if one.slot_start is None),
        "slots": [
            _slot(consultation, one, holders.get(one.slot.start), chosen, moving, keys)
            for one in found.slots
        ],
        "later": {"value": value, "checked": chosen == value, "day": era_date(day)},
    }


def _slot(
    consultation: Consultation,
    found: SlotAvailability,
    holder: Booking | None,
    chosen: str,
    moving: Booking | None,
    keys: _Keys,
) -> dict[str, Any]:
    start = local(found.slot.start, consultation.zone)
    end = local(found.slot.end, consultation.zone)
    value = start.isoformat()
    own = moving is not None and moving.slot_start == found.slot.start
    free = found.bookable and not (own and moving and moving.status is Status.CONFIRMED)
    return {
        "value": value,
        "span": words.span(start, end),
        "time": f"{start.hour}:{start.minute:02}",
        "words": f"{era_date(start.date())}{clock_time(start)}",
        "free": free,
        "left": found.free if found.slot.seats > 1 else None,
        "checked": free and chosen == value,
        "key": keys.next() if free else "",
        "text": "いまの時間" if own else _slot_text(found, holder),
    }


def _slot_text(found: SlotAvailability, holder: Booking | None) -> str:
    if found.bookable:
        return "空き"
    if holder is not None and found.reason is Reason.FULL:
        return f"{words.STATUS[holder.status]} {holder.reference}"
    if found.reason is Reason.FULL:
        return "時間未定の方の分"
    return words.REASON[found.reason] if found.reason else ""


def _mark(found: SessionAvailability) -> dict[str, str]:
    if found.reason is Reason.FULL:
        return {"kind": "full", "text": "満席"}
    if found.reason is not None:
        return {"kind": "off", "text": words.REASON[found.reason]}
    return {"kind": "few" if found.free <= FEW else "ok", "text": f"空き {found.free}"}


def is_outside(ledger: Ledger, found: SessionAvailability) -> bool:
    """Whether now lies outside the session's booking window: staff then say why."""
    now = ledger.now()
    return now >= found.closes or (found.opens is not None and now < found.opens)


def window_words(ledger: Ledger, consultation: Consultation, found: SessionAvailability) -> str:
    """From when or until when it may be booked, in a few words."""
    now = ledger.now()
    if found.opens is not None and now < found.opens:
        return f"受付は{_moment(found.opens, consultation)}から"
    ended = "受付は終わりました" if now >= found.closes else "受付は"
    at = _moment(found.closes, consultation)
    return f"{ended}（{at}まで）" if now >= found.closes else f"{ended}{at}まで"


def _moment(at: datetime, consultation: Consultation) -> str:
    here = local(at, consultation.zone)
    return f"{short_date(here.date())}{here.hour}:{here.minute:02}"
