"""The tables: schema only. A row never leaves the store, and never enters from a request."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Text, text
from sqlmodel import Field, SQLModel

metadata = SQLModel.metadata
metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

# SQLite counts up by itself only for INTEGER; PostgreSQL's integer would end at two thousand million.
Counter = BigInteger().with_variant(Integer, "sqlite")


def sealed(*, nullable: bool = True) -> Column:
    """A column that holds ciphertext only: see `sealed.py`."""
    return Column(LargeBinary, nullable=nullable)


class ConsultationVersion(SQLModel, table=True):
    """Raised by every transaction that changes what the public sees of a consultation.

    It is the key of kept bytes and the source of ETags; raising it is also the lock under which
    seats are taken (a row lock on PostgreSQL).
    """

    __tablename__ = "consultation_versions"
    consultation: str = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    definition: str
    changed_at: datetime


class BookingRow(SQLModel, table=True):
    """A promise to a party. Personal columns are sealed; `*_index` are blind look-up indexes."""

    __tablename__ = "bookings"
    __table_args__ = (
        # Law: the database refuses the second holder of a seat.
        Index(
            "uq_bookings_slot_seat",
            "session",
            "slot_start",
            "slot_seat",
            unique=True,
            sqlite_where=text("holds_seat = 1"),
            postgresql_where=text("holds_seat"),
        ),
        Index(
            "uq_bookings_session_seat",
            "session",
            "session_seat",
            unique=True,
            sqlite_where=text("holds_seat = 1"),
            postgresql_where=text("holds_seat"),
        ),
        Index("ix_bookings_waiting", "status", "created_at"),
        Index("ix_bookings_day", "starts_at"),
        Index("ix_bookings_session", "session"),
    )
    id: str = Field(primary_key=True)
    reference: str = Field(unique=True)
    token_hash: str = Field(unique=True)
    token: bytes = Field(sa_column=sealed(nullable=False))
    consultation: str = Field(index=True)
    status: str
    holds_seat: bool
    revision: int = 0
    session: str | None = None
    session_seat: int | None = None
    slot_start: datetime | None = None
    slot_seat: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    zone: str
    place: str | None = None
    rule: str | None = None
    wish: str | None = None
    wishes: str | None = Field(default=None, sa_type=Text)
    duplicate_guard: str | None = Field(default=None, unique=True)
    name: bytes | None = Field(default=None, sa_column=sealed())
    kana: bytes | None = Field(default=None, sa_column=sealed())
    phone: bytes | None = Field(default=None, sa_column=sealed())
    residence: bytes | None = Field(default=None, sa_column=sealed())
    email: bytes | None = Field(default=None, sa_column=sealed())
    age: bytes | None = Field(default=None, sa_column=sealed())
    needs: bytes | None = Field(default=None, sa_column=sealed())
    tie: bytes | None = Field(default=None, sa_column=sealed())
    safe: bytes | None = Field(default=None, sa_column=sealed())
    line_user: bytes | None = Field(default=None, sa_column=sealed())
    reason: bytes | None = Field(default=None, sa_column=sealed())
    phone_index: str | None = Field(default=None, index=True)
    kana_index: str | None = Field(default=None, index=True)
    line_index: str | None = Field(default=None, index=True)
    reached_by: str = ""
    contact_wish: str | None = None
    party_size: int = 1
    language: str = "ja"
    channel: str
    confirmed_how: str | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    created_at: datetime
    changed_at: datetime
    # What its calendar entry bears: see `booking.ledger.calendar_stamps`.
    calendar_sequence: int = 0
    calendar_changed_at: datetime
    calendar_starts_at: datetime | None = None
    calendar_ends_at: datetime | None = None


class FactRow(SQLModel, table=True):
    """The log: appended only, in the transaction that makes the fact true. No personal data."""

    __tablename__ = "facts"
    id: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    at: datetime
    kind: str
    actor: str
    booking_id: str | None = Field(default=None, index=True)
    consultation: str | None = None
    revision: int = 0
    data: str = Field(default="{}", sa_type=Text)


class UnreadFact(SQLModel, table=True):
    """A fact that nobody has told anybody of yet. A mark of its own, so that the log stays untouched.

    A cursor over ids would lose facts: transactions commit in another order than they count.
    """

    __tablename__ = "facts_unread"
    fact_id: int = Field(primary_key=True, sa_type=BigInteger)


class IdempotencyKey(SQLModel, table=True):
    """What was made under a key, so that asking again gives the same. Fingerprints are keyed hashes."""

    __tablename__ = "idempotency_keys"
    scope: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    booking_id: str
    created_at: datetime = Field(index=True)


class DeskChangeRow(SQLModel, table=True):
    """A dated change that staff made to a desk or consultation (`scope`), as a desk file would say it.

    Withdrawn ones stay: what was shown to the public can be looked up.
    """

    __tablename__ = "desk_changes"
    id: str = Field(primary_key=True)
    scope: str = Field(index=True)
    kind: str
    data: str = Field(sa_type=Text)
    made_by: str
    made_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None


class PublishedEntryRow(SQLModel, table=True):
    """An entry of the public calendars as it was last published; `scope` is a consultation or a desk.

    `sequence` follows start, end, place and status, `scheduled_at` says when it last rose;
    `changed_at` follows all of it, in whole seconds. `listed_on` is the earliest day on which it
    ever stood, and `gone` an entry that its definition no longer plans. Nothing here is of a party.
    """

    __tablename__ = "published_entries"
    __table_args__ = (Index("ix_published_entries_day", "organisation", "day"),)
    key: str = Field(primary_key=True)
    organisation: str
    desk: str
    scope: str
    day: date
    listed_on: date
    starts_at: datetime
    ends_at: datetime
    zone: str
    place_name: str | None = None
    place_room: str | None = None
    place_address: str | None = None
    status: str
    title: str
    words: str = Field(sa_type=Text)
    mark: str | None = None
    closes_at: datetime | None = None
    gone: bool
    sequence: int
    scheduled_at: datetime
    changed_at: datetime


class ReferralRow(SQLModel, table=True):
    """A counsellor's referral to experts: opens one booking. The code itself is kept hashed."""

    __tablename__ = "referrals"
    id: str = Field(primary_key=True)
    code_index: str = Field(unique=True)
    consultation: str
    issued_by: str
    issued_at: datetime
    expires_at: datetime
    booking_id: str | None = Field(default=None, index=True)


