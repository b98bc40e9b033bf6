"""Whether a message may go at this moment: is it still true, may the telephone ring, is it enough."""

from datetime import datetime, time, timedelta

from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.store import Tx
from notifications import outbox
from notifications.channels.channel import NotSent
from notifications.outbox import Claimed
from notifications.policy import AT_ONCE, KINDS, URGENT
from notifications.ringing import next_moment, next_safe_hour, telling_of
from slots.telling import Telling
from slots.zone import instant, local


class Untrue(Exception):
    """What the message says is no longer so; `code` names why."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


class Later(Exception):
    """Not now, but from the instant `until` on."""

    def __init__(self, until: datetime) -> None:
        """Keep the instant."""
        super().__init__("later")
        self.until = until


def still_true(message: Claimed, booking: Booking | None, now: datetime) -> None:
    """Return when the message may still be told of `booking`. Raises Untrue.

    A message about a day (to staff) is told of no booking.
    """
    if message.booking_id is not None:
        if booking is None:
            raise Untrue("gone")
        if booking.revision != message.revision:
            raise Untrue("superseded")
        if booking.status not in KINDS[message.kind].true_while:
            raise Untrue("status")
    if message.not_after is not None and message.not_after <= now:
        raise Untrue("too-late")


def may_ring(ledger: Ledger, tx: Tx, message: Claimed, booking: Booking, now: datetime) -> None:
    """Return when the party's telephone may ring now. Raises Later, NotSent where it never may.

    What answers the party's own act rings at once: it is looking at its telephone. Anything else
    waits for the party's safe hours, for the end of the desk's quiet hours (but for news of a
    consultation that is near), and for tomorrow once the party was told enough for a day.
    """
    if message.at_once and now < message.due_at + AT_ONCE:
        return
    telling = telling_of(ledger, booking)
    safe, zone = booking.contact.safe, booking.zone
    allowed = next_moment(telling, safe, now, zone)
    if _is_urgent(message, telling.quiet.over(now, zone)):
        allowed = next_safe_hour(safe, now, zone)
    if _told_enough(tx, booking, telling, now):
        tomorrow = local(now, zone).date() + timedelta(days=1)
        allowed = next_moment(telling, safe, instant(tomorrow, time(), zone), zone)
    if allowed <= now:
        return
    if message.not_after is not None and message.not_after <= allowed:
        raise NotSent("no-time-to-ring", for_good=True)
    raise Later(allowed)


def _is_urgent(message: Claimed, morning: datetime) -> bool:
    """Whether news would come too late in the morning; a reminder is no news."""
    is_news = bool(KINDS[message.kind].after)
    return is_news and message.not_after is not None and morning + URGENT > message.not_after


def _told_enough(tx: Tx, booking: Booking, telling: Telling, now: datetime) -> bool:
    midnight = instant(local(now, booking.zone).date(), time(), booking.zone)
    return outbox.sent_to_party(tx, booking.id, midnight) >= telling.most_a_day
