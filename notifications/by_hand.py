"""What staff do to a message by hand: send it again, withdraw it, note that it was told otherwise.

Each deed is a row among the tries, with who did it. A page says how many there were when it was
made; a press that comes after another one, or a second time, does nothing.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import and_, func, select, update

from booking.errors import NotFound
from booking.ledger.ledger import Ledger
from booking.store import Tx
from booking.store.bookings import bookings
from booking.store.sealed import CannotUnseal, Keyring
from notifications import words_kept
from notifications.entries import OTHER_CHANNEL
from notifications.failures import of_organisation
from notifications.outbox import State, attempts, hold, note_try, outbox, same, withdraw
from notifications.policy import KINDS, LETTER, TOLD_BY_HAND, WITHDRAWN_BY_HAND


class Deed(StrEnum):
    """What may be done."""

    RESEND = "resend"
    WITHDRAW = "withdraw"
    TOLD = "told"


class Answer(StrEnum):
    """What came of it: done, or why not. STALE: something happened since the page was made."""

    DONE = "done"
    STALE = "stale"
    MOVED_ON = "moved-on"
    TOO_LATE = "too-late"


# What the row among the tries says.
TRACES = {Deed.RESEND: "resent", Deed.WITHDRAW: "withdrawn", Deed.TOLD: "told"}
_DEEDS: dict[State, tuple[Deed, ...]] = {
    State.WAITING: (Deed.TOLD, Deed.WITHDRAW),
    State.LEASED: (Deed.TOLD,),
    State.FAILED: (Deed.RESEND, Deed.TOLD, Deed.WITHDRAW),
    State.SENT: (Deed.RESEND,),
    State.DEAD: (Deed.RESEND, Deed.TOLD),
    State.WITHDRAWN: (),
}


def deeds(row: Any) -> tuple[Deed, ...]:
    """What a message of the outbox as it stands lets staff do; see `hindrance` for sending again."""
    if row.state == State.WITHDRAWN and row.last_error == WITHDRAWN_BY_HAND:
        return (Deed.RESEND,)
    return _DEEDS[State(row.state)]


def hindrance(row: Any, now: datetime) -> Answer | None:
    """Why the message cannot be sent again: its booking has moved on, or it is too late. None: it can.

    `row` holds the outbox's columns, and the booking's as `stands_at` (its revision) and `status`.
    """
    if row.booking_id is not None:
        kind = KINDS.get(row.kind)
        if row.stands_at != row.revision or kind is None or row.status not in kind.true_while:
            return Answer.MOVED_ON
    if row.not_after is not None and row.not_after <= now:
        return Answer.TOO_LATE
    if row.channel == LETTER and row.hand_over_at is not None and row.hand_over_at <= now:
        return Answer.TOO_LATE
    return None


def act(
    ledger: Ledger,
    message_id: int,
    deed: Deed,
    *,
    actor: str,
    seen_tries: int,
    organisation: str | None = None,
) -> Answer:
    """Do it, or say why it was not done. Raises NotFound for a message of another organisation."""
    now = ledger.now()

    def work(tx: Tx) -> Answer:
        row = _locked(tx, message_id, organisation)
        tries = _tries(tx, message_id)
        if deed is Deed.RESEND and (why := hindrance(row, now)) is not None:
            return why
        if tries != seen_tries or deed not in deeds(row):
            return Answer.STALE
        if deed is Deed.RESEND:
            _resend(tx, ledger.store.keyring, row, tries, now)
            if row.state == State.DEAD:
                _instead_of_others(tx, row, actor, now)
        else:
            _end(tx, row, deed, actor, now)
        note_try(tx, message_id, now, actor, TRACES[deed])
        return Answer.DONE

    return ledger.store.write(work)


def _locked(tx: Tx, message_id: int, organisation: str | None) -> Any:
    """The message, held with the booking's others until the end of the transaction."""
    joined = outbox.outerjoin(bookings, outbox.c.booking_id == bookings.c.id)
    query = (
        select(outbox, bookings.c.revision.label("stands_at"), bookings.c.status)
        .select_from(joined)
        .where(outbox.c.id == message_id, *of_organisation(organisation))
    )
    row = tx.execute(query).first()
    if row is None:
        raise NotFound
    hold(tx, [row.booking_id])
    # One that is about a day has no others.
    row = tx.execute(query.with_for_update(of=outbox)).first()
    if row is None:
        raise NotFound
    return row


def _tries(tx: Tx, message_id: int) -> int:
    query = select(func.count()).select_from(attempts).where(attempts.c.outbox_id == message_id)
    return int(tx.execute(query).scalar_one())


def _resend(tx: Tx, keyring: Keyring, row: Any, tries: int, now: datetime) -> None:
    """Let it be tried anew, at once. What was told or given up goes under a new ref: a provider
    that knows the old one would answer that it has it, and send nothing."""
    values: dict[str, Any] = {
        "state": State.WAITING.value,
        "due_at": now,
        # The party looks at its telephone when it did something, not when staff do.
        "at_once": False,
        "next_try": None,
        "attempts": 0,
        "last_error": None,
        "settled_at": None,
        "dealt_at": None,
        "dealt_by": None,
    }
    if row.state in (State.SENT, State.DEAD):
        ref = str(uuid5(UUID(row.ref), str(tries)))
        values |= {"ref": ref, "receipt": None, "said": _sealed_anew(keyring, row, ref)}
    tx.execute(update(outbox).where(outbox.c.id == row.id).values(values))


def _instead_of_others(tx: Tx, row: Any, actor: str, now: datetime) -> None:
    """The channel that took over waits until this one has failed again: see `entries.add`."""
    withdraw(tx, and_(same(row), outbox.c.id > row.id), OTHER_CHANNEL, now)
    _deal_with_failures(tx, row, actor, now)


def _end(tx: Tx, row: Any, deed: Deed, actor: str, now: datetime) -> None:
    """End it by hand. Nobody needs the same message on another channel, nor its failures, any more."""
    told = deed is Deed.TOLD
    why = TOLD_BY_HAND if told else WITHDRAWN_BY_HAND
    state = State.SENT if told else State.WITHDRAWN
    values = {"state": state.value, "settled_at": now, "next_try": None, "last_error": why}
    free = {"lease_owner": None, "lease_until": None}
    tx.execute(update(outbox).where(outbox.c.id == row.id).values(values | free))
    if told:
        withdraw(tx, same(row), TOLD_BY_HAND, now)
    _deal_with_failures(tx, row, actor, now)


def _deal_with_failures(tx: Tx, row: Any, actor: str, now: datetime) -> None:
    failed = and_(same(row), outbox.c.state == State.DEAD.value, outbox.c.dealt_at.is_(None))
    tx.execute(update(outbox).where(failed).values(dealt_at=now, dealt_by=actor))


def _sealed_anew(keyring: Keyring, row: Any, ref: str) -> bytes | None:
    """What was told under the old ref, until the next try tells it again. Unreadable words go."""
    try:
        said = words_kept.opened(keyring, row.ref, row.said)
    except CannotUnseal:
        return None
    return words_kept.sealed_text(keyring, ref, said) if said is not None else None
