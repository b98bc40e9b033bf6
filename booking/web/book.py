"""A resident's request: the form, the check, and the act."""

from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from booking.errors import FieldError, Invalid, Refusal, SessionFull, Taken
from booking.http import (
    PRIVATE_HEADERS,
    FieldMessage,
    Pages,
    TheLedger,
    ThePages,
    TheSettings,
    status_of,
)
from booking.i18n import TIES, clock_time, era_date, time_span
from booking.ledger import queries, requests
from booking.ledger.application import Application, Target, read_application
from booking.ledger.contact import Contact
from booking.ledger.ledger import Ledger
from booking.settings import Settings
from booking.web.dates import promise, session_times
from booking.web.forms import (
    ANY,
    arranging,
    form_errors,
    put_slot,
    raw_of,
    tie_options,
    time_options,
    typed,
    wish_lines,
    wish_options,
)
from booking.web.frame import View, page_view
from booking.web.reach import reach_form, reach_lines
from booking.web.refusals import refused
from slots.availability import SessionAvailability
from slots.desk import Consultation
from slots.zone import local

WEB = Request[Any, Any, Any]


@get("/{organisation:str}/{desk:str}/{consultation:str}/book", sync_to_thread=True)
def form_page(
    request: WEB,
    organisation: FromPath[str],
    desk: FromPath[str],
    consultation: FromPath[str],
    ledger: TheLedger,
    pages: ThePages,
    settings: TheSettings,
    date: FromQuery[str] = "",
) -> Response[bytes]:
    """The empty form for the chosen date, or for wishes."""
    found = ledger.catalogue.consultation(f"{organisation}/{desk}/{consultation}")
    if "online" not in found.booked_by:
        return Redirect(f"/{found.key}", status_code=303)
    values = {"date": date} if date else {}
    if found.allotment == "date":
        values["time"] = ANY
    visit = _Visit(request, ledger, pages, settings, found)
    if found.allotment != "arranged" and visit.session(values) is None:
        return Redirect(f"/{found.key}", status_code=303)
    return visit.form(values, [])


@post("/{organisation:str}/{desk:str}/{consultation:str}/book", status_code=200)
async def submit(
    request: WEB,
    organisation: FromPath[str],
    desk: FromPath[str],
    consultation: FromPath[str],
    ledger: TheLedger,
    pages: ThePages,
    settings: TheSettings,
) -> Response[Any]:
    """Check what was typed, show it once more, or make the booking: by the button pressed."""
    key = ledger.desks.files.consultation(f"{organisation}/{desk}/{consultation}").key
    form = await request.form()

    def answer() -> Response[Any]:
        # What staff changed is asked of the database: not on the event loop.
        found = ledger.catalogue.consultation(key)
        return _Visit(request, ledger, pages, settings, found).submitted(form)

    return await sync_to_thread(answer)


