"""Calendars for staff at secret addresses: their rows, and what of the bookings they show."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update

from booking.store.bookings import bookings
from booking.store.sealed import Keyring
from booking.store.tables import PrivateFeedRow
from booking.store.transaction import Tx

_feeds = PrivateFeedRow.__table__  # type: ignore[attr-defined]
_STANDING = _feeds.c.revoked_at.is_(None)
MOST = 200
# All that a calendar may show but for the name, which is unsealed only where a desk says so.
_SHOWN = (
    *("id", "reference", "consultation", "status", "session", "slot_start", "slot_seat"),
    *("starts_at", "ends_at", "zone", "place", "created_at"),
    *("calendar_sequence", "calendar_changed_at"),
)
_columns = [bookings.c[one] for one in _SHOWN]


def add(tx: Tx, row: dict[str, Any]) -> None:
    """Insert a feed. Raises IntegrityError where its id is there already."""
    tx.execute(insert(_feeds), row)


def by_token(tx: Tx, token_hash: str) -> Any | None:
    """The standing feed with that token, or None: a revoked one is looked for no otherwise."""
    query = select(_feeds).where(_feeds.c.token_hash == token_hash, _STANDING)
    return tx.execute(query).one_or_none()


def by_id(tx: Tx, feed_id: str) -> Any | None:
    """The feed with that id, standing or not, or None."""
    return tx.execute(select(_feeds).where(_feeds.c.id == feed_id)).one_or_none()


def listed(tx: Tx, organisation: str | None) -> list[Any]:
    """The feeds of `organisation` (None: of all), those that stand first, the newest first."""
    query = select(_feeds).order_by(_feeds.c.revoked_at.is_not(None), _feeds.c.made_at.desc())
    if organisation is not None:
        query = query.where(_feeds.c.organisation == organisation)
    return list(tx.execute(query.limit(MOST)))


def rotate(tx: Tx, feed_id: str, seen: int, token_hash: str, now: datetime) -> bool:
    """Give a feed another token; False where it no longer stands at rotation `seen`.

    What was known of the old address's fetches goes with it.
    """
    change = (
        update(_feeds)
        .where(_feeds.c.id == feed_id, _feeds.c.rotation == seen, _STANDING)
        .values(
            token_hash=token_hash,
            rotation=seen + 1,
            rotated_at=now,
            last_fetched_at=None,
            last_client=None,
            fetches=0,
        )
        .returning(_feeds.c.id)
    )
    return tx.execute(change).first() is not None


def revoke(tx: Tx, feed_id: str, now: datetime) -> bool:
    """End a feed; False where it had ended already."""
    change = (
        update(_feeds)
        .where(_feeds.c.id == feed_id, _STANDING)
        .values(revoked_at=now)
        .returning(_feeds.c.id)
    )
    return tx.execute(change).first() is not None


def note_fetch(
    tx: Tx, feed_id: str, rotation: int, client: str, now: datetime, before: datetime
) -> None:
    """Note that a feed was fetched, unless that was noted after `before`."""
    change = (
        update(_feeds)
        .where(
            _feeds.c.id == feed_id,
            _feeds.c.rotation == rotation,
            _STANDING,
            or_(_feeds.c.last_fetched_at.is_(None), _feeds.c.last_fetched_at <= before),
        )
        .values(last_fetched_at=now, last_client=client, fetches=_feeds.c.fetches + 1)
    )
    tx.execute(change)


def shown(
    tx: Tx,
    keyring: Keyring,
    consultations: Iterable[str],
    start: datetime,
    end: datetime,
    named: frozenset[str],
) -> list[dict[str, Any]]:
    """The bookings of `consultations` that begin in [start, end), with what a calendar may show.

    `name` is None but for consultations in `named`: of others it is not even read.
    """
    keys = list(consultations)
    found = [dict(row._mapping) | {"name": None} for row in _between(tx, keys, start, end)]
    if named:
        query = select(bookings.c.id, bookings.c.name).where(
            bookings.c.consultation.in_([one for one in keys if one in named]),
            bookings.c.starts_at >= start,
            bookings.c.starts_at < end,
            bookings.c.name.is_not(None),
        )
        sealed = {row.id: row.name for row in tx.execute(query)}
        for one in found:
            if one["id"] in sealed:
                one["name"] = keyring.unseal("bookings", "name", one["id"], sealed[one["id"]])
    return found


def _between(tx: Tx, consultations: list[str], start: datetime, end: datetime) -> list[Any]:
    query = (
        select(*_columns)
        .where(
            bookings.c.consultation.in_(consultations),
            bookings.c.starts_at >= start,
            bookings.c.starts_at < end,
        )
        .order_by(bookings.c.starts_at, bookings.c.id)
    )
    return list(tx.execute(query))
