"""Mail as a resident's program sees it, over a real server and in the folder."""

import smtplib
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar

from booking.ledger import changes
from booking.ledger.application import Target
from booking.settings import Settings, SettingsError
from notifications.channels.channel import Invitation, Message, NotSent
from notifications.channels.mail import MailFolder, mail_channel
from tests.support.house import NEXT_SESSION, SESSION, TUESDAY, House, a_house
from tests.support.telling import MAIL, Teller, confirmed, logged, rows, states, tries

SENDER = "yoyaku@example.jp"


def a_message(to: str = MAIL, **changes: object) -> Message:
    given = {
        "ref": "5b0d4d2c-6f0b-5f43-9d3a-6f3f1f5f0c11",
        "kind": "confirmed",
        "to": to,
        "sender": "渋川市役所",
        "subject": "ご予約のお知らせ",
        "body": "令和8年12月19日（土）\n",
        "at": TUESDAY,
    }
    return Message(**(given | changes))  # type: ignore[arg-type]


def mails_in(folder: Path) -> list[EmailMessage]:
    """The mails of a folder, as a reader's program sees them."""
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(folder.glob("*.eml"))
    ]


def teller_by_smtp(house: House, url: str) -> tuple[Teller, dict]:
    settings = Settings(mail_url=url, mail_from=SENDER)
    return Teller(house), {"mail": mail_channel(settings)}


def test_a_mail_is_neutral_and_in_base64(smtp_server) -> None:
    """The subject names no topic, the sender is the town; the text comes first."""
    channel = mail_channel(Settings(mail_url=smtp_server.url, mail_from=SENDER))
    channel.send(a_message())
    channel.close()

    (mail,) = smtp_server.received
    assert (mail.sender, mail.recipients) == (SENDER, (MAIL,))
    message = mail.message
    assert message["Subject"] == "ご予約のお知らせ"
    assert message["From"] == f"渋川市役所 <{SENDER}>"
    assert message["To"] == MAIL
    assert message["Date"] == "Tue, 24 Nov 2026 10:00:00 +0900"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Transfer-Encoding"] == "base64"
    assert message.get_content() == "令和8年12月19日（土）\r\n"


def test_the_message_id_comes_from_the_messages_key(smtp_server) -> None:
    """A second delivery of the same message is recognisable, another message is another."""
    channel = mail_channel(Settings(mail_url=smtp_server.url, mail_from=SENDER))
    channel.send(a_message())
    channel.send(a_message(at=TUESDAY + timedelta(hours=1)))
    channel.send(a_message(ref="0c8d2d3a-93fb-5f6e-8a3c-3f3a8ea0e7b4"))
    channel.close()

    first, again, other = (mail.message["Message-ID"] for mail in smtp_server.received)
    assert first == again != other
    assert first.endswith("@example.jp>")


def test_the_calendar_part_says_its_method_twice(smtp_server) -> None:
    """Outlook wants `method` in the header, and the file beside it holds the same bytes."""
    content = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nX-A:ご予約\r\nEND:VCALENDAR\r\n".encode()
    channel = mail_channel(Settings(mail_url=smtp_server.url, mail_from=SENDER))
    channel.send(a_message(invitation=Invitation(method="REQUEST", content=content)))
    channel.close()

    message = smtp_server.received[0].message
    shape = [part.get_content_type() for part in message.walk()]
    assert shape == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/calendar",
        "application/ics",
    ]
    calendar, attachment = list(message.walk())[3:]
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content_charset() == "utf-8"
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert attachment.get_filename() == "invite.ics"
    assert calendar.get_payload(decode=True) == attachment.get_payload(decode=True) == content


