"""電話受付: a caller's booking on one page, from the first word to the number that is read aloud."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post

from booking.desks.catalogue import UnknownDesk
from booking.errors import AlreadyBooked, Invalid, Refusal
from booking.http import FieldMessage, TheLedger, field_messages, status_of
from booking.i18n import clock_time, era_date
from booking.ledger import requests
from booking.ledger.access import Staff
from booking.ledger.application import Application
from booking.ledger.contact import clean
from booking.ledger.ledger import Ledger
from booking.signed_in import Screen, TheForm, TheScreen, TheStaff, see_other
from booking.staff import shown
from booking.staff.caller import digest, read_caller
from booking.staff.phone_page import Call, phone_page
from booking.staff.words import refusal_words
from slots.desk import Consultation
from slots.zone import local

# Buttons that only turn the board over, and look up who calls.
TURNS: Mapping[str, int] = {"earlier": -1, "later": 1}


@get("/phone", sync_to_thread=True)
def empty(
    request: Request[Any, Any, Any], ledger: TheLedger, staff: TheStaff, screen: TheScreen
) -> Response[bytes]:
    """The page for the next call."""
    consultation = _consultation(ledger, staff, request.query_params.get("consultation"))
    page = request.query_params.get("page", "")
    values = {"idempotency_key": ledger.chance.token(), "page": page}
    return phone_page(screen, Call(consultation, values))


@post("/phone", sync_to_thread=True)
def enter(form: TheForm, ledger: TheLedger, staff: TheStaff, screen: TheScreen) -> Response[bytes]:
    """Turn the board, check what was typed and read it back, or enter the booking."""
    typed = {name: str(value) for name, value in form.items()}
    consultation = _consultation(ledger, staff, typed.get("consultation"))
    do = typed.get("do", "check")
    if do in TURNS or do == "look-up":
        page = _page_number(typed) + TURNS.get(do, 0)
        values = typed | {"page": str(page)}
        return phone_page(screen, Call(consultation, values, looked_up=do == "look-up"))
    try:
        application = read_caller(ledger, consultation, typed)
    except Invalid as refusal:
        wrong = tuple(field_messages(refusal))
        call = Call(consultation, typed, errors=wrong, looked_up=True)
        return phone_page(screen, call, status=status_of(refusal))
    # Who was read back something else hears it again before it is kept.
    stale = typed.get("read") not in ("", None, digest(application))
    if do == "check" or stale:
        return phone_page(screen, Call(consultation, typed, application, looked_up=True))
    return _enter(screen, consultation, application, typed)


def _enter(
    screen: Screen,
    consultation: Consultation,
    application: Application,
    typed: Mapping[str, str],
) -> Response[bytes]:
    ledger = screen.ledger
    try:
        receipt = requests.enter(
            ledger,
            application,
            actor=screen.staff.actor,
            key=typed.get("idempotency_key") or None,
            reason=clean(typed.get("reason")) or None,
            again=typed.get("again") == "1",
        )
    except Invalid as refusal:
        wrong = tuple(field_messages(refusal))
        call = Call(consultation, typed, application, errors=wrong, looked_up=True)
        return phone_page(screen, call, status=status_of(refusal))
    except Refusal as refusal:
        call = Call(
            consultation,
            typed,
            None,
            errors=(_message(consultation, application, refusal),),
            looked_up=True,
            duplicate=isinstance(refusal, AlreadyBooked),
        )
        return phone_page(screen, call, status=status_of(refusal))
    to = f"/staff/bookings/{receipt.booking.reference}?done=entered"
    return see_other(to)


def _message(
    consultation: Consultation, application: Application, refusal: Refusal
) -> FieldMessage:
    if isinstance(refusal, AlreadyBooked):
        return FieldMessage("again", refusal_words(refusal, consultation.zone))
    slot = application.target.slot
    wanted = local(slot, consultation.zone) if slot else None
    subject = f"{era_date(wanted.date())}{clock_time(wanted)}" if wanted else ""
    field = "date" if consultation.allotment == "arranged" else "slot"
    return FieldMessage(field, refusal_words(refusal, consultation.zone, subject))


def _consultation(ledger: Ledger, staff: Staff, asked: str | None) -> Consultation:
    """The consultation asked for, if `staff` serve it; the first one with slots where none is."""
    served = shown.consultations_of(ledger, staff)
    if asked in served:
        return ledger.catalogue.consultation(asked)
    if asked or not served:
        raise UnknownDesk(asked or "")
    found = [ledger.catalogue.consultation(key) for key in served]
    return next((one for one in found if one.allotment != "arranged"), found[0])


def _page_number(typed: Mapping[str, str]) -> int:
    text = typed.get("page", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
