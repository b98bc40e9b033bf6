"""What can be booked, or the one reason why not."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from slots.availability import (
    Held,
    Reason,
    SessionAvailability,
    availability,
    nearest_free,
    window_of,
)
from slots.desk import Consultation
from slots.sessions import Session, SessionStatus, session_on
from slots.window import BookingWindow, BusinessDaysBefore, DaysBefore
from tests.slots.examples import LEGAL, THIRD_SATURDAY, at, held_at, on

NOBODY = Held()
WHILE_OPEN = at("2026-11-01 12:00")
STARTS = ("09:00", "09:45", "10:30", "11:15")


def session_of(day: str = "2026-11-21", consultation: Consultation = LEGAL) -> Session:
    found = session_on(consultation, on(day))
    assert found is not None
    return found


def settled(*starts: str, more: int = 0, day: str = "2026-11-21") -> Held:
    """Parties at these times, and `more` without a settled time."""
    by_slot: dict[datetime, int] = {}
    for start in starts:
        by_slot[at(f"{day} {start}")] = by_slot.get(at(f"{day} {start}"), 0) + 1
    return Held(len(starts) + more, by_slot)


def seen(
    held: Held = NOBODY,
    now: datetime = WHILE_OPEN,
    *,
    by_staff: bool = False,
    consultation: Consultation = LEGAL,
    session: Session | None = None,
) -> SessionAvailability:
    """The session of 2026-11-21, unless told otherwise, as it is seen at `now`."""
    session = session or session_of(consultation=consultation)
    return availability(consultation, session, held, now, by_staff=by_staff)


def frees(found: SessionAvailability) -> list[int]:
    return [slot.free for slot in found.slots]


def reasons(found: SessionAvailability) -> list[Reason | None]:
    return [slot.reason for slot in found.slots]


def test_an_empty_session_offers_every_slot() -> None:
    found = seen()

    assert (found.seats, found.free, found.reason, found.bookable) == (4, 4, None, True)
    assert [f"{one.slot.start:%H:%M}" for one in found.slots] == list(STARTS)
    assert all(one.bookable for one in found.slots)


def test_a_party_with_a_settled_time_takes_its_slot_and_one_seat_of_the_session() -> None:
    found = seen(settled("09:45"))

    assert found.free == 3
    assert frees(found) == [1, 0, 1, 1]
    assert reasons(found) == [None, Reason.FULL, None, None]


def test_a_party_without_a_settled_time_takes_from_the_session_but_from_no_certain_slot() -> None:
    found = seen(settled(more=1))

    assert found.free == 3
    assert frees(found) == [1, 1, 1, 1]


def test_parties_without_a_settled_time_may_fill_the_session_while_each_slot_looks_empty() -> None:
    found = seen(settled(more=4))

    assert (found.free, found.reason) == (0, Reason.FULL)
    assert frees(found) == [0, 0, 0, 0]
    assert reasons(found) == [Reason.FULL] * 4


def test_several_seats_a_slot_are_given_out_one_by_one() -> None:
    found = seen(settled("09:00", "09:00", "09:45"), consultation=replace(LEGAL, seats=2))

    assert (found.seats, found.free) == (8, 5)
    assert frees(found) == [0, 1, 2, 2]


def test_the_seats_that_are_free_and_those_that_are_held_are_all_seats() -> None:
    for parties in range(5):
        found = seen(Held(parties))

        assert found.free + parties == found.seats


def test_an_overbooked_session_has_no_negative_seats() -> None:
    found = seen(settled("09:00", "09:00", "09:45", more=2))

    assert (found.free, found.reason) == (0, Reason.FULL)
    assert frees(found) == [0, 0, 0, 0]


def test_held_slots_count_in_whatever_zone_they_are_told() -> None:
    start = at("2026-11-21 09:00").astimezone(UTC)

    assert start.day == 21
    assert frees(seen(Held(1, {start: 1}))) == [0, 1, 1, 1]
    assert seen().slot_at(start) == seen().slots[0]
    assert seen().slot_at(at("2026-11-21 09:10")) is None


def test_booking_for_the_21st_of_march_2026_closes_on_thursday_since_friday_is_a_holiday() -> None:
    closes = at("2026-03-19 17:15")

    assert window_of(LEGAL, on("2026-03-21"))[1] == closes
    session = session_of("2026-03-21")
    assert seen(now=at("2026-03-19 17:14:59"), session=session).reason is None
    assert seen(now=closes, session=session).reason is Reason.BOOKING_CLOSED


def test_booking_opens_at_midnight_in_japan_180_days_ahead() -> None:
    opens = at("2026-05-25 00:00")

    assert seen().opens == opens
    assert seen(now=at("2026-05-24 23:59:59")).reason is Reason.NOT_OPEN_YET
    assert seen(now=opens).reason is None


def test_without_days_before_booking_is_open_from_publication_on() -> None:
    consultation = replace(LEGAL, window=BookingWindow())

    found = seen(now=at("2019-01-01 00:00"), consultation=consultation)

    assert (found.opens, found.reason) == (None, None)


def test_a_window_may_close_on_the_day_itself() -> None:
    window = BookingWindow(closes=BusinessDaysBefore(0, time(8, 30)))
    consultation = replace(LEGAL, window=window)

    assert seen(consultation=consultation).closes == at("2026-11-21 08:30")


def test_a_window_that_is_too_short_opens_when_it_closes() -> None:
    window = BookingWindow(opens=DaysBefore(0))

    opens, closes = window_of(replace(LEGAL, window=window), on("2026-11-21"))

    assert opens == closes == at("2026-11-20 17:15")


@pytest.mark.parametrize(
    ("now", "by_staff", "reason"),
    [
        ("2026-05-01 12:00", False, Reason.NOT_OPEN_YET),
        ("2026-05-01 12:00", True, None),
        ("2026-11-20 18:00", False, Reason.BOOKING_CLOSED),
        ("2026-11-20 18:00", True, None),
        ("2026-11-21 09:30", False, Reason.BOOKING_CLOSED),
        ("2026-11-21 09:30", True, None),
        ("2026-11-21 12:00", False, Reason.PAST),
        ("2026-11-21 12:00", True, Reason.PAST),
    ],
)
def test_staff_are_not_bound_by_the_window_but_by_the_past(
    now: str, by_staff: bool, reason: Reason | None
) -> None:
    assert seen(now=at(now), by_staff=by_staff).reason is reason


def test_a_slot_that_has_begun_is_past_while_later_ones_can_be_had() -> None:
    found = seen(now=at("2026-11-21 09:45"), by_staff=True)

    assert reasons(found) == [Reason.PAST, Reason.PAST, None, None]
    assert found.bookable


def test_a_session_whose_last_slot_has_begun_is_past() -> None:
    found = seen(now=at("2026-11-21 11:15"), by_staff=True)

    assert found.reason is Reason.PAST


def test_slots_of_a_past_session_still_tell_which_seats_nobody_held() -> None:
    found = seen(settled("09:45"), now=at("2026-11-22 09:00"))

    assert frees(found) == [1, 0, 1, 1]
    assert reasons(found) == [Reason.PAST] * 4


def test_while_a_session_runs_the_seats_of_past_slots_help_nobody() -> None:
    """Two parties wait for a time, and two slots are left: there is no seat for a third."""
    found = seen(settled(more=2), now=at("2026-11-21 10:00"), by_staff=True)

    assert found.free == 2
    assert reasons(found) == [Reason.PAST, Reason.PAST, Reason.FULL, Reason.FULL]
    assert found.reason is Reason.FULL


def test_a_session_that_waits_for_a_decision_takes_nobody() -> None:
    session = session_of("2021-03-20")

    for by_staff in (False, True):
        found = seen(now=at("2021-03-01 12:00"), session=session, by_staff=by_staff)
        assert found.reason is Reason.UNDECIDED
        assert reasons(found) == [Reason.UNDECIDED] * 4


def test_a_cancelled_session_takes_nobody_not_even_from_staff() -> None:
    session = replace(session_of(), status="cancelled")

    for by_staff in (False, True):
        assert seen(session=session, by_staff=by_staff).reason is Reason.CLOSURE


def test_a_grid_without_slots_is_no_session() -> None:
    consultation = held_at(THIRD_SATURDAY, slot_minutes=240)

    found = seen(consultation=consultation)

    assert (found.seats, found.reason, found.slots) == (0, Reason.NO_SESSION, ())


EARLY, LATE, OVER = at("2021-01-01 12:00"), at("2021-03-19 18:00"), at("2021-03-21 12:00")


@pytest.mark.parametrize(
    ("status", "now", "window", "reason"),
    [
        ("cancelled", OVER, BookingWindow(), Reason.CLOSURE),
        ("cancelled", EARLY, BookingWindow(opens=DaysBefore(7)), Reason.CLOSURE),
        ("undecided", OVER, BookingWindow(), Reason.UNDECIDED),
        ("undecided", EARLY, BookingWindow(opens=DaysBefore(7)), Reason.UNDECIDED),
        ("planned", OVER, BookingWindow(), Reason.PAST),
        ("planned", EARLY, BookingWindow(opens=DaysBefore(7)), Reason.NOT_OPEN_YET),
        ("planned", LATE, BookingWindow(opens=DaysBefore(7)), Reason.BOOKING_CLOSED),
        ("planned", EARLY, BookingWindow(), Reason.FULL),
    ],
)
def test_of_several_reasons_the_one_that_no_wait_can_change_comes_first(
    status: SessionStatus, now: datetime, window: BookingWindow, reason: Reason
) -> None:
    """Every session here is full as well."""
    consultation = replace(LEGAL, window=window)
    session = replace(session_of("2021-03-20"), status=status)

    found = seen(Held(4), now, consultation=consultation, session=session)

    assert found.reason is reason
    assert set(reasons(found)) == {reason}


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        seen(now=datetime(2026, 11, 1, 12))  # noqa: DTZ001


def test_every_reason_has_a_word_that_programs_can_rely_on() -> None:
    assert [str(reason) for reason in Reason] == [
        *("no-session", "holiday", "closure", "undecided", "past", "other-channel"),
        *("not-open-yet", "booking-closed", "too-short-notice", "full"),
    ]


def test_the_nearest_free_slots_come_nearest_first() -> None:
    december = seen(settled("11:15", day="2026-12-19"), session=session_of("2026-12-19"))
    november = seen(settled("09:45"))

    found = nearest_free([december, november], at("2026-11-21 09:45"), 4)

    assert [f"{one.slot.start:%m-%d %H:%M}" for one in found] == [
        *("11-21 09:00", "11-21 10:30", "11-21 11:15", "12-19 09:00")
    ]


def test_of_two_equally_near_slots_the_earlier_comes_first() -> None:
    december = seen(session=session_of("2026-12-19"))

    (found,) = nearest_free([december, seen()], at("2026-12-05 10:07:30"), 1)

    assert found.slot.start == at("2026-11-21 11:15")


def test_where_a_session_is_full_the_nearest_are_in_the_next_one() -> None:
    december = seen(session=session_of("2026-12-19"))

    found = nearest_free([seen(Held(4)), december], at("2026-11-21 09:45"), 1)

    assert [one.slot.start for one in found] == [at("2026-12-19 09:00")]


def test_nothing_is_near_where_nothing_is_free() -> None:
    assert nearest_free([seen(Held(4))], at("2026-11-21 09:45"), 3) == []
