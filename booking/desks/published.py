"""Notes what the public calendars show, in the transactions that make it true.

A row keeps what a program that subscribed has seen: its SEQUENCE, its stamps, and the entry itself,
should its definition no longer plan it. A GET writes nothing here.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from booking.desks.entries import (
    NOBODY,
    Entry,
    hours_entries,
    session_entries,
    session_entry,
)
from booking.store import Tx, bookings, published
from slots.desk import Consultation, Desk
from slots.sessions import session_planned_on, sessions_of
from slots.zone import local_date

DAYS_BACK, DAYS_AHEAD = 7, 90
# Noted before it is shown: a daily job that fails for two weeks is missed by nobody.
NOTED_AHEAD = DAYS_AHEAD + 14
KEPT_DAYS = 400
PLACE = ("place_name", "place_room", "place_address")
SCHEDULE = ("starts_at", "ends_at", *PLACE, "status")
CONTENT = (*SCHEDULE, "zone", "title", "words", "mark", "closes_at")
KEPT = (*CONTENT, "key", "organisation", "desk", "scope", "day")
SECOND = timedelta(seconds=1)


def window(today: date) -> tuple[date, date]:
    """The local days that a feed covers, [start, end)."""
    return today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)


def stamp(now: datetime, before: datetime | None = None) -> datetime:
    """When a change at `now` was, in whole seconds; later than the change `before` it.

    Rounded up: what was fetched within the second of a change cannot bear its stamp.
    """
    whole = now if now.microsecond == 0 else now.replace(microsecond=0) + SECOND
    return whole if before is None else max(whole, before + SECOND)


def note_desk(tx: Tx, desk: Desk, now: datetime, *, whole: bool = True) -> bool:
    """Note all that is to be shown of `desk`; whether that was not what was noted.

    The caller holds the locks of its consultations; without `whole` they alone are noted. `desk`
    has staff's changes laid over it.
    """
    return _Noting(tx, desk, now).run(whole=whole)


def is_noted(tx: Tx, desk: Desk, now: datetime) -> bool:
    """Whether `note_desk` would change nothing."""
    return not _Noting(tx, desk, now, writing=False).run(whole=True)


def note_seats(tx: Tx, desk: Desk, consultation: Consultation, key: str, now: datetime) -> None:
    """Note how full the session `key` is, after a seat of it was taken or freed.

    One statement, and no other unless its coarse mark changed. The caller holds the lock.
    """
    session = session_planned_on(consultation, date.fromisoformat(key.rsplit("/", 1)[1]))
    if session is None or session.key != key:
        return
    held = bookings.held_of(bookings.holders(tx, key))
    mark = session_entry(desk, consultation, session, held).mark
    if mark is not None:
        before = published.marked(tx, key, mark)
        if before is not None:
            published.stamp(tx, key, stamp(now, before))


def forget_old(tx: Tx, today: date) -> None:
    """Forget what was held so long ago that no feed and no stamp depends on it."""
    published.forget_before(tx, today - timedelta(days=KEPT_DAYS))


class _Noting:
    """One desk on its way into the table."""

    def __init__(self, tx: Tx, desk: Desk, now: datetime, *, writing: bool = True) -> None:
        self.tx = tx
        self.desk = desk
        self.now = now
        self.writing = writing
        self.changed = False
        today = local_date(now, desk.zone)
        self.start, self.shown_until = window(today)
        self.end = today + timedelta(days=NOTED_AHEAD)
        organisation = desk.key.split("/", 1)[0]
        rows = published.noted(tx, organisation, self.start)
        self.rows = {row.key: row for row in rows if row.desk == desk.key}
        self.seen: set[str] = set()
        self.noted: set[str] = set()
        self.new: list[dict[str, Any]] = []

    def run(self, *, whole: bool) -> bool:
        """Note the desk; whether anything changed."""
        for consultation in self.desk.consultations:
            self._sessions(consultation)
        if whole:
            for entry in hours_entries(self.desk, self.start, self.end):
                self._note(entry)
        for row in self.rows.values():
            if row.key not in self.seen and (whole or row.scope in self.noted):
                self._vanish(row)
        if self.writing:
            published.add(self.tx, self.new)
        return self.changed

    def _sessions(self, consultation: Consultation) -> None:
        self.noted.add(consultation.key)
        keys = [one.key for one in sessions_of(consultation, self.start, self.end)]
        held = bookings.held_in(self.tx, keys) if keys else {}
        found = session_entries(self.desk, consultation, self.start, self.end, held)
        self._fetch_moved(found)
        for entry in found:
            self._note(entry)
        for row in [one for one in self.rows.values() if one.scope == consultation.key]:
            if row.key not in self.seen:
                self._elsewhere(consultation, row)

    def _fetch_moved(self, found: Iterable[Entry]) -> None:
        """Rows of sessions that moved here, or came back, from days that are long over."""
        wanted = [one.key for one in found if one.key not in self.rows]
        if wanted:
            self.rows.update({row.key: row for row in published.by_keys(self.tx, wanted)})

    def _elsewhere(self, consultation: Consultation, row: Any) -> None:
        """A session that moved beyond the days that are noted is still the same one."""
        session = session_planned_on(consultation, date.fromisoformat(row.key.rsplit("/", 1)[1]))
        if session is not None and session.date >= self.end:
            held = bookings.held_in(self.tx, [row.key]).get(row.key, NOBODY)
            self._note(session_entry(self.desk, consultation, session, held))

    def _note(self, entry: Entry) -> None:
        self.seen.add(entry.key)
        row = self.rows.get(entry.key)
        if row is None:
            at = stamp(self.now)
            self.changed = True
            self.new.append(
                {name: getattr(entry, name) for name in KEPT}
                | {"listed_on": entry.day, "gone": False, "sequence": 0}
                | {"scheduled_at": at, "changed_at": at}
            )
            return
        values: dict[str, Any] = {
            name: getattr(entry, name)
            for name in CONTENT
            if getattr(entry, name) != getattr(row, name)
        }
        if row.gone:
            values["gone"] = False
        if values:
            values |= {"day": entry.day, "listed_on": min(entry.day, row.listed_on)}
            self._change(row, values)

    def _vanish(self, row: Any) -> None:
        """What is still to come stays, as cancelled; what is over stays as it was."""
        if row.gone or row.ends_at <= self.now:
            return
        if row.listed_on >= self.shown_until:
            self.changed = True
            if self.writing:
                published.remove(self.tx, [row.key])
            return
        self._change(row, {"gone": True, "status": "cancelled", "mark": None, "closes_at": None})

    def _change(self, row: Any, values: dict[str, Any]) -> None:
        self.changed = True
        at = stamp(self.now, row.changed_at)
        if any(_differs(row, values, name) for name in SCHEDULE):
            values |= {"sequence": row.sequence + 1, "scheduled_at": at}
        values["changed_at"] = at
        if self.writing:
            published.change(self.tx, row.key, values)


def _differs(row: Any, values: Mapping[str, Any], name: str) -> bool:
    return name in values and values[name] != getattr(row, name)
