"""When a desk reminds, and when no telephone rings because of it."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slots.holidays import ClosedDays
from slots.telling import MOST_REMINDERS, WRITTEN, Quiet, Reminder, Telling
from slots.zone import local
from tests.slots.examples import CLOSED, TOKYO, at, clock, on
from tests.slots.organisations import some_closed_days, some_telling
from tests.slots.strategies import at_any_pace, some_day, some_instant, some_time

# Clocks that jump: by an hour in spring and autumn, by half an hour, at midnight, never.
ZONES = (TOKYO, "Europe/Berlin", "Pacific/Auckland", "Australia/Lord_Howe", "America/Havana")
some_zone = st.sampled_from(ZONES)
some_reminder = st.builds(Reminder, business_days_before=st.integers(0, 60), at=some_time)


def reminded(day: str, count: int, wall: str = "10:00", closed: ClosedDays = CLOSED) -> str:
    """The moment of a reminder of a consultation on `day`, as clocks in Japan show it."""
    one = Reminder(business_days_before=count, at=clock(wall))
    return f"{one.moment(on(day), closed, TOKYO):%Y-%m-%d %H:%M}"


# ---------------------------------------------------------------- reminders
@pytest.mark.parametrize(
    ("day", "count", "moment"),
    [
        # 春分の日 is the Friday between.
        ("2026-03-21", 1, "2026-03-19 10:00"),
        ("2026-03-21", 3, "2026-03-17 10:00"),
        # An ordinary third Saturday.
        ("2026-11-21", 1, "2026-11-20 10:00"),
        ("2026-11-21", 3, "2026-11-18 10:00"),
        # A Tuesday behind a long weekend: 勤労感謝の日 is Monday.
        ("2026-11-24", 1, "2026-11-20 10:00"),
        # Golden Week: 29 April, then 3 to 6 May with the substitute holiday.
        ("2026-05-07", 1, "2026-05-01 10:00"),
        ("2026-05-07", 3, "2026-04-28 10:00"),
        # Silver week of 2026: 敬老の日, the day between two holidays, 秋分の日.
        ("2026-09-24", 1, "2026-09-18 10:00"),
        # The year-end closure, 29 December to 3 January.
        ("2027-01-04", 1, "2026-12-28 10:00"),
        ("2027-01-04", 3, "2026-12-24 10:00"),
        # Held on a holiday itself: what is between counts, not the day.
        ("2026-11-23", 1, "2026-11-20 10:00"),
    ],
)
def test_a_reminder_counts_business_days_back_from_the_day(
    day: str, count: int, moment: str
) -> None:
    assert reminded(day, count) == moment


@pytest.mark.parametrize("day", ["2026-11-21", "2026-03-20", "2027-01-01", "2026-11-18"])
def test_none_before_is_the_day_itself_be_it_a_saturday_or_a_holiday(day: str) -> None:
    assert reminded(day, 0, "08:00") == f"{day} 08:00"


def test_the_towns_own_closed_days_count_too() -> None:
    own = replace(CLOSED, local={on("2026-11-20"): "市民の日"})

    assert reminded("2026-11-21", 1, closed=own) == "2026-11-19 10:00"


def test_a_town_that_works_on_saturdays_reminds_on_them() -> None:
    assert reminded("2026-11-22", 1, closed=ClosedDays(weekend=(6,))) == "2026-11-21 10:00"


def test_a_reminder_is_an_instant_of_the_desks_zone() -> None:
    one = Reminder(business_days_before=1, at=time(8, 30))

    tokyo = one.moment(on("2026-11-21"), CLOSED, TOKYO)
    auckland = one.moment(on("2026-11-21"), CLOSED, "Pacific/Auckland")

    assert tokyo.astimezone(UTC) == datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert tokyo - auckland == timedelta(hours=4)  # 13 hours ahead of UTC in its summer


@at_any_pace
@given(some_reminder, some_day, some_closed_days, some_zone)
def test_a_reminder_is_told_on_a_business_day_before_or_on_the_day_itself(
    one: Reminder, day: date, closed: ClosedDays, zone: str
) -> None:
    told_on = local(one.moment(day, closed, zone), zone).date()

    if one.business_days_before == 0:
        assert told_on == day
    else:
        assert closed.is_business_day(told_on)
        passed = [told_on + timedelta(days=n) for n in range((day - told_on).days)]
        assert sum(map(closed.is_business_day, passed)) == one.business_days_before


@at_any_pace
@given(some_reminder, some_day, some_closed_days)
def test_clocks_in_japan_show_the_reminders_time(
    one: Reminder, day: date, closed: ClosedDays
) -> None:
    assert local(one.moment(day, closed, TOKYO).astimezone(UTC), TOKYO).time() == one.at


@at_any_pace
@given(some_telling(), some_day, some_closed_days)
def test_reminders_in_the_files_order_follow_each_other_on_any_day(
    telling: Telling, day: date, closed: ClosedDays
) -> None:
    """The planner lets each one end where the next begins, and names the last one by its place."""
    moments = [one.moment(day, closed, TOKYO) for one in telling.reminders]

    assert all(one < other for one, other in pairwise(moments))


# ---------------------------------------------------------------- quiet hours
NIGHT = Quiet()
NOON = Quiet(start=time(12), end=time(13))
FROM_MIDNIGHT = Quiet(start=time(0), end=time(7))
UNTIL_MIDNIGHT = Quiet(start=time(22), end=time(0))


@pytest.mark.parametrize(
    ("quiet", "inside", "outside"),
    [
        (NIGHT, "21:00 23:59 00:00 07:59", "08:00 12:00 20:59"),
        (NOON, "12:00 12:59", "11:59 13:00 00:00"),
        (FROM_MIDNIGHT, "00:00 06:59", "07:00 23:59"),
        (UNTIL_MIDNIGHT, "22:00 23:59", "00:00 21:59"),
    ],
)
def test_quiet_hours_begin_with_their_start_and_end_before_their_end(
    quiet: Quiet, inside: str, outside: str
) -> None:
    assert all(quiet.holds(clock(one)) for one in inside.split())
    assert not any(quiet.holds(clock(one)) for one in outside.split())


def test_the_last_moment_before_the_end_is_quiet_to_the_microsecond() -> None:
    assert NIGHT.holds(time(7, 59, 59, 999999))
    assert not NIGHT.holds(time(20, 59, 59, 999999))


@pytest.mark.parametrize(
    ("quiet", "moment", "over"),
    [
        (NIGHT, "2026-11-20 20:59", "2026-11-20 20:59"),
        (NIGHT, "2026-11-20 21:00", "2026-11-21 08:00"),
        (NIGHT, "2026-11-20 23:59", "2026-11-21 08:00"),
        (NIGHT, "2026-11-21 00:00", "2026-11-21 08:00"),
        (NIGHT, "2026-11-21 07:59", "2026-11-21 08:00"),
        (NIGHT, "2026-11-21 08:00", "2026-11-21 08:00"),
        (NIGHT, "2026-12-31 22:00", "2027-01-01 08:00"),
        (NOON, "2026-11-20 12:30", "2026-11-20 13:00"),
        (NOON, "2026-11-20 13:30", "2026-11-20 13:30"),
        (FROM_MIDNIGHT, "2026-11-20 03:00", "2026-11-20 07:00"),
        (UNTIL_MIDNIGHT, "2026-11-20 22:00", "2026-11-21 00:00"),
    ],
)
def test_what_falls_into_quiet_hours_waits_for_their_end(
    quiet: Quiet, moment: str, over: str
) -> None:
    assert quiet.over(at(moment), TOKYO) == at(over)


def test_quiet_hours_are_those_of_the_desks_zone() -> None:
    """13:00 in UTC is 22:00 in Tokyo, and two in the afternoon in Berlin."""
    moment = datetime(2026, 11, 20, 13, tzinfo=UTC)

    assert NIGHT.over(moment, TOKYO) == at("2026-11-21 08:00")
    assert NIGHT.over(moment, "Europe/Berlin") == moment


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        NIGHT.over(datetime(2026, 11, 20, 22), TOKYO)  # noqa: DTZ001


def test_in_an_hour_that_clocks_pass_twice_the_wait_never_ends_in_the_past() -> None:
    """On 2026-10-25 in Berlin it is 2:15 twice; the second one is at 1:15 in UTC."""
    quiet = Quiet(start=time(22), end=time(2, 30))
    first = datetime(2026, 10, 25, 0, 15, tzinfo=UTC)
    second = first + timedelta(hours=1)

    assert quiet.over(first, "Europe/Berlin").astimezone(UTC) == first + timedelta(minutes=15)
    assert quiet.over(second, "Europe/Berlin").astimezone(UTC) == second + timedelta(minutes=15)


def test_quiet_hours_that_end_in_an_hour_that_clocks_skip_end_after_it() -> None:
    quiet = Quiet(start=time(22), end=time(2, 30))
    over = quiet.over(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "Europe/Berlin")

    assert f"{local(over.astimezone(UTC), 'Europe/Berlin'):%H:%M}" == "03:30"


some_quiet = st.builds(Quiet, start=some_time, end=some_time)


@given(some_quiet, some_instant, st.just(TOKYO))
def test_what_was_put_off_is_outside_the_quiet_hours_and_not_a_minute_too_late(
    quiet: Quiet, moment: datetime, zone: str
) -> None:
    over = quiet.over(moment, zone)
    wall = local(over.astimezone(UTC), zone).time()

    assert over >= moment
    assert over - moment < timedelta(days=1)
    assert quiet.start == quiet.end or not quiet.holds(wall)
    if over == moment:
        assert not quiet.holds(wall)
    else:
        assert quiet.holds(local(moment, zone).time())
        assert wall == quiet.end
    assert quiet.over(over, zone) == over


@given(some_instant, some_zone)
def test_wherever_clocks_jump_the_night_is_over_at_eight(moment: datetime, zone: str) -> None:
    over = NIGHT.over(moment, zone).astimezone(UTC)

    assert over >= moment
    assert not NIGHT.holds(local(over, zone).time())
    assert over == moment or local(over, zone).time() == time(8)


@given(some_quiet, some_instant, some_zone)
def test_nothing_is_ever_put_off_into_the_past(quiet: Quiet, moment: datetime, zone: str) -> None:
    assert quiet.over(moment, zone).astimezone(UTC) >= moment


@given(some_quiet, some_time)
def test_of_two_halves_of_a_day_exactly_one_is_quiet(quiet: Quiet, wall: time) -> None:
    other = Quiet(start=quiet.end, end=quiet.start)

    assert quiet.start == quiet.end or quiet.holds(wall) != other.holds(wall)


@given(some_time, some_time)
def test_hours_of_no_length_are_never_quiet(start: time, wall: time) -> None:
    assert not Quiet(start=start, end=start).holds(wall)


# ---------------------------------------------------------------- what holds without a word
def test_every_desk_reminds_at_ten_three_business_days_before_and_on_the_last_one() -> None:
    usual = Telling()

    assert [(one.business_days_before, one.at) for one in usual.reminders] == [
        (3, time(10)),
        (1, time(10)),
    ]
    assert (usual.quiet.start, usual.quiet.end) == (time(21), time(8))
    assert usual.order == ("line", "mail", "sms")
    assert (usual.unanswered_after, usual.day_list_at, usual.staff_mail) == (2, time(16), ())
    assert len(usual.reminders) <= MOST_REMINDERS
    assert set(usual.order) <= set(WRITTEN)
    assert not any(usual.quiet.holds(one.at) for one in usual.reminders)


def test_rules_are_values_that_nobody_changes_in_passing() -> None:
    with pytest.raises(FrozenInstanceError):
        Telling().most_a_day = 100  # type: ignore[misc]

    assert hash(Telling()) == hash(Telling())
