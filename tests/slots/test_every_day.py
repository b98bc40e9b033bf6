"""Every day of twelve years at the shipped desks, against the law and the pages' own sentences."""

import ast
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from booking.desks import load
from slots.availability import window_of
from slots.grid import slots_of
from slots.hours import hours_on
from slots.sessions import session_on, sessions_of
from tests.slots import oracle

CATALOGUE = load()
LEGAL = CATALOGUE.consultation("shibukawa/lawyer/legal")
FIRST, AFTER = date(2019, 1, 1), date(2031, 1, 1)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((AFTER - FIRST).days)]
# 春分の日 on a third Saturday: the page does not say what becomes of it.
UNDECIDED = date(2021, 3, 20)
SHOWN = 5


def told(stretches: Sequence[oracle.Answered]) -> str:
    """Such as: phone 16:00-22:00 (21:30)."""
    return ", ".join(
        f"{channel} {start:%H:%M}-{end:%H:%M} ({last:%H:%M})"
        for channel, start, end, last in stretches
    )


def say(differing: list[str]) -> str:
    """The first of the differing days, and how many there are in all."""
    return "\n".join([*differing[:SHOWN], f"{len(differing)} of {len(EVERY_DAY)} days"])


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("shibukawa/support", oracle.shibukawa_support),
        ("shibukawa/lawyer", oracle.shibukawa_lawyer),
        ("osaka/net-harmony", oracle.net_harmony),
        ("osaka/human-rights", oracle.human_rights),
    ],
)
def test_a_desk_is_answered_when_its_page_says(
    key: str, expected: Callable[[date], list[oracle.Answered]]
) -> None:
    desk = CATALOGUE.desk(key)
    differing = []
    for day in EVERY_DAY:
        found = [(one.channel, one.start, one.end, one.last_intake) for one in hours_on(desk, day)]
        if found != (page := expected(day)):
            differing.append(f"{day:%Y-%m-%d %a}: [{told(found)}], by the page [{told(page)}]")

    assert not differing, say(differing)


def test_the_lawyer_sits_on_every_third_saturday_in_four_slots_and_on_no_other_day() -> None:
    differing = []
    for day in EVERY_DAY:
        session = session_on(LEGAL, day)
        slots = slots_of(session) if session else []
        if [(one.start, one.end) for one in slots] != oracle.lawyer_slots(day):
            differing.append(f"{day}: {len(slots)} slots, by the page {oracle.lawyer_slots(day)}")

    assert not differing, say(differing)


def test_only_the_third_saturday_that_is_a_holiday_waits_for_a_decision() -> None:
    on_holidays = [one for one in EVERY_DAY if oracle.lawyer_slots(one) and oracle.is_closed(one)]
    status = {one.date: (one.status, one.because) for one in sessions_of(LEGAL, FIRST, AFTER)}

    assert len(status) == 12 * 12
    assert on_holidays == [UNDECIDED]
    assert status.pop(UNDECIDED) == ("undecided", "holiday: 春分の日")
    assert set(status.values()) == {("planned", "rule")}


def test_booking_closes_at_a_quarter_past_five_on_the_last_business_day_before() -> None:
    differing = []
    for session in sessions_of(LEGAL, FIRST, AFTER):
        _, closes = window_of(LEGAL, session.date)
        expected = oracle.lawyer_booking_closes(session.date)
        if closes != expected:
            differing.append(f"{session.date}: {closes}, but it should be {expected}")

    assert not differing, say(differing)


def test_what_is_compared_with_shares_nothing_with_what_it_judges() -> None:
    tree = ast.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    imported = {one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}

    assert imported == {"datetime", "functools", "math"}
    assert not any(isinstance(one, ast.Import) for one in ast.walk(tree))
