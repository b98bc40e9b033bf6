"""What providers tell us: only what they signed counts, and twice is once."""

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from litestar.testing import TestClient
from sqlalchemy import insert, select

from booking.ledger import line_link, queries
from booking.ledger.booking import Booking
from notifications.channels.line import REPLY_SECONDS
from notifications.line_chat import code_in
from notifications.tables import OutboxRow
from tests.support import line_platform, sms_gateway
from tests.support.house import NEXT_SESSION, House, a_house
from tests.support.line_platform import (
    HANAKO,
    SECRET,
    TARO,
    TOKEN,
    LinePlatform,
    again,
    running_line_platform,
)
from tests.support.provider import Reply
from tests.support.server import Server
from tests.support.sms_gateway import PASSWORD, SmsGateway

OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
SMS_URL = "https://town:p%40ss%2Fword@sms.example.jp/v1"


def a_sent_message(house: House) -> str:
    """The ref of a message that a provider took."""
    ref = str(uuid4())
    row = {
        "key": f"b:1:confirmed:{ref}",
        "ref": ref,
        "booking_id": "b",
        "revision": 1,
        "kind": "confirmed",
        "channel": "sms",
        "state": "sent",
        "due_at": datetime(2026, 11, 24, tzinfo=UTC),
        "at_once": False,
        "attempts": 1,
        "created_at": datetime(2026, 11, 24, tzinfo=UTC),
    }
    house.ledger.store.write(lambda tx: tx.execute(insert(OUTBOX), row))
    return ref


def receipt_of(house: House, ref: str) -> str | None:
    query = select(OUTBOX.c.receipt).where(OUTBOX.c.ref == ref)
    found: str | None = house.ledger.store.read(lambda tx: tx.execute(query).scalar_one())
    return found


RECEIPTS = {
    ("delivered",): "delivered",
    ("failed",): "failed",
    ("unknown",): "unknown",
    ("failed", "failed"): "failed",
    ("unknown", "delivered"): "delivered",
    ("delivered", "unknown", "failed"): "delivered",
    ("failed", "delivered"): "delivered",
    ("failed", "unknown"): "failed",
}


def test_a_receipt_is_kept_once_in_whatever_order(database_url: str) -> None:
    """What arrived has arrived."""
    gateway = SmsGateway()
    with a_house(database_url, sms_url=SMS_URL) as house, house.client() as client:
        for statuses, kept in RECEIPTS.items():
            ref, other = a_sent_message(house), a_sent_message(house)
            for status in statuses:
                body, headers = gateway.receipt(ref, status)
                answer = client.post("/hooks/sms", content=body, headers=headers)
                assert (answer.status_code, answer.text) == (200, "noted")

            assert receipt_of(house, ref) == kept
            assert receipt_of(house, other) is None


def test_a_receipt_that_nobody_signed_changes_nothing(sqlite_url: str) -> None:
    """Nor one that was signed by somebody else, or for other words."""
    with a_house(sqlite_url, sms_url=SMS_URL) as house, house.client() as client:
        ref = a_sent_message(house)
        body, right = SmsGateway().receipt(ref, "failed")
        hexadecimal = right["X-Signature"].removeprefix("sha256=")
        wrong: list[dict[str, str]] = [
            {},
            {"X-Signature": ""},
            {"X-Signature": "sha256="},
            {"X-Signature": f"sha256={hexadecimal[:-1]}"},
            {"X-Signature": f"sha1={hexadecimal}"},
            sms_gateway.signed(body, "another password"),
            sms_gateway.signed(body, ""),
            sms_gateway.signed(body + b" "),
        ]
        for headers in wrong:
            assert client.post("/hooks/sms", content=body, headers=headers).status_code == 403
        odd = {"X-Signature": "sha256=\u00e9".encode("latin-1")}
        assert client.post("/hooks/sms", content=body, headers=odd).status_code == 403  # type: ignore[arg-type]

        assert receipt_of(house, ref) is None


def test_what_no_message_is_known_of_is_not_asked_for_again(sqlite_url: str) -> None:
    """It was erased, or is another installation's: 200, or a gateway would go on for days."""
    with a_house(sqlite_url, sms_url=SMS_URL) as house, house.client() as client:
        body, headers = SmsGateway().receipt(str(uuid4()), "failed")
        answer = client.post("/hooks/sms", content=body, headers=headers)

        assert (answer.status_code, answer.text) == (200, "unknown message")


UNREADABLE = (b"", b"{", b"[]", b"null", b"\xff", b"[" * 50_000)
NO_RECEIPTS = (
    *(b'{"client_ref": "x"}', b'{"client_ref": 1, "status": "failed"}', b"{}"),
    *(b'{"client_ref": "x", "status": "read"}', b'{"client_ref": "x", "status": ["failed"]}'),
    b'{"client_ref": "' + b"x" * 101 + b'", "status": "failed"}',
)


