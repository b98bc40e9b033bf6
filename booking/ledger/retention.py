"""What is forgotten by itself: keys and counts that nobody will ask for again."""

from datetime import timedelta

from booking.ledger.ledger import Ledger
from booking.store import Tx, idempotency, limits

# A form that was left open for weeks is still no second booking.
KEEP_KEYS = timedelta(days=30)
KEEP_COUNTS = timedelta(days=2)


def forget_old(ledger: Ledger) -> None:
    """Forget idempotency keys after thirty days, and counts of attempts after two."""
    now = ledger.now()

    def work(tx: Tx) -> None:
        idempotency.forget_before(tx, now - KEEP_KEYS)
        limits.forget_before(tx, now - KEEP_COUNTS)

    ledger.store.write(work)
