"""The slots of a session: a fixed grid from each block's start, so that a slot keeps its identity."""

from datetime import datetime, timedelta
from typing import NamedTuple

from slots.changes import touching
from slots.interval import Interval
from slots.sessions import Session


class Slot(NamedTuple):
    """A bookable stretch [start, end) of aware instants with room for `seats` parties at once.

    A closed slot stays on the grid with no seat; `closed` is what people are told, perhaps "".
    """

    start: datetime
    end: datetime
    seats: int
    closed: str | None = None


def slots_of(session: Session) -> list[Slot]:
    """The slots of `session`, earliest first: none overlap, all lie inside its blocks.

    A rest that is too short for a whole slot stays empty, and nothing starts after the last start.
    A session without a slot length has one slot a block.
    """
    found: list[Slot] = []
    for block in session.blocks:
        length = timedelta(minutes=session.slot_minutes or 0) or block.end - block.start
        step = length + timedelta(minutes=session.pause_minutes)
        latest = block.end - length
        if session.last_start is not None:
            latest = min(latest, session.last_start)
        start = block.start
        while start <= latest:
            found.append(Slot(start, start + length, session.seats))
            start += step
    if session.closures or session.status == "cancelled":
        return [_judged(session, slot) for slot in found]
    return found


def _judged(session: Session, slot: Slot) -> Slot:
    """`slot` as the closures of the session leave it."""
    stretch = Interval(slot.start, slot.end)
    by = touching(session.closures, session.date, session.zone, stretch)
    return slot if by is None else slot._replace(seats=0, closed=by.text or "")
