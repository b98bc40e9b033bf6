"""The pages of 休止・臨時: the list with its forms, a preview, and taking a change back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from litestar import Response

from booking.desks.dated_files import DatedFile
from booking.http import FieldMessage
from booking.i18n import clock_time, short_date
from booking.ledger import access, desk_changes
from booking.ledger.access import Staff
from booking.ledger.change_asked import serving
from booking.ledger.dated_imports import Effect, Foreseen, Passed, hit_by_withdrawal, shown_day
from booking.ledger.desk_changes import DeskChange
from booking.ledger.ledger import Ledger
from booking.signed_in import Screen
from booking.staff import desk_change_words as words
from booking.staff import shown
from booking.staff.desk_change_forms import changes_kept
from slots.changes import Change, Closure
from slots.roster import Absence
from slots.zone import fiscal_year_of, local

CURRENT = "changes"
# A lawyer's own calendar has hundreds of entries that concern no session.
MOST_PASSED = 50
# What the notice above the list says; `made-3` is three of them.
DONE: Mapping[str, str] = {"withdrawn": "取り下げました。もとの予定に戻っています。"}


@dataclass(frozen=True)
class Preview:
    """What is to be shown before it is made; `file` and `passed` where it came from a file."""

    scope: str
    kind: str
    found: Foreseen
    file: DatedFile | None = None
    passed: Sequence[Passed] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None


def changes_page(
    screen: Screen,
    *,
    done: str = "",
    opened: str = "",
    values: Mapping[str, str] | None = None,
    errors: Sequence[FieldMessage] = (),
    status: int = 0,
) -> Response[bytes]:
    """The changes that hold, the next first, and the forms for more."""
    ledger, staff = screen.ledger, screen.staff
    today = shown.today(ledger)
    usual = {"file_fiscal_year": str(fiscal_year_of(today)), "file_kind": "closures"}
    view = {
        "standing": _standing(ledger, staff),
        "scopes": _scopes(ledger, staff),
        "consultations": [
            {"value": key, "text": shown.label(ledger, key)}
            for key in shown.consultations_of(ledger, staff)
        ],
        "people": [{"value": one, "text": one} for one in _people(ledger, staff)],
        "opened": opened,
        "values": usual | dict(values or {}),
        "errors": list(errors),
    }
    if said := _done(done):
        view["message"] = {"kind": "ok", "text": said}
    code = status or (422 if errors else 200)
    return screen.show("staff/changes.html", view, current=CURRENT, status=code)


def preview_page(
    screen: Screen,
    preview: Preview,
    *,
    errors: Sequence[FieldMessage] = (),
    status: int = 200,
) -> Response[bytes]:
    """What each change would do, and the button that makes them."""
    found, file = preview.found, preview.file
    view = {
        "scope": preview.scope,
        "scope_name": scope_name(screen.ledger, preview.scope),
        "kind": preview.kind,
        "kind_name": words.KIND.get(preview.kind, ""),
        "rows": [_row(n, one) for n, one in enumerate(found.effects)],
        "passed": [_passed(one) for one in preview.passed[:MOST_PASSED]],
        "passed_more": max(0, len(preview.passed) - MOST_PASSED),
        "touched": sum(len(one.follow) + len(one.lost) for one in found.effects),
        "touches": found.touches,
        "costs": found.costs,
        "sessions": sum(len(one.sessions) for one in found.effects),
        "file": _file(file) if file else None,
        "changes": changes_kept([one.data for one in found.effects]),
        "seen": found.mark,
        "values": dict(preview.values),
        "errors": list(errors),
        "key": preview.key or screen.ledger.chance.token(),
    }
    return screen.show("staff/changes_preview.html", view, current=CURRENT, status=status)


def withdrawal_page(
    screen: Screen,
    change: str,
    values: Mapping[str, str],
    errors: Sequence[FieldMessage],
    status: int,
) -> Response[bytes]:
    """What taking a change back would do to bookings, and the choice. Raises NotFound."""
    one = desk_changes.standing_one(screen.ledger, change, screen.staff.organisation)
    follow, lost = hit_by_withdrawal(screen.ledger, one)
    view = {
        "change": _listed(screen.ledger, one, {}),
        "bookings": [
            *(words.booking(each, lost=True) for each in lost),
            *(words.booking(each, lost=False) for each in follow),
        ],
        "costs": bool(lost),
        "values": dict(values),
        "errors": list(errors),
    }
    return screen.show("staff/changes_withdraw.html", view, current=CURRENT, status=status)


def scope_name(ledger: Ledger, scope: str) -> str:
    """What a desk or a consultation is called."""
    desk = ledger.catalogue.desks.get(scope)
    return f"{desk.short_name or desk.name}（窓口全体）" if desk else shown.label(ledger, scope)


def _done(code: str) -> str:
    made, _, count = code.partition("-")
    if made == "made" and count.isascii() and count.isdecimal() and len(count) < 4:
        return f"{int(count)}件を登録しました。"
    return DONE.get(code, "")


def _scopes(ledger: Ledger, staff: Staff) -> list[dict[str, Any]]:
    """Desks and their consultations, as groups of a select."""
    by_desk: dict[str, list[str]] = {}
    for key in shown.consultations_of(ledger, staff):
        by_desk.setdefault(key.rsplit("/", 1)[0], []).append(key)
    return [
        {
            "label": ledger.catalogue.desk(desk).name,
            "options": [
                {"value": desk, "text": scope_name(ledger, desk)},
                *({"value": key, "text": shown.label(ledger, key)} for key in keys),
            ],
        }
        for desk, keys in by_desk.items()
    ]


def _people(ledger: Ledger, staff: Staff) -> list[str]:
    keys = shown.consultations_of(ledger, staff)
    return sorted({who for key in keys for who in serving(ledger.catalogue, key)})


def _standing(ledger: Ledger, staff: Staff) -> list[dict[str, Any]]:
    """The changes whose days are not over, the next first; then those that cannot be read."""
    names, today = access.actor_names(ledger), shown.today(ledger)
    found = []
    for one in desk_changes.standing(ledger, staff.organisation):
        change = words.read(one.kind, one.data)
        if change is not None and _last_day(change) < today:
            continue
        day = shown_day(change).isoformat() if change else "~"
        found.append((day, one.made_at, _listed(ledger, one, names)))
    return [row for _, _, row in sorted(found, key=lambda it: it[:2])]


def _last_day(change: Change | Absence) -> date:
    if isinstance(change, Closure | Absence):
        return change.last
    return max(change.session, shown_day(change))


def _listed(ledger: Ledger, one: DeskChange, names: Mapping[str, str]) -> dict[str, Any]:
    change = words.read(one.kind, one.data)
    desk = ledger.catalogue.desks.get("/".join(one.scope.split("/")[:2]))
    made = local(one.made_at, desk.zone) if desk else one.made_at
    return {
        "id": one.id,
        "kind": words.KIND.get(one.kind, one.kind),
        "days": words.days(change),
        "more": words.more(change),
        "scope": scope_name(ledger, one.scope),
        "who": names.get(one.made_by, ""),
        "made": f"{short_date(made.date())}{clock_time(made)}",
    }


def _row(number: int, one: Effect) -> dict[str, Any]:
    return {
        "number": number,
        "days": words.days(one.change),
        "more": words.more(one.change),
        "sessions": [words.session(session) for session in one.sessions],
        "note": words.NOTE.get(one.note, ""),
        "bookings": [
            *(words.booking(each, lost=True) for each in one.lost),
            *(words.booking(each, lost=False) for each in one.follow),
        ],
    }


def _passed(one: Passed) -> dict[str, Any]:
    stretch = one.stretch
    days = words.span(stretch.first, stretch.last)
    if stretch.end is not None:
        days = f"{days} {words.times(stretch.start, stretch.end)}"
    return {"line": stretch.line, "days": days, "why": words.PASSED[one.why]}


def _file(file: DatedFile) -> dict[str, Any]:
    return {
        "kind": "カレンダー（.ics）" if file.kind == "calendar" else "日付の一覧（CSV）",
        "charset": file.charset,
        "count": len(file.stretches),
        "left_out": [
            words.LEFT_OUT[name].format(count=count) for name, count in file.left_out.items()
        ],
    }
