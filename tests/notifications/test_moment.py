"""When the telephone may ring: outside quiet hours, within safe ones, and not more often than enough."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from booking.ledger import changes
from booking.ledger.safe_contact import SafeContact
from notifications.channels.channel import NotSent
from notifications.moment import next_moment
from slots.telling import Quiet, Telling
from tests.support.house import NEXT_SESSION, SESSION, a_house, tokyo
from tests.support.telling import MAIL, STAFF, Teller, a_folder, confirm, confirmed, states

NIGHT = "2026-11-24 23:30"


def at(text: str, hours: str = "any", quiet: Quiet | None = None) -> datetime:
    """The first instant from `text` on at which the telephone may ring."""
    telling = Telling(quiet=quiet or Quiet())
    return next_moment(telling, SafeContact(hours=hours), tokyo(text), "Asia/Tokyo")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hours", "text", "allowed"),
    [
        ("any", "2026-11-24 12:00", "2026-11-24 12:00"),
        ("any", "2026-11-24 22:00", "2026-11-25 08:00"),
        ("any", "2026-11-25 03:00", "2026-11-25 08:00"),
        ("morning", "2026-11-24 09:00", "2026-11-24 09:00"),
        ("morning", "2026-11-24 12:00", "2026-11-25 08:00"),  # the morning begins at night
        ("afternoon", "2026-11-24 09:00", "2026-11-24 12:00"),
        ("afternoon", "2026-11-24 17:00", "2026-11-25 12:00"),
        ("evening", "2026-11-24 20:59", "2026-11-24 20:59"),
        ("evening", "2026-11-24 21:00", "2026-11-25 17:00"),
        ("evening", "2026-11-25 01:00", "2026-11-25 17:00"),
    ],
)
def test_the_telephone_rings_in_the_safe_hours_that_are_not_quiet(
    hours: str, text: str, allowed: str
) -> None:
    """Whichever of the two begins later."""
    assert at(text, hours) == tokyo(allowed)


def test_hours_that_never_meet_are_not_waited_for_for_ever() -> None:
    """A desk that is quiet all the evening, and a party that is safe only then: the next days at most."""
    quiet = Quiet(start=tokyo("2026-11-24 16:00").time(), end=tokyo("2026-11-24 09:00").time())

    assert at("2026-11-24 10:00", "evening", quiet) - tokyo("2026-11-24 10:00") < timedelta(days=5)


def test_what_the_office_does_at_night_is_told_in_the_morning(database_url: str) -> None:
    """And what the party does itself at once: it is looking at its telephone."""
    with a_house(database_url, now=tokyo(NIGHT)) as house:
        teller = Teller(house)
        booking = house.request(email=MAIL)
        teller.tick()
        assert teller.kinds == ["received"]

        confirm(house, booking, at=f"{SESSION} 09:45", how="mail")
        teller.tick()
        house.clock.move_to("2026-11-25 07:59:59")
        teller.tick()
        assert teller.kinds == ["received"]

        house.clock.move_to("2026-11-25 08:00")
        teller.tick()
        assert teller.kinds == ["received", "confirmed"]


def test_what_could_not_be_answered_at_once_waits_for_the_morning(database_url: str) -> None:
    """Half an hour later nobody is looking at the telephone any more."""
    with a_house(database_url, now=tokyo(NIGHT)) as house:
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-451")
        house.request(email=MAIL)
        teller.tick()
        teller.mail.refusals.clear()
        house.clock.move_by(minutes=40)
        teller.tick()
        assert teller.kinds == []

        house.clock.move_to("2026-11-25 08:00")
        teller.tick()
        assert teller.kinds == ["received"]


def test_a_party_hears_of_it_in_its_safe_hours(database_url: str) -> None:
    """Whoever shares the telephone is out in the afternoon."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, email=MAIL, safe_hours="afternoon", how="mail")
        teller.tick()
        house.clock.move_to("2026-11-24 11:59")
        teller.tick()
        assert teller.kinds == []

        house.clock.move_to("2026-11-24 12:00")
        teller.tick()
        assert teller.kinds == ["confirmed"]


def test_where_no_safe_hour_is_left_somebody_phones(database_url: str) -> None:
    """Staff see the safe hours on their list, and find a way."""
    with a_house(database_url) as house:
        teller = Teller(house)
        booking = house.enter(slot=f"{SESSION}T10:30", email=MAIL, safe_hours="evening")
        house.clock.move_to(f"{SESSION} 08:10")
        changes.cancel(house.ledger, booking.id, actor=STAFF, reason="大雪のため")
        teller.tick()

        assert teller.kinds == []
        assert states(house)["cancelled mail"] == "dead"
        assert states(house)["cancelled call_list"] == "waiting"


def test_a_cancellation_of_this_morning_does_not_wait_for_eight(database_url: str) -> None:
    """Who isn't told comes in vain."""
    with a_house(database_url) as house:
        teller = Teller(house)
        booking = confirmed(house, at=f"{SESSION} 09:00", email=MAIL)
        teller.tick()
        house.clock.move_to(f"{SESSION} 06:30")
        changes.cancel(house.ledger, booking.id, actor=STAFF, reason="大雪のため")
        teller.tick()

        assert teller.kinds[-1] == "cancelled"


def test_nobody_is_told_more_than_enough_in_a_day(database_url: str, tmp_path: Path) -> None:
    """Whatever goes wrong on our side, of all its bookings together; tomorrow is another day."""
    folder = a_folder(tmp_path / "desks", "most_a_day = 3")
    with a_house(database_url, folder=folder) as house:
        teller = Teller(house)
        who = {"email": MAIL, "phone": "090-1234-5678"}
        booking = confirmed(house, how="mail", **who)
        house.enter(slot=f"{NEXT_SESSION}T09:00", kana="しけん はなえ", **who)
        teller.tick()
        for day in (NEXT_SESSION, SESSION, NEXT_SESSION):
            target = house.application(slot=f"{day}T11:15").target
            changes.move(house.ledger, booking.id, actor=STAFF, target=target)
            teller.tick()
        assert teller.kinds == ["confirmed", "confirmed", "moved"]

        house.clock.move_to("2026-11-25 07:59")
        teller.tick()
        assert len(teller.kinds) == 3

        house.clock.move_to("2026-11-25 08:00")
        teller.tick()
        assert teller.kinds[3:] == ["moved"]
