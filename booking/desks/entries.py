"""What the public calendars say of a desk: its sessions and hours as entries. Pure: no clock, no SQL.

An entry is a function of the definition, of staff's changes and of how many seats are held. It says
when booking opens and closes, not whether it is open: else every instant would make another file.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Literal

from booking.desks.marks import Mark, mark_of
from booking.i18n import CHANNELS, clock_time, short_date
from slots.availability import Held, SessionAvailability, availability
from slots.desk import Consultation, Desk
from slots.hours import Stretch, hours_on
from slots.sessions import Session, sessions_of
from slots.zone import days, local

EntryStatus = Literal["confirmed", "tentative", "cancelled"]
STATUSES: Mapping[str, EntryStatus] = {
    "planned": "confirmed",
    "undecided": "tentative",
    "cancelled": "cancelled",
}
# Before everything, so that no slot is over: how full a session was stays what is said of it.
BEGINNING = datetime(1, 1, 2, tzinfo=UTC)
NOBODY = Held()
PHONE = "電話: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a public calendar. `key` is its identity, which a move doesn't change.

    `scope` is the consultation's key, or the desk's for its hours; `day` the local day of its
    start. `words` are lines for people, without the link; `mark` is how full it is, None where
    nothing is said of it. `closes_at` is until when one may book
    it, where that is known.
    """

    key: str
    organisation: str
    desk: str
    scope: str
    day: date
    starts_at: datetime
    ends_at: datetime
    zone: str
    status: EntryStatus
    title: str
    words: str
    place_name: str | None = None
    place_room: str | None = None
    place_address: str | None = None
    mark: Mark | None = None
    closes_at: datetime | None = None

    @property
    def is_session(self) -> bool:
        """Whether it is a session; else it is a stretch of the desk's hours."""
        return self.scope != self.desk

    @property
    def place(self) -> str | None:
        """The place on one line, as calendar programs show it."""
        parts = (self.place_name, self.place_room, self.place_address)
        return " ".join(part for part in parts if part) or None

    @property
    def phone(self) -> str | None:
        """The line of its words that says where to phone."""
        return next((one for one in self.words.split("\n") if one.startswith(PHONE)), None)


def session_entries(
    desk: Desk, consultation: Consultation, start: date, end: date, held: Mapping[str, Held]
) -> list[Entry]:
    """The sessions of `consultation` held on the local days [start, end), earliest first."""
    return [
        session_entry(desk, consultation, one, held.get(one.key, NOBODY))
        for one in sessions_of(consultation, start, end)
    ]


def session_entry(desk: Desk, consultation: Consultation, session: Session, held: Held) -> Entry:
    """A session with `held` seats as the public sees it."""
    # As staff: neither the booking window nor seats that are kept for a channel until an instant
    # may move an entry, since both are the clock's.
    found = availability(consultation, session, held, BEGINNING, by_staff=True)
    online, place = "online" in consultation.booked_by, session.place
    open_to_all = session.status == "planned" and online
    return Entry(
        key=session.key,
        organisation=desk.key.split("/", 1)[0],
        desk=desk.key,
        scope=consultation.key,
        day=session.date,
        starts_at=session.start,
        ends_at=session.end,
        zone=consultation.zone,
        place_name=place.name if place else None,
        place_room=place.room if place else None,
        place_address=place.address if place else None,
        status=STATUSES[session.status],
        title=consultation.name,
        words="\n".join(_session_words(desk, session, found, online=online)),
        mark=mark_of(found) if open_to_all else None,
        closes_at=found.closes if open_to_all else None,
    )


def _session_words(
    desk: Desk, session: Session, found: SessionAvailability, *, online: bool
) -> Iterator[str]:
    if session.status == "cancelled":
        yield "中止になりました。"
    elif session.status == "undecided":
        yield "開催するかどうかは、まだ決まっていません。"
    elif online:
        yield _window(found, session.zone)
    else:
        yield "ご予約はお電話で受け付けています。"
    if session.told:
        yield session.told
    yield from _phone(desk)


def _window(found: SessionAvailability, zone: str) -> str:
    closes = f"{_moment(found.closes, zone)}まで"
    if found.opens is None:
        return f"予約の受付: {closes}"
    opens = local(found.opens, zone)
    # A whole day is meant where it opens at midnight; where it closes then, the day before ends.
    since = short_date(opens.date()) if opens.time() == time() else _moment(found.opens, zone)
    return f"予約の受付: {since}から{closes}"


def _moment(at: datetime, zone: str) -> str:
    here = local(at, zone)
    return f"{short_date(here.date())}{clock_time(here)}"


def _phone(desk: Desk) -> Iterator[str]:
    phone = desk.phone()
    if phone:
        yield f"{PHONE}{phone}"


def hours_entries(desk: Desk, start: date, end: date) -> list[Entry]:
    """When the desk's channels are answered on the local days [start, end), earliest first."""
    return [one for day in days(start, end) for one in _hours_of_day(desk, day)]


def _hours_of_day(desk: Desk, day: date) -> Iterator[Entry]:
    for start, same_start in groupby(hours_on(desk, day), key=lambda one: one.start):
        by_end: dict[datetime, list[Stretch]] = {}
        for one in same_start:
            by_end.setdefault(one.end, []).append(one)
        used: set[str] = set()
        for end, stretches in by_end.items():
            key = f"{desk.key}/{start.isoformat()}"
            # Of several that begin together, each needs an identity of its own.
            mine = (key, f"{key}/{stretches[0].channel}", f"{key}/{end.isoformat()}")
            key = next(one for one in mine if one not in used)
            used.add(key)
            yield _hours_entry(desk, day, key, stretches)


def _hours_entry(desk: Desk, day: date, key: str, stretches: Iterable[Stretch]) -> Entry:
    first, *others = stretches
    channels = "・".join(CHANNELS[one.channel] for one in (first, *others))
    return Entry(
        key=key,
        organisation=desk.key.split("/", 1)[0],
        desk=desk.key,
        scope=desk.key,
        day=day,
        starts_at=first.start,
        ends_at=first.end,
        zone=desk.zone,
        status="confirmed",
        title=f"{desk.short_name or desk.name}（{channels}）",
        words="\n".join([f"受付は{first.last_intake:%H:%M}まで", *_phone(desk)]),
    )
