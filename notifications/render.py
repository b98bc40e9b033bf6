"""A message as its channel takes it: address, subject, body with the channel's foot, invitation.

Neutral all through: no topic, no desk's name, no name of a person. It may be read by somebody else at
the same table.
"""

from collections.abc import Mapping
from datetime import date
from email.headerregistry import Address
from typing import Any

from booking.feeds.vevent import booking_calendar
from booking.i18n import date_and_time, era_date
from booking.languages import JAPANESE
from booking.ledger import queries
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.ledger.status import Status
from booking.settings import Settings
from notifications.addresses import address_of
from notifications.channels.channel import Invitation, Message
from notifications.policy import DAY_LIST, KINDS, UNANSWERED
from notifications.view import View, view_of
from notifications.wording import FOLDER, Words, found_words, shipped, tidy, words, words_in
from slots.zone import local

__all__ = ["FOLDER", "render", "render_day_list", "render_unanswered", "view_of", "words"]

FEET: Mapping[str, str] = {"mail": "foot", "line": "foot-line", "letter": "foot-letter"}


def render(
    ledger: Ledger, settings: Settings, booking: Booking, kind: str, channel: str, ref: str
) -> Message:
    """What the party is told of `booking`, as `channel` (mail, line, sms, letter) takes it.

    Raises UnknownDesk, and ValueError where the channel does not reach the party.
    """
    to = address_of(booking, channel)
    if not to:
        raise ValueError("a booking without an address on this channel")
    view = view_of(ledger, settings, booking)
    is_sms = channel == "sms"
    return Message(
        ref=ref,
        kind=kind,
        to=to,
        sender=view["sender"],
        subject=words(kind, "subject", view, channel),
        body=words(kind, "sms", view) if is_sms else _body(kind, channel, view),
        at=ledger.now(),
        invitation=_invitation(settings, booking, kind, view) if channel == "mail" else None,
    )


def render_unanswered(ledger: Ledger, settings: Settings, booking: Booking, ref: str) -> Message:
    """What the desk is told of a request that nobody answered: number and times, no name.

    One message; its `to` lists all of the desk's `staff_mail`, commas between. Raises UnknownDesk,
    and ValueError for a desk without such an address.
    """
    consultation = ledger.catalogue.consultation(booking.consultation)
    view = view_of(ledger, settings, booking).told_in(JAPANESE)
    told = {
        "consultation": consultation.name,
        "reference": booking.reference,
        "received": date_and_time(local(booking.created_at, booking.zone)),
        "day": view["day"],
        "time": view["time"],
        "wished": view["wished"],
        "link": f"{settings.base_url}/staff/bookings/{booking.reference}",
    }
    return _to_staff(ledger, consultation.key, UNANSWERED, told, ref)


def render_day_list(
    ledger: Ledger, settings: Settings, consultation_key: str, day: date, ref: str
) -> Message:
    """What the desk is told of the local `day`'s parties: numbers, times and counts, no names.

    As `render_unanswered`.
    """
    consultation = ledger.catalogue.consultation(consultation_key)
    organisation = consultation_key.partition("/")[0]
    found = [
        one
        for one in queries.on_day(ledger, day, organisation)
        if one.consultation == consultation_key
    ]
    told = {
        "consultation": consultation.name,
        "day": era_date(day),
        "parties": [_party(one) for one in found],
        "people": sum(one.contact.party_size for one in found),
        "link": f"{settings.base_url}/staff/day?date={day.isoformat()}",
    }
    return _to_staff(ledger, consultation_key, DAY_LIST, told, ref)


def _to_staff(
    ledger: Ledger, consultation_key: str, kind: str, told: Mapping[str, Any], ref: str
) -> Message:
    addresses = ledger.catalogue.desk_of(consultation_key).telling.staff_mail
    if not addresses:
        raise ValueError("a desk without an address for staff")
    sender = ledger.catalogue.organisation_of(consultation_key).sender
    values = {**told, "sender": sender}
    return Message(
        ref=ref,
        kind=kind,
        to=", ".join(addresses),
        sender=sender,
        subject=tidy("subject", shipped(JAPANESE, f"{kind}/subject", values)),
        body=tidy("body", shipped(JAPANESE, f"{kind}/body", values)),
        at=ledger.now(),
    )


def _party(booking: Booking) -> dict[str, Any]:
    start = booking.local_start
    settled = start is not None and booking.time_settled
    return {
        "time": f"{start.hour}:{start.minute:02}" if start and settled else "時間未定",
        "reference": booking.reference,
        "state": "仮" if booking.status is Status.REQUESTED else "確定",
        "size": booking.contact.party_size,
    }


def _body(kind: str, channel: str, view: View) -> str:
    """The text with the channel's foot; a translation ends with what is said in Japanese."""
    found = found_words(kind, "body", view, channel)
    values = {**view.told_in(found.language), "channel": channel}
    foot = shipped(found.language, FEET[channel], values)
    return tidy("body", f"{found.text}\n{foot}\n{_in_japanese(kind, channel, view, found)}")


def _in_japanese(kind: str, channel: str, view: View, found: Words) -> str:
    """The first paragraph and the details in Japanese, which is what counts; else nothing."""
    if found.language is JAPANESE:
        return ""
    whole = words_in(JAPANESE, kind, "body", view, channel) or ""
    values = {
        **view.told_in(JAPANESE),
        "channel": channel,
        "first_paragraph": whole.partition("\n\n")[0],
    }
    return shipped(JAPANESE, "short", values)


def _invitation(settings: Settings, booking: Booking, kind: str, view: View) -> Invitation | None:
    method = KINDS[kind].method
    if method is None or booking.calendar_starts_at is None:
        return None
    if booking.starts_at is None:
        method = "CANCEL"  # the entry that the party has is of a time that was given up
    content = booking_calendar(
        booking,
        method=method,
        organizer=Address(view["sender"], addr_spec=settings.mail_from),
        attendee=booking.contact.email,
        url=view["link"],
    )
    return Invitation(method=method, content=content)
