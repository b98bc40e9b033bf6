"""What nobody serves, what fails and what was slept through: it ends somewhere, and stops no other."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from booking.ledger import changes, line_link
from booking.ledger.reach import change_safe_contact
from notifications import jobs, relay
from notifications.channels.channel import Message, NotSent
from notifications.channels.memory import Memory
from notifications.delivery import Delivery
from notifications.failures import failures
from notifications.health import health
from tests.support.house import LEGAL, SESSION, House, a_house, tokyo
from tests.support.telling import MAIL, STAFF, Teller, a_folder, confirmed, rows, states

PHONE = "090-1234-5678"
STAFF_MAIL = 'staff_mail = ["soudan@example.jp"]'
FRIDAY = "2026-12-18"


def told(house: House, channel: str) -> list[str]:
    """How the confirmations on a channel stand."""
    found = [one for one in rows(house) if (one["kind"], one["channel"]) == ("confirmed", channel)]
    return sorted(one["state"] for one in found)


def test_a_channel_that_was_taken_away_leaves_its_messages_to_the_next(database_url: str) -> None:
    """The town ended its contract for SMS; what waited for it goes on the list within a day."""
    with a_house(database_url) as house:
        sms = Memory()
        confirmed(house, phone=PHONE, how="mail")
        relay.relay(house.ledger)
        assert states(house)["confirmed sms"] == "waiting"
        teller = Teller(house)
        teller.tick()
        assert states(house)["confirmed sms"] == "waiting"  # another process may have it

        house.clock.move_by(days=1)
        teller.tick()

        assert states(house)["confirmed sms"] == "dead"
        assert states(house)["confirmed call_list"] == "waiting"
        assert sms.told == []
        house.clock.move_to("2026-12-16 10:00")
        teller.tick()
        assert states(house)["reminder-early sms"] == "waiting"
        house.clock.move_to("2026-12-17 15:00")
        teller.tick()
        assert states(house)["reminder-early call_list"] == "waiting"


def test_what_waited_for_the_morning_is_not_late_in_the_morning(database_url: str) -> None:
    """Its moment is the one from which it may go."""
    with a_house(database_url, now=tokyo("2026-11-24 23:30")) as house:
        house.request(email=MAIL, safe_hours="afternoon")
        Teller(house).tick()
        house.clock.move_to("2026-11-25 12:01")

        assert health(house.ledger).oldest_due_age == house.ledger.now() - tokyo("2026-11-25 12:00")
        assert not health(house.ledger).late


def test_a_list_that_was_slept_through_comes_in_the_morning(
    database_url: str, tmp_path: Path
) -> None:
    """Whoever opens the desk on Saturday needs it more than on Friday; once, and no list of the past."""
    folder = a_folder(tmp_path / "desks", STAFF_MAIL)
    with a_house(database_url, folder=folder) as house:
        house.clock.move_to(f"{SESSION} 07:00")
        for _ in range(2):
            jobs.run_due(house.ledger)

        found = [row["session"] for row in rows(house) if row["kind"] == "day-list"]
        assert found == [f"{LEGAL}/{SESSION}"]


def test_a_job_that_fails_stops_no_other(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is old is forgotten although no list could be made."""
    folder = a_folder(tmp_path / "desks", STAFF_MAIL)
    with a_house(database_url, folder=folder) as house:
        house.clock.move_to(f"{FRIDAY} 17:00")

        def broken(*_: Any) -> Any:
            raise LookupError(MAIL)

        monkeypatch.setattr(jobs, "_days_to_list", broken)
        assert jobs.run_due(house.ledger) == 1
        monkeypatch.undo()
        assert jobs.run_due(house.ledger) == 1


