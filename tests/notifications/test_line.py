"""LINE over a real platform: pushes that are never doubled, and what each refusal means."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from booking.settings import Settings, SettingsError
from notifications.channels.channel import Message, NotSent
from notifications.channels.line import Line, line_channel
from tests.support.house import TUESDAY, tokyo
from tests.support.line_platform import (
    HANAKO,
    MONTH_IS_OVER,
    TARO,
    TOKEN,
    TOO_FAST,
    LinePlatform,
    running_line_platform,
)
from tests.support.provider import Reply, said

TEXT = "ご予約のお知らせ\n令和8年12月19日（土）午前9時45分"
# Enough for a busy machine to answer at once, and little to wait for who never does.
PATIENCE_SECONDS = 2.0
REF = "5b0d4d2c-6f0b-5f43-9d3a-6f3f1f5f0c11"


def a_message(
    to: str = HANAKO, ref: str = REF, body: str = TEXT, at: datetime = TUESDAY
) -> Message:
    return Message(
        ref=ref, kind="reminder-last", to=to, sender="渋川市", subject="", body=body, at=at
    )


@pytest.fixture
def platform() -> Iterator[LinePlatform]:
    with running_line_platform() as running:
        yield running


@pytest.fixture
def line(platform: LinePlatform) -> Iterator[Line]:
    channel = Line(TOKEN, platform.settings["line_api"], seconds=PATIENCE_SECONDS)
    yield channel
    channel.close()


def refusal_of(line: Line, message: Message | None = None) -> NotSent:
    with pytest.raises(NotSent) as refusal:
        line.send(message or a_message())
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    assert HANAKO not in repr(refusal.value)
    return refusal.value


def test_a_message_is_pushed_with_its_retry_key(platform: LinePlatform, line: Line) -> None:
    """The key is the message's ref, the same at each try."""
    line.send(a_message())

    (asked,) = platform.asked
    assert asked.path == "/v2/bot/message/push"
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["x-line-retry-key"] == REF
    assert asked.json == {"to": HANAKO, "messages": [{"type": "text", "text": TEXT}]}
    assert platform.pushed == [(HANAKO, TEXT)]


def test_a_push_that_was_taken_is_not_doubled(platform: LinePlatform, line: Line) -> None:
    """409 says that an earlier try arrived: that is what was wanted."""
    line.send(a_message())
    line.send(a_message())

    assert platform.doubles == 1
    assert platform.pushed == [(HANAKO, TEXT)]


def test_after_a_timeout_the_same_key_is_tried(platform: LinePlatform, line: Line) -> None:
    """Whether the first try arrived is not known; with the key it need not be."""
    platform.planned.append(Reply(after=30))
    refusal = refusal_of(line)
    line.send(a_message())

    assert (refusal.code, refusal.down, refusal.for_good) == ("line-timeout", True, False)
    assert {one.headers["x-line-retry-key"] for one in platform.asked} == {REF}


@pytest.mark.parametrize(
    ("reply", "code", "for_good", "down"),
    [
        (said(400, {"message": "Failed to send messages"}), "line-400", True, False),
        (said(413, {}), "line-413", True, False),
        (said(401, {"message": "Authentication failed"}), "line-401", False, True),
        (said(403, {}), "line-403", False, True),
        (said(404, {}), "line-404", False, True),
        (said(429, {"message": TOO_FAST}), "line-429", False, True),
        (said(500, {"message": MONTH_IS_OVER}), "line-500", False, True),
        (Reply(status=503, body=b"<html>"), "line-503", False, True),
        (Reply(status=200, body=b"<html>Please log in</html>"), "line-garbled", False, False),
        (Reply(status=307, headers={"Location": "/elsewhere"}), "line-307", False, True),
        (Reply(hangs_up=True), "line-unreachable", False, True),
        (Reply(body=b"x" * 1000, drips=True), "line-endless", False, True),
    ],
)
def test_each_answer_means_one_thing(
    platform: LinePlatform, line: Line, reply: Reply, code: str, for_good: bool, down: bool
) -> None:
    """Nobody is given up for the town's or the platform's trouble; and it goes on afterwards."""
    platform.planned.append(reply)
    refusal = refusal_of(line)
    line.send(a_message())

    assert (refusal.code, refusal.for_good, refusal.down) == (code, for_good, down)
    assert platform.pushed == [(HANAKO, TEXT)]


