"""Reads mails that come back: which of our messages did not arrive, if the mail says so at all.

A delivery report (RFC 3464) says it in fields; older servers say it in words and quote our mail. A
mail that only is delayed, an answer or a holiday's notice is none of our business.
"""

import re
from collections.abc import Collection, Iterator
from email import message_from_bytes, policy
from email.message import Message
from uuid import UUID

from booking.ledger.ledger import Ledger
from notifications.receipts import Receipt, receipt

# Ours: <ref@host>. See channels/mail.py.
_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>\s]+>", re.ASCII)
_QUOTED_ID = re.compile(r"^[>| \t]*Message-ID:\s*(<[^<>\s]+>)", re.MULTILINE | re.IGNORECASE)
# "5.1.1" (RFC 3463) or "550" (RFC 5321), and no part of an address or a longer number.
_PERMANENT = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.]*\d)|(?<![\d.-])55[0-4](?=[\s-])")
_PERMANENT_WORDS = ("permanent error", "permanent fatal error", "user unknown", "unknown user")
_PASSING = ("delayed", "still trying", "keep trying", "be retried", "continue to be made", "遅延")
_DAEMONS = ("mailer-daemon@", "postmaster@")
REPORT = "message/delivery-status"
# Our mails are small, and so is what quotes them.
LARGEST = 1_000_000


def bounced(ledger: Ledger, content: bytes, available: Collection[str]) -> str:
    """Note what a mail says of a message of ours; in a word, without any address, what it was.

    What did not arrive goes to the next of the channels that are `available`.
    """
    found = failed_refs(content)
    if not found:
        return "no report of a failure"
    known = [receipt(ledger, ref, Receipt.FAILED, available) for ref in sorted(found)]
    return "noted as failed" if any(known) else "no message of ours"


def failed_refs(content: bytes) -> set[str]:
    """The refs of which a mail says that they will never arrive. Never raises."""
    try:
        mail = message_from_bytes(content[:LARGEST], policy=policy.compat32)
        parts = list(mail.walk())
    except RecursionError:  # parts in parts without end: no mail server's work
        return set()
    report = next((one for one in parts if one.get_content_type() == REPORT), None)
    if report is not None:
        return _reported(report, parts)
    return _told_in_words(mail, parts)


def _reported(report: Message, parts: list[Message]) -> set[str]:
    """A delivery report: its first block is about the message, each other about a recipient."""
    blocks = [one for one in _payload(report) if isinstance(one, Message)]
    if not any(_says_failed(one) for one in blocks):
        return set()
    # What we asked to be called by, else the id in the headers that the report quotes.
    named = {ref for one in blocks if (ref := _ref(one.get("Original-Envelope-Id")))}
    return named or set(_quoted(parts))


def _says_failed(block: Message) -> bool:
    """Whether a recipient's block says that it is over. `failed` is final, whatever the code says:

    a server that gives up after days keeps the 4.x.x of its last try (RFC 3464, 2.3.3).
    """
    action = str(block.get("Action", "")).strip().lower()
    if action:
        return action.split("(")[0].strip() == "failed"
    return str(block.get("Status", "")).strip().startswith("5.")


def _told_in_words(mail: Message, parts: list[Message]) -> set[str]:
    sender = str(mail.get("From", "")).lower()
    returned = str(mail.get("Return-Path", "?")).strip() == "<>"
    if not (returned or any(one in sender for one in _DAEMONS)):
        return set()
    automatic = str(mail.get("Auto-Submitted", "")).strip().lower()
    if automatic.startswith("auto-replied") and not any(one in sender for one in _DAEMONS):
        return set()
    said = "\n".join(_texts(parts)).lower()
    # What stands behind our own headers is our own mail.
    told = _QUOTED_ID.split(said, maxsplit=1)[0] + " " + str(mail.get("Subject", "")).lower()
    if any(one in told for one in _PASSING):
        return set()
    permanent = _PERMANENT.search(told) or any(one in told for one in _PERMANENT_WORDS)
    if permanent or mail.get("X-Failed-Recipients"):
        return set(_quoted(parts))
    return set()


def _quoted(parts: list[Message]) -> Iterator[str]:
    """The refs of quoted mails: attached whole, as headers, or written into the text.

    Never those of the outermost headers: an answer refers to what it answers.
    """
    for part in parts[1:]:
        if ref := _ref(part.get("Message-ID")):
            yield ref
    for text in _texts(parts):
        for quoted in _QUOTED_ID.findall(text):
            if ref := _ref(quoted):
                yield ref


def _texts(parts: list[Message]) -> Iterator[str]:
    for part in parts:
        if part.get_content_type() in ("text/plain", "text/rfc822-headers", "text/html"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield content.decode("utf-8", "replace")


def _payload(part: Message) -> list[object]:
    found = part.get_payload()
    return list(found) if isinstance(found, list) else []


def _ref(text: object) -> str | None:
    """The ref that an id or an envelope's name is, or None."""
    said = str(text or "").strip()
    found = _ID.fullmatch(said)
    try:
        ref = str(UUID(found[1] if found else said))
    except ValueError:
        return None
    return ref if found or ref == said.lower() else None
