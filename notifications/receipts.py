"""What a provider says later of a message that it took over: it arrived, it did not, nobody knows."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, func, or_, select, update

from booking.ledger.ledger import Ledger
from booking.store import Tx
from notifications.entries import OTHER_CHANNEL
from notifications.outbox import (
    RECEIPT_DELIVERED,
    RECEIPT_FAILED,
    TO_TRY,
    State,
    hold,
    outbox,
    same,
    withdraw,
)
from notifications.policy import LETTER
from notifications.relay import take_over


class Receipt(StrEnum):
    """What became of a message."""

    UNKNOWN = "unknown"
    FAILED = RECEIPT_FAILED
    DELIVERED = RECEIPT_DELIVERED


# Receipts come twice and in any order. What arrived has arrived, whatever else is said.
_OUTDONE_BY = {
    Receipt.UNKNOWN: (),
    Receipt.FAILED: (Receipt.UNKNOWN.value,),
    Receipt.DELIVERED: (Receipt.UNKNOWN.value, Receipt.FAILED.value),
}


def receipt(ledger: Ledger, ref: str, status: Receipt, available: Collection[str]) -> bool:
    """Keep what is said of the message `ref`; the same again changes nothing. False: no such message.

    What could not be delivered after all goes to the next channel, of those that are `available`.
    What arrived is sent, also where we had given it up, and nobody is told the same a second time.
    """

    def work(tx: Tx) -> bool:
        about = select(outbox.c.booking_id).where(outbox.c.ref == ref)
        hold(tx, tx.execute(about).scalars())
        open_to_it = or_(outbox.c.receipt.is_(None), outbox.c.receipt.in_(_OUTDONE_BY[status]))
        kept = update(outbox).where(outbox.c.ref == ref, open_to_it).values(receipt=status.value)
        news = tx.execute(kept.returning(outbox.c.id)).first() is not None
        if news and status is Receipt.FAILED:
            _give_up(ledger, tx, ref, available)
        elif news and status is Receipt.DELIVERED:
            _note_arrival(tx, ref, ledger.now())
        return tx.execute(select(outbox.c.id).where(outbox.c.ref == ref)).first() is not None

    return ledger.store.write(work)


def _give_up(ledger: Ledger, tx: Tx, ref: str, available: Collection[str]) -> None:
    """A message that is still leased ends as dead by itself: see `outbox.settle`."""
    ended = (
        update(outbox)
        .where(
            outbox.c.ref == ref,
            outbox.c.state == State.SENT.value,
            # What staff told otherwise needs no other channel.
            outbox.c.last_error.is_(None),
        )
        .values(state=State.DEAD.value, settled_at=ledger.now(), last_error="not-delivered")
        .returning(outbox.c.booking_id, outbox.c.revision, outbox.c.kind)
    )
    row = tx.execute(ended).first()
    if row is not None:
        take_over(ledger, tx, row.booking_id, row.revision, row.kind, available)


def _note_arrival(tx: Tx, ref: str, now: datetime) -> None:
    """Let be sent what we thought had failed. One that is still leased ends so by itself, as above."""
    abandoned = and_(outbox.c.state == State.LEASED.value, outbox.c.lease_until <= now)
    ended = (
        update(outbox)
        .where(
            outbox.c.ref == ref,
            or_(outbox.c.state.in_((*TO_TRY, State.DEAD.value)), abandoned),
        )
        .values(
            state=State.SENT.value,
            settled_at=func.coalesce(outbox.c.settled_at, now),
            # It was not sent late because we heard of it late.
            next_try=func.coalesce(outbox.c.settled_at, now),
            last_error=None,
            lease_owner=None,
            lease_until=None,
        )
        .returning(outbox)
    )
    row = tx.execute(ended).first()
    if row is None:
        return
    # A letter that staff promised was planned beside it, not after it, and goes all the same.
    instead = or_(outbox.c.channel != LETTER, outbox.c.id > row.id)
    withdraw(tx, and_(same(row), instead), OTHER_CHANNEL, now)
