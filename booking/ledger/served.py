"""What a private feed shows: the sessions and parties of a desk, or of one who serves. Writes nothing."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from booking.ledger.ledger import Ledger
from booking.ledger.private_feeds import PrivateFeed, people_of
from booking.ledger.status import ENDED, Status
from booking.store import private_feeds as rows
from booking.store import published
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
    """Sessions and parties."""

    days: tuple[Day, ...]
    entries: tuple[Entry, ...]


def served(ledger: Ledger, feed: PrivateFeed, start: date, end: date) -> Served:
    """What `feed` shows of the local days [start, end), by start; nothing where its desk is gone.

    Of a person: the sessions in which that person serves, and those of their parties that are the
    person's (`slots.roster.who_serves`); never another's.
    """
    consultations = _consultations(ledger, feed)
    sessions = {one.key: one for each in consultations for one in sessions_of(each, start, end)}
    parties = _parties(ledger, consultations, start, end)
    if feed.person is not None:
        sessions = {key: one for key, one in sessions.items() if feed.person in one.roster}
        by_key = {one.key: one for one in consultations}
        parties = [
            one
            for one in parties
            if _whose(one, sessions, by_key[one["consultation"]]) == feed.person
        ]
    return Served(
        days=_days(ledger, feed, list(sessions.values())),
        entries=tuple(_entry(one) for one in parties),
    )


def _days(ledger: Ledger, feed: PrivateFeed, sessions: list[Session]) -> tuple[Day, ...]:
    """`sessions` as they were published; one that never was is as old as the feed."""
    keys = [one.key for one in sessions]
    rows_by_key = {
        row.key: row for row in ledger.store.read(lambda tx: published.by_keys(tx, keys))
    }
    found = []
    for one in sessions:
        row = rows_by_key.get(one.key)
        sequence, at = (row.sequence, row.scheduled_at) if row else (0, feed.made_at)
        found.append(Day(session=one, sequence=sequence, changed_at=at))
    return tuple(found)


def _consultations(ledger: Ledger, feed: PrivateFeed) -> list[Consultation]:
    catalogue = ledger.catalogue
    if feed.desk is not None:
        desk = catalogue.desks.get(feed.desk)
        return list(desk.consultations) if desk else []
    organisation = catalogue.organisations.get(feed.organisation)
    desks = organisation.desks if organisation else ()
    each = [one for desk in desks for one in desk.consultations]
    return [one for one in each if feed.person in people_of([one])]


def _parties(
    ledger: Ledger, consultations: list[Consultation], start: date, end: date
) -> list[dict[str, Any]]:
    """Rows by start, of the local days [start, end) as clocks at the desks show them."""
    if not consultations:
        return []
    catalogue, store = ledger.catalogue, ledger.store
    keys = [one.key for one in consultations]
    named = frozenset(one for one in keys if catalogue.desk_of(one).private_feed == "name")
    # All are of one organisation, which has one zone.
    since, until = (instant(day, time(), consultations[0].zone) for day in (start, end))
    return store.read(lambda tx: rows.shown(tx, store.keyring, keys, since, until, named))


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


def _entry(row: dict[str, Any]) -> Entry:
    kept = {name: row[name] for name in _PLAIN}
    settled = row["session"] is None or row["slot_start"] is not None
    return Entry(**kept, status=Status(row["status"]), time_settled=settled)


_PLAIN = (
    *("id", "reference", "consultation", "starts_at", "ends_at", "zone", "place"),
    *("name", "created_at", "calendar_sequence", "calendar_changed_at"),
)
