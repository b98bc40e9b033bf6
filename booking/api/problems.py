"""Refusals as application/problem+json (RFC 9457): a stable code, a Japanese sentence, the facts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from booking import errors
from booking.api.shapes import SlotShape
from booking.desks.catalogue import UnknownDesk
from booking.http import STATUSES, log_unexpected, messages, status_of
from booking.i18n import limit_text, not_bookable, sentence
from booking.ledger.status import Status
from slots.availability import Reason, SlotAvailability

MEDIA_TYPE = "application/problem+json"
TYPES = "/api/v1/problems/"
ADDRESSES = ("/api/", "/health/", "/metrics/")
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
# What Litestar itself refuses, by status; anything else below 500 is as unreadable as 400.
CODES = {
    401: "key-required",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "not-json",
    503: "not-ready",
}
UNREADABLE, UNEXPECTED = "unreadable", "unexpected"
ALL = {
    UNREADABLE: 400,
    UNEXPECTED: 500,
    **{code: status for status, code in CODES.items()},
    **{one.code: status for one, status in STATUSES.items() if issubclass(one, errors.Refusal)},
}


class FieldProblem(msgspec.Struct, frozen=True):
    """One field that can't be taken, and what to do about it."""

    field: str
    code: str
    message: str


class Problem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What every refusal looks like. `code` is stable; the further facts depend on it.

    `errors` belong to `invalid`; `nearest` are the bookable slots nearest to what was wanted;
    `follow` and `lost` the references of bookings that a change of the desk touches.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = []
    reason: Reason | None = None
    since: datetime | None = None
    booking_status: Status | None = None
    action: str | None = None
    until: datetime | None = None
    retry_after: int | None = None
    checks: dict[str, bool] | None = None
    nearest: list[SlotShape] | None = None
    follow: list[str] | None = None
    lost: list[str] | None = None


def problem(code: str, status: int, **facts: Any) -> Problem:
    """The problem called `code`, with its sentence and `facts`."""
    return Problem(
        type=TYPES + code,
        title=code.replace("-", " ").capitalize(),
        status=status,
        code=code,
        **{"detail": sentence("problem", code), **facts},
    )


def problem_response(found: Problem, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """The problem as an answer that nobody keeps."""
    return Response(
        msgspec.json.encode(found),
        status_code=found.status,
        media_type=MEDIA_TYPE,
        headers={**HEADERS, **(headers or {})},
    )


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The answer to whatever was raised: never what was typed."""
    if isinstance(error, errors.Refusal):
        return _refused(error)
    if isinstance(error, UnknownDesk):
        return problem_response(problem("not-found", 404))
    return _failed(request, error)


def at_own_addresses(others: Mapping[Any, Any]) -> dict[Any, Any]:
    """`others`, the app's exception handlers, but for the API's addresses: there in its own words.

    An address that leads nowhere, or knows no such method, belongs to no router of ours.
    """

    def chosen(other: Any) -> Any:
        return lambda request, error: (
            answer(request, error)
            if f"{request.scope['path']}/".startswith(ADDRESSES)
            else other(request, error)
        )

    return {kind: chosen(other) for kind, other in others.items()}


# For the API's routers. All kinds one by one: the nearest kind wins over the nearest router, and
# pages have their own answers to some.
EXCEPTION_HANDLERS: dict[Any, Any] = dict.fromkeys(
    [*STATUSES, *ALL.values(), errors.Refusal, UnknownDesk, HTTPException, Exception], answer
)


def _refused(refusal: errors.Refusal) -> Response[bytes]:
    headers = {}
    if isinstance(refusal, errors.SlowDown):
        headers["Retry-After"] = str(refusal.retry_after)
    return problem_response(problem(refusal.code, status_of(refusal), **_facts(refusal)), headers)


def _failed(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """What Litestar refuses, and what nobody foresaw."""
    status = log_unexpected(request, error)
    code = CODES.get(status, UNEXPECTED if status >= 500 else UNREADABLE)
    headers = error.headers if isinstance(error, HTTPException) and status < 500 else None
    return problem_response(problem(code, ALL[code]), headers)


def _facts(refusal: errors.Refusal) -> dict[str, Any]:
    match refusal:
        case errors.Invalid():
            return {"errors": [FieldProblem(**one) for one in messages(refusal)]}
        case errors.Taken():
            return {"nearest": slot_shapes(refusal.nearest)}
        case errors.NotBookable():
            return {
                "detail": not_bookable(refusal.reason, refusal.since),
                "reason": refusal.reason,
                "since": refusal.since,
                "nearest": slot_shapes(refusal.nearest),
            }
        case errors.BookingsTouched():
            return {"follow": list(refusal.follow), "lost": list(refusal.lost)}
        case errors.LimitReached():
            return {"detail": limit_text(refusal.limit)}
        case errors.NotAllowed():
            return {"booking_status": Status(refusal.status), "action": refusal.action}
        case errors.TooLate():
            return {"until": refusal.until}
        case errors.SlowDown():
            return {"retry_after": refusal.retry_after}
    return {}


def slot_shapes(found: Any) -> list[SlotShape]:
    """Slots as the API shows them; instants are in the desk's zone already."""
    return [slot_shape(one) for one in found]


def slot_shape(found: SlotAvailability) -> SlotShape:
    """One slot as the API shows it."""
    slot = found.slot
    return SlotShape(slot.start, slot.end, slot.seats, found.free, found.bookable, found.reason)
