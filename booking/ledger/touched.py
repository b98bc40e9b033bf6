"""Which bookings a change of a desk touches: those that follow their session, and those it costs."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from booking.ledger.targets import place_text
from slots.changes import Closure, touching
from slots.conflicts import Holder, hit
from slots.desk import Consultation
from slots.grid import slots_of
from slots.interval import Interval
from slots.sessions import Session, session_planned_on
from slots.zone import instant, local

NO_SHIFT = timedelta()
MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Follower:
    """A booking's row, with the columns that it has after the change."""

    row: Any
    values: Mapping[str, Any]


@dataclass
class Touched:
    """Bookings that a change touches: those that follow their session, and those without a seat.

    `now` is the instant of the change, `standing` the ids of the changes that hold before it.
    """

    now: datetime
    standing: Sequence[str] = ()
    follow: list[Follower] = field(default_factory=list)
    lost: list[Any] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self.follow or self.lost)

    @property
    def mark(self) -> str:
        """Stands for who is touched and how, and for what held: another one where that has changed."""
        follow = sorted((one.row.id, *map(str, one.values.values())) for one in self.follow)
        lost = sorted((row.id, str(row.starts_at)) for row in self.lost)
        return hashlib.sha256(repr((follow, lost, sorted(self.standing))).encode()).hexdigest()[:32]


def judge(
    was: Consultation,
    will: Consultation,
    planned: date,
    rows: Sequence[Any],
    touched: Touched,
) -> None:
    """Add to `touched` who of one session loses the seat, and who follows the session elsewhere.

    Who had no seat in it before was kept as they are, for staff to settle: nobody asks again.
    """
    before, after = session_planned_on(was, planned), session_planned_on(will, planned)
    if before is None:
        return
    gone = set(_lost(before, [(row, NO_SHIFT) for row in rows]))
    kept = [row for row in rows if row.id in gone]
    present = [row for row in rows if row.id not in gone]
    if after is None:
        touched.lost += present
        return
    shift = after.date - before.date
    # Who was kept has the better right to where they are than who comes there only now.
    places = [*((row, NO_SHIFT) for row in kept), *((row, shift) for row in present)]
    lost = set(_lost(after, places))
    taken = {(row.slot_start, row.slot_seat) for row in kept}
    for row in present:
        values = {} if row.id in lost else _after(before, after, row, shift, taken)
        past = "starts_at" in values and values["starts_at"] <= touched.now
        if row.id in lost or past:
            touched.lost.append(row)
        elif values:
            touched.follow.append(Follower(row, values))


def judge_arranged(
    was: Consultation, will: Consultation, rows: Iterable[Any], touched: Touched
) -> None:
    """Add to `touched` whose arranged time is closed, and was not before."""
    touched.lost += [row for row in rows if _closed(will, row) and not _closed(was, row)]


def _closed(consultation: Consultation, row: Any) -> bool:
    zone = consultation.zone
    day = local(row.starts_at, zone).date()
    own = [one for one in consultation.changes if isinstance(one, Closure)]
    there = [one for one in (*consultation.desk_closures, *own) if one.covers(day)]
    stretch = Interval(row.starts_at, row.ends_at or row.starts_at + MOMENT)
    return touching(there, day, zone, stretch) is not None


def _lost(session: Session, places: Iterable[tuple[Any, timedelta]]) -> list[str]:
    """The ids of those rows that have no seat in `session`, each with its slot so many days on."""
    holders = [
        Holder(
            booking=str(row.id),
            session_seat=row.session_seat,
            slot_start=_shifted(row.slot_start, shift, session.zone),
            slot_seat=row.slot_seat,
        )
        for row, shift in places
    ]
    return hit(slots_of(session), holders)


def _shifted(at: datetime | None, shift: timedelta, zone: str) -> datetime | None:
    """The same time of day on another day."""
    if at is None:
        return None
    wall = local(at, zone)
    return instant(wall.date() + shift, wall.time(), zone)


def _after(
    before: Session,
    after: Session,
    row: Any,
    shift: timedelta,
    taken: set[tuple[datetime | None, int | None]],
) -> dict[str, Any]:
    """The columns that change for a booking that follows its session; none where nothing does.

    `taken` are the seats of slots that others have there; the booking's own is added.
    """
    values: dict[str, Any] = {}
    if row.slot_start is None:
        if (before.start, before.end) != (after.start, after.end):
            values |= {"starts_at": after.start, "ends_at": after.end}
    elif shift:
        start = _shifted(row.slot_start, shift, after.zone)
        slot = next(one for one in slots_of(after) if one.start == start)
        seat = next(n for n in (row.slot_seat, *range(len(taken) + 1)) if (start, n) not in taken)
        taken.add((start, seat))
        values |= {"slot_start": start, "slot_seat": seat, "starts_at": start, "ends_at": slot.end}
    if before.place != after.place:
        values["place"] = place_text(after.place)
    return {name: value for name, value in values.items() if value != getattr(row, name)}
