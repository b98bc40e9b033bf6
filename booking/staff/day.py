"""当日: the parties of one day by time, and what became of each."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from litestar import Request, Response, get, post

from booking.http import TheLedger
from booking.i18n import era_date
from booking.ledger import queries
from booking.ledger.application import YEARS
from booking.ledger.booking import Booking
from booking.ledger.status import Status
from booking.signed_in import READS, Screen, TheForm, TheScreen, TheStaff
from booking.staff import shown, words
from booking.staff.actions import allowed
from slots.zone import local_date

BUTTONS = {"arrive": "来所", "done": "相談済み", "no-show": "来所なし"}


@get("/day", sync_to_thread=True)
def day(
    request: Request[Any, Any, Any], ledger: TheLedger, staff: TheStaff, screen: TheScreen
) -> Response[bytes]:
    """The day that `date` names, or today; names masked."""
    asked = _date(request.query_params.get("date"), shown.today(ledger))
    found = queries.on_day(ledger, asked, staff.organisation)
    just = words.DONE.get(request.query_params.get("done", ""))
    message = {"kind": "ok", "text": just} if just else None
    return _page(screen, asked, found, message=message)


@post("/day", opt=READS, sync_to_thread=True)
def named(form: TheForm, ledger: TheLedger, staff: TheStaff, screen: TheScreen) -> Response[bytes]:
    """The same with names, for the reception desk and for paper: each that is shown is a viewing."""
    asked = _date(str(form.get("date", "")), shown.today(ledger))
    found = [
        queries.view(ledger, one.reference, staff.actor, staff.organisation)
        for one in queries.on_day(ledger, asked, staff.organisation)
    ]
    return _page(screen, asked, found, names=True)


def _page(
    screen: Screen,
    asked: date,
    found: Sequence[Booking],
    *,
    names: bool = False,
    message: dict[str, Any] | None = None,
) -> Response[bytes]:
    ledger = screen.ledger
    before, after = queries.days_beside(ledger, asked, screen.staff.organisation)
    view = {
        "date": era_date(asked),
        "iso": asked.isoformat(),
        "closed": _closed(screen, asked),
        "today": asked == shown.today(ledger),
        "parties": [_party(screen, one, names=names) for one in found],
        "came": sum(one.status in (Status.ARRIVED, Status.DONE) for one in found),
        "before": _link(before),
        "after": _link(after),
        "names": names,
        "printed": era_date(local_date(ledger.now(), "Asia/Tokyo")),
        "message": message,
    }
    return screen.show("staff/day.html", view, current="day")


def _party(screen: Screen, found: Booking, *, names: bool) -> dict[str, Any]:
    line = shown.row(screen.ledger, found)
    offered = allowed(screen.ledger, found) if screen.staff.may_act else []
    line["deeds"] = [
        {"action": one, "text": text} for one, text in BUTTONS.items() if one in offered
    ]
    if names:
        line |= {"name": found.contact.name, "kana": found.contact.kana}
    return line


def _closed(screen: Screen, asked: date) -> str:
    """The holiday's name, where the organisation is closed."""
    key = screen.staff.organisation
    found = screen.ledger.catalogue.organisations.get(key) if key else None
    return (found.closed_days.name_of(asked) or "") if found else ""


def _link(found: date | None) -> dict[str, str] | None:
    if found is None:
        return None
    return {"href": f"/staff/day?date={found.isoformat()}", "text": era_date(found)}


def _date(typed: str | None, otherwise: date) -> date:
    try:
        found = date.fromisoformat(typed or "")
    except ValueError:
        return otherwise
    return found if found.year in YEARS else otherwise
