"""What holds for every rule, session and moment, not only for the examples."""

import os
import time as clock
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from slots.availability import Held, Reason, SessionAvailability, availability, window_of
from slots.changes import (
    Closure,
    MovedSession,
)
from slots.desk import Consultation, Desk
from slots.grid import slots_of
from slots.hours import hours_on, next_opening, open_at, staffed_on
from slots.recurrence import (
    Recurrence,
)
from slots.sessions import Session, session_on, session_planned_on, sessions_of
from slots.window import (
    BOOKING_CHANNELS,
    BookingChannel,
    BookingWindow,
    BusinessDaysBefore,
    DaysBefore,
)
from slots.zone import days, local_date
from tests.slots.examples import CLOSED, HUMAN_RIGHTS, LEGAL, NET_HARMONY, SUPPORT, on
from tests.slots.strategies import (
    at_any_pace,
    some_closures,
    some_consultations,
    some_day,
    some_instant,
    some_rule,
    some_sessions,
    some_windows,
)

# Each draws hundreds of consultations; that no zone of the machine matters is one of the laws itself.
pytestmark = pytest.mark.slow

some_desk = st.sampled_from([NET_HARMONY, HUMAN_RIGHTS, SUPPORT])


@contextmanager
def machine_in(zone_name: str) -> Iterator[None]:
    """The process believes to be in another time zone."""
    before = os.environ.get("TZ")
    try:
        os.environ["TZ"] = zone_name
        clock.tzset()
        yield
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        clock.tzset()


@given(some_rule, some_day, st.integers(0, 120))
def test_a_rule_falls_on_exactly_the_days_that_it_lists(
    rule: Recurrence, start: date, length: int
) -> None:
    end = start + timedelta(days=length)

    assert list(rule.dates(start, end)) == [day for day in days(start, end) if rule.falls_on(day)]


@at_any_pace
@given(some_sessions())
def test_slots_never_overlap_and_lie_in_the_session(case: tuple[Consultation, Session]) -> None:
    consultation, session = case
    slots = slots_of(session)

    length = timedelta(minutes=consultation.slot_minutes or 0)
    assert all(one.end - one.start == length for one in slots)
    assert all(one.end <= after.start for one, after in pairwise(slots))
    for one in slots:
        assert any(block.start <= one.start and one.end <= block.end for block in session.blocks)
        assert session.last_start is None or one.start <= session.last_start


@at_any_pace
@given(some_sessions())
def test_every_block_has_as_many_slots_as_fit_from_its_start(
    case: tuple[Consultation, Session],
) -> None:
    _, session = case
    step = timedelta(minutes=(session.slot_minutes or 0) + session.pause_minutes)
    starts = [one.start for one in slots_of(session)]

    for block in session.blocks:
        fit = []
        start = block.start
        while start + timedelta(minutes=session.slot_minutes or 0) <= block.end:
            fit.append(start)
            start += step
        latest = session.last_start or session.end
        inside = [one for one in starts if block.start <= one < block.end]
        assert inside == [one for one in fit if one <= latest]


@given(some_consultations(), st.lists(some_day, min_size=3, max_size=3).map(sorted))
def test_two_ranges_end_to_end_have_the_sessions_of_the_whole(
    consultation: Consultation, bounds: list[date]
) -> None:
    a, b, c = bounds

    whole = sessions_of(consultation, a, c)

    assert whole == sessions_of(consultation, a, b) + sessions_of(consultation, b, c)


@given(some_consultations(), some_day)
def test_a_range_has_the_session_that_each_of_its_days_has(
    consultation: Consultation, start: date
) -> None:
    end = start + timedelta(days=40)

    by_day = [session_on(consultation, day) for day in days(start, end)]

    assert sessions_of(consultation, start, end) == [one for one in by_day if one is not None]


@st.composite
def some_availability(draw: st.DrawFn) -> tuple[SessionAvailability, Held]:
    """A session at a moment, with so many parties as have room, some with a settled time."""
    consultation, session = draw(some_sessions())
    slots = slots_of(session)
    by_slot = {one.start: draw(st.integers(0, one.seats)) for one in slots[:8]}
    room = sum(one.seats for one in slots) - sum(by_slot.values())
    held = Held(sum(by_slot.values()) + draw(st.integers(0, room)), by_slot)
    edges = [session.start, *(one.end for one in slots[:8])]
    now = draw(some_instant | st.sampled_from(edges))
    by_staff, channel = draw(st.booleans()), draw(st.sampled_from(BOOKING_CHANNELS))
    found = availability(consultation, session, held, now, by_staff=by_staff, channel=channel)
    return found, held


@at_any_pace
@given(some_availability())
def test_free_and_taken_seats_are_all_seats(case: tuple[SessionAvailability, Held]) -> None:
    found, held = case

    assert found.free + held.parties == found.seats
    for one in found.slots:
        taken = held.by_slot.get(one.slot.start, 0)
        assert 0 <= one.free <= one.slot.seats - taken


@at_any_pace
@given(some_availability())
def test_a_slot_is_bookable_or_has_a_reason_and_a_session_follows_its_slots(
    case: tuple[SessionAvailability, Held],
) -> None:
    found, _ = case

    assert all(one.bookable == (one.reason is None) for one in found.slots)
    assert all(one.free > 0 for one in found.slots if one.bookable)
    assert found.bookable == any(one.bookable for one in found.slots)
    assert found.free > 0 or not found.bookable


