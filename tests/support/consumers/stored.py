"""What a calendar has to say, from the rows of the database alone: none of our calendars' code is asked.

UIDs are spelled out here once more: they must never change.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from booking.ledger import queries
from booking.store.tables import PublishedEntryRow
from tests.support.house import House

SESSIONS = UUID("b6a1f6f2-6a0b-5d4e-9a57-1d2f7c0e7a10")
SERVED = UUID("5e0c2c1a-6b0e-5f57-8a57-54d1c9a8f0b3")
SEATS = {"free": "空きあり", "few": "残りわずか", "full": "満席", "closed": "受付していません"}
ENDED = {"declined", "cancelled_by_resident", "cancelled_by_office"}
ONE_DAY_BEFORE = [["DISPLAY", -24 * 60 * 60]]
BEFORE = {"confirmed": "", "tentative": "【未定】", "cancelled": "【中止】"}
NEVER_IN_A_FEED: dict[str, Any] = {"organizer": [], "attendees": [], "categories": [], "alarms": []}


def utc(at: datetime | None) -> str | None:
    """An instant as programs are asked to print it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def stamp(at: datetime) -> str:
    """An instant as a stamp."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def published(house: House, start: date, end: date) -> list[Any]:
    """All that the public calendars show of the local days [start, end)."""
    query = select(PublishedEntryRow.__table__)  # type: ignore[attr-defined]
    found = house.ledger.store.read(lambda tx: list(tx.execute(query)))
    return [one for one in found if start <= one.listed_on < end and start <= one.day]


def public_entries(rows: Iterable[Any], base_url: str, *, lean: bool = False) -> dict[str, Any]:
    """The entries of a public calendar, from rows of `published_entries`; `lean`: an organisation's."""
    describe = _lean if lean else _public
    return {_public_uid(row): describe(row, base_url) for row in rows}


def _lean(row: Any, base_url: str) -> dict[str, Any]:
    lines = ["中止になりました。"] if row.gone else row.words.split("\n")
    if row.scope != row.desk:
        phone = [one for one in lines if one.startswith("電話: ")]
        lines = [*([SEATS[row.mark]] if row.mark else []), *phone]
    place = " ".join(filter(None, (row.place_name, row.place_room)))
    return {
        **_public(row, base_url),
        "description": "\n".join([*lines, f"{base_url}/{row.scope}"]),
        "location": place or None,
        "url": None,
    }


def _public_uid(row: Any) -> str:
    kind = "hours" if row.scope == row.desk else "session"
    return f"{kind}-{uuid5(SESSIONS, row.key)}@soudan-yoyaku"


def _public(row: Any, base_url: str) -> dict[str, Any]:
    cancelled, session = row.status == "cancelled", row.scope != row.desk
    seats = (
        f"空き状況: {SEATS[row.mark]}（最新の空き状況は予約のページをご覧ください）\n"
        if row.mark
        else ""
    )
    words = "中止になりました。" if row.gone else row.words
    lead = "ご予約" if session and row.status == "confirmed" else "くわしくは"
    place = " ".join(filter(None, (row.place_name, row.place_room, row.place_address)))
    return {
        **NEVER_IN_A_FEED,
        "start": utc(row.starts_at),
        "end": utc(row.ends_at),
        "zone": row.zone,
        **dict.fromkeys(("stamp", "changed"), stamp(row.changed_at)),
        "status": row.status.upper(),
        "summary": f"【中止】{row.title}" if cancelled else row.title,
        "description": f"{seats}{words}\n{lead}: {base_url}/{row.scope}",
        "location": place or None,
        "url": f"{base_url}/{row.scope}",
        "sequence": row.sequence,
        "transparency": "TRANSPARENT",
        "privacy": None,
    }


def own_entry(house: House, booking_id: str) -> dict[str, Any]:
    """The entry of a booking in the party's own file; organiser and guests hang on how it is sent."""
    row = queries.by_id(house.ledger, booking_id)
    ended, asked = row.status.value in ENDED, row.status.value == "requested"
    return {
        f"booking-{row.id}@soudan-yoyaku": {
            "start": utc(row.starts_at),
            "end": utc(row.ends_at),
            "zone": row.zone,
            **dict.fromkeys(("stamp", "changed"), stamp(row.calendar_changed_at)),
            "status": "CANCELLED" if ended else "TENTATIVE" if asked else "CONFIRMED",
            "summary": f"{'【取消】' if ended else '【仮】' if asked else ''}ご予約",
            "location": row.place,
            "url": f"{house.settings.base_url}/b/{row.token}",
            "sequence": row.calendar_sequence,
            "transparency": "TRANSPARENT" if ended else "OPAQUE",
            "privacy": "PRIVATE",
            "categories": [],
        }
    }


def served_entry(house: House, booking_id: str, *, named: bool) -> dict[str, Any]:
    """The entry of a booking in the calendars of staff; `named`: its desk lets them name parties."""
    row = queries.by_id(house.ledger, booking_id)
    (own,) = own_entry(house, booking_id).values()
    state = own["summary"].removesuffix("ご予約")
    who = f" {row.contact.name} 様" if named else ""
    unsettled = not row.time_settled and own["status"] != "CANCELLED"
    url = f"{house.settings.base_url}/staff/bookings/{row.reference}"
    return {
        f"served-{uuid5(SERVED, row.id)}@soudan-yoyaku": {
            **own,
            **NEVER_IN_A_FEED,
            "summary": f"{state}{row.reference}{who}{'（時間未定）' if unsettled else ''}",
            "description": f"窓口の画面: {url}",
            "url": None,
        }
    }


def served_session(house: House, consultation: str) -> dict[str, Any]:
    """The sessions of a consultation in its desk's calendar for staff, from the public rows, from today on."""
    today = house.clock().date()
    return {
        f"served-{uuid5(SERVED, row.key)}@soudan-yoyaku": {
            **NEVER_IN_A_FEED,
            "start": utc(row.starts_at),
            "end": utc(row.ends_at),
            "zone": row.zone,
            "status": row.status.upper(),
            "summary": f"{BEFORE[row.status]}開催日",
            "location": " ".join(filter(None, (row.place_name, row.place_room))) or None,
            "sequence": row.sequence,
            "transparency": "TRANSPARENT",
            "privacy": "PRIVATE",
        }
        for row in published(house, today, today + timedelta(days=90))
        if row.scope == consultation
    }
