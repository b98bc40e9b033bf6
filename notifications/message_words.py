"""How staff's pages say what became of a message: channels, states, tries, reasons. No database."""

import re
from collections.abc import Mapping
from datetime import datetime

from notifications.by_hand import Answer, Deed
from notifications.channels.mail import SOME_REFUSED
from notifications.message_log import Told, Tried
from notifications.outbox import RECEIPT_FAILED, TO_TRY, State
from notifications.policy import (
    CALL_LIST,
    LETTER,
    LINE,
    MAIL,
    SMS,
    STAFF_MAIL,
    TOLD_BY_HAND,
    WITHDRAWN_BY_HAND,
)
from slots.zone import local

CHANNEL: Mapping[str, str] = {
    LINE: "LINE",
    MAIL: "メール",
    SMS: "SMS",
    LETTER: "手紙",
    CALL_LIST: "電話",
    STAFF_MAIL: "窓口へのメール",
}
DEED: Mapping[Deed, str] = {
    Deed.RESEND: "もう一度送る",
    Deed.WITHDRAW: "取り下げる",
    Deed.TOLD: "伝えたことにする",
}
# What people deliver is not sent: it goes back to their list.
RESEND: Mapping[str, str] = {CALL_LIST: "電話リストに戻す", LETTER: "郵送リストに戻す"}
NO_RESEND: Mapping[Answer, str] = {
    Answer.MOVED_ON: "このあとに予約が変わったため、もう一度送ることはできません。",
    Answer.TOO_LATE: "お知らせできる時期を過ぎたため、もう一度送ることはできません。",
}
# Why something was not told, or was taken back: codes of channels and of delivery.
REASON: Mapping[str, str] = {
    TOLD_BY_HAND: "ほかの方法でお伝え済み",
    WITHDRAWN_BY_HAND: "担当者が取り下げ",
    "superseded": "予約が変わったため",
    "status": "予約の状態が変わったため",
    "other-channel": "別の手段でお知らせするため",
    "too-late": "お知らせできる時期を過ぎたため",
    "gone": "予約の記録が消去されたため",
    "unanswered": "3回かけてもお出にならなかったため",
    "not-delivered": "送ったあとで、届かなかったと連絡があったため",
    "no-address": "宛先がないため",
    "not-linked": "LINEの連携がないため",
    "not-a-mobile": "携帯電話の番号ではないため",
    "no-channel": "この送り方が、いまは使えないため（設定を確かめてください）",
    "no-time-to-ring": "知らせてよい時間帯が、もうないため",
    "too-many-tries": "送信の途中で何度も止まったため",
    "not-posted": "手紙を出せなかったため",
    "too-late-to-post": "郵便では間に合わないため",
    "smtp-unreachable": "メールサーバーにつながらないため",
    "smtp-disconnected": "メールサーバーとの通信が切れたため",
    "smtp-sign-in-refused": "メールサーバーにログインできないため（設定を確かめてください）",
    "folder-not-writable": "メールの保存先に書き込めないため（設定を確かめてください）",
    "mail-address-not-ascii": "メールアドレスに使えない文字があるため",
    "mail-not-writable": "メールを作れないため",
    "line-monthly-limit": "LINEの今月の送信数の上限に達したため",
}
# What a code's beginning says where the whole is not known.
_BEGINS: tuple[tuple[str, str], ...] = (
    (r"smtp-sender-\d+", "差出人のアドレスが断られたため（設定を確かめてください）"),
    (r"smtp-some-\d+", "宛先の一部に断られたため（ほかの宛先には送りました）"),
    (r"smtp-5\d\d", "メールアドレスの相手先に断られたため"),
    (r"smtp-\d+", "相手のメールサーバーが、いまは受け付けないため"),
    (r"(?:line|sms)-timeout|(?:line|sms)-endless", "{channel}から返事がないため"),
    (r"(?:line|sms)-unreachable", "{channel}につながらないため"),
    (r"(?:line|sms)-garbled", "{channel}の返事を読み取れないため"),
    (r"(?:line|sms)-4\d\d", "{channel}に断られたため"),
    (r"(?:line|sms)-\d+", "{channel}が、いまは受け付けないため"),
)
OUTCOME: Mapping[str, str] = {
    "sent": "送信済み",
    "done": "了",
    "absent": "不在",
    "voicemail": "留守電",
    "posted": "投函",
    "resent": "もう一度送ることにした",
    "withdrawn": "取り下げた",
    "told": "お伝え済みにした",
}
RECEIPT: Mapping[str, str] = {
    "delivered": "届きました",
    RECEIPT_FAILED: "届きませんでした",
    "unknown": "届いたかは分かりません",
}
POSSIBLY = "送れたか不明"


