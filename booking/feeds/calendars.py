"""Public calendars: a desk's or a consultation's sessions, never a word of any party."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from booking.desks.catalogue import Catalogue
from booking.feeds.vevent import add_timezone, calendar, session_uid, timed_event
from booking.i18n import CHANNELS
from booking.ledger import queries
from booking.ledger.ledger import Ledger
from booking.ledger.marks import WORDS, mark_of
from booking.ledger.revisions import revisions
from booking.settings import Settings
from slots.availability import (
    Held,
    Reason,
    SessionAvailability,
    availability,
    next_moment,
)
from slots.desk import Consultation, Desk
from slots.hours import Stretch, hours_on
from slots.place import Place
from slots.sessions import Session, sessions_of
from slots.zone import days, instant, local_date

DAYS_BACK, DAYS_AHEAD = 7, 90
SAID: Mapping[Reason | None, str] = {
    Reason.CLOSURE: "中止になりました。",
    Reason.UNDECIDED: "開催するかどうかは、まだ決まっていません。",
    Reason.PAST: "終了しました。",
    Reason.OTHER_CHANNEL: "ご予約はお電話で受け付けています。",
    Reason.BOOKING_CLOSED: "予約の受付は終わりました。",
    Reason.TOO_SHORT_NOTICE: "予約の受付は終わりました。",
    Reason.NOT_OPEN_YET: "予約の受付は、まだ始まっていません。",
}
REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Feed:
    """What a feed is of: one desk, or one consultation at it."""

    desk: Desk
    consultations: tuple[Consultation, ...]
    name: str

    @property
    def keys(self) -> list[str]:
        """The consultations' keys."""
        return [one.key for one in self.consultations]


def feed_of(catalogue: Catalogue, key: str) -> Feed:
    """The feed called organisation/desk or organisation/desk/consultation. Raises UnknownDesk."""
    organisation = catalogue.organisation_of(key)
    if key.count("/") == 1:
        desk = catalogue.desk(key)
        return Feed(
            desk, desk.consultations, f"{desk.short_name or desk.name}（{organisation.name}）"
        )
    consultation = catalogue.consultation(key)
    desk = catalogue.desk_of(key)
    return Feed(desk, (consultation,), f"{consultation.name}（{organisation.name}）")


def window(today: date) -> tuple[date, date]:
    """The local days that a feed covers, [start, end)."""
    return today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)


def public_feed(ledger: Ledger, settings: Settings, key: str) -> bytes:
    """The public calendar called `key`: bytes that depend on the database, the desk file and the day.

    No METHOD: a feed is a snapshot and invites nobody (RFC 5545 section 3.7.2). Raises UnknownDesk.
    """
    feed = feed_of(ledger.catalogue, key)
    made = calendar()
    _describe(made, feed)
    add_timezone(made, feed.desk.zone)
    for event in _events(ledger, settings, feed):
        made.add_component(event)
    return made.to_ical()


def _describe(made: Calendar, feed: Feed) -> None:
    for name in ("name", "x-wr-calname"):
        made.add(name, feed.name)
    # RFC 7986 section 5.7 demands VALUE here; the library leaves it out by itself.
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")


def _events(ledger: Ledger, settings: Settings, feed: Feed) -> list[Event]:
    start, end = window(local_date(ledger.now(), feed.desk.zone))
    changed = revisions(ledger, feed.keys)
    events: list[tuple[datetime, str, Event]] = []
    for consultation in feed.consultations:
        changed_at = changed[consultation.key][1]
        for found in queries.availability_between(ledger, consultation.key, start, end):
            event = _session_event(feed, consultation, found, changed_at, settings)
            events.append((found.session.start, str(event["uid"]), event))
    if not any(one.openings for one in feed.consultations):
        newest = max(at for _, at in changed.values())
        for day in days(start, end):
            for stretches in _by_time(hours_on(feed.desk, day)):
                event = _hours_event(feed, stretches, newest, settings)
                events.append((stretches[0].start, str(event["uid"]), event))
    return [event for _, _, event in sorted(events, key=lambda one: one[:2])]


def _session_event(
    feed: Feed,
    consultation: Consultation,
    found: SessionAvailability,
    changed_at: datetime,
    settings: Settings,
) -> Event:
    session: Session = found.session
    cancelled = session.status == "cancelled"
    event = timed_event(
        session_uid(session.key), session.start, session.end, consultation.zone, changed_at, 0
    )
    event.add("summary", f"【中止】{consultation.name}" if cancelled else consultation.name)
    event.add(
        "status",
        {"cancelled": "CANCELLED", "undecided": "TENTATIVE"}.get(session.status, "CONFIRMED"),
    )
    url = f"{settings.base_url}/{consultation.key}"
    said = [_availability(found), *([session.told] if session.told else []), *_how_to(feed, url)]
    _finish(event, feed, _place(session.place), said, url)
    return event


def _availability(found: SessionAvailability) -> str:
    if found.reason in SAID:
        return SAID[found.reason]
    return f"空き状況: {WORDS[mark_of(found)]}（最新の空き状況は予約のページをご覧ください）"


def _how_to(feed: Feed, url: str) -> list[str]:
    phone = feed.desk.phone()
    return [f"ご予約: {url}", *([f"電話: {phone}"] if phone else [])]


def _by_time(stretches: list[Stretch]) -> list[list[Stretch]]:
    found: dict[tuple[datetime, datetime], list[Stretch]] = {}
    for one in stretches:
        found.setdefault((one.start, one.end), []).append(one)
    return list(found.values())


def _hours_event(
    feed: Feed, stretches: list[Stretch], changed_at: datetime, settings: Settings
) -> Event:
    first = stretches[0]
    channels = "・".join(CHANNELS[one.channel] for one in stretches)
    uid = f"hours-{session_uid(f'{feed.desk.key}/{first.start.isoformat()}')[8:]}"
    event = timed_event(uid, first.start, first.end, feed.desk.zone, changed_at, 0)
    event.add("summary", f"{feed.desk.short_name or feed.desk.name}（{channels}）")
    event.add("status", "CONFIRMED")
    url = f"{settings.base_url}/{feed.desk.key}"
    lines = [f"受付は{first.last_intake:%H:%M}まで", *_how_to(feed, url)]
    _finish(event, feed, None, lines, url)
    return event


def _finish(event: Event, feed: Feed, place: str | None, lines: list[str], url: str) -> None:
    """What all public entries share: they make nobody busy, and ring for nobody."""
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    if place:
        event.add("location", place)
    event.add("description", "\n".join(lines))
    event.add("url", url)


def _place(place: Place | None) -> str | None:
    if place is None:
        return None
    return " ".join(part for part in (place.name, place.room, place.address) if part)


def next_change(ledger: Ledger, feed: Feed) -> datetime:
    """The instant at which time alone changes a feed: its window moves on, booking opens or closes."""
    now, zone = ledger.now(), feed.desk.zone
    today = local_date(now, zone)
    moments = [instant(today + timedelta(days=1), datetime.min.time(), zone)]
    for consultation in feed.consultations:
        nobody = Held()
        sessions = sessions_of(consultation, *window(today))
        found = [availability(consultation, one, nobody, now) for one in sessions]
        at = next_moment(consultation, found, now)
        moments += [at] if at else []
    return min(moments)
