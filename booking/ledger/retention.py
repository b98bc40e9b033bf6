"""What is forgotten by itself: keys and counts that nobody will ask for again."""

from datetime import timedelta

from booking.ledger.ledger import Ledger
from booking.store import Tx, idempotency, limits, line_codes

# A form that was left open for weeks is still no second booking.
KEEP_KEYS = timedelta(days=30)
KEEP_COUNTS = timedelta(days=2)
# A used one is recognised for a while: what LINE delivers twice is no wrong code.
KEEP_LINE_CODES = timedelta(days=2)


def forget_old(ledger: Ledger) -> None:
    """Forget idempotency keys after thirty days, counts of attempts and LINE's codes after two."""
    now = ledger.now()

    def work(tx: Tx) -> None:
        idempotency.forget_before(tx, now - KEEP_KEYS)
        limits.forget_before(tx, now - KEEP_COUNTS)
        line_codes.forget_before(tx, now - KEEP_LINE_CODES)

    ledger.store.write(work)
