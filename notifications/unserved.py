"""Messages on a channel that is no longer set up: nobody would ever claim them."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import and_, or_, select, update

from booking.ledger.ledger import Ledger
from booking.store import Tx
from notifications.outbox import TO_TRY, State, outbox
from notifications.policy import BY_MACHINE
from notifications.relay import take_over

NO_CHANNEL = "no-channel"
# Another process may be set up otherwise: it has as long as all tries take.
UNSERVED = timedelta(days=1)


def close_unserved(ledger: Ledger, available: Collection[str]) -> int:
    """End what waits on none of the `available` channels, and let the next one follow; how many.

    A day after its moment, or when the next channel should take over, whichever is first.
    """
    gone = [one for one in BY_MACHINE if one not in available]
    now = ledger.now()
    ready = and_(
        outbox.c.state.in_(TO_TRY), or_(outbox.c.next_try.is_(None), outbox.c.next_try <= now)
    )
    abandoned = and_(outbox.c.state == State.LEASED.value, outbox.c.lease_until <= now)
    left = and_(
        outbox.c.channel.in_(gone),
        outbox.c.due_at <= now,
        or_(ready, abandoned),
        or_(outbox.c.due_at <= now - UNSERVED, outbox.c.hand_over_at <= now),
    )
    if ledger.store.read(lambda tx: tx.execute(select(outbox.c.id).where(left)).first()) is None:
        return 0
    values = {"state": State.DEAD.value, "settled_at": now, "last_error": NO_CHANNEL}
    free = {"lease_owner": None, "lease_until": None, "next_try": None}
    ended = update(outbox).where(left).values(values | free).returning(outbox)

    def work(tx: Tx) -> int:
        rows = tx.execute(ended).all()
        # By booking, as relays do, so that two processes wait for each other in one order.
        for row in sorted(rows, key=lambda one: (str(one.booking_id), one.id)):
            take_over(ledger, tx, row.booking_id, row.revision, row.kind, available)
        return len(rows)

    return ledger.store.write(work)
