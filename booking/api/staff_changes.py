"""What staff's programs change at desks: closures, extra, moved and settled sessions, and the like."""

from datetime import datetime
from typing import Annotated, Any, Literal

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from booking.api.bookings import IdempotencyKey
from booking.api.documents import BODY, documented
from booking.api.keys import StaffRequest, may_act
from booking.api.reading import JsonBody, read_idempotency_key
from booking.api.room import Api, TheApi
from booking.api.staff import KEY, MAY_ACT, PRIVATE
from booking.errors import FieldError, Invalid
from booking.ledger import desk_changes
from booking.ledger.desk_changes import DeskChange
from slots.zone import local

Kind = Literal[
    "closures",
    "extra_sessions",
    "moved_sessions",
    "settled_sessions",
    "changed_hours",
    "changed_places",
    "changed_capacities",
    "absences",
]
TOUCHING = ("bookings-touched", "not-allowed")


class DeskChangeIn(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A dated change of a consultation or of a whole desk (`scope`).

    `kind` and `change` are a table of the desk file and its keys, days as 2026-12-19. `bookings`
    says what becomes of those that it touches: `keep` them as they are, or let them `follow`; then
    those whose seat is gone are cancelled with `reason`.
    """

    scope: Annotated[str, Meta(examples=["shibukawa/lawyer/legal"])]
    kind: Kind
    change: Annotated[
        dict[str, Any], Meta(examples=[{"first": "2026-12-19", "text": "大雪のため中止します。"}])
    ]
    bookings: Literal["keep", "follow"] | None = None
    reason: str = ""


class WithdrawalIn(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What becomes of the bookings that taking a change back touches: as in making one."""

    bookings: Literal["keep", "follow"] | None = None
    reason: str = ""


class DeskChangeShape(Struct, frozen=True):
    """A change that holds, who made it and when."""

    id: str
    scope: str
    kind: str
    change: dict[str, Any]
    made_by: str
    made_at: datetime


@get(
    "/changes",
    sync_to_thread=True,
    **documented("desk_changes", "staff", list[DeskChangeShape], "Those that hold.", *KEY),
)
def changes(request: StaffRequest, api: TheApi) -> Response[list[DeskChangeShape]]:
    """The dated changes that staff made at one's organisation, in the order of making."""
    found = desk_changes.standing(api.ledger, request.user.organisation)
    return Response([change_shape(api, one) for one in found], headers=PRIVATE)


@post(
    "/changes",
    guards=[may_act],
    dto=JsonBody,
    sync_to_thread=True,
    **documented(
        "change_desk",
        "staff",
        DeskChangeShape,
        "It holds from now on. The same answer under the same key.",
        *MAY_ACT,
        *BODY,
        *TOUCHING,
        "invalid",
        "key-reused",
        status=201,
    ),
)
def change_desk(
    request: StaffRequest,
    api: TheApi,
    data: JSONBody[DeskChangeIn],
    idempotency_key: IdempotencyKey = "",
) -> Response[DeskChangeShape]:
    """Change a desk or a consultation on some days; where it touches bookings, say what becomes of them."""
    organisation = request.user.organisation
    if organisation is not None and not data.scope.startswith(f"{organisation}/"):
        raise Invalid([FieldError("scope", "unknown")])
    made = desk_changes.make(
        api.ledger,
        data.scope,
        data.kind,
        data.change or {},
        actor=request.user.actor,
        bookings_do=data.bookings,
        reason=data.reason,
        key=read_idempotency_key(idempotency_key),
    )
    return Response(change_shape(api, made), status_code=201, headers=PRIVATE)


@post(
    "/changes/{change:str}/withdraw",
    guards=[may_act],
    dto=JsonBody,
    sync_to_thread=True,
    **documented(
        "withdraw_desk_change",
        "staff",
        DeskChangeShape,
        "It no longer holds.",
        *MAY_ACT,
        *BODY,
        *TOUCHING,
        "not-found",
        "invalid",
    ),
)
def withdraw(
    request: StaffRequest, api: TheApi, change: FromPath[str], data: JSONBody[WithdrawalIn]
) -> Response[DeskChangeShape]:
    """Take a change back: what was before holds again."""
    found = desk_changes.withdraw(
        api.ledger,
        change,
        actor=request.user.actor,
        organisation=request.user.organisation,
        bookings_do=data.bookings,
        reason=data.reason,
    )
    return Response(change_shape(api, found), headers=PRIVATE)


def change_shape(api: Api, one: DeskChange) -> DeskChangeShape:
    """A change with the instant of its making in the desk's zone."""
    desks = api.ledger.desks.files.desks
    desk = desks.get("/".join(one.scope.split("/")[:2]))
    # A desk that is no longer defined has no clock any more: then it is UTC.
    made_at = local(one.made_at, desk.zone) if desk else one.made_at
    return DeskChangeShape(one.id, one.scope, one.kind, dict(one.data), one.made_by, made_at)


CHANGES = [changes, change_desk, withdraw]
