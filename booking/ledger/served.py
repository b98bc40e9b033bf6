"""What a private feed shows: the sessions and parties of a desk, or of one who serves. Writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from booking.desks.catalogue import Catalogue
from booking.desks.current import VERSION
from booking.desks.published import stamp
from booking.desks.register import SITE, form, heading, level
from booking.ledger.ledger import Ledger
from booking.ledger.private_feeds import PrivateFeed, people_of
from booking.ledger.status import ENDED, Status
from booking.store import Tx, published, versions
from booking.store import private_feeds as rows
from booking.store.sealed import Keyring
from slots.desk import Consultation
from slots.roster import present, who_serves
from slots.sessions import Session, sessions_of
from slots.zone import instant, local_date


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A booking with a time, and no more of its party than a calendar may show.

    `name` is None unless the desk's file says that its calendars name parties. `time_settled`: else
    it has the whole session, and staff settle when.
    """

    id: str
    reference: str
    consultation: str
    status: Status
    starts_at: datetime
    ends_at: datetime | None
    time_settled: bool
    zone: str
    place: str | None
    name: str | None = field(repr=False)
    created_at: datetime
    calendar_sequence: int
    calendar_changed_at: datetime

    @property
    def cancelled(self) -> bool:
        """Whether it was given up."""
        return self.status in ENDED


@dataclass(frozen=True, kw_only=True)
class Day:
    """A session with its public entry's sequence, and when its start, end, place or status changed."""

    session: Session
    sequence: int
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Served:
    """Sessions and parties, and when anything of them, or whether they are shown, last changed."""

    days: tuple[Day, ...]
    entries: tuple[Entry, ...]
    changed_at: datetime


def served(ledger: Ledger, feed: PrivateFeed, start: date, end: date) -> Served:
    """What `feed` shows of the local days [start, end), by start; nothing where its desk is gone.

    Of a person: the sessions in which that person serves, and those of their parties that are the
    person's (`slots.roster.who_serves`); never another's.
    """
    catalogue = ledger.catalogue
    return ledger.store.read(
        lambda tx: _Serving(tx, ledger.store.keyring, catalogue, feed).between(start, end)
    )


class _Serving:
    """One look at the database, all at one moment."""

    def __init__(self, tx: Tx, keyring: Keyring, catalogue: Catalogue, feed: PrivateFeed) -> None:
        self.tx = tx
        self.keyring = keyring
        self.catalogue = catalogue
        self.feed = feed
        self.consultations = {one.key: one for one in _consultations(catalogue, feed)}
        self.desks = {key: catalogue.desk_of(key) for key in self.consultations}
        everywhere = (SITE, form("private"))
        levels = {level(one.key) for one in self.desks.values()}
        # Of a consultation that no longer names its person a feed shows nothing, and no version.
        changes = (VERSION,) if feed.person is not None else ()
        marks = (heading(feed.organisation), *everywhere, *levels, *changes)
        found = versions.versions_in(tx, [*self.consultations, *marks])
        self.moments = {key: stamp(at) for key, (_, at) in found.items()}
        self.since = [self.moments[one] for one in everywhere if one in self.moments]

    def between(self, start: date, end: date) -> Served:
        sessions = {
            one.key: one
            for each in self.consultations.values()
            for one in sessions_of(each, start, end)
        }
        parties = self._parties(start, end)
        person = self.feed.person
        if person is not None:
            sessions = {key: one for key, one in sessions.items() if person in one.roster}
            parties = [
                one
                for one in parties
                if _whose(one, sessions, self.consultations[one["consultation"]]) == person
            ]
        days = tuple(self._days(list(sessions.values())))
        entries = tuple(self._entry(one) for one in parties)
        # A party that is no longer shown has raised its consultation's version.
        changed = [one.changed_at for one in days] + [one.calendar_changed_at for one in entries]
        moments = [self.feed.made_at, *self.moments.values(), *changed]
        return Served(days=days, entries=entries, changed_at=max(map(stamp, moments)))

    def _days(self, sessions: list[Session]) -> Iterator[Day]:
        """`sessions` as they were published; one that never was is as old as the feed."""
        found = published.by_keys(self.tx, [one.key for one in sessions])
        rows_by_key = {row.key: row for row in found}
        for one in sessions:
            row = rows_by_key.get(one.key)
            sequence, at = (row.sequence, row.scheduled_at) if row else (0, self.feed.made_at)
            yield Day(session=one, sequence=sequence, changed_at=max([at, *self.since]))

    def _parties(self, start: date, end: date) -> list[dict[str, Any]]:
        """Rows by start, of the local days [start, end) as clocks at the desks show them."""
        if not self.consultations:
            return []
        keys = list(self.consultations)
        named = frozenset(one for one in keys if self.desks[one].private_feed == "name")
        # All are of one organisation, which has one zone.
        zone = self.consultations[keys[0]].zone
        since, until = (instant(day, time(), zone) for day in (start, end))
        return rows.shown(self.tx, self.keyring, keys, since, until, named)

    def _entry(self, row: dict[str, Any]) -> Entry:
        """Changed with the booking, and with what is told of all: its link, and whether its name is."""
        kept = {name: row[name] for name in _PLAIN}
        settled = row["session"] is None or row["slot_start"] is not None
        told = self.moments.get(level(self.desks[row["consultation"]].key))
        moments = [row["calendar_changed_at"], *self.since, *([told] if told else [])]
        return Entry(
            **kept,
            calendar_changed_at=max(moments),
            status=Status(row["status"]),
            time_settled=settled,
        )


def _consultations(catalogue: Catalogue, feed: PrivateFeed) -> list[Consultation]:
    if feed.desk is not None:
        desk = catalogue.desks.get(feed.desk)
        return list(desk.consultations) if desk else []
    organisation = catalogue.organisations.get(feed.organisation)
    desks = organisation.desks if organisation else ()
    each = [one for desk in desks for one in desk.consultations]
    return [one for one in each if feed.person in people_of([one])]


def _whose(
    row: dict[str, Any], sessions: dict[str, Session], consultation: Consultation
) -> str | None:
    """Who serves a party; None where that is open or nothing of these sessions."""
    if row["session"] is None:
        # Arranged: nobody wrote down who serves, so only one who alone can is told.
        day = local_date(row["starts_at"], row["zone"])
        serving = present(consultation.roster, consultation.absences, day)
        return who_serves(serving, None)
    session = sessions.get(row["session"])
    return who_serves(session.roster, row["slot_seat"]) if session is not None else None


_PLAIN = (
    *("id", "reference", "consultation", "starts_at", "ends_at", "zone", "place"),
    *("name", "created_at", "calendar_sequence"),
)
