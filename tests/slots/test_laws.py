"""What holds for every rule, session and moment, not only for the examples."""

import os
import time as clock
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from slots.availability import Held, Reason, SessionAvailability, availability, window_of
from slots.desk import BookingWindow, Consultation, Desk, Opening
from slots.grid import slots_of
from slots.hours import hours_on, next_opening, open_at, staffed_on
from slots.recurrence import Dates, MonthlyWeekday, Recurrence, RRule, Weekly
from slots.sessions import Session, session_on, sessions_of
from slots.zone import days, local_date
from tests.slots.examples import CLOSED, HUMAN_RIGHTS, LEGAL, NET_HARMONY, SUPPORT, on

# The first look at each day's holidays takes its time, on a busy machine too much for Hypothesis.
at_any_pace = settings(suppress_health_check=[HealthCheck.too_slow])

FIRST, LAST = on("2024-01-01"), on("2027-12-31")
some_day = st.dates(FIRST, LAST)
some_instant = st.datetimes(
    datetime(2023, 6, 1),  # noqa: DTZ001 - Hypothesis wants the bounds naive
    datetime(2028, 6, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
some_weekdays = st.lists(st.integers(0, 6), min_size=1, unique=True).map(tuple)
some_rule: st.SearchStrategy[Recurrence] = st.one_of(
    st.builds(Weekly, some_weekdays),
    st.builds(
        MonthlyWeekday,
        st.lists(st.sampled_from([1, 2, 3, 4, 5, -1]), min_size=1, unique=True).map(tuple),
        st.integers(0, 6),
    ),
    st.builds(Dates, st.lists(some_day, min_size=1, max_size=20).map(tuple)),
    st.builds(
        RRule,
        st.sampled_from(
            [
                "FREQ=WEEKLY;INTERVAL=2",
                "FREQ=MONTHLY;BYMONTHDAY=31",
                "FREQ=MONTHLY;BYMONTH=2,4,6;BYDAY=2TU,-1FR",
                "FREQ=DAILY;COUNT=40",
                "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=20;UNTIL=20260401",
            ]
        ),
        some_day,
    ),
)


@st.composite
def some_openings(draw: st.DrawFn) -> Opening:
    start = draw(st.integers(0, 23 * 60))
    end = draw(st.integers(start + 1, 24 * 60 - 1))
    bounds = sorted(draw(st.lists(some_day, min_size=2, max_size=2, unique=True)))
    return Opening(
        recurrence=draw(some_rule),
        start=time(*divmod(start, 60)),
        end=time(*divmod(end, 60)),
        on_holiday=draw(st.sampled_from(["skip", "open", "ask"])),
        since=draw(st.sampled_from([None, bounds[0]])),
        until=draw(st.sampled_from([None, bounds[1]])),
    )


some_windows = st.builds(
    BookingWindow,
    opens_days_before=st.none() | st.integers(0, 200),
    closes_business_days_before=st.integers(0, 5),
    closes_at=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
some_consultations = st.builds(
    lambda openings, minutes, seats, window: replace(
        LEGAL, openings=tuple(openings), slot_minutes=minutes, seats=seats, window=window
    ),
    st.lists(some_openings(), min_size=1, max_size=3),
    st.integers(5, 240),
    st.integers(1, 3),
    some_windows,
)


@st.composite
def some_sessions(draw: st.DrawFn) -> tuple[Consultation, Session]:
    """A consultation with its first session after some day."""
    consultation, day = draw(some_consultations), draw(some_day)
    sessions = sessions_of(consultation, day, day + timedelta(days=100))
    assume(sessions)
    return consultation, sessions[0]


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
    slots = slots_of(consultation, session)

    length = timedelta(minutes=consultation.slot_minutes or 0)
    assert all(one.end - one.start == length for one in slots)
    assert all(one.end <= after.start for one, after in pairwise(slots))
    assert all(session.start <= one.start and one.end <= session.end for one in slots)
    rest = session.end - (slots[-1].end if slots else session.start)
    assert timedelta() <= rest < length


@given(some_consultations, st.lists(some_day, min_size=3, max_size=3).map(sorted))
def test_two_ranges_end_to_end_have_the_sessions_of_the_whole(
    consultation: Consultation, bounds: list[date]
) -> None:
    a, b, c = bounds

    whole = sessions_of(consultation, a, c)

    assert whole == sessions_of(consultation, a, b) + sessions_of(consultation, b, c)


@given(some_consultations, some_day)
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
    slots = slots_of(consultation, session)
    by_slot = {one.start: draw(st.integers(0, one.seats)) for one in slots[:8]}
    room = sum(one.seats for one in slots) - sum(by_slot.values())
    held = Held(sum(by_slot.values()) + draw(st.integers(0, room)), by_slot)
    edges = [session.start, *(one.end for one in slots[:8])]
    now = draw(some_instant | st.sampled_from(edges))
    by_staff = draw(st.booleans())
    return availability(consultation, session, held, now, by_staff=by_staff), held


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


@given(some_windows, some_day)
@example(BookingWindow(opens_days_before=0, closes_business_days_before=5), on("2027-01-04"))
def test_booking_never_opens_after_it_closes(window: BookingWindow, day: date) -> None:
    opens, closes = window_of(replace(LEGAL, window=window), day)

    assert opens is None or opens <= closes
    assert local_date(closes, LEGAL.zone) <= day


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


@given(some_consultations, some_desk, some_day, some_instant)
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
