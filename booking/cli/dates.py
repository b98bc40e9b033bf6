"""The days on which a consultation's rules fall, for people to read: also those a holiday takes."""

from dataclasses import dataclass
from datetime import date

from slots.desk import Consultation
from slots.sessions import Session, sessions_of

ARRANGED = "No fixed dates: staff settle each time (allotment: arranged)."
NO_DATES = "No dates in this time."
STATUSES = {"planned": "予定", "undecided": "要確認", "cancelled": "中止"}
NOT_HELD = "休み"


@dataclass(frozen=True)
class RuleDay:
    """A local day on which a rule falls: its session, and the name of the holiday that it meets."""

    day: date
    session: Session | None
    holiday: str | None

    @property
    def status(self) -> str:
        """What becomes of the session, in a word."""
        return STATUSES[self.session.status] if self.session else NOT_HELD


def rule_days(consultation: Consultation, start: date, end: date) -> list[RuleDay]:
    """The days of [start, end) with a session, or with none because of a holiday; in order."""
    sessions = {one.date: one for one in sessions_of(consultation, start, end)}
    ruled = {day for opening in consultation.openings for day in opening.dates(start, end)}
    return [
        RuleDay(day, sessions.get(day), consultation.closed_days.name_of(day))
        for day in sorted(ruled | sessions.keys())
    ]
