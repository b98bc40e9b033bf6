"""What follows from a fact, when and on which channel. Pure: no database, no clock."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.facts import Kind
from booking.ledger.status import Status
from notifications.plan import Rules, plan
from notifications.policy import KINDS
from slots.telling import Quiet, Reminder, Telling
from tests.support.house import tokyo
from tests.support.planning import (
    EVERYWHERE,
    NOBODY,
    RULES,
    SATURDAY,
    TUESDAY,
    a_fact,
    a_situation,
    kinds,
    planned,
)


def test_a_confirmation_is_told_and_reminded_of_twice() -> None:
    """At 10:00, three business days before and on the last one, each until the next one's moment."""
    early, last = tokyo("2026-12-16 10:00"), tokyo("2026-12-18 10:00")

    found = planned(a_fact(), a_situation())

    assert found == {
        "confirmed": ("mail", TUESDAY, SATURDAY),
        "reminder-early": ("mail", early, last),
        "reminder-last": ("mail", last, SATURDAY),
    }


def test_a_holiday_is_no_business_day() -> None:
    """Friday 2026-03-20 is 春分の日: who comes on Saturday hears of it on Thursday."""
    start = tokyo("2026-03-21 09:00")

    found = planned(a_fact(at=tokyo("2026-03-02 09:00")), a_situation(starts_at=start))

    assert found["reminder-early"][1] == tokyo("2026-03-17 10:00")
    assert found["reminder-last"][1] == tokyo("2026-03-19 10:00")


def test_the_year_end_is_passed_over() -> None:
    """From 29 December to 3 January nobody answers the phone."""
    start = tokyo("2027-01-05 09:00")

    found = planned(a_fact(), a_situation(starts_at=start))

    assert found["reminder-early"][1] == tokyo("2026-12-25 10:00")
    assert found["reminder-last"][1] == tokyo("2027-01-04 10:00")


@pytest.mark.parametrize(
    ("confirmed_at", "reminders"),
    [
        ("2026-12-16 09:59", ["reminder-early", "reminder-last"]),
        ("2026-12-16 10:00", ["reminder-last"]),
        ("2026-12-18 09:59", ["reminder-last"]),
        ("2026-12-18 10:00", []),
        ("2026-12-18 17:00", []),
    ],
)
def test_who_was_told_after_a_reminders_moment_is_not_reminded(
    confirmed_at: str, reminders: list[str]
) -> None:
    """They have only just been told."""
    found = plan(a_fact(at=tokyo(confirmed_at)), a_situation(), RULES)

    assert kinds(found) == ["confirmed", *reminders]


def test_nothing_past_is_told() -> None:
    """What is confirmed when it has begun was for the record."""
    assert plan(a_fact(at=SATURDAY), a_situation(), RULES) == []


def test_a_request_is_acknowledged_and_not_reminded_of() -> None:
    """Until staff confirm it, there is nothing to remind of."""
    fact = a_fact(Kind.REQUESTED, actor="resident", how=None, revision=1)

    found = plan(fact, a_situation(Status.REQUESTED, revision=1), RULES)

    assert kinds(found) == ["received"]


def test_a_callers_booking_is_told_once() -> None:
    """Entered and confirmed in one transaction: 「受け付けました」 and 「確定しました」 would be two mails."""
    request = a_fact(Kind.REQUESTED, revision=1)
    situation = a_situation(revision=1)

    both = plan(request, situation, RULES) + plan(a_fact(revision=1), situation, RULES)

    assert sorted({one.key for one in both}) == [
        "b:1:confirmed:mail",
        "b:1:reminder-early:mail",
        "b:1:reminder-last:mail",
    ]


def test_a_fact_that_was_overtaken_tells_nothing() -> None:
    """The later one will."""
    assert plan(a_fact(revision=2), a_situation(revision=3), RULES) == []


def test_a_move_plans_anew() -> None:
    """Under its own revision, for the new time."""
    fact = a_fact(Kind.MOVED, revision=3, how=None)
    situation = a_situation(starts_at=tokyo("2027-01-16 09:00"), revision=3)

    found = plan(fact, situation, RULES)

    assert [one.key for one in found] == [
        "b:3:moved:mail",
        "b:3:reminder-early:mail",
        "b:3:reminder-last:mail",
    ]
    assert found[2].due_at == tokyo("2027-01-15 10:00")


def test_what_a_resident_moved_waits_for_confirmation_again() -> None:
    """So it is told, and not reminded of."""
    fact = a_fact(Kind.MOVED, actor="resident", how=None)

    assert kinds(plan(fact, a_situation(Status.REQUESTED), RULES)) == ["moved"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.DECLINED, Status.DECLINED),
        (Kind.CANCELLED_BY_OFFICE, Status.CANCELLED_BY_OFFICE),
        (Kind.CANCELLED_BY_RESIDENT, Status.CANCELLED_BY_RESIDENT),
    ],
)
def test_what_has_ended_is_told_and_never_reminded_of(kind: Kind, status: Status) -> None:
    """One message, at once."""
    (found,) = plan(a_fact(kind, how=None), a_situation(status), RULES)

    assert found.due_at == TUESDAY
    assert found.kind in ("declined", "cancelled")


