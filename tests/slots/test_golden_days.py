"""The days that the two source pages make difficult, one by one, at the desks as they are shipped."""

import pytest

from booking.desks import load
from slots.availability import Held, Reason, availability, window_of
from slots.grid import slots_of
from slots.hours import Stretch, hours_on, open_at
from slots.sessions import session_on, sessions_of
from tests.slots.examples import at, on

CATALOGUE = load()
NET_HARMONY = CATALOGUE.desk("osaka/net-harmony")
HUMAN_RIGHTS = CATALOGUE.desk("osaka/human-rights")
SUPPORT = CATALOGUE.desk("shibukawa/support")
LEGAL = CATALOGUE.consultation("shibukawa/lawyer/legal")
DESKS = {"harmony": NET_HARMONY, "rights": HUMAN_RIGHTS, "support": SUPPORT}

EVENING = "phone 16:00-22:00, line 16:00-22:00"
AFTERNOON = "phone 13:00-18:00, line 13:00-18:00"
PHONE = "phone 10:00-16:00"
AND_LINE = "phone 10:00-16:00, line 18:00-22:00"
OFFICE = "phone 08:30-17:15, in-person 08:30-17:15"
SHUT = ""


def said(stretch: Stretch) -> str:
    return f"{stretch.channel} {stretch.start:%H:%M}-{stretch.end:%H:%M}"


def day_of(desk: str, day: str) -> str:
    return ", ".join(said(stretch) for stretch in hours_on(DESKS[desk], on(day)))


@pytest.mark.parametrize(
    ("day", "harmony", "rights", "support", "lawyer"),
    [
        ("2024-02-11", SHUT, SHUT, SHUT, False),  # 建国記念の日, a second Sunday
        ("2024-09-22", SHUT, PHONE, SHUT, False),  # 秋分の日, a fourth Sunday
        ("2025-02-23", SHUT, PHONE, SHUT, False),  # 天皇誕生日, a fourth Sunday
        ("2025-11-23", SHUT, PHONE, SHUT, False),  # 勤労感謝の日, a fourth Sunday
        ("2029-09-23", SHUT, PHONE, SHUT, False),  # 秋分の日, a fourth Sunday
        ("2025-11-24", SHUT, SHUT, SHUT, False),  # 振替休日
        ("2026-01-03", SHUT, SHUT, SHUT, False),  # a Saturday of the year-end
        ("2026-03-20", SHUT, SHUT, SHUT, False),  # 春分の日
        ("2026-03-21", EVENING, SHUT, SHUT, True),  # the third Saturday after it
        ("2026-04-30", EVENING, AND_LINE, OFFICE, False),  # a Thursday
        ("2026-05-06", SHUT, SHUT, SHUT, False),  # 振替休日
        ("2026-09-22", SHUT, SHUT, SHUT, False),  # 国民の休日
        ("2026-12-28", EVENING, PHONE, OFFICE, False),  # a Monday
        ("2026-12-29", SHUT, SHUT, SHUT, False),
        ("2027-01-04", EVENING, PHONE, OFFICE, False),  # a Monday
        ("2026-11-18", EVENING, PHONE, OFFICE, False),  # an ordinary Wednesday
        ("2026-11-20", EVENING, AND_LINE, OFFICE, False),  # an ordinary Friday
        ("2026-11-21", EVENING, SHUT, SHUT, True),  # an ordinary third Saturday
    ],
)
def test_golden_days(day: str, harmony: str, rights: str, support: str, lawyer: bool) -> None:
    assert day_of("harmony", day) == harmony
    assert day_of("rights", day) == rights
    assert day_of("support", day) == support
    assert (session_on(LEGAL, on(day)) is not None) is lawyer


@pytest.mark.parametrize("day", ["2024-02-11", "2024-08-11", "2029-02-11", "2030-08-11"])
def test_a_second_sunday_on_a_holiday_is_closed(day: str) -> None:
    assert day_of("harmony", day) == SHUT


@pytest.mark.parametrize("day", ["2026-04-29", "2026-11-03", "2026-02-11", "2027-02-11"])
def test_only_the_sunday_is_taken_on_holidays(day: str) -> None:
    """A holiday on a weekday closes phone and LINE alike; 2027-02-11 is a Thursday."""
    assert day_of("rights", day) == SHUT


