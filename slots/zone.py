"""Wall time in a zone <-> instant. The only module that converts between the two."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The IANA zone called `name`; raises `zoneinfo.ZoneInfoNotFoundError` for an unknown one."""
    return ZoneInfo(name)


def instant(day: date, wall: time, zone_name: str) -> datetime:
    """The aware instant at which clocks in the zone show `wall` on `day`.

    A wall time that the zone skips is taken an hour later, a repeated one at its first pass
    (PEP 495, fold=0); Asia/Tokyo has neither.
    """
    return datetime.combine(day, wall, tzinfo=zone(zone_name))


def local(at: datetime, zone_name: str) -> datetime:
    """The instant `at` as clocks in the zone show it. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("an instant is aware; a naive one would mean the machine's own zone")
    return at.astimezone(zone(zone_name))


def local_date(at: datetime, zone_name: str) -> date:
    """The calendar day in the zone at instant `at`: 8:59 in Tokyo is still yesterday in UTC."""
    return local(at, zone_name).date()


def days(start: date, end: date) -> list[date]:
    """Every day of the half-open range [start, end)."""
    return [start + timedelta(days=n) for n in range((end - start).days)]


def fiscal_year(year: int) -> tuple[date, date]:
    """The half-open range of a Japanese fiscal year: 1 April of `year` up to the next 1 April."""
    return date(year, 4, 1), date(year + 1, 4, 1)


def fiscal_year_of(day: date) -> int:
    """The Japanese fiscal year (April to March) in which `day` lies."""
    return day.year - (day.month < 4)
