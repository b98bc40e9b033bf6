"""Residents' bookings: request one, see it, move it, cancel it. Whoever has the token is its party."""

from collections.abc import Callable
from datetime import time
from typing import Annotated, TypeVar

from litestar import Response, get, post
from litestar.params import FromPath, HeaderParameter, JSONBody

from booking.api.documents import BODY, documented
from booking.api.reading import JsonBody, raw_of, read_idempotency_key
from booking.api.room import Api, TheApi
from booking.api.shapes import BookingIn, BookingLinks, BookingShape, TargetIn, WishShape
from booking.desks.catalogue import UnknownDesk
from booking.errors import FieldError, Invalid, NotBookable, Taken
from booking.ledger import changes, queries, requests
from booking.ledger.application import Target, read_application, read_target
from booking.ledger.booking import Booking
from booking.ledger.targets import day_and_slot
from slots.desk import Consultation
from slots.zone import instant

T = TypeVar("T")
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
SEAT = ("slot-taken", "session-full", "not-bookable")
IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        description="any text of your own for this request, as a UUID: sent again with it, the same "
        "request makes no second booking and has the same answer",
    ),
]
EXAMPLE = {
    "reference": "4821-7365",
    "token": "pF0b6cJ1mWkqfX3jv2rQmH0aYt5nD8sE",
    "status": "requested",
    "consultation": "shibukawa/lawyer/legal",
    "consultation_name": "弁護士の無料相談",
    "desk_name": "弁護士の無料相談窓口",
    "allotment": "date",
    "session": "shibukawa/lawyer/legal/2026-12-19",
    "start": "2026-12-19T09:45:00+09:00",
    "end": "2026-12-19T10:30:00+09:00",
    "time_settled": True,
    "place": "渋川市役所本庁舎（群馬県渋川市石原80番地）",
    "wish": "09:45",
    "wishes": [],
    "links": {
        "self": "https://yoyaku.example.jp/api/v1/bookings/pF0b6cJ1mWkqfX3jv2rQmH0aYt5nD8sE",
        "page": "https://yoyaku.example.jp/b/pF0b6cJ1mWkqfX3jv2rQmH0aYt5nD8sE",
    },
}


@post(
    "/bookings",
    dto=JsonBody,
    sync_to_thread=True,
    **documented(
        "request_booking",
        "bookings",
        BookingShape,
        "Taken; the same answer when the same is sent again under the same key.",
        *BODY,
        *SEAT,
        "already-booked",
        "limit-reached",
        "invalid",
        "key-reused",
        "slow-down",
        status=201,
        example=EXAMPLE,
    ),
)
def request_booking(
    api: TheApi, data: JSONBody[BookingIn], idempotency_key: IdempotencyKey = ""
) -> Response[BookingShape]:
    """Request a booking: a seat or wishes, held from now on, which staff confirm."""
    key = read_idempotency_key(idempotency_key)
    consultation = consultation_asked(api, data.consultation)
    desk = api.ledger.catalogue.desk_of(consultation.key)
    channels = api.ledger.channels_of(desk)
    application = read_application(desk, consultation, raw_of(data), channels=channels)
    receipt = offering(
        api,
        consultation,
        application.target,
        lambda: requests.request(api.ledger, application, key=key),
    )
    shape = booking_shape(api, receipt.booking)
    return Response(shape, status_code=201, headers={**PRIVATE, "Location": shape.links.self})


@get(
    "/bookings/{token:str}",
    sync_to_thread=True,
    **documented("booking", "bookings", BookingShape, "The booking.", "not-found", example=EXAMPLE),
)
def booking(api: TheApi, token: FromPath[str]) -> Response[BookingShape]:
    """A booking as it stands."""
    return _shown(api, queries.by_token(api.ledger, token))


