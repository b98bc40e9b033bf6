"""SMS over a real gateway: what is taken, what is refused for good, what is only put off."""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from booking.settings import Settings, SettingsError
from notifications.channels.channel import Message, NotSent
from notifications.channels.sms import Sms, sms_channel
from tests.support.house import TUESDAY
from tests.support.provider import Reply, said
from tests.support.sms_gateway import PASSWORD, SmsGateway, running_sms_gateway

NUMBER, TEXT = "09012345678", "【渋川市】ご予約 12/19(土)9:45 市役所本庁舎"
# Enough for a busy machine to answer at once, and little to wait for who never does.
PATIENCE_SECONDS = 2.0
REF = "5b0d4d2c-6f0b-5f43-9d3a-6f3f1f5f0c11"


def a_message(to: str = NUMBER, ref: str = REF) -> Message:
    return Message(
        ref=ref, kind="reminder-last", to=to, sender="渋川市", subject="", body=TEXT, at=TUESDAY
    )


@pytest.fixture
def gateway() -> Iterator[SmsGateway]:
    with running_sms_gateway() as running:
        yield running


@pytest.fixture
def sms(gateway: SmsGateway) -> Iterator[Sms]:
    channel = Sms(gateway.url, seconds=PATIENCE_SECONDS)
    yield channel
    channel.close()


def refusal_of(sms: Sms, message: Message | None = None) -> NotSent:
    with pytest.raises(NotSent) as refusal:
        sms.send(message or a_message())
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    assert NUMBER not in repr(refusal.value)
    return refusal.value


def test_a_message_goes_out_as_json_with_its_reference(gateway: SmsGateway, sms: Sms) -> None:
    """By basic auth, and without the password in the address."""
    sms.send(a_message())

    (asked,) = gateway.asked
    assert asked.json == {"to": NUMBER, "text": TEXT, "client_ref": REF}
    assert asked.path == "/v1/messages"
    assert gateway.texts == [(NUMBER, TEXT)]


def test_one_connection_serves_a_whole_run(gateway: SmsGateway, sms: Sms) -> None:
    """And the next run begins another."""
    sms.send(a_message(ref="1"))
    sms.send(a_message(ref="2"))
    sms.close()
    sms.send(a_message(ref="3"))

    first, second, third = (one.connection for one in gateway.asked)
    assert first == second != third


def test_what_the_gateway_has_already_is_sent(gateway: SmsGateway, sms: Sms) -> None:
    """A try whose answer was lost: the second is a double, which goes out once."""
    gateway.planned.append(Reply(status=503))
    refusal_of(sms)
    sms.send(a_message())
    sms.send(a_message())

    assert gateway.doubles == 1
    assert len(gateway.texts) == 1


@pytest.mark.parametrize(
    "number",
    [
        *(
            "0279258526",
            "05012345678",
            "0901234567",
            "090123456789",
            "02001234567890",
            "02041234567",
        ),
        *("+819012345678", "090-1234-5678", "０９０１２３４５６７８", "08001234567890", "", "110"),
    ],
)
def test_only_mobiles_are_asked_for(gateway: SmsGateway, sms: Sms, number: str) -> None:
    """Anything else is refused before it leaves the house, so that the next channel takes over."""
    refusal = refusal_of(sms, a_message(number))

    assert (refusal.code, refusal.for_good) == ("not-a-mobile", True)
    assert gateway.asked == []


@pytest.mark.parametrize("prefix", ["020", "060", "070", "080", "090"])
def test_all_mobile_prefixes_are_taken(gateway: SmsGateway, sms: Sms, prefix: str) -> None:
    """060 is new (2024); 020 has eleven digits."""
    sms.send(a_message(f"{prefix}12345678"))

    assert gateway.texts == [(f"{prefix}12345678", TEXT)]


def test_a_number_that_the_gateway_refuses_is_refused_for_good(
    gateway: SmsGateway, sms: Sms
) -> None:
    """Though its answer names the number, ours doesn't; and the others go."""
    gateway.refuses.add(NUMBER)

    refusal = refusal_of(sms)
    sms.send(a_message("08011112222"))

    assert (refusal.code, refusal.for_good, refusal.down) == ("sms-422", True, False)
    assert gateway.texts == [("08011112222", TEXT)]