@pytest.mark.parametrize(
    ("reply", "code", "for_good"),
    [
        ("550 no such mailbox taro@example.jp", "smtp-550", True),
        ("451 greylisted taro@example.jp", "smtp-451", False),
    ],
)
def test_a_refusal_names_its_code_and_no_address(
    smtp_server, reply: str, code: str, for_good: bool
) -> None:
    """5xx is for good, 4xx may pass; and the connection serves the next one."""
    smtp_server.refusals["taro@example.jp"] = reply
    channel = mail_channel(Settings(mail_url=smtp_server.url, mail_from=SENDER))
    with pytest.raises(NotSent) as refusal:
        channel.send(a_message("taro@example.jp"))
    channel.send(a_message())
    channel.close()

    assert (refusal.value.code, refusal.value.for_good) == (code, for_good)
    assert "taro" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert [mail.recipients for mail in smtp_server.received] == [(MAIL,)]


def test_a_server_that_is_away_is_no_ones_fault() -> None:
    """It is tried again."""
    channel = mail_channel(Settings(mail_url="smtp://127.0.0.1:1", mail_from=SENDER))

    with pytest.raises(NotSent) as refusal:
        channel.send(a_message())

    assert (refusal.value.code, refusal.value.for_good) == ("smtp-unreachable", False)
    assert refusal.value.down


def test_a_password_that_is_refused_is_tried_again(smtp_server) -> None:
    """The town mends it; no resident is given up for it. This server knows no AUTH at all."""
    url = smtp_server.url.replace("smtp://", "smtp://user:p%40ss@")
    channel = mail_channel(Settings(mail_url=url, mail_from=SENDER))

    with pytest.raises(NotSent) as refusal:
        channel.send(a_message())

    assert (refusal.value.code, refusal.value.for_good) == ("smtp-unreachable", False)


def test_a_server_that_hung_up_is_called_again(smtp_server) -> None:
    """Some allow only so many mails a connection."""
    channel = mail_channel(Settings(mail_url=smtp_server.url, mail_from=SENDER))
    channel.send(a_message())
    connection = channel._connection  # type: ignore[attr-defined]
    assert isinstance(connection, smtplib.SMTP)
    connection.sock.close()
    channel.send(a_message())
    channel.close()

    assert len(smtp_server.received) == 2


def test_an_address_that_no_server_takes_is_refused_at_once() -> None:
    """So that somebody phones."""
    channel = mail_channel(Settings(mail_from=SENDER))

    with pytest.raises(NotSent) as refusal:
        channel.send(a_message("花子@example.jp"))

    assert (refusal.value.code, refusal.value.for_good) == ("mail-address-not-ascii", True)


@pytest.mark.parametrize("address", ["a..b@docomo.example.jp", "a.@docomo.example.jp"])
def test_a_carriers_odd_address_is_written_as_it_is(tmp_path: Path, address: str) -> None:
    """Such addresses exist, whatever RFC 5322 says."""
    MailFolder(tmp_path, SENDER).send(a_message(address))

    assert mails_in(tmp_path)[0]["To"] == address


@pytest.mark.parametrize(
    "settings",
    [
        {"mail_url": "http://example.jp"},
        {"mail_url": "smtp://"},
        {"mail_from": "nobody"},
        {"mail_from": ""},
        {"mail_bounces": "nobody"},
        {"mail_bounces": "b@example.jp>\r\nRCPT TO:<x"},
    ],
)
def test_settings_that_cannot_work_are_refused_before_anything_starts(settings: dict) -> None:
    """With the variable's name, and never with a password."""
    with pytest.raises(SettingsError, match="BOOKING_MAIL_"):
        mail_channel(Settings(**settings))


def test_the_folder_keeps_each_mail_whole_and_to_ourselves(tmp_path: Path) -> None:
    """A second try writes the same file."""
    channel = mail_channel(Settings(mail_from=SENDER), tmp_path / "mail")
    channel.send(a_message())
    channel.send(a_message())

    (path,) = (tmp_path / "mail").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert mails_in(tmp_path / "mail")[0]["Subject"] == "ご予約のお知らせ"


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    """A full disk is no one's fault."""
    (tmp_path / "mail").write_text("in the way", encoding="utf-8")

    with pytest.raises(NotSent) as refusal:
        mail_channel(Settings(mail_from=SENDER), tmp_path / "mail").send(a_message())

    assert (refusal.value.code, refusal.value.for_good) == ("folder-not-writable", False)


