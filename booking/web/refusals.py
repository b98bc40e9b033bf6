"""Refusals as pages: what happened, kindly, and always with another way."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from booking import errors
from booking.desks.catalogue import UnknownDesk
from booking.http import Pages, log_unexpected, status_of
from booking.i18n import date_and_time, limit_text, not_bookable
from booking.ledger.ledger import Ledger
from booking.web.frame import View, display_of, page_view
from slots.desk import Consultation
from slots.zone import local


def refused(
    request: Request[Any, Any, Any],
    ledger: Ledger,
    pages: Pages,
    consultation: Consultation,
    refusal: errors.Refusal,
    *,
    private: bool = False,
) -> Response[bytes]:
    """The page that says why, with the phone and the other dates as ways on."""
    view = page_view(
        request,
        ledger,
        organisation=ledger.catalogue.organisation_of(consultation.key),
        desk=ledger.catalogue.desk_of(consultation.key),
        private=private,
    )
    view |= _words(refusal, consultation)
    view["ways"] = [{"text": "ほかの日を見る", "href": f"/{consultation.key}"}]
    return pages.render("refused.html", view, status=status_of(refusal))


def _words(refusal: errors.Refusal, consultation: Consultation) -> View:
    if isinstance(refusal, errors.NotBookable):
        since = local(refusal.since, consultation.zone) if refusal.since else None
        return {
            "heading": "この日は、いまお申し込みいただけません",
            "text": not_bookable(refusal.reason.value, since),
        }
    if isinstance(refusal, errors.AlreadyBooked):
        return {
            "heading": "すでに受け付けています",
            "text": "同じお名前とお電話番号のお申し込みを、すでに受け付けています。二重にはなっていません。",
            "points": [
                "受付番号は、はじめに受け付けたときの画面に出ています。",
                "分からないときや、日時を変えたいときは、お電話ください。",
            ],
        }
    if isinstance(refusal, errors.LimitReached):
        return {
            "heading": "いまは、お申し込みいただけません",
            "text": limit_text(refusal.limit),
            "points": ["事情のあるときや、分からないときは、お電話でお尋ねください。"],
        }
    if isinstance(refusal, errors.SlowDown):
        return {
            "heading": "少し時間をおいてください",
            "text": "同じお電話番号のお申し込みが続いています。明日もう一度お試しいただくか、お電話ください。",
        }
    if isinstance(refusal, errors.KeyReused):
        return {
            "heading": "もう一度はじめからお願いします",
            "text": "この画面からのお申し込みは、すでに受け付けています。内容を変えるときは、はじめからお願いします。",
        }
    if isinstance(refusal, errors.TooLate):
        at = date_and_time(local(refusal.until, consultation.zone))
        return {
            "heading": "この画面からは、もう変えられません",
            "text": f"ご予約の時刻（{at}）を過ぎています。お電話でご連絡ください。",
        }
    return {
        "heading": "この操作はできません",
        "text": "ご予約の状態が変わっています。お電話でお尋ねください。",
    }


def exception_handlers(pages: Pages) -> ExceptionHandlersMap:
    """Answers for what no page foresaw; rooms with a language of their own have their own."""

    def not_found(request: Request[Any, Any, Any], _error: Exception) -> Response[bytes]:
        return _error_page(request, pages, 404)

    def unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        return _error_page(request, pages, log_unexpected(request, error))

    found: dict[int | type[Exception], Callable[..., Response[Any]]] = {
        UnknownDesk: not_found,
        errors.NotFound: not_found,
        HTTPException: unexpected,
        Exception: unexpected,
    }
    return found


def _error_page(request: Request[Any, Any, Any], pages: Pages, status: int) -> Response[bytes]:
    view = {"display": display_of(request), "status": status, "display_href": "/display"}
    return pages.render("error.html", view, status=status)
