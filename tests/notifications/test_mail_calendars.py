"""The calendar in a mail, as it arrives: read by libical, ical.js and khal, and held against the database."""

from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from itertools import islice
from pathlib import Path

import pytest

from booking.ledger import changes
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from booking.ledger.reinstating import reinstate
from booking.settings import Settings
from notifications.channels.channel import Channel
from notifications.channels.mail import mail_channel
from tests.support.consumers.khal_calendar import KhalCalendar
from tests.support.consumers.reading import NEW_YORK, Expected, agreed
from tests.support.consumers.stored import ONE_DAY_BEFORE, own_entry
from tests.support.house import SESSION, House, a_house, tokyo
from tests.support.mailbox import Mailbox
from tests.support.telling import MAIL, STAFF, Teller

# They look from a zone of their own: once is enough.
pytestmark = pytest.mark.slow

SENDER = "yoyaku@example.jp"
METHODS = ["REQUEST", "REQUEST", "CANCEL", "REQUEST", "CANCEL"]


@pytest.fixture
def channels(smtp_server: Mailbox) -> Iterator[dict[str, Channel]]:
    """Mail by a real server."""
    channel = mail_channel(Settings(mail_url=smtp_server.url, mail_from=SENDER))
    yield {"mail": channel}
    channel.close()


def _told(house: House, channels: dict[str, Channel]) -> Iterator[tuple[str, Booking]]:
    """A booking's life, step by step, with a mail of each step that a calendar tells."""
    booking, ledger = house.request(wish="09:45", email=MAIL), house.ledger
    later = Target(slot=tokyo(f"{SESSION} 10:30"))
    teller = Teller(house)
    acts = {
        "confirmed": lambda: changes.confirm(ledger, booking.id, actor=STAFF, how="mail"),
        "moved": lambda: changes.move(ledger, booking.id, actor=STAFF, target=later, how="mail"),
        "cancelled": lambda: changes.cancel(ledger, booking.id, actor="resident"),
        "reinstated": lambda: reinstate(ledger, booking.id, actor=STAFF, reason="", how="mail"),
        "cancelled by the office": lambda: changes.cancel(
            ledger, booking.id, actor=STAFF, reason="担当者の都合", how="mail"
        ),
    }
    teller.tick(channels)
    for step, act in acts.items():
        house.clock.move_by(hours=1)
        act()
        teller.tick(channels)
        yield step, booking


def _calendars(mailbox: Mailbox) -> list[EmailMessage]:
    """The mails that have a calendar in them, oldest first."""
    messages = [mail.message for mail in mailbox.received]
    return [one for one in messages if any(_is_calendar(part) for part in one.walk())]


def _is_calendar(part: EmailMessage) -> bool:
    return part.get_content_type() == "text/calendar"


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def test_every_mails_calendar_and_download_is_read_as_the_database_has_it(
    database_url: str, smtp_server: Mailbox, channels: dict[str, Channel]
) -> None:
    """Points 1, 18, 19, 20 and 24: a download publishes, invites nobody, and is never older than the mail."""
    files: dict[str, bytes] = {}
    rows: dict[str, Expected] = {}
    with a_house(database_url, mail_from=SENDER) as house, house.client() as client:
        for step, booking in _told(house, channels):
            row = own_entry(house, booking.id)
            mail = _calendars(smtp_server)[-1]
            (files[step],) = [_content(part) for part in mail.walk() if _is_calendar(part)]
            files[f"{step}, downloaded"] = client.get(f"/b/{booking.token}/booking.ics").content
            rows |= {step: row, f"{step}, downloaded": row}

    found = list(agreed(files, rows).values())

    mailed, downloaded = found[::2], found[1::2]
    assert [one.method for one in mailed] == METHODS
    assert {one.method for one in downloaded} == {"PUBLISH"}
    assert len({uid for one in found for uid in one.events}) == 1
    for number, (invitation, download) in enumerate(zip(mailed, downloaded, strict=True), 1):
        ((event,), (kept,)) = invitation.events.values(), download.events.values()
        cancelled = invitation.method == "CANCEL"
        assert event.sequence == kept.sequence == number
        assert event.status == kept.status == ("CANCELLED" if cancelled else "CONFIRMED")
        assert event.alarms == kept.alarms == ([] if cancelled else ONE_DAY_BEFORE)
        assert event.organizer == kept.organizer == [f"mailto:{SENDER}"]
        assert (event.attendees, kept.attendees) == ([f"mailto:{MAIL}"], [])


def test_the_mail_around_a_calendar_says_what_the_calendar_says(
    sqlite_url: str, smtp_server: Mailbox, channels: dict[str, Channel]
) -> None:
    """Point 18: one calendar part, its method, its people, and the same bytes beside it, base64 and UTF-8."""
    with a_house(sqlite_url, mail_from=SENDER) as house:
        assert len(list(_told(house, channels))) == len(METHODS)
    for mail, method in zip(_calendars(smtp_server), METHODS, strict=True):
        parts = [part for part in mail.walk() if not part.is_multipart()]
        assert [part.get_content_type() for part in parts] == [
            "text/plain",
            "text/calendar",
            "application/ics",
        ]
        _, calendar, attachment = parts
        content = _content(calendar)
        text = content.decode().replace("\r\n ", "")
        assert calendar.get_param("method") == method
        assert f"\r\nMETHOD:{method}\r\n" in text
        assert {part["Content-Transfer-Encoding"] for part in parts} == {"base64"}
        assert calendar.get_content_charset() == "utf-8"
        assert (_content(attachment), attachment.get_filename()) == (content, "invite.ics")
        sender, address = parseaddr(mail["From"])
        assert f"\r\nORGANIZER;CN={sender}:mailto:{address}\r\n" in text
        ((_, to),) = getaddresses([mail["To"]])
        assert f":mailto:{to}\r\n" in text
        assert text.count("\r\nATTENDEE") == text.count("\r\nORGANIZER") == 1


def test_request_update_and_cancel_imported_in_their_order_leave_one_cancelled_entry(
    sqlite_url: str, smtp_server: Mailbox, channels: dict[str, Channel], tmp_path: Path
) -> None:
    """Point 19, in a real program: the files that are attached."""
    with a_house(sqlite_url, mail_from=SENDER) as house:
        steps = [booking for _, booking in islice(_told(house, channels), 3)]
    khal = KhalCalendar(tmp_path, viewer=NEW_YORK)

    khal.take(*(_content(list(mail.walk())[-1]) for mail in _calendars(smtp_server)))

    (entry,) = khal.entries()
    assert entry["uid"] == f"booking-{steps[0].id}@soudan-yoyaku"
    assert (entry["title"], entry["status"]) == ("【取消】ご予約", "CANCELLED")
    assert khal.files == 1
