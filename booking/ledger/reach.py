"""How a party is reached from now on: its mail address, its wish and what is safe, changed together."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from booking.errors import FieldError, Invalid, NotAllowed, NotFound
from booking.facts import Fact, Kind
from booking.ledger.booking import Booking, booking_of
from booking.ledger.contact import Contact, read_reach
from booking.ledger.ledger import Ledger
from booking.ledger.safe_contact import said_of
from booking.ledger.telephone import phone_key_of
from booking.store import Tx, bookings, log


def change_safe_contact(
    ledger: Ledger, booking_id: str, said: Mapping[str, Any], *, actor: str
) -> Booking:
    """Reach the party of an open booking as `said`: `email` and SAFE_FIELDS, keys as in the JSON API.

    What `said` leaves out stays as it is, and an empty text takes back what was said. A wish must be
    for a channel that the desk uses, but for the one that holds already. The promise
    is the same one, so its revision stays; where nothing changes nothing is noted. Raises Invalid,
    NotFound, NotAllowed.
    """
    now, keyring = ledger.now(), ledger.store.keyring

    def work(tx: Tx) -> Booking:
        row = bookings.by_id(tx, keyring, booking_id, lock=True)
        if row is None:
            raise NotFound
        booking = booking_of(row)
        if not booking.is_open:
            raise NotAllowed(booking.status, "contact")
        contact = _changed(booking.contact, said, _channels(ledger, booking))
        if contact == booking.contact:
            return booking
        values = {
            "email": contact.email,
            "safe": contact.safe.kept(),
            **plain_columns(contact, line=booking.line_user is not None),
        }
        bookings.change(tx, keyring, booking_id, values)
        fact = Fact(
            kind=Kind.REACH_CHANGED,
            at=now,
            actor=actor,
            booking_id=booking.id,
            consultation=booking.consultation,
            revision=booking.revision,
            data={"what": "safe-contact"},
        )
        log.append(tx, fact)
        return booking_of(row | values)

    return ledger.store.write(work)


def plain_columns(contact: Contact, *, line: bool) -> dict[str, str | None]:
    """What the relay reads unsealed of how a party is reached; `line`: its account is linked."""
    return {
        "reached_by": " ".join(contact.reached_by(line=line)),
        "contact_wish": contact.safe.wish,
    }


def _channels(ledger: Ledger, booking: Booking) -> tuple[str, ...]:
    """By which channels the booking's desk writes, or else what is wished for already."""
    desk = ledger.catalogue.desks.get(booking.desk)
    wish = booking.contact.safe.wish
    known = ledger.channels_of(desk) if desk else ledger.writes_by
    return (*known, *((wish,) if wish else ()))


def _changed(contact: Contact, said: Mapping[str, Any], channels: tuple[str, ...]) -> Contact:
    errors: list[FieldError] = []
    known = {"email": contact.email or "", **said_of(contact.safe)}
    key = phone_key_of(contact.phone)
    email, safe = read_reach(known | dict(said), errors, phone_key=key, channels=channels)
    if errors:
        raise Invalid(errors)
    return replace(contact, email=email, safe=safe)
