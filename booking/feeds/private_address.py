"""`/feeds/private/{token}.ics`: a calendar for who knows its address, and nobody else.

Calendar programs sign in nowhere, so the address is the password. It is in no log (the server keeps
none of accesses, errors name the route only), in no body and in no link; a wrong, rotated or revoked
one gets what every unknown calendar gets.

A GET changes nothing of the business (law 7). Staff must see, though, whether an address is still
used, and by what: so that a program came is noted after its answer has gone out, once an hour and
feed, as a kind of program and never as who or where. A note that fails is left out.
"""

import logging
from typing import Any

from litestar import Request, Router, route
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath
from litestar.types import ASGIApp, ControllerRouterHandler, Receive, Scope, Send

from booking.errors import NotFound
from booking.feeds.addresses import CALENDAR, PRIVATE, not_found
from booking.feeds.clients import client_kind
from booking.feeds.private_calendars import private_calendar
from booking.http import READ, Built, TheLedger, TheSettings, ready_bytes
from booking.ledger import private_feeds
from booking.ledger.ledger import Ledger
from booking.ledger.private_feeds import Client, PrivateFeed
from booking.ready import ReadyAnswer, sent

SUFFIX = ".ics"
HEADERS = sent(
    {**PRIVATE, "Content-Disposition": 'inline; filename="yoyaku.ics"'},
    f"{CALENDAR}; charset=utf-8",
)
log = logging.getLogger("booking.feeds")


class _Noted:
    """An answer after which it is noted that a program fetched the feed."""

    def __init__(self, answer: ASGIApp, ledger: Ledger, feed: PrivateFeed, client: Client) -> None:
        self._answer = answer
        self._fetch = ledger, feed, client

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(scope, receive, send)
        await _note(*self._fetch)


@route("/feeds/private/{token_file:str}", http_method=READ, sync_to_thread=True)
def private_feed(
    request: Request[Any, Any, Any],
    token_file: FromPath[str],
    ledger: TheLedger,
    settings: TheSettings,
) -> ASGIApp:
    """The calendar as it is now. It is kept ready nowhere: what was revoked is gone with the next fetch."""
    if not token_file.endswith(SUFFIX):
        raise NotFound
    feed = private_feeds.opened_by(ledger, token_file.removesuffix(SUFFIX))
    now = ledger.now()
    body, changed_at = private_calendar(ledger, settings, feed)
    made = ready_bytes(Built(body, None, changed_at, packs=True))
    answer = ReadyAnswer(made, HEADERS, now)
    if request.method != "GET":
        return answer
    return _Noted(answer, ledger, feed, client_kind(request.headers.get("user-agent")))


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
