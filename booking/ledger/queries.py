"""What people and programs ask of the ledger. Nothing here writes, but for the record of a viewing."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, or_

from booking.errors import NotFound
from booking.facts import Fact, Kind
from booking.ledger.booking import Booking, booking_of
from booking.ledger.contact import hiragana
from booking.ledger.ledger import Ledger
from booking.ledger.reference import parse_reference
from booking.ledger.status import ENDED, Status
from booking.ledger.telephone import parse_phone
from booking.store import Tx, bookings, log
from slots.availability import (
    Held,
    SessionAvailability,
    SlotAvailability,
    availability,
    nearest_free,
)
from slots.desk import Consultation
from slots.sessions import sessions_of
from slots.window import BookingChannel
from slots.wishes import WishDay, wish_days
from slots.zone import instant, local_date

NEAREST = 4
SEARCH_DAYS = 200


def availability_between(
    ledger: Ledger,
    key: str,
    start: date,
    end: date,
    *,
    by_staff: bool = False,
    channel: BookingChannel = "online",
    moving: Booking | None = None,
) -> list[SessionAvailability]:
    """The sessions of consultation `key` on the local days [start, end), with what is free in each.

    The seat that `moving` holds counts as free: it is what that booking could have.
    """
    consultation, now = ledger.catalogue.consultation(key), ledger.now()
    return ledger.store.read(
        lambda tx: availability_in(
            tx,
            consultation,
            start,
            end,
            now,
            by_staff=by_staff,
            channel=channel,
            moving=moving,
        )
    )


def availability_in(
    tx: Tx,
    consultation: Consultation,
    start: date,
    end: date,
    now: datetime,
    *,
    by_staff: bool = False,
    channel: BookingChannel = "online",
    moving: Booking | None = None,
) -> list[SessionAvailability]:
    """The same, inside a transaction."""
    sessions = sessions_of(consultation, start, end)
    without = moving.id if moving else None
    held = bookings.held_in(tx, [session.key for session in sessions], without=without)
    nobody = Held()
    return [
        availability(
            consultation,
            session,
            held.get(session.key, nobody),
            now,
            by_staff=by_staff,
            channel=channel,
        )
        for session in sessions
    ]


def upcoming(
    ledger: Ledger,
    key: str,
    *,
    days: int = SEARCH_DAYS,
    by_staff: bool = False,
    channel: BookingChannel = "online",
    moving: Booking | None = None,
) -> list[SessionAvailability]:
    """The sessions from today on, over `days` days."""
    zone = ledger.catalogue.consultation(key).zone
    today = local_date(ledger.now(), zone)
    end = today + timedelta(days=days)
    return availability_between(
        ledger, key, today, end, by_staff=by_staff, channel=channel, moving=moving
    )


def nearest(
    ledger: Ledger, key: str, wanted: datetime, *, by_staff: bool = False
) -> list[SlotAvailability]:
    """The bookable slots nearest to `wanted`, nearest first: what to offer when that was taken."""
    return nearest_free(upcoming(ledger, key, by_staff=by_staff), wanted, NEAREST)


def wishable(ledger: Ledger, key: str, channel: BookingChannel = "online") -> list[WishDay]:
    """The days and times of day that one may wish for at an arranged consultation."""
    consultation = ledger.catalogue.consultation(key)
    return wish_days(ledger.catalogue.desk_of(key), consultation, ledger.now(), channel)


def by_token(ledger: Ledger, token: str) -> Booking:
    """The booking that the manage token opens. Raises NotFound."""
    store = ledger.store
    return _found(store.read(lambda tx: bookings.by_token(tx, store.keyring, token)))


def by_id(ledger: Ledger, booking_id: str) -> Booking:
    """The booking with that id. Raises NotFound."""
    store = ledger.store
    return _found(store.read(lambda tx: bookings.by_id(tx, store.keyring, booking_id)))


def by_reference(ledger: Ledger, typed: str, organisation: str | None = None) -> Booking:
    """The booking with that reference, if it is one of `organisation` (None: any). Raises NotFound."""
    store = ledger.store
    reference = parse_reference(typed)
    if reference is None:
        raise NotFound
    found = _found(store.read(lambda tx: bookings.by_reference(tx, store.keyring, reference)))
    if organisation is not None and not found.consultation.startswith(f"{organisation}/"):
        raise NotFound
    return found


def view(ledger: Ledger, typed: str, actor: str, organisation: str | None = None) -> Booking:
    """The same for a person's eyes: that they looked is itself a fact."""
    found = by_reference(ledger, typed, organisation)
    fact = Fact(
        kind=Kind.VIEWED,
        at=ledger.now(),
        actor=actor,
        booking_id=found.id,
        consultation=found.consultation,
        revision=found.revision,
    )
    ledger.store.write(lambda tx: log.append(tx, fact))
    return found


def history(ledger: Ledger, booking_id: str) -> list[Fact]:
    """All that happened to a booking, oldest first."""
    return ledger.store.read(lambda tx: log.of_booking(tx, booking_id))


def waiting(ledger: Ledger, organisation: str | None = None) -> list[Booking]:
    """Requests that wait for staff, oldest first."""
    table = bookings.bookings
    return _listed(
        ledger,
        organisation,
        table.c.status == Status.REQUESTED.value,
        order=(table.c.created_at, table.c.id),
    )


