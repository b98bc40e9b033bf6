"""The slots of a session: a fixed grid from its start, so that a slot keeps its identity."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from slots.desk import Consultation
from slots.sessions import Session


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A bookable stretch [start, end) of aware instants with room for `seats` parties at once."""

    start: datetime
    end: datetime
    seats: int


def slots_of(consultation: Consultation, session: Session) -> list[Slot]:
    """The slots of `session`, earliest first: none overlap, all lie inside the session.

    A rest that is too short for a whole slot stays empty. A consultation without a slot length is
    one slot.
    """
    length = timedelta(minutes=consultation.slot_minutes or 0) or session.end - session.start
    count = (session.end - session.start) // length
    return [
        Slot(session.start + n * length, session.start + (n + 1) * length, consultation.seats)
        for n in range(count)
    ]