@pytest.mark.parametrize(
    ("reply", "code", "for_good", "down"),
    [
        (said(400, {"error": "malformed"}), "sms-400", True, False),
        (said(401, {}), "sms-401", False, True),
        (said(403, {}), "sms-403", False, True),
        (said(404, {}), "sms-404", False, True),
        (said(429, {}), "sms-429", False, True),
        (said(500, {}), "sms-500", False, True),
        (Reply(status=502, body=b"<html>Bad gateway</html>"), "sms-502", False, True),
        (Reply(status=302, headers={"Location": "http://127.0.0.1:1/"}), "sms-302", False, True),
        (Reply(status=200, body=b"<html>Please log in</html>"), "sms-garbled", False, False),
        (Reply(status=200, body=b""), "sms-garbled", False, False),
        (said(200, {"id": ""}), "sms-garbled", False, False),
        (said(200, {"id": None}), "sms-garbled", False, False),
        (Reply(status=200, body=b'["id"]'), "sms-garbled", False, False),
        (Reply(status=200, body=b"\xff{"), "sms-garbled", False, False),
        (Reply(status=200, body=b"[" * 60_000), "sms-garbled", False, False),
        (said(409, {"client_ref": "another"}), "sms-garbled", False, False),
        (said(409, {}), "sms-garbled", False, False),
        (Reply(hangs_up=True), "sms-unreachable", False, True),
        (Reply(after=30), "sms-timeout", False, True),
        (Reply(body=b"x" * 1000, drips=True), "sms-endless", False, True),
        (Reply(body=b"x" * 100_000), "sms-endless", False, True),
        (
            Reply(headers={"Content-Encoding": "gzip"}, body=b"no gzip"),
            "sms-unreachable",
            False,
            True,
        ),
    ],
)
def test_each_answer_means_one_thing(
    gateway: SmsGateway, sms: Sms, reply: Reply, code: str, for_good: bool, down: bool
) -> None:
    """Nobody is given up for the town's or the gateway's trouble; and it goes on afterwards."""
    gateway.planned.append(reply)
    began = time.monotonic()

    refusal = refusal_of(sms)
    took = time.monotonic() - began
    sms.send(a_message())

    assert (refusal.code, refusal.for_good, refusal.down) == (code, for_good, down)
    assert took < 2 * PATIENCE_SECONDS + 1
    assert gateway.texts == [(NUMBER, TEXT)]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "90"}, timedelta(seconds=90)),
        ({"Retry_After": "Tue, 24 Nov 2026 01:05:00 GMT"}, timedelta(minutes=5)),
        (
            {
                "Retry_After": "Fri, 02 Jan 2009 00:10:00 GMT",
                "Date": "Fri, 02 Jan 2009 00:00:00 GMT",
            },
            timedelta(minutes=10),
        ),
        ({"Retry_After": "Tue, 24 Nov 2026 00:00:00 GMT"}, timedelta(0)),
        ({"Retry_After": "99999999999999999999"}, timedelta(days=1)),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "-5"}, None),
        ({}, None),
    ],
)
def test_a_gateway_says_how_long_to_wait(
    gateway: SmsGateway, sms: Sms, headers: dict[str, str], wait: timedelta | None
) -> None:
    """In seconds or until a date, by its own clock where it shows it; never for longer than a day."""
    gateway.planned.append(said(429, {}, **headers))

    assert refusal_of(sms).wait == wait


def test_a_gateway_that_is_away_is_down() -> None:
    """Refused connections cost no one's message."""
    with running_sms_gateway() as gateway:
        url = gateway.url
    refusal = refusal_of(Sms(url))

    assert (refusal.code, refusal.down, refusal.for_good) == ("sms-unreachable", True, False)


def test_a_wrong_password_is_the_towns_matter(gateway: SmsGateway) -> None:
    """No party is given up for it."""
    sms = Sms(gateway.url.replace("town:", "village:"))
    refusal = refusal_of(sms)
    sms.close()

    assert (refusal.code, refusal.down, refusal.for_good) == ("sms-401", True, False)


def test_a_proxy_in_the_environment_changes_nothing(
    gateway: SmsGateway, sms: Sms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where personal data goes is said by our settings alone."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    sms.send(a_message())

    assert len(gateway.texts) == 1


def test_nothing_of_it_is_logged(
    gateway: SmsGateway, sms: Sms, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither number nor text, nor the address with its password, at any level."""
    caplog.set_level(logging.DEBUG)
    gateway.planned.append(said(500, {}))
    refusal_of(sms)
    sms.send(a_message())

    for secret in (NUMBER, "渋川市", gateway.address, PASSWORD):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "http://town:S3CRET@sms.example.jp/v1",
        "ftp://town:S3CRET@sms.example.jp/v1",
        "https://town:S3CRET@/v1",
        "https://town:S3CRET@sms.example.jp:99999/v1",
        "https://town:S3CRET@[::1/v1",
        "S3CRET",
        "http://town:S3CRET@10.0.0.1/v1",
        "http://localhost.example.jp/S3CRET",
    ],
)
def test_an_address_that_cannot_work_is_refused_without_its_secret(url: str) -> None:
    """Encrypted, or on this very machine."""
    with pytest.raises(SettingsError, match="BOOKING_SMS_URL") as error:
        sms_channel(Settings(sms_url=url))

    assert "S3CRET" not in str(error.value)
    assert error.value.__cause__ is None


@pytest.mark.parametrize(
    "url", ["https://town:x@sms.example.jp/v1", "http://localhost:1/", "http://[::1]:1/x"]
)
def test_encrypted_or_local_addresses_are_taken(url: str) -> None:
    """Nobody is called yet."""
    assert sms_channel(Settings(sms_url=url)) is not None


def test_without_a_setting_there_is_no_channel() -> None:
    """Whoever has a mobile only is then reached otherwise."""
    assert sms_channel(Settings()) is None
