"""What every staff page shares: who is asking, forged requests refused, one frame. Knows no page.

A room with staff pages hands its handlers to `staff_router`. All of them then ask for a sign-in
first, POSTs carry the form token and come from our own pages, and only those who may act may POST.
A handler may ask for `staff: TheStaff`, `screen: TheScreen` and, in a POST, `form: TheForm`.
"""

import asyncio
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from litestar import Request, Response, Router
from litestar.connection import ASGIConnection
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import SkipValidation
from litestar.types import ControllerRouterHandler

from booking.errors import Refusal
from booking.http import PRIVATE_HEADERS, STATUSES, Pages, TheLedger, ThePages, status_of
from booking.ledger import access, queries
from booking.ledger.access import Staff
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.settings import Settings
from slots.zone import local_date

SIGN_IN = "/staff/login"
# The field that `form_keys` of fields.html writes.
TOKEN_FIELD = "_csrf_token"
# A handler that POSTs only because what is typed must not stand in an address: @post(…, opt=READS).
READS: Mapping[str, Any] = {"reads": True}
ZONE = "Asia/Tokyo"
EVERYBODY = "全自治体"
LOCAL = re.compile(r"/staff(?:/[\w./-]*)?(?:\?[\w=&%./-]*)?", re.ASCII)

# The frame for nobody, as on the sign-in page.
BARE_FRAME: Mapping[str, Any] = {
    "staff": None,
    "may_act": False,
    "csrf_token": "",
    "sign_out_action": "/staff/logout",
    "staff_links": [{"key": "find", "text": "検索", "href": "/staff/find"}],
    "values": {},
    "errors": [],
}


class NotSignedIn(Exception):
    """Nobody is signed in, or no longer."""


class Forged(Refusal):
    """The request does not come from one of our own forms of this sign-in."""

    code: ClassVar[str] = "forged"


class MayNotAct(Refusal):
    """Signed in, but only to read."""

    code: ClassVar[str] = "may-not-act"


# Title and remedy of what a page cannot show by itself.
REFUSALS: Mapping[str, tuple[str, str]] = {
    "forged": (
        "送信を受け付けませんでした",
        "画面を開いてから時間がたったか、別の画面から送られました。前の画面を開き直して、もう一度送ってください。",
    ),
    "may-not-act": (
        "閲覧だけの担当者です",
        "予約を変えることはできません。変えるときは、管理者に権限を確かめてください。",
    ),
    "not-found": (
        "見つかりません",
        "番号を確かめてください。ほかの自治体の予約は、この画面には出ません。",
    ),
    "too-large": (
        "送られた内容が大きすぎます",
        "前の画面にもどって、小さくしてから送ってください。ファイルは、5MBまで読み込めます。",
    ),
    "refused": (
        "受け付けませんでした",
        "予約の状態が変わっているかもしれません。予約を開き直して、確かめてください。",
    ),
}


def cookie_name(settings: Settings) -> str:
    """The cookie of a sign-in. `__Host-`: no neighbouring host can plant one (RFC 6265bis)."""
    return "__Host-staff" if settings.secure else "staff"


def local_path(asked: str | None) -> str:
    """`asked` if it is a page of the console, else the console's first page: never another site."""
    if asked and LOCAL.fullmatch(asked) and "//" not in asked and not asked.startswith(SIGN_IN):
        return asked
    return "/staff/"


