"""One's own booking, by the link that only its party has: see, move, cancel."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath
from litestar.response import Redirect

from booking.desks.marks import mark_of
from booking.errors import Invalid, Refusal, SessionFull, Taken
from booking.http import PRIVATE_HEADERS, FieldMessage, Pages, TheLedger, ThePages, TheSettings
from booking.i18n import clock_time, era_date, time_span
from booking.ledger import changes, queries
from booking.ledger.application import read_target
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.web.dates import KINDS
from booking.web.forms import ANY, form_errors, put_slot, raw_of, typed, wish_options
from booking.web.frame import View, page_view
from booking.web.promise import booking_view, rows_of
from booking.web.refusals import refused
from slots.availability import SessionAvailability
from slots.zone import local

WEB = Request[Any, Any, Any]


@get("/b/{token:str}", sync_to_thread=True)
def booking_page(
    request: WEB,
    token: FromPath[str],
    ledger: TheLedger,
    pages: ThePages,
    settings: TheSettings,
) -> Response[bytes]:
    """The booking as it stands: 仮 or 確定 in words, when, where, what to bring, what can be done."""
    return Own(request, ledger, pages, token).page(line=settings.links_line)


@get("/b/{token:str}/move", sync_to_thread=True)
def move_page(
    request: WEB, token: FromPath[str], ledger: TheLedger, pages: ThePages
) -> Response[Any]:
    """The times to choose from."""
    return Own(request, ledger, pages, token).move_form({}, [])


@post("/b/{token:str}/move", status_code=200)
async def move(
    request: WEB, token: FromPath[str], ledger: TheLedger, pages: ThePages
) -> Response[Any]:
    """Take the new time, then give up the old."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    return await sync_to_thread(_moved, request, ledger, pages, token, form)


@get("/b/{token:str}/cancel", sync_to_thread=True)
def cancel_page(
    request: WEB, token: FromPath[str], ledger: TheLedger, pages: ThePages
) -> Response[Any]:
    """Ask once; nothing is cancelled by following a link."""
    return Own(request, ledger, pages, token).cancel_form()


@post("/b/{token:str}/cancel", sync_to_thread=True, status_code=200)
def cancel(request: WEB, token: FromPath[str], ledger: TheLedger, pages: ThePages) -> Response[Any]:
    """Cancel, and show the booking as it then is."""
    own = Own(request, ledger, pages, token)
    try:
        changes.cancel(ledger, own.booking.id, actor="resident")
    except Refusal as refusal:
        return own.refused(refusal)
    return own.back()


def _moved(
    request: WEB, ledger: Ledger, pages: Pages, token: str, form: dict[str, str]
) -> Response[Any]:
    own = Own(request, ledger, pages, token)
    values = typed(form)
    try:
        if form.get("slot"):
            values = put_slot(own.consultation, values, form["slot"])
        target = read_target(own.consultation, raw_of(own.consultation, values))
        changes.move(ledger, own.booking.id, actor="resident", target=target)
    except ValueError:
        return own.move_form(values, [FieldMessage("slot", "表示された日時から選んでください。")])
    except Invalid as refusal:
        return own.move_form(form, form_errors(refusal))
    except SessionFull:
        return own.move_form(
            form, [FieldMessage(own.field, "この日は満席です。ほかの日を選んでください。")]
        )
    except Taken:
        field = "slot" if own.field == "slot" else "time"
        text = "この時間は埋まっています。ほかの時間か「どの時間でもよい」を選んでください。"
        return own.move_form(form, [FieldMessage(field, text)])
    except Refusal as refusal:
        return own.refused(refusal)
    return own.back()


