"""Private calendars: a desk's parties, or the day of one who serves. As little as the desk allows.

A calendar service keeps what it reads: so no phone number, no topic and no note is in it, no past day,
and a name only where the desk's file says so. The rest is on the staff's page, behind the sign-in.
"""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Event, vText

from booking.feeds.vevent import UID_HOST, add_timezone, calendar, status_of, timed_event
from booking.i18n import time_spans
from booking.ledger.ledger import Ledger
from booking.ledger.private_feeds import PrivateFeed
from booking.ledger.revisions import revisions
from booking.ledger.served import Entry, Served, served
from booking.ledger.status import Status
from booking.settings import Settings
from slots.place import Place
from slots.sessions import Session
from slots.zone import local, local_date

DAYS_AHEAD = 90
REFRESH = timedelta(hours=1)
# Never changes: UIDs are made of it.
SERVED = UUID("5e0c2c1a-6b0e-5f57-8a57-54d1c9a8f0b3")
STATUS = {"cancelled": "CANCELLED", "undecided": "TENTATIVE", "planned": "CONFIRMED"}
BEFORE_SESSION = {"cancelled": "【中止】", "undecided": "【未定】", "planned": ""}
UNSETTLED = "時間は、まだ決まっていません。"
BEHIND = "くわしくは、窓口の画面をご覧ください（ログインが必要です）。"


def private_uid(kept: str) -> str:
    """The permanent UID of a booking (its id) or session (its key) in the calendars of staff.

    Not the one of the party's own entry or of the public calendar. A member of staff may have both,
    as one who books for a relative does, and most programs would take the second for a new version
    of the first. And a calendar service that knew the party's UID could be made to send a
    cancellation that looks like ours; from this one it cannot be told.
    """
    return f"served-{uuid5(SERVED, kept)}@{UID_HOST}"


def private_calendar(ledger: Ledger, settings: Settings, feed: PrivateFeed) -> bytes:
    """The calendar of `feed`, from today on: bytes that depend on the database, the files and the day."""
    zone = _zone(ledger, feed)
    start = local_date(ledger.now(), zone)
    made = calendar()
    name = feed.label or calendar_name(ledger, feed)
    for key in ("name", "x-wr-calname"):
        made.add(key, vText(name))  # by itself the library escapes no comma in these two
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    add_timezone(made, zone)
    for event in _events(ledger, settings, feed, start):
        made.add_component(event)
    return made.to_ical()


def calendar_name(ledger: Ledger, feed: PrivateFeed) -> str:
    """What a calendar without a label is called: neutral, whoever sees the screen."""
    found = ledger.catalogue.organisations.get(feed.organisation)
    return f"ご予約（{found.name}）" if found else "ご予約"


def _zone(ledger: Ledger, feed: PrivateFeed) -> str:
    found = ledger.catalogue.organisations.get(feed.organisation)
    return found.zone if found else "Asia/Tokyo"


def _events(ledger: Ledger, settings: Settings, feed: PrivateFeed, start: date) -> list[Event]:
    found = served(ledger, feed, start, start + timedelta(days=DAYS_AHEAD))
    stamps = _stamps(ledger, feed, found)
    events: list[tuple[datetime, str, Event]] = []
    for session in found.sessions:
        waiting = found.open.get(session.key, 0)
        event = _session_event(session, feed, settings, stamps[session.consultation], waiting)
        events.append((session.start, str(event["uid"]), event))
    for entry in found.entries:
        event = _entry_event(entry, settings)
        events.append((entry.starts_at, str(event["uid"]), event))
    return [event for _, _, event in sorted(events, key=lambda one: one[:2])]


def _stamps(ledger: Ledger, feed: PrivateFeed, found: Served) -> dict[str, datetime]:
    """When what is said of the sessions of each consultation last changed, or the feed began."""
    keys = {one.consultation for one in found.sessions}
    changed = revisions(ledger, keys)
    return {key: changed[key][1] if key in changed else feed.made_at for key in keys}


def _entry_event(entry: Entry, settings: Settings) -> Event:
    event = timed_event(
        private_uid(entry.id),
        entry.starts_at,
        entry.ends_at,
        entry.zone,
        entry.changed_at,
        entry.revision - 1,
    )
    event.add("created", entry.created_at.replace(microsecond=0))
    event.add("summary", _summary(entry))
    event.add("status", status_of(entry.status))
    unsettled = [] if entry.time_settled or entry.cancelled else [UNSETTLED]
    said = [f"受付番号 {entry.reference}", *unsettled]
    url = f"{settings.base_url}/staff/bookings/{entry.reference}"
    _finish(event, entry.place, said, url, busy=not entry.cancelled)
    return event


def _summary(entry: Entry) -> str:
    """The state in front, where every program shows it; then the number, and the name if it may be."""
    before = "【仮】" if entry.status is Status.REQUESTED else ""
    who = f" {entry.name} 様" if entry.name else ""
    after = "" if entry.time_settled or entry.cancelled else "（時間未定）"
    return f"{'【取消】' if entry.cancelled else before}{entry.reference}{who}{after}"


def _session_event(
    session: Session, feed: PrivateFeed, settings: Settings, changed_at: datetime, waiting: int
) -> Event:
    event = timed_event(
        private_uid(session.key), session.start, session.end, session.zone, changed_at, 0
    )
    what = "担当日" if feed.person else "開催日"
    event.add("summary", f"{BEFORE_SESSION[session.status]}{what}")
    event.add("status", STATUS[session.status])
    blocks = [
        (local(one.start, session.zone), local(one.end, session.zone)) for one in session.blocks
    ]
    said = [time_spans(blocks)]
    if session.told:
        said.append(session.told)
    if waiting:
        said.append(f"時間と担当の決まっていない予約 {waiting}件")
    url = f"{settings.base_url}/staff/day?date={session.date.isoformat()}"
    # A desk's staff are not busy because it is open; who serves is.
    busy = feed.person is not None and session.status != "cancelled"
    _finish(event, _place(session.place), said, url, busy=busy)
    return event


def _finish(event: Event, place: str | None, said: list[str], url: str, *, busy: bool) -> None:
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE" if busy else "TRANSPARENT")
    if not busy:
        event.add("x-microsoft-cdo-busystatus", "FREE")
    if place:
        event.add("location", place)
    event.add("description", "\n".join([*said, BEHIND, url]))
    event.add("url", url)


def _place(place: Place | None) -> str | None:
    """The building and the room: who serves knows the way."""
    return " ".join(part for part in (place.name, place.room) if part) if place else None
