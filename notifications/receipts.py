"""What a provider says later of a message that it took over: it arrived, it did not, it is unknown."""

from collections.abc import Collection
from typing import Literal

from sqlalchemy import select, update

from booking.ledger.ledger import Ledger
from booking.store import Tx
from notifications.outbox import RECEIPT_FAILED, State, outbox
from notifications.policy import BY_MACHINE
from notifications.relay import take_over

Status = Literal["delivered", "failed", "unknown"]


def receipt(
    ledger: Ledger, ref: str, status: Status, available: Collection[str] = BY_MACHINE
) -> bool:
    """Note what the provider says of the message `ref`; False when there is none.

    What it could not deliver after all goes to the next channel; saying so twice changes nothing.
    """
    return ledger.store.write(lambda tx: _noted(ledger, tx, ref, status, available))


def _noted(ledger: Ledger, tx: Tx, ref: str, status: Status, available: Collection[str]) -> bool:
    known = tx.execute(select(outbox.c.receipt).where(outbox.c.ref == ref)).first()
    if known is None:
        return False
    if known.receipt == RECEIPT_FAILED:
        return True
    tx.execute(update(outbox).where(outbox.c.ref == ref).values(receipt=status))
    if status == RECEIPT_FAILED:
        _give_up(ledger, tx, ref, available)
    return True


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
