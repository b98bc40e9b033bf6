"""Until when a message is worth telling, and from when on people have to take over."""

from dataclasses import replace
from datetime import time

from booking.facts import Kind
from booking.ledger import changes
from notifications.plan import Rules, plan
from notifications.policy import PATIENCE, REMINDERS
from slots.telling import Reminder, Telling
from tests.support.house import NEXT_SESSION, SESSION, a_house, tokyo
from tests.support.planning import RULES, a_fact, a_situation
from tests.support.telling import MAIL, STAFF, Teller, confirmed

NIGHT = f"{SESSION[:-2]}18 22:00"


def test_a_reminder_is_worth_nothing_once_the_consultation_has_begun() -> None:
    """Also where the next one would come only after that: at ten, of a consultation at nine."""
    daily = tuple(Reminder(business_days_before=n, at=time(10)) for n in (1, 0))
    nine = tokyo("2026-12-18 09:00")
    found = plan(a_fact(), a_situation(starts_at=nine), Rules(telling=Telling(reminders=daily)))

    assert [(one.kind, one.not_after) for one in found if one.kind in REMINDERS] == [
        ("reminder-early", nine)
    ]


def test_who_is_moved_hears_of_it_before_it_would_come_in_vain() -> None:
    """Where the office moves tomorrow's nine o'clock at night, people take over at once."""
    fact = a_fact(Kind.MOVED, at=tokyo(NIGHT), how=None)
    moved = replace(fact, data={"from": "2026-12-19T00:00:00+00:00"})
    later = tokyo(f"{NEXT_SESSION} 09:00")
    (news,) = [
        one for one in plan(moved, a_situation(starts_at=later), RULES) if one.kind == "moved"
    ]

    assert (news.due_at, news.hand_over_at) == (fact.at, fact.at + PATIENCE)
    assert news.not_after == later


def test_who_was_moved_long_before_is_told_by_day() -> None:
    """Next month's consultation wakes nobody; what was only asked for is not waited for either."""
    fact = a_fact(Kind.MOVED, at=tokyo("2026-11-24 22:00"), how=None)
    moved = replace(fact, data={"from": "2026-12-19T00:00:00+00:00"})
    (news,) = [
        one
        for one in plan(moved, a_situation(starts_at=tokyo(f"{NEXT_SESSION} 09:00")), RULES)
        if one.kind == "moved"
    ]

    assert news.due_at == tokyo("2026-11-25 08:00")
    assert news.hand_over_at == tokyo("2026-12-18 15:00")


def test_a_move_at_night_rings_at_night_when_morning_is_too_late(database_url: str) -> None:
    """The quiet hours hold up nothing that somebody gets up early for in vain."""
    with a_house(database_url) as house:
        teller = Teller(house)
        booking = confirmed(house, at=f"{SESSION} 09:00", email=MAIL)
        teller.tick()
        house.clock.move_to(NIGHT)
        target = house.application(slot=f"{NEXT_SESSION}T09:00").target
        changes.move(house.ledger, booking.id, actor=STAFF, target=target)
        teller.tick()

        assert teller.kinds[-1] == "moved"
