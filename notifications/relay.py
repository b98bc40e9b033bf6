"""From facts to the outbox: reads what happened, plans, and withdraws what is no longer so."""

from collections.abc import Collection
from dataclasses import replace

from booking.facts import Fact, Kind
from booking.ledger.ledger import Ledger
from booking.store import Tx, log
from notifications import entries
from notifications.plan import Planned, Rules, Situation, plan
from notifications.policy import BY_MACHINE

BATCH = 100


def relay(
    ledger: Ledger, limit: int = BATCH, available: Collection[str] = BY_MACHINE
) -> tuple[int, int]:
    """Read up to `limit` facts in one transaction; how many were read, how many messages planned.

    Facts and messages are committed together: a fact is read once, or not at all. `available` are
    the channels that are set up.
    """
    if not ledger.store.read(log.any_unread):
        return 0, 0
    return ledger.store.write(lambda tx: _relayed(ledger, tx, limit, available))


def take_over(
    ledger: Ledger,
    tx: Tx,
    booking_id: str | None,
    revision: int,
    kind: str,
    available: Collection[str] = BY_MACHINE,
) -> list[Planned]:
    """Put a message that its channel could not deliver on the next one; what was planned.

    Nothing where no channel is left or it would be too late: the failure is then for staff to see.
    """
    found = entries.situations(tx, [booking_id]) if booking_id else {}
    if booking_id is None or booking_id not in found:
        return []
    consultation, situation = found[booking_id]
    rules = _rules(ledger, consultation, available)
    tried = entries.channels_tried(tx, booking_id, revision, kind)
    now = ledger.now()
    planned = [
        replace(one, due_at=max(one.due_at, min(now, one.not_after)), at_once=False)
        for fact in log.of_booking(tx, booking_id)
        if fact.revision == revision
        for one in plan(fact, situation, rules, tried=tried)
        if one.kind == kind and now < one.not_after
    ][:1]
    entries.add(tx, planned, now)
    return planned


def _relayed(ledger: Ledger, tx: Tx, limit: int, available: Collection[str]) -> tuple[int, int]:
    facts = log.take_unread(tx, limit)
    about = [fact for fact in facts if fact.booking_id is not None]
    found = entries.situations(tx, {str(fact.booking_id) for fact in about})
    new = 0
    # By booking: two relays that meet at two bookings then wait for each other in one order.
    for fact in sorted(about, key=lambda one: (str(one.booking_id), one.id or 0)):
        if fact.booking_id in found:
            consultation, situation = found[fact.booking_id]
            new += _told(ledger, tx, fact, situation, _rules(ledger, consultation, available))
    return len(facts), new


def _told(ledger: Ledger, tx: Tx, fact: Fact, situation: Situation, rules: Rules) -> int:
    now = ledger.now()
    entries.withdraw_older(tx, str(fact.booking_id), situation.revision, now)
    planned = plan(fact, situation, rules)
    if fact.kind is Kind.REACH_CHANGED:
        planned = entries.undecided(tx, planned)
        entries.withdraw_other_channels(tx, planned, now)
    return entries.add(tx, planned, now)


def _rules(ledger: Ledger, consultation: str, available: Collection[str]) -> Rules:
    catalogue = ledger.catalogue
    known = catalogue.consultations.get(consultation)
    if known is None:
        # A desk whose file is gone still has people waiting.
        return Rules(available=frozenset(available))
    return Rules(
        telling=catalogue.desk_of(consultation).telling,
        closed_days=known.closed_days,
        available=frozenset(available),
    )
