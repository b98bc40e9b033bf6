"""LINE: pushes to a linked account, and answers in the chat (Messaging API).

A push carries a retry key, the message's ref: the platform sends once, however often it is asked,
and answers 409 from then on (developers.line.biz, "Retry failed API requests"). It remembers the key
for 24 hours from the first try, so later tries may double.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from booking.settings import Settings
from notifications.channels.channel import Message, NotSent
from notifications.channels.posting import (
    LONGEST_WAIT,
    SECONDS,
    Address,
    Answer,
    Poster,
    provider_address,
)
from slots.zone import local

VARIABLE = "BOOKING_LINE_API"
PUSH, REPLY = "/v2/bot/message/push", "/v2/bot/message/reply"
# A text's limit, counted in UTF-16 units ("Character counting in a text").
LONGEST_TEXT = 5_000
# Somebody waits in the chat, and an answer a minute later is none.
REPLY_SECONDS = 3.0
# The platform's words for a plan that is used up; 429 is a pace that is too fast, too.
MONTH_IS_OVER = "monthly limit"
# Plans begin anew with the month, in Japan.
ZONE = "Asia/Tokyo"


def line_channel(settings: Settings) -> "Line | None":
    """The LINE channel that the settings ask for; None: nobody is told by LINE. Raises SettingsError."""
    return Line(settings.line_token, settings.line_api) if settings.line_token else None


class Line:
    """Sends with the channel access token `token` by the platform at `api`."""

    def __init__(self, token: str, api: str, seconds: float = SECONDS) -> None:
        """Call nobody yet. Raises SettingsError for an address that cannot be used."""
        address = provider_address(VARIABLE, api.rstrip("/"))
        self._poster = Poster("line", Address(address.url), seconds)
        self._bearer = {"Authorization": f"Bearer {token}"}

    def send(self, message: Message) -> None:
        """Return when the platform took it, now or at an earlier try. Raises NotSent.

        That it was taken does not say that it was read, or that its reader hasn't blocked us.
        """
        if not message.to:
            raise NotSent("not-linked", for_good=True)
        headers = {**self._bearer, "X-Line-Retry-Key": message.ref}
        body = {"to": message.to, "messages": [text_message(message.body)]}
        answer = self._poster.post(body, headers, PUSH)
        if answer.status == 409 or (answer.status == 200 and answer.readable):
            return
        raise _refusal(answer, message.at)

    def reply(self, reply_token: str, text: str) -> None:
        """Answer in the chat. Raises NotSent; a reply knows no retry key and is tried once."""
        body = {"replyToken": reply_token, "messages": [text_message(text)]}
        answer = self._poster.post(body, self._bearer, REPLY)
        if answer.status != 200:
            raise NotSent(f"line-{answer.status}")

    def close(self) -> None:
        """Hang up."""
        self._poster.close()


def text_message(text: str) -> dict[str, str]:
    """A text as the platform wants it, cut where it would refuse the whole."""
    units = text.encode("utf-16-le", "surrogatepass")
    # "ignore": the cut may halve a character.
    kept = units[: LONGEST_TEXT * 2].decode("utf-16-le", "ignore")
    return {"type": "text", "text": kept}


def signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether LINE signed `body`: HMAC-SHA256 with the channel secret, in base64."""
    made = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(made, signature.encode("utf-8", "surrogatepass"))


def _refusal(answer: Answer, at: datetime) -> NotSent:
    """What an answer other than yes means. Only its reason for 429 is looked at, and none is kept."""
    status, code = answer.status, f"line-{answer.status}"
    if status == 429 and MONTH_IS_OVER in str(answer.said.get("message", "")).lower():
        # Asked again within a day: the town may buy a larger plan meanwhile.
        wait = min(_month_ends(at) - at, LONGEST_WAIT)
        return NotSent("line-monthly-limit", down=True, wait=wait)
    if status == 429:
        return NotSent(code, down=True, wait=answer.wait(at))
    if status == 200:
        return NotSent("line-garbled")
    if status in (400, 413):
        # 400 is an account that is gone, or a text that it never takes.
        return NotSent(code, for_good=True)
    # 401 and 403 are the town's matter, and 5xx the platform's: no party is given up for them.
    return NotSent(code, down=True, wait=answer.wait(at) if status == 503 else None)


def _month_ends(at: datetime) -> datetime:
    """The first instant of the next month, as clocks in Japan have it."""
    today = local(at, ZONE)
    first = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)
