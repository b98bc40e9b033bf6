"""Which bookings a change of a desk touches: those that follow their session, and those it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from booking.ledger.targets import place_text
from slots.conflicts import Holder, hit
from slots.desk import Consultation
from slots.grid import slots_of
from slots.sessions import Session, session_planned_on
from slots.zone import instant, local


@dataclass(frozen=True)
class Follower:
    """A booking's row, with the columns that it has after the change."""

    row: Any
    values: Mapping[str, Any]


@dataclass
class Touched:
    """Bookings that a change touches: those that follow their session, and those without a seat."""

    follow: list[Follower] = field(default_factory=list)
    lost: list[Any] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self.follow or self.lost)


def judge(
    was: Consultation,
    will: Consultation,
    planned: date,
    rows: Sequence[Any],
    touched: Touched,
) -> None:
    """Add to `touched` who of one session loses the seat, and who follows the session elsewhere."""
    before, after = session_planned_on(was, planned), session_planned_on(will, planned)
    if after is None:
        touched.lost += rows
        return
    shift = after.date - (before.date if before else planned)
    gone = set(_lost(before, rows, timedelta(), was.zone)) if before else set()
    lost = set(_lost(after, rows, shift, will.zone))
    for row in rows:
        if row.id in lost:
            touched.lost += [row] if row.id not in gone else []
            continue
        values = _after(before, after, row, shift, will.zone)
        if values:
            touched.follow.append(Follower(row, values))


def _lost(session: Session, rows: Sequence[Any], shift: timedelta, zone: str) -> list[str]:
    holders = [
        Holder(
            booking=str(row.id),
            session_seat=row.session_seat,
            slot_start=_shifted(row.slot_start, shift, zone),
            slot_seat=row.slot_seat,
        )
        for row in rows
    ]
    return hit(slots_of(session), holders)


def _shifted(at: datetime | None, shift: timedelta, zone: str) -> datetime | None:
    """The same time of day on another day."""
    if at is None:
        return None
    wall = local(at, zone)
    return instant(wall.date() + shift, wall.time(), zone)


def _after(
    before: Session | None, after: Session, row: Any, shift: timedelta, zone: str
) -> dict[str, Any]:
    """The columns that a booking has when it follows its session; none where nothing changes."""
    values: dict[str, Any] = {}
    if row.slot_start is None:
        if before is None or (before.start, before.end) != (after.start, after.end):
            values |= {"starts_at": after.start, "ends_at": after.end}
    elif shift:
        start = _shifted(row.slot_start, shift, zone)
        slot = next(one for one in slots_of(after) if one.start == start)
        values |= {"slot_start": start, "starts_at": start, "ends_at": slot.end}
    if before is None or before.place != after.place:
        values["place"] = place_text(after.place)
    return values
