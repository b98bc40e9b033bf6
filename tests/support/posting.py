"""What tests about letters share: a booking with a postal address, and its letter on the list."""

import io
import unicodedata
from typing import Any

from pypdf import PdfReader

from booking.ledger import changes, queries
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from booking.ledger.safe_contact import SafeContact
from booking.store import bookings
from notifications import entries
from notifications.plan import Planned
from notifications.policy import LETTER
from tests.support.house import House, tokyo
from tests.support.telling import STAFF, Teller, confirmed

ADDRESS = "〒377-8501\n群馬県渋川市石原80番地\n試験荘203号室"


def with_address(house: House, booking: Booking, **safe: Any) -> None:
    """Let the party of `booking` have said where letters go."""
    said = SafeContact(**({"address": ADDRESS} | safe))
    values = {"safe": said.kept(), "reached_by": "letter", "contact_wish": said.wish}
    store = house.ledger.store
    store.write(lambda tx: bookings.change(tx, store.keyring, booking.id, values))


def promised(house: House, *, address: str = ADDRESS, **who: Any) -> Booking:
    """A booking that staff confirmed by a letter, which is to be posted now."""
    booking = confirmed(house, how="letter", **who)
    with_address(house, booking, address=address)
    Teller(house).tick()
    return queries.by_id(house.ledger, booking.id)


def moved_by_letter(house: House) -> Booking:
    """A booking that staff moved, which a letter is to tell and else a call."""
    booking = confirmed(house)
    Teller(house).tick()
    target = Target(slot=tokyo("2027-01-16 09:00"))
    booking = changes.move(house.ledger, booking.id, actor=STAFF, target=target)
    with_address(house, booking)
    planned = Planned(
        booking_id=booking.id,
        revision=booking.revision,
        kind="moved",
        channel=LETTER,
        due_at=house.ledger.now(),
        not_after=tokyo("2027-01-16 09:00"),
        hand_over_at=tokyo("2027-01-08 17:00"),
    )
    house.ledger.store.write(lambda tx: entries.add(tx, [planned], house.ledger.now()))
    return booking


def plain(text: str) -> str:
    """`text` with kanji for radicals: they share their glyphs, and the PDF names some by the latter."""
    return "".join(
        unicodedata.normalize("NFKC", one) if 0x2E80 <= ord(one) <= 0x2FDF else one for one in text
    )


def text_of(pdf: bytes) -> str:
    """What the sheets say, one after the other."""
    return "\n".join(plain(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages)
