"""What the public calendars show now: entries with the stamps under which they were published."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from booking.desks.catalogue import Catalogue
from booking.desks.current import VERSION
from booking.desks.entries import Entry, hours_entries, session_entries
from booking.desks.published import DAYS_AHEAD, DAYS_BACK, NOTED_AHEAD, stamp, window
from booking.desks.register import SITE, form, heading, noting
from booking.ledger.ledger import Ledger
from booking.store import Tx, bookings, published, versions
from slots.desk import Consultation, Desk
from slots.sessions import sessions_of
from slots.zone import instant, local_date

__all__ = ["DAYS_AHEAD", "DAYS_BACK", "Entry", "Listed", "Listing", "Part", "listing", "next_day"]


@dataclass(frozen=True)
class Part:
    """What of one desk a feed shows: sessions of some consultations, the desk's hours, or both.

    `whole`: also sessions of consultations that the desk no longer has.
    """

    desk: Desk
    consultations: tuple[Consultation, ...]
    hours: bool
    whole: bool

    def shows(self, row: Any, catalogue: Catalogue) -> bool:
        """Whether a row of its desk that no definition plans now belongs here."""
        if row.scope == row.desk:
            return self.hours
        return row.scope in self.keys or (self.whole and row.scope not in catalogue.consultations)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Its consultations' keys."""
        return frozenset(one.key for one in self.consultations)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as it is published: `sequence` rises with its time, place and status.

    `changed_at` is when its content last changed, `scheduled_at` when its sequence last rose or it
    first came into view. Both in whole seconds.
    """

    entry: Entry
    sequence: int
    changed_at: datetime
    scheduled_at: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of a feed by start and key, and when anything of it last changed.

    `today` is the local day of which it is, and began at `began_at`. `defined_at` is when anything
    of it or of its desks' definitions last changed.
    """

    entries: tuple[Listed, ...]
    changed_at: datetime
    today: date
    began_at: datetime
    defined_at: datetime


def listing(ledger: Ledger, parts: Iterable[Part], kind: str = "desk") -> Listing:
    """What a feed of `parts`, all of one organisation, shows on the present local day.

    `kind` is the feed's: what its files say besides may have changed (`booking.desks.register.FORMS`).
    """
    chosen, now, catalogue = tuple(parts), ledger.now(), ledger.catalogue
    return ledger.store.read(lambda tx: _Looking(tx, chosen, catalogue, now, kind).listing())


def next_day(parts: Iterable[Part], now: datetime) -> datetime:
    """The next instant at which time alone changes a feed: a local day begins, its window moves on."""
    return min(
        instant(local_date(now, one.desk.zone) + timedelta(days=1), time(), one.desk.zone)
        for one in parts
    )


