"""Bookings as the console's lists and cards show them: masked unless somebody opens one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from booking.ledger.access import Staff
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.ledger.status import ENDED
from booking.staff import words
from slots.zone import local_date


def label(ledger: Ledger, key: str) -> str:
    """What a consultation is called: its desk's short name and its own, once where they agree."""
    catalogue = ledger.catalogue
    if key not in catalogue.consultations:
        return key
    desk, name = catalogue.desk_of(key), catalogue.consultation(key).name
    short = desk.short_name or desk.name
    return name if name == short else f"{short}・{name}"


def consultations_of(ledger: Ledger, staff: Staff) -> list[str]:
    """The keys of the consultations that `staff` serves."""
    found = ledger.catalogue.consultations
    return [key for key in found if staff.organisation in (None, key.split("/")[0])]


def row(ledger: Ledger, booking: Booking) -> dict[str, Any]:
    """One line of a list, without a name, number or address."""
    now = ledger.now()
    start, end = booking.local_start, booking.local_end
    return {
        "reference": booking.reference,
        "href": f"/staff/bookings/{booking.reference}",
        "name": words.masked(booking.contact.name),
        "kana": "",
        "consultation": label(ledger, booking.consultation),
        "when": words.when_short(booking),
        "span": words.span(start, end) if start and booking.time_settled else "時間未定",
        "status": words.STATUS[booking.status],
        "status_kind": words.STATUS_KIND.get(booking.status, "plain"),
        "parties": booking.contact.party_size,
        "channel": words.CHANNEL.get(booking.channel, booking.channel),
        "since": words.since(booking.created_at, now),
        "ended": booking.status in ENDED,
        "needs": bool(booking.contact.needs),
    }


def rows(ledger: Ledger, bookings: Iterable[Booking]) -> list[dict[str, Any]]:
    """The lines of a list."""
    return [row(ledger, one) for one in bookings]


def today(ledger: Ledger, zone: str = "Asia/Tokyo") -> date:
    """The present day at the desks."""
    return local_date(ledger.now(), zone)
