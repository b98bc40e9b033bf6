"""紹介コード: a counsellor issues one, reads it aloud once, and it opens one booking with experts."""

from typing import Any

from litestar import Response, get, post

from booking.errors import FieldError, Invalid
from booking.http import TheLedger, field_messages
from booking.i18n import clock_time, era_date
from booking.ledger import access, referral
from booking.ledger.ledger import Ledger
from booking.ledger.referral import VALID_DAYS, Referral
from booking.signed_in import Screen, TheForm, TheScreen, TheStaff
from booking.staff import shown
from slots.zone import local


@get("/referrals", sync_to_thread=True)
def listed(screen: TheScreen) -> Response[bytes]:
    """The codes that were issued, and the form for the next."""
    return _page(screen)


@post("/referrals", sync_to_thread=True)
def issue(form: TheForm, ledger: TheLedger, staff: TheStaff, screen: TheScreen) -> Response[bytes]:
    """A new code, shown on this page and never again: it is kept only as a keyed hash."""
    asked = str(form.get("consultation", ""))
    if asked not in referral.referred(ledger, staff.organisation):
        errors = field_messages(Invalid([FieldError("consultation", "no-referral")]))
        return _page(screen, errors=errors, status=422)
    code = referral.issue(ledger, asked, actor=staff.actor)
    return _page(screen, code=code, consultation=asked)


def _page(
    screen: Screen,
    *,
    code: str = "",
    consultation: str = "",
    errors: list[Any] | None = None,
    status: int = 200,
) -> Response[bytes]:
    ledger, scope = screen.ledger, screen.staff.organisation
    keys = referral.referred(ledger, scope)
    names = access.actor_names(ledger)
    view = {
        "code": code,
        "code_for": shown.label(ledger, consultation) if consultation else "",
        "options": [{"value": key, "text": shown.label(ledger, key)} for key in keys],
        "values": {"consultation": consultation or (keys[0] if len(keys) == 1 else "")},
        "errors": errors or [],
        "issued": [_row(ledger, one, names) for one in referral.issued(ledger, scope)],
        "valid_days": VALID_DAYS,
    }
    return screen.show("staff/referrals.html", view, current="referrals", status=status)


def _row(ledger: Ledger, found: Referral, names: dict[str, str]) -> dict[str, str]:
    zone = ledger.catalogue.consultation(found.consultation).zone
    at, until = local(found.issued_at, zone), local(found.expires_at, zone)
    used = "使いました" if found.used else ""
    ended = "期限が過ぎました" if found.expires_at <= ledger.now() else "まだ使われていません"
    return {
        "at": f"{era_date(at.date())}{clock_time(at)}",
        "until": era_date(until.date()),
        "consultation": shown.label(ledger, found.consultation),
        "who": names.get(found.issued_by, ""),
        "state": used or ended,
        "kind": "ok" if found.used else "plain",
    }
