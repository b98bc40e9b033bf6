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
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.ledger.telephone import parse_phone
from booking.settings import Settings
from booking.signed_in import TheForm, TheScreen, TheStaff, staff_router
from notifications import letter_pages, message_words
from notifications.channels import letter_list
from notifications.channels.call_list import (
    Call,
    Outcome,
    calls,
    record,
    waiting_count,
)
from notifications.health import Health, health
from notifications.policy import KINDS, MOST_CALLS
from notifications.safe_words import safe_words
from notifications.view import view_of
from notifications.wording import words
from slots.zone import local

PATH = "/staff/calls"
# What stands among the calls and was none: the message was put back on the list.
BACK = "電話リストに戻した"
ZONE = "Asia/Tokyo"
OUTCOME: Mapping[str, str] = {
    Outcome.DONE: "了",
    Outcome.ABSENT: "不在",
    Outcome.VOICEMAIL: "留守電",
}
GIVEN_UP = "given-up"
NOTED: Mapping[str, tuple[str, str]] = {
    Outcome.DONE: ("ok", "お伝え済みとして記録しました。"),
    Outcome.ABSENT: ("ok", "不在として記録しました。次にかける時刻は、一覧に出ています。"),
    Outcome.VOICEMAIL: ("ok", "留守電として記録しました。次にかける時刻は、一覧に出ています。"),
    GIVEN_UP: (
        "warn",
        f"{MOST_CALLS}回かけてもお出にならなかったので、電話リストから外しました。"
        "「申込」の「お届けできなかったお知らせ」で、ほかの方法を決めてください。",
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
    given_up = outcome != Outcome.DONE and int(tries) + 1 >= MOST_CALLS
    noted = GIVEN_UP if given_up else outcome
    return Redirect(f"{PATH}?noted={noted if recorded else 'stale'}", status_code=303)


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
    now = ledger.now()
    late = call.not_after and (call.not_after - now).total_seconds() < 24 * 3600
    town, phone = _office(ledger, booking)
    return {
        "id": call.id,
        "action": f"{PATH}/{call.id}",
        "late": bool(late),
        "why": KINDS[call.kind].label,
        "say": _say(ledger, settings, call),
        # What is declined is told with its reason; of a cancellation staff decide what to say.
        "reason": booking.reason if call.kind == "cancelled" else None,
        "failed": [message_words.failed(*one) for one in call.failed_by],
        "care": safe_words(contact.safe, town, phone),
        "machine": "伝言は残さない" if contact.safe.voicemail is False else "",
        "wait": _from(call.ring_from, booking.zone, now) if call.ring_from > now else None,
        "last": call.last_call,
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
        "again": _from(call.again_at, booking.zone, now)
        if call.again_at and call.again_at > now
        else None,
        "tries": call.tries,
        "earlier": [
            {"text": OUTCOME.get(one.outcome) or BACK, "at": _moment(one.at)}
            for one in call.earlier
        ],
    }


def _office(ledger: Ledger, booking: Booking) -> tuple[str, str]:
    """Who calls, and the number to be called back at: empty where the desk's file is gone."""
    organisation = ledger.catalogue.organisations.get(booking.desk.partition("/")[0])
    desk = ledger.catalogue.desks.get(booking.desk)
    phone = desk.phone() if desk else None
    return (organisation.name if organisation else "（自治体名）"), phone or ""


def _say(ledger: Ledger, settings: Settings, call: Call) -> str:
    if call.booking.consultation not in ledger.catalogue.consultations:
        return "この窓口の設定がありません。予約を開いて確かめてください。"
    return words(call.kind, "call", view_of(ledger, settings, call.booking)).strip()


def _from(at: datetime, zone: str, now: datetime) -> str:
    """午後2時, or with its day where that is another one."""
    here = local(at, zone)
    same = here.date() == local(now, zone).date()
    return clock_time(here) if same else f"{short_date(here.date())}{clock_time(here)}"


def _moment(at: datetime) -> str:
    shown = local(at, ZONE)
    return f"{short_date(shown.date())}{shown.hour}:{shown.minute:02}"
