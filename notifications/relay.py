"""From facts to the outbox: reads what happened, plans, and withdraws what is no longer so."""

import logging
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from booking.facts import Fact, Kind
from booking.ledger.ledger import Ledger
from booking.store import Tx, log
from notifications import entries
from notifications.outbox import hold
from notifications.plan import Planned, Rules, Situation, plan
from notifications.policy import BY_MACHINE, CALL_LIST, TOLD_BY_HAND

BATCH = 100
reader = logging.getLogger("notifications.relay")


def relay(
    ledger: Ledger, limit: int = BATCH, available: Collection[str] = BY_MACHINE
) -> tuple[int, int]:
    """Read up to `limit` facts in one transaction; how many were read, how many messages planned.

    Facts and messages are committed together: a fact is read once, or not at all. One of which
    nothing can be made stays unread, and stops no other. `available` are the channels that are set
    up.
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
    Nothing, too, once staff have told it themselves. The caller holds the booking's messages: see
    `outbox.hold`.
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
    planned = entries.undecided(tx, planned, (TOLD_BY_HAND,))
    calls = [one.channel for one in planned] == [CALL_LIST]
    if calls and entries.letter_goes(tx, booking_id, revision, kind):
        # A call before the letter arrives that was promised would only confuse.
        return []
    entries.add(tx, planned, now)
    return planned


def _relayed(ledger: Ledger, tx: Tx, limit: int, available: Collection[str]) -> tuple[int, int]:
    facts = log.take_unread(tx, limit)
    about = [fact for fact in facts if fact.booking_id is not None]
    hold(tx, [fact.booking_id for fact in about])
    found = entries.situations(tx, {str(fact.booking_id) for fact in about})
    new, failed = 0, []
    # By booking: two relays that meet at two bookings then wait for each other in one order.
    for fact in sorted(about, key=lambda one: (str(one.booking_id), one.id or 0)):
        if fact.booking_id not in found:
            continue
        consultation, situation = found[fact.booking_id]
        try:
            new += _told(ledger, tx, fact, situation, _rules(ledger, consultation, available))
        except SQLAlchemyError:
            raise
        except Exception as error:
            # Whatever is wrong with it, the others are told. Its text may hold what was typed.
            reader.error("fact %s (%s): %s", fact.id, fact.kind, type(error).__name__)
            failed.append(fact)
    log.leave_unread(tx, failed)
    return len(facts) - len(failed), new


def _told(ledger: Ledger, tx: Tx, fact: Fact, situation: Situation, rules: Rules) -> int:
    now = ledger.now()
    entries.withdraw_older(tx, str(fact.booking_id), situation.revision, now)
    planned = plan(fact, situation, rules)
    if fact.kind is Kind.REACH_CHANGED:
        planned = entries.untried(tx, entries.undecided(tx, planned))
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
