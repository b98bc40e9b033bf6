"""How the console says things: statuses, facts, masked names, refusals. No page, no database."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from booking.errors import (
    AlreadyBooked,
    ChangedMeanwhile,
    KeyReused,
    NotAllowed,
    NotBookable,
    Refusal,
    SessionFull,
    Taken,
)
from booking.facts import Fact, Kind
from booking.i18n import TIES, TIMES_OF_DAY, clock_time, era_date, not_bookable, short_date
from booking.ledger.booking import Booking
from booking.ledger.status import Status
from slots.admission import Tie
from slots.availability import Reason
from slots.desk import Consultation
from slots.wishes import Wish
from slots.zone import local

STATUS: Mapping[str, str] = {
    Status.REQUESTED: "仮受付",
    Status.CONFIRMED: "確定",
    Status.ARRIVED: "来所",
    Status.DONE: "相談済み",
    Status.NO_SHOW: "来所なし",
    Status.DECLINED: "お断り",
    Status.CANCELLED_BY_RESIDENT: "取消（相談者）",
    Status.CANCELLED_BY_OFFICE: "取消（窓口）",
}
# The badge's kind in booking.css.
STATUS_KIND: Mapping[str, str] = {
    Status.REQUESTED: "few",
    Status.CONFIRMED: "ok",
    Status.ARRIVED: "ok",
}
HOW: Mapping[str, str] = {"call": "電話", "mail": "メール", "letter": "手紙", "counter": "窓口"}
CHANNEL: Mapping[str, str] = {"online": "ウェブ", "phone": "電話", "walk-in": "来所"}
# Shorter than i18n's sentences: they stand in a cell.
REASON: Mapping[Reason, str] = {
    Reason.NO_SESSION: "開催なし",
    Reason.UNDECIDED: "開催は要確認",
    Reason.HOLIDAY: "休み",
    Reason.CLOSURE: "中止",
    Reason.PAST: "過ぎました",
    Reason.NOT_OPEN_YET: "受付前",
    Reason.BOOKING_CLOSED: "受付終了",
    Reason.TOO_SHORT_NOTICE: "受付終了",
    Reason.OTHER_CHANNEL: "別の方法で受付",
    Reason.FULL: "満席",
}
FACT: Mapping[Kind, str] = {
    Kind.REQUESTED: "受け付けました",
    Kind.CONFIRMED: "確定しました",
    Kind.DECLINED: "お断りしました",
    Kind.MOVED: "日時を変えました",
    Kind.CANCELLED_BY_RESIDENT: "相談者が取り消しました",
    Kind.CANCELLED_BY_OFFICE: "窓口が取り消しました",
    Kind.REINSTATED: "取り消しを戻しました",
    Kind.ARRIVED: "来所されました",
    Kind.DONE: "相談が終わりました",
    Kind.NO_SHOW: "来所がありませんでした",
    Kind.VIEWED: "内容を見ました",
    Kind.REACH_CHANGED: "連絡のしかたを変えました",
}
# What became different of how a party is reached: a fact's `what`.
REACH: Mapping[str, str] = {
    "line-linked": "LINEとつながりました",
    "line-unlinked": "LINEとのつながりがなくなりました",
}
DONE: Mapping[str, str] = {
    "confirm": "確定しました。",
    "decline": "お断りとして記録しました。",
    "move": "日時を変えました。",
    "cancel": "取り消しました。枠はもう空いています。",
    "reinstate": "取り消しを戻しました。予約は、もとのとおりです。",
    "arrive": "来所を記録しました。",
    "done": "相談済みとして記録しました。",
    "no-show": "来所なしとして記録しました。",
    "contact": "連絡のしかたを変えました。",
    "entered": "予約を登録しました。",
}


def masked(name: str) -> str:
    """The first letter of a name and ●, as lists show it: 髙●. A letter keeps its variant's mark."""
    kept = name.strip()[:1]
    for letter in name.strip()[1:]:
        if not (unicodedata.combining(letter) or unicodedata.category(letter) == "Mn"):
            break
        kept += letter
    return f"{kept}●" if kept else "●"


def span(start: datetime, end: datetime | None) -> str:
    """9:45–10:30, for a narrow column. Both in the desk's zone."""
    began = f"{start.hour}:{start.minute:02}"
    return f"{began}–{end.hour}:{end.minute:02}" if end else began


def when(booking: Booking) -> str:
    """When it takes place, in one line: settled, held in a session, or wished for."""
    start = booking.local_start
    if start is None:
        hoped = "、".join(wish_words(one) for one in booking.wishes)
        return f"ご希望：{hoped}" if hoped else "日時は未定"
    if booking.time_settled:
        return f"{era_date(start.date())}{clock_time(start)}"
    return f"{era_date(start.date())} 時間はこれから決めます"


