"""The days on which a consultation's rules fall, for people to read: also those a holiday takes."""

from dataclasses import dataclass
from datetime import date

from booking.i18n import era_date
from slots.desk import Consultation
from slots.sessions import Session, session_planned_on, sessions_of

ARRANGED = "No fixed dates: staff settle each time (allotment: arranged)."
NO_DATES = "No dates in this time."
STATUSES = {"planned": "予定", "undecided": "要確認", "cancelled": "中止"}
NOT_HELD = "休み"


@dataclass(frozen=True)
class RuleDay:
    """A local day on which a rule falls: its session, and the name of the holiday that it meets.

    `held_on` is the other day to which a holiday or staff moved its session.
    """

    day: date
    session: Session | None
    holiday: str | None
    held_on: date | None = None

    @property
    def status(self) -> str:
        """What becomes of the session, in a word, or the day on which it is held instead."""
        if self.session is not None:
            return STATUSES[self.session.status]
        return f"→{era_date(self.held_on)}" if self.held_on else NOT_HELD

    @property
    def remark(self) -> str:
        """The holiday that it meets, and what people are told of its changes."""
        told = self.session.told if self.session else None
        return " ".join(text for text in (self.holiday, told) if text)


def rule_days(consultation: Consultation, start: date, end: date) -> list[RuleDay]:
    """The days of [start, end) with a session, or with none because of a holiday; in order."""
    sessions = {one.date: one for one in sessions_of(consultation, start, end)}
    ruled = {day for opening in consultation.openings for day in opening.dates(start, end)}
    closed = consultation.closed_days
    return [
        RuleDay(day, sessions.get(day), closed.name_of(day), _elsewhere(consultation, day))
        for day in sorted(ruled | sessions.keys())
    ]


def _elsewhere(consultation: Consultation, day: date) -> date | None:
    held = session_planned_on(consultation, day)
    return held.date if held is not None and held.date != day else None