@pytest.mark.parametrize("kind", [Kind.ARRIVED, Kind.DONE, Kind.NO_SHOW, Kind.VIEWED])
def test_what_happens_on_the_day_is_told_to_nobody(kind: Kind) -> None:
    """The party was there, or knows that it wasn't."""
    assert plan(a_fact(kind), a_situation(Status.ARRIVED), RULES) == []


@pytest.mark.parametrize(
    ("kind", "status", "actor", "how", "called"),
    [
        (Kind.REQUESTED, Status.REQUESTED, "resident", None, False),
        (Kind.REQUESTED, Status.REQUESTED, "staff:1", None, False),
        (Kind.CONFIRMED, Status.CONFIRMED, "staff:1", "call", False),
        (Kind.CONFIRMED, Status.CONFIRMED, "staff:1", "counter", False),
        (Kind.CONFIRMED, Status.CONFIRMED, "staff:1", "letter", False),
        (Kind.CONFIRMED, Status.CONFIRMED, "resident", None, False),
        (Kind.CONFIRMED, Status.CONFIRMED, "staff:1", "mail", True),
        (Kind.DECLINED, Status.DECLINED, "staff:1", None, True),
        (Kind.MOVED, Status.CONFIRMED, "staff:1", None, True),
        (Kind.MOVED, Status.CONFIRMED, "staff:1", "call", False),
        (Kind.MOVED, Status.REQUESTED, "resident", None, False),
        (Kind.CANCELLED_BY_OFFICE, Status.CANCELLED_BY_OFFICE, "key:1", None, True),
        (Kind.CANCELLED_BY_RESIDENT, Status.CANCELLED_BY_RESIDENT, "resident", None, False),
    ],
)
def test_who_has_no_mail_is_phoned_unless_they_know(
    kind: Kind, status: Status, actor: str, how: str | None, called: bool
) -> None:
    """The table in policy.py says why."""
    fact, situation = a_fact(kind, actor=actor, how=how), a_situation(status, reached_by=NOBODY)

    news = [one for one in plan(fact, situation, RULES) if not one.kind.startswith("reminder")]

    assert ("call_list" in [one.channel for one in news]) == called


def test_who_has_no_mail_is_reminded_by_phone() -> None:
    """A phone number is enough for everything."""
    found = plan(a_fact(), a_situation(reached_by=NOBODY), RULES)

    assert [(one.kind, one.channel) for one in found] == [
        ("reminder-early", "call_list"),
        ("reminder-last", "call_list"),
    ]


def test_news_of_wishes_end_after_a_fortnight() -> None:
    """There is no time yet after which they would be pointless."""
    fact = a_fact(Kind.REQUESTED, actor="resident", how=None)

    (found,) = plan(fact, a_situation(Status.REQUESTED, starts_at=None), RULES)

    assert found.not_after == TUESDAY + timedelta(days=14)


def test_ten_oclock_is_the_desks_own() -> None:
    """Not the machine's, and not UTC's."""
    situation = a_situation(starts_at=tokyo("2026-12-19 08:00"))  # Friday still, in UTC

    found = planned(a_fact(), situation)

    assert found["reminder-last"][1].isoformat() == "2026-12-18T10:00:00+09:00"


def test_every_message_says_what_follows_from_what_and_why_somebody_is_phoned() -> None:
    """The policy has no holes: news follow from a fact, the rest from a day."""
    rows = [row for kind in KINDS.values() for row in kind.after]

    assert all(row.why for row in rows)
    assert all(kind.label for kind in KINDS.values())
    assert {kind.name for kind in KINDS.values() if not kind.after} == {
        *("reminder-first", "reminder-early", "reminder-last"),
        *("unanswered", "day-list"),
    }
    assert all(kind.true_while for kind in KINDS.values() if kind.name != "day-list")


@pytest.mark.parametrize(
    ("at", "actor", "due"),
    [
        ("2026-11-24 20:59", "staff:1", "2026-11-24 20:59"),
        ("2026-11-24 21:00", "staff:1", "2026-11-25 08:00"),
        ("2026-11-25 07:59", "staff:1", "2026-11-25 08:00"),
        ("2026-11-25 08:00", "staff:1", "2026-11-25 08:00"),
        ("2026-11-24 23:00", "resident", "2026-11-24 23:00"),  # looking at the telephone right now
        ("2026-12-19 06:30", "staff:1", "2026-12-19 06:30"),  # the day itself, before 9:45
    ],
)
def test_nobody_is_woken_but_by_what_they_did_themselves_and_what_cannot_wait(
    at: str, actor: str, due: str
) -> None:
    """Quiet from 21:00 to 8:00."""
    kind, status = (
        (Kind.CANCELLED_BY_RESIDENT, Status.CANCELLED_BY_RESIDENT)
        if actor == "resident"
        else (Kind.CANCELLED_BY_OFFICE, Status.CANCELLED_BY_OFFICE)
    )

    (found,) = plan(a_fact(kind, at=tokyo(at), actor=actor, how=None), a_situation(status), RULES)

    assert found.due_at == tokyo(due)
    assert found.at_once == (actor == "resident")


