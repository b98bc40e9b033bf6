"""A desk's mail to several of its own addresses, of which a server takes only some."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.channels.channel import NotSent, SentToSome
from notifications.channels.mail import mail_channel
from notifications.staff_messages import failed
from tests.notifications.test_mail_server import SENDER, a_message, channel_to
from tests.support.house import a_house, tokyo
from tests.support.mailbox import Mailbox
from tests.support.telling import Teller, a_folder, confirmed, logged, rows, tries

HEAD, DEPUTY, GONE = "head@city.example.jp", "deputy@city.example.jp", "gone@city.example.jp"
ALL = ", ".join((HEAD, GONE, DEPUTY))
FRIDAY = "2026-12-18"


def test_whom_a_server_refuses_among_others_is_noted_without_an_address(
    smtp_server: Mailbox,
) -> None:
    smtp_server.refusals[GONE] = "550 5.1.1 <gone@city.example.jp> no such mailbox"
    channel = channel_to(smtp_server.url)
    with pytest.raises(SentToSome) as some:
        channel.send(a_message(ALL))
    channel.close()

    assert some.value.code == str(some.value) == "smtp-some-550"
    assert [mail.recipients for mail in smtp_server.received] == [(HEAD, DEPUTY)]


@pytest.mark.parametrize(
    ("replies", "code", "for_good"),
    [(("550 no", "451 later"), "smtp-451", False), (("550 no", "553 no"), "smtp-550", True)],
)
def test_where_all_are_refused_they_are_asked_again_while_one_may_take_it(
    smtp_server: Mailbox, replies: tuple[str, str], code: str, for_good: bool
) -> None:
    smtp_server.refusals = dict(zip((HEAD, DEPUTY), replies, strict=True))
    channel = channel_to(smtp_server.url)
    with pytest.raises(NotSent) as refusal:
        channel.send(a_message(f"{HEAD}, {DEPUTY}"))
    channel.close()

    assert (refusal.value.code, refusal.value.for_good) == (code, for_good)


def test_staff_see_that_one_of_them_has_no_list_and_nobody_has_it_twice(
    database_url: str, tmp_path: Path, smtp_server: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    smtp_server.refusals[GONE] = "450 4.2.2 mailbox full"
    folder = a_folder(tmp_path / "desks", f'staff_mail = ["{HEAD}", "{GONE}", "{DEPUTY}"]')
    settings = {"mail_url": smtp_server.url, "mail_from": SENDER}
    with (
        caplog.at_level(logging.INFO),
        a_house(database_url, folder=folder, now=tokyo(f"{FRIDAY} 09:00"), **settings) as house,
    ):
        confirmed(house)
        house.clock.move_to(f"{FRIDAY} 16:00")
        channels = {"staff_mail": mail_channel(house.settings)}
        for _ in range(3):
            Teller(house).tick(channels)
            house.clock.at += timedelta(hours=1)

        (mail,) = smtp_server.received
        assert mail.recipients == (HEAD, DEPUTY)
        (row,) = [one for one in rows(house) if one["kind"] == "day-list"]
        assert (row["state"], row["last_error"]) == ("dead", "smtp-some-450")
        assert row["said"] is not None
        assert [one["outcome"] for one in tries(house) if one["outbox_id"] == row["id"]] == [
            "smtp-some-450"
        ]
        (failure,) = failed(house.ledger, "shibukawa")
        assert "一部" in repr(failure)
        assert "gone" not in logged(caplog)
