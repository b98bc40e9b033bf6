"""Where a party is reached, as each channel understands it."""

from booking.ledger.booking import Booking
from booking.ledger.telephone import mobile_digits, phone_key_of
from notifications.policy import LETTER, LINE, MAIL, SMS


def address_of(booking: Booking, channel: str) -> str | None:
    """The party's address on `channel`; None where it cannot be reached there, or not safely.

    Mail: its address; SMS: the digits of a mobile number; LINE: the user id; letter: where it lives.
    Who wishes to be phoned gets nothing in writing, but for a letter that staff promised.
    """
    contact = booking.contact
    if contact.safe.wish == "call" and channel != LETTER:
        return None
    if channel == MAIL:
        return None if contact.safe.never_mail else contact.email
    if channel == LINE:
        return booking.line_user
    if channel == LETTER and contact.safe.named is not False:
        return contact.safe.address or None
    if channel == SMS and contact.safe.named is not False:
        return mobile_digits(phone_key_of(contact.phone))
    return None
