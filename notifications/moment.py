"""Whether a message may go at this moment: is it still true, may the telephone ring, is it enough."""

from datetime import datetime, time, timedelta

from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.ledger.status import Status
from booking.store import Tx, log
from notifications import outbox
from notifications.channels.channel import NotSent
from notifications.outbox import Claimed
from notifications.plan import in_vain_at
from notifications.policy import AT_ONCE, KINDS, URGENT
from notifications.ringing import next_moment, next_safe_hour, telling_of
from slots.zone import instant, local

# Until another channel's try at the same party has ended, as a rule.
OTHERS_TRY = timedelta(minutes=1)


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

    It waits for the party's safe hours, always; for the end of the desk's quiet hours, unless it
    answers what the party has just done itself, looking at its telephone, or is news of a
    consultation that is near; and for tomorrow once the party was told enough for a day. What may be
    enough in a moment, should another channel's try succeed, waits for that moment.
    """
    telling = telling_of(ledger, booking)
    safe, zone = booking.contact.safe, booking.zone
    answers = message.at_once and now < message.due_at + AT_ONCE
    morning = telling.quiet.over(now, zone)
    if answers or (now < morning and _is_urgent(tx, message, booking, morning)):
        allowed = next_safe_hour(safe, now, zone)
    else:
        allowed = next_moment(telling, safe, now, zone)
    outbox.alone_with_party(tx, booking.id)
    told = _told_today(tx, booking, now)
    if told >= telling.most_a_day:
        tomorrow = local(now, zone).date() + timedelta(days=1)
        allowed = next_moment(telling, safe, instant(tomorrow, time(), zone), zone)
    elif told + outbox.on_its_way_to_party(tx, message, now) >= telling.most_a_day:
        allowed = max(allowed, _in_a_moment(message, now))
    if allowed <= now:
        return
    if message.not_after is not None and message.not_after <= allowed:
        raise NotSent("no-time-to-ring", for_good=True)
    raise Later(allowed)


def _in_a_moment(message: Claimed, now: datetime) -> datetime:
    """When another's try has ended; `now` where that is too late: better one too many than in vain."""
    later = now + OTHERS_TRY
    return now if message.not_after is not None and message.not_after <= later else later


def _is_urgent(tx: Tx, message: Claimed, booking: Booking, morning: datetime) -> bool:
    """Whether news would come too late in the morning; a reminder is no news."""
    is_news = bool(KINDS[message.kind].after)
    if not is_news or message.not_after is None:
        return False
    if morning + URGENT > message.not_after:
        return True
    if booking.status is not Status.CONFIRMED:
        return False
    facts = [one for one in log.of_booking(tx, booking.id) if one.revision == message.revision]
    in_vain = [at for one in facts if (at := in_vain_at(one)) is not None]
    return any(morning + URGENT > at for at in in_vain)


def _told_today(tx: Tx, booking: Booking, now: datetime) -> int:
    midnight = instant(local(now, booking.zone).date(), time(), booking.zone)
    return outbox.sent_to_party(tx, booking.id, midnight)
