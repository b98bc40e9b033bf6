"""The list of a consultation's dates, each with what is free."""

from datetime import datetime
from itertools import groupby
from typing import Any

from litestar import Request, route
from litestar.params import FromPath
from litestar.types import ASGIApp

from booking.desks.marks import mark_of
from booking.http import PAGE_HEADERS, READ
from booking.i18n import REASONS, date_and_time, era_date, era_year, time_spans
from booking.ledger import queries
from booking.ledger.ledger import Ledger
from booking.ready import TheFront, sent
from booking.settings import Settings
from booking.web.desks import feeds
from booking.web.frame import View, display_of, minute_after, page_view
from slots.availability import Reason, SessionAvailability
from slots.desk import Consultation
from slots.sessions import Session
from slots.window import BookingChannel
from slots.zone import local

CACHING = {**PAGE_HEADERS, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
HEADERS = sent(CACHING, "text/html; charset=utf-8")
MARKS = {
    Reason.FULL: "満席",
    Reason.NOT_OPEN_YET: "受付前",
    Reason.UNDECIDED: "未定",
    Reason.CLOSURE: "中止",
}
KINDS = {"free": "ok", "few": "few", "full": "full"}


@route("/{organisation:str}/{desk:str}/{consultation:str}", http_method=READ)
async def dates_page(
    request: Request[Any, Any, Any],
    organisation: FromPath[str],
    desk: FromPath[str],
    consultation: FromPath[str],
    front: TheFront,
) -> ASGIApp:
    """The dates that can be chosen, or the way to wishes where staff arrange the time."""
    ledger = front.ledger
    key = ledger.desks.files.consultation(f"{organisation}/{desk}/{consultation}").key
    look = display_of(request)

    def build() -> tuple[bytes, datetime]:
        # Every rule changes on whole minutes.
        until = minute_after(ledger.now())
        view = _view(request, ledger.catalogue.consultation(key), ledger, front.settings)
        return front.pages.environment.get_template("dates.html").render(view).encode(), until

    return await front.answers.ready(("dates", key, *look.values()), build, HEADERS, (key,))


def _view(
    request: Request[Any, Any, Any],
    consultation: Consultation,
    ledger: Ledger,
    settings: Settings,
) -> View:
    desk = ledger.catalogue.desk_of(consultation.key)
    organisation = ledger.catalogue.organisation_of(consultation.key)
    view = page_view(request, ledger, organisation=organisation, desk=desk)
    view["desk"] = {"name": desk.short_name or desk.name, "href": f"/{desk.key}"}
    view["consultation"] = {
        "name": consultation.name,
        "text": consultation.summary,
        "promise": promise(consultation),
    }
    online = "online" in consultation.booked_by
    view["by_phone"] = not online
    if consultation.allotment == "arranged":
        view["book_href"] = f"/{consultation.key}/book" if online else None
        if consultation.needs_referral:
            view["referral"] = (
                "相談員とお話しいただいたあとに、相談員がお伝えするコードです。"
                "まだお持ちでない方は、まず下の電話やLINEでご相談ください。"
            )
        return view
    channel: BookingChannel = "online" if online else "phone"
    sessions = queries.upcoming(ledger, consultation.key, channel=channel)
    view["groups"] = [
        {"heading": heading, "days": [day_view(consultation, one) for one in found]}
        for heading, found in groupby(sessions, key=lambda one: _heading(one))
    ]
    view["feeds"] = feeds(consultation.key, settings)
    return view


def session_times(consultation: Consultation, session: Session) -> str:
    """From when until when a session is held, block by block."""
    zone = consultation.zone
    return time_spans((local(one.start, zone), local(one.end, zone)) for one in session.blocks)


def promise(consultation: Consultation) -> str:
    """What happens after a request, said before it is made."""
    if consultation.confirmed_by == "at-once":
        return "お申し込みと同時に、予約が確定します。"
    if consultation.allotment == "arranged":
        return "まだ予約は確定しません。窓口からお電話で日時をご相談して決めます。"
    if consultation.allotment == "slot":
        return "まだ予約は確定しません。窓口からお電話で確定をお知らせします。"
    return "まだ予約は確定しません。窓口からお電話で時間をお知らせします。"


def _heading(found: SessionAvailability) -> str:
    day = found.session.date
    return f"{era_year(day)}{day.month}月"


def day_view(consultation: Consultation, found: SessionAvailability) -> View:
    """One date in the list: its words, its sign, and where pressing it leads."""
    session = found.session
    place = f"　{session.place.name}" if session.place else ""
    mark = mark_of(found)
    view: View = {
        "date": session.date.isoformat(),
        "date_text": era_date(session.date),
        "text": f"{session_times(consultation, session)}{place}",
        "mark": {"kind": KINDS.get(mark, "off"), "text": _mark_text(found)},
    }
    if found.reason is None and "online" in consultation.booked_by:
        view["href"] = f"/{consultation.key}/book?date={session.date.isoformat()}"
    elif found.reason is not None:
        view["note"] = _note(consultation, found)
    if "note" not in view and session.told:
        view["note"] = session.told
    return view


def _mark_text(found: SessionAvailability) -> str:
    if found.reason is not None:
        return MARKS.get(found.reason, "受付終了")
    return "残り1枠" if mark_of(found) == "few" else "空きあり"


def _note(consultation: Consultation, found: SessionAvailability) -> str | None:
    if found.reason is Reason.NOT_OPEN_YET and found.opens:
        return f"受付は{date_and_time(local(found.opens, consultation.zone))}から"
    if found.reason is Reason.BOOKING_CLOSED:
        return "お申し込みの受付は終わりました。お電話でお尋ねください。"
    if found.reason is Reason.CLOSURE and found.session.told:
        return found.session.told
    if found.reason is Reason.FULL:
        return "ほかの日を選んでいただくか、お電話でお尋ねください。"
    return REASONS.get(found.reason.value) if found.reason else None