class _Looking:
    """One look at the database, all at one moment."""

    def __init__(
        self, tx: Tx, parts: tuple[Part, ...], catalogue: Catalogue, now: datetime, kind: str
    ) -> None:
        self.tx = tx
        self.parts = parts
        self.catalogue = catalogue
        self.now = now
        self.organisation = parts[0].desk.key.split("/", 1)[0]
        self.zone = parts[0].desk.zone
        self.today = local_date(now, self.zone)
        self.start, self.end = window(self.today)
        rows = published.shown(tx, self.organisation, self.start, self.end)
        self.rows: Mapping[str, Any] = {row.key: row for row in rows}
        self.by_desk: dict[str, list[Any]] = {}
        for row in rows:
            self.by_desk.setdefault(row.desk, []).append(row)
        scopes = [one.key for part in parts for one in part.consultations]
        everywhere = [SITE, form(kind)]
        marks = [heading(self.organisation), *everywhere]
        noted = {noting(one.desk.key): one.desk.key for one in parts}
        found = versions.versions_in(tx, [*scopes, *marks, *noted, VERSION])
        self.desks_changed = [stamp(found[VERSION][1])] if VERSION in found else []
        self.noted = {noted[key]: at for key, (_, at) in found.items() if key in noted}
        self.heads = [stamp(found[one][1]) for one in marks if one in found]
        self.since = max((stamp(found[one][1]) for one in everywhere if one in found), default=None)
        # Days are few and entries many.
        self.entered: dict[date, datetime] = {}
        self.versions = {key: stamp(found[key][1]) for key in scopes if key in found}

    def listing(self) -> Listing:
        entries = [one for part in self.parts for one in self._of(part)]
        moments = [*self.heads, *self._windows_moves(entries)]
        moments += [one.changed_at for one in entries]
        entries.sort(key=lambda one: (one.entry.starts_at, one.entry.key))
        began_at = instant(self.today, time(), self.zone)
        defined_at = max([*moments, *self.desks_changed])
        return Listing(tuple(entries), max(moments), self.today, began_at, defined_at)

    def _of(self, part: Part) -> Iterator[Listed]:
        planned = [] if self._is_noted(part) else list(self._planned(part))
        seen = {one.key for one in planned}
        yield from (self._listed(one, self.rows.get(one.key)) for one in planned)
        for row in self.by_desk.get(part.desk.key, ()):
            if row.key not in seen and part.shows(row, self.catalogue):
                yield self._listed(_entry_of(row), row)

    def _is_noted(self, part: Part) -> bool:
        """Whether the rows have all that is planned; then nobody needs to plan it again."""
        noted = self.noted.get(part.desk.key)
        if noted is None:
            return False
        zone = part.desk.zone
        until = local_date(noted, zone) + timedelta(days=NOTED_AHEAD)
        return until >= window(local_date(self.now, zone))[1]

    def _planned(self, part: Part) -> Iterator[Entry]:
        start, end = window(local_date(self.now, part.desk.zone))
        for one in part.consultations:
            keys = [session.key for session in sessions_of(one, start, end)]
            held = bookings.held_in(self.tx, keys) if keys else {}
            yield from session_entries(part.desk, one, start, end, held)
        if part.hours:
            yield from hours_entries(part.desk, start, end)

    def _listed(self, entry: Entry, row: Any) -> Listed:
        entered = self._entered(row.listed_on if row is not None else entry.day)
        if row is None:
            # Never noted: a process whose desk files nobody registered, or no daily job for weeks.
            at = self._stamped(self.versions.get(entry.scope, entered))
            return Listed(entry, 0, at, max(at, entered))
        scheduled = max(row.scheduled_at, entered)
        return Listed(entry, row.sequence, self._stamped(row.changed_at), scheduled)

    def _stamped(self, at: datetime) -> datetime:
        """`at`, or when what is in every entry changed: the site's address, the form of the file."""
        return at if self.since is None else max(at, self.since)

    def _entered(self, day: date) -> datetime:
        """When an entry of the local `day` came into view."""
        found = self.entered.get(day)
        if found is None:
            found = instant(day - timedelta(days=DAYS_AHEAD - 1), time(), self.zone)
            self.entered[day] = found
        return found

    def _windows_moves(self, entries: list[Listed]) -> Iterator[datetime]:
        """When the window last moved so that an entry came into view, or left it."""
        for one in entries:
            row = self.rows.get(one.entry.key)
            entered = self._entered(row.listed_on if row is not None else one.entry.day)
            if entered <= self.now:
                yield entered
        left = published.last_day_before(self.tx, self.organisation, self.start)
        if left is not None:
            yield instant(left + timedelta(days=DAYS_BACK + 1), time(), self.zone)
        if not entries and left is None and not self.heads:
            yield instant(self.start, time(), self.zone)


def _entry_of(row: Any) -> Entry:
    """An entry as it was last published, which its definition plans no longer."""
    words = "中止になりました。" if row.gone else None
    return Entry(
        key=row.key,
        organisation=row.organisation,
        desk=row.desk,
        scope=row.scope,
        day=row.day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.zone,
        place_name=row.place_name,
        place_room=row.place_room,
        place_address=row.place_address,
        status=row.status,
        title=row.title,
        words=words or row.words,
        mark=row.mark,
        closes_at=row.closes_at,
    )
