"""Public calendars: sessions and hours of a desk, a consultation or a whole organisation.

Never a word of any party.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, get_args

from icalendar import Calendar, vText

from booking.desks.catalogue import Catalogue, UnknownDesk
from booking.desks.marks import WORDS
from booking.feeds.lines import folded, text
from booking.feeds.sizes import MOST_BYTES, days_that_fit
from booking.feeds.vevent import calendar, session_uid, utc_stamp, wall_time
from booking.feeds.zones import add_timezone
from booking.ledger.ledger import Ledger
from booking.ledger.public_entries import Entry, Listed, Listing, Part, listing
from booking.settings import Settings
from slots.desk import Consultation, Desk, Organisation

Show = Literal["sessions", "hours"]
SHOWS: tuple[Show, ...] = get_args(Show)
# Of an organisation that books all day, most entries stay as they were when one changes.
KEPT = 8192
REFRESH = timedelta(hours=1)
STATUSES = {"confirmed": "CONFIRMED", "tentative": "TENTATIVE", "cancelled": "CANCELLED"}
END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class Feed:
    """What a feed is of: an organisation's desks, one of them, or one consultation there."""

    key: str
    name: str
    page: str
    organisation: Organisation
    parts: tuple[Part, ...]

    @property
    def kind(self) -> Literal["organisation", "desk"]:
        """An organisation's, or that of one of its desks or consultations.

        An organisation's alone can have thousands of entries: it says less of each, however many it
        has, so that no entry changes because others come.
        """
        return "organisation" if self.key == self.organisation.key else "desk"

    @property
    def keys(self) -> list[str]:
        """The consultations' keys."""
        return [one.key for part in self.parts for one in part.consultations]

    @cached_property
    def known(self) -> frozenset[str]:
        """The same, to look one up."""
        return frozenset(self.keys)

    @property
    def desk_keys(self) -> list[str]:
        """The keys of all consultations at the desks of which it shows anything."""
        return [one.key for part in self.parts for one in part.desk.consultations]


def feed_of(catalogue: Catalogue, key: str, show: Show | None = None) -> Feed:
    """The feed called organisation, organisation/desk or organisation/desk/consultation.

    `show` chooses sessions or the desk's hours; None: the sessions, and the hours of a desk whose
    consultations have no days of their own. Raises UnknownDesk.
    """
    organisation = catalogue.organisation_of(key)
    if key == organisation.key:
        if not organisation.desks:
            raise UnknownDesk(key)
        parts = [_part(desk, desk.consultations, show, whole=True) for desk in organisation.desks]
        return Feed(key, f"{organisation.name} 相談窓口", key, organisation, tuple(parts))
    if key.count("/") == 1:
        desk = catalogue.desk(key)
        name = f"{desk.short_name or desk.name}（{organisation.name}）"
        part = _part(desk, desk.consultations, show, whole=True)
        return Feed(key, name, key, organisation, (part,))
    consultation = catalogue.consultation(key)
    part = _part(catalogue.desk_of(key), (consultation,), show, whole=False)
    return Feed(key, f"{consultation.name}（{organisation.name}）", key, organisation, (part,))


def _part(
    desk: Desk, consultations: tuple[Consultation, ...], show: Show | None, *, whole: bool
) -> Part:
    if show == "hours":
        return Part(desk, (), hours=True, whole=False)
    hours = show is None and not any(one.openings for one in consultations)
    return Part(desk, consultations, hours=hours, whole=whole)


class Written(NamedTuple):
    """A feed's bytes, and when they last changed."""

    body: bytes
    changed_at: datetime


def public_feed(ledger: Ledger, settings: Settings, key: str, show: Show | None = None) -> bytes:
    """The public calendar called `key`: bytes of the database, the desk file and the local day.

    Raises UnknownDesk.
    """
    feed = feed_of(ledger.catalogue, key, show)
    return calendar_file(feed, listing(ledger, feed.parts, feed.kind), settings).body


def calendar_file(feed: Feed, listed: Listing, settings: Settings) -> Written:
    """A feed as iCalendar, of no more than `MOST_BYTES`: days for which there is no room are left out.

    No METHOD: a feed is a snapshot and invites nobody (RFC 5545 section 3.7.2).
    """
    made = calendar()
    _describe(made, feed)
    # What is no longer planned is in the zone that its desk had then.
    zones = [part.desk.zone for part in feed.parts] + [one.entry.zone for one in listed.entries]
    for zone in dict.fromkeys(zones):
        add_timezone(made, zone)
    frame = made.to_ical()
    write = _lean_event if feed.kind == "organisation" else _event
    events = [
        (one.entry.day, write(one, link_of(feed, one.entry, settings))) for one in listed.entries
    ]
    days = days_that_fit(events, listed.today, MOST_BYTES - len(frame))
    shown = [event for day, event in events if days is None or day in days]
    # Each day makes room for another one.
    changed_at = listed.changed_at if days is None else max(listed.changed_at, listed.began_at)
    return Written(b"".join([frame.removesuffix(END), *shown, END]), changed_at)


