"""What a provider says later of a message that it took over: it arrived, it did not, nobody knows."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import or_, select, update

from booking.ledger.ledger import Ledger
from booking.store import Tx
from notifications.outbox import RECEIPT_FAILED, State, outbox
from notifications.relay import take_over


class Receipt(StrEnum):
    """What became of a message."""

    UNKNOWN = "unknown"
    FAILED = RECEIPT_FAILED
    DELIVERED = "delivered"


# Receipts come twice and in any order. What arrived has arrived, whatever else is said.
_OUTDONE_BY = {
    Receipt.UNKNOWN: (),
    Receipt.FAILED: (Receipt.UNKNOWN.value,),
    Receipt.DELIVERED: (Receipt.UNKNOWN.value, Receipt.FAILED.value),
}


def receipt(ledger: Ledger, ref: str, status: Receipt, available: Collection[str]) -> bool:
    """Keep what is said of the message `ref`; the same again changes nothing. False: no such message.

    What could not be delivered after all goes to the next channel, of those that are `available`.
    """

    def work(tx: Tx) -> bool:
        open_to_it = or_(outbox.c.receipt.is_(None), outbox.c.receipt.in_(_OUTDONE_BY[status]))
        kept = update(outbox).where(outbox.c.ref == ref, open_to_it).values(receipt=status.value)
        news = tx.execute(kept.returning(outbox.c.id)).first() is not None
        if news and status is Receipt.FAILED:
            _give_up(ledger, tx, ref, available)
        return tx.execute(select(outbox.c.id).where(outbox.c.ref == ref)).first() is not None

    return ledger.store.write(work)


def _give_up(ledger: Ledger, tx: Tx, ref: str, available: Collection[str]) -> None:
    """A message that is still leased ends as dead by itself: see `outbox.settle`."""
    ended = (
        update(outbox)
        .where(outbox.c.ref == ref, outbox.c.state == State.SENT.value)
        .values(state=State.DEAD.value, settled_at=ledger.now(), last_error="not-delivered")
        .returning(outbox.c.booking_id, outbox.c.revision, outbox.c.kind)
    )
    row = tx.execute(ended).first()
    if row is not None:
        take_over(ledger, tx, row.booking_id, row.revision, row.kind, available)
