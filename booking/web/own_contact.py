"""How the party of one's own booking would like to hear from us, changed by its link."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath

from booking.errors import Invalid, Refusal
from booking.http import FieldMessage, Pages, TheLedger, ThePages, TheSettings
from booking.ledger.ledger import Ledger
from booking.ledger.reach import change_safe_contact
from booking.ledger.safe_contact import said_of
from booking.settings import Settings
from booking.web.forms import form_errors
from booking.web.own import Own
from booking.web.reach import reach_form, said_in

WEB = Request[Any, Any, Any]
# They are shown to nobody who has but the link, and stay where nothing else is typed.
KEPT_HIDDEN = ("email", "postal_address")


@get("/b/{token:str}/contact", sync_to_thread=True)
def contact_page(
    request: WEB,
    token: FromPath[str],
    ledger: TheLedger,
    pages: ThePages,
    settings: TheSettings,
) -> Response[Any]:
    """The form, with what was said until now but for the addresses."""
    own = Own(request, ledger, pages, token)
    values = said_of(own.booking.contact.safe) | dict.fromkeys(KEPT_HIDDEN, "")
    return _form(own, settings, values, [])


@post("/b/{token:str}/contact", status_code=200)
async def change_contact(
    request: WEB,
    token: FromPath[str],
    ledger: TheLedger,
    pages: ThePages,
    settings: TheSettings,
) -> Response[Any]:
    """Reach the party otherwise from now on, and show the booking."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    return await sync_to_thread(_changed, request, ledger, pages, settings, token, form)


def _changed(
    request: WEB,
    ledger: Ledger,
    pages: Pages,
    settings: Settings,
    token: str,
    form: dict[str, str],
) -> Response[Any]:
    own = Own(request, ledger, pages, token)
    typed = said_in(form)
    said = {
        name: value for name, value in typed.items() if value.strip() or name not in KEPT_HIDDEN
    }
    try:
        change_safe_contact(ledger, own.booking.id, said, actor="resident")
    except Invalid as refusal:
        return _form(own, settings, typed, form_errors(refusal))
    except Refusal as refusal:
        return own.refused(refusal)
    return own.back("#reach")


def _form(
    own: Own, settings: Settings, values: dict[str, str], errors: list[FieldMessage]
) -> Response[Any]:
    if not own.booking.is_open:
        return own.back()
    contact = own.booking.contact
    desk = own.ledger.catalogue.desk_of(own.consultation.key)
    view = own.view() | {
        "booking": {"href": own.href},
        "action": f"{own.href}/contact",
        "reach": reach_form(settings, desk, values, errors, contact.safe),
        "known": {"email": bool(contact.email), "postal_address": bool(contact.safe.address)},
        "values": values,
        "errors": errors,
    }
    return own.pages.render("contact.html", view, status=422 if errors else 200)
