"""Who serves which session, as staff's programs read and set it."""

from datetime import date, datetime
from typing import Annotated, Literal

from litestar import Response, get, put
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from booking.api.documents import BODY, documented
from booking.api.keys import StaffRequest, may_act
from booking.api.reading import JsonBody, read_day, read_span
from booking.api.room import TheApi
from booking.api.staff import KEY, MAY_ACT, PRIVATE
from booking.api.staff_changes import TOUCHING
from booking.errors import NotFound
from booking.ledger import rosters
from booking.ledger.rosters import Rostered
from slots.sessions import SessionStatus
from slots.zone import local_date

CONSULTATION = "/sessions/{organisation:str}/{desk:str}/{consultation:str}"


class RosterIn(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Who is to serve, in order: the first has the first seat of each time, the second the second.

    Where fewer serve than before and bookings lose their seat, `bookings` and `reason` say what
    becomes of them, as for any change of a desk.
    """

    roster: Annotated[list[str], Meta(examples=[["青木 弁護士", "馬場 弁護士"]])]
    bookings: Literal["keep", "follow"] | None = None
    reason: str = ""


class RosterShape(Struct, frozen=True):
    """A session, who is to serve it (`roster`), and who of them is not absent (`serving`).

    `seats` are the parties served at once: as many as there are rooms, or people, if fewer.
    """

    session: str
    date: date
    start: datetime
    end: datetime
    status: SessionStatus
    seats: int
    roster: tuple[str, ...]
    serving: tuple[str, ...]


@get(
    CONSULTATION,
    sync_to_thread=True,
    **documented(
        "rosters",
        "staff",
        list[RosterShape],
        "The sessions by date.",
        *KEY,
        "not-found",
        "invalid",
        span=True,
    ),
)
def listed(
    request: StaffRequest,
    api: TheApi,
    organisation: FromPath[str],
    desk: FromPath[str],
    consultation: FromPath[str],
) -> Response[list[RosterShape]]:
    """Who serves the sessions of some days."""
    key = f"{organisation}/{desk}/{consultation}"
    zone = api.ledger.desks.files.consultation(key).zone
    start, end = read_span(request.scope["query_string"], local_date(api.ledger.now(), zone))
    own = request.user.organisation
    found = rosters.rosters_between(api.ledger, key, start, end, organisation=own)
    return Response([_shape(one) for one in found], headers=PRIVATE)


@put(
    CONSULTATION + "/{planned:str}/roster",
    guards=[may_act],
    dto=JsonBody,
    sync_to_thread=True,
    **documented(
        "assign_roster",
        "staff",
        RosterShape,
        "They serve it from now on. Saying it again changes nothing.",
        *MAY_ACT,
        *BODY,
        *TOUCHING,
        "not-found",
        "invalid",
    ),
)
def assign(
    request: StaffRequest,
    api: TheApi,
    organisation: FromPath[str],
    desk: FromPath[str],
    consultation: FromPath[str],
    planned: FromPath[str],
    data: JSONBody[RosterIn],
) -> Response[RosterShape]:
    """Say who serves a session: the last part of its key is the day it was first planned for."""
    day = read_day(planned, "session", [])
    if day is None:
        raise NotFound
    found = rosters.assign(
        api.ledger,
        f"{organisation}/{desk}/{consultation}",
        day,
        data.roster,
        actor=request.user.actor,
        organisation=request.user.organisation,
        bookings_do=data.bookings,
        reason=data.reason,
    )
    return Response(_shape(found), headers=PRIVATE)


def _shape(one: Rostered) -> RosterShape:
    session = one.session
    return RosterShape(
        session=session.key,
        date=session.date,
        start=session.start,
        end=session.end,
        status=session.status,
        seats=session.seats,
        roster=one.roster,
        serving=session.roster,
    )


ROSTERS = [listed, assign]
