"""What may happen to a booking: confirm, decline, move, cancel, arrive, done, no-show."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from booking.desks.published import note_seats
from booking.errors import (
    ChangedMeanwhile,
    FieldError,
    Invalid,
    NotAllowed,
    NotFound,
    TooLate,
)
from booking.facts import Fact, Kind
from booking.ledger import moving, queries
from booking.ledger.application import Target, read_how, read_reason
from booking.ledger.booking import Booking, booking_of, utc_text
from booking.ledger.calendar_stamps import next_stamps
from booking.ledger.ledger import Ledger
from booking.ledger.requests import refusal_of
from booking.ledger.status import HOLDS_SEAT, OPEN, Status, after
from booking.store import Tx, bookings, log, referrals, versions
from slots.zone import local

Change = Callable[[Tx, Booking], dict[str, Any]]


def confirm(
    ledger: Ledger,
    booking_id: str,
    *,
    actor: str,
    how: str,
    target: Target | None = None,
    seen: int | None = None,
) -> Booking:
    """Fix a request: its time is settled, and the party was told by `how`.

    `target` gives the time where the booking has none yet, or another one. Confirming what is
    confirmed at the same time changes nothing. `seen` is the revision that was looked at, where it
    matters that nobody changed it since. Raises Invalid, NotAllowed, ChangedMeanwhile, Taken,
    NotBookable.
    """
    read_how(how)
    now = ledger.now()

    def change(tx: Tx, booking: Booking) -> dict[str, Any]:
        values = moving.settled(ledger, tx, booking, target or Target(), now)
        if booking.status is Status.CONFIRMED and moving.is_so_already(booking, values):
            return {}
        return {
            **values,
            "confirmed_how": how,
            "confirmed_by": actor,
            "confirmed_at": now,
        }

    told: dict[str, str | None] = {"how": how}
    return _change(ledger, booking_id, "confirm", Kind.CONFIRMED, actor, change, told, seen)


def decline(
    ledger: Ledger, booking_id: str, *, actor: str, reason: str, how: str | None = None
) -> Booking:
    """Refuse a request, with the reason that the party is given. Raises Invalid, NotAllowed.

    `how`: how the party was told already, if it was; else it is to be told.
    """
    kept, told = read_reason(reason, required=True), _told(how)

    def change(_tx: Tx, _booking: Booking) -> dict[str, Any]:
        return {"reason": kept}

    return _change(ledger, booking_id, "decline", Kind.DECLINED, actor, change, told)


def cancel(
    ledger: Ledger, booking_id: str, *, actor: str, reason: str = "", how: str | None = None
) -> Booking:
    """End a booking before it takes place; its seat is free at once.

    Staff give a reason, and `how` the party was told already, if it was. A resident may cancel
    until it begins: TooLate after that, with the phone as the remedy. Cancelling again changes
    nothing. Raises Invalid, NotAllowed, TooLate.
    """
    by_resident = actor == "resident"
    kept, told = read_reason(reason, required=not by_resident), _told(how)
    now = ledger.now()

    def change(tx: Tx, booking: Booking) -> dict[str, Any]:
        if by_resident:
            _refuse_when_begun(booking, now)
        released = referrals.release(tx, booking.id)
        told.pop("referral", None)  # of a run that was undone: see `Store.write`
        if released is not None:
            told["referral"] = released
        return {"reason": kept or booking.reason}

    if by_resident:
        kind, action = Kind.CANCELLED_BY_RESIDENT, "cancel"
    else:
        kind, action = Kind.CANCELLED_BY_OFFICE, "cancel_by_office"
    try:
        return _change(ledger, booking_id, action, kind, actor, change, told)
    except NotAllowed as refusal:
        if by_resident and refusal.status == Status.CANCELLED_BY_RESIDENT:
            return queries.by_id(ledger, booking_id)
        raise


def move(
    ledger: Ledger,
    booking_id: str,
    *,
    actor: str,
    target: Target,
    reason: str = "",
    how: str | None = None,
    seen: int | None = None,
) -> Booking:
    """Take the new seat, then free the old, in one transaction: the party never stands without one.

    What a resident moves is to be confirmed again, unless the consultation confirms at once; what
    staff move stays as it was. Moving to where it is changes nothing. Raises the refusals of
    `seats.take`, AlreadyBooked, Invalid, NotAllowed, TooLate, and ChangedMeanwhile where the
    booking is no longer at revision `seen`; then the old seat is still held.
    """
    by_resident = actor == "resident"
    kept = read_reason(reason, required=False)
    now = ledger.now()
    was = _told(how)
    action = _action_of_move(ledger, booking_id, target) if by_resident else "move_by_office"

    def change(tx: Tx, booking: Booking) -> dict[str, Any]:
        if by_resident:
            _refuse_when_begun(booking, now)
        was.clear()  # of a run that was undone: see `Store.write`
        was.update({**_told(how), "from": utc_text(booking.starts_at)})
        values = moving.moved(ledger, tx, booking, target, now, by_staff=not by_resident)
        if moving.is_so_already(booking, values):
            return {}
        was.update(moving.open_times(booking, values))
        if action == "move":
            values |= {"confirmed_how": None, "confirmed_by": None, "confirmed_at": None}
        elif booking.status is Status.CONFIRMED and not moving.settles_a_time(values):
            raise Invalid([FieldError("slot", "required")])
        if kept:
            values["reason"] = kept
        return values

    return _change(ledger, booking_id, action, Kind.MOVED, actor, change, was, seen)


def arrive(ledger: Ledger, booking_id: str, *, actor: str) -> Booking:
    """The party came. Raises NotAllowed."""
    return _change(ledger, booking_id, "arrive", Kind.ARRIVED, actor)


def done(ledger: Ledger, booking_id: str, *, actor: str) -> Booking:
    """The consultation took place. Raises NotAllowed."""
    return _change(ledger, booking_id, "done", Kind.DONE, actor)


def no_show(ledger: Ledger, booking_id: str, *, actor: str) -> Booking:
    """The party did not come; nothing follows from it but the record. Raises NotAllowed."""
    return _change(ledger, booking_id, "no_show", Kind.NO_SHOW, actor)


def _told(how: str | None) -> dict[str, str | None]:
    """What a fact says of how the party was told. Raises Invalid for an unknown way."""
    return {"how": read_how(how)} if how else {}


def _nothing(_tx: Tx, _booking: Booking) -> dict[str, Any]:
    return {"status": None}


def _change(
    ledger: Ledger,
    booking_id: str,
    action: str,
    kind: Kind,
    actor: str,
    change: Change = _nothing,
    data: dict[str, str | None] | None = None,
    seen: int | None = None,
) -> Booking:
    """One change of one booking: status, columns, revision and fact in one transaction.

    `change` gives the columns to set; an empty mapping means that nothing is to be done at all.
    """
    now = ledger.now()
    before = queries.by_id(ledger, booking_id)

    def work(tx: Tx) -> Booking:
        versions.lock_and_raise(tx, before.consultation, now)
        return change_in(
            tx, ledger, booking_id, action, kind, actor, change, data, seen=seen, now=now
        )

    try:
        return ledger.store.write(work)
    except IntegrityError as error:
        raise refusal_of(error) from None


def change_in(
    tx: Tx,
    ledger: Ledger,
    booking_id: str,
    action: str,
    kind: Kind,
    actor: str,
    change: Change,
    data: dict[str, str | None] | None = None,
    *,
    seen: int | None = None,
    now: datetime,
) -> Booking:
    """The same within a transaction that holds the consultation's lock. Raises as the action does."""
    keyring = ledger.store.keyring
    row = bookings.by_id(tx, keyring, booking_id, lock=True)
    if row is None:
        raise NotFound
    booking = booking_of(row)
    status = after(booking.status, action)
    if seen is not None and seen != booking.revision:
        raise ChangedMeanwhile
    values = change(tx, booking)
    if not values:
        return booking
    values.pop("status", None)
    values |= _ended(status, values.get("session", booking.session))
    values |= {"status": status.value, "revision": booking.revision + 1, "changed_at": now}
    values |= next_stamps(booking, booking_of(row | values), now)
    bookings.change(tx, keyring, booking_id, values)
    changed = booking_of(row | values)
    seat = [(one["session"], one["slot_start"], one["holds_seat"]) for one in (row, row | values)]
    if seat[0] != seat[1]:
        _note_seats(tx, ledger, {one[0] for one in seat}, booking.consultation, now)
    log.append(tx, _fact(kind, actor, changed, now, data or {}))
    return changed


