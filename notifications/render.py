"""The words of a message: Jinja text templates, one folder a language, one folder a kind.

Neutral all through: no topic, no desk's name, no name of a person. A mail may be read by somebody
else at the same table.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from booking.feeds.vevent import booking_calendar
from booking.i18n import TIMES_OF_DAY, clock_time, era_date, time_span
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.settings import Settings
from notifications.channels.channel import Invitation, Message
from slots.desk import Consultation
from slots.wishes import Wish
from slots.zone import instant

FOLDER = Path(__file__).parent / "templates"
LANGUAGE = "ja"
METHODS = {"confirmed": "REQUEST", "moved": "REQUEST", "cancelled": "CANCEL"}
# Text is not HTML: nothing is escaped.
_templates = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=False,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    auto_reload=False,
)


def render(
    ledger: Ledger, settings: Settings, booking: Booking, kind: str, channel: str, ref: str
) -> Message:
    """The mail about `booking`. Raises UnknownDesk, and ValueError for a booking without address."""
    if not booking.contact.email:
        raise ValueError("a booking without a mail address")
    view = view_of(ledger, settings, booking)
    return Message(
        ref=ref,
        kind=kind,
        to=booking.contact.email,
        sender=view["sender"],
        subject=words(kind, "subject", view).strip(),
        body=words(kind, "body", view),
        at=ledger.now(),
        invitation=_invitation(settings, booking, kind, view["link"]),
    )


def words(kind: str, part: str, view: dict[str, Any]) -> str:
    """One part (`subject`, `body`, or `call`: what staff say on the phone) of a message."""
    return _templates.get_template(f"{LANGUAGE}/{kind}/{part}.txt").render(view)


def view_of(ledger: Ledger, settings: Settings, booking: Booking) -> dict[str, Any]:
    """What the templates may say of a booking. Raises UnknownDesk."""
    consultation = ledger.catalogue.consultation(booking.consultation)
    organisation = ledger.catalogue.organisation_of(booking.consultation)
    return {
        "sender": organisation.sender,
        "town": organisation.name,
        "reference": booking.reference,
        "status": booking.status.value,
        "is_open": booking.is_open,
        "reason": booking.reason,
        "link": f"{settings.base_url}/b/{booking.token}",
        "phone": ledger.catalogue.desk_of(booking.consultation).phone(),
        "place": booking.place,
        "day_contact": consultation.day_contact,
        "bring": bool(consultation.bring),
        **_when(booking),
        "wished": wished(booking, consultation),
    }


def wished(booking: Booking, consultation: Consultation) -> list[str]:
    """What the party wished for, in words; empty once a time is settled, or when it wished nothing."""
    if booking.time_settled:
        return []
    if booking.wish and booking.local_start:
        at = datetime.strptime(booking.wish, "%H:%M").time()  # noqa: DTZ007 - a wall time
        return [clock_time(instant(booking.local_start.date(), at, consultation.zone))]
    return [wish_text(one) for one in booking.wishes]


def wish_text(wish: Wish) -> str:
    """令和8年12月1日（火）夜間（午後5時から）."""
    return f"{era_date(wish.date)}{TIMES_OF_DAY[wish.time_of_day]}"


def _when(booking: Booking) -> dict[str, str | None]:
    start, end = booking.local_start, booking.local_end
    span = time_span(start, end) if start and end else None
    settled = booking.time_settled
    return {
        "day": era_date(start.date()) if start else None,
        "time": (span or f"{clock_time(start)}から") if start and settled else None,
        # Before a time is settled, the session in which it will lie.
        "within": span if not settled else None,
    }


def _invitation(settings: Settings, booking: Booking, kind: str, link: str) -> Invitation | None:
    method = METHODS.get(kind)
    if method is None or booking.starts_at is None:
        return None
    content = booking_calendar(
        booking,
        method=method,  # type: ignore[arg-type]
        organizer=settings.mail_from,
        attendee=booking.contact.email,
        url=link,
    )
    return Invitation(method=method, content=content)