def _describe(made: Calendar, feed: Feed) -> None:
    for name in ("name", "x-wr-calname"):
        made.add(name, vText(feed.name))  # by itself the library escapes no comma in these two
    # RFC 7986 section 5.7 demands VALUE here; the library leaves it out by itself.
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")


@lru_cache(maxsize=KEPT)
def _event(listed: Listed, url: str) -> bytes:
    """One VEVENT, its properties in the icalendar library's order: they make nobody busy."""
    entry = listed.entry
    stamp = utc_stamp(listed.changed_at)
    place = [f"LOCATION:{text(entry.place)}"] if entry.place else []
    lines = [
        "BEGIN:VEVENT",
        f"SUMMARY:{text(title_of(entry))}",
        f"DTSTART{wall_time(entry.starts_at, entry.zone)}",
        f"DTEND{wall_time(entry.ends_at, entry.zone)}",
        f"DTSTAMP:{stamp}",
        f"UID:{uid_of(entry)}",
        f"SEQUENCE:{listed.sequence}",
        f"DESCRIPTION:{text(description_of(entry, url))}",
        f"LAST-MODIFIED:{stamp}",
        *place,
        f"STATUS:{STATUSES[entry.status]}",
        "TRANSP:TRANSPARENT",
        f"URL:{url}",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "END:VEVENT",
        "",
    ]
    return b"\r\n".join(map(folded, lines))


@lru_cache(maxsize=KEPT)
def _lean_event(listed: Listed, url: str) -> bytes:
    """The same with what everybody needs: the rest is a click away.

    Few programs show what URL says, so the link is in words. Outlook takes TRANSP where its own
    property is missing (MS-OXCICAL section 2.1.3.1.1.20.25).
    """
    entry = listed.entry
    stamp = utc_stamp(listed.changed_at)
    place = " ".join(part for part in (entry.place_name, entry.place_room) if part)
    lines = [
        "BEGIN:VEVENT",
        f"SUMMARY:{text(title_of(entry))}",
        f"DTSTART{wall_time(entry.starts_at, entry.zone)}",
        f"DTEND{wall_time(entry.ends_at, entry.zone)}",
        f"DTSTAMP:{stamp}",
        f"UID:{uid_of(entry)}",
        f"SEQUENCE:{listed.sequence}",
        f"DESCRIPTION:{text(_lean_description(entry, url))}",
        f"LAST-MODIFIED:{stamp}",
        *([f"LOCATION:{text(place)}"] if place else []),
        f"STATUS:{STATUSES[entry.status]}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "",
    ]
    return b"\r\n".join(map(folded, lines))


def _lean_description(entry: Entry, url: str) -> str:
    """How full it is, where to phone, where to book; of hours all that is said of them."""
    if not entry.is_session:
        return f"{entry.words}\n{url}"
    return "\n".join(one for one in (availability_of(entry), entry.phone, url) if one)


def uid_of(entry: Entry) -> str:
    """The permanent UID of an entry."""
    return _uid(entry.key, hours=not entry.is_session)


@lru_cache(maxsize=20_000)
def _uid(key: str, *, hours: bool) -> str:
    uid = session_uid(key)
    return f"hours-{uid.removeprefix('session-')}" if hours else uid


def title_of(entry: Entry) -> str:
    """The title, with 中止 in front where a program might not show it."""
    return f"【中止】{entry.title}" if entry.status == "cancelled" else entry.title


def availability_of(entry: Entry) -> str | None:
    """How full a session is, in coarse words; None where nothing is said of it."""
    return WORDS[entry.mark] if entry.mark else None


def description_of(entry: Entry, url: str) -> str:
    """What people read of an entry. Nothing in it hangs on the clock."""
    seats = availability_of(entry)
    lines = [f"空き状況: {seats}（最新の空き状況は予約のページをご覧ください）"] if seats else []
    lead = "ご予約" if entry.is_session and entry.status == "confirmed" else "くわしくは"
    return "\n".join([*lines, entry.words, f"{lead}: {url}"])


def link_of(feed: Feed, entry: Entry, settings: Settings) -> str:
    """The page of an entry: its consultation's, or its desk's."""
    return f"{settings.base_url}/{entry.scope if entry.scope in feed.known else entry.desk}"
