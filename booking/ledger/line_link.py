"""Links a booking with a LINE account: a one-time code from the booking's page, typed in the chat.

Who types the code has the booking's page before them, and LINE says who typed it: neither needs to
know a name. The account's id is sealed; what is looked up by is a blind index.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from booking.errors import NotAllowed, NotFound, SlowDown
from booking.facts import Fact, Kind
from booking.ledger.booking import Booking, booking_of
from booking.ledger.contact import parse_phone
from booking.ledger.ledger import Ledger
from booking.store import Tx, bookings, limits, line_codes, log

DIGITS = 6
VALID = timedelta(minutes=30)
# Codes that somebody else has at the moment are passed over; so many in a row are no chance.
DRAWS = 20
# An account may try so many codes an hour, and all of them together may miss so many: with a hundred
# codes about, a guess hits one in ten thousand.
TRIES, MISSES, PERIOD = 5, 100, 60 * 60


class Linking(StrEnum):
    """What became of a code that was typed."""

    LINKED = "linked"
    WRONG = "wrong"
    TOO_MANY = "too-many"


def new_code(ledger: Ledger, booking: Booking) -> str:
    """Six digits that link `booking` once, within half an hour; an older code of it ends.

    Raises NotFound, NotAllowed for a booking that is over, SlowDown where no code is free.
    """
    now, keyring = ledger.now(), ledger.store.keyring

    def work(tx: Tx) -> str | None:
        _open_booking(tx, ledger, booking.id)
        for _ in range(DRAWS):
            code = ledger.chance.digits(DIGITS)
            index = keyring.index("line-code", code)
            if line_codes.replace(tx, booking.id, index, now + VALID, now):
                return code
        return None

    found = ledger.store.write(work)
    if found is None:
        raise SlowDown(int(VALID.total_seconds()))
    return found


def link(ledger: Ledger, code: str, user_id: str) -> Linking:
    """Tell the code's booking by LINE to `user_id` from now on; that account alone.

    A code that the account has used already says LINKED again and changes nothing: LINE may deliver
    the same words twice. Whether a code is wrong, used, too old or its booking over isn't told apart.
    """
    now, keyring = ledger.now(), ledger.store.keyring
    index, user_index = keyring.index("line-code", code), keyring.index("line", user_id)
    guesser, everybody = keyring.index("line-guess", user_id), keyring.index("line-guess", "")

    def work(tx: Tx) -> Linking:
        if limits.attempt(tx, guesser, now, PERIOD) > TRIES:
            return Linking.TOO_MANY
        if limits.made(tx, everybody, now, PERIOD) >= MISSES:
            return Linking.TOO_MANY
        if _linked(tx, ledger, index, user_id, user_index, now):
            return Linking.LINKED
        limits.attempt(tx, everybody, now, PERIOD)
        return Linking.WRONG

    return ledger.store.write(work)


def unlink(ledger: Ledger, booking_id: str) -> None:
    """Tell the booking no more by LINE; a code that was not used yet ends. Raises NotFound."""
    now = ledger.now()

    def work(tx: Tx) -> None:
        row = bookings.by_id(tx, ledger.store.keyring, booking_id, lock=True)
        if row is None:
            raise NotFound
        line_codes.withdraw(tx, booking_id)
        _set(tx, ledger, row, None, now)

    ledger.store.write(work)


def unlink_everywhere(ledger: Ledger, user_id: str) -> int:
    """Tell nothing more to the account: it has blocked ours. How many bookings were linked with it.

    Those that are over, too: nobody needs to know the account any longer.
    """
    now, keyring = ledger.now(), ledger.store.keyring
    user_index = keyring.index("line", user_id)

    def work(tx: Tx) -> int:
        # Always in the order of ids, so that two of these never wait for one another.
        ids = bookings.ids_of_line(tx, user_index)
        for one in ids:
            row = bookings.by_id(tx, keyring, one, lock=True)
            if row is not None and row["line_index"] == user_index:
                _set(tx, ledger, row, None, now)
        return len(ids)

    return ledger.store.write(work)


def _linked(
    tx: Tx, ledger: Ledger, index: str, user_id: str, user_index: str, now: datetime
) -> bool:
    booking_id = line_codes.booking_of(tx, index)
    if booking_id is None:
        return False
    row = bookings.by_id(tx, ledger.store.keyring, booking_id, lock=True)
    if row is None:
        return False
    fresh = line_codes.use(tx, index, booking_id, now)
    if row["line_index"] == user_index:
        return True
    if not fresh or not booking_of(row).is_open:
        return False
    _set(tx, ledger, row, user_id, now)
    return True


def _open_booking(tx: Tx, ledger: Ledger, booking_id: str) -> Booking:
    row = bookings.by_id(tx, ledger.store.keyring, booking_id, lock=True)
    if row is None:
        raise NotFound
    booking = booking_of(row)
    if not booking.is_open:
        raise NotAllowed(booking.status, "link")
    return booking


def _set(tx: Tx, ledger: Ledger, row: dict[str, Any], user_id: str | None, now: datetime) -> None:
    """Link or unlink, with the fact that makes what waits be planned anew. Nothing when it is so."""
    if user_id is None and row["line_index"] is None:
        return
    keyring, booking = ledger.store.keyring, booking_of(row)
    # Kept bookings don't carry the number to compare by, and without it no SMS would reach them.
    parsed = parse_phone(booking.contact.phone)
    contact = replace(booking.contact, phone_key=parsed[1] if parsed else "")
    values = {
        "line_user": user_id,
        "line_index": keyring.index("line", user_id) if user_id is not None else None,
        "reached_by": " ".join(contact.reached_by(line=user_id is not None)),
    }
    bookings.change(tx, keyring, booking.id, values)
    what = "line-linked" if user_id is not None else "line-unlinked"
    fact = Fact(
        kind=Kind.REACH_CHANGED,
        at=now,
        actor="resident",
        booking_id=booking.id,
        consultation=booking.consultation,
        revision=booking.revision,
        data={"what": what},
    )
    log.append(tx, fact)
