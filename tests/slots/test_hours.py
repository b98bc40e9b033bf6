"""When a desk's channels are answered: the days that the source pages make difficult."""

from datetime import UTC

import pytest

from slots.desk import Channel, Desk
from slots.hours import Stretch, hours_on, next_opening, open_at, staffed_on
from tests.slots.examples import (
    HUMAN_RIGHTS,
    MON_TO_FRI,
    NET_HARMONY,
    SUPPORT,
    a_desk,
    answered,
    at,
    on,
)

EVENING = ["phone 16:00-22:00", "line 16:00-22:00"]
SUNDAY_AFTERNOON = ["phone 13:00-18:00", "line 13:00-18:00"]
PHONE = ["phone 10:00-16:00"]
PHONE_AND_LINE = ["phone 10:00-16:00", "line 18:00-22:00"]
OFFICE = ["phone 08:30-17:15", "in-person 08:30-17:15"]
CLOSED: list[str] = []


def said(stretch: Stretch) -> str:
    return f"{stretch.channel} {stretch.start:%H:%M}-{stretch.end:%H:%M}"


def day_of(desk: Desk, day: str) -> list[str]:
    return [said(stretch) for stretch in hours_on(desk, on(day))]


@pytest.mark.parametrize(
    ("day", "net_harmony", "human_rights", "support"),
    [
        ("2024-02-11", CLOSED, CLOSED, CLOSED),  # 建国記念の日, a second Sunday
        ("2024-09-22", CLOSED, PHONE, CLOSED),  # 秋分の日, a fourth Sunday
        ("2025-02-23", CLOSED, PHONE, CLOSED),
        ("2025-11-23", CLOSED, PHONE, CLOSED),
        ("2029-09-23", CLOSED, PHONE, CLOSED),
        ("2025-11-24", CLOSED, CLOSED, CLOSED),  # 振替休日
        ("2026-01-03", CLOSED, CLOSED, CLOSED),  # a Saturday of the year-end
        ("2026-03-20", CLOSED, CLOSED, CLOSED),  # 春分の日
        ("2026-03-21", EVENING, CLOSED, CLOSED),  # the Saturday after it
        ("2026-04-30", EVENING, PHONE_AND_LINE, OFFICE),  # a Thursday
        ("2026-05-06", CLOSED, CLOSED, CLOSED),  # 振替休日
        ("2026-09-22", CLOSED, CLOSED, CLOSED),  # 国民の休日
        ("2026-12-28", EVENING, PHONE, OFFICE),
        ("2026-12-29", CLOSED, CLOSED, CLOSED),
        ("2027-01-04", EVENING, PHONE, OFFICE),
        ("2026-11-18", EVENING, PHONE, OFFICE),  # an ordinary Wednesday
        ("2026-11-20", EVENING, PHONE_AND_LINE, OFFICE),  # an ordinary Friday
        ("2026-11-21", EVENING, CLOSED, CLOSED),  # an ordinary Saturday
    ],
)
def test_golden_days(
    day: str, net_harmony: list[str], human_rights: list[str], support: list[str]
) -> None:
    assert day_of(NET_HARMONY, day) == net_harmony
    assert day_of(HUMAN_RIGHTS, day) == human_rights
    assert day_of(SUPPORT, day) == support


@pytest.mark.parametrize("day", ["2024-02-11", "2024-08-11", "2029-02-11", "2030-08-11"])
def test_a_second_sunday_on_a_holiday_is_closed(day: str) -> None:
    assert day_of(NET_HARMONY, day) == CLOSED


@pytest.mark.parametrize("day", ["2024-09-22", "2025-02-23", "2025-11-23", "2029-09-23"])
def test_a_fourth_sunday_on_a_holiday_is_taken(day: str) -> None:
    assert day_of(HUMAN_RIGHTS, day) == PHONE


@pytest.mark.parametrize("day", ["2026-04-29", "2026-11-03", "2026-02-11", "2027-02-11"])
def test_only_the_sunday_is_taken_on_holidays(day: str) -> None:
    """A holiday on a weekday closes phone and LINE alike; 2027-02-11 is a Thursday."""
    assert day_of(HUMAN_RIGHTS, day) == CLOSED


def test_in_a_month_of_five_sundays_only_the_second_and_the_fourth_are_open() -> None:
    sundays = ["2026-11-01", "2026-11-08", "2026-11-15", "2026-11-22", "2026-11-29"]

    assert [day_of(NET_HARMONY, day) for day in sundays] == [
        *(CLOSED, SUNDAY_AFTERNOON, CLOSED, CLOSED, CLOSED)
    ]
    assert [day_of(HUMAN_RIGHTS, day) for day in sundays] == [
        *(CLOSED, CLOSED, CLOSED, PHONE, CLOSED)
    ]


