"""Mails that come back, as mail servers write them: what counts as a failure, and what doesn't."""

import random
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from notifications.bounces import bounced, failed_refs
from notifications.tables import OutboxRow
from tests.support.house import House, a_house

MAIL_ONLY = ("mail",)
OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
REF, OTHER = "5b0d4d2c-6f0b-5f43-9d3a-6f3f1f5f0c11", "0c8d2d3a-93fb-5f6e-8a3c-3f3a8ea0e7b4"

# Postfix, to carriers and elsewhere.
POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.jp (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounces@example.jp
Auto-Submitted: auto-replied
Message-ID: <20261124010203.4A5B6C@mx.example.jp>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.jp.
<hanako@example.jp>: host mail.example.jp[192.0.2.5] said: 550 5.1.1 user unknown

--b1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.jp
{envelope}X-Postfix-Queue-ID: 4A5B6C
Arrival-Date: Tue, 24 Nov 2026 10:00:00 +0900 (JST)

Final-Recipient: rfc822; hanako@example.jp
Original-Recipient: rfc822;hanako@example.jp
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--b1
{original}
--b1--
"""
HEADERS = f"""\
Content-Type: text/rfc822-headers

From: =?utf-8?b?5rif5bed5biC?= <yoyaku@example.jp>
To: hanako@example.jp
Message-ID: <{REF}@example.jp>
Auto-Submitted: auto-generated
"""
WHOLE = f"""\
Content-Type: message/rfc822

From: yoyaku@example.jp
To: hanako@example.jp
Message-ID:
 <{REF}@example.jp>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

5LuU5b2V
"""
NOTHING = "Content-Type: text/plain\n\nThe original was removed.\n"


def report(
    action: str = "failed", status: str = "5.1.1", original: str = HEADERS, envelope: str = ""
) -> bytes:
    text = POSTFIX.format(action=action, status=status, original=original, envelope=envelope)
    return text.encode()


QMAIL = f"""\
Return-Path: <>
From: MAILER-DAEMON@mail.example.jp
To: bounces@example.jp
Subject: failure notice

Hi. This is the qmail-send program at mail.example.jp.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<hanako@example.jp>:
192.0.2.5 does not like recipient.

--- Below this line is a copy of the message.

Return-Path: <bounces@example.jp>
Received: (qmail 5 invoked by uid 5); 24 Nov 2026 01:02:03 -0000
From: yoyaku@example.jp
Message-ID: <{REF}@example.jp>
Subject: ...
"""
CARRIER = f"""\
From: Mail Delivery Subsystem <MAILER-DAEMON@docomo.example.jp>
To: bounces@example.jp
Subject: Returned mail: User unknown
Content-Type: text/plain; charset=iso-2022-jp
Content-Transfer-Encoding: 7bit

The following message was not delivered to
hanako@example.jp
Reason: 550 Unknown user hanako@example.jp

> From: yoyaku@example.jp
> Message-Id: <{REF}@example.jp>
"""
EXIM_DELAYED = f"""\
Return-Path: <>
From: Mail Delivery System <Mailer-Daemon@mx.example.jp>
To: bounces@example.jp
Auto-Submitted: auto-replied
Subject: Warning: message 1abc delayed 24 hours

This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours. It said: 450 4.2.0 greylisted, 550 5.7.1 earlier.
Delivery attempts will continue to be made for some time.

Message-ID: <{REF}@example.jp>
"""
HOLIDAY = f"""\
Return-Path: <>
From: hanako@example.jp
To: yoyaku@example.jp
Subject: Re: 5.1.1
Auto-Submitted: auto-replied (vacation)
In-Reply-To: <{REF}@example.jp>
References: <{REF}@example.jp>

550 reasons to be away. I am back on 5.1.27.
> Message-ID: <{REF}@example.jp>
"""
ANSWER = f"""\
Return-Path: <hanako@example.jp>
From: hanako@example.jp
To: yoyaku@example.jp
Subject: Re: permanent error 550 5.1.1
In-Reply-To: <{REF}@example.jp>

> Message-ID: <{REF}@example.jp>
"""
READ_RECEIPT = f"""\
From: hanako@example.jp
Content-Type: multipart/report; report-type=disposition-notification; boundary="b"

--b
Content-Type: message/disposition-notification

Original-Message-ID: <{REF}@example.jp>
Disposition: manual-action/MDN-sent-manually; displayed

--b--
"""


@pytest.mark.parametrize(
    "mail",
    [
        report(),
        report(original=WHOLE),
        report(status="5.2.2", action="Failed (mailbox full)"),
        report(status="4.4.7"),  # a server that gave up after days
        report(action="", status="5.0.0"),
        report(original=NOTHING, envelope=f"Original-Envelope-Id: {REF}\n"),
        report().replace(b"\n", b"\r\n"),
        report(original=HEADERS.replace("Content-Type: text/rfc822-headers", "")),
        QMAIL.encode(),
        CARRIER.encode(),
    ],
)
def test_a_failure_names_the_message(mail: bytes) -> None:
    """By the id that we gave it, wherever the report has it."""
    assert failed_refs(mail) == {REF}


@pytest.mark.parametrize(
    "mail",
    [
        report(action="delayed", status="4.4.1"),
        report(action="delayed", status="5.4.1"),
        report(action="relayed", status="2.0.0"),
        report(action="delivered", status="2.0.0"),
        report(action="", status="4.4.1"),
        report(original=NOTHING),
        report(original=HEADERS.replace(REF, "20261124.1")),
        *(one.encode() for one in (EXIM_DELAYED, HOLIDAY, ANSWER, READ_RECEIPT)),
        *(b"", b"\xff\xfe\x00", b"hello\n", b"From: MAILER-DAEMON@x\n\n5.1.1 gone\n"),
        CARRIER.replace(REF, "1@2").encode(),
    ],
)
def test_anything_else_is_no_failure_of_ours(mail: bytes) -> None:
    """What is only late may arrive, and who answers has read it."""
    assert failed_refs(mail) == set()


def test_no_mail_can_stop_the_reading() -> None:
    """Whatever is sent to the address: cut, spoilt, nested without end, or enormous, and in time."""
    spoiler = random.Random(3464)
    for mail in (report(), report(original=WHOLE), QMAIL.encode(), CARRIER.encode()):
        for _ in range(60):
            spoilt = bytearray(mail)
            for _ in range(8):
                spoilt[spoiler.randrange(len(spoilt))] = spoiler.randrange(256)
            assert failed_refs(bytes(spoilt[: spoiler.randrange(len(spoilt))])) <= {REF, OTHER}
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (one, one)
        for one in range(3_000)
    )
    daemon = b"From: MAILER-DAEMON@x\n\n"
    for large in (nested, b"\n" * 3_000_000, b"Message-ID:" * 300_000, b"<" * 3_000_000):
        assert failed_refs(large) == set()
        assert failed_refs(daemon + large) == set()
    assert failed_refs(daemon + b"5.1." * 1_000_000) == set()


def a_sent_mail(house: House, ref: str) -> None:
    row = {
        "key": f"b:1:confirmed:{ref}",
        "ref": ref,
        "revision": 1,
        "kind": "confirmed",
        "channel": "mail",
        "state": "sent",
        "due_at": datetime(2026, 11, 24, tzinfo=UTC),
        "at_once": False,
        "attempts": 1,
        "created_at": datetime(2026, 11, 24, tzinfo=UTC),
    }
    house.ledger.store.write(lambda tx: tx.execute(insert(OUTBOX), row))


def test_a_failure_is_noted_on_its_message_alone(database_url: str) -> None:
    """The same report twice notes it once; a report of somebody else's mail notes nothing."""
    with a_house(database_url) as house:
        a_sent_mail(house, REF)
        a_sent_mail(house, OTHER)
        answers = [
            bounced(house.ledger, one, MAIL_ONLY)
            for one in (report(action="delayed"), report(), report(), QMAIL.encode())
        ]
        foreign = report(original=HEADERS.replace(REF[:8], "00000000"))

        assert answers == ["no report of a failure", *["noted as failed"] * 3]
        assert bounced(house.ledger, foreign, MAIL_ONLY) == "no message of ours"
        query = select(OUTBOX.c.receipt).order_by(OUTBOX.c.id)
        kept = house.ledger.store.read(lambda tx: list(tx.execute(query).scalars()))
        assert kept == ["failed", None]
