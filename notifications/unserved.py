"""Messages on a channel that is no longer set up: nobody would ever claim them."""

from collections.abc import Collection

from sqlalchemy import and_, select, update

from booking.ledger.ledger import Ledger
from booking.store import Tx
from notifications.outbox import State, hold, outbox, ready, to_hand_over
from notifications.policy import BY_MACHINE
from notifications.relay import take_over

NO_CHANNEL = "no-channel"


def close_unserved(ledger: Ledger, available: Collection[str]) -> int:
    """End what waits on none of the `available` channels, and let the next one follow; how many.

    When the next channel should take over, as with a provider that takes nothing.
    """
    gone = [one for one in BY_MACHINE if one not in available]
    now = ledger.now()
    # Another process may be set up otherwise: what has no next channel waits for it to the end.
    left = and_(outbox.c.channel.in_(gone), ready(now), to_hand_over(now))
    if ledger.store.read(lambda tx: tx.execute(select(outbox.c.id).where(left)).first()) is None:
        return 0
    values = {"state": State.DEAD.value, "settled_at": now, "last_error": NO_CHANNEL}
    free = {"lease_owner": None, "lease_until": None, "next_try": None}
    ended = update(outbox).where(left).values(values | free).returning(outbox)

    def work(tx: Tx) -> int:
        hold(tx, tx.execute(select(outbox.c.booking_id).where(left)).scalars())
        rows = tx.execute(ended).all()
        # By booking, as relays do, so that two processes wait for each other in one order.
        for row in sorted(rows, key=lambda one: (str(one.booking_id), one.id)):
            take_over(ledger, tx, row.booking_id, row.revision, row.kind, available)
        return len(rows)

    return ledger.store.write(work)