def test_an_account_that_is_gone_is_refused_for_good(platform: LinePlatform, line: Line) -> None:
    """So that the next channel takes over; the others' messages go."""
    platform.users.remove(HANAKO)
    refusal = refusal_of(line)
    line.send(a_message(TARO))

    assert (refusal.for_good, refusal.down) == (True, False)
    assert platform.pushed == [(TARO, TEXT)]


def test_a_booking_without_an_account_is_refused_before_anything_is_asked(
    platform: LinePlatform, line: Line
) -> None:
    """It was unlinked since the message was planned."""
    refusal = refusal_of(line, a_message(""))

    assert (refusal.code, refusal.for_good) == ("not-linked", True)
    assert platform.asked == []


@pytest.mark.parametrize(
    ("at", "wait"),
    [
        ("2026-11-24 10:00", timedelta(days=1)),
        ("2026-11-30 21:00", timedelta(hours=3)),
        ("2026-12-31 23:59", timedelta(minutes=1)),
        ("2026-12-01 00:00", timedelta(days=1)),
    ],
)
def test_a_plan_that_is_used_up_waits_for_the_month_but_looks_daily(
    platform: LinePlatform, line: Line, at: str, wait: timedelta
) -> None:
    """The month is Japan's; and the town may buy a larger plan before it ends."""
    platform.quota = 0
    refusal = refusal_of(line, a_message(at=tokyo(at)))

    assert (refusal.code, refusal.down, refusal.for_good) == ("line-monthly-limit", True, False)
    assert refusal.wait == wait


def test_a_pace_that_is_too_fast_waits_as_asked(platform: LinePlatform, line: Line) -> None:
    """It says so by Retry-After, where it says anything."""
    platform.planned.append(said(429, {"message": TOO_FAST}, Retry_After="7"))

    assert refusal_of(line).wait == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("body", "units"), [("あ" * 6000, 5000), ("𠮷" * 3000, 5000), ("あ" + "𠮷" * 3000, 4999)]
)
def test_a_text_is_never_longer_than_the_platform_takes(
    platform: LinePlatform, line: Line, body: str, units: int
) -> None:
    """Counted in UTF-16 units, of which 𠮷 needs two: and no character is halved."""
    line.send(a_message(body=body))

    ((_, text),) = platform.pushed
    assert len(text.encode("utf-16-le")) // 2 == units
    assert body.startswith(text)


def test_a_reply_carries_no_retry_key(platform: LinePlatform, line: Line) -> None:
    """The platform refuses replies that do; and a reply token serves once."""
    token = platform.follow()["replyToken"]
    line.reply(token, "はい")
    with pytest.raises(NotSent, match="line-400"):
        line.reply(token, "はい")

    assert platform.replied == [(HANAKO, "はい")]


def test_nothing_of_it_is_logged(
    platform: LinePlatform, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither account nor text nor token, at any level."""
    caplog.set_level(logging.DEBUG)
    platform.planned.append(said(500, {}))
    refusal_of(line)
    line.send(a_message())

    for secret in (HANAKO, "令和8年", TOKEN):
        assert secret not in caplog.text


@pytest.mark.parametrize("api", ["http://line.example.jp", "line.example.jp", "https://"])
def test_an_address_that_cannot_work_is_refused(api: str) -> None:
    """The token never goes out unencrypted."""
    with pytest.raises(SettingsError, match="BOOKING_LINE_API"):
        line_channel(Settings(line_token=TOKEN, line_api=api))


def test_without_a_token_there_is_no_channel() -> None:
    """The address alone is no set-up: it has a default."""
    assert line_channel(Settings()) is None
    assert line_channel(Settings(line_token=TOKEN)) is not None
