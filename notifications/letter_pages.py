"""Staff's page of what is to be posted, 郵送リスト, and the letters as PDF."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post, route
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from booking.errors import NotFound
from booking.http import READ, TheLedger, TheSettings
from booking.i18n import date_and_time, short_date
from booking.ledger.access import Staff
from booking.ledger.ledger import Ledger
from booking.paper import CannotPrint, what_lacks
from booking.settings import Settings
from booking.signed_in import TheForm, TheScreen, TheStaff
from notifications import words_kept
from notifications.addresses import address_of
from notifications.channels.letter_list import Outcome, Waiting, letter, letters, record
from notifications.letter import letter_of, letters_pdf
from notifications.policy import KINDS, LETTER
from notifications.render import render
from notifications.ticker import channels_of
from slots.zone import local

PATH = "/staff/letters"
ALL = "all"
SOON = timedelta(hours=24)
# The browser's own viewer opens a PDF only without the pages' rules for what they may load.
PDF_HEADERS = {
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
NOTED: Mapping[str, tuple[str, str]] = {
    Outcome.POSTED: ("ok", "投函済みとして記録しました。"),
    Outcome.NOT_POSTED: (
        "ok",
        "送れない手紙として記録しました。ほかの手段でお知らせします。電話リストも確かめてください。",
    ),
    "stale": (
        "warn",
        "記録しませんでした。この手紙は、いま見た一覧のあとに記録されたか、用件が変わりました。"
        "まだ投函していないものは、投函せずに破棄してください。",
    ),
}


@get("/letters", sync_to_thread=True)
def letter_list(
    request: Request[Any, Any, Any], ledger: TheLedger, staff: TheStaff, screen: TheScreen
) -> Response[bytes]:
    """What is to be posted now. That the names and addresses were seen is a fact of each booking."""
    found = letters(ledger, staff.actor, staff.organisation)
    noted = NOTED.get(request.query_params.get("noted", ""))
    view = {
        "letters": [_shown(ledger, one) for one in found],
        "all_href": f"{PATH}/{ALL}.pdf" if any(_printable(ledger, one) for one in found) else None,
        "cannot_print": what_lacks(),
        "message": {"kind": noted[0], "text": noted[1]} if noted else None,
    }
    return screen.show("staff/letters.html", view, current="letters")


@route("/letters/{file:str}", http_method=READ, sync_to_thread=True)
def letter_file(
    file: FromPath[str],
    ledger: TheLedger,
    settings: TheSettings,
    staff: TheStaff,
    screen: TheScreen,
) -> Response[bytes]:
    """A letter, or all that are to be posted now, to be printed. Raises NotFound."""
    which, _, suffix = file.rpartition(".")
    if suffix != "pdf":
        raise NotFound
    if which == ALL:
        found = letters(ledger, staff.actor, staff.organisation)
    else:
        found = [letter(ledger, _number(which), staff.actor, staff.organisation)]
    ready = [
        letter_of(ledger, settings, one.booking, one.kind, one.ref)
        for one in found
        if _printable(ledger, one)
    ]
    if not ready:
        raise NotFound
    try:
        pdf = letters_pdf(ready, ledger.now())
    except CannotPrint as error:
        view = {"title": "印刷できません", "remedy": f"管理者に知らせてください：{error}"}
        return screen.show("staff_refused.html", view, status=503)
    name = f"letter-{ready[0].reference}.pdf" if which != ALL else "letters.pdf"
    headers = PDF_HEADERS | {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@post("/letters/{letter_id:str}", sync_to_thread=True)
def note(
    letter_id: FromPath[str],
    form: TheForm,
    ledger: TheLedger,
    settings: TheSettings,
    staff: TheStaff,
) -> Response[Any]:
    """Note what became of a letter, and show the list again. Raises NotFound for an unknown outcome."""
    outcome, tries = str(form.get("outcome", "")), str(form.get("tries", ""))
    if outcome not in set(Outcome):
        raise NotFound
    recorded = record(
        ledger,
        _number(letter_id),
        Outcome(outcome),
        actor=staff.actor,
        seen_tries=_number(tries),
        organisation=staff.organisation,
        said=_said(ledger, settings, _number(letter_id), staff)
        if outcome == Outcome.POSTED
        else None,
        available=tuple(channels_of(settings)),
    )
    return Redirect(f"{PATH}?noted={outcome if recorded else 'stale'}", status_code=303)


def _number(typed: str) -> int:
    """A row's number. Raises NotFound for anything else, also for one that no database holds."""
    if not re.fullmatch(r"[0-9]{1,18}", typed):
        raise NotFound
    return int(typed)


def _shown(ledger: Ledger, one: Waiting) -> dict[str, Any]:
    booking, contact = one.booking, one.booking.contact
    late = one.post_by is not None and one.post_by - ledger.now() < SOON
    return {
        "id": one.id,
        "action": f"{PATH}/{one.id}",
        "pdf": f"{PATH}/{one.id}.pdf" if _printable(ledger, one) else None,
        "late": late,
        "why": KINDS[one.kind].label if one.kind in KINDS else one.kind,
        "reference": booking.reference,
        "href": f"/staff/bookings/{booking.reference}",
        "name": contact.name,
        "kana": contact.kana,
        "address": contact.safe.address.splitlines(),
        "unsafe": one.unsafe,
        "until": date_and_time(local(one.post_by, booking.zone)) if one.post_by else None,
        "since": short_date(local(one.due_at, booking.zone).date()),
        "tries": one.tries,
    }


def _printable(ledger: Ledger, one: Waiting) -> bool:
    """Whether it has an address and words: a desk's file may be gone while its letters wait."""
    known = one.booking.consultation in ledger.catalogue.consultations
    return known and address_of(one.booking, LETTER) is not None


def _said(ledger: Ledger, settings: Settings, letter_id: int, staff: Staff) -> bytes | None:
    """What the letter tells, sealed; None where it is no longer on the list."""
    try:
        one = letter(ledger, letter_id, staff.actor, staff.organisation)
    except NotFound:
        return None
    if not _printable(ledger, one):
        return None
    told = render(ledger, settings, one.booking, one.kind, LETTER, one.ref)
    return words_kept.sealed(ledger.store.keyring, one.ref, told)


HANDLERS: Sequence[ControllerRouterHandler] = (letter_list, letter_file, note)
