"""Who serves a session; an absence removes seats from the end, not history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """`who` of a roster does not come on the days `first` to `last`, both included."""

    who: str
    first: date
    last: date


def present(roster: Sequence[str], absences: Iterable[Absence], day: date) -> tuple[str, ...]:
    """Those of `roster` who come on the local `day`, in order."""
    away = {one.who for one in absences if one.first <= day <= one.last}
    return tuple(who for who in roster if who not in away)


def who_serves(serving: Sequence[str], seat: int | None) -> str | None:
    """Who of `serving` has the party on `seat` of a slot, counted from 0; None where that is open.

    One who serves alone has them all. Of several the first has the first seat, the second the
    second: so an absence, which removes the last seat, gives the seats that stay to those who come.
    """
    if len(serving) == 1:
        return serving[0]
    return serving[seat] if seat is not None and seat < len(serving) else None


def seats_for(rooms: int | None, roster: Sequence[str], serving: Sequence[str]) -> int:
    """How many parties are served at once: as many as there are rooms, or lawyers, if fewer.

    Without a roster the rooms alone count, without both there is one seat.
    """
    if not roster:
        return 1 if rooms is None else rooms
    return len(serving) if rooms is None else min(rooms, len(serving))
