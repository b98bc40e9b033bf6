"""What happens in the LINE chat, and what we say there: nothing of any topic, desk or name."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from booking.ledger import line_link
from booking.ledger.ledger import Ledger
from booking.ledger.line_link import Linking

HOW = "ご予約のページの「LINEで受け取る」で出した6けたの番号を、このトークに送ってください。"
GREETING = (
    f"友だち追加ありがとうございます。\nご予約のお知らせをここで受け取るには、{HOW}\n"
    "お心当たりのない方は、このままで何も届きません。"
)
ANSWERS: Mapping[Linking, str] = {
    Linking.LINKED: "登録しました。これからは、ご予約のお知らせをこのトークにお送りします。\n"
    "やめたいときは、ご予約のページからいつでもやめられます。",
    Linking.WRONG: "すみません、この番号では登録できませんでした。番号は30分で切れ、1回だけ使えます。\n"
    "ご予約のページで新しい番号を出して、その6けたを送ってください。",
    Linking.TOO_MANY: "すみません、番号の確かめが続いたため、いまは受け付けられません。\n"
    "1時間ほどたってから、新しい番号を出して送ってください。お急ぎの方は、お電話ください。",
}
NOT_READ = (
    f"このトークは、お知らせをお送りするためのものです。\nお知らせを受け取るには、{HOW}\n"
    "ここに書かれたことは、だれも読んでいません。ご連絡は、お電話でお願いします。"
)
# What people put between digits, once full-width forms are folded.
_BETWEEN = r"[\s\-‐‑‒–—―−ーｰ・.]*"
_DIGITS = re.compile(rf"\d(?:{_BETWEEN}\d)*", re.ASCII)
_TOGETHER = re.compile(r"(?<!\d)\d{6}(?!\d)", re.ASCII)
LONGEST_READ = 1_000


def heard(ledger: Ledger, event: Mapping[str, Any]) -> str | None:
    """Do what an event asks for; what is to be answered, or None. The same event twice does it once.

    Only what happens between one person and us counts: in a group, others would read along.
    """
    user = _user_of(event.get("source"))
    if user is None:
        return None
    kind = event.get("type")
    if kind == "unfollow":
        line_link.unlink_everywhere(ledger, user)
        return None
    # In standby another program of the town talks with them.
    if event.get("mode") == "standby":
        return None
    if kind == "follow":
        return GREETING
    return _answer(ledger, event.get("message"), user) if kind == "message" else None


def _user_of(source: object) -> str | None:
    if not isinstance(source, dict) or source.get("type") != "user":
        return None
    user = source.get("userId")
    return user if isinstance(user, str) and user else None


def _answer(ledger: Ledger, message: object, user: str) -> str:
    text = message.get("text") if isinstance(message, dict) else None
    code = code_in(text) if isinstance(text, str) else None
    return NOT_READ if code is None else ANSWERS[line_link.link(ledger, code, user)]


def code_in(text: str) -> str | None:
    """The six digits that `text` holds, in any width and however divided; None without, or with two."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST_READ])
    for pattern in (_DIGITS, _TOGETHER):
        digits = (re.sub(r"\D", "", one, flags=re.ASCII) for one in pattern.findall(folded))
        found = {one for one in digits if len(one) == line_link.DIGITS}
        if len(found) == 1:
            return found.pop()
    return None
