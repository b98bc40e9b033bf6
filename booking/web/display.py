"""Text size and colours: a form and a cookie, no script."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromQuery
from litestar.response import Redirect

from booking.http import TheLedger, ThePages, TheSettings
from booking.web.frame import COLOURS, DISPLAY_COOKIE, SIZES, page_view

ONE_YEAR = 365 * 86_400


@get("/display", sync_to_thread=False)
def display_page(
    request: Request[Any, Any, Any],
    ledger: TheLedger,
    pages: ThePages,
    back: FromQuery[str] = "",
) -> Response[bytes]:
    """The choices, with the present ones marked."""
    view = page_view(request, ledger, private=True)
    return pages.render("display.html", view | {"action": "/display", "back": _local(back)})


@post("/display", status_code=303)
async def set_display(request: Request[Any, Any, Any], settings: TheSettings) -> Response[Any]:
    """Keep the choice in a cookie that says nothing about anybody, and go back."""
    form = await request.form()
    size, colours = str(form.get("size", "")), str(form.get("colours", ""))
    size = size if size in SIZES else "standard"
    colours = colours if colours in COLOURS else "auto"
    cookie = Cookie(
        key=DISPLAY_COOKIE,
        value=f"{size}.{colours}",
        max_age=ONE_YEAR,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
    back = _local(str(form.get("back", ""))) or "/display"
    return Redirect(back, status_code=303, cookies=[cookie])


def _local(path: str) -> str:
    """A path of this site, or nothing: nobody is sent elsewhere by a link to us."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else ""
