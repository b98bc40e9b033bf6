"""Private calendars: a desk's parties, or the day of one who serves. As little as the desk allows.

A calendar service keeps what it reads: so no phone number, no topic and no note is in it, no past day,
and a name only where the desk's file says so. The rest is on the staff's page, behind the sign-in.
"""

from datetime import datetime, time, timedelta
from uuid import UUID, uuid5

from icalendar import vText

from booking.feeds.calendars import Written
from booking.feeds.lines import folded, text
from booking.feeds.sizes import MOST_BYTES, days_that_fit
from booking.feeds.vevent import UID_HOST, calendar, utc_stamp, wall_time
from booking.feeds.zones import add_timezone
from booking.ledger.calendar_stamps import calendar_status
from booking.ledger.ledger import Ledger
from booking.ledger.private_feeds import PrivateFeed
from booking.ledger.served import Day, Entry, served
from booking.ledger.status import Status
from booking.settings import Settings
from slots.place import Place
from slots.zone import instant, local_date

DAYS_AHEAD = 90
REFRESH = timedelta(hours=1)
# Never changes: UIDs are made of it.
SERVED = UUID("5e0c2c1a-6b0e-5f57-8a57-54d1c9a8f0b3")
STATUS = {"cancelled": "CANCELLED", "undecided": "TENTATIVE", "planned": "CONFIRMED"}
BEFORE_SESSION = {"cancelled": "【中止】", "undecided": "【未定】", "planned": ""}
BEHIND = "窓口の画面"
END = b"END:VCALENDAR\r\n"

# Start, UID and content lines.
Event = tuple[datetime, str, list[str]]


def private_uid(kept: str) -> str:
    """The permanent UID of a booking (its id) or session (its key) in the calendars of staff.

    Not the one of the party's own entry or of the public calendar. A member of staff may have both,
    as one who books for a relative does, and most programs would take the second for a new version
    of the first. And a calendar service that knew the party's UID could be made to send a
    cancellation that looks like ours; from this one it cannot be told.
    """
    return f"served-{uuid5(SERVED, kept)}@{UID_HOST}"


def private_calendar(ledger: Ledger, settings: Settings, feed: PrivateFeed) -> Written:
    """The calendar of `feed`, from today on: bytes that depend on the database, the files and the day.

    Of no more than `MOST_BYTES`, as the public ones.
    """
    zone = _zone(ledger, feed)
    start = local_date(ledger.now(), zone)
    made = calendar()
    name = feed.label or calendar_name(ledger, feed)
    for key in ("name", "x-wr-calname"):
        made.add(key, vText(name))  # by itself the library escapes no comma in these two
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    found = served(ledger, feed, start, start + timedelta(days=DAYS_AHEAD))
    # A booking is in the zone in which it was promised.
    for one in dict.fromkeys([zone, *(entry.zone for entry in found.entries)]):
        add_timezone(made, one)
    frame = made.to_ical()
    events = [_day(one, feed, settings) for one in found.days]
    events += [_entry(one, settings) for one in found.entries]
    dated = [
        (local_date(at, zone), b"".join(b"%b\r\n" % folded(one) for one in lines))
        for at, _, lines in sorted(events)
    ]
    days = days_that_fit(dated, start, MOST_BYTES - len(frame))
    shown = [event for day, event in dated if days is None or day in days]
    body = b"".join([frame.removesuffix(END), *shown, END])
    # Each midnight a day goes, and another one comes.
    return Written(body, max(found.changed_at, instant(start, time(), zone)))


def calendar_name(ledger: Ledger, feed: PrivateFeed) -> str:
    """What a calendar without a label is called: neutral, whoever sees the screen."""
    found = ledger.catalogue.organisations.get(feed.organisation)
    return f"ご予約（{found.name}）" if found else "ご予約"


def _zone(ledger: Ledger, feed: PrivateFeed) -> str:
    found = ledger.catalogue.organisations.get(feed.organisation)
    return found.zone if found else "Asia/Tokyo"


def _entry(entry: Entry, settings: Settings) -> Event:
    cancelled = entry.cancelled
    return _event(
        private_uid(entry.id),
        entry.starts_at,
        entry.ends_at,
        entry.zone,
        summary=_summary(entry),
        status=calendar_status(entry.status),
        place=entry.place,
        url=f"{settings.base_url}/staff/bookings/{entry.reference}",
        changed_at=entry.calendar_changed_at,
        sequence=entry.calendar_sequence,
        busy=not cancelled,
    )


def _summary(entry: Entry) -> str:
    """The state in front, where every program shows it; then the number, and the name if it may be."""
    before = "【仮】" if entry.status is Status.REQUESTED else ""
    who = f" {entry.name} 様" if entry.name else ""
    after = "" if entry.time_settled or entry.cancelled else "（時間未定）"
    return f"{'【取消】' if entry.cancelled else before}{entry.reference}{who}{after}"


def _day(day: Day, feed: PrivateFeed, settings: Settings) -> Event:
    """A session: when, where and whether it is held, which is what its stamps follow."""
    session = day.session
    what = "担当日" if feed.person else "開催日"
    return _event(
        private_uid(session.key),
        session.start,
        session.end,
        session.zone,
        summary=f"{BEFORE_SESSION[session.status]}{what}",
        status=STATUS[session.status],
        place=_place(session.place),
        url=f"{settings.base_url}/staff/day?date={session.date.isoformat()}",
        changed_at=day.changed_at,
        sequence=day.sequence,
        # A desk's staff are not busy because it is open; who serves is.
        busy=feed.person is not None and session.status != "cancelled",
    )


def _event(
    uid: str,
    start: datetime,
    end: datetime | None,
    zone: str,
    *,
    summary: str,
    status: str,
    place: str | None,
    url: str,
    changed_at: datetime,
    sequence: int,
    busy: bool,
) -> Event:
    """A VEVENT that sorts by its start; its properties in the icalendar library's order."""
    stamp = utc_stamp(changed_at)
    lines = [
        "BEGIN:VEVENT",
        f"SUMMARY:{text(summary)}",
        f"DTSTART{wall_time(start, zone)}",
        *([f"DTEND{wall_time(end, zone)}"] if end is not None else []),
        f"DTSTAMP:{stamp}",
        f"UID:{uid}",
        f"SEQUENCE:{sequence}",
        "CLASS:PRIVATE",
        # In words: few programs show what URL says.
        f"DESCRIPTION:{text(f'{BEHIND}: {url}')}",
        f"LAST-MODIFIED:{stamp}",
        *([f"LOCATION:{text(place)}"] if place else []),
        f"STATUS:{status}",
        f"TRANSP:{'OPAQUE' if busy else 'TRANSPARENT'}",
        *([] if busy else ["X-MICROSOFT-CDO-BUSYSTATUS:FREE"]),
        "END:VEVENT",
    ]
    return start, uid, lines


def _place(place: Place | None) -> str | None:
    """The building and the room: who serves knows the way."""
    return " ".join(part for part in (place.name, place.room) if part) if place else None
