"""Takes what is due from the outbox to its channel. One message's failure stops no other."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from booking.ledger.booking import Booking, booking_of
from booking.ledger.ledger import Ledger
from booking.settings import Settings
from booking.store import Tx, bookings
from notifications import outbox, words_kept
from notifications.addresses import address_of
from notifications.channels.channel import Channel, Message, NotSent, SentToSome
from notifications.moment import Later, Untrue, may_ring, still_true
from notifications.outbox import Claimed, State
from notifications.policy import (
    BACK_OFF,
    BY_MACHINE,
    DOWN_AGAIN,
    DOWN_LONG,
    KINDS,
    MOST_TRIES,
    PROVIDER_REST,
    STAFF_MAIL,
)
from notifications.relay import take_over
from notifications.render import render, render_day_list, render_unanswered

log = logging.getLogger("notifications.delivery")
BATCH = 20


class LeaseLost(Exception):
    """Somebody else has taken the message over."""


@dataclass(frozen=True)
class Rest:
    """A provider that takes nothing now: it is left alone until then; `code` says why."""

    until: datetime
    code: str


def after_failure(message: Claimed, refusal: NotSent, now: datetime) -> datetime | None:
    """When to try again; None: never by this channel, because it is for good, too often or too late."""
    if refusal.for_good or (message.tries >= MOST_TRIES and not refusal.down):
        return None
    pause = DOWN_AGAIN if refusal.down else BACK_OFF[message.tries - 1]
    again = now + max(pause, refusal.wait or pause)
    ends = [one for one in (message.not_after, message.hand_over_at) if one is not None]
    if refusal.down:
        ends.append(message.due_at + DOWN_LONG)
    return None if any(end <= again for end in ends) else again


@dataclass(frozen=True)
class Delivery:
    """Delivers on `channels`; messages on any other channel are left to whoever serves it.

    `resting` remembers between runs which providers take nothing; another process finds out itself.
    """

    ledger: Ledger
    settings: Settings
    channels: Mapping[str, Channel]
    resting: dict[str, Rest] = field(default_factory=dict)

    def run(self, stopping: Callable[[], bool] = lambda: False) -> dict[State, int]:
        """Deliver all that is due now; how many messages ended in each state.

        Ends after the message under way once `stopping` says so.
        """
        counts: dict[State, int] = {}
        for name in self.channels:
            for state, count in self.run_channel(name, stopping).items():
                counts[state] = counts.get(state, 0) + count
        return counts

    def run_channel(
        self, name: str, stopping: Callable[[], bool] = lambda: False
    ) -> dict[State, int]:
        """The same on one channel, so that a slow provider holds up no other's messages."""
        counts: dict[State, int] = {}
        try:
            while claimed := self._claim(name):
                for number, message in enumerate(claimed):
                    if stopping():
                        self._release(claimed[number:])
                        return counts
                    state = self._deliver(message)
                    counts[state] = counts.get(state, 0) + 1
                    if self._rest_of(name) and number + 1 < len(claimed):
                        self._release(claimed[number + 1 :])
                        break
        finally:
            self.channels[name].close()
        return counts

    def _rest_of(self, name: str) -> Rest | None:
        rest = self.resting.get(name)
        return rest if rest is not None and self.ledger.now() < rest.until else None

    def _claim(self, name: str) -> list[Claimed]:
        store, now = self.ledger.store, self.ledger.now()
        rest = self._rest_of(name)
        waiting = outbox.any_to_hand_over if rest else outbox.any_due
        if not store.read(lambda tx: waiting(tx, name, now)):
            return []
        owner = self.ledger.chance.id()
        return store.write(
            lambda tx: outbox.claim(tx, name, now, owner, BATCH, handing_over=rest is not None)
        )

    def _release(self, messages: list[Claimed], until: datetime | None = None) -> None:
        self.ledger.store.write(lambda tx: outbox.release(tx, messages, until))

    def _deliver(self, message: Claimed) -> State:
        """Try one message, and settle it. What it ends as; LEASED when somebody else has it now."""
        attempt: int | None = None
        try:
            rest = self._rest_of(message.channel)
            if rest is not None:
                # Its provider takes nothing, and the next channel needs the time that is left.
                raise NotSent(rest.code, for_good=True)
            if message.tries > MOST_TRIES:
                # It has never been settled: whoever tried it died of it.
                raise NotSent("too-many-tries", for_good=True)
            booking, attempt = self._begin(message)
            told, lacking = self._send(message, booking)
        except LeaseLost:
            return State.LEASED
        except Later as later:
            self._release([message], later.until)
            return State.WAITING
        except Untrue as reason:
            return self._end(message, attempt, _untold(message, reason), reason.code)
        except NotSent as refusal:
            return self._failed(message, attempt, refusal)
        except Exception as error:
            # Whatever it was, the others go on. Its text may hold what was typed, so only its kind
            # is kept.
            return self._failed(message, attempt, NotSent(type(error).__name__))
        if lacking is not None:
            # Nobody gets it twice, and staff see that somebody has not got it.
            log.warning("message %s (%s): %s", message.id, message.kind, lacking)
            return self._end(message, attempt, State.DEAD, lacking, told=told)
        return self._end(message, attempt, State.SENT, None, told=told)

    def _begin(self, message: Claimed) -> tuple[Booking | None, int]:
        """The booking as it stands at this moment, and the number of the try that begins."""
        store, now = self.ledger.store, self.ledger.now()

        def work(tx: Tx) -> tuple[Booking | None, int]:
            booking = None
            if message.booking_id is not None:
                row = bookings.by_id(tx, store.keyring, message.booking_id)
                booking = booking_of(row) if row is not None else None
            still_true(message, booking, now)
            if booking is not None and message.channel != STAFF_MAIL:
                if address_of(booking, message.channel) is None:
                    raise NotSent("no-address", for_good=True)
                may_ring(self.ledger, tx, message, booking, now)
            attempt = outbox.begin(tx, message, now)
            if attempt is None:
                raise LeaseLost
            return booking, attempt

        return store.write(work)

    def _send(self, message: Claimed, booking: Booking | None) -> tuple[Message, str | None]:
        """What was sent, and why it went to some of its addresses only. Raises NotSent."""
        told = self._written(message, booking)
        try:
            self.channels[message.channel].send(told)
        except SentToSome as some:
            return told, some.code
        return told, None

    def _written(self, message: Claimed, booking: Booking | None) -> Message:
        ledger, settings = self.ledger, self.settings
        if booking is None:
            key, _, day = (message.session or "").rpartition("/")
            return render_day_list(ledger, settings, key, date.fromisoformat(day), message.ref)
        if message.channel == STAFF_MAIL:
            return render_unanswered(ledger, settings, booking, message.ref)
        return render(ledger, settings, booking, message.kind, message.channel, message.ref)

    def _failed(self, message: Claimed, attempt: int | None, refusal: NotSent) -> State:
        now = self.ledger.now()
        if refusal.down:
            wait = max(PROVIDER_REST, refusal.wait or PROVIDER_REST)
            self.resting[message.channel] = Rest(now + wait, refusal.code)
        again = after_failure(message, refusal, now)
        state = State.FAILED if again else State.DEAD
        log.warning(
            "message %s (%s by %s): %s, try %s, %s",
            *(message.id, message.kind, message.channel, refusal.code, message.tries, state),
        )
        uncounted = refusal.down and attempt is not None
        return self._end(message, attempt, state, refusal.code, again, uncounted=uncounted)

    def _end(
        self,
        message: Claimed,
        attempt: int | None,
        state: State,
        error: str | None,
        again: datetime | None = None,
        told: Message | None = None,
        *,
        uncounted: bool = False,
    ) -> State:
        now, store = self.ledger.now(), self.ledger.store
        said = words_kept.sealed(store.keyring, message.ref, told) if told else None
        never_begun = attempt is None and state is State.FAILED

        def work(tx: Tx) -> State | None:
            if state is not State.FAILED:
                # It may end as dead, and the next channel take over.
                outbox.hold(tx, [message.booking_id])
            if attempt is not None:
                outbox.finish_try(tx, attempt, error or state.value, now)
            elif never_begun:
                # It failed before it could begin. That counts, too: else it would be tried for ever.
                outbox.note_try(tx, message.id, now, message.owner, error)
            ended = outbox.settle(
                tx,
                message,
                state,
                now,
                error=error,
                next_try=again,
                said=said,
                more=1 if never_begun else -1 if uncounted else 0,
            )
            if ended is State.DEAD:
                self._take_over(tx, message)
            return ended

        ended = store.write(work)
        if ended is None:
            log.warning("message %s: the lease ran out during the try", message.id)
        return ended or State.LEASED

    def _take_over(self, tx: Tx, message: Claimed) -> None:
        available = [one for one in BY_MACHINE if one in self.channels]
        take_over(self.ledger, tx, message.booking_id, message.revision, message.kind, available)


def _untold(message: Claimed, reason: Untrue) -> State:
    """Too late after a try, or with news, is a failure that somebody should see.

    Anything else is as it should be: nobody needs a reminder that only comes with the next one.
    """
    is_news = bool(KINDS[message.kind].after)
    lost = reason.code == "too-late" and (message.tries > 1 or is_news)
    return State.DEAD if lost else State.WITHDRAWN
