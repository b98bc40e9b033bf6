"""Which bookings a change costs: those whose seat is no longer there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from slots.grid import Slot

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder(Generic[K]):
    """A booking that holds a seat: of a slot, or of the session while no time is settled.

    Seats are counted from 0.
    """

    booking: K
    session_seat: int
    slot_start: datetime | None = None
    slot_seat: int | None = None


def hit(slots: Iterable[Slot], holders: Iterable[Holder[K]]) -> list[K]:
    """The bookings that no longer have a seat in a session whose slots are `slots` now.

    Who has a time loses it where the slot is gone or closed, and, of those of one slot, who has the
    last seats, as many as there is no seat for; of those without a time the last come lose theirs.
    """
    seats = {slot.start: slot.seats for slot in slots}
    lost: list[K] = []
    untimed: list[Holder[K]] = []
    timed: dict[datetime, list[Holder[K]]] = {}
    for one in holders:
        (untimed if one.slot_start is None else timed.setdefault(one.slot_start, [])).append(one)
    left = sum(seats.values())
    for start, there in timed.items():
        room = seats.get(start, 0)
        there.sort(key=lambda one: one.slot_seat or 0)
        left -= min(room, len(there))
        lost += [one.booking for one in there[room:]]
    untimed.sort(key=lambda one: one.session_seat)
    return lost + [one.booking for one in untimed[max(0, left) :]]