def moment(at: datetime, zone: str) -> str:
    """12/18 10:00, by the clocks of `zone`."""
    here = local(at, zone)
    return f"{here.month}/{here.day} {here.hour}:{here.minute:02}"


def reason(code: str | None, channel: str) -> str:
    """Why, in words; a code that nobody knows is shown as it is."""
    known = REASON.get(code or "")
    if known:
        return known
    for pattern, text in _BEGINS:
        if re.fullmatch(pattern, code or ""):
            return text.format(channel=CHANNEL.get(channel, channel))
    return f"エラー（{code}）のため" if code else "エラーのため"


def failed(channel: str, code: str | None) -> dict[str, str]:
    """That a channel did not reach the party: in a word or two, and why."""
    name = CHANNEL.get(channel, channel)
    lost = "は出せませんでした" if channel == LETTER else "が届きません"
    lost = "が一部の宛先に届きません" if _in_part(code) else lost
    return {"text": f"{name}{lost}", "why": reason(code, channel).removesuffix("ため")}


def outcome(one: Tried, channel: str, *, under_way: bool = False) -> str:
    """How a try ended, or what was done by hand."""
    if one.outcome is None:
        return "送っています" if under_way else f"{POSSIBLY}（途中で止まりました）"
    return OUTCOME.get(one.outcome) or reason(one.outcome, channel).removesuffix("ため")


def state(told: Told, zone: str) -> dict[str, str]:
    """Where a message stands: text, the badge's kind, and `why` where there is a reason."""
    if told.state is State.SENT:
        return {"kind": "ok", "text": _sent(told, zone)}
    if told.state is State.WITHDRAWN:
        return {"kind": "plain", "text": "取り下げ", "why": reason(told.error, told.channel)}
    if told.state is State.DEAD:
        why = reason(told.error, told.channel)
        part = "一部の宛先に" if _in_part(told.error) else ""
        return {"kind": "warn", "text": f"{part}届けられませんでした", "why": why}
    if told.state is State.LEASED and told.leased:
        return {"kind": "plain", "text": "送っています"}
    if told.may_have_arrived or told.state is State.LEASED:
        return {"kind": "warn", "text": POSSIBLY, "why": "途中で止まりました。届いたかもしれません"}
    if told.state is State.FAILED:
        again = moment(told.next_at, zone)
        return {"kind": "warn", "text": f"失敗・次の再送 {again}"}
    return {"kind": "plain", "text": f"{_waits(told)} {moment(told.next_at, zone)}"}


def notes(told: Told, zone: str, names: Mapping[str, str]) -> list[str]:
    """What else is to be known: the receipt, a try that may have arrived, why it can't be sent again."""
    found = []
    if told.receipt and told.state is not State.WITHDRAWN:
        found.append(f"受信の通知：{RECEIPT.get(told.receipt, told.receipt)}")
    if told.may_have_arrived and told.state in TO_TRY:
        found.append(f"次の送信 {moment(told.next_at, zone)}")
    if told.state is State.FAILED:
        found.append(f"前回は、{reason(told.error, told.channel)}送れませんでした。")
    if told.may_have_arrived and told.state is State.DEAD:
        found.append("途中で止まった送信があります。届いたかもしれません。")
    if told.dealt_at is not None:
        who = names.get(told.dealt_by or "", "窓口")
        found.append(f"対応済み {moment(told.dealt_at, zone)} {who}")
    if told.hindrance is not None:
        found.append(NO_RESEND[told.hindrance])
    return found


def press(deed: Deed, channel: str) -> str:
    """What the button says."""
    return RESEND.get(channel, DEED[deed]) if deed is Deed.RESEND else DEED[deed]


def _in_part(code: str | None) -> bool:
    return (code or "").startswith(SOME_REFUSED)


def _sent(told: Told, zone: str) -> str:
    at = moment(told.settled_at, zone) if told.settled_at else ""
    if told.error == TOLD_BY_HAND or told.channel == CALL_LIST:
        return f"お伝え済み {at}"
    return f"投函済み {at}" if told.channel == LETTER else f"送信済み {at}"


def _waits(told: Told) -> str:
    return {CALL_LIST: "電話待ち", LETTER: "投函待ち"}.get(told.channel, "送信待ち")
