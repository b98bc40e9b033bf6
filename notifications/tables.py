"""The tables of telling: schema only."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

# Whichever is imported first: the tables' naming convention is set there.
from booking.store.tables import Counter, sealed


class OutboxRow(SQLModel, table=True):
    """One message to be told: booking × revision × kind × channel, planned at most once.

    No address: it is read from the booking when it is sent, and so are the words; `said` keeps them,
    sealed, for some months, so that staff can tell what was told. `ref` is the same at each try and
    unique to the message: providers see doubles by it. A message to staff about a day has a `session`
    (consultation/date) and no booking.
    States: waiting, leased, sent, failed (will be tried again), withdrawn, dead. `dealt_at`: when
    somebody took note that it is dead. `receipt`: what the provider said later of its arrival.
    `hand_over_at`: when the next channel takes over, for somebody still has to have time for it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "state", "due_at"),
        Index("ix_outbox_settled", "state", "settled_at"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    key: str = Field(unique=True)
    ref: str = Field(unique=True)
    booking_id: str | None = Field(default=None, index=True)
    session: str | None = None
    revision: int
    kind: str
    channel: str
    state: str
    due_at: datetime
    not_after: datetime | None = None
    hand_over_at: datetime | None = None
    at_once: bool = False
    lease_owner: str | None = None
    lease_until: datetime | None = None
    attempts: int = 0
    next_try: datetime | None = None
    last_error: str | None = None
    created_at: datetime
    settled_at: datetime | None = None
    receipt: str | None = None
    said: bytes | None = Field(default=None, sa_column=sealed())
    dealt_at: datetime | None = None
    dealt_by: str | None = None


class AttemptRow(SQLModel, table=True):
    """One try at one message, written before the try: so "possibly sent" is known, not guessed."""

    __tablename__ = "delivery_attempts"
    __table_args__ = (Index("ix_delivery_attempts_at", "at"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    outbox_id: int = Field(index=True, sa_type=BigInteger)
    at: datetime
    by: str
    outcome: str | None = None
    finished_at: datetime | None = None


class HeartbeatRow(SQLModel, table=True):
    """When something last ran: the ticker."""

    __tablename__ = "heartbeats"
    name: str = Field(primary_key=True)
    at: datetime


class JobRunRow(SQLModel, table=True):
    """A job that runs once a day: who claims the row runs it, in whatever process."""

    __tablename__ = "job_runs"
    name: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    claimed_until: datetime
    done_at: datetime | None = None
