"""HTML to PDF: the templates' own language on paper, with one font that comes with the software.

PlutoPrint needs no program and no library of the system. Noto Sans CJK JP (SIL Open Font License)
draws 髙﨑𠮷邉, Hangul and Vietnamese; a character that it lacks is taken from the machine's fonts.
"""

import io
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from typing import Any

FONT_PACKAGE, FONT_FILE = "noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"
FONT_URL = "paper:font"
STYLE = f"@font-face {{ font-family: Paper; src: url({FONT_URL}) }} html {{ font-family: Paper }}"


class CannotPrint(Exception):
    """What printing needs is not installed; the text names it and the remedy."""


def what_lacks() -> str | None:
    """What printing needs and this installation lacks, with the remedy, in one line; None: nothing."""
    try:
        _engine()
        _font()
    except CannotPrint as error:
        return str(error)
    return None


def pdf_of(html: str, *, title: str, at: datetime) -> bytes:
    """The pages of `html` on A4 as a PDF made at the instant `at`; @page gives the margins.

    The same bytes for the same arguments: nothing is fetched, nothing depends on the clock. Raises
    CannotPrint.
    """
    engine = _engine()
    _font()
    book = engine.Book(engine.PAGE_SIZE_A4, engine.PAGE_MARGINS_NONE, engine.MEDIA_TYPE_PRINT)
    # The book doesn't hold on to it.
    fetcher = _only_the_font(engine)
    book.custom_resource_fetcher = fetcher
    book.load_html(html, user_style=STYLE)
    book.set_metadata(engine.PDF_METADATA_TITLE, title)
    for date in (engine.PDF_METADATA_CREATION_DATE, engine.PDF_METADATA_MODIFICATION_DATE):
        book.set_metadata(date, at.isoformat(timespec="seconds"))
    stream = io.BytesIO()
    book.write_to_pdf_stream(stream)
    return stream.getvalue()


def _engine() -> Any:
    # There is no wheel for every processor, and nothing but printing needs it.
    try:
        return import_module("plutoprint")
    except ImportError:
        remedy = (
            "plutoprint is missing: pip install plutoprint (without a wheel it needs PlutoBook)"
        )
        raise CannotPrint(remedy) from None


@lru_cache(maxsize=1)
def _font() -> bytes:
    try:
        return files(FONT_PACKAGE).joinpath(FONT_FILE).read_bytes()
    except (ImportError, OSError):
        remedy = "the Japanese font is missing: pip install noto-cjk-sans-jp-regular"
        raise CannotPrint(remedy) from None


def _only_the_font(engine: Any) -> Any:
    def fetch_url(_fetcher: Any, url: str) -> Any:
        """The font, and for any other address nothing: no page goes to the network."""
        found = (_font(), "font/otf") if url == FONT_URL else (b"", "text/plain")
        return engine.ResourceData(*found)

    return type("OnlyTheFont", (engine.ResourceFetcher,), {"fetch_url": fetch_url})()