class Own:
    """One request to one's own booking. Raises NotFound for an unknown token."""

    def __init__(self, request: WEB, ledger: Ledger, pages: Pages, token: str) -> None:
        self.request = request
        self.ledger = ledger
        self.pages = pages
        self.token = token
        self.booking: Booking = queries.by_token(ledger, token)
        self.consultation = ledger.catalogue.consultation(self.booking.consultation)
        self.href = f"/b/{token}"
        # By slot one picks a slot; by date a date, and a time that one would like.
        self.field = "slot" if self.consultation.allotment == "slot" else "date"

    def view(self) -> View:
        """What all pages of the booking share."""
        catalogue = self.ledger.catalogue
        return page_view(
            self.request,
            self.ledger,
            organisation=catalogue.organisation_of(self.consultation.key),
            desk=catalogue.desk_of(self.consultation.key),
            private=True,
        )

    def page(self, *, line: bool) -> Response[bytes]:
        """The booking itself. `line`: it may be linked with LINE, on a page of its own."""
        shown = booking_view(self.ledger, self.booking, self.consultation, self.href)
        desk = self.ledger.catalogue.desk_of(self.consultation.key)
        linkable = self.booking.is_open and "line" in desk.telling.order
        if line and (linkable or self.booking.line_user is not None):
            shown["booking"]["line_href"] = f"{self.href}/line"
        return self.pages.render("booking.html", self.view() | shown)

    def back(self, part: str = "") -> Response[Any]:
        """To the booking's page, or a part of it (`#name`), by 303."""
        return Redirect(f"{self.href}{part}", status_code=303, headers=PRIVATE_HEADERS)

    def refused(self, refusal: Refusal) -> Response[bytes]:
        """Why it can't be done, with the phone."""
        return refused(
            self.request, self.ledger, self.pages, self.consultation, refusal, private=True
        )

    def cancel_form(self) -> Response[Any]:
        """Asking once more."""
        if not self.booking.is_open:
            return self.back()
        shown = {"href": self.href, "rows": self._rows(), "move_href": f"{self.href}/move"}
        view = self.view() | {"booking": shown, "action": f"{self.href}/cancel"}
        return self.pages.render("cancel.html", view)

    def move_form(self, values: dict[str, str], errors: list[FieldMessage]) -> Response[Any]:
        """The times to choose from, with what was chosen."""
        if not self.booking.is_open:
            return self.back()
        view = self.view() | {
            "booking": {"href": self.href, "rows": self._rows()},
            "action": f"{self.href}/move",
            "values": values,
            "errors": errors,
            "notice": "変えたあとは、もう一度「仮の受付」になります。窓口からお電話で確定をお知らせします。",
        }
        if self.consultation.allotment == "arranged":
            view["wishes"] = wish_options(self.ledger, self.consultation)
        else:
            found = queries.upcoming(self.ledger, self.consultation.key)
            bookable = [one for one in found if one.bookable]
            view["field"] = self.field
            view["choices"] = (
                self._days(bookable) if self.field == "date" else self._slots(bookable)
            )
            view["times"] = self._times(bookable) if self.field == "date" else None
            view["values"] = {"time": ANY} | values
        return self.pages.render("move.html", view, status=422 if errors else 200)

    def _rows(self) -> list[View]:
        return [{"term": "受付番号", "text": self.booking.reference}, *rows_of(self.booking)]

    def _days(self, found: list[SessionAvailability]) -> list[View]:
        return [
            {
                "value": one.session.date.isoformat(),
                "text": era_date(one.session.date),
                "mark": {"kind": KINDS[mark_of(one)], "text": ""},
            }
            for one in found
        ]

    def _times(self, found: list[SessionAvailability]) -> list[View]:
        zone = self.consultation.zone
        starts = {local(one.slot.start, zone).time(): one for day in found for one in day.slots}
        texts = [
            {"value": f"{time:%H:%M}", "text": f"{clock_time(local(one.slot.start, zone))}から"}
            for time, one in sorted(starts.items())
        ]
        return [{"value": ANY, "text": "どの時間でもよい"}, *texts]

    def _slots(self, found: list[SessionAvailability]) -> list[View]:
        zone, choices = self.consultation.zone, []
        for one in (slot for day in found for slot in day.slots if slot.bookable):
            start, end = local(one.slot.start, zone), local(one.slot.end, zone)
            text = f"{era_date(start.date())} {time_span(start, end)}"
            choices.append({"value": start.isoformat(), "text": text})
        return choices