@pytest.mark.parametrize(
    ("desk", "moment", "channels"),
    [
        (NET_HARMONY, "2026-11-20 15:59:59", []),
        (NET_HARMONY, "2026-11-20 16:00", ["phone", "line"]),
        (NET_HARMONY, "2026-11-20 21:29", ["phone", "line"]),
        (NET_HARMONY, "2026-11-20 21:30", ["phone", "line"]),
        (NET_HARMONY, "2026-11-20 21:30:01", []),
        (NET_HARMONY, "2026-11-20 21:59", []),
        (NET_HARMONY, "2026-11-08 17:30", ["phone", "line"]),
        (NET_HARMONY, "2026-11-08 17:31", []),
        (HUMAN_RIGHTS, "2026-11-20 15:30", ["phone"]),
        (HUMAN_RIGHTS, "2026-11-20 15:31", []),
        (HUMAN_RIGHTS, "2026-11-20 17:00", []),
        (HUMAN_RIGHTS, "2026-11-20 21:30", ["line"]),
        (HUMAN_RIGHTS, "2026-11-18 18:30", []),  # LINE is answered on Thursdays and Fridays
        (HUMAN_RIGHTS, "2026-11-22 15:30", ["phone"]),
    ],
)
def test_who_turns_to_a_desk_until_thirty_minutes_before_the_end_is_taken(
    desk: Desk, moment: str, channels: list[str]
) -> None:
    assert [stretch.channel for stretch in open_at(desk, at(moment))] == channels


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        ("2026-11-20 08:29:59", False),
        ("2026-11-20 08:30", True),
        ("2026-11-20 17:14:59", True),
        ("2026-11-20 17:15", False),
    ],
)
def test_without_a_last_intake_the_end_itself_is_closed(moment: str, taken: bool) -> None:
    assert bool(open_at(SUPPORT, at(moment))) is taken


def test_the_day_is_the_desks_day_and_not_that_of_utc() -> None:
    """9:00 on Monday in Tokyo is midnight in UTC; 8:59 there is still Sunday."""
    sunday_in_utc = at("2026-11-16 08:59").astimezone(UTC)

    assert [said(one) for one in open_at(SUPPORT, sunday_in_utc)] == OFFICE


@pytest.mark.parametrize(
    ("desk", "moment", "opening"),
    [
        (NET_HARMONY, "2026-11-20 15:00", "2026-11-20 16:00"),
        (NET_HARMONY, "2026-11-20 16:00", "2026-11-21 16:00"),  # it has just opened
        (NET_HARMONY, "2026-11-21 22:00", "2026-11-24 16:00"),  # Sunday, then 勤労感謝の日
        (NET_HARMONY, "2026-05-02 22:00", "2026-05-07 16:00"),  # 5/3 is a first Sunday
        (NET_HARMONY, "2026-12-28 22:00", "2027-01-04 16:00"),
        (HUMAN_RIGHTS, "2026-11-20 16:30", "2026-11-20 18:00"),
        (HUMAN_RIGHTS, "2026-11-20 22:00", "2026-11-22 10:00"),  # a fourth Sunday
        (SUPPORT, "2026-12-28 17:15", "2027-01-04 08:30"),
        (SUPPORT, "2026-03-19 17:15", "2026-03-23 08:30"),
    ],
)
def test_the_next_opening_skips_what_is_closed(desk: Desk, moment: str, opening: str) -> None:
    found = next_opening(desk, at(moment))

    assert found is not None
    assert found.start == at(opening)


@pytest.mark.parametrize(
    ("channel", "opening"), [("phone", "2026-11-24 10:00"), ("line", "2026-11-26 18:00")]
)
def test_the_next_opening_of_one_channel(channel: Channel, opening: str) -> None:
    found = next_opening(HUMAN_RIGHTS, at("2026-11-22 16:00"), channel)

    assert found is not None
    assert (found.channel, found.start) == (channel, at(opening))


def test_a_channel_without_hours_never_opens() -> None:
    assert next_opening(HUMAN_RIGHTS, at("2026-11-20 12:00"), "fax") is None
    assert next_opening(a_desk("silent"), at("2026-11-20 12:00")) is None


def test_staffed_is_when_anybody_answers_with_touching_stretches_joined() -> None:
    desk = a_desk(
        "three",
        answered(MON_TO_FRI, "12:00-15:00", "line"),
        answered(MON_TO_FRI, "09:00-12:00", "phone"),
        answered(MON_TO_FRI, "18:00-20:00", "phone", "line"),
    )

    found = [(one.start, one.end) for one in staffed_on(desk, on("2026-11-20"))]

    assert found == [
        (at("2026-11-20 09:00"), at("2026-11-20 15:00")),
        (at("2026-11-20 18:00"), at("2026-11-20 20:00")),
    ]


def test_stretches_of_a_day_come_in_order_whatever_the_files_order() -> None:
    desk = a_desk(
        "two",
        answered(MON_TO_FRI, "13:00-17:00", "phone"),
        answered(MON_TO_FRI, "09:00-12:00", "phone"),
    )

    assert day_of(desk, "2026-11-20") == ["phone 09:00-12:00", "phone 13:00-17:00"]
