"""`/feeds/private/{token}.ics`: a calendar for who knows its address, and nobody else.

Calendar programs sign in nowhere, so the address is the password. It is in no log (the server keeps
none of accesses, errors name the route only), in no body and in no link; a wrong, rotated or revoked
one gets what every unknown calendar gets.

A GET changes nothing of the business (law 7). Staff must see, though, whether an address is still
used, and by what: so that a program came is noted after its answer has gone out, once an hour and
feed, as a kind of program and never as who or where. A note that fails is left out.
"""

import hashlib
import logging
from typing import Any

from litestar import Request, Response, Router, route
from litestar.background_tasks import BackgroundTask
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from booking.errors import NotFound
from booking.feeds.addresses import CALENDAR, PRIVATE, not_found
from booking.feeds.clients import client_kind
from booking.feeds.private_calendars import private_calendar
from booking.http import READ, TheLedger, TheSettings, etag_matches
from booking.ledger import private_feeds
from booking.ledger.ledger import Ledger
from booking.ledger.private_feeds import Client, PrivateFeed

SUFFIX = ".ics"
log = logging.getLogger("booking.feeds")


@route("/feeds/private/{token_file:str}", http_method=READ, sync_to_thread=True)
def private_feed(
    request: Request[Any, Any, Any],
    token_file: FromPath[str],
    ledger: TheLedger,
    settings: TheSettings,
) -> Response[bytes]:
    """The calendar as it is now. It is kept ready nowhere: what was revoked is gone with the next fetch."""
    if not token_file.endswith(SUFFIX):
        raise NotFound
    feed = private_feeds.opened_by(ledger, token_file.removesuffix(SUFFIX))
    body = private_calendar(ledger, settings, feed)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**PRIVATE, "ETag": etag, "Content-Disposition": 'inline; filename="yoyaku.ics"'}
    client = client_kind(request.headers.get("user-agent"))
    task = BackgroundTask(_note, ledger, feed, client) if request.method == "GET" else None
    if etag_matches(request.headers.get("if-none-match"), etag):
        return Response(b"", status_code=304, headers=headers, background=task)
    return Response(body, media_type=CALENDAR, headers=headers, background=task)


async def _note(ledger: Ledger, feed: PrivateFeed, client: Client) -> None:
    """Note the fetch, in a thread of its own; whatever goes wrong is no loss to anybody."""
    try:
        await sync_to_thread(private_feeds.note_fetch, ledger, feed, client)
    except Exception as error:
        log.warning("a private feed's fetch was not noted: %s", type(error).__name__)


def route_of_private_feeds() -> ControllerRouterHandler:
    """The route, with the same plain 404 as the public calendars'."""
    return Router(
        "/",
        route_handlers=[private_feed],
        exception_handlers={NotFound: not_found},
        include_in_schema=False,
    )
