"""From the time that is asked for to the columns that hold it: a seat, a settled time, or wishes."""

from datetime import date, datetime, timedelta
from typing import Any

from booking.errors import FieldError, Invalid, NotBookable
from booking.ledger import seats
from booking.ledger.application import Target
from booking.ledger.ledger import Ledger
from booking.store import Tx
from slots.availability import Reason
from slots.desk import Consultation
from slots.place import Place
from slots.sessions import holiday_on, session_on
from slots.window import BookingChannel
from slots.wishes import wish_day
from slots.zone import instant, local_date


def day_and_slot(consultation: Consultation, target: Target) -> tuple[date, datetime | None]:
    """The local day of the session that `target` asks for, and the slot's start, if it names one."""
    if target.slot is not None:
        return local_date(target.slot, consultation.zone), target.slot
    if target.day is None:
        raise Invalid([FieldError("date", "required")])
    if target.wish is not None:
        return target.day, instant(target.day, target.wish, consultation.zone)
    return target.day, None


def taken(
    tx: Tx,
    consultation: Consultation,
    day: date,
    slot: datetime | None,
    now: datetime,
    *,
    by_staff: BookingChannel | None,
    answered: bool = True,
    moving: str | None = None,
) -> dict[str, Any]:
    """The columns of a seat taken in the session on the local `day`. Raises as `seats.take`."""
    session = session_on(consultation, day)
    if session is None:
        raise NotBookable(no_session(consultation, day))
    seat = seats.take(
        tx,
        consultation,
        session,
        slot,
        now,
        by_staff=by_staff,
        answered=answered,
        moving=moving,
    )
    return {
        "session": session.key,
        "session_seat": seat.session_seat,
        "slot_start": slot,
        "slot_seat": seat.slot_seat,
        "starts_at": seat.starts_at,
        "ends_at": seat.ends_at,
        "place": place_text(session.place),
        "rule": session.because,
    }


def no_session(consultation: Consultation, day: date) -> Reason:
    """Why there is no session on the local `day`: a holiday, or no day for it."""
    return Reason.HOLIDAY if holiday_on(consultation, day) else Reason.NO_SESSION


def arranged(
    ledger: Ledger, consultation: Consultation, target: Target, now: datetime, by_staff: bool
) -> dict[str, Any]:
    """The columns of an arranged booking: wishes only, or the time that staff settled."""
    if not by_staff:
        if "online" not in consultation.booked_by:
            raise NotBookable(Reason.OTHER_CHANNEL)
        _refuse_wishes(ledger, consultation, target, now)
    start = target.slot
    if start is not None and start <= now:
        raise NotBookable(Reason.PAST)
    end = start + timedelta(minutes=target.minutes) if start and target.minutes else None
    return {
        "session": None,
        "session_seat": None,
        "slot_start": None,
        "slot_seat": None,
        "starts_at": start,
        "ends_at": end,
        "place": target.place or place_text(consultation.place),
        "rule": "arranged",
    }


def _refuse_wishes(
    ledger: Ledger, consultation: Consultation, target: Target, now: datetime
) -> None:
    desk = ledger.catalogue.desk_of(consultation.key)
    errors = []
    for wish in target.wishes:
        day = wish_day(desk, consultation, wish.date, now)
        if day is None:
            errors.append(FieldError("wishes", "out-of-window"))
        elif not day.allows(wish):
            errors.append(FieldError("wishes", "closed"))
    if errors:
        raise Invalid(errors[:1])


def place_text(place: Place | None) -> str | None:
    """A place on one line: name, room and address."""
    if place is None:
        return None
    line = " ".join(part for part in (place.name, place.room) if part)
    return f"{line}（{place.address}）" if place.address else line