@pytest.mark.parametrize(
    "sundays",
    [
        ["2026-11-01", "2026-11-08", "2026-11-15", "2026-11-22", "2026-11-29"],
        ["2026-03-01", "2026-03-08", "2026-03-15", "2026-03-22", "2026-03-29"],
        ["2025-06-01", "2025-06-08", "2025-06-15", "2025-06-22", "2025-06-29"],
        ["2027-10-03", "2027-10-10", "2027-10-17", "2027-10-24", "2027-10-31"],  # to the very end
    ],
)
def test_in_a_month_of_five_sundays_the_fourth_is_open_and_the_last_is_not(
    sundays: list[str],
) -> None:
    assert [day_of("harmony", day) for day in sundays] == [SHUT, AFTERNOON, SHUT, SHUT, SHUT]
    assert [day_of("rights", day) for day in sundays] == [SHUT, SHUT, SHUT, PHONE, SHUT]


@pytest.mark.parametrize(
    ("desk", "moment", "channels"),
    [
        ("harmony", "2026-11-20 15:59:59", []),
        ("harmony", "2026-11-20 16:00", ["phone", "line"]),
        ("harmony", "2026-11-20 21:29", ["phone", "line"]),
        ("harmony", "2026-11-20 21:30", ["phone", "line"]),
        ("harmony", "2026-11-20 21:30:01", []),
        ("harmony", "2026-11-20 21:31", []),
        ("harmony", "2026-11-20 21:59", []),
        ("harmony", "2026-11-08 17:29", ["phone", "line"]),
        ("harmony", "2026-11-08 17:30", ["phone", "line"]),
        ("harmony", "2026-11-08 17:31", []),
        ("rights", "2026-11-20 15:30", ["phone"]),
        ("rights", "2026-11-20 15:31", []),
        ("rights", "2026-11-20 17:00", []),
        ("rights", "2026-11-20 21:29", ["line"]),
        ("rights", "2026-11-20 21:30", ["line"]),
        ("rights", "2026-11-20 21:31", []),
        ("rights", "2026-11-18 18:30", []),  # LINE is answered on Thursdays and Fridays
        ("rights", "2026-11-22 15:30", ["phone"]),
        ("rights", "2026-11-22 15:31", []),
    ],
)
def test_who_turns_to_a_desk_until_thirty_minutes_before_the_end_is_taken(
    desk: str, moment: str, channels: list[str]
) -> None:
    assert [stretch.channel for stretch in open_at(DESKS[desk], at(moment))] == channels


@pytest.mark.parametrize(
    ("session", "closes"),
    [
        ("2026-03-21", "2026-03-19 17:15"),  # the Friday between is 春分の日
        ("2026-11-21", "2026-11-20 17:15"),
        ("2021-07-17", "2021-07-16 17:15"),
        ("2019-05-18", "2019-05-17 17:15"),
    ],
)
def test_the_lawyers_booking_closes_on_the_last_business_day(session: str, closes: str) -> None:
    assert window_of(LEGAL, on(session))[1] == at(closes)


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ("2026-03-19 17:14:59", None),
        ("2026-03-19 17:15", Reason.BOOKING_CLOSED),
        ("2026-03-20 09:00", Reason.BOOKING_CLOSED),  # 春分の日: nobody is there to book
    ],
)
def test_for_saturday_the_21st_of_march_2026_thursday_is_the_last_day_to_book(
    now: str, reason: Reason | None
) -> None:
    session = session_on(LEGAL, on("2026-03-21"))
    assert session is not None

    assert availability(LEGAL, session, Held(), at(now)).reason is reason


def test_the_twelve_days_that_the_town_published_have_four_slots_each() -> None:
    published = [
        *("2024-04-20", "2024-05-18", "2024-06-15", "2024-07-20", "2024-08-17", "2024-09-21"),
        *("2024-10-19", "2024-11-16", "2024-12-21", "2025-01-18", "2025-02-15", "2025-03-15"),
    ]

    found = sessions_of(LEGAL, on("2024-04-01"), on("2025-04-01"))

    assert [one.date.isoformat() for one in found] == published
    for one in found:
        starts = [f"{slot.start:%H:%M}" for slot in slots_of(one)]
        assert starts == ["09:00", "09:45", "10:30", "11:15"]
