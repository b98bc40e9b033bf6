"""What staff's programs do with a booking: confirm, decline, move, cancel, reinstate, and the day itself."""

from collections.abc import Callable

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from booking.api.bookings import SEAT, offering
from booking.api.documents import BODY, documented
from booking.api.keys import StaffRequest, may_act
from booking.api.reading import JsonBody, raw_of
from booking.api.room import Api, TheApi
from booking.api.shapes import ConfirmIn, ReasonIn, ReinstateIn, StaffBookingShape, StaffMoveIn
from booking.api.staff import MAY_ACT, PRIVATE, staff_shape
from booking.errors import FieldError, Invalid
from booking.ledger import changes, queries, reinstating
from booking.ledger.access import Staff
from booking.ledger.application import Target, read_target
from booking.ledger.booking import Booking
from slots.desk import Consultation

ALWAYS = (*MAY_ACT, "not-found", "not-allowed")
Answer = Response[StaffBookingShape]


@post(
    "/bookings/{reference:str}/confirm",
    guards=[may_act],
    dto=JsonBody,
    sync_to_thread=True,
    **documented(
        "confirm_booking",
        "staff",
        StaffBookingShape,
        "Confirmed, now or before.",
        *ALWAYS,
        *BODY,
        *SEAT,
        "already-booked",
        "changed-meanwhile",
        "invalid",
    ),
)
def confirm_booking(
    request: StaffRequest, api: TheApi, reference: FromPath[str], data: JSONBody[ConfirmIn]
) -> Answer:
    """Fix a request: its time is settled, and the party was told."""
    found = _found(api, reference, request.user)
    consultation = _consultation(api, found)
    target = _settled(consultation, data)
    return _shown(
        offering(
            api,
            consultation,
            target,
            lambda: changes.confirm(
                api.ledger,
                found.id,
                actor=request.user.actor,
                how=data.how,
                target=target,
                seen=data.revision,
            ),
            by_staff=True,
        )
    )


@post(
    "/bookings/{reference:str}/move",
    guards=[may_act],
    dto=JsonBody,
    sync_to_thread=True,
    **documented(
        "move_booking_by_staff",
        "staff",
        StaffBookingShape,
        "Moved; what was confirmed stays so.",
        *ALWAYS,
        *BODY,
        *SEAT,
        "already-booked",
        "changed-meanwhile",
        "invalid",
    ),
)
def move_booking(
    request: StaffRequest, api: TheApi, reference: FromPath[str], data: JSONBody[StaffMoveIn]
) -> Answer:
    """Take another time and then give up the old one."""
    found = _found(api, reference, request.user)
    consultation = _consultation(api, found)
    target = read_target(consultation, raw_of(data), by_staff=True)
    return _shown(
        offering(
            api,
            consultation,
            target,
            lambda: changes.move(
                api.ledger,
                found.id,
                actor=request.user.actor,
                target=target,
                reason=data.reason or "",
                how=data.how,
                seen=data.revision,
            ),
            by_staff=True,
        )
    )


@post(
    "/bookings/{reference:str}/decline",
    guards=[may_act],
    dto=JsonBody,
    sync_to_thread=True,
    **documented(
        "decline_booking", "staff", StaffBookingShape, "Declined.", *ALWAYS, *BODY, "invalid"
    ),
)
def decline_booking(
    request: StaffRequest, api: TheApi, reference: FromPath[str], data: JSONBody[ReasonIn]
) -> Answer:
    """Refuse a request, with the reason that the party is given."""
    found = _found(api, reference, request.user)
    actor = request.user.actor
    return _shown(
        changes.decline(api.ledger, found.id, actor=actor, reason=data.reason, how=data.how)
    )


@post(
    "/bookings/{reference:str}/cancel",
    guards=[may_act],
    dto=JsonBody,
    sync_to_thread=True,
    **documented(
        "cancel_booking_by_staff",
        "staff",
        StaffBookingShape,
        "Cancelled.",
        *ALWAYS,
        *BODY,
        "invalid",
    ),
)
def cancel_booking(
    request: StaffRequest, api: TheApi, reference: FromPath[str], data: JSONBody[ReasonIn]
) -> Answer:
    """End a booking before it takes place."""
    found = _found(api, reference, request.user)
    actor = request.user.actor
    return _shown(
        changes.cancel(api.ledger, found.id, actor=actor, reason=data.reason, how=data.how)
    )


@post(
    "/bookings/{reference:str}/reinstate",
    guards=[may_act],
    dto=JsonBody,
    sync_to_thread=True,
    **documented(
        "reinstate_booking",
        "staff",
        StaffBookingShape,
        "It stands again, or stood already.",
        *ALWAYS,
        *BODY,
        *SEAT,
        "already-booked",
        "invalid",
    ),
)
def reinstate_booking(
    request: StaffRequest, api: TheApi, reference: FromPath[str], data: JSONBody[ReinstateIn]
) -> Answer:
    """Take a cancellation back: the booking stands where it stood, if its seat is still free."""
    found = _found(api, reference, request.user)
    return _shown(
        reinstating.reinstate(
            api.ledger,
            found.id,
            actor=request.user.actor,
            reason=data.reason or "",
            how=data.how,
            again=data.again,
        )
    )


def _plain(name: str, meaning: str, act: Callable[..., Booking]) -> HTTPRouteHandler:
    """The handler of an action that needs nothing but the booking."""

    def handle(request: StaffRequest, api: TheApi, reference: FromPath[str]) -> Answer:
        found = _found(api, reference, request.user)
        return _shown(act(api.ledger, found.id, actor=request.user.actor))

    return post(
        f"/bookings/{{reference:str}}/{name}",
        description=f"{meaning} Any body is passed over.",
        guards=[may_act],
        sync_to_thread=True,
        **documented(
            f"{name.replace('-', '_')}_booking", "staff", StaffBookingShape, "Noted.", *ALWAYS
        ),
    )(handle)


ACTIONS = [
    confirm_booking,
    move_booking,
    decline_booking,
    cancel_booking,
    reinstate_booking,
    _plain("arrive", "The party came.", changes.arrive),
    _plain("done", "The consultation took place.", changes.done),
    _plain("no-show", "The party did not come.", changes.no_show),
]


def _found(api: Api, reference: str, staff: Staff) -> Booking:
    """The booking, if the key's organisation may see it: else NotFound, as for an unknown one."""
    return queries.by_reference(api.ledger, reference, staff.organisation)


def _consultation(api: Api, found: Booking) -> Consultation:
    return api.ledger.catalogue.consultation(found.consultation)


def _settled(consultation: Consultation, data: ConfirmIn) -> Target:
    """The time that is settled on confirming; an empty one where the booking keeps its own."""
    if data.slot:
        return read_target(consultation, raw_of(data), by_staff=True)
    if data.minutes is not None or data.place:
        raise Invalid([FieldError("slot", "required")])
    return Target()


def _shown(found: Booking) -> Answer:
    return Response(staff_shape(found), headers=PRIVATE)