class StaffRow(SQLModel, table=True):
    """A member of staff who may sign in. `organisation` is None for those who serve all."""

    __tablename__ = "staff"
    id: str = Field(primary_key=True)
    login: str = Field(unique=True)
    name: str
    role: str
    organisation: str | None = None
    password_hash: str
    created_at: datetime
    disabled_at: datetime | None = None


class LoginRow(SQLModel, table=True):
    """A signed-in browser. The cookie's id is kept hashed."""

    __tablename__ = "staff_logins"
    id_hash: str = Field(primary_key=True)
    staff_id: str = Field(index=True)
    created_at: datetime
    last_seen: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class ApiKeyRow(SQLModel, table=True):
    """A program's key for the staff API, kept hashed."""

    __tablename__ = "api_keys"
    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    role: str
    organisation: str | None = None
    key_hash: str = Field(unique=True)
    created_at: datetime
    revoked_at: datetime | None = None


class PrivateFeedRow(SQLModel, table=True):
    """A calendar for staff at a secret address, which is kept hashed: of a desk, or of a person.

    `desk` or `person`, a name of the organisation's rosters, says of what. `last_client` is the kind
    of the program that fetched it last, never its own words nor where it was.
    """

    __tablename__ = "private_feeds"
    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    organisation: str = Field(index=True)
    desk: str | None = None
    person: str | None = None
    label: str
    made_by: str
    made_at: datetime
    rotation: int = 0
    rotated_at: datetime | None = None
    revoked_at: datetime | None = None
    last_fetched_at: datetime | None = None
    last_client: str | None = None
    fetches: int = 0


class LineCodeRow(SQLModel, table=True):
    """A one-time code that links a booking with whoever types it in the LINE chat. Kept as an index."""

    __tablename__ = "line_codes"
    code_index: str = Field(primary_key=True)
    booking_id: str = Field(index=True)
    expires_at: datetime


class AttemptCount(SQLModel, table=True):
    """How often something was tried in a stretch of time. `subject` is a keyed hash."""

    __tablename__ = "attempt_counts"
    subject: str = Field(primary_key=True)
    period: int = Field(primary_key=True, sa_type=BigInteger)
    count: int