def test_a_desk_has_its_own_reminders_and_its_own_night() -> None:
    """Three of them have a name; the last one is the last."""
    rules = Rules(
        telling=Telling(
            reminders=(
                Reminder(business_days_before=7, at=time(9)),
                Reminder(business_days_before=2, at=time(14)),
                Reminder(business_days_before=0, at=time(7)),
            ),
            quiet=Quiet(start=time(23), end=time(6)),
        )
    )

    found = {one.kind: one.due_at for one in plan(a_fact(), a_situation(), rules)}

    assert found == {
        "confirmed": TUESDAY,
        "reminder-first": tokyo("2026-12-10 09:00"),
        "reminder-early": tokyo("2026-12-17 14:00"),
        "reminder-last": tokyo("2026-12-19 07:00"),
    }


def test_a_desk_may_remind_of_nothing() -> None:
    """It phones everybody itself, perhaps."""
    rules = Rules(telling=Telling(reminders=()))

    assert kinds(plan(a_fact(), a_situation(), rules)) == ["confirmed"]


def test_people_take_over_on_the_last_business_day_while_they_can_still_phone() -> None:
    """A mail that hasn't gone by three o'clock on Friday won't be in time on Saturday."""
    hand_over = {
        one.kind: one.hand_over_at for one in plan(a_fact(how="mail"), a_situation(), RULES)
    }

    assert hand_over == {
        "confirmed": tokyo("2026-12-18 15:00"),
        "reminder-early": tokyo("2026-12-17 15:00"),
        "reminder-last": tokyo("2026-12-18 15:00"),
    }


def test_a_message_that_nobody_takes_over_is_tried_to_the_end() -> None:
    """Nobody phones a copy of what was said aloud."""
    found = plan(a_fact(how="call"), a_situation(), RULES)

    assert found[0].hand_over_at == found[0].not_after == SATURDAY


STAFF = Rules(telling=Telling(staff_mail=("soudan@example.jp",)))


@pytest.mark.parametrize(
    ("starts_at", "due"),
    [
        (SATURDAY, "2026-11-26 09:00"),  # the second business day after
        (None, "2026-11-26 09:00"),
        (tokyo("2026-11-26 14:00"), "2026-11-25 09:00"),  # the last business day before
        (tokyo("2026-11-25 09:45"), "2026-11-24 10:00"),  # tomorrow: now
    ],
)
def test_staff_hear_of_a_request_that_nobody_answered(starts_at: datetime | None, due: str) -> None:
    """Two business days later, and in any case while there is time to phone."""
    fact = a_fact(Kind.REQUESTED, actor="resident", how=None)

    found = plan(fact, a_situation(Status.REQUESTED, starts_at=starts_at), STAFF)

    (told,) = [one for one in found if one.kind == "unanswered"]
    assert (told.channel, told.due_at) == ("staff_mail", tokyo(due))


def test_a_desk_without_a_mailbox_sees_its_requests_on_its_pages_only() -> None:
    """And one that asks for no such message gets none."""
    fact = a_fact(Kind.REQUESTED, actor="resident", how=None)
    silent = Rules(telling=Telling(staff_mail=("soudan@example.jp",), unanswered_after=None))

    for rules in (RULES, silent):
        assert kinds(plan(fact, a_situation(Status.REQUESTED), rules)) == ["received"]


def test_what_is_reached_otherwise_is_planned_otherwise() -> None:
    """Reminders go by the channel that reaches the party now; the news it has had it has had."""
    fact = a_fact(Kind.REACH_CHANGED, how=None)

    found = plan(fact, a_situation(reached_by=frozenset({"line", "mail"})), RULES)

    assert [(one.kind, one.channel) for one in found] == [
        ("reminder-early", "line"),
        ("reminder-last", "line"),
    ]


@given(
    minutes=st.integers(0, 2 * 365 * 24 * 60),
    ahead=st.timedeltas(timedelta(minutes=1), timedelta(days=120)),
    reached=st.frozensets(st.sampled_from(sorted(EVERYWHERE))),
    wish=st.sampled_from([None, "call", *sorted(EVERYWHERE)]),
)
def test_whatever_is_planned_comes_in_time_and_once(
    minutes: int, ahead: timedelta, reached: frozenset[str], wish: str | None
) -> None:
    """Due before it is pointless, handed over between the two, one channel a message."""
    said = tokyo("2026-01-01 00:00") + timedelta(minutes=minutes)
    situation = a_situation(starts_at=said + ahead, reached_by=reached, wish=wish)

    found = plan(a_fact(at=said, how="mail"), situation, RULES)

    assert all(said <= one.due_at < one.not_after <= said + ahead for one in found)
    assert all(one.due_at <= one.hand_over_at <= one.not_after for one in found)
    assert len({one.kind for one in found}) == len(found)
    assert "confirmed" in kinds(found)
    night = [one for one in found if not 8 <= one.due_at.hour < 21]
    assert all(one.due_at == said and one.not_after - said < timedelta(hours=14) for one in night)
