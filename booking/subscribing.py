"""How a calendar is subscribed to: its address in each form that programs take, and as a QR code."""

import io
from dataclasses import dataclass
from urllib.parse import quote

import segno
from markupsafe import Markup

PIXELS = 192
GOOGLE = "https://calendar.google.com/calendar/r?cid="


@dataclass(frozen=True, slots=True)
class Subscription:
    """The addresses of one calendar: to copy, to press, and to hand to Google."""

    https: str
    webcal: str
    google: str


def subscription(https: str) -> Subscription:
    """The forms of the calendar at `https` (http:// where the server has no certificate).

    `webcal:` is what programs on telephones and PCs subscribe to when it is pressed. Google takes
    that form too, in its own address.
    """
    webcal = f"webcal://{https.split('://', 1)[1]}"
    return Subscription(https, webcal, f"{GOOGLE}{quote(webcal, safe='')}")


def qr_svg(text: str) -> Markup:
    """`text` as a QR code, an inline SVG in black on white with the quiet zone that scanners need.

    Drawn with attributes only: our pages allow no inline style.
    """
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, light="#fff", nl=False
    )
    drawn = out.getvalue().decode()
    return Markup(drawn.replace("<svg ", f'<svg width="{PIXELS}" height="{PIXELS}" ', 1))
