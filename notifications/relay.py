"""From facts to the outbox: reads what happened, plans, and withdraws what is no longer so."""

from dataclasses import replace

from booking.facts import Fact
from booking.ledger.ledger import Ledger
from booking.store import Tx, log
from notifications import outbox
from notifications.plan import Planned, Situation, plan
from slots.holidays import ClosedDays

BATCH = 100


def relay(ledger: Ledger, limit: int = BATCH) -> tuple[int, int]:
    """Read up to `limit` facts in one transaction; how many were read, how many messages planned.

    Facts and messages are committed together: a fact is read once, or not at all.
    """
    if not ledger.store.read(log.any_unread):
        return 0, 0
    return ledger.store.write(lambda tx: _relayed(ledger, tx, limit))


def calls_instead(ledger: Ledger, tx: Tx, message: outbox.Claimed) -> list[Planned]:
    """The calls that follow where a written message cannot be delivered: as if nothing reached them."""
    facts = [
        fact for fact in log.of_booking(tx, message.booking_id) if fact.revision == message.revision
    ]
    found = outbox.situations(tx, [message.booking_id]).get(message.booking_id)
    if found is None:
        return []
    consultation, situation = found
    unreached = replace(situation, reached_by=())
    planned = [one for fact in facts for one in _planned(ledger, fact, consultation, unreached)]
    return [one for one in planned if one.kind is message.kind and ledger.now() < one.not_after]


def _relayed(ledger: Ledger, tx: Tx, limit: int) -> tuple[int, int]:
    facts = log.take_unread(tx, limit)
    about = [fact for fact in facts if fact.booking_id is not None]
    found = outbox.situations(tx, {str(fact.booking_id) for fact in about})
    new = 0
    # By booking: two relays that meet at two bookings then wait for each other in one order.
    for fact in sorted(about, key=lambda one: (str(one.booking_id), one.id or 0)):
        if fact.booking_id in found:
            consultation, situation = found[fact.booking_id]
            outbox.withdraw_older(tx, fact.booking_id, situation.revision, ledger.now())
            planned = _planned(ledger, fact, consultation, situation)
            new += outbox.add(tx, planned, ledger.now())
    return len(facts), new


def _planned(ledger: Ledger, fact: Fact, consultation: str, situation: Situation) -> list[Planned]:
    # A desk whose file is gone still has people waiting.
    known = ledger.catalogue.consultations.get(consultation)
    return plan(fact, situation, known.closed_days if known else ClosedDays())
