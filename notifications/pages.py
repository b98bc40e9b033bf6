"""Staff's page of whom to phone: 電話リスト."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from booking.errors import NotFound
from booking.http import TheLedger, TheSettings
from booking.i18n import clock_time, date_and_time, short_date
from booking.ledger.contact import parse_phone
from booking.ledger.ledger import Ledger
from booking.settings import Settings
from booking.signed_in import TheForm, TheScreen, TheStaff, staff_router
from notifications import letter_pages
from notifications.channels import letter_list
from notifications.channels.call_list import (
    Call,
    Outcome,
    calls,
    record,
    waiting_count,
)
from notifications.health import Health, health
from notifications.policy import KINDS
from notifications.view import view_of
from notifications.wording import words
from slots.zone import local

PATH = "/staff/calls"
ZONE = "Asia/Tokyo"
OUTCOME: Mapping[str, str] = {
    Outcome.DONE: "了",
    Outcome.ABSENT: "不在",
    Outcome.VOICEMAIL: "留守電",
}
NOTED: Mapping[str, tuple[str, str]] = {
    Outcome.DONE: ("ok", "お伝え済みとして記録しました。"),
    Outcome.ABSENT: ("ok", "不在として記録しました。2時間ほどあとに、もう一度おかけください。"),
    Outcome.VOICEMAIL: (
        "ok",
        "留守電として記録しました。2時間ほどあとに、もう一度おかけください。",
    ),
    "stale": (
        "warn",
        "記録しませんでした。この電話は、いま見た一覧のあとに記録されたか、用件がなくなりました。"
        "いまの一覧を確かめてください。",
    ),
}


@get("/calls", sync_to_thread=True)
def call_list(
    request: Request[Any, Any, Any],
    ledger: TheLedger,
    settings: TheSettings,
    staff: TheStaff,
    screen: TheScreen,
) -> Response[bytes]:
    """Whom to phone now. That their names and numbers were seen is a fact of each booking."""
    found = calls(ledger, staff.actor, staff.organisation)
    town = ledger.catalogue.organisations.get(staff.organisation or "")
    noted = NOTED.get(request.query_params.get("noted", ""))
    view = {
        "calls": [_shown(ledger, settings, one) for one in found],
        "town": town.name if town else "（自治体名）",
        "message": {"kind": noted[0], "text": noted[1]} if noted else None,
    }
    return screen.show("staff/calls.html", view, current="calls")


@post("/calls/{call_id:int}", sync_to_thread=True)
def note(
    call_id: FromPath[int], form: TheForm, ledger: TheLedger, staff: TheStaff
) -> Response[Any]:
    """Note how a call ended, and show the list again. Raises NotFound for an unknown outcome."""
    outcome, tries = str(form.get("outcome", "")), str(form.get("tries", ""))
    if outcome not in OUTCOME or not (tries.isascii() and tries.isdecimal()):
        raise NotFound
    recorded = record(
        ledger,
        call_id,
        Outcome(outcome),
        actor=staff.actor,
        seen_tries=int(tries),
        organisation=staff.organisation,
    )
    return Redirect(f"{PATH}?noted={outcome if recorded else 'stale'}", status_code=303)


def routes() -> Sequence[ControllerRouterHandler]:
    """The pages' routes."""
    return (staff_router([call_list, note, *letter_pages.HANDLERS]),)


def telling(ledger: Ledger, organisation: str | None) -> dict[str, Any]:
    """What every staff page shows of it: whether messages go out, and how many wait for a call or a letter."""
    return {
        "notification_state": state_words(health(ledger)),
        "counts": {
            "calls": waiting_count(ledger, organisation),
            "letters": letter_list.waiting_count(ledger, organisation),
        },
    }


def state_words(now: Health) -> dict[str, str]:
    """Whether messages go out, as the sign in the frame of staff's pages: kind and text."""
    if not now.ticking:
        return {"kind": "error", "text": "通知が止まっています。管理者に知らせてください。"}
    if now.late:
        return {"kind": "warn", "text": f"通知が遅れています（{now.due}件）"}
    return {"kind": "ok", "text": "通知は正常"}


def _shown(ledger: Ledger, settings: Settings, call: Call) -> dict[str, Any]:
    booking, contact = call.booking, call.booking.contact
    parsed = parse_phone(contact.phone)
    late = call.not_after and (call.not_after - ledger.now()).total_seconds() < 24 * 3600
    return {
        "id": call.id,
        "action": f"{PATH}/{call.id}",
        "late": bool(late),
        "why": KINDS[call.kind].label,
        "say": _say(ledger, settings, call),
        # What is declined is told with its reason; of a cancellation staff decide what to say.
        "reason": booking.reason if call.kind == "cancelled" else None,
        "mail_failed": call.failed_by is not None,
        "reference": booking.reference,
        "href": f"/staff/bookings/{booking.reference}",
        "name": contact.name,
        "kana": contact.kana,
        "phone": contact.phone,
        "tel": parsed[1] if parsed else contact.phone,
        "needs": contact.needs,
        "language": contact.language if contact.language != "ja" else None,
        "until": date_and_time(local(call.not_after, booking.zone)) if call.not_after else None,
        "since": _moment(call.due_at),
        "again": clock_time(local(call.again_at, booking.zone))
        if call.again_at and call.again_at > ledger.now()
        else None,
        "tries": call.tries,
        "earlier": [
            {"text": OUTCOME.get(one.outcome, ""), "at": _moment(one.at)} for one in call.earlier
        ],
    }


def _say(ledger: Ledger, settings: Settings, call: Call) -> str:
    if call.booking.consultation not in ledger.catalogue.consultations:
        return "この窓口の設定がありません。予約を開いて確かめてください。"
    return words(call.kind, "call", view_of(ledger, settings, call.booking)).strip()


def _moment(at: datetime) -> str:
    shown = local(at, ZONE)
    return f"{short_date(shown.date())}{shown.hour}:{shown.minute:02}"