def refuse_foreign(request: Request[Any, Any, Any], settings: Settings) -> None:
    """Raise Forged for a POST that a page of another origin sent.

    Browsers say where it comes from in Sec-Fetch-Site or, where the connection is plain http, in
    Origin. What says neither is no browser of today: the form token decides.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise Forged
        return
    origin = request.headers.get("origin")
    ours = {request.headers.get("host", ""), urlsplit(settings.base_url).netloc}
    if origin is not None and urlsplit(origin).netloc not in ours:
        raise Forged


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What the console shows of messages: app.py fills it from those who tell. All is in words.

    `frame`: what every page shows of how telling goes, for an organisation (None: all); `failed`:
    what could not be told there and stands until somebody deals with it; `of_booking`: a booking's
    messages, the newest first; `noted`: the banner after a press on one of them, None for any other
    code. What may be pressed names its own address.
    """

    frame: Callable[[str | None], dict[str, Any]]
    failed: Callable[[str | None], Sequence[Mapping[str, Any]]]
    of_booking: Callable[[Booking], Sequence[Mapping[str, Any]]]
    noted: Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Screen:
    """Renders pages in the staff's frame."""

    pages: Pages
    ledger: Ledger
    staff: Staff
    csrf_token: str
    telling: Telling

    def show(
        self, template: str, view: Mapping[str, Any], *, current: str = "", status: int = 200
    ) -> Response[bytes]:
        """The page `template` shows of `view`, which may overrule what the frame is given."""
        shown = self.frame(current) | self.telling.frame(self.staff.organisation)
        shown |= {"counts": shown.get("counts", {}) | self.counts()} | dict(view)
        return self.pages.render(template, shown, status=status)

    def counts(self) -> dict[str, int]:
        """The numbers in the navigation: requests that wait, parties of today."""
        today = local_date(self.ledger.now(), ZONE)
        scope = self.staff.organisation
        return {
            "requests": queries.waiting_count(self.ledger, scope),
            "day": queries.day_count(self.ledger, today, scope),
        }

    def frame(self, current: str) -> dict[str, Any]:
        """What staff_frame.html expects. `current`: the page in the navigation where we are."""
        return dict(BARE_FRAME) | {
            "organisation": {"name": self._organisation()},
            "current": current,
            "staff": {"name": self.staff.name},
            "may_act": self.staff.may_act,
            "csrf_token": self.csrf_token,
        }

    def _organisation(self) -> str:
        key = self.staff.organisation
        found = self.ledger.catalogue.organisations.get(key) if key else None
        return found.name if found else (key or EVERYBODY)


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let in who is signed in. Raises NotSignedIn, Forged, MayNotAct."""
    ledger, settings = _given(connection, "ledger"), _given(connection, "settings")
    cookie = connection.cookies.get(cookie_name(settings), "")
    staff = await asyncio.to_thread(access.staff_of, ledger, cookie) if cookie else None
    if staff is None:
        raise NotSignedIn
    connection.state.staff = staff
    connection.state.csrf_token = access.form_token(ledger, cookie)
    if isinstance(connection, Request) and connection.method not in ("GET", "HEAD"):
        refuse_foreign(connection, settings)
        typed = (await connection.form()).get(TOKEN_FIELD, "")
        if not hmac.compare_digest(str(typed).encode(), connection.state.csrf_token.encode()):
            raise Forged
        if not staff.may_act and not handler.opt.get("reads"):
            raise MayNotAct


def staff_router(handlers: Sequence[ControllerRouterHandler], path: str = "/staff") -> Router:
    """`handlers` under `path`, for signed-in staff only."""
    return Router(
        path=path,
        route_handlers=handlers,
        guards=[guard],
        dependencies={
            "staff": Provide(_staff, sync_to_thread=False),
            "screen": Provide(_screen, sync_to_thread=False),
            "form": Provide(read_form),
        },
        # Each kind by name: the residents' pages name some, and the nearest name is what counts.
        exception_handlers={
            NotSignedIn: to_sign_in,
            Refusal: refused,
            **dict.fromkeys(STATUSES, refused),
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE: too_large,
        },
        include_in_schema=False,
    )


def to_sign_in(request: Request[Any, Any, Any], _error: Exception) -> Response[bytes]:
    """The way to the sign-in page, and back to the page that was read or sent from."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in ("GET", "HEAD"):
        came = urlsplit(request.headers.get("referer", ""))
        asked = came.path + (f"?{came.query}" if came.query else "")
    return see_other(f"{SIGN_IN}?back={quote(local_path(asked), safe='/')}")


def see_other(to: str) -> Response[bytes]:
    """Go on to the page `to`, as after something was done (RFC 9110, 15.4.4); kept by no cache."""
    headers = {**PRIVATE_HEADERS, "Location": to}
    return Response(b"", status_code=HTTPStatus.SEE_OTHER, headers=headers)


def refused(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A page that says why, in the staff's frame."""
    code = error.code if isinstance(error, Refusal) else "not-found"
    status = 403 if isinstance(error, Forged | MayNotAct) else status_of(error)
    return _refusal_page(request, code, status)


def too_large(request: Request[Any, Any, Any], _error: Exception) -> Response[bytes]:
    """The same for a form that was not read to its end."""
    return _refusal_page(request, "too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _refusal_page(request: Request[Any, Any, Any], code: str, status: int) -> Response[bytes]:
    title, remedy = REFUSALS.get(code, REFUSALS["refused"])
    screen = _screen(request, _given(request, "ledger"), _given(request, "pages"))
    # Without counts: this runs where a query would hold up everybody.
    view = screen.frame("") | {"title": title, "remedy": remedy}
    return screen.pages.render("staff_refused.html", view, status=status)


def _given(connection: ASGIConnection[Any, Any, Any, Any], name: str) -> Any:
    """What app.py hands to handlers as `name`: guards and exception handlers take no arguments."""
    return connection.app.dependencies[name].dependency()  # type: ignore[union-attr]


def _staff(request: Request[Any, Any, Any]) -> Staff:
    found: Staff = request.state.staff
    return found


def _screen(request: Request[Any, Any, Any], ledger: TheLedger, pages: ThePages) -> Screen:
    state = request.state
    return Screen(pages, ledger, state.staff, state.csrf_token, _given(request, "telling"))


async def read_form(request: Request[Any, Any, Any]) -> FormMultiDict:
    """The fields of a form that was sent."""
    return await request.form()


# How handlers ask for them, as for http.py's: handed over as they are.
TheStaff = NamedDependency[SkipValidation[Staff]]
TheScreen = NamedDependency[SkipValidation[Screen]]
TheForm = NamedDependency[SkipValidation[FormMultiDict]]