def test_a_receipt_that_cannot_be_read_is_told_so(sqlite_url: str) -> None:
    """400: the gateway's makers see it, and it isn't sent again."""
    with a_house(sqlite_url, sms_url=SMS_URL) as house, house.client() as client:
        for said in (*UNREADABLE, *NO_RECEIPTS):
            answer = client.post("/hooks/sms", content=said, headers=sms_gateway.signed(said))
            assert answer.status_code == 400, said[:50]


@pytest.mark.parametrize("url", [None, "https://sms.example.jp/v1"])
def test_without_a_password_no_receipt_is_believed(sqlite_url: str, url: str | None) -> None:
    """An empty one would be everybody's."""
    with a_house(sqlite_url, sms_url=url) as house, house.client() as client:
        ref = a_sent_message(house)
        body, _ = SmsGateway().receipt(ref, "failed")
        answer = client.post("/hooks/sms", content=body, headers=sms_gateway.signed(body, ""))

        assert answer.status_code == (403 if url else 404)
        assert receipt_of(house, ref) is None


@pytest.fixture
def platform() -> Iterator[LinePlatform]:
    with running_line_platform() as running:
        yield running


def chat(client: TestClient[Any], platform: LinePlatform, *events: dict[str, Any]) -> int:
    body, headers = platform.webhook(*events)
    return client.post("/hooks/line", content=body, headers=headers).status_code


def user_of(house: House, booking: Booking) -> str | None:
    return queries.by_id(house.ledger, booking.id).line_user


def test_trying_the_address_is_answered(platform: LinePlatform, sqlite_url: str) -> None:
    """LINE's console sends no event at all, signed."""
    with a_house(sqlite_url, **platform.settings) as house, house.client() as client:
        assert chat(client, platform) == 200


def test_events_that_nobody_signed_change_nothing(platform: LinePlatform, sqlite_url: str) -> None:
    """Else anybody could link a guessed code, or unlink somebody."""
    with a_house(sqlite_url, **platform.settings) as house, house.client() as client:
        booking = house.request()
        code = line_link.new_code(house.ledger, booking)
        body, right = platform.webhook(platform.typed(code))
        wrong: list[dict[str, str]] = [
            {},
            {"X-Line-Signature": ""},
            {"X-Line-Signature": right["X-Line-Signature"].lower()},
            line_platform.signed(body, "another secret"),
            line_platform.signed(body + b" "),
        ]
        for headers in wrong:
            assert client.post("/hooks/line", content=body, headers=headers).status_code == 403

        assert user_of(house, booking) is None
        assert client.post("/hooks/line", content=body, headers=right).status_code == 200
        assert user_of(house, booking) == HANAKO


def test_without_a_secret_nobody_is_heard(sqlite_url: str) -> None:
    """Whatever it is signed with."""
    with a_house(sqlite_url) as house, house.client() as client:
        headers = line_platform.signed(b'{"events":[]}', "")
        assert (
            client.post("/hooks/line", content=b'{"events":[]}', headers=headers).status_code == 404
        )


def test_several_events_come_at_once(platform: LinePlatform, database_url: str) -> None:
    """Each is answered to whom it is from; one that is odd keeps no other from being heard."""
    with a_house(database_url, **platform.settings) as house, house.client() as client:
        first, second = house.request(), house.request(date=NEXT_SESSION)
        codes = [line_link.new_code(house.ledger, one) for one in (first, second)]
        odd: list[Any] = [
            {},
            {"type": "follow"},
            {"type": "message", "source": {"type": "user", "userId": 5}},
            {"type": "message", "source": "x", "message": None},
            *({"type": "videoPlayComplete", "source": {"type": "user", "userId": HANAKO}}, 5),
        ]
        status = chat(
            client,
            platform,
            platform.follow(),
            *odd,
            platform.typed(codes[0]),
            platform.typed(codes[1], TARO),
        )

        assert status == 200
        assert (user_of(house, first), user_of(house, second)) == (HANAKO, TARO)
        assert [user for user, _ in platform.replied] == [HANAKO, HANAKO, TARO]


def test_what_is_delivered_twice_is_done_once(platform: LinePlatform, database_url: str) -> None:
    """The answer comes once, too: its token serves once."""
    with a_house(database_url, **platform.settings) as house, house.client() as client:
        booking = house.request()
        event = platform.typed(line_link.new_code(house.ledger, booking))

        assert chat(client, platform, event) == 200
        assert chat(client, platform, again(event)) == 200
        assert user_of(house, booking) == HANAKO
        assert len(platform.replied) == 1


def test_who_blocks_the_account_is_unlinked(platform: LinePlatform, database_url: str) -> None:
    """A push to them would look like a success, and nobody would read it."""
    with a_house(database_url, **platform.settings) as house, house.client() as client:
        mine, others = house.request(), house.request(date=NEXT_SESSION)
        for booking, user in ((mine, HANAKO), (others, TARO)):
            line_link.link(house.ledger, line_link.new_code(house.ledger, booking), user)
        event = platform.unfollow()
        assert chat(client, platform, event, again(event)) == 200

        assert (user_of(house, mine), user_of(house, others)) == (None, TARO)
        assert platform.replied == []


