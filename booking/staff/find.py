"""検索: a booking by its number, or all of a party by phone number or reading.

What is typed is sent by POST: a phone number has no place in an address.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post

from booking.errors import FieldError, Invalid, NotFound
from booking.http import TheLedger, field_messages
from booking.ledger import queries
from booking.ledger.access import Staff
from booking.ledger.booking import Booking
from booking.ledger.contact import KANA, clean, hiragana
from booking.ledger.ledger import Ledger
from booking.ledger.reference import parse_reference
from booking.ledger.telephone import parse_phone
from booking.signed_in import READS, Screen, TheForm, TheScreen, TheStaff, see_other
from booking.staff import shown


@get("/find", sync_to_thread=True)
def ask(screen: TheScreen) -> Response[bytes]:
    """The empty field."""
    return _page(screen, {})


@post("/find", opt=READS, sync_to_thread=True)
def find(form: TheForm, ledger: TheLedger, staff: TheStaff, screen: TheScreen) -> Response[bytes]:
    """The booking with that number, or the bookings of that phone number or reading, masked."""
    typed = clean(form.get("query"))
    if not typed:
        return _wrong(screen, typed, "required")
    if parse_reference(typed) is not None:
        try:
            found = queries.by_reference(ledger, typed, staff.organisation)
            return see_other(f"/staff/bookings/{found.reference}")
        except NotFound:
            pass
    phone = _phone(ledger, staff, typed)
    if phone:
        return _page(
            screen, {"query": typed}, queries.of_party(ledger, phone, "", staff.organisation)
        )
    reading = hiragana(typed)
    if KANA.fullmatch(reading):
        same = queries.of_party(ledger, "", reading, staff.organisation)
        return _page(screen, {"query": typed}, same)
    if parse_reference(typed) is not None:
        return _page(screen, {"query": typed}, [])
    return _wrong(screen, typed, "unreadable")


def _phone(ledger: Ledger, staff: Staff, typed: str) -> str:
    """The phone number that was typed, completed by the area code of a desk that `staff` serve."""
    if not re.fullmatch(r"[\d+()\s‐‑‒–—―−ー－ｰ-]{5,}", unicodedata.normalize("NFKC", typed)):
        return ""
    keys = shown.consultations_of(ledger, staff)
    areas = {(ledger.catalogue.desk_of(key).phone() or "").split("-")[0] for key in keys}
    return next((area + typed for area in ("", *sorted(areas)) if parse_phone(area + typed)), "")


def _wrong(screen: Screen, typed: str, code: str) -> Response[bytes]:
    errors = field_messages(Invalid([FieldError("query", code)]))
    return _page(screen, {"query": typed}, errors=errors, status=422)


def _page(
    screen: Screen,
    values: Mapping[str, str],
    found: Sequence[Booking] | None = None,
    *,
    errors: Sequence[Any] = (),
    status: int = 200,
) -> Response[bytes]:
    view = {
        "values": values,
        "errors": list(errors),
        "searched": found is not None,
        "found": shown.rows(screen.ledger, found or []),
    }
    return screen.show("staff/find.html", view, current="find", status=status)
