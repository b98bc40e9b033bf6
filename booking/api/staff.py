"""Bookings as staff's programs see and enter them. A list names nobody; reading one booking is noted."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from booking.api.bookings import (
    SEAT,
    IdempotencyKey,
    consultation_asked,
    offering,
    wish_shapes,
)
from booking.api.documents import BEARER, BODY, answers
from booking.api.keys import TheStaff
from booking.api.reading import JsonBody, raw_of, read_day, read_idempotency_key
from booking.api.room import Api, TheApi
from booking.api.shapes import (
    CallerIn,
    PartyShape,
    ReferralIn,
    ReferralShape,
    StaffBookingShape,
    StaffBookingWithParty,
)
from booking.errors import FieldError, Invalid, NotFound
from booking.ledger import queries, referral, requests
from booking.ledger.access import Staff
from booking.ledger.application import read_application
from booking.ledger.booking import Booking
from booking.ledger.status import Status
from slots.zone import days as _days
from slots.zone import local

PRIVATE = {"Cache-Control": "no-store"}
PAGE = 200
KEY = ("key-required", "forbidden")


@get(
    "/bookings",
    operation_id="staff_bookings",
    tags=["staff"],
    security=BEARER,
    sync_to_thread=True,
    responses=answers(
        list[StaffBookingShape],
        "Up to 200 bookings, oldest first; where more follow, Link tells the next address.",
        *KEY, "invalid",
    ),
)  # fmt: skip
def staff_bookings(
    api: TheApi,
    staff: TheStaff,
    status: Annotated[
        str | None,
        QueryParameter(schema_extra={"enum": [one.value for one in Status]}),
    ] = None,
    first_day: Annotated[
        str | None,
        QueryParameter(
            name="from", description="first day of taking place", schema_extra={"format": "date"}
        ),
    ] = None,
    last_day: Annotated[
        str | None,
        QueryParameter(
            name="to", description="last day, itself included", schema_extra={"format": "date"}
        ),
    ] = None,
    after: Annotated[
        str | None, QueryParameter(description="the last reference of the page before")
    ] = None,
) -> Response[list[StaffBookingShape]]:
    """The bookings of one's organisation, or of all, by status and by day."""
    asked = _asked(api, staff, status, first_day, last_day, after)
    found = queries.search(api.ledger, organisation=staff.organisation, limit=PAGE + 1, **asked)
    headers = dict(PRIVATE)
    if len(found) > PAGE:
        given = {"status": status, "from": first_day, "to": last_day}
        query = urlencode(
            {name: value for name, value in given.items() if value}
            | {"after": found[PAGE - 1].reference}
        )
        address = f"{api.settings.base_url}/api/v1/staff/bookings?{query}"
        headers["Link"] = f'<{address}>; rel="next"'
    return Response([staff_shape(one) for one in found[:PAGE]], headers=headers)
