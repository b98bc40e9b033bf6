"""What a provider says later of a message that it took: arrived, not arrived, or nobody knows."""

from enum import StrEnum

from sqlalchemy import or_, select, update

from booking.ledger.ledger import Ledger
from booking.store import Tx
from notifications.tables import OutboxRow

_outbox = OutboxRow.__table__  # type: ignore[attr-defined]


class Receipt(StrEnum):
    """What became of a message."""

    UNKNOWN = "unknown"
    FAILED = "failed"
    DELIVERED = "delivered"


# Receipts come twice and in any order. What arrived has arrived, whatever else is said.
_OUTDONE_BY = {
    Receipt.UNKNOWN: (),
    Receipt.FAILED: (Receipt.UNKNOWN.value,),
    Receipt.DELIVERED: (Receipt.UNKNOWN.value, Receipt.FAILED.value),
}


def receipt(ledger: Ledger, ref: str, status: Receipt) -> bool:
    """Keep what is said of the message `ref`; the same again changes nothing. False: no such message."""

    def work(tx: Tx) -> bool:
        open_to_it = or_(_outbox.c.receipt.is_(None), _outbox.c.receipt.in_(_OUTDONE_BY[status]))
        kept = update(_outbox).where(_outbox.c.ref == ref, open_to_it)
        tx.execute(kept.values(receipt=status.value))
        return tx.execute(select(_outbox.c.id).where(_outbox.c.ref == ref)).first() is not None

    return ledger.store.write(work)
