"""Reads dated changes from a desk file: closures, extra, moved and settled sessions, absences."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from slots.changes import (
    Change,
    ChangedCapacity,
    ChangedHours,
    ChangedPlace,
    Closure,
    ExtraSession,
    MovedSession,
    Settled,
)
from slots.definition.reader import Complaint, DefinitionError, TableReader
from slots.definition.timetable import blocks, place
from slots.place import Place
from slots.roster import Absence

NO_DAY = date(2000, 1, 1)


def changes(table: TableReader) -> tuple[Change, ...]:
    """All dated changes of one [[desks.consultations]], by kind in the order of KINDS."""
    return tuple(one for kind, read in KINDS.items() for one in table.tables(kind, read))


def read_change(kind: str, mapping: Mapping[str, Any]) -> Change | Absence:
    """One dated change of a `kind` of CHANGES, from the table that a desk file would have for it.

    Raises DefinitionError, whose paths are the table's keys.
    """
    complaints: list[Complaint] = []
    table = TableReader(mapping, "", complaints)
    found = table.finish(CHANGES[kind](table))
    if complaints:
        raise DefinitionError(complaints)
    return found


def closures(table: TableReader) -> tuple[Closure, ...]:
    """The closures of a desk or a consultation."""
    return table.tables("closures", _closure)


def absences(table: TableReader) -> tuple[Absence, ...]:
    """The absences of those who serve a consultation."""
    return table.tables("absences", _absence)


def _days(table: TableReader) -> tuple[date, date]:
    """first and last, or first alone for a single day."""
    first = _day(table, "first")
    last = table.day("last") or first
    if last < first and not table.faulty("first", "last"):
        table.complain("last", f"{last} is before first, {first}")
    return first, last


def _day(table: TableReader, key: str) -> date:
    found = table.day(key)
    if found is None and not table.faulty(key):
        table.complain(key, "is missing; write a date: 2026-08-15, without quotes")
    return found or NO_DAY


def _closure(table: TableReader) -> Closure:
    first, last = _days(table)
    start = table.wall_time("start") if table.has("start") or table.has("end") else None
    end = table.wall_time("end") if start is not None else None
    for key in ("start", "end"):
        table.know(key)
    if start and end and end <= start and not table.faulty("start", "end"):
        table.complain("end", f"{end:%H:%M} is not after the start, {start:%H:%M}")
    return Closure(first=first, last=last, start=start, end=end, text=table.text("text"))


def _extra(table: TableReader) -> ExtraSession:
    return ExtraSession(
        session=_day(table, "session"),
        blocks=blocks(table),
        place=table.table("place", place),
        seats=table.number("seats", least=1),
        roster=table.texts("roster"),
        text=table.text("text"),
    )


def _moved(table: TableReader) -> MovedSession:
    session, to = _day(table, "session"), _day(table, "to")
    return MovedSession(session=session, to=to, text=table.text("text"))


def _settled(table: TableReader) -> Settled:
    return Settled(session=_day(table, "session"), text=table.text("text"))


def _hours(table: TableReader) -> ChangedHours:
    session = _day(table, "session")
    return ChangedHours(session=session, blocks=blocks(table), text=table.text("text"))


def _place(table: TableReader) -> ChangedPlace:
    where = table.table("place", place)
    if where is None and not table.faulty("place"):
        table.complain("place", 'is missing; write place = { name = "…" }')
    session = _day(table, "session")
    return ChangedPlace(session=session, place=where or Place(name=""), text=table.text("text"))


def _capacity(table: TableReader) -> ChangedCapacity:
    seats, roster = table.number("seats", least=1), table.texts("roster")
    if seats is None and not roster and not table.faulty("seats", "roster"):
        table.complain("seats", "is missing; write seats, roster, or both")
    session = _day(table, "session")
    return ChangedCapacity(session=session, seats=seats, roster=roster, text=table.text("text"))


def _absence(table: TableReader) -> Absence:
    first, last = _days(table)
    return Absence(who=table.required("who"), first=first, last=last)


KINDS: dict[str, Callable[[TableReader], Change]] = {
    "closures": _closure,
    "extra_sessions": _extra,
    "moved_sessions": _moved,
    "settled_sessions": _settled,
    "changed_hours": _hours,
    "changed_places": _place,
    "changed_capacities": _capacity,
}
CHANGES: dict[str, Callable[[TableReader], Change | Absence]] = {**KINDS, "absences": _absence}
