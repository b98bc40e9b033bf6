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

    Who has a time loses it where the slot is gone, closed, or has fewer seats than theirs; of those
    without a time the last come lose theirs, as many as no seat is left for.
    """
    seats = {slot.start: slot.seats for slot in slots}
    lost: list[K] = []
    untimed: list[Holder[K]] = []
    left = sum(seats.values())
    for one in holders:
        if one.slot_start is None:
            untimed.append(one)
        elif (one.slot_seat or 0) < seats.get(one.slot_start, 0):
            left -= 1
        else:
            lost.append(one.booking)
    untimed.sort(key=lambda one: one.session_seat)
    return lost + [one.booking for one in untimed[max(0, left) :]]