def test_whoever_writes_is_answered(platform: LinePlatform, sqlite_url: str) -> None:
    """Silence would look as if somebody had read it."""
    with a_house(sqlite_url, **platform.settings) as house, house.client() as client:
        for text in ("キャンセルしたいです", "", "090-1234-5678"):
            chat(client, platform, platform.typed(text))
        chat(client, platform, platform.sticker(TARO), platform.typed("000000"))

        *others, wrong = (text for _, text in platform.replied)
        assert len(others) == 4
        assert all("だれも読んでいません" in text for text in others)
        assert "登録できませんでした" in wrong


def test_the_sixth_code_in_an_hour_is_told_to_wait(platform: LinePlatform, sqlite_url: str) -> None:
    """Kindly."""
    with a_house(sqlite_url, **platform.settings) as house, house.client() as client:
        chat(client, platform, *(platform.typed("000000") for _ in range(6)))

        assert "1時間ほど" in platform.replied[5][1]
        assert "1時間ほど" not in platform.replied[4][1]


def test_in_a_group_nothing_is_heard(platform: LinePlatform, sqlite_url: str) -> None:
    """Others read along there; and in standby another program talks."""
    with a_house(sqlite_url, **platform.settings) as house, house.client() as client:
        booking = house.request()
        code = line_link.new_code(house.ledger, booking)
        chat(client, platform, platform.typed(code, type="group", groupId="C" + "0" * 32))
        chat(client, platform, platform.typed(code) | {"mode": "standby"})

        assert user_of(house, booking) is None
        assert platform.replied == []


def test_what_cannot_be_read_is_told_so(sqlite_url: str) -> None:
    """Signed or not, it is no webhook."""
    with a_house(sqlite_url, line_secret="s") as house, house.client() as client:
        for said in (*UNREADABLE, b'{"events": 1}', b'{"events": {}}', b"{}"):
            headers = line_platform.signed(said, "s")
            answer = client.post("/hooks/line", content=said, headers=headers)
            assert answer.status_code == 400, said[:50]


def test_a_lost_answer_undoes_nothing(
    platform: LinePlatform, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is linked all the same; the log says that an answer was lost, and not whose."""
    caplog.set_level(logging.DEBUG)
    with a_house(sqlite_url, **platform.settings) as house, house.client() as client:
        for reply in (Reply(status=500), Reply(hangs_up=True), Reply(status=401)):
            platform.always = reply
            booking = house.request()
            code = line_link.new_code(house.ledger, booking)
            event = platform.typed(code, f"U{code:0>32}")
            caplog.clear()

            assert chat(client, platform, event) == 200
            assert user_of(house, booking) == event["source"]["userId"]
            assert "an answer in the LINE chat was not sent: line-" in caplog.text
            for secret in (f"U{code:0>32}", event["replyToken"], booking.token):
                assert secret not in caplog.text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("482913", "482913"),
        ("４８２９１３", "482913"),
        ("482 913", "482913"),
        ("４８２　９１３", "482913"),
        ("482-913", "482913"),
        ("482−913です。", "482913"),
        ("番号は 4 8 2 9 1 3 です", "482913"),
        ("番号：482913\nよろしくお願いします", "482913"),
        ("482913 482913", "482913"),
        ("12月19日の 482913", "482913"),
        ("048291", "048291"),
        ("48291", None),
        ("4829130", None),
        ("090-1234-5678", None),
        ("0279-25-8526", None),
        ("482913か482914", None),
        ("四八二九一三", None),
        ("よろしくお願いします", None),
        ("", None),
        ("1" * 100_000, None),
    ],
)
def test_a_code_is_found_however_it_is_typed(text: str, code: str | None) -> None:
    """And a phone number is none."""
    assert code_in(text) == code


@pytest.mark.slow
def test_a_real_server_hears_both(sqlite_url: str, tmp_path: Any) -> None:
    """Over sockets, with the settings as an operator writes them; no token or number is printed."""
    gateway = SmsGateway()
    with (
        running_line_platform() as platform,
        gateway.running(),
        a_house(sqlite_url) as house,
    ):
        booking, ref = house.request(), a_sent_message(house)
        code = line_link.new_code(house.ledger, booking)
        chosen = {f"BOOKING_{name.upper()}": one for name, one in platform.settings.items()}
        chosen["BOOKING_SMS_URL"] = gateway.url
        with Server(sqlite_url, tmp_path, environment=chosen) as server:
            assert gateway.deliver(server.url, ref, "delivered") == 200
            assert platform.deliver(server.url) == 200
            platform.planned.append(Reply(after=20))
            began = time.monotonic()
            assert platform.deliver(server.url, platform.follow()) == 200
            assert platform.deliver(server.url, platform.typed(code)) == 200
            # The first answer's way into the chat is slow: neither LINE nor anybody waits for it.
            assert time.monotonic() - began < REPLY_SECONDS
            server.stop()  # after the answers under way

        assert receipt_of(house, ref) == "delivered"
        assert user_of(house, booking) == HANAKO
        assert len(platform.replied) == 1
        printed = "".join(server.output)
        for secret in (HANAKO, code, booking.token, PASSWORD, TOKEN, SECRET, ref):
            assert secret not in printed