def test_a_fact_that_cannot_be_planned_stops_no_other(
    database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It stays unread and counted, so that somebody looks; the others are told."""
    with a_house(database_url) as house:
        teller = Teller(house)
        poisoned = house.request(email="taro@example.jp")
        house.request(email=MAIL)
        whole = relay.plan

        def planned(fact: Any, *more: Any, **named: Any) -> Any:
            if fact.booking_id == poisoned.id:
                raise LookupError(MAIL)
            return whole(fact, *more, **named)

        monkeypatch.setattr(relay, "plan", planned)
        teller.tick()
        assert [one.to for one in teller.mail.told] == [MAIL]
        assert health(house.ledger).unread_facts == 1
        assert MAIL not in caplog.text

        monkeypatch.undo()
        teller.tick()
        assert sorted(one.to for one in teller.mail.told) == [MAIL, "taro@example.jp"]


def test_what_an_older_row_has_taken_over_is_no_failure(database_url: str) -> None:
    """LINE was linked after the mail was planned, and then refused: the mail goes on."""
    with a_house(database_url) as house:
        teller, line = Teller(house), Memory()
        booking = confirmed(house, email=MAIL, how="call")
        teller.tick({"mail": teller.mail, "line": line})
        line_link.link(house.ledger, line_link.new_code(house.ledger, booking), "Uabc")
        line.refusals["Uabc"] = NotSent("line-400", for_good=True)
        teller.tick({"mail": teller.mail, "line": line})
        house.clock.move_to("2026-12-16 10:00")
        teller.mail.refusals[MAIL] = NotSent("smtp-451")
        for _ in range(2):
            teller.tick({"mail": teller.mail, "line": line})
        assert states(house)["reminder-early mail"] == "failed"
        assert states(house)["reminder-early line"] == "dead"

        assert failures(house.ledger) == []


def test_who_was_not_even_tried_does_not_wait_for_a_provider_that_takes_nothing(
    database_url: str,
) -> None:
    """A plan that is used up until the month ends: after a day the next channel tells it."""

    class UsedUp(Memory):
        def send(self, message: Message) -> None:
            raise NotSent("line-monthly-limit", down=True, wait=timedelta(days=2))

    with a_house(database_url) as house:
        for at in ("09:45", "10:30"):
            confirmed(house, at=f"{SESSION} {at}", phone=PHONE, how="mail")
        relay.relay(house.ledger)
        delivery = Delivery(house.ledger, house.settings, {"sms": UsedUp()})
        delivery.run()
        house.clock.move_by(hours=23)
        delivery.run()
        assert told(house, "sms") == ["dead", "waiting"]

        house.clock.move_by(hours=1)
        delivery.run()

        assert told(house, "sms") == ["dead", "dead"]
        assert told(house, "call_list") == ["waiting", "waiting"]


def test_news_that_came_too_late_are_shown_though_nothing_was_tried(database_url: str) -> None:
    """Nothing ran while the office cancelled: whoever came in vain deserves a word."""
    with a_house(database_url) as house:
        teller = Teller(house)
        booking = confirmed(house, email=MAIL)
        teller.tick()
        house.clock.move_to(f"{FRIDAY} 17:05")
        changes.cancel(house.ledger, booking.id, actor=STAFF, reason="大雪のため")
        house.clock.move_to("2026-12-21 09:00")
        teller.tick()

        assert [(one.kind, one.error) for one in failures(house.ledger)] == [
            ("cancelled", "too-late")
        ]


def test_a_reminder_that_has_just_gone_does_not_go_again_on_a_channel_that_is_new(
    database_url: str,
) -> None:
    """The party changed its wish a second before, and the relay read of it a second after."""
    with a_house(database_url, sms_url="https://sms.example.jp/") as house:
        teller, sms = Teller(house), Memory()
        channels = {"mail": teller.mail, "sms": sms}
        booking = confirmed(house, email=MAIL, phone=PHONE, how="call")
        teller.tick(channels)
        house.clock.move_to("2026-12-16 09:59:59")
        change_safe_contact(house.ledger, booking.id, {"contact_wish": "sms"}, actor="resident")
        house.clock.move_to("2026-12-16 10:00")
        Delivery(house.ledger, house.settings, channels).run()
        assert teller.kinds == ["confirmed", "reminder-early"]
        for _ in range(2):
            teller.tick(channels)

        assert sms.told == []
        assert states(house)["reminder-last sms"] == "waiting"