def on_day(ledger: Ledger, day: date, organisation: str | None = None) -> list[Booking]:
    """The bookings of the local `day` that take or took place, by time."""
    table = bookings.bookings
    order = (table.c.starts_at, table.c.slot_seat, table.c.created_at)
    return _listed(
        ledger, organisation, *_takes_place(ledger, day, day + timedelta(days=1)), order=order
    )


def day_count(ledger: Ledger, day: date, organisation: str | None = None) -> int:
    """How many bookings take or took place on the local `day`."""
    where = [*_takes_place(ledger, day, day + timedelta(days=1)), *_of_organisation(organisation)]
    return ledger.store.read(lambda tx: bookings.count(tx, *where))


def days_beside(
    ledger: Ledger, day: date, organisation: str | None = None
) -> tuple[date | None, date | None]:
    """The last day with bookings before the local `day`, and the first one after it."""
    at = bookings.bookings.c.starts_at
    before = _listed(
        ledger, organisation, *_takes_place(ledger, None, day), order=(at.desc(),), limit=1
    )
    after = _listed(
        ledger,
        organisation,
        *_takes_place(ledger, day + timedelta(days=1), None),
        order=(at,),
        limit=1,
    )
    found = [one[0].local_start if one else None for one in (before, after)]
    return found[0].date() if found[0] else None, found[1].date() if found[1] else None


def _takes_place(ledger: Ledger, start: date | None, end: date | None) -> list[Any]:
    """Conditions: on the local days [start, end), open where None, and not given up."""
    given_up = bookings.bookings.c.status.in_([one.value for one in ENDED])
    return [~given_up, *_on_days(ledger, start, end)]


def _on_days(ledger: Ledger, start: date | None, end: date | None) -> list[Any]:
    """Conditions: on the days [start, end) as clocks at the booking's desk show them."""
    own = bookings.bookings.c.zone
    zones = sorted({one.zone for one in ledger.catalogue.consultations.values()})
    if len(zones) == 1:
        return _between(start, end, zones[0])
    each = [and_(own == zone, *_between(start, end, zone)) for zone in zones]
    # Of a desk whose file is gone: somewhere it has to be found.
    rest = and_(own.not_in(zones), *_between(start, end, "Asia/Tokyo"))
    return [or_(*each, rest)]


def _between(start: date | None, end: date | None, zone: str) -> list[Any]:
    at, where = bookings.bookings.c.starts_at, []
    if start is not None:
        where.append(at >= instant(start, time(), zone))
    if end is not None:
        where.append(at < instant(end, time(), zone))
    return where


def search(
    ledger: Ledger,
    *,
    organisation: str | None = None,
    status: Status | None = None,
    start: date | None = None,
    end: date | None = None,
    after: Booking | None = None,
    limit: int = 200,
) -> list[Booking]:
    """Bookings by status and by the local days [start, end) on which they take place.

    Oldest request first; with `after`, those that follow that booking.
    """
    table = bookings.bookings
    where: list[Any] = []
    if after is not None:
        same_moment = and_(table.c.created_at == after.created_at, table.c.id > after.id)
        where.append(or_(table.c.created_at > after.created_at, same_moment))
    if status is not None:
        where.append(table.c.status == status.value)
    if start is not None or end is not None:
        where += _on_days(ledger, start, end)
    order = (table.c.created_at, table.c.id)
    return _listed(ledger, organisation, *where, order=order, limit=limit)


def of_party(
    ledger: Ledger, phone: str, kana: str, organisation: str | None = None
) -> list[Booking]:
    """Earlier bookings with the same phone number or reading, newest first: what staff should see."""
    keyring, table = ledger.store.keyring, bookings.bookings
    same: list[Any] = []
    parsed = parse_phone(phone) if phone else None
    if parsed:
        same.append(table.c.phone_index == keyring.index("phone", parsed[1]))
    if kana:
        reading = hiragana(kana).replace(" ", "")
        same.append(table.c.kana_index == keyring.index("kana", reading))
    if not same:
        return []
    return _listed(ledger, organisation, or_(*same), order=(table.c.created_at.desc(),), limit=20)


def waiting_count(ledger: Ledger, organisation: str | None = None) -> int:
    """How many requests wait for staff."""
    table = bookings.bookings
    where = [table.c.status == Status.REQUESTED.value, *_of_organisation(organisation)]
    return ledger.store.read(lambda tx: bookings.count(tx, *where))


def _listed(
    ledger: Ledger, organisation: str | None, *where: Any, order: tuple[Any, ...], limit: int = 500
) -> list[Booking]:
    conditions = [*where, *_of_organisation(organisation)]
    rows = ledger.store.read(
        lambda tx: bookings.listed(tx, ledger.store.keyring, *conditions, order=order, limit=limit)
    )
    return [booking_of(row) for row in rows]


def _of_organisation(organisation: str | None) -> list[Any]:
    if organisation is None:
        return []
    return [bookings.bookings.c.consultation.startswith(f"{organisation}/", autoescape=True)]


def _found(row: dict[str, Any] | None) -> Booking:
    if row is None:
        raise NotFound
    return booking_of(row)
