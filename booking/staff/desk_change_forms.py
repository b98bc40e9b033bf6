"""The forms for dated changes: what was typed, as a desk file would say it. Fields bear the form's name."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from booking.desks.written_dates import Unreadable, read_day
from booking.errors import FieldError, Invalid
from booking.http import FieldMessage, field_messages
from booking.ledger.access import Staff
from booking.ledger.contact import clean
from booking.ledger.dated_imports import MOST_CHANGES, Wanted
from booking.ledger.ledger import Ledger
from booking.staff import shown
from booking.staff.wall import typed_time

FILE = "file"
DAYS: Mapping[str, tuple[str, ...]] = {
    "closures": ("first", "last"),
    "absences": ("first", "last"),
    "extra_sessions": ("session",),
    "moved_sessions": ("session", "to"),
}
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Typed:
    """One of the page's forms as it was sent: its own fields, without its name before them."""

    form: str
    fields: Mapping[str, str]

    def text(self, name: str) -> str:
        """What was typed there, cleaned."""
        return clean(self.fields.get(name))

    def messages(self, refusal: Invalid) -> list[FieldMessage]:
        """The errors, at this form's fields."""
        return [
            FieldMessage(f"{self.form}_{one.field}", one.message) for one in field_messages(refusal)
        ]


def typed(form: Mapping[str, Any], name: str) -> Typed:
    """The fields of the form called `name`."""
    prefix = f"{name}_"
    own = {key: str(value) for key, value in form.items() if key.startswith(prefix)}
    return Typed(name, {key.removeprefix(prefix): value for key, value in own.items()})


def allowed_scope(ledger: Ledger, staff: Staff, scope: str) -> str:
    """`scope`, if it is a desk or consultation that `staff` serve. Raises Invalid."""
    if not scope:
        raise Invalid([FieldError("scope", "required")])
    served = shown.consultations_of(ledger, staff)
    if scope in served or scope in {key.rsplit("/", 1)[0] for key in served}:
        return scope
    raise Invalid([FieldError("scope", "unknown")])


def change_typed(ledger: Ledger, staff: Staff, sent: Typed) -> tuple[str, dict[str, Any]]:
    """The scope and the change of one form. Raises Invalid, naming each field."""
    errors: list[FieldError] = []
    data: dict[str, Any] = {}
    scope = _scope(ledger, staff, sent, errors)
    for name in DAYS[sent.form]:
        _day(sent, name, data, errors)
    if "last" in data and "first" in data and data["last"] < data["first"]:
        errors.append(FieldError("last", "before-first"))
    if sent.form in ("closures", "extra_sessions"):
        _times(sent, data, errors)
    if sent.form == "absences":
        data["who"] = _who(sent, errors)
    elif text := _text(sent, errors):
        data["text"] = text
    if sent.form == "extra_sessions" and (seats := sent.text("seats")):
        if re.fullmatch(r"[0-9]{1,3}", seats) and int(seats):
            data["seats"] = int(seats)
        else:
            errors.append(FieldError("seats", "not-a-count"))
    if errors:
        raise Invalid(errors)
    return scope, data


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a file is to be read: what it becomes, the fiscal year of its dates, and up to which day."""

    wanted: Wanted
    fiscal_year: int | None
    until: date | None


def reading_typed(ledger: Ledger, staff: Staff, sent: Typed) -> Reading:
    """What was chosen beside a file. Raises Invalid, naming each field."""
    errors: list[FieldError] = []
    times: dict[str, Any] = {}
    scope = _scope(ledger, staff, sent, errors)
    kind = sent.text("kind")
    who = ""
    if kind == "absences":
        who = _who(sent, errors)
    elif kind == "extra_sessions" and (sent.text("start") or sent.text("end")):
        _times(sent, times, errors)
    year = sent.text("fiscal_year")
    if year and not re.fullmatch(r"20[0-9]{2}", year):
        errors.append(FieldError("fiscal_year", "not-a-year"))
    until: dict[str, str] = {}
    _day(sent, "last", until, errors)
    text = _text(sent, errors)
    if errors:
        raise Invalid(errors)
    titles = sent.text("titles") == "1"
    return Reading(
        wanted=Wanted(scope=scope, kind=kind, who=who, text=text, titles=titles, **times),
        fiscal_year=int(year) if year else None,
        until=date.fromisoformat(until["last"]) if until else None,
    )


def changes_sent(form: Any) -> list[dict[str, Any]]:
    """The changes that a preview sent along, those whose box is ticked. Raises Invalid.

    Whatever else comes is no change: the ledger reads each anew.
    """
    try:
        found = json.loads(str(form.get("changes", "")))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not 0 < len(found) <= MOST_CHANGES:
        raise Invalid([FieldError("changes", "unreadable")])
    ticked = {str(one) for one in form.getall("take", [])}
    chosen = [one for n, one in enumerate(found) if str(n) in ticked]
    if not all(isinstance(one, dict) for one in chosen):
        raise Invalid([FieldError("changes", "unreadable")])
    if not chosen:
        raise Invalid([FieldError("take", "required")])
    return chosen


def changes_kept(several: Sequence[Mapping[str, Any]]) -> str:
    """The changes as a preview keeps them: days, times and what people will read, nothing else."""
    return json.dumps([dict(one) for one in several], ensure_ascii=False, separators=(",", ":"))


def _scope(ledger: Ledger, staff: Staff, sent: Typed, errors: list[FieldError]) -> str:
    try:
        return allowed_scope(ledger, staff, sent.text("scope"))
    except Invalid as refusal:
        errors += refusal.errors
        return ""


def _day(sent: Typed, name: str, data: dict[str, Any], errors: list[FieldError]) -> None:
    text = sent.text(name)
    if not text:
        if name != "last":
            errors.append(FieldError(name, "missing"))
        return
    try:
        data[name] = read_day(text, None).isoformat()
    except Unreadable:
        errors.append(FieldError(name, "not-written"))


def _times(sent: Typed, data: dict[str, Any], errors: list[FieldError]) -> None:
    """Both times; a closure may do without."""
    if sent.form == "closures" and not sent.text("start") and not sent.text("end"):
        return
    for name in ("start", "end"):
        at = typed_time(sent.text(name))
        if at is None:
            errors.append(FieldError(name, "not-a-time"))
        else:
            data[name] = at.isoformat("minutes")
    if "start" in data and "end" in data and data["end"] <= data["start"]:
        errors.append(FieldError("end", "before-start"))


def _who(sent: Typed, errors: list[FieldError]) -> str:
    who = sent.text("who")
    if not who:
        errors.append(FieldError("who", "required"))
    return who


def _text(sent: Typed, errors: list[FieldError]) -> str:
    text = sent.text("text")
    if len(text) > LONGEST_TEXT:
        errors.append(FieldError("text", "too-long"))
    return text
