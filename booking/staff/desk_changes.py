"""休止・臨時: the dated changes of one's desks: those that hold, one more, a file of them, a preview.

Nothing is changed before a preview was seen; what it showed is sent back as days and times, and
judged anew when it is made.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from booking.desks.dated_files import MOST_BYTES, read_dated_file
from booking.errors import (
    BookingsTouched,
    ChangedMeanwhile,
    FieldError,
    Invalid,
    KeyReused,
    Refusal,
)
from booking.http import FieldMessage, TheLedger, field_messages, status_of
from booking.ledger import desk_changes
from booking.ledger.contact import clean
from booking.ledger.dated_imports import Foreseen, changes_from, consultations_of, foreseen
from booking.ledger.ledger import Ledger
from booking.signed_in import Screen, TheForm, TheScreen, TheStaff, see_other
from booking.staff import desk_change_forms as forms
from booking.staff.desk_change_forms import FILE, Typed
from booking.staff.desk_changes_page import (
    Preview,
    changes_page,
    preview_page,
    withdrawal_page,
)
from slots.zone import local_date

# With room for the other fields, and for the words of 300 days in an address's escapes.
LARGEST_FILE_FORM = MOST_BYTES + 100_000
CHANGED = "予約か、選んだ日が変わりました。いまの内容を確かめて、もう一度登録してください。"


@get("/changes", sync_to_thread=True)
def listed(request: Request[Any, Any, Any], screen: TheScreen) -> Response[bytes]:
    """The changes that hold, and the forms for more."""
    return changes_page(screen, done=request.query_params.get("done", ""))


@post("/changes", sync_to_thread=True)
def check(form: TheForm, ledger: TheLedger, staff: TheStaff, screen: TheScreen) -> Response[bytes]:
    """What one change would do. Nothing is changed yet."""
    name = str(form.get("form", ""))
    sent = forms.typed(form, name)
    try:
        if name not in forms.DAYS:
            raise Invalid([FieldError("changes", "unreadable")])
        scope, data = forms.change_typed(ledger, staff, sent)
        found = foreseen(ledger, scope, name, [data])
    except Invalid as refusal:
        return _again(screen, sent, refusal)
    return preview_page(screen, Preview(scope, name, found))


@post("/changes/file", sync_to_thread=True, request_max_body_size=LARGEST_FILE_FORM)
def check_file(
    form: TheForm, ledger: TheLedger, staff: TheStaff, screen: TheScreen
) -> Response[bytes]:
    """What the days of a file would do. Nothing is changed yet; a broken file is refused whole."""
    sent = forms.typed({k: v for k, v in form.items() if isinstance(v, str)}, FILE)
    try:
        reading = forms.reading_typed(ledger, staff, sent)
        wanted = reading.wanted
        zone = _zone(ledger, wanted.scope)
        file = read_dated_file(
            _bytes_of(form.get("file_file")),
            zone_name=zone,
            today=local_date(ledger.now(), zone),
            fiscal_year=reading.fiscal_year,
            until=reading.until,
        )
        several, passed = changes_from(ledger, wanted, file.stretches)
        if not several:
            return preview_page(
                screen, Preview(wanted.scope, wanted.kind, Foreseen((), ""), file, passed)
            )
        found = foreseen(ledger, wanted.scope, wanted.kind, several)
    except Invalid as refusal:
        return _again(screen, sent, refusal)
    return preview_page(screen, Preview(wanted.scope, wanted.kind, found, file, passed))


@post("/changes/make", sync_to_thread=True, request_max_body_size=LARGEST_FILE_FORM)
def make(form: TheForm, ledger: TheLedger, staff: TheStaff, screen: TheScreen) -> Response[bytes]:
    """Make the changes that the preview showed, all or none; show it again where things changed."""
    kind = str(form.get("kind", ""))
    typed = {name: clean(str(form.get(name, ""))) for name in ("bookings", "reason", "seen")}
    key = clean(str(form.get("idempotency_key", ""))) or None
    try:
        scope = forms.allowed_scope(ledger, staff, str(form.get("scope", "")))
        several = forms.changes_sent(form)
        made = desk_changes.make_all(
            ledger,
            scope,
            kind,
            several,
            actor=staff.actor,
            bookings_do=_what(typed["bookings"]),
            reason=typed["reason"],
            key=key,
            seen=typed["seen"],
        )
    except (BookingsTouched, ChangedMeanwhile) as refusal:
        error = _said(refusal)
        return _preview_again(screen, scope, kind, several, typed, key, [error], status_of(refusal))
    except Invalid as refusal:
        wrong = field_messages(refusal)
        if any(one.field == "reason" for one in wrong):
            return _preview_again(screen, scope, kind, several, typed, key, wrong, 422)
        return changes_page(screen, errors=[FieldMessage("", one.message) for one in wrong])
    except KeyReused as refusal:
        text = "この画面の変更は、もう登録されています。一覧を確かめてください。"
        errors = [FieldMessage("", text)]
        return changes_page(screen, errors=errors, status=status_of(refusal))
    return see_other(f"/staff/changes?done=made-{len(made)}")


@post("/changes/{change:str}/withdraw", sync_to_thread=True)
def withdraw(
    change: FromPath[str], form: TheForm, ledger: TheLedger, staff: TheStaff, screen: TheScreen
) -> Response[bytes]:
    """Take a change back; where that touches bookings, ask what becomes of them."""
    typed = {name: clean(str(form.get(name, ""))) for name in ("bookings", "reason")}
    try:
        desk_changes.withdraw(
            ledger,
            change,
            actor=staff.actor,
            organisation=staff.organisation,
            bookings_do=_what(typed["bookings"]),
            reason=typed["reason"],
        )
    except BookingsTouched as refusal:
        # The first press asked for nothing yet.
        errors = [_said(refusal)] if "reason" in form else []
        return withdrawal_page(screen, change, typed, errors, status_of(refusal))
    except Invalid as refusal:
        return withdrawal_page(screen, change, typed, field_messages(refusal), 422)
    return see_other("/staff/changes?done=withdrawn")


def _what(typed: str) -> desk_changes.What | None:
    return "keep" if typed == "keep" else "follow" if typed == "follow" else None


def _said(refusal: Refusal) -> FieldMessage:
    if isinstance(refusal, BookingsTouched):
        (error,) = field_messages(Invalid([FieldError("bookings", "required")]))
        return error
    return FieldMessage("", CHANGED)


def _zone(ledger: Ledger, scope: str) -> str:
    found = consultations_of(ledger, scope)
    return found[0].zone if found else ledger.catalogue.desk(scope).zone


def _bytes_of(sent: Any) -> bytes:
    return sent.file.read(MOST_BYTES + 1) if isinstance(sent, UploadFile) else b""


def _again(screen: Screen, sent: Typed, refusal: Invalid) -> Response[bytes]:
    """The page with what was typed, but for the file, which has to be chosen anew."""
    errors = sent.messages(refusal)
    values = {f"{sent.form}_{name}": value for name, value in sent.fields.items()}
    return changes_page(screen, opened=sent.form, values=values, errors=errors, status=422)


def _preview_again(
    screen: Screen,
    scope: str,
    kind: str,
    several: Sequence[Mapping[str, Any]],
    typed: Mapping[str, str],
    key: str | None,
    errors: Sequence[FieldMessage],
    status: int,
) -> Response[bytes]:
    try:
        found = foreseen(screen.ledger, scope, kind, several)
    except Invalid as refusal:
        wrong = [FieldMessage("", one.message) for one in field_messages(refusal)]
        return changes_page(screen, errors=wrong, status=422)
    preview = Preview(scope, kind, found, values=typed, key=key)
    return preview_page(screen, preview, errors=errors, status=status)


PAGES = [listed, check, check_file, make, withdraw]
