"""The desk files of towns in `towns/`, and short ways to ask them."""

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path

from slots.definition import Complaint, check
from slots.desk import Consultation, Desk, Organisation
from slots.sessions import Session, session_on, sessions_of
from slots.zone import fiscal_year
from tests.slots.examples import on

FOLDER = Path(__file__).parent / "towns"
FILES = sorted(FOLDER.glob("*.toml"))


@cache
def checked(path: Path) -> tuple[Organisation, list[Complaint]]:
    """The organisation of a file, and the warnings about it."""
    return check(tomllib.loads(path.read_text(encoding="utf-8")))


def desk(key: str) -> Desk:
    """The desk organisation/desk; its file has the organisation's name."""
    found, _ = checked(FOLDER / f"{key.split('/')[0]}.toml")
    return next(one for one in found.desks if one.key == key)


def consultation(key: str) -> Consultation:
    """The consultation organisation/desk/consultation."""
    found = desk(key.rsplit("/", 1)[0]).consultations
    return next(one for one in found if one.key == key)


def year(key: str) -> list[Session]:
    """All sessions of fiscal 2026: 2026-04-01 to 2027-03-31."""
    return sessions_of(consultation(key), *fiscal_year(2026))


def session(key: str, day: str) -> Session:
    """The session of the day, which there must be."""
    found = session_on(consultation(key), on(day))
    assert found is not None, f"{key} has no session on {day}"
    return found


def dates(text: str) -> list[str]:
    """`4: 13 27, 5: 11`, months of fiscal 2026 with their days, as 2026-04-13, 2026-04-27, …"""
    found = []
    for month, days in (one.split(":") for one in text.split(",") if one):
        y = 2026 if int(month) >= 4 else 2027
        found += [f"{y}-{int(month):02}-{int(day):02}" for day in days.split()]
    return found


def shown(at: datetime | None) -> str | None:
    """An instant as clocks in Japan show it: 2026-04-13 08:30."""
    return f"{at:%Y-%m-%d %H:%M}" if at else None
