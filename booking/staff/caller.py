"""What is typed while somebody is on the phone, from the form's fields to an application."""

import hashlib
from collections.abc import Mapping
from typing import Any

from booking.errors import FieldError, Invalid
from booking.ledger.application import MOST_WISHES, Application, read_application
from booking.ledger.ledger import Ledger
from booking.staff.board import DAY
from booking.staff.wall import wall_slot
from slots.desk import Consultation

CONTACT = (
    "name",
    "kana",
    "phone",
    "residence",
    "email",
    "age",
    "needs",
    "tie",
    "party_size",
    "referral",
)
# Asked in one key each; the rest of how a party is reached is changed on the booking's page.
REACH = ("voicemail", "named", "safe_hours", "never_mail")


def read_caller(
    ledger: Ledger, consultation: Consultation, typed: Mapping[str, str]
) -> Application:
    """The application that the phone page's form describes. Raises Invalid with all errors."""
    errors: list[FieldError] = []
    raw: dict[str, Any] = {name: typed.get(name, "") for name in (*CONTACT, *REACH)}
    try:
        raw |= _time(consultation, typed)
    except Invalid as refusal:
        errors += refusal.errors
    try:
        desk = ledger.catalogue.desk_of(consultation.key)
        channels = ledger.channels_of(desk)
        application = read_application(desk, consultation, raw, by_staff=True, channels=channels)
    except Invalid as refusal:
        named = {one.field for one in errors}
        # A date that cannot be read is no date that is missing.
        errors += [
            one
            for one in refusal.errors
            if not (named & {"date", "time"} and one.field in ("wishes", "slot", "date"))
        ]
    if errors:
        raise Invalid([_shown_at(consultation, one) for one in errors])
    return application


def _time(consultation: Consultation, typed: Mapping[str, str]) -> dict[str, Any]:
    if consultation.allotment != "arranged":
        chosen = typed.get("slot", "")
        return {"date": chosen.removeprefix(DAY)} if chosen.startswith(DAY) else {"slot": chosen}
    wishes = [
        {
            "date": typed.get(f"wish{n}_date", ""),
            "time_of_day": typed.get(f"wish{n}_time", "any"),
        }
        for n in range(1, MOST_WISHES + 1)
    ]
    return {
        "wishes": [one for one in wishes if one["date"]],
        "slot": wall_slot(typed),
        "minutes": typed.get("minutes", ""),
        "place": typed.get("place", ""),
    }


def _shown_at(consultation: Consultation, error: FieldError) -> FieldError:
    """The error at the field of this page that mends it, with a sentence that fits staff."""
    if error.field == "wishes" and error.code == "required":
        return FieldError("wishes", "or-time")
    if error.field == "date" and consultation.allotment != "arranged":
        return FieldError("slot", "required")
    return error


def digest(application: Application) -> str:
    """Equal for the same form: tells whether what was read back is what is sent now."""
    contact = application.contact
    fields = [repr(application.target), *(str(getattr(contact, name)) for name in CONTACT[:-1])]
    fields.append(contact.safe.kept() or "")
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()
