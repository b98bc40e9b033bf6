"""LINE's platform as its documents describe it: pushes with retry keys, replies, signed webhooks."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import httpx

from tests.support.provider import Asked, Provider, Reply, said

TOKEN, SECRET, ACCOUNT = "channel-access-token", "channel-secret", "@shibukawa"
HANAKO, TARO = "U" + "a1" * 16, "U" + "b2" * 16
MONTH_IS_OVER = "You have reached your monthly limit."
TOO_FAST = "The API rate limit has been exceeded. Try again later."


@dataclass
class LinePlatform(Provider):
    """`users` are the accounts that exist; `pushed` and `replied` hold (to, text), oldest first."""

    users: set[str] = field(default_factory=lambda: {HANAKO, TARO})
    pushed: list[tuple[str, str]] = field(default_factory=list)
    replied: list[tuple[str, str]] = field(default_factory=list)
    quota: int = 200
    doubles: int = 0
    _keys: dict[str, str] = field(default_factory=dict)
    _reply_tokens: dict[str, str] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=count)

    @property
    def settings(self) -> dict[str, str]:
        """The settings of an installation that uses this platform."""
        return {
            "line_api": f"http://{self.address}",
            "line_token": TOKEN,
            "line_secret": SECRET,
            "line_account": ACCOUNT,
        }

    def usual(self, asked: Asked) -> Reply:
        """Do what is asked, once for each retry key."""
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return said(401, {"message": "Authentication failed due to the following reason: …"})
        if asked.path == "/v2/bot/message/push":
            return self._push(asked)
        if asked.path == "/v2/bot/message/reply":
            return self._reply(asked)
        return said(404, {"message": "Not found"})

    def _push(self, asked: Asked) -> Reply:
        key = asked.headers.get("x-line-retry-key")
        if key is not None and not _is_uuid(key):
            return said(400, {"message": "Invalid retry key"})
        if key in self._keys:
            self.doubles += 1
            accepted = {"X_Line_Accepted_Request_Id": self._keys[key]}
            return said(409, {"message": "The retry key is already accepted"}, **accepted)
        if len(self.pushed) >= self.quota:
            return said(429, {"message": MONTH_IS_OVER})
        to, texts = asked.json["to"], _texts(asked.json["messages"])
        if texts is None:
            return said(400, {"message": "The request body has 1 error(s)"})
        if to not in self.users:
            return said(400, {"message": "Failed to send messages"})
        if key is not None:
            self._keys[key] = f"request-{len(self.pushed)}"
        self.pushed += [(to, text) for text in texts]
        return said(200, {"sentMessages": [{"id": "461230966842064897"}]})

    def _reply(self, asked: Asked) -> Reply:
        if "x-line-retry-key" in asked.headers:
            return said(400, {"message": "The retry key is not supported"})
        user, texts = self._reply_tokens.pop(asked.json["replyToken"], None), None
        if user is not None:
            texts = _texts(asked.json["messages"])
        if user is None or texts is None:
            return said(400, {"message": "Invalid reply token"})
        self.replied += [(user, text) for text in texts]
        return said(200, {"sentMessages": [{"id": "461230966842064898"}]})

    def follow(self, user: str = HANAKO) -> dict[str, Any]:
        """The event of somebody's adding the account as a friend."""
        return self._event("follow", user) | {"follow": {"isUnblocked": False}}

    def unfollow(self, user: str = HANAKO) -> dict[str, Any]:
        """The event of somebody's blocking the account; nobody can be answered."""
        event = self._event("unfollow", user)
        del event["replyToken"]
        return event

    def typed(self, text: str, user: str = HANAKO, **source: str) -> dict[str, Any]:
        """The event of a text in the chat; `source` tells of a group's."""
        event = self._event("message", user)
        event["source"] |= source
        message = {"type": "text", "id": "468789577898262530", "quoteToken": "q", "text": text}
        return event | {"message": message}

    def sticker(self, user: str = HANAKO) -> dict[str, Any]:
        """The event of a sticker in the chat."""
        return self._event("message", user) | {"message": {"type": "sticker", "id": "1"}}

    def _event(self, kind: str, user: str) -> dict[str, Any]:
        token = f"reply-token-{next(self._numbers)}"
        self._reply_tokens[token] = user
        return {
            "type": kind,
            "mode": "active",
            "timestamp": 1795482000000,
            "source": {"type": "user", "userId": user},
            "webhookEventId": f"01FZ74A0TDDPYRVKNK77XK{next(self._numbers):04}",
            "deliveryContext": {"isRedelivery": False},
            "replyToken": token,
        }

    def webhook(self, *events: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a webhook with these events, signed."""
        body = json.dumps({"destination": "U" + "0" * 32, "events": events}, ensure_ascii=False)
        return body.encode(), signed(body.encode())

    def deliver(self, url: str, *events: Mapping[str, Any]) -> int:
        """Send a webhook to the app at `url`; the status that it answered."""
        body, headers = self.webhook(*events)
        return httpx.post(
            f"{url}/hooks/line", content=body, headers=headers, trust_env=False
        ).status_code


def again(event: Mapping[str, Any]) -> dict[str, Any]:
    """The same event as the platform delivers it once more."""
    return {**event, "deliveryContext": {"isRedelivery": True}}


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers that LINE sends with `body` for a channel with that secret."""
    made = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return {"X-Line-Signature": made, "Content-Type": "application/json; charset=utf-8"}


def _texts(messages: Any) -> list[str] | None:
    texts = [one["text"] for one in messages if one["type"] == "text"]
    right = 0 < len(messages) <= 5 and len(texts) == len(messages)
    right = right and all(0 < len(text.encode("utf-16-le")) // 2 <= 5000 for text in texts)
    return texts if right else None


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


@contextmanager
def running_line_platform() -> Iterator[LinePlatform]:
    """A platform for as long as the block lasts."""
    platform = LinePlatform()
    with platform.running():
        yield platform
