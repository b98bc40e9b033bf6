"""What Hypothesis draws: rules, windows, consultations, changes, sessions."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st

from slots.changes import (
    Change,
    ChangedCapacity,
    ChangedHours,
    Closure,
    ExtraSession,
    MovedSession,
    Settled,
)
from slots.desk import Consultation, Quotas
from slots.holidays import ON_HOLIDAY
from slots.opening import Block, Opening
from slots.recurrence import (
    Dates,
    InMonths,
    MonthlyDay,
    MonthlyWeekday,
    Recurrence,
    RRule,
    Weekly,
)
from slots.roster import Absence
from slots.sessions import Session, sessions_of
from slots.window import (
    BOOKING_CHANNELS,
    ROLLS,
    BookingWindow,
    BusinessDaysBefore,
    ChannelWindow,
    DaysBefore,
    HoursBefore,
    MonthDayBefore,
    WeekdayBefore,
)
from tests.slots.examples import LEGAL, on

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
some_plain_rule = st.one_of(
    st.builds(Weekly, some_weekdays),
    st.builds(Weekly, some_weekdays, st.integers(2, 5), some_day),
    st.builds(
        MonthlyWeekday,
        st.lists(st.sampled_from([1, 2, 3, 4, 5, -1]), min_size=1, unique=True).map(tuple),
        st.integers(0, 6),
    ),
    st.builds(MonthlyDay, st.lists(st.sampled_from([1, 15, 29, 31, -1]), min_size=1).map(tuple)),
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
some_rule: st.SearchStrategy[Recurrence] = st.one_of(
    some_plain_rule,
    st.builds(
        InMonths,
        some_plain_rule,
        st.lists(st.integers(1, 12), min_size=1, unique=True).map(lambda n: tuple(sorted(n))),
    ),
)


@st.composite
def some_blocks(draw: st.DrawFn) -> tuple[Block, ...]:
    """One to three blocks of a day, some of them back to back."""
    edges = sorted(draw(st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=6, unique=True)))
    times = [time(*divmod(edge, 60)) for edge in edges]
    return tuple(Block(one, other) for one, other in zip(times[::2], times[1::2], strict=False))


@st.composite
def some_openings(draw: st.DrawFn) -> Opening:
    bounds = sorted(draw(st.lists(some_day, min_size=2, max_size=2, unique=True)))
    return Opening(
        recurrence=draw(some_rule),
        blocks=draw(some_blocks()),
        on_holiday=draw(st.sampled_from(ON_HOLIDAY)),
        since=draw(st.sampled_from([None, bounds[0]])),
        until=draw(st.sampled_from([None, bounds[1]])),
        seats=draw(st.none() | st.integers(1, 3)),
        roster=draw(st.sampled_from([(), ("a",), ("a", "b", "c")])),
        pause_minutes=draw(st.none() | st.integers(0, 30)),
        last_start=draw(st.none() | some_time),
    )


some_time = st.builds(time, st.integers(0, 23), st.integers(0, 59))
some_before = st.one_of(
    st.builds(DaysBefore, st.integers(0, 200), some_time, st.sampled_from(ROLLS)),
    st.builds(BusinessDaysBefore, st.integers(0, 5), some_time),
    st.builds(MonthDayBefore, st.integers(0, 3), st.sampled_from([1, 31, -1]), some_time),
    st.builds(WeekdayBefore, st.integers(0, 4), st.integers(0, 6), some_time),
    st.builds(HoursBefore, st.integers(0, 100)),
)
some_windows = st.builds(
    BookingWindow,
    opens=st.none() | some_before,
    closes=some_before,
    channels=st.dictionaries(
        st.sampled_from(BOOKING_CHANNELS),
        st.builds(ChannelWindow, st.none() | some_before, some_before),
        max_size=2,
    ),
)
some_quotas = st.builds(
    Quotas,
    st.dictionaries(st.sampled_from(BOOKING_CHANNELS), st.integers(1, 3), max_size=2),
    st.none() | some_before,
)


@st.composite
def some_closures(draw: st.DrawFn) -> Closure:
    first, long = draw(some_day), draw(st.integers(0, 40))
    last = first + timedelta(days=long)
    if draw(st.booleans()):
        return Closure(first=first, last=last, text="休み")
    block = draw(some_blocks())[0]
    return Closure(first=first, last=last, start=block.start, end=block.end)


@st.composite
def some_consultations(draw: st.DrawFn) -> Consultation:
    openings = draw(st.lists(some_openings(), min_size=1, max_size=3))
    consultation = replace(
        LEGAL,
        openings=tuple(openings),
        slot_minutes=draw(st.integers(5, 240)),
        pause_minutes=draw(st.integers(0, 20)),
        seats=draw(st.none() | st.integers(1, 3)),
        window=draw(some_windows),
        quotas=draw(some_quotas),
        absences=tuple(draw(st.lists(some_absence, max_size=2))),
    )
    start = draw(some_day)
    planned = [one.planned for one in sessions_of(consultation, start, start + timedelta(days=90))]
    return replace(consultation, changes=tuple(draw(some_changes(planned))))


def some_changes(planned: list[date]) -> st.SearchStrategy[list[Change]]:
    """Changes to sessions that there are, mostly."""
    session = st.sampled_from(planned) | some_day if planned else some_day
    return st.lists(
        st.one_of(
            some_closures(),
            st.builds(MovedSession, session=session, to=session | some_day),
            st.builds(Settled, session=session),
            st.builds(ExtraSession, session=session | some_day, blocks=some_blocks()),
            st.builds(ChangedHours, session=session, blocks=some_blocks()),
            st.builds(ChangedCapacity, session=session, seats=st.integers(1, 4)),
        ),
        max_size=5,
    )


some_absence = st.builds(Absence, who=st.sampled_from("abc"), first=some_day, last=some_day)


@st.composite
def some_sessions(draw: st.DrawFn) -> tuple[Consultation, Session]:
    """A consultation with one of its first sessions after some day."""
    consultation, day = draw(some_consultations()), draw(some_day)
    sessions = sessions_of(consultation, day, day + timedelta(days=100))
    assume(sessions)
    return consultation, draw(st.sampled_from(sessions))
