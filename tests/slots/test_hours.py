"""When a desk's channels are answered, and when next; difficult days are in test_golden_days."""

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

OFFICE = ["phone 08:30-17:15", "in-person 08:30-17:15"]


def said(stretch: Stretch) -> str:
    return f"{stretch.channel} {stretch.start:%H:%M}-{stretch.end:%H:%M}"


def day_of(desk: Desk, day: str) -> list[str]:
    return [said(stretch) for stretch in hours_on(desk, on(day))]


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
