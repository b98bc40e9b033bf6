"""Takes what is due from the outbox to its channel. One message's failure stops no other."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from booking.ledger.booking import Booking, booking_of
from booking.ledger.ledger import Ledger
from booking.settings import Settings
from booking.store import Tx, bookings
from notifications import outbox
from notifications.channels.channel import Channel, NotSent
from notifications.outbox import Claimed, State
from notifications.policy import BACK_OFF, MOST_TRIES, TRUE_WHILE
from notifications.relay import calls_instead
from notifications.render import render

log = logging.getLogger("notifications.delivery")
BATCH = 20


class Untrue(Exception):
    """What the message says is no longer so; `code` names why."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


class LeaseLost(Exception):
    """Somebody else has taken the message over."""


def still_true(message: Claimed, booking: Booking | None, now: datetime) -> None:
    """Return when the message may still be told of `booking`. Raises Untrue."""
    if booking is None:
        raise Untrue("gone")
    if booking.revision != message.revision:
        raise Untrue("superseded")
    if booking.status not in TRUE_WHILE[message.kind]:
        raise Untrue("status")
    if message.not_after is not None and message.not_after <= now:
        raise Untrue("too-late")


def after_failure(message: Claimed, refusal: NotSent, now: datetime) -> datetime | None:
    """When to try again; None: never, because it is for good, too often or would be too late."""
    if refusal.for_good or message.tries >= MOST_TRIES:
        return None
    again = now + BACK_OFF[message.tries - 1]
    late = message.not_after is not None and message.not_after <= again
    return None if late else again


@dataclass(frozen=True)
class Delivery:
    """Delivers on `channels`; messages on any other channel are left to whoever serves it."""

    ledger: Ledger
    settings: Settings
    channels: Mapping[str, Channel]

    def run(self, stopping: Callable[[], bool] = lambda: False) -> dict[State, int]:
        """Deliver all that is due now; how many messages ended in each state.

        Ends after the message under way once `stopping` says so.
        """
        counts: dict[State, int] = {}
        try:
            while claimed := self._claim():
                for number, message in enumerate(claimed):
                    if stopping():
                        self._release(claimed[number:])
                        return counts
                    state = self._deliver(message)
                    counts[state] = counts.get(state, 0) + 1
        finally:
            for channel in self.channels.values():
                channel.close()
        return counts

    def _claim(self) -> list[Claimed]:
        store, now, names = self.ledger.store, self.ledger.now(), list(self.channels)
        if not store.read(lambda tx: outbox.any_due(tx, names, now)):
            return []
        owner = self.ledger.chance.id()
        return store.write(lambda tx: outbox.claim(tx, names, now, owner, BATCH))

    def _release(self, messages: list[Claimed]) -> None:
        self.ledger.store.write(lambda tx: outbox.release(tx, messages))

    def _deliver(self, message: Claimed) -> State:
        """Try one message, and settle it. What it ends as; LEASED when somebody else has it now."""
        attempt: int | None = None
        try:
            if message.tries > MOST_TRIES:
                # It has never been settled: whoever tried it died of it.
                raise NotSent("too-many-tries", for_good=True)
            booking, attempt = self._begin(message)
            self._send(message, booking)
        except LeaseLost:
            return State.LEASED
        except Untrue as reason:
            return self._end(message, attempt, _untold(message, reason), reason.code)
        except NotSent as refusal:
            return self._failed(message, attempt, refusal)
        except Exception as error:
            # Whatever it was, the others go on. Its text may hold what was typed, so only its kind
            # is kept.
            return self._failed(message, attempt, NotSent(type(error).__name__))
        return self._end(message, attempt, State.SENT, None)

    def _begin(self, message: Claimed) -> tuple[Booking, int]:
        """The booking as it stands at this moment, and the number of the try that begins."""
        store, now = self.ledger.store, self.ledger.now()

        def work(tx: Tx) -> tuple[Booking, int]:
            row = bookings.by_id(tx, store.keyring, message.booking_id)
            booking = booking_of(row) if row is not None else None
            still_true(message, booking, now)
            attempt = outbox.begin(tx, message, now)
            if attempt is None or booking is None:
                raise LeaseLost
            return booking, attempt

        return store.write(work)

    def _send(self, message: Claimed, booking: Booking) -> None:
        told = render(
            self.ledger, self.settings, booking, message.kind, message.channel, message.key
        )
        self.channels[message.channel].send(told)

    def _failed(self, message: Claimed, attempt: int | None, refusal: NotSent) -> State:
        again = after_failure(message, refusal, self.ledger.now())
        state = State.FAILED if again else State.DEAD
        log.warning(
            "message %s (%s by %s): %s, try %s, %s",
            *(message.id, message.kind, message.channel, refusal.code, message.tries, state),
        )
        return self._end(message, attempt, state, refusal.code, again)

    def _end(
        self,
        message: Claimed,
        attempt: int | None,
        state: State,
        error: str | None,
        again: datetime | None = None,
    ) -> State:
        now = self.ledger.now()

        def work(tx: Tx) -> bool:
            if attempt is not None:
                outbox.finish_try(tx, attempt, error or state.value, now)
            ours = outbox.settle(tx, message, state, now, error=error, next_try=again)
            if ours and state is State.DEAD:
                outbox.add(tx, calls_instead(self.ledger, tx, message), now)
            return ours

        if self.ledger.store.write(work):
            return state
        log.warning("message %s: the lease ran out during the try", message.id)
        return State.LEASED


def _untold(message: Claimed, reason: Untrue) -> State:
    """Too late after a try is a failure that somebody should see; anything else is as it should be."""
    tried = reason.code == "too-late" and message.tries > 1
    return State.DEAD if tried else State.WITHDRAWN
