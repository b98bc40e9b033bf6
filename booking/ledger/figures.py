"""How the ledger is doing, in numbers without any party in them, and whether it can be used at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from booking.ledger.ledger import Ledger
from booking.ledger.status import Status
from booking.store import Tx, bookings, log
from booking.store.migrate import newest_revision

_REVISION = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True)
class Figures:
    """Bookings by status (each status, also where there is none), and what waits.

    `longest_wait` is in seconds, 0 when no request waits for staff.
    """

    bookings: Mapping[Status, int]
    unread_facts: int
    longest_wait: float

    @property
    def waiting(self) -> int:
        """Requests that wait for staff."""
        return self.bookings[Status.REQUESTED]


def figures(ledger: Ledger) -> Figures:
    """The present figures of all organisations together."""

    def work(tx: Tx) -> Figures:
        counts = bookings.count_by_status(tx)
        oldest = bookings.oldest(tx, Status.REQUESTED.value)
        return Figures(
            bookings={status: counts.get(status.value, 0) for status in Status},
            unread_facts=log.unread_count(tx),
            longest_wait=(ledger.now() - oldest).total_seconds() if oldest else 0,
        )

    return ledger.store.read(work)


def database_answers(ledger: Ledger) -> bool:
    """Whether the database can be reached and has the tables of this version."""
    try:
        found = ledger.store.read(lambda tx: tx.execute(_REVISION).scalars().all())
    except SQLAlchemyError:
        return False
    return found == [newest_revision()]
