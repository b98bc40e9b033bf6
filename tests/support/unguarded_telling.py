"""The guards of telling, taken away one by one: the controls of its race tests."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlalchemy.sql import ColumnElement

from booking.store import Tx
from notifications import jobs, outbox
from notifications.channels.channel import Message
from notifications.delivery import Delivery
from notifications.outbox import Claimed, State


def settled_before_it_is_sent() -> None:
    """A message counts as sent from the moment of the try: who dies in between loses it."""
    begin = outbox.begin

    def begin_and_settle(tx: Tx, message: Claimed, now: datetime) -> int | None:
        attempt = begin(tx, message, now)
        outbox.settle(tx, message, State.SENT, now)
        return attempt

    send = Delivery._send

    def send_a_little_later(self: Delivery, *given: Any) -> Message:
        # Else a machine that is quick enough may never be killed in between.
        time.sleep(0.03)
        return send(self, *given)

    Delivery._send = send_a_little_later  # type: ignore[method-assign]
    outbox.begin = begin_and_settle


def claimed_without_a_lease() -> None:
    """What one process has claimed is due for all others at once."""

    def due(channel: str, now: datetime) -> ColumnElement[bool]:
        open_ = outbox.outbox.c.state.in_((*outbox.TO_TRY, State.LEASED.value))
        return and_(outbox.outbox.c.channel == channel, outbox.outbox.c.due_at <= now, open_)

    outbox._due = due


def jobs_without_a_claim() -> None:
    """Every process runs the jobs of the day."""
    jobs.claim = lambda *_: True


WITHOUT: Mapping[str, Callable[[], None]] = {
    "settling": settled_before_it_is_sent,
    "leases": claimed_without_a_lease,
    "claims": jobs_without_a_claim,
}
