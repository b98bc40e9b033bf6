"""From the time that a booking shall have next to its columns; what is not named stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from booking.errors import AlreadyBooked, FieldError, Invalid
from booking.ledger import targets
from booking.ledger.application import Target
from booking.ledger.booking import Booking, wishes_text
from booking.ledger.ledger import Ledger
from booking.ledger.party import duplicate_guard
from booking.ledger.telephone import parse_phone
from booking.store import Tx, bookings
from slots.desk import Consultation


def settled(
    ledger: Ledger, tx: Tx, booking: Booking, target: Target, now: datetime
) -> dict[str, Any]:
    """The columns of the time that staff settle on confirming. Raises Invalid without one."""
    consultation = ledger.desks.consultation_in(tx, booking.consultation)
    arranged = consultation.allotment == "arranged"
    own = booking.starts_at if arranged else booking.slot_start
    if target.slot is None and own is None:
        raise Invalid([FieldError("slot", "required")])
    named_more = target.minutes is not None or target.place is not None
    if target.slot is None or (target.slot == own and not (arranged and named_more)):
        return {
            "starts_at": booking.starts_at,
            "ends_at": booking.ends_at,
            "place": booking.place,
        }
    if arranged:
        return _arranged(ledger, consultation, booking, target, now, by_staff=True)
    return moved(ledger, tx, booking, target, now, by_staff=True)


def moved(
    ledger: Ledger, tx: Tx, booking: Booking, target: Target, now: datetime, *, by_staff: bool
) -> dict[str, Any]:
    """The columns of the time to which a booking moves, its new seat taken.

    Raises the refusals of `seats.take`, and AlreadyBooked where a resident's party is there already.
    """
    consultation = ledger.desks.consultation_in(tx, booking.consultation)
    if consultation.allotment == "arranged":
        values = _arranged(ledger, consultation, booking, target, now, by_staff=by_staff)
        return values | {"wishes": wishes_text(target.wishes or booking.wishes)}
    day, slot = targets.day_and_slot(consultation, target)
    values = targets.taken(
        tx,
        consultation,
        day,
        slot,
        now,
        by_staff="phone" if by_staff else None,
        moving=booking.id,
    )
    values["wish"] = target.wish.isoformat("minutes") if target.wish else None
    if values["session"] != booking.session:
        values["duplicate_guard"] = guard(ledger, tx, booking, values["session"], again=by_staff)
    return values


def _arranged(
    ledger: Ledger,
    consultation: Consultation,
    booking: Booking,
    target: Target,
    now: datetime,
    *,
    by_staff: bool,
) -> dict[str, Any]:
    """The columns of an arranged time; the place and length of the one before stay, unless named."""
    values = targets.arranged(ledger, consultation, target, now, by_staff)
    if target.slot is not None and booking.starts_at is not None:
        if target.place is None:
            values["place"] = booking.place
        if target.minutes is None and booking.ends_at is not None:
            values["ends_at"] = target.slot + (booking.ends_at - booking.starts_at)
    return values


def guard(ledger: Ledger, tx: Tx, booking: Booking, scope: str, *, again: bool) -> str | None:
    """The duplicate guard at another session; None when the party is there already, as staff allow.

    `scope` is the session's key, or the consultation's where it is arranged. Raises AlreadyBooked
    unless the party may hold one `again`.
    """
    phone = parse_phone(booking.contact.phone)
    found = duplicate_guard(ledger, phone[1] if phone else "", booking.contact.kana_key, scope)
    if not bookings.duplicate_exists(tx, found):
        return found
    if not again:
        raise AlreadyBooked
    return None


def is_so_already(booking: Booking, values: dict[str, Any]) -> bool:
    """Whether `values` promise what the booking promises already."""
    kept = {
        "session": booking.session,
        "slot_start": booking.slot_start,
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "place": booking.place,
        "wishes": wishes_text(booking.wishes),
    }
    return all(values.get(name, value) == value for name, value in kept.items())


def settles_a_time(values: dict[str, Any]) -> bool:
    """Whether `values` give the party a time of its own."""
    by_slot = values["session"] is not None
    return values["slot_start" if by_slot else "starts_at"] is not None


def open_times(booking: Booking, values: Mapping[str, Any]) -> dict[str, str | None]:
    """What a fact says where only the session was or is known: its start is nobody's own time."""
    said: dict[str, str | None] = {}
    if booking.session is not None and booking.slot_start is None:
        said["from_time"] = "open"
    if values.get("session") is not None and values.get("slot_start") is None:
        said["time"] = "open"
    return said
