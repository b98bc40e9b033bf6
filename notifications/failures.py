"""What could not be told by any channel: it stands on the staff's first page until someone deals with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, exists, func, or_, select, update
from sqlalchemy.sql import ColumnElement

from booking.ledger.ledger import Ledger
from booking.store import Tx
from booking.store.bookings import bookings
from notifications.outbox import RECEIPT_DELIVERED, TO_TRY, State, outbox

MOST_SHOWN = 100
UNDER_WAY = (*TO_TRY, State.LEASED.value)
_later = outbox.alias("later")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A message that nobody could be told of; `reference` of its booking, None for a day's list."""

    id: int
    reference: str | None
    session: str | None
    kind: str
    channel: str
    error: str
    at: datetime


def failures(ledger: Ledger, organisation: str | None = None) -> Sequence[Failure]:
    """What failed and nobody has dealt with, the oldest first."""
    query = _standing(organisation).order_by(outbox.c.settled_at, outbox.c.id).limit(MOST_SHOWN)
    rows = ledger.store.read(lambda tx: tx.execute(query).all())
    return [
        Failure(
            id=row.id,
            reference=row.reference,
            session=row.session,
            kind=row.kind,
            channel=row.channel,
            error=row.last_error or "",
            at=row.settled_at,
        )
        for row in rows
    ]


def count(tx: Tx, organisation: str | None) -> int:
    """How many there are."""
    return int(tx.execute(_standing(organisation).with_only_columns(func.count())).scalar_one())


def deal_with(ledger: Ledger, message_id: int, actor: str, organisation: str | None = None) -> bool:
    """Note that `actor` has dealt with a failure; False where there is none to deal with."""
    ids = _standing(organisation).with_only_columns(outbox.c.id)
    noted = (
        update(outbox)
        .where(
            outbox.c.id == message_id,
            outbox.c.id.in_(ids),
            # Said of the row itself, too: who waits for another's commit is asked only this again.
            outbox.c.state == State.DEAD.value,
            outbox.c.dealt_at.is_(None),
        )
        .values(dealt_at=ledger.now(), dealt_by=actor)
        .returning(outbox.c.id)
    )
    return ledger.store.write(lambda tx: tx.execute(noted).first() is not None)


def of_organisation(organisation: str | None) -> list[ColumnElement[bool]]:
    """What restricts the outbox, joined with its bookings, to an organisation's; None: nothing."""
    if organisation is None:
        return []
    inside = f"{organisation}/"
    by_booking = and_(
        outbox.c.booking_id.is_not(None),
        bookings.c.consultation.startswith(inside, autoescape=True),
    )
    return [or_(by_booking, outbox.c.session.startswith(inside, autoescape=True))]


def _standing(organisation: str | None) -> Select[tuple[object, ...]]:
    """Dead, of a booking that still stands so, not dealt with, and taken over by no other channel."""
    took_over = and_(
        _later.c.id > outbox.c.id,
        _later.c.state != State.WITHDRAWN.value,
        # What had failed before this one was sent again by hand, and failed, took nothing over.
        or_(_later.c.state != State.DEAD.value, _later.c.settled_at >= outbox.c.settled_at),
    )
    arrived = and_(_later.c.state == State.SENT.value, _later.c.receipt == RECEIPT_DELIVERED)
    taken_over = exists().where(
        _later.c.booking_id == outbox.c.booking_id,
        _later.c.revision == outbox.c.revision,
        _later.c.kind == outbox.c.kind,
        # One that was taken back before, and waits again, is an older row: see `entries.add`. So may
        # be one that was given up, and of which a provider said afterwards that it had arrived.
        or_(took_over, and_(_later.c.id < outbox.c.id, _later.c.state.in_(UNDER_WAY)), arrived),
    )
    where: list[ColumnElement[bool]] = [
        outbox.c.state == State.DEAD.value,
        outbox.c.dealt_at.is_(None),
        ~taken_over,
        or_(outbox.c.booking_id.is_(None), outbox.c.revision == bookings.c.revision),
    ]
    where += of_organisation(organisation)
    joined = outbox.outerjoin(bookings, outbox.c.booking_id == bookings.c.id)
    return select(outbox, bookings.c.reference).select_from(joined).where(*where)
