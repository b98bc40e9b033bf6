"""How answers look: JSON for programs, aligned tables for people."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

import click

from booking.i18n import era_date
from slots.interval import Interval
from slots.zone import local

GAP = "  "


def print_json(value: object) -> None:
    """Print `value` as JSON, readable for people too."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print `rows` with their columns aligned in a terminal, where a kanji is two cells wide."""
    widths = [max(map(_cells, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (
            cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True)
        )
        click.echo(GAP.join(padded).rstrip())


def span(start: datetime, end: datetime) -> str:
    """16:00-22:00, as clocks in the instants' own zone show them."""
    return f"{start:%H:%M}-{end:%H:%M}"


def spans(blocks: Iterable[Interval]) -> str:
    """10:00-12:00 13:00-15:00."""
    return " ".join(span(one.start, one.end) for one in blocks)


def moment(at: datetime) -> str:
    """令和8年11月21日（土） 09:00, as clocks in the instant's own zone show it."""
    return f"{era_date(at.date())} {at:%H:%M}"


def local_iso(at: datetime | str | None, zone_name: str) -> str | None:
    """The instant `at` in ISO 8601 with the zone's offset; None stays None."""
    if at is None:
        return None
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return local(found, zone_name).isoformat()


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
