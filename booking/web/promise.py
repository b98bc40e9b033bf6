"""A booking in a resident's words: 仮 or 確定, when, where, what to bring, whom to call."""

from datetime import timedelta

from booking.facts import Kind
from booking.i18n import TIMES_OF_DAY, clock_time, era_date
from booking.ledger import queries
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.ledger.status import ENDED, Status
from booking.web.frame import View, dialled
from booking.web.reach import reach_lines
from slots.desk import Consultation, Desk

FRESH = timedelta(minutes=10)
UNSAID = "窓口から、お電話などでご連絡します。"
TIPS = (
    "画面の写しや届いた書類は、消さずに残しておいてください。",
    "書き込みのアドレス（URL）と日付が分かると、相談がすすみやすくなります。分かる範囲でかまいません。",
)
STATES: dict[Status, tuple[str, str, str]] = {
    Status.REQUESTED: (
        "wait",
        "仮の受付",
        "まだ確定ではありません。窓口から、お電話でお知らせします。",
    ),
    Status.CONFIRMED: ("ok", "確定", "ご予約が確定しました。"),
    Status.ARRIVED: ("ok", "確定", "お越しいただきました。"),
    Status.DONE: ("ok", "終了", "相談は終わりました。"),
    Status.NO_SHOW: ("full", "終了", "このご予約は終わりました。"),
    Status.DECLINED: (
        "full",
        "お受けできません",
        "申し訳ありません。このお申し込みはお受けできませんでした。",
    ),
    Status.CANCELLED_BY_RESIDENT: (
        "full",
        "取消",
        "取り消しを受け付けました。ご連絡ありがとうございました。",
    ),
    Status.CANCELLED_BY_OFFICE: (
        "full",
        "取消",
        "申し訳ありません。窓口の都合により、このご予約は取り消されました。",
    ),
}


def booking_view(ledger: Ledger, booking: Booking, consultation: Consultation, href: str) -> View:
    """What booking.html shows of `booking`, whose page is at `href`."""
    desk = ledger.catalogue.desk_of(booking.consultation)
    kind, word, text = STATES[booking.status]
    state = {"kind": kind, "word": word, "text": text, "more": _more(booking)}
    start = booking.local_start
    upcoming = booking.is_open and not (booking.starts_at and booking.starts_at <= ledger.now())
    shown: View = {
        "state": state,
        "reference": booking.reference,
        "date": start.date().isoformat() if start else None,
        "date_text": era_date(start.date()) if start else None,
        "time_text": time_text(booking),
        "rows": rows_of(booking, dated=False),
    }
    if booking.is_open and booking.starts_at is not None:
        shown["ics_href"] = f"{href}/booking.ics"
    if booking.is_open:
        shown |= _advice(booking, consultation, desk, upcoming)
    if booking.is_open:
        shown["reach"] = reach_lines(booking.contact.safe) or [UNSAID]
        shown["contact_href"] = f"{href}/contact"
    if booking.status in ENDED:
        shown["again_href"] = f"/{booking.consultation}"
    if upcoming:
        shown["cancel_href"] = f"{href}/cancel"
        if "online" in consultation.booked_by:
            shown["move_href"] = f"{href}/move"
    now = ledger.now()
    fresh = (
        booking.revision == 1 and booking.channel == "online" and now - booking.created_at < FRESH
    )
    view: View = {"booking": shown, "fresh": fresh}
    if (
        booking.status is Status.REQUESTED
        and booking.revision > 1
        and now - booking.changed_at < FRESH
        and _was_moved(ledger, booking)
    ):
        view["message"] = {"kind": "ok", "text": "日時の変更を受け付けました。"}
    return view


def _was_moved(ledger: Ledger, booking: Booking) -> bool:
    """Whether the last change was a move: a cancellation taken back leaves a request as well."""
    facts = queries.history(ledger, booking.id)
    return any(one.kind is Kind.MOVED and one.revision == booking.revision for one in facts)


def _more(booking: Booking) -> str | None:
    if booking.status is Status.REQUESTED and booking.session and not booking.time_settled:
        return "この日の席は、お取りしています。時間は、お電話でご相談して決めます。"
    if booking.status is Status.REQUESTED and booking.session:
        return "この時間の席は、お取りしています。"
    if booking.status in (Status.DECLINED, Status.CANCELLED_BY_OFFICE):
        return booking.reason
    return None


def _advice(booking: Booking, consultation: Consultation, desk: Desk, upcoming: bool) -> View:
    phone = desk.phone()
    advice: View = {"bring": consultation.bring, "tips": TIPS}
    advice["day_contact"] = _day_contact(consultation)
    if phone and upcoming:
        if booking.status is Status.REQUESTED:
            advice["caller_text"] = f"窓口（{phone}）から、ご連絡のお電話をいたします。"
        advice["change_text"] = (
            "この画面で、はじまるまで、いつでも変更や取り消しができます。"
            f"お電話（{phone}）でも承ります。"
            "あとでこの画面を開けるように、ブックマーク（お気に入り）に入れておいてください。"
        )
    return advice


def _day_contact(consultation: Consultation) -> View:
    """Whom to call on the day. Never the booking phone: on a Saturday nobody answers it."""
    if consultation.day_contact:
        return {
            "tel": dialled(consultation.day_contact),
            "tel_text": consultation.day_contact,
            "text": "遅れるときや来られなくなったときは、こちらへお電話ください。",
        }
    return {"text": "当日の連絡先は要確認です。確定のお電話のときに、窓口からお伝えします。"}


def time_text(booking: Booking) -> str | None:
    """The time of day as far as it is settled."""
    start, end = booking.local_start, booking.local_end
    if start is None:
        return None
    if not booking.time_settled:
        return "時間は、これから決めます"
    if end is None:
        return clock_time(start)
    minutes = int((end - start).total_seconds() // 60)
    return f"{clock_time(start)}から（{minutes}分まで）"


def rows_of(booking: Booking, *, dated: bool = True) -> list[View]:
    """Where, wishes and (with `dated`) when, as rows."""
    start = booking.local_start
    rows: list[View] = []
    if dated and start is not None:
        rows.append({"term": "日", "text": era_date(start.date())})
        rows.append({"term": "時間", "text": time_text(booking)})
    if start is None:
        rows.append(
            {
                "term": "ご希望",
                "lines": [
                    f"第{n}希望 {era_date(one.date)} {TIMES_OF_DAY[one.time_of_day]}"
                    for n, one in enumerate(booking.wishes, 1)
                ],
            }
        )
    if booking.place is not None:
        rows.append({"term": "場所", "text": booking.place})
    elif booking.status not in ENDED:
        asked = "お電話のときにお知らせします。"
        told = "窓口にお尋ねください。"
        text = asked if booking.status is Status.REQUESTED else told
        rows.append({"term": "場所", "text": text, "unclear": True})
    return rows
