"""Bookings as staff's programs see and enter them. A list names nobody; reading one booking is noted."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from booking.api.bookings import SEAT, IdempotencyKey, consultation_asked, offering, wish_shapes
from booking.api.documents import BODY, documented
from booking.api.keys import StaffRequest, may_act
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
from booking.ledger.application import read_application
from booking.ledger.booking import Booking
from booking.ledger.status import Status
from slots.zone import local

PRIVATE = {"Cache-Control": "no-store"}
PAGE = 200
KEY = ("key-required",)
MAY_ACT = (*KEY, "forbidden")
STATUSES = [one.value for one in Status]
DATE = {"format": "date"}


@get(
    "/bookings",
    sync_to_thread=True,
    **documented(
        "staff_bookings",
        "staff",
        list[StaffBookingShape],
        "Up to 200 bookings, oldest first; where more follow, Link has the next address.",
        *KEY,
        "invalid",
    ),
)
def staff_bookings(
    request: StaffRequest,
    api: TheApi,
    status: Annotated[str, QueryParameter(schema_extra={"enum": STATUSES})] = "",
    first_day: Annotated[
        str,
        QueryParameter(name="from", description="first day of taking place", schema_extra=DATE),
    ] = "",
    last_day: Annotated[
        str, QueryParameter(name="to", description="last day, included", schema_extra=DATE)
    ] = "",
    after: Annotated[str, QueryParameter(description="the last reference of the page before")] = "",
) -> Response[list[StaffBookingShape]]:
    """The bookings of one's organisation, or of all, by status and by day of taking place."""
    organisation = request.user.organisation
    asked = _asked(status, first_day, last_day)
    if after:
        asked["after"] = _booking_before(api, after, organisation)
    found = queries.search(api.ledger, organisation=organisation, limit=PAGE + 1, **asked)
    headers = dict(PRIVATE)
    if len(found) > PAGE:
        given = {"status": status, "from": first_day, "to": last_day}
        given["after"] = found[PAGE - 1].reference
        query = urlencode({name: value for name, value in given.items() if value})
        address = f"{api.settings.base_url}/api/v1/staff/bookings?{query}"
        headers["Link"] = f'<{address}>; rel="next"'
    return Response([staff_shape(one) for one in found[:PAGE]], headers=headers)


@get(
    "/bookings/{reference:str}",
    sync_to_thread=True,
    **documented(
        "staff_booking", "staff", StaffBookingWithParty, "The booking.", *KEY, "not-found"
    ),
)
def staff_booking(
    request: StaffRequest, api: TheApi, reference: FromPath[str]
) -> Response[StaffBookingWithParty]:
    """A booking with who comes. That it was read is noted, with the key's name."""
    staff = request.user
    found = queries.view(api.ledger, reference, staff.actor, staff.organisation)
    contact = found.contact
    party = PartyShape(
        name=contact.name,
        kana=contact.kana,
        phone=contact.phone,
        residence=contact.residence,
        email=contact.email,
        age=contact.age,
        needs=contact.needs,
        tie=contact.tie,
        contact_wish=contact.safe.wish,
        voicemail=contact.safe.voicemail,
        named=contact.safe.named,
        safe_hours=contact.safe.hours,
        never_mail=contact.safe.never_mail,
        postal_address=contact.safe.address,
    )
    shape = StaffBookingWithParty(**_plain(found), reason=found.reason, party=party)
    return Response(shape, headers=PRIVATE)


@post(
    "/bookings",
    guards=[may_act],
    dto=JsonBody,
    sync_to_thread=True,
    **documented(
        "enter_booking",
        "staff",
        StaffBookingShape,
        "Entered; with a time it is confirmed. The same answer under the same key.",
        *MAY_ACT,
        *BODY,
        *SEAT,
        "already-booked",
        "limit-reached",
        "invalid",
        "key-reused",
        status=201,
    ),
)
def enter_booking(
    request: StaffRequest,
    api: TheApi,
    data: JSONBody[CallerIn],
    idempotency_key: IdempotencyKey = "",
) -> Response[StaffBookingShape]:
    """Enter a caller's booking. Staff aren't bound by the time for booking, but say why (`reason`)."""
    staff, ledger = request.user, api.ledger
    key = read_idempotency_key(idempotency_key)
    consultation = consultation_asked(api, data.consultation, staff.organisation)
    desk = ledger.catalogue.desk_of(consultation.key)
    channels = ledger.channels_of(desk)
    application = read_application(
        desk, consultation, raw_of(data), by_staff=True, channels=channels
    )
    receipt = offering(
        api,
        consultation,
        application.target,
        lambda: requests.enter(
            ledger,
            application,
            actor=staff.actor,
            key=key,
            how=data.how,
            reason=data.reason,
            again=data.again,
            channel=data.channel,
        ),
        by_staff=True,
    )
    shape = staff_shape(receipt.booking)
    address = f"{api.settings.base_url}/api/v1/staff/bookings/{shape.reference}"
    return Response(shape, status_code=201, headers={**PRIVATE, "Location": address})


@post(
    "/referrals",
    guards=[may_act],
    dto=JsonBody,
    sync_to_thread=True,
    **documented(
        "issue_referral",
        "staff",
        ReferralShape,
        "The code, told this once and valid for 30 days.",
        *MAY_ACT,
        *BODY,
        "invalid",
        status=201,
        example={"code": "4821-7365"},
    ),
)
def issue_referral(
    request: StaffRequest, api: TheApi, data: JSONBody[ReferralIn]
) -> Response[ReferralShape]:
    """Issue a code that opens one booking with the experts."""
    staff = request.user
    consultation = consultation_asked(api, data.consultation, staff.organisation)
    code = referral.issue(api.ledger, consultation.key, actor=staff.actor)
    return Response(ReferralShape(code), status_code=201, headers=PRIVATE)


def staff_shape(found: Booking) -> StaffBookingShape:
    """A booking as staff see it in a list. Instants are in the desk's zone."""
    return StaffBookingShape(**_plain(found))


def _plain(found: Booking) -> dict[str, Any]:
    contact = found.contact
    return {
        "reference": found.reference,
        "status": found.status,
        "consultation": found.consultation,
        "session": found.session,
        "start": found.local_start,
        "end": found.local_end,
        "time_settled": found.time_settled,
        "place": found.place,
        "wish": found.wish,
        "wishes": wish_shapes(found),
        "party_size": contact.party_size,
        "language": contact.language,
        "has_email": contact.email is not None,
        "channel": found.channel,
        "revision": found.revision,
        "created_at": _local(found.created_at, found.zone),
        "changed_at": _local(found.changed_at, found.zone),
        "confirmed_at": _local(found.confirmed_at, found.zone),
        "confirmed_how": found.confirmed_how,
    }


def _local(at: datetime | None, zone: str) -> datetime | None:
    return local(at, zone) if at else None


def _asked(status: str, first_day: str, last_day: str) -> dict[str, Any]:
    errors: list[FieldError] = []
    if status and status not in STATUSES:
        errors.append(FieldError("status", "unknown"))
    start: date | None = read_day(first_day, "from", errors)
    last: date | None = read_day(last_day, "to", errors)
    if errors:
        raise Invalid(errors)
    return {
        "status": Status(status) if status else None,
        "start": start,
        "end": last + timedelta(days=1) if last else None,
    }


def _booking_before(api: Api, reference: str, organisation: str | None) -> Booking:
    try:
        return queries.by_reference(api.ledger, reference, organisation)
    except NotFound:
        raise Invalid([FieldError("after", "unknown")]) from None
