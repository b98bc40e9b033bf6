"""A booking's addresses: to see it, and to act on it."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from booking.errors import AlreadyBooked, Invalid, Refusal, Taken
from booking.http import FieldMessage, TheLedger, field_messages, status_of
from booking.i18n import clock_time, era_date
from booking.ledger import queries
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.signed_in import Screen, TheForm, TheScreen, TheStaff, local_path, see_other
from booking.staff.actions import Deed, carry_out
from booking.staff.booking_page import booking_page
from booking.staff.words import refusal_words
from slots.zone import local

NEAREST = 3
ANEW = "取り消しは戻せません。電話受付から、新しい予約として入力してください。"


@get("/bookings/{reference:str}", sync_to_thread=True)
def see(
    request: Request[Any, Any, Any],
    reference: FromPath[str],
    ledger: TheLedger,
    staff: TheStaff,
    screen: TheScreen,
) -> Response[bytes]:
    """A booking. That somebody looked at it is a fact of its history."""
    found = queries.view(ledger, reference, staff.actor, staff.organisation)
    just = request.query_params.get("done", "")
    return booking_page(screen, found, just=just)


@post("/bookings/{reference:str}/{action:str}", sync_to_thread=True)
def act(
    reference: FromPath[str],
    action: FromPath[str],
    form: TheForm,
    ledger: TheLedger,
    staff: TheStaff,
    screen: TheScreen,
) -> Response[bytes]:
    """Carry out an action, and show the booking, or the page that `back` names."""
    found = queries.by_reference(ledger, reference, staff.organisation)
    typed = {name: str(value) for name, value in form.items()}
    try:
        carry_out(Deed(ledger, found, staff, _own(typed, action)), action)
    except Invalid as refusal:
        wrong = [
            FieldMessage(f"{action}_{one.field}", one.message) for one in field_messages(refusal)
        ]
        return _again(screen, found, action, typed, wrong, status=status_of(refusal))
    except Refusal as refusal:
        said = _said(ledger, found, refusal, ANEW if action == "reinstate" else "")
        wrong = [FieldMessage(_field_of(found, action, refusal), said)]
        return _again(screen, found, action, typed, wrong, status=status_of(refusal))
    back = typed.get("back", "")
    to = local_path(back) if back else f"/staff/bookings/{found.reference}"
    joint = "&" if "?" in to else "?"
    return see_other(f"{to}{joint}done={action}")


def _own(typed: Mapping[str, str], action: str) -> dict[str, str]:
    """The fields of the action's own form: they bear its name, since the page has several forms."""
    prefix = f"{action}_"
    return {
        name.removeprefix(prefix): value for name, value in typed.items() if name.startswith(prefix)
    }


def _field_of(booking: Booking, action: str, refusal: Refusal) -> str:
    """Where on the page a refusal that names no field is to be mended."""
    if action == "reinstate" and isinstance(refusal, AlreadyBooked):
        return "reinstate_again"
    if action not in ("confirm", "move"):
        return ""
    return f"{action}_slot" if booking.session else f"{action}_date"


def _said(ledger: Ledger, found: Booking, refusal: Refusal, remedy: str) -> str:
    """The refusal in words; where somebody was faster, with the next free times."""
    now = queries.by_id(ledger, found.id)
    text = refusal_words(refusal, found.zone, remedy=remedy)
    if not isinstance(refusal, Taken):
        return text
    wanted = now.starts_at or ledger.now()
    free = queries.nearest(ledger, found.consultation, wanted, by_staff=True)[:NEAREST]
    times = [local(one.slot.start, found.zone) for one in free]
    named = "、".join(f"{era_date(at.date())}{clock_time(at)}" for at in times)
    return f"{text}近い空きは、{named}です。" if named else text


def _again(
    screen: Screen,
    found: Booking,
    action: str,
    typed: Mapping[str, str],
    wrong: Sequence[FieldMessage],
    *,
    status: int,
) -> Response[bytes]:
    """The booking as it is now, with what was wrong and what was typed."""
    scope = screen.staff.organisation
    now = queries.view(screen.ledger, found.reference, screen.staff.actor, scope)
    return booking_page(screen, now, opened=action, typed=typed, errors=wrong, status=status)