@given(some_windows, some_day, st.sampled_from(BOOKING_CHANNELS))
@example(
    BookingWindow(opens=DaysBefore(0), closes=BusinessDaysBefore(5)), on("2027-01-04"), "online"
)
def test_booking_never_opens_after_it_closes(
    window: BookingWindow, day: date, channel: BookingChannel
) -> None:
    opens, closes = window_of(replace(LEGAL, window=window), day, channel)

    assert opens is None or opens <= closes


@at_any_pace
@given(some_consultations(), some_closures())
def test_a_closure_never_adds_a_seat_and_taken_back_restores_all(
    consultation: Consultation, closure: Closure
) -> None:
    closed = replace(consultation, changes=(*consultation.changes, closure))
    span = closure.first - timedelta(days=3), closure.last + timedelta(days=3)

    before, after = sessions_of(consultation, *span), sessions_of(closed, *span)

    assert [one.key for one in after] == [one.key for one in before]
    for one, other in zip(before, after, strict=True):
        seats = {slot.start: slot.seats for slot in slots_of(one)}
        assert {slot.start for slot in slots_of(other)} == set(seats)
        assert all(slot.seats <= seats[slot.start] for slot in slots_of(other))
    reopened = replace(closed, changes=closed.changes[:-1])
    assert sessions_of(reopened, *span) == before


@at_any_pace
@given(some_sessions(), some_day)
def test_a_moved_session_keeps_its_key(case: tuple[Consultation, Session], to: date) -> None:
    consultation, session = case
    assume(session_on(consultation, to) is None)
    move = MovedSession(session=session.planned, to=to)
    moved = replace(consultation, changes=(*consultation.changes, move))

    found = session_planned_on(moved, session.planned)

    assert found is not None
    assert (found.key, found.date) == (session.key, to)
    assert session_on(moved, to) == found
    near = timedelta(days=40)
    around = [(day - near, day + near) for day in (session.planned, session.date, to)]
    held = [one for span in around for one in sessions_of(moved, *span) if one.key == session.key]
    assert {one.date for one in held} == {to}


@at_any_pace
@given(some_consultations(), some_day)
def test_a_key_names_one_session_and_a_day_holds_one(
    consultation: Consultation, start: date
) -> None:
    found = sessions_of(consultation, start, start + timedelta(days=200))

    assert len({one.key for one in found}) == len(found)
    assert len({one.date for one in found}) == len(found)
    for one in found[:5]:
        assert session_planned_on(consultation, one.planned) == one


@given(some_windows, st.lists(some_instant, min_size=2, max_size=6).map(sorted))
def test_as_time_goes_on_a_session_opens_then_closes_then_is_past(
    window: BookingWindow, moments: list[datetime]
) -> None:
    consultation = replace(LEGAL, window=window)
    session = session_on(consultation, on("2026-11-21"))
    assert session is not None
    order = [Reason.NOT_OPEN_YET, None, Reason.BOOKING_CLOSED, Reason.PAST]

    found = [availability(consultation, session, Held(), now).reason for now in moments]

    assert found == sorted(found, key=order.index)


@given(some_day, st.integers(1, 30))
def test_so_many_business_days_lie_between_as_were_counted(day: date, count: int) -> None:
    found = CLOSED.business_days_before(day, count)

    assert CLOSED.is_business_day(found)
    assert len([one for one in days(found, day) if CLOSED.is_business_day(one)]) == count


@given(some_desk, some_instant)
def test_until_the_next_opening_nothing_opens(desk: Desk, now: datetime) -> None:
    found = next_opening(desk, now)
    assert found is not None

    today, then = local_date(now, desk.zone), local_date(found.start, desk.zone)
    earlier = [one for day in days(today, then) for one in hours_on(desk, day)]
    assert found.start > now
    assert all(one.start <= now for one in earlier)


@given(some_desk, some_instant)
def test_who_is_taken_is_taken_while_somebody_is_there(desk: Desk, now: datetime) -> None:
    staffed = staffed_on(desk, local_date(now, desk.zone))

    assert all(one.start <= now <= one.last_intake <= one.end for one in open_at(desk, now))
    assert not open_at(desk, now) or any(now in one for one in staffed)


@given(some_consultations(), some_desk, some_day, some_instant)
def test_nothing_depends_on_where_the_machine_is(
    consultation: Consultation, desk: Desk, day: date, now: datetime
) -> None:
    def all_answers() -> list[object]:
        sessions = sessions_of(consultation, day, day + timedelta(days=60))[:5]
        seen = [availability(consultation, one, Held(), now) for one in sessions]
        texts = [f"{one.start.isoformat()} {one.end.isoformat()}" for one in sessions]
        return [
            *(sessions, texts, seen, window_of(consultation, day)),
            *(hours_on(desk, day), open_at(desk, now), next_opening(desk, now)),
        ]

    answers = []
    for zone_name in ("Asia/Tokyo", "UTC", "America/Los_Angeles", "Pacific/Kiritimati"):
        with machine_in(zone_name):
            answers.append(all_answers())

    assert all(one == answers[0] for one in answers)
