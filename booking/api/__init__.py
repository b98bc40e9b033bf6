"""JSON v1, and what operators ask: health and metrics."""

from collections.abc import Sequence
from typing import Any

from litestar import Router
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

from booking.api import bookings, desks, health, kinds, sessions, staff
from booking.api.beside import beside
from booking.api.documents import BEARER, components
from booking.api.keys import has_key
from booking.api.problems import EXCEPTION_HANDLERS, at_own_addresses
from booking.api.room import Api
from booking.api.staff_actions import ACTIONS
from booking.api.staff_changes import CHANGES
from booking.api.staff_imports import IMPORTS
from booking.api.staff_rosters import ROSTERS

__all__ = ["Api", "at_own_addresses", "components", "routes"]

# A request is some hundred bytes; the longest answer to 配慮してほしいこと is 500 characters.
MOST_BODY_BYTES = 64 * 1024
PUBLIC = [
    desks.desks,
    desks.desk,
    sessions.sessions,
    sessions.slots,
    sessions.wishable,
    bookings.request_booking,
    bookings.booking,
    bookings.cancel_booking,
    bookings.move_booking,
    kinds.kind,
]
STAFF = [
    staff.staff_bookings,
    staff.staff_booking,
    staff.enter_booking,
    staff.issue_referral,
    *ACTIONS,
    *CHANGES,
    *IMPORTS,
    *ROSTERS,
]


def routes() -> Sequence[ControllerRouterHandler]:
    """The JSON routes, and those of health and metrics."""
    for_staff = _router("/staff", STAFF, guards=[has_key], security=BEARER)
    return [
        _router("/api/v1", PUBLIC, for_staff),
        _router("/", [health.live, health.ready, health.metrics]),
    ]


def _router(path: str, handlers: list[HTTPRouteHandler], *inner: Router, **options: Any) -> Router:
    return Router(
        path,
        route_handlers=[*beside(handlers), *handlers, *inner],
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=MOST_BODY_BYTES,
        **options,
    )
