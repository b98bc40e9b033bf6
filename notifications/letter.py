"""手紙: one message on an A4 sheet that is folded in three for a window envelope.

長形3号 is 120 × 235 mm, used lengthwise, for A4 folded in three: 210 × 99 mm (JIS S 5502). Its window is
90 × 45 mm (JIS: long side 80, 90 or 100, short side 45 or 55; 日本郵便「定形郵便物・はがき作成のガイド
ライン」5: 80 × 45 or more, 12 mm or more from the edges), the address runs along its long side, and it may
never slip out of sight however the sheet lies. Where the window begins each maker decides for itself.
WINDOW assumes 20 mm from the left and 12 mm, the least, from the top: measure the envelopes in use.

The envelope leaves the sheet 25 mm of play to the right and 21 mm downward, as if it had no seams. The
address stands in what of the sheet lies behind the window in every position: ADDRESS. Nothing else
stands in what lies behind it in any position: HIDDEN_RIGHT and HIDDEN_BELOW are its ends.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from booking.i18n import era_date
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.paper import pdf_of
from booking.settings import Settings
from notifications.policy import LETTER
from notifications.render import render
from slots.zone import local


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle in millimetres from the left and the top."""

    left: float
    top: float
    width: float
    height: float


ENVELOPE_WIDTH, ENVELOPE_HEIGHT = 235, 120
SHEET_WIDTH, PANEL_HEIGHT = 210, 99
WINDOW = Box(left=20, top=12, width=90, height=45)
PLAY_RIGHT, PLAY_DOWN = ENVELOPE_WIDTH - SHEET_WIDTH, ENVELOPE_HEIGHT - PANEL_HEIGHT
ADDRESS = Box(
    left=WINDOW.left,
    top=WINDOW.top,
    width=WINDOW.width - PLAY_RIGHT,
    height=WINDOW.height - PLAY_DOWN,
)
HIDDEN_RIGHT, HIDDEN_BELOW = WINDOW.left + WINDOW.width, WINDOW.top + WINDOW.height
FOLDS = (PANEL_HEIGHT, 2 * PANEL_HEIGHT)

# Type sizes in points, the largest that fits is taken; below the last nobody could read it.
SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
MILLIMETRES = 25.4 / 72
LINE_HEIGHT = 1.35
# No line may begin with 、 or ー: now and then a line is left shorter than it could be.
SPARE_EMS = 1
POSTCODE = re.compile(r"\s*〒?\s*(\d{3})\s*[-‐‑‒–—―−－ー]?\s*(\d{4})(?!\d)[\s、,，]*")

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates/paper"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter ready to be printed. `address` is as the party gave it; `office` is the sender's.

    Neutral: no desk, no topic. Whoever shares the table must learn nothing from it.
    """

    name: str = field(repr=False)
    address: str = field(repr=False)
    sender: str
    office: str
    reference: str
    day: str
    subject: str
    body: str = field(repr=False)
    language: str = "ja"

    @property
    def postcode(self) -> str | None:
        """〒377-8501, or None where the address begins with no postal code."""
        found = POSTCODE.match(self.address)
        if found is None:
            return None
        return "〒" + unicodedata.normalize("NFKC", f"{found[1]}-{found[2]}")

    @property
    def address_lines(self) -> list[str]:
        """The address without its postal code, on the lines that the party typed."""
        rest = POSTCODE.sub("", self.address, count=1) if self.postcode else self.address
        return [line.strip() for line in rest.splitlines() if line.strip()]

    @property
    def addressee(self) -> str:
        """試験 花子 様."""
        return f"{self.name}　様"

    @property
    def address_size(self) -> float:
        """The type size in points at which the address fits behind the window, or the smallest."""
        lines = [self.postcode or "", *self.address_lines, self.addressee]
        fitting = (size for size in SIZES if _height(lines, size) <= ADDRESS.height)
        return next(fitting, SIZES[-1])


def letter_of(ledger: Ledger, settings: Settings, booking: Booking, kind: str, ref: str) -> Letter:
    """The letter that tells the party of `booking` the message `kind`.

    Raises UnknownDesk, and ValueError for a party that no letter reaches.
    """
    organisation = ledger.catalogue.organisation_of(booking.consultation)
    told = render(ledger, settings, booking, kind, LETTER, ref)
    return Letter(
        name=booking.contact.name,
        address=told.to,
        sender=organisation.sender,
        office=organisation.office.get("address", ""),
        reference=booking.reference,
        day=era_date(local(ledger.now(), booking.zone).date(), weekday=False),
        subject=told.subject,
        body=told.body.strip("\n"),
        language=booking.contact.language,
    )


def letters_pdf(letters: Sequence[Letter], at: datetime) -> bytes:
    """The letters as one PDF made at the instant `at`, each beginning on a sheet of its own.

    The same bytes for the same arguments. Raises booking.paper.CannotPrint.
    """
    html = _templates.get_template("letters.html").render(
        letters=letters,
        address=ADDRESS,
        line_height=LINE_HEIGHT,
        beside=HIDDEN_RIGHT,
        below=HIDDEN_BELOW,
        folds=FOLDS,
    )
    # The title stands in the printer's queue and on the tab: it tells nothing.
    return pdf_of(html, title="お知らせ", at=at)


def _height(lines: Sequence[str], size: float) -> float:
    """The height of `lines` in millimetres, when they wrap within the width behind the window."""
    em = size * MILLIMETRES
    room = ADDRESS.width / em - SPARE_EMS
    wrapped = sum(max(1, ceil(_ems(line) / room)) for line in lines)
    return wrapped * LINE_HEIGHT * em


def _ems(line: str) -> float:
    wide = sum(unicodedata.east_asian_width(one) in "WFA" for one in line)
    # Latin capitals and digits are a little wider than half a kanji.
    return wide + 0.6 * (len(line) - wide)