def when_short(booking: Booking) -> str:
    """The same, for a list: the year is left out."""
    start = booking.local_start
    if start is None:
        first = booking.wishes[0] if booking.wishes else None
        more = f" ほか{len(booking.wishes) - 1}" if len(booking.wishes) > 1 else ""
        return f"希望 {short_date(first.date)}{more}" if first else "日時は未定"
    if booking.time_settled:
        return f"{short_date(start.date())} {span(start, None)}"
    return f"{short_date(start.date())} 時間未定"


def wish_words(wish: Wish) -> str:
    """令和8年12月1日（火）の午後."""
    if wish.time_of_day == "any":
        return era_date(wish.date)
    return f"{era_date(wish.date)}の{TIMES_OF_DAY[wish.time_of_day].split('（')[0]}"


def since(at: datetime, now: datetime) -> str:
    """How long ago: 10分前, 3時間前, 2日前."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "たった今"
    if minutes < 60:
        return f"{minutes}分前"
    return f"{minutes // 60}時間前" if minutes < 24 * 60 else f"{minutes // (24 * 60)}日前"


def days_left(day: date, today: date) -> str:
    """あと25日, あす, 今日."""
    left = (day - today).days
    return {0: "今日", 1: "あす"}.get(left, f"あと{left}日")


def history_line(fact: Fact, zone: str) -> str:
    """What a fact says, in words, with the time and the way that it names."""
    parts = [FACT.get(fact.kind, "")]
    start = _time_of(fact, "start", zone, day_only="time" in fact.data)
    before = _time_of(fact, "from", zone, day_only="from_time" in fact.data)
    how = HOW.get(str(fact.data.get("how")), "")
    if fact.kind is Kind.REQUESTED:
        channel = CHANNEL.get(str(fact.data.get("channel")))
        parts = [f"{channel}で受け付けました" if channel else FACT[fact.kind]]
    elif fact.kind is Kind.REACH_CHANGED:
        parts = [REACH.get(str(fact.data.get("what")), FACT[fact.kind])]
    elif how:
        parts.append(f"（{how}でお伝え）")
    if fact.kind in (Kind.REQUESTED, Kind.REINSTATED) and fact.data.get("beyond"):
        parts.append("（ご利用の回数の上限を超えています）")
    if fact.kind is Kind.MOVED:
        parts.append(f"：{before or '未定'} から {start or '未定'} へ")
    elif fact.kind is Kind.CONFIRMED and start:
        parts.append(f"：{start}")
    return "".join(parts)


def refusal_words(refusal: Refusal, zone: str, subject: str = "", remedy: str = "") -> str:
    """What happened instead, and what to do: for everything but Invalid, which names its fields.

    `subject` is the time that was wanted, in words; `remedy` what to do where no other time can be
    chosen on the same page.
    """
    wanted = f"{subject}の枠は" if subject else "この枠は"
    if isinstance(refusal, SessionFull):
        return f"この日は満席になりました。{remedy or 'ほかの日を選んでください。'}"
    if isinstance(refusal, Taken):
        choose = remedy or "空いている枠を選んでください。"
        return f"{wanted}、ほかの予約が先に入りました。{choose}"
    if isinstance(refusal, NotBookable):
        since_at = local(refusal.since, zone) if refusal.since else None
        choose = remedy or "ほかの日時を選んでください。"
        return f"{not_bookable(refusal.reason, since_at)}{choose}"
    if isinstance(refusal, AlreadyBooked):
        return "同じ方の予約がもうあります。別の予約として受けるなら、印を付けてください。"
    if isinstance(refusal, KeyReused):
        return "この画面の予約は、もう登録されています。次の方は、新しい画面から始めてください。"
    if isinstance(refusal, NotAllowed):
        return f"この予約は、いま「{STATUS[refusal.status]}」です。画面の内容を確かめてください。"
    if isinstance(refusal, ChangedMeanwhile):
        return "別の担当者が先に変えました。いまの内容を確かめて、必要ならもう一度送ってください。"
    return "受け付けませんでした。予約の状態を確かめてください。"


def _time_of(fact: Fact, name: str, zone: str, *, day_only: bool) -> str:
    kept = fact.data.get(name)
    if not isinstance(kept, str):
        return ""
    at = local(datetime.fromisoformat(kept), zone)
    return short_date(at.date()) if day_only else f"{short_date(at.date())}{clock_time(at)}"


def tie(consultation: Consultation, said: Tie | None) -> str:
    """What a party said of its tie to the area, and whether staff have it to check."""
    if said is None:
        return ""
    asked = consultation.eligibility
    if asked.judge([said]) == "fits":
        return TIES[said]
    return f"{TIES[said]}（{'書類を確認' if asked.verify == 'document' else '要確認'}）"
