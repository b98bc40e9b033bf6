"""When a party's telephone may ring: outside the desk's quiet hours, within the party's safe ones."""

from datetime import datetime, timedelta

from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.ledger.safe_contact import SafeContact
from slots.telling import Telling
from slots.wishes import BANDS
from slots.zone import instant, local


def telling_of(ledger: Ledger, booking: Booking) -> Telling:
    """The rules of the booking's desk; the usual ones where its file is gone."""
    desk = ledger.catalogue.desks.get(booking.desk)
    return desk.telling if desk is not None else Telling()


def next_moment(telling: Telling, safe: SafeContact, at: datetime, zone: str) -> datetime:
    """`at`, or the first instant after it outside the quiet hours and within the safe ones."""
    # Quiet's end may lie before the safe hours, and their end in the quiet ones: twice around a day.
    for _ in range(4):
        moved = next_safe_hour(safe, telling.quiet.over(at, zone), zone)
        if moved == at:
            break
        at = moved
    return at


def next_safe_hour(safe: SafeContact, at: datetime, zone: str) -> datetime:
    """`at`, or the first instant after it that the party called safe."""
    if safe.hours == "any":
        return at
    start, end = BANDS[safe.hours]
    here = local(at, zone)
    if start <= here.time() < end:
        return at
    day = here.date() if here.time() < start else here.date() + timedelta(days=1)
    return instant(day, start, zone)
