"""The dated runs of a consultation, each with the rule that made it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from slots.desk import Consultation, Opening, Place
from slots.interval import Interval
from slots.zone import instant

SessionStatus = Literal["planned", "undecided", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One dated run. `key` is the consultation's key and the day it was first planned for.

    `status` is `undecided` where a rule meets a holiday and the source says nothing of it.
    """

    key: str
    consultation: str
    date: date
    start: datetime
    end: datetime
    status: SessionStatus
    because: str
    place: Place | None

    @property
    def interval(self) -> Interval:
        """[start, end) as instants."""
        return Interval(self.start, self.end)


def sessions_of(consultation: Consultation, start: date, end: date) -> list[Session]:
    """The sessions of `consultation` on the local days of [start, end), earliest first.

    At most one a day: where two openings fall on one day, the first that holds a session wins.
    """
    found: dict[date, Session] = {}
    for opening in consultation.openings:
        for day in opening.dates(start, end):
            session = _session(consultation, opening, day)
            if session is not None:
                found.setdefault(day, session)
    return [found[day] for day in sorted(found)]


def session_on(consultation: Consultation, day: date) -> Session | None:
    """The session of `consultation` on the local `day`, or None when there is none."""
    fitting = (opening for opening in consultation.openings if opening.falls_on(day))
    found = (_session(consultation, opening, day) for opening in fitting)
    return next((session for session in found if session is not None), None)


def _session(consultation: Consultation, opening: Opening, day: date) -> Session | None:
    closed = consultation.closed_days.name_of(day)
    if closed and opening.on_holiday == "skip":
        return None
    return Session(
        key=f"{consultation.key}/{day.isoformat()}",
        consultation=consultation.key,
        date=day,
        start=instant(day, opening.start, consultation.zone),
        end=instant(day, opening.end, consultation.zone),
        status="undecided" if closed and opening.on_holiday == "ask" else "planned",
        because=f"holiday: {closed}" if closed else "rule",
        place=consultation.place,
    )
