"""What providers tell us: receipts of SMS, and what happens in the LINE chat. Each is signed.

There is no sign-in and no form token here: the signature over the bytes is the proof. Nothing is
looked at before it fits. 2xx and 400 both say "do not send it again"; 5xx says "do".
"""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from litestar import MediaType, Request, Response, Router, post
from litestar.background_tasks import BackgroundTask
from litestar.concurrency import sync_to_thread
from litestar.types import ControllerRouterHandler

from booking.errors import NotFound
from booking.http import TheLedger, TheSettings
from booking.ledger.ledger import Ledger
from booking.settings import Settings
from notifications.channels import line
from notifications.channels.channel import NotSent
from notifications.channels.line import REPLY_SECONDS, Line
from notifications.channels.sms import sms_channel
from notifications.installed import available
from notifications.line_chat import heard
from notifications.receipts import Receipt, receipt

log = logging.getLogger("notifications.webhooks")
# A busy chat's events come together.
LARGEST = 1_000_000
MOST_REF = 100


@post("/hooks/sms", status_code=200, request_max_body_size=LARGEST)
async def sms_receipt(
    request: Request[Any, Any, Any], ledger: TheLedger, settings: TheSettings
) -> Response[str]:
    """A gateway's delivery receipt: {"client_ref", "status"}; X-Signature: sha256=…

    A message that is no longer known is answered 200: sending the receipt again would not help.
    """
    channel = sms_channel(settings)
    if channel is None:
        raise NotFound
    body = await request.body()
    if not channel.signed(body, request.headers.get("x-signature", "")):
        return _said(403, "wrong signature")
    read = _receipt(_object(body))
    if read is None:
        return _said(400, 'expected {"client_ref": …, "status": "delivered"|"failed"|"unknown"}')
    known = await sync_to_thread(receipt, ledger, *read, available(settings))
    return _said(200, "noted" if known else "unknown message")


@post("/hooks/line", status_code=200, request_max_body_size=LARGEST)
async def line_events(
    request: Request[Any, Any, Any], ledger: TheLedger, settings: TheSettings
) -> Response[str]:
    """LINE's events, several at once or, to try the address, none; X-Line-Signature: …

    Answers in the chat go out after ours, so that the platform never waits for itself.
    """
    if not settings.line_secret:
        raise NotFound
    body = await request.body()
    if not line.signed(settings.line_secret, body, request.headers.get("x-line-signature", "")):
        return _said(403, "wrong signature")
    events = _object(body).get("events")
    if not isinstance(events, list):
        return _said(400, "expected {events: […]}")
    answers, failed = await sync_to_thread(_heard, ledger, events)
    later = BackgroundTask(_reply, settings, answers) if answers else None
    return _said(500 if failed else 200, "failed" if failed else "heard", later)


def routes() -> Sequence[ControllerRouterHandler]:
    """The webhooks' routes."""
    return (Router("/", route_handlers=[sms_receipt, line_events], include_in_schema=False),)


def _heard(ledger: Ledger, events: Sequence[object]) -> tuple[list[tuple[str, str]], bool]:
    """The answers by reply token, and whether any event failed: then all of them come again."""
    answers, failed = [], False
    for event in events:
        if not isinstance(event, dict):
            continue
        try:
            text = heard(ledger, event)
        except Exception as error:
            # One that fails keeps no other from being heard. Its text may hold what was typed.
            log.error("an event of the LINE chat failed: %s", type(error).__name__)
            failed = True
            continue
        token = event.get("replyToken")
        if text is not None and isinstance(token, str) and token:
            answers.append((token, text))
    return answers, failed


def _reply(settings: Settings, answers: Sequence[tuple[str, str]]) -> None:
    """Answer in the chat, once each: what was done stands, whether or not anybody is told."""
    if not settings.line_token:
        return
    channel = Line(settings.line_token, settings.line_api, REPLY_SECONDS)
    try:
        for token, text in answers:
            try:
                channel.reply(token, text)
            except NotSent as refusal:
                log.warning("an answer in the LINE chat was not sent: %s", refusal.code)
                if refusal.down:
                    return
    finally:
        channel.close()


def _receipt(said: Mapping[str, Any]) -> tuple[str, Receipt] | None:
    ref, status = said.get("client_ref"), said.get("status")
    if not isinstance(ref, str) or not 0 < len(ref) <= MOST_REF:
        return None
    if not isinstance(status, str) or status not in set(Receipt):
        return None
    return ref, Receipt(status)


def _object(body: bytes) -> Mapping[str, Any]:
    """The JSON object that `body` holds; an empty one where it holds anything else."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _said(status: int, text: str, later: BackgroundTask | None = None) -> Response[str]:
    headers = {"Cache-Control": "no-store"}
    return Response(
        text, status_code=status, media_type=MediaType.TEXT, headers=headers, background=later
    )
