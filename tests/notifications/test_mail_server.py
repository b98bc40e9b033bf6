"""Mail over servers as providers run them: encrypted, signed in, and where failures come back to."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from booking.settings import Settings
from notifications.channels.channel import Channel, Message, NotSent
from notifications.channels.mail import mail_channel
from tests.support.house import TUESDAY
from tests.support.mail_server import (
    IN_URL,
    PASSWORD,
    MailServer,
    certificate,
    running_mail_server,
)

HANAKO, SENDER, BOUNCES = "hanako@example.jp", "yoyaku@example.jp", "bounces@example.jp"
REF = "5b0d4d2c-6f0b-5f43-9d3a-6f3f1f5f0c11"


def a_message(to: str = HANAKO) -> Message:
    return Message(
        ref=REF,
        kind="confirmed",
        to=to,
        sender="渋川市役所",
        subject="ご予約のお知らせ",
        body="令和8年12月19日（土）\n",
        at=TUESDAY,
    )


def channel_to(url: str, **settings: str) -> Channel:
    return mail_channel(Settings(mail_url=url, mail_from=SENDER, **settings))  # type: ignore[arg-type]


def refusal_of(channel: Channel, message: Message | None = None) -> NotSent:
    with pytest.raises(NotSent) as refusal:
        channel.send(message or a_message())
    assert refusal.value.__cause__ is None
    assert "example.jp" not in repr(refusal.value)
    return refusal.value


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system trusts this folder's server, as it does a real one's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path)))
    return tmp_path


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[MailServer]:
    with running_mail_server(tmp_path) as server:
        yield server


@pytest.mark.parametrize(("tls", "scheme"), [("starttls", "smtp+starttls"), ("at-once", "smtps")])
def test_a_mail_goes_encrypted_and_signed_in(trusted: Path, tls: str, scheme: str) -> None:
    """The server takes nothing without either."""
    with running_mail_server(trusted, tls=tls, sign_in=True) as server:
        channel = channel_to(f"{scheme}://{IN_URL}@127.0.0.1:{server.port}")
        channel.send(a_message())
        channel.send(a_message("taro@example.jp"))
        channel.close()

    assert [mail.recipients for mail in server.received] == [(HANAKO,), ("taro@example.jp",)]


@pytest.mark.parametrize(("tls", "scheme"), [("starttls", "smtp+starttls"), ("at-once", "smtps")])
def test_a_server_that_nobody_vouches_for_is_told_nothing(
    tmp_path: Path, tls: str, scheme: str
) -> None:
    """Neither the password nor an address: anybody may answer in a server's place."""
    with running_mail_server(tmp_path, tls=tls, sign_in=True) as server:
        channel = channel_to(f"{scheme}://{IN_URL}@127.0.0.1:{server.port}")
        refusal = refusal_of(channel)
        channel.close()

    assert (refusal.code, refusal.down, refusal.for_good) == ("smtp-unreachable", True, False)
    assert server.received == []


def test_a_server_without_tls_is_not_talked_to_in_the_clear(plain: MailServer) -> None:
    """Whoever strips STARTTLS from the line must not read along."""
    channel = channel_to(plain.url.replace("smtp://", "smtp+starttls://"))

    assert refusal_of(channel).down
    assert plain.received == []


def test_a_refused_password_is_the_towns_matter(trusted: Path) -> None:
    """No party is given up for it, and the password stands in no log."""
    with running_mail_server(trusted, tls="starttls", sign_in=True) as server:
        refusal = refusal_of(channel_to(f"smtp+starttls://town:old@127.0.0.1:{server.port}"))

    assert (refusal.code, refusal.down, refusal.for_good) == ("smtp-sign-in-refused", True, False)


def test_a_server_that_is_away_is_down(tmp_path: Path) -> None:
    """The others wait, too, without a try."""
    with running_mail_server(tmp_path) as server:
        url = server.url
    refusal = refusal_of(channel_to(url))

    assert (refusal.code, refusal.down, refusal.for_good) == ("smtp-unreachable", True, False)


@pytest.mark.parametrize("reply", ["553 5.7.1 not yours", "451 4.1.8 who are you"])
def test_a_refused_sender_is_the_towns_matter(plain: MailServer, reply: str) -> None:
    """It is our address that it refuses, for good or not."""
    plain.replies["MAIL"] = reply
    channel = channel_to(plain.url)
    refusal = refusal_of(channel)
    channel.close()

    assert (refusal.code, refusal.down, refusal.for_good) == (
        f"smtp-sender-{reply[:3]}",
        True,
        False,
    )


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_says_goodbye_is_down_and_called_again(
    plain: MailServer, command: str
) -> None:
    """421 at any moment is meant for everybody."""
    goodbye = "421 4.3.2 shutting down"
    plain.replies[command] = goodbye
    if command == "RCPT":
        plain.refusals[HANAKO] = goodbye
    channel = channel_to(plain.url)
    refusal = refusal_of(channel)
    plain.replies.clear()
    plain.refusals.clear()
    channel.send(a_message())
    channel.close()

    assert (refusal.down, refusal.for_good) == (True, False)
    assert refusal.code in ("smtp-421", "smtp-sender-421")
    assert (len(plain.received), plain.connections) == (1, 2)


@pytest.mark.parametrize(
    ("reply", "for_good"), [("552 5.2.2 mailbox full", True), ("452 4.2.2 mailbox full", False)]
)
def test_one_recipients_trouble_is_no_one_elses(
    plain: MailServer, reply: str, for_good: bool
) -> None:
    """Neither for good nor for the moment."""
    plain.refusals[HANAKO] = reply
    channel = channel_to(plain.url)
    refusal = refusal_of(channel)
    channel.send(a_message("taro@example.jp"))
    channel.close()

    assert (refusal.down, refusal.for_good) == (False, for_good)
    assert plain.connections == 1


@pytest.mark.parametrize(
    ("settings", "sender"), [({}, SENDER), ({"mail_bounces": BOUNCES}, BOUNCES)]
)
def test_what_fails_later_comes_back_to_its_own_mailbox(
    plain: MailServer, settings: dict[str, str], sender: str
) -> None:
    """Readers see the town's address all the same."""
    channel = channel_to(plain.url, **settings)
    channel.send(a_message())
    channel.close()

    (mail,) = plain.received
    assert mail.sender == sender
    assert mail.message["From"].addresses[0].addr_spec == SENDER
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Message-ID"] == f"<{REF}@example.jp>"


def test_a_server_that_reports_is_asked_for_failures_by_name(tmp_path: Path) -> None:
    """Headers only: what we wrote to somebody isn't sent around once more. Others aren't asked."""
    with running_mail_server(tmp_path, reports=True) as server:
        channel = channel_to(server.url)
        channel.send(a_message())
        channel.close()

    assert server.asked == ["MAIL RET=HDRS", f"MAIL ENVID={REF}", "RCPT NOTIFY=FAILURE"]
    assert len(server.received) == 1


def test_nothing_of_it_is_logged(trusted: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Neither address nor password, at any level; what the test's own server says is its own."""
    caplog.set_level(logging.DEBUG)
    with running_mail_server(trusted, tls="starttls", sign_in=True) as server:
        channel = channel_to(f"smtp+starttls://{IN_URL}@127.0.0.1:{server.port}")
        server.refusals[HANAKO] = f"550 5.1.1 <{HANAKO}> unknown"
        refusal_of(channel)
        channel.close()

    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("mail")]
    assert HANAKO not in "\n".join(ours)
    assert PASSWORD not in "\n".join(ours)