class _Visit:
    """One request to a consultation's form."""

    def __init__(
        self,
        request: WEB,
        ledger: Ledger,
        pages: Pages,
        settings: Settings,
        consultation: Consultation,
    ) -> None:
        self.request = request
        self.ledger = ledger
        self.pages = pages
        self.settings = settings
        self.consultation = consultation

    def submitted(self, form: FormMultiDict) -> Response[Any]:
        values = typed(form)
        act = form.get("act", "send" if form.get("slot") else "check")
        try:
            if form.get("slot"):
                values = put_slot(self.consultation, values, str(form["slot"]))
        except ValueError:
            return self.form(values, form_errors(Invalid([FieldError("slot", "not-a-slot")])))
        if act == "back":
            return self.form(values, [])
        try:
            application = self._application(values)
            if act == "send":
                return self._send(application, str(form.get("idempotency_key") or ""))
            requests.foresee(self.ledger, application)
            return self._check(values, application)
        except Invalid as refusal:
            return self.form(values, form_errors(refusal))
        except Taken as refusal:
            return self._taken(values, refusal)
        except Refusal as refusal:
            return refused(self.request, self.ledger, self.pages, self.consultation, refusal)

    def _application(self, values: dict[str, str]) -> Application:
        desk = self.ledger.catalogue.desk_of(self.consultation.key)
        raw, channels = raw_of(self.consultation, values), self.ledger.channels_of(desk)
        return read_application(desk, self.consultation, raw, channels=channels)

    def _send(self, application: Application, key: str) -> Response[Any]:
        receipt = requests.request(self.ledger, application, key=key or None)
        # 303: a reload shows the booking again and asks for nothing.
        return Redirect(f"/b/{receipt.booking.token}", status_code=303, headers=PRIVATE_HEADERS)

    def _view(self) -> View:
        catalogue = self.ledger.catalogue
        view = page_view(
            self.request,
            self.ledger,
            organisation=catalogue.organisation_of(self.consultation.key),
            desk=catalogue.desk_of(self.consultation.key),
        )
        return view | {
            "consultation": {
                "name": self.consultation.name,
                "dates_href": f"/{self.consultation.key}",
            },
            "action": f"/{self.consultation.key}/book",
            "promise": promise(self.consultation),
        }

    def session(self, values: dict[str, str]) -> SessionAvailability | None:
        """The session of the chosen date as it stands, or None when there is none."""
        found = queries.upcoming(self.ledger, self.consultation.key)
        day = values.get("date")
        return next((one for one in found if one.session.date.isoformat() == day), None)

    def form(self, values: dict[str, str], errors: list[FieldMessage]) -> Response[Any]:
        """The form with what was typed and what is wrong with it."""
        view = self._view() | {"values": values, "errors": errors}
        view["ask"] = {
            "age": self.consultation.asks_age,
            "referral": self.consultation.needs_referral,
            "ties": tie_options(self.consultation),
        }
        desk = self.ledger.catalogue.desk_of(self.consultation.key)
        view["reach"] = reach_form(self.settings, desk, values, errors)
        view["exclusions"] = list(self.consultation.exclusions)
        view["arranging"] = arranging(self.consultation, values, self.ledger.now())
        if self.consultation.allotment == "arranged":
            view["wishes"] = wish_options(self.ledger, self.consultation)
        else:
            found = self.session(values)
            if found is None:
                return Redirect(f"/{self.consultation.key}", status_code=303)
            view["chosen"] = _chosen(self.consultation, found)
            view["times"] = time_options(self.consultation, found)
            view["times_required"] = self.consultation.allotment == "slot"
        return self.pages.render("book.html", view, status=422 if errors else 200)

    def _check(self, values: dict[str, str], application: Application) -> Response[Any]:
        view = self._view() | {
            "rows": _rows(self.consultation, application),
            "fields": list(values.items()),
            # One key a rendered page: pressing twice, or pressing in two copies of it, asks once.
            "idempotency_key": self.ledger.chance.token(),
            "mail_from": self.settings.mail_from if _is_mailed(application.contact) else None,
        }
        return self.pages.render("check.html", view)

    def _taken(self, values: dict[str, str], refusal: Taken) -> Response[Any]:
        zone = self.consultation.zone
        view = self._view() | {
            "text": "この日は、いま満席になりました。"
            if isinstance(refusal, SessionFull)
            else "この時間は、いま埋まりました。",
            "nearest": [
                {
                    "value": local(one.slot.start, zone).isoformat(),
                    "date_text": era_date(local(one.slot.start, zone).date()),
                    "text": time_span(local(one.slot.start, zone), local(one.slot.end, zone)),
                }
                for one in refusal.nearest
            ],
            "fields": [*values.items(), ("act", "send")],
            "dates_href": f"/{self.consultation.key}",
            "idempotency_key": self.ledger.chance.token(),
        }
        return self.pages.render("taken.html", view, status=status_of(refusal))


def _chosen(consultation: Consultation, found: SessionAvailability) -> View:
    session = found.session
    return {
        "field": "date",
        "value": session.date.isoformat(),
        "date_text": era_date(session.date),
        "text": session_times(consultation, session),
    }


def _rows(consultation: Consultation, application: Application) -> list[View]:
    contact, target = application.contact, application.target
    rows: list[View] = [{"term": "相談", "text": consultation.name}]
    if consultation.allotment == "arranged":
        rows.append({"term": "ご希望", "lines": wish_lines(target.wishes)})
    elif target.slot is not None:
        at = local(target.slot, consultation.zone)
        rows.append({"term": "日時", "text": f"{era_date(at.date())}{clock_time(at)}"})
    elif target.day is not None:
        rows.append({"term": "日", "text": era_date(target.day)})
        rows.append({"term": "ご希望の時間", "text": _wish_text(target)})
    return [
        *rows,
        {"term": "氏名", "text": contact.name},
        {"term": "ふりがな", "text": contact.kana},
        {"term": "電話番号", "text": contact.phone},
        {"term": "居住地", "text": contact.residence},
        {"term": "年齢", "text": f"{contact.age}歳" if contact.age is not None else ""},
        {"term": "紹介コード", "text": application.referral or ""},
        {"term": "メールアドレス", "text": contact.email or ""},
        {"term": "手紙の宛先", "lines": contact.safe.address.splitlines()},
        {"term": "ご連絡のしかた", "lines": reach_lines(contact.safe)},
        {"term": "配慮してほしいこと", "text": contact.needs or ""},
        {"term": "この地域とのつながり", "text": TIES[contact.tie] if contact.tie else ""},
    ]


def _is_mailed(contact: Contact) -> bool:
    return "mail" in contact.reached_by() and contact.safe.wish != "call"


def _wish_text(target: Target) -> str:
    if target.day is None or target.wish is None:
        return "どの時間でもよい"
    return f"{clock_time(datetime.combine(target.day, target.wish))}から"
