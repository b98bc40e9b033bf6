"""Signing in and out of the console."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from booking.errors import FieldError, Invalid, SlowDown
from booking.http import Pages, TheLedger, ThePages, TheSettings, field_messages
from booking.ledger import access
from booking.ledger.access import SignInRefused
from booking.ledger.contact import clean
from booking.settings import Settings
from booking.signed_in import (
    BARE_FRAME,
    READS,
    SIGN_IN,
    Forged,
    TheForm,
    cookie_name,
    local_path,
    read_form,
    refuse_foreign,
    see_other,
    staff_router,
)


@get(SIGN_IN, include_in_schema=False, sync_to_thread=False)
def ask(request: Request[Any, Any, Any], pages: ThePages) -> Response[bytes]:
    """The sign-in page."""
    return _page(pages, request.query_params.get("back", ""))


@post(
    SIGN_IN, include_in_schema=False, dependencies={"form": Provide(read_form)}, sync_to_thread=True
)
def sign_in(
    request: Request[Any, Any, Any],
    form: TheForm,
    ledger: TheLedger,
    settings: TheSettings,
    pages: ThePages,
) -> Response[bytes]:
    """Sign in, and go to the page that was asked for; or the sign-in page with what was wrong."""
    login, password = clean(form.get("login")), str(form.get("password", ""))
    back = str(form.get("back", ""))
    try:
        refuse_foreign(request, settings)
        cookie, _ = access.sign_in(ledger, login, password, demonstration=not settings.production)
    except Forged as refusal:
        return _page(pages, back, login, refusal.code, status=HTTPStatus.FORBIDDEN)
    except SignInRefused as refusal:
        return _page(pages, back, login, refusal.code, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except SlowDown as refusal:
        answer = _page(pages, back, login, refusal.code, status=HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(refusal.retry_after)
        return answer
    old = request.cookies.get(cookie_name(settings))
    if old:
        access.sign_out(ledger, old)
    return _leave(settings, local_path(back), cookie)


@post("/logout", opt=READS, sync_to_thread=True)
def sign_out(
    request: Request[Any, Any, Any], ledger: TheLedger, settings: TheSettings
) -> Response[bytes]:
    """End this browser's sign-in."""
    access.sign_out(ledger, request.cookies[cookie_name(settings)])
    return _leave(settings, SIGN_IN, "")


def routes() -> Sequence[ControllerRouterHandler]:
    """The routes of signing in and out."""
    return (ask, sign_in, staff_router([sign_out]))


def _page(
    pages: Pages, back: str, login: str = "", code: str = "", *, status: int = HTTPStatus.OK
) -> Response[bytes]:
    wrong = field_messages(Invalid([FieldError("login", code)])) if code else []
    view = dict(BARE_FRAME) | {
        "back": local_path(back),
        "values": {"login": login},
        "errors": wrong,
    }
    return pages.render("staff/login.html", view, status=status)


def _leave(settings: Settings, to: str, cookie: str) -> Response[bytes]:
    """Go to `to` with `cookie` as the sign-in's, or without one where it is empty."""
    answer = see_other(to)
    answer.set_cookie(
        Cookie(
            key=cookie_name(settings),
            value=cookie,
            path="/",
            httponly=True,
            secure=settings.secure,
            samesite="lax",
            max_age=None if cookie else 0,
        )
    )
    return answer
