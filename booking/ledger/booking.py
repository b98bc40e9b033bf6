"""A booking as everybody above the store sees it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from booking.ledger.contact import Contact
from booking.ledger.safe_contact import safe_contact_of
from booking.ledger.status import OPEN, Status
from slots.wishes import Wish
from slots.zone import local


@dataclass(frozen=True, kw_only=True)
class Booking:
    """The promise to a party. Instants are aware UTC; `local_start` and `local_end` are the desk's.

    `starts_at` is the settled or wished-and-held time; before staff settle one it is the session's
    start (`time_settled` tells), or None where only wishes are known.
    """

    id: str
    reference: str
    token: str = field(repr=False)
    consultation: str
    status: Status
    revision: int
    session: str | None
    slot_start: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    zone: str
    place: str | None
    wish: str | None
    wishes: tuple[Wish, ...]
    contact: Contact = field(repr=False)
    reason: str | None = field(repr=False)
    line_user: str | None = field(repr=False)
    channel: str
    confirmed_how: str | None
    confirmed_by: str | None
    confirmed_at: datetime | None
    created_at: datetime
    changed_at: datetime
    calendar_sequence: int
    calendar_changed_at: datetime
    calendar_starts_at: datetime | None
    calendar_ends_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to take place: requested or confirmed."""
        return self.status in OPEN

    @property
    def time_settled(self) -> bool:
        """Whether the party has a time of its own, and not only a session or wishes."""
        return self.starts_at is not None and (self.session is None or self.slot_start is not None)

    @property
    def local_start(self) -> datetime | None:
        """The start as clocks at the desk show it."""
        return local(self.starts_at, self.zone) if self.starts_at else None

    @property
    def local_end(self) -> datetime | None:
        """The end as clocks at the desk show it."""
        return local(self.ends_at, self.zone) if self.ends_at else None

    @property
    def desk(self) -> str:
        """organisation/desk."""
        return self.consultation.rsplit("/", 1)[0]


def booking_of(row: Mapping[str, Any]) -> Booking:
    """The booking that the store's row describes."""
    age = row["age"]
    contact = Contact(
        name=row["name"] or "",
        kana=row["kana"] or "",
        phone=row["phone"] or "",
        residence=row["residence"] or "",
        email=row["email"],
        age=int(age) if age is not None else None,
        needs=row["needs"],
        tie=row["tie"],
        party_size=row["party_size"],
        language=row["language"],
        safe=safe_contact_of(row["safe"]),
    )
    fields = {name: row[name] for name in _PLAIN}
    return Booking(
        **fields,
        status=Status(row["status"]),
        wishes=tuple(_wish(one) for one in json.loads(row["wishes"] or "[]")),
        contact=contact,
    )


_PLAIN = (
    "id",
    "reference",
    "token",
    "consultation",
    "revision",
    "session",
    "slot_start",
    "starts_at",
    "ends_at",
    "zone",
    "place",
    "wish",
    "reason",
    "line_user",
    "channel",
    "confirmed_how",
    "confirmed_by",
    "confirmed_at",
    "created_at",
    "changed_at",
    "calendar_sequence",
    "calendar_changed_at",
    "calendar_starts_at",
    "calendar_ends_at",
)


def wishes_text(wishes: tuple[Wish, ...]) -> str | None:
    """How wishes are kept."""
    kept = [{"date": one.date.isoformat(), "time_of_day": one.time_of_day} for one in wishes]
    return json.dumps(kept) if kept else None


def utc_text(at: datetime | None) -> str | None:
    """An instant as facts keep it: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat() if at is not None else None


def _wish(kept: Mapping[str, str]) -> Wish:
    return Wish(date.fromisoformat(kept["date"]), kept["time_of_day"])  # type: ignore[arg-type]