@post(
    "/bookings/{token:str}/cancel",
    sync_to_thread=True,
    **documented(
        "cancel_booking",
        "bookings",
        BookingShape,
        "Cancelled, now or before.",
        "not-found",
        "not-allowed",
        "too-late",
    ),
)
def cancel_booking(api: TheApi, token: FromPath[str]) -> Response[BookingShape]:
    """Cancel a booking before it begins; its seat is free at once. Any body is passed over."""
    found = queries.by_token(api.ledger, token)
    return _shown(api, changes.cancel(api.ledger, found.id, actor="resident"))


@post(
    "/bookings/{token:str}/move",
    dto=JsonBody,
    sync_to_thread=True,
    **documented(
        "move_booking",
        "bookings",
        BookingShape,
        "Moved, and to be confirmed again.",
        *BODY,
        *SEAT,
        "not-found",
        "already-booked",
        "not-allowed",
        "too-late",
        "invalid",
        "changed-meanwhile",
    ),
)
def move_booking(
    api: TheApi, token: FromPath[str], data: JSONBody[TargetIn]
) -> Response[BookingShape]:
    """Take another time and then give up the old one: when it is refused, the old one is still held."""
    found = queries.by_token(api.ledger, token)
    consultation = api.ledger.catalogue.consultation(found.consultation)
    target = read_target(consultation, raw_of(data))
    moved = offering(
        api,
        consultation,
        target,
        lambda: changes.move(api.ledger, found.id, actor="resident", target=target),
    )
    return _shown(api, moved)


def consultation_asked(api: Api, key: str, organisation: str | None = None) -> Consultation:
    """The consultation that a body names, if it is one of `organisation` (None: any).

    Raises Invalid for another: the address was right, a field is not.
    """
    if not key:
        raise Invalid([FieldError("consultation", "required")])
    unknown = Invalid([FieldError("consultation", "unknown")])
    if organisation is not None and not key.startswith(f"{organisation}/"):
        raise unknown
    try:
        return api.ledger.catalogue.consultation(key)
    except UnknownDesk:
        raise unknown from None


def offering(
    api: Api,
    consultation: Consultation,
    target: Target,
    act: Callable[[], T],
    *,
    by_staff: bool = False,
) -> T:
    """What `act` returns; a refusal of the time that it raises offers the nearest free slots."""
    try:
        return act()
    except (Taken, NotBookable) as refusal:
        if not refusal.nearest and consultation.openings:
            day, slot = day_and_slot(consultation, target)
            wanted = slot or instant(day, time(), consultation.zone)
            found = queries.nearest(api.ledger, consultation.key, wanted, by_staff=by_staff)
            refusal.nearest = tuple(found)
        raise


def wish_shapes(found: Booking) -> list[WishShape]:
    """A booking's wishes as the API shows them."""
    return [WishShape(one.date.isoformat(), one.time_of_day) for one in found.wishes]


def _shown(api: Api, found: Booking) -> Response[BookingShape]:
    return Response(booking_shape(api, found), headers=PRIVATE)


def booking_shape(api: Api, found: Booking) -> BookingShape:
    """A booking as its party sees it. Instants are in the desk's zone."""
    consultation = api.ledger.catalogue.consultation(found.consultation)
    return BookingShape(
        reference=found.reference,
        token=found.token,
        status=found.status,
        consultation=found.consultation,
        consultation_name=consultation.name,
        desk_name=api.ledger.catalogue.desk(found.desk).name,
        allotment=consultation.allotment,
        session=found.session,
        start=found.local_start,
        end=found.local_end,
        time_settled=found.time_settled,
        place=found.place,
        wish=found.wish,
        wishes=wish_shapes(found),
        links=_links(api, found),
    )


def _links(api: Api, found: Booking) -> BookingLinks:
    page = f"{api.settings.base_url}/b/{found.token}"
    address = f"{api.settings.base_url}/api/v1/bookings/{found.token}"
    return BookingLinks(
        self=address,
        page=page,
        calendar=f"{page}/booking.ics" if found.starts_at else None,
        move=f"{address}/move" if found.is_open else None,
        cancel=f"{address}/cancel" if found.is_open else None,
    )
