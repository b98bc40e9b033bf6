"""Calendars for staff at secret addresses: made, given another address, ended; of a desk or a person.

The address is the password: who knows it reads, without an account, as calendar programs must. So it
is 192 random bits, told once and kept hashed. A person is a name on the organisation's rosters; two
of one name there are one person.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.exc import IntegrityError

from booking.errors import ChangedMeanwhile, FieldError, Invalid, KeyReused, NotFound
from booking.facts import Fact, Kind
from booking.ledger.access import Staff
from booking.ledger.contact import clean_line
from booking.ledger.ledger import Ledger
from booking.store import Tx, log
from booking.store import private_feeds as rows
from booking.store.sealed import token_hash
from slots.changes import ChangedCapacity, ExtraSession
from slots.desk import Consultation

Client = Literal["google", "outlook", "apple", "thunderbird", "other"]
LABEL_LENGTH = 60
NOTED_EVERY = timedelta(hours=1)
ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class PrivateFeed:
    """A calendar of a `desk` (its key) or of a `person` of the organisation's rosters.

    `rotation` counts its addresses from 0; `fetches` are those of the present one, at most one an
    hour, `last_client` the kind of program that came last. Without its token: nobody can tell that
    again.
    """

    id: str
    organisation: str
    desk: str | None
    person: str | None
    label: str
    made_by: str
    made_at: datetime
    rotation: int
    rotated_at: datetime | None
    revoked_at: datetime | None
    last_fetched_at: datetime | None
    last_client: Client | None
    fetches: int


def people_of(consultations: Iterable[Consultation]) -> list[str]:
    """Everybody on the rosters of `consultations`, in the order in which they are first named."""
    found: dict[str, None] = {}
    for one in consultations:
        changed = (
            change.roster
            for change in one.changes
            if isinstance(change, ExtraSession | ChangedCapacity)
        )
        for roster in (one.roster, *(opening.roster for opening in one.openings), *changed):
            found |= dict.fromkeys(roster)
    return list(found)


def people(ledger: Ledger, organisation: str) -> list[str]:
    """Everybody on the rosters of `organisation`. Raises UnknownDesk."""
    desks = ledger.catalogue.organisation(organisation).desks
    return people_of(one for desk in desks for one in desk.consultations)


def make(
    ledger: Ledger,
    feed_id: str,
    *,
    staff: Staff,
    desk: str = "",
    person: tuple[str, str] | None = None,
    label: str = "",
) -> str:
    """Make the feed of a `desk`, or of a `person` (organisation and name); its token, told once.

    `feed_id` is the form's idempotency key: the same one makes no second feed. Raises KeyReused
    then, and Invalid for what is no desk or person that `staff` serve, or a label that is too long.
    """
    now, token = ledger.now(), ledger.chance.token()
    organisation = _organisation_of(ledger, staff, desk, person)
    name = clean_line(label)
    if len(name) > LABEL_LENGTH:
        raise Invalid([FieldError("label", "too-long")])
    if not ID.fullmatch(feed_id):
        raise KeyReused
    row = {
        "id": feed_id,
        "token_hash": token_hash(token),
        "organisation": organisation,
        "desk": desk or None,
        "person": person[1] if person else None,
        "label": name,
        "made_by": staff.actor,
        "made_at": now,
        "rotation": 0,
        "fetches": 0,
    }

    def work(tx: Tx) -> None:
        rows.add(tx, row)
        log.append(tx, _fact(Kind.PRIVATE_FEED_MADE, now, staff, feed_id, desk or organisation))

    try:
        ledger.store.write(work)
    except IntegrityError:
        raise KeyReused from None
    return token


def rotate(ledger: Ledger, feed_id: str, seen: int, *, staff: Staff) -> str:
    """Another token, told once; the old one is worth nothing from this moment on.

    `seen` is the rotation that the page showed: pressing twice ends no address that was just told.
    Raises NotFound, ChangedMeanwhile.
    """
    found = _standing(ledger, feed_id, staff)
    now, token = ledger.now(), ledger.chance.token()

    def work(tx: Tx) -> None:
        if not rows.rotate(tx, feed_id, seen, token_hash(token), now):
            raise ChangedMeanwhile
        scope = found.desk or found.organisation
        log.append(tx, _fact(Kind.PRIVATE_FEED_ROTATED, now, staff, feed_id, scope))

    ledger.store.write(work)
    return token


def revoke(ledger: Ledger, feed_id: str, *, staff: Staff) -> None:
    """End a feed, at once and for good; ending it again changes nothing. Raises NotFound."""
    found, now = find(ledger, feed_id, staff), ledger.now()

    def work(tx: Tx) -> None:
        if rows.revoke(tx, feed_id, now):
            scope = found.desk or found.organisation
            log.append(tx, _fact(Kind.PRIVATE_FEED_REVOKED, now, staff, feed_id, scope))

    ledger.store.write(work)


def find(ledger: Ledger, feed_id: str, staff: Staff) -> PrivateFeed:
    """The feed with that id, if it is one of those that `staff` serve. Raises NotFound."""
    if not ID.fullmatch(feed_id):
        raise NotFound  # not every database can be asked for every character
    row = ledger.store.read(lambda tx: rows.by_id(tx, feed_id))
    if row is None or staff.organisation not in (None, row.organisation):
        raise NotFound
    return _feed(row)


def listed(ledger: Ledger, organisation: str | None) -> list[PrivateFeed]:
    """The feeds of `organisation` (None: of all): those that stand first, the newest first."""
    found = ledger.store.read(lambda tx: rows.listed(tx, organisation))
    return [_feed(row) for row in found]


def opened_by(ledger: Ledger, token: str) -> PrivateFeed:
    """The standing feed that `token` opens. Raises NotFound.

    One look-up by the token's hash, whether it is unknown, was rotated away or revoked: neither the
    answer nor its time tells which, and the hash keeps a guess from being told warmer or colder.
    """
    row = ledger.store.read(lambda tx: rows.by_token(tx, token_hash(token)))
    if row is None:
        raise NotFound
    return _feed(row)


def note_fetch(ledger: Ledger, feed: PrivateFeed, client: Client) -> None:
    """Note that a program of the kind `client` fetched `feed`: once an hour, and nothing else of it.

    It is no fact and changes nothing of the business: staff see from it whether anybody still uses
    an address, and whether somebody does who should not.
    """
    now = ledger.now()
    if feed.last_fetched_at is not None and now - feed.last_fetched_at < NOTED_EVERY:
        return
    before = now - NOTED_EVERY
    ledger.store.write(lambda tx: rows.note_fetch(tx, feed.id, feed.rotation, client, now, before))


def _organisation_of(
    ledger: Ledger, staff: Staff, desk: str, person: tuple[str, str] | None
) -> str:
    catalogue = ledger.catalogue
    organisation = person[0] if person else desk.split("/")[0]
    known = organisation in catalogue.organisations and (
        person[1] in people(ledger, organisation) if person else desk in catalogue.desks
    )
    if not known or staff.organisation not in (None, organisation):
        raise Invalid([FieldError("of", "required")])
    return organisation


def _standing(ledger: Ledger, feed_id: str, staff: Staff) -> PrivateFeed:
    found = find(ledger, feed_id, staff)
    if found.revoked_at is not None:
        raise NotFound
    return found


def _fact(kind: Kind, now: datetime, staff: Staff, feed_id: str, scope: str) -> Fact:
    """Of a person its organisation only: a fact has no name."""
    return Fact(kind=kind, at=now, actor=staff.actor, data={"feed": feed_id, "scope": scope})


def _feed(row: object) -> PrivateFeed:
    values = dict(row._mapping)  # type: ignore[attr-defined]
    del values["token_hash"]
    return PrivateFeed(**values)
