"""The desks of the two source pages as values, as far as time goes; and short ways to write."""

from dataclasses import replace
from datetime import date, datetime, time

from slots.desk import Channel, Consultation, Desk, Hours
from slots.holidays import ClosedDays
from slots.opening import Block, Opening
from slots.recurrence import MonthlyWeekday, Recurrence, Weekly
from slots.window import BookingWindow, DaysBefore

TOKYO = "Asia/Tokyo"
CLOSED = ClosedDays()
SATURDAY, SUNDAY = 5, 6


def at(text: str) -> datetime:
    """The instant at which clocks in Japan show `text`, such as 2026-03-19 17:15."""
    return datetime.fromisoformat(f"{text}+09:00")


def on(text: str) -> date:
    """The day `text`, such as 2026-03-21."""
    return date.fromisoformat(text)


def clock(text: str) -> time:
    """The time of day `text`, such as 09:00."""
    return time.fromisoformat(text)


def answered(
    recurrence: Recurrence, span: str, *channels: Channel, intake: int = 0, holidays: bool = False
) -> Hours:
    """Hours of `channels` during `span`, such as 10:00-16:00, closed on holidays unless told."""
    start, end = span.split("-")
    return Hours(
        channels=channels,
        recurrence=recurrence,
        start=clock(start),
        end=clock(end),
        on_holiday="open" if holidays else "skip",
        last_intake_minutes=intake,
    )


def a_desk(name: str, *hours: Hours) -> Desk:
    """A desk that is answered during `hours`."""
    return Desk(key=f"town/{name}", name=name, zone=TOKYO, closed_days=CLOSED, hours=hours)


MON_TO_FRI = Weekly((0, 1, 2, 3, 4))

NET_HARMONY = a_desk(
    "net-harmony",
    answered(Weekly((0, 1, 2, 3, 4, 5)), "16:00-22:00", "phone", "line", intake=30),
    answered(MonthlyWeekday((2,), SUNDAY), "13:00-18:00", "phone", "line", intake=30),
)
HUMAN_RIGHTS = a_desk(
    "human-rights",
    answered(MON_TO_FRI, "10:00-16:00", "phone", intake=30),
    answered(Weekly((3, 4)), "18:00-22:00", "line", intake=30),
    answered(MonthlyWeekday((4,), SUNDAY), "10:00-16:00", "phone", intake=30, holidays=True),
)
SUPPORT = a_desk("support", answered(MON_TO_FRI, "08:30-17:15", "phone", "in-person"))

THIRD_SATURDAY = Opening(
    recurrence=MonthlyWeekday((3,), SATURDAY),
    blocks=(Block(time(9), time(12)),),
    on_holiday="ask",
)
LEGAL = Consultation(
    key="town/lawyer/legal",
    name="弁護士の無料相談",
    allotment="date",
    zone=TOKYO,
    closed_days=CLOSED,
    openings=(THIRD_SATURDAY,),
    slot_minutes=45,
    window=BookingWindow(opens=DaysBefore(180)),
)


def held_at(*openings: Opening, slot_minutes: int = 45, seats: int = 1) -> Consultation:
    """The lawyer's consultation with other openings, slot length or seats."""
    return replace(LEGAL, openings=openings, slot_minutes=slot_minutes, seats=seats)