def test_a_booking_travels_to_the_mailbox(database_url: str, smtp_server, caplog) -> None:
    """Confirmed, then cancelled: an invitation and its withdrawal, for the same entry."""
    caplog.set_level("DEBUG")
    with a_house(database_url, mail_from=SENDER) as house:
        teller, channels = teller_by_smtp(house, smtp_server.url)
        booking = confirmed(house, email=MAIL)
        teller.tick(channels)
        changes.cancel(house.ledger, booking.id, actor="resident")
        teller.tick(channels)

        said = repr(rows(house)) + repr(tries(house)) + logged(caplog)
        for personal in (MAIL, booking.contact.name, booking.contact.phone, booking.token):
            assert personal not in said

    confirmation, cancellation = (mail.message for mail in smtp_server.received)
    events = []
    for mail, method in ((confirmation, "REQUEST"), (cancellation, "CANCEL")):
        part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
        assert part.get_param("method") == method
        calendar = Calendar.from_ical(part.get_payload(decode=True))
        assert calendar["METHOD"] == method
        (event,) = calendar.walk("VEVENT")
        assert event["ORGANIZER"] == f"mailto:{SENDER}"
        assert event["ATTENDEE"] == f"mailto:{MAIL}"
        events.append(event)
    assert events[0]["UID"] == events[1]["UID"]
    assert events[0]["SEQUENCE"] < events[1]["SEQUENCE"]


def test_what_is_declined_leaves_the_calendar_that_it_was_in(
    database_url: str, smtp_server
) -> None:
    """A party that was confirmed and moved itself has an entry of what is then declined."""
    with a_house(database_url, mail_from=SENDER) as house:
        teller, channels = teller_by_smtp(house, smtp_server.url)
        booking = confirmed(house, email=MAIL)
        teller.tick(channels)
        later = Target(day=date.fromisoformat(NEXT_SESSION))
        changes.move(house.ledger, booking.id, actor="resident", target=later)
        teller.tick(channels)
        changes.decline(house.ledger, booking.id, actor="staff:test", reason="満席", how="mail")
        teller.tick(channels)

    found = []
    for mail in (one.message for one in smtp_server.received):
        (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
        calendar = Calendar.from_ical(part.get_payload(decode=True))
        (event,) = calendar.walk("VEVENT")
        found.append((str(calendar["METHOD"]), str(event["STATUS"]), int(event["SEQUENCE"])))
    assert found == [
        ("REQUEST", "CONFIRMED", 1),
        ("REQUEST", "TENTATIVE", 2),
        ("CANCEL", "CANCELLED", 3),
    ]


def test_a_refused_recipient_stops_no_other(database_url: str, smtp_server, caplog) -> None:
    """The refused one goes to nobody's log, and the other's mail arrives in the same tick."""
    smtp_server.refusals[MAIL] = "550 5.1.1 <hanako@example.jp>: no such mailbox"
    with a_house(database_url, mail_from=SENDER) as house:
        teller, channels = teller_by_smtp(house, smtp_server.url)
        confirmed(house, email=MAIL, how="mail")
        house.request(email="taro@example.jp", date=SESSION)
        teller.tick(channels)

        assert [mail.recipients for mail in smtp_server.received] == [("taro@example.jp",)]
        assert [row["last_error"] for row in rows(house) if row["state"] == "dead"] == ["smtp-550"]
        assert states(house)["confirmed call_list"] == "waiting"
        assert "hanako" not in repr(rows(house)) + repr(tries(house)) + logged(caplog)
        assert "smtp-550" in logged(caplog)


def test_without_a_server_mails_are_files(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below the working folder, in var/mail."""
    monkeypatch.chdir(tmp_path)
    with a_house(database_url) as house:
        house.request(email=MAIL)
        Teller(house).tick({"mail": mail_channel(house.settings)})

    (mail,) = mails_in(tmp_path / "var/mail")
    assert mail["To"] == MAIL
