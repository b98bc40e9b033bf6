"""One calendar entry: a booking or a session as a VEVENT. A pure function of what is stored.

RFC 5545; RFC 5546 where a file is an invitation. Nothing here reads a clock: DTSTAMP is the change's.
"""

from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from functools import lru_cache
from typing import Literal
from uuid import UUID, uuid5

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from booking.feeds.zones import UTC_ZONES, add_timezone
from booking.ledger.booking import Booking
from booking.ledger.calendar_stamps import entry_status, is_time_open
from booking.ledger.status import Status
from slots.zone import local

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
PRODUCT = "-//Booking//Consultation booking//JA"
# Part of every UID. It never changes, not even when a site moves to another address.
UID_HOST = "soudan-yoyaku"
SESSIONS = UUID("b6a1f6f2-6a0b-5d4e-9a57-1d2f7c0e7a10")
# Entries are many, the instants in them few.
MOMENTS = 4096
ONE_DAY = timedelta(days=1)


def calendar(method: Method | None = None) -> Calendar:
    """An empty VCALENDAR with our product id, and with METHOD where it is an invitation."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    if method is not None:
        made.add("method", method)
    return made


def session_uid(session_key: str) -> str:
    """The permanent UID of a session, from its identity and not from its time."""
    return f"session-{uuid5(SESSIONS, session_key)}@{UID_HOST}"


@lru_cache(maxsize=MOMENTS)
def utc_stamp(at: datetime) -> str:
    """An instant as a stamp in UTC."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


@lru_cache(maxsize=MOMENTS)
def wall_time(at: datetime, zone: str) -> str:
    """An instant as clocks in the zone show it, behind the name of its property."""
    here = local(at, zone).strftime("%Y%m%dT%H%M%S")
    return f":{here}Z" if zone in UTC_ZONES else f";TZID={zone}:{here}"


def timed_event(
    uid: str, start: datetime, end: datetime | None, zone: str, changed_at: datetime, sequence: int
) -> Event:
    """A VEVENT with identity, times in the desk's zone, and stamps in UTC whole seconds."""
    event = Event()
    event.add("uid", uid)
    stamp = changed_at.replace(microsecond=0)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", sequence)
    event.add("dtstart", local(start, zone))
    if end is not None:
        event.add("dtend", local(end, zone))
    return event


def booking_event(booking: Booking, url: str) -> Event:
    """A booking as its party sees it: neutral title, no name, no topic. `url` is its page.

    Of a time that was given up for wishes it is the cancellation. Raises ValueError for a booking that
    never had a time.
    """
    if booking.calendar_starts_at is None:
        raise ValueError("a booking without a time is no calendar entry")
    event = timed_event(
        f"booking-{booking.id}@{UID_HOST}",
        booking.calendar_starts_at,
        booking.calendar_ends_at,
        booking.zone,
        booking.calendar_changed_at,
        booking.calendar_sequence,
    )
    event.add("created", booking.created_at.replace(microsecond=0))
    event.add("summary", summary_of(booking))
    event.add("status", entry_status(booking))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if entry_status(booking) == "CANCELLED" else "OPAQUE")
    if booking.place:
        event.add("location", booking.place)
    event.add("description", _description(booking, url))
    event.add("url", url)
    return event


def summary_of(booking: Booking) -> str:
    """The neutral title, with the state in front where a program might not show it."""
    if entry_status(booking) == "CANCELLED":
        return "【取消】ご予約"
    return "【仮】ご予約" if booking.status is Status.REQUESTED else "ご予約"


def _description(booking: Booking, url: str) -> str:
    lines = [f"受付番号 {booking.reference}"]
    if booking.status is Status.REQUESTED:
        lines.append("まだ確定ではありません。窓口からの連絡をお待ちください。")
    if is_time_open(booking):
        lines.append("時間は、窓口からお知らせします。")
    return "\n".join([*lines, "くわしくは、ご予約のページをご覧ください。", url])


def booking_calendar(
    booking: Booking, *, method: Method, organizer: Address, attendee: str | None, url: str
) -> bytes:
    """The .ics of one booking: PUBLISH to download, REQUEST and CANCEL to mail.

    `organizer` and `attendee` have mail addresses; PUBLISH has no attendee (RFC 5546 section 3.2.1).
    Programs show the organizer's name, where it has one, as who invites.
    The alarm, a day before, is only in what is confirmed, and stays there once the party has come:
    nothing is new then. Raises ValueError without a time.
    """
    event = booking_event(booking, url)
    inviting = vCalAddress(f"mailto:{organizer.addr_spec}")
    if organizer.display_name:
        # No parameter may hold a quotation mark (RFC 5545 section 3.2).
        inviting.params["CN"] = vText(organizer.display_name.replace('"', ""))
    event.add("organizer", inviting)
    if attendee is not None and method != "PUBLISH":
        address = vCalAddress(f"mailto:{attendee}")
        address.params["PARTSTAT"] = vText("NEEDS-ACTION")
        address.params["RSVP"] = vText("FALSE")
        event.add("attendee", address)
    if entry_status(booking) == "CONFIRMED" and method != "CANCEL":
        event.add_component(_alarm())
    made = calendar(method)
    add_timezone(made, booking.zone)
    made.add_component(event)
    return made.to_ical()


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -ONE_DAY)
    alarm.add("description", "ご予約")
    return alarm
