"""The dates of a consultation and what is free: the most wanted answers, kept ready as bytes."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import msgspec
from litestar import get
from litestar.types import ASGIApp, Scope

from booking.api.documents import documented
from booking.api.problems import slot_shapes
from booking.api.reading import read_span
from booking.api.room import Api, TheApi
from booking.api.shapes import SessionShape, SlotShape, WishDayShape
from booking.ledger import queries
from booking.ledger.targets import place_text
from slots.availability import SessionAvailability, next_moment, window_of
from slots.zone import instant, local_date

Shown = Callable[[list[SessionAvailability]], list[Any]]
SLOT_EXAMPLE = {
    "start": "2026-12-19T09:00:00+09:00",
    "end": "2026-12-19T09:45:00+09:00",
    "seats": 1,
    "free": 0,
    "bookable": False,
    "reason": "full",
}


@get(
    "/consultations/{organisation:str}/{desk:str}/{consultation:str}/sessions",
    **documented(
        "sessions",
        "desks",
        list[SessionShape],
        "The sessions, earliest first.",
        "not-found",
        "invalid",
        kept=True,
        span=True,
    ),
)
async def sessions(scope: Scope, api: TheApi) -> ASGIApp:
    """The sessions of some days, each with its slots; of an arranged consultation there are none."""
    return await _between(api, scope, session_shapes)


@get(
    "/consultations/{organisation:str}/{desk:str}/{consultation:str}/slots",
    **documented(
        "slots",
        "desks",
        list[SlotShape],
        "The slots, earliest first.",
        "not-found",
        "invalid",
        example=[SLOT_EXAMPLE],
        kept=True,
        span=True,
    ),
)
async def slots(scope: Scope, api: TheApi) -> ASGIApp:
    """The slots of some days, and which can be booked now; of an arranged consultation none."""
    return await _between(api, scope, _slots)


@get(
    "/consultations/{organisation:str}/{desk:str}/{consultation:str}/wishable",
    **documented(
        "wishable",
        "desks",
        list[WishDayShape],
        "The days that may be wished for.",
        "not-found",
        kept=True,
    ),
)
async def wishable(scope: Scope, api: TheApi) -> ASGIApp:
    """The days and times of day that one may wish for where staff arrange the time; else none."""
    key = _key(scope)
    api.ledger.desks.files.consultation(key)  # UnknownDesk for what there is not

    def build() -> tuple[bytes, datetime]:
        now, found = api.ledger.now(), api.ledger.catalogue.consultation(key)
        arranged = queries.wishable(api.ledger, key) if found.allotment == "arranged" else []
        shapes = [WishDayShape(one.date, ["any", *one.times_of_day]) for one in arranged]
        # The next midnight opens a day; until then days only close.
        midnight = instant(local_date(now, found.zone) + timedelta(days=1), time(), found.zone)
        closing = [window_of(found, one.date)[1] for one in arranged]
        return msgspec.json.encode(shapes), min([midnight, *(at for at in closing if at > now)])

    return await api.ready(("wishable", key), build, watched=key)


async def _between(api: Api, scope: Scope, shown: Shown) -> ASGIApp:
    """Asked most of all: path and query are read by hand, Litestar's ways would take half the time."""
    key = _key(scope)
    # Nothing that staff change: asked of the files, without a look at the database.
    zone = api.ledger.desks.files.consultation(key).zone
    start, end = read_span(scope["query_string"], local_date(api.ledger.now(), zone))

    def build() -> tuple[bytes, datetime | None]:
        now = api.ledger.now()
        found = queries.availability_between(api.ledger, key, start, end)
        until = next_moment(api.ledger.catalogue.consultation(key), found, now)
        return msgspec.json.encode(shown(found)), until

    return await api.ready((shown.__name__, key, start, end), build, watched=key)


def _key(scope: Scope) -> str:
    named = scope["path_params"]
    return f"{named['organisation']}/{named['desk']}/{named['consultation']}"


def session_shapes(found: list[SessionAvailability]) -> list[SessionShape]:
    """Sessions as the API shows them."""
    return [
        SessionShape(
            session=one.session.key,
            date=one.session.date,
            start=one.session.start,
            end=one.session.end,
            status=one.session.status,
            seats=one.seats,
            free=one.free,
            bookable=one.bookable,
            reason=one.reason,
            opens=one.opens,
            closes=one.closes,
            place=place_text(one.session.place),
            text=one.session.told,
            slots=slot_shapes(one.slots),
        )
        for one in found
    ]


def _slots(found: list[SessionAvailability]) -> list[SlotShape]:
    return [slot for one in found for slot in slot_shapes(one.slots)]
