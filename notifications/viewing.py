"""That a member of staff looked at a list of bookings is a fact of each of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from booking.facts import Fact, Kind
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.store import Tx, log

# Looking again within this time is the same viewing.
SAME_VIEWING = timedelta(minutes=10)


def note_viewing(ledger: Ledger, actor: str, seen: Iterable[Booking]) -> None:
    """Note that `actor` has seen these bookings, opened, just now."""
    now = ledger.now()
    by_id = {one.id: one for one in seen}

    def work(tx: Tx) -> None:
        known = log.viewed_since(tx, actor, by_id, now - SAME_VIEWING)
        log.append_all(tx, [_viewing(by_id[one], actor, now) for one in by_id.keys() - known])

    if by_id:
        ledger.store.write(work)


def _viewing(booking: Booking, actor: str, now: datetime) -> Fact:
    return Fact(
        kind=Kind.VIEWED,
        at=now,
        actor=actor,
        booking_id=booking.id,
        consultation=booking.consultation,
        revision=booking.revision,
    )