def _note_seats(tx: Tx, ledger: Ledger, sessions: set[str | None], key: str, now: datetime) -> None:
    """How full the calendars say that the sessions are of which a seat was taken or freed."""
    desks = ledger.desks
    found = sorted(one for one in sessions if one is not None)
    if found and key in desks.files.consultations:
        consultation = desks.consultation_in(tx, key)
        for one in found:
            note_seats(tx, desks.files.desk_of(key), consultation, one, now)


def _ended(status: Status, session: str | None) -> dict[str, Any]:
    values: dict[str, Any] = {"holds_seat": session is not None and status in HOLDS_SEAT}
    if status not in OPEN:
        values["duplicate_guard"] = None
    return values


def _fact(
    kind: Kind, actor: str, booking: Booking, now: datetime, data: dict[str, str | None]
) -> Fact:
    return Fact(
        kind=kind,
        at=now,
        actor=actor,
        booking_id=booking.id,
        consultation=booking.consultation,
        revision=booking.revision,
        data={"start": utc_text(booking.starts_at), **data},
    )


def _action_of_move(ledger: Ledger, booking_id: str, target: Target) -> str:
    """What a resident's move is: where a consultation confirms at once, a settled time stays so."""
    key = queries.by_id(ledger, booking_id).consultation
    settled = target.slot is not None or target.wish is not None
    at_once = ledger.catalogue.consultation(key).confirmed_by == "at-once"
    return "move_by_office" if at_once and settled else "move"


def _refuse_when_begun(booking: Booking, now: datetime) -> None:
    if booking.is_open and booking.starts_at is not None and booking.starts_at <= now:
        raise TooLate(local(booking.starts_at, booking.zone))
