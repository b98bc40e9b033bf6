"""Who of the staff is asking: a program shows its key in `Authorization: Bearer …`."""

from typing import Any

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from booking.api.room import Api
from booking.ledger.access import Staff, staff_of_key

Connection = ASGIConnection[Any, Any, Any, Any]
# `request.user` is who asks.
StaffRequest = Request[Staff, Any, Any]


async def has_key(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Find out who asks, before anything that was sent is looked at.

    Raises NotAuthorizedException without a live key.
    """
    api: Api = await connection.app.dependencies["api"]()
    scheme, _, key = connection.headers.get("authorization", "").partition(" ")
    staff = None
    if scheme.lower() == "bearer":
        staff = await sync_to_thread(staff_of_key, api.ledger, key.strip())
    if staff is None:
        raise NotAuthorizedException(headers={"WWW-Authenticate": 'Bearer realm="booking"'})
    connection.scope["user"] = staff


async def may_act(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Let only those act who may change bookings. Raises PermissionDeniedException for a viewer."""
    if not connection.user.may_act:
        raise PermissionDeniedException
