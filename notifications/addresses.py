"""Where a party is reached, as each channel understands it."""

from booking.ledger.booking import Booking
from booking.ledger.contact import parse_phone
from booking.ledger.safe_contact import takes_text
from notifications.policy import LETTER, LINE, MAIL, SMS


def address_of(booking: Booking, channel: str) -> str | None:
    """The party's address on `channel`; None where it cannot be reached there, or not safely.

    Mail: its address; SMS: the digits of a mobile number; LINE: the user id; letter: where it lives.
    """
    contact = booking.contact
    if channel == MAIL:
        return None if contact.safe.never_mail else contact.email
    if channel == LINE:
        return booking.line_user
    if channel == LETTER and contact.safe.named is not False:
        return contact.safe.address or None
    if channel == SMS and contact.safe.named is not False:
        _, key = parse_phone(contact.phone) or ("", "")
        return "0" + key.removeprefix("+81") if takes_text(key) else None
    return None
