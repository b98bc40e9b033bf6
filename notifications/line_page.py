"""/b/{token}/line: a resident links the booking with LINE, or ends it. No script, no account with us."""

from collections.abc import Callable, Sequence
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from booking.errors import NotAllowed, NotFound
from booking.http import PRIVATE_HEADERS, Pages, TheLedger, ThePages, TheSettings
from booking.i18n import clock_time
from booking.ledger import line_link, queries
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.settings import Settings
from slots.zone import local

FRIEND = "https://line.me/R/ti/p/"
# What frame.html needs around a resident's page: the web room's `page_view`, handed in by app.py.
Frame = Callable[..., dict[str, Any]]
TheFrame = NamedDependency[SkipValidation[Frame]]
WEB = Request[Any, Any, Any]


@get("/b/{token:str}/line", sync_to_thread=True)
def line_page(
    request: WEB,
    token: FromPath[str],
    ledger: TheLedger,
    settings: TheSettings,
    pages: ThePages,
    frame: TheFrame,
) -> Response[Any]:
    """How it is linked, or that it is. Raises NotFound where LINE isn't set up."""
    booking = _booking(ledger, settings, token)
    if not booking.is_open and booking.line_user is None:
        return _to(f"/b/{token}")
    return _page(request, ledger, settings, pages, frame, booking)


@post("/b/{token:str}/line", sync_to_thread=True, status_code=200)
def make_code(
    request: WEB,
    token: FromPath[str],
    ledger: TheLedger,
    settings: TheSettings,
    pages: ThePages,
    frame: TheFrame,
) -> Response[Any]:
    """Make a code and show it, this once; an older one ends."""
    booking = _booking(ledger, settings, token)
    try:
        code = line_link.new_code(ledger, booking)
    except NotAllowed:
        return _to(f"/b/{token}")
    return _page(request, ledger, settings, pages, frame, booking, code)


@post("/b/{token:str}/line/unlink", sync_to_thread=True)
def unlink(token: FromPath[str], ledger: TheLedger, settings: TheSettings) -> Response[Any]:
    """Tell the booking no more by LINE, and show that it is so."""
    booking = _booking(ledger, settings, token)
    line_link.unlink(ledger, booking.id)
    return _to(f"/b/{token}/line")


def routes() -> Sequence[ControllerRouterHandler]:
    """The page's routes."""
    handlers: list[ControllerRouterHandler] = [line_page, make_code, unlink]
    return (Router("/", route_handlers=handlers, include_in_schema=False),)


def _booking(ledger: Ledger, settings: Settings, token: str) -> Booking:
    if not settings.links_line:
        raise NotFound
    return queries.by_token(ledger, token)


def _page(
    request: WEB,
    ledger: Ledger,
    settings: Settings,
    pages: Pages,
    frame: Frame,
    booking: Booking,
    code: str | None = None,
) -> Response[bytes]:
    catalogue = ledger.catalogue
    view = frame(
        request,
        ledger,
        organisation=catalogue.organisation_of(booking.consultation),
        desk=catalogue.desk_of(booking.consultation),
        private=True,
    )
    href = f"/b/{booking.token}"
    until = local(ledger.now() + line_link.VALID, booking.zone)
    view |= {
        "booking": {"href": href},
        "action": f"{href}/line",
        "unlink_action": f"{href}/line/unlink",
        "linked": booking.line_user is not None,
        "account": settings.line_account,
        "friend_href": f"{FRIEND}{settings.line_account}",
        # In threes it is read and typed more surely.
        "code": f"{code[:3]} {code[3:]}" if code else None,
        "until": clock_time(until),
    }
    return pages.render("residents/line.html", view)


def _to(href: str) -> Response[Any]:
    return Redirect(href, status_code=303, headers=PRIVATE_HEADERS)
