"""Files of days as they are handed in on one day, and what is made of them."""

from datetime import date
from typing import Any

import pytest

from booking.desks.dated_files import DatedFile, read_dated_file
from booking.errors import Invalid

TODAY = date(2026, 11, 24)
EVENT = "DTSTART;VALUE=DATE:20261219\r\nDTEND;VALUE=DATE:20261220\r\n"


def read(
    data: str | bytes,
    *,
    zone: str = "Asia/Tokyo",
    year: int | None = None,
    until: date | None = None,
) -> DatedFile:
    raw = data if isinstance(data, bytes) else data.encode()
    return read_dated_file(raw, zone_name=zone, today=TODAY, fiscal_year=year, until=until)


def days(data: str | bytes, **options: Any) -> list[tuple[Any, ...]]:
    """first, last, and the times where there are any."""
    return [
        (
            str(one.first),
            str(one.last),
            *((f"{one.start:%H:%M}", f"{one.end:%H:%M}") * bool(one.end)),
        )
        if one.start and one.end
        else (str(one.first), str(one.last))
        for one in read(data, **options).stretches
    ]


def faults(data: str | bytes, **options: Any) -> list[tuple[str, Any]]:
    with pytest.raises(Invalid) as refused:
        read(data, **options)
    return [(one.code, one.facts.get("line")) for one in refused.value.errors]


def calendar(*events: str, ends: str = "\r\n", before: str = "") -> str:
    """A calendar of events, each its lines."""
    inner = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\n{one}END:VEVENT\r\n" for n, one in enumerate(events)
    )
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{before}{inner}END:VCALENDAR\r\n"
    return text.replace("\r\n", ends)
