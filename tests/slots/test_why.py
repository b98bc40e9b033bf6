"""For any instant and channel: the free seats, or the one reason that decides and how to go on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from slots.availability import Held, Reason, availability
from slots.changes import Closure, MovedSession
from slots.desk import Consultation, Quotas
from slots.holidays import ClosedDays
from slots.sessions import session_on
from slots.why import Answer, Why, answer, why
from slots.window import (
    BookingChannel,
    BookingWindow,
    BusinessDaysBefore,
    ChannelWindow,
    DaysBefore,
    HoursBefore,
)
from tests.slots.examples import LEGAL, THIRD_SATURDAY, at, held_at, on

PHONE = "0279-25-8526"
# 2026-11-21: four slots from 9:00; booked online and by phone from 25 May until Friday 17:15.
PHONED = replace(LEGAL, phone=PHONE)
WALKED = replace(PHONED, booked_by=("online", "phone", "walk-in"))
OPEN = "2026-11-01 12:00"
NOBODY = Held()


def asked(
    slot: str = "2026-11-21 09:45",
    now: str = OPEN,
    channel: BookingChannel = "online",
    held: Held = NOBODY,
    of: Consultation = PHONED,
) -> Answer:
    return answer(of, at(slot), held, at(now), channel=channel)


def parties(*starts: str, more: int = 0, by_channel: Mapping[str, int] | None = None) -> Held:
    """Parties at these times of 2026-11-21, and `more` without a settled time."""
    by_slot: dict[datetime, int] = {}
    for start in starts:
        instant = at(f"2026-11-21 {start}")
        by_slot[instant] = by_slot.get(instant, 0) + 1
    return Held(len(starts) + more, by_slot, by_channel or {})


def closed_by(*closures: Closure) -> Consultation:
    return replace(PHONED, changes=closures)


def of_session(
    consultation: Consultation, now: str, *, by_staff: bool = False, held: Held = NOBODY
) -> Why | None:
    """Why nothing of the session of 2026-11-21 can be booked online, or by staff."""
    session = session_on(consultation, on("2026-11-21"))
    assert session is not None
    found = availability(consultation, session, held, at(now), by_staff=by_staff)
    return why(consultation, found)


def test_a_free_slot_tells_how_many_parties_it_still_takes() -> None:
    two_rooms = replace(PHONED, seats=2)

    assert asked() == Answer(1)
    assert asked(of=two_rooms) == Answer(2)
    assert asked(of=two_rooms, held=parties("09:45")) == Answer(1)
    assert asked(of=two_rooms, held=parties("09:00", "09:00")) == Answer(2)


def test_an_instant_means_the_same_slot_in_whatever_zone_it_is_told() -> None:
    in_utc = at("2026-11-21 09:00").astimezone(UTC)
    evening = in_utc.astimezone(timezone(timedelta(hours=-8)))

    assert (in_utc.hour, evening.day) == (0, 20)
    assert answer(PHONED, in_utc, NOBODY, at(OPEN)) == Answer(1)
    assert answer(PHONED, evening, NOBODY, at(OPEN)) == Answer(1)


@pytest.mark.parametrize(
    ("slot", "what"),
    [
        ("2026-11-14 09:00", "a second Saturday"),
        ("2026-11-21 09:10", "between two slots"),
        ("2026-11-21 12:00", "the end of the session"),
        ("2026-11-21 00:00", "midnight of its day"),
    ],
)
def test_where_no_slot_begins_there_is_no_session(slot: str, what: str) -> None:
    assert asked(slot) == Answer(0, Why(Reason.NO_SESSION)), what


def test_a_holiday_that_leaves_a_session_out_is_named() -> None:
    skips = held_at(replace(THIRD_SATURDAY, on_holiday="skip"))

    found = asked("2021-03-20 09:00", "2021-03-01 12:00", of=skips)

    assert found == Answer(0, Why(Reason.HOLIDAY, text="春分の日"))


def test_an_undecided_session_names_the_holiday() -> None:
    found = asked("2021-03-20 09:00", "2021-03-01 12:00")

    assert found == Answer(0, Why(Reason.UNDECIDED, text="春分の日"))


def test_a_closure_is_told_in_its_public_words() -> None:
    day = on("2026-11-21")
    whole = closed_by(Closure(first=day, last=day, text="庁舎点検"))
    slot = closed_by(Closure(first=day, last=day, start=time(9, 45), end=time(10), text="裁判"))

    assert asked(of=whole) == Answer(0, Why(Reason.CLOSURE, text="庁舎点検"))
    assert asked(of=slot) == Answer(0, Why(Reason.CLOSURE, text="裁判"))
    assert asked("2026-11-21 10:30", of=slot) == Answer(1)
    assert of_session(whole, OPEN) == Why(Reason.CLOSURE, text="庁舎点検")
    assert of_session(slot, OPEN) is None


def test_a_closure_without_words_tells_none() -> None:
    day = on("2026-11-21")

    assert asked(of=closed_by(Closure(first=day, last=day))) == Answer(0, Why(Reason.CLOSURE))


def test_a_session_whose_every_slot_is_touched_tells_the_closure_too() -> None:
    """Half an hour in the middle of each slot leaves rests, but no slot."""
    day = on("2026-11-21")
    most = Closure(first=day, last=day, start=time(9, 15), end=time(11, 45), text="停電")

    assert of_session(closed_by(most), OPEN) == Why(Reason.CLOSURE, text="停電")


def test_a_moved_session_tells_its_words_and_its_new_day() -> None:
    move = MovedSession(session=on("2026-11-21"), to=on("2026-11-28"), text="28日に変更")
    consultation = replace(PHONED, changes=(move,))

    assert asked(of=consultation) == Answer(
        0, Why(Reason.CLOSURE, text="28日に変更", moved_to=on("2026-11-28"))
    )
    assert asked("2026-11-28 09:45", of=consultation) == Answer(1)


def test_what_is_over_is_past_for_every_channel() -> None:
    channels: tuple[BookingChannel, ...] = ("online", "phone", "walk-in")
    for channel in channels:
        found = asked(now="2026-11-21 12:00", channel=channel, of=WALKED)
        assert found == Answer(0, Why(Reason.PAST))


def test_who_asks_by_a_channel_that_does_not_book_is_given_the_telephone() -> None:
    by_phone = replace(PHONED, booked_by=("phone",))

    assert asked(of=by_phone) == Answer(0, Why(Reason.OTHER_CHANNEL, phone=PHONE))
    assert asked(of=by_phone, channel="phone") == Answer(1)
    assert asked(of=by_phone, channel="walk-in").why == Why(Reason.OTHER_CHANNEL, phone=PHONE)


def test_who_is_on_the_telephone_already_is_not_sent_to_it() -> None:
    online = replace(PHONED, booked_by=("online",))

    assert asked(of=online, channel="phone") == Answer(0, Why(Reason.OTHER_CHANNEL))
    closed = asked(now="2026-11-20 17:15", channel="phone")
    assert closed.why == Why(Reason.BOOKING_CLOSED, since=at("2026-11-20 17:15"))


def test_a_desk_without_a_number_gives_none() -> None:
    assert asked(now="2026-11-20 18:00", of=LEGAL).why == Why(
        Reason.BOOKING_CLOSED, since=at("2026-11-20 17:15")
    )


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ("2026-05-24 23:59:59", Why(Reason.NOT_OPEN_YET, since=at("2026-05-25 00:00"))),
        ("2026-05-25 00:00", None),
        ("2026-11-20 17:14:59", None),
        (
            "2026-11-20 17:15",
            Why(Reason.BOOKING_CLOSED, since=at("2026-11-20 17:15"), phone=PHONE),
        ),
        (
            "2026-11-21 11:59",
            Why(Reason.BOOKING_CLOSED, since=at("2026-11-20 17:15"), phone=PHONE),
        ),
        ("2026-11-21 12:00", Why(Reason.PAST)),
    ],
)
def test_booking_opens_closes_and_is_over_at_the_very_moment(now: str, reason: Why | None) -> None:
    assert asked("2026-11-21 11:15", now).why == reason
    assert of_session(PHONED, now) == reason


def test_a_full_slot_tells_whether_there_is_a_waiting_list() -> None:
    waits = replace(PHONED, waiting_list=True)

    assert asked(held=parties("09:45")) == Answer(0, Why(Reason.FULL, phone=PHONE))
    assert asked(held=parties("09:45"), of=waits).why == Why(
        Reason.FULL, phone=PHONE, waiting_list=True
    )
    assert asked("2026-11-21 10:30", held=parties("09:45"), of=waits) == Answer(1)
    assert asked(held=parties(more=4)) == Answer(0, Why(Reason.FULL, phone=PHONE))


PER_CHANNEL = replace(
    WALKED,
    window=BookingWindow(
        opens=DaysBefore(28, time(8, 30)),
        channels={"phone": ChannelWindow(DaysBefore(21, time(8, 30)), HoursBefore(24))},
    ),
)


@pytest.mark.parametrize(
    ("now", "online", "phone", "walk_in"),
    [
        ("2026-10-24 08:29", Reason.NOT_OPEN_YET, Reason.NOT_OPEN_YET, Reason.NOT_OPEN_YET),
        ("2026-10-24 08:30", None, Reason.NOT_OPEN_YET, Reason.NOT_OPEN_YET),
        ("2026-10-31 08:30", None, None, Reason.NOT_OPEN_YET),
        ("2026-11-20 09:45", None, Reason.TOO_SHORT_NOTICE, Reason.NOT_OPEN_YET),
        ("2026-11-20 11:15", None, Reason.BOOKING_CLOSED, Reason.NOT_OPEN_YET),
        ("2026-11-20 17:15", Reason.BOOKING_CLOSED, Reason.BOOKING_CLOSED, Reason.NOT_OPEN_YET),
        ("2026-11-21 00:00", Reason.BOOKING_CLOSED, Reason.BOOKING_CLOSED, None),
        ("2026-11-21 09:44", Reason.BOOKING_CLOSED, Reason.BOOKING_CLOSED, None),
        ("2026-11-21 09:45", Reason.BOOKING_CLOSED, Reason.BOOKING_CLOSED, Reason.PAST),
        ("2026-11-21 12:00", Reason.PAST, Reason.PAST, Reason.PAST),
    ],
)
def test_each_channel_has_its_own_window(
    now: str, online: Reason | None, phone: Reason | None, walk_in: Reason | None
) -> None:
    """Asked for 9:45. Who walks in comes on the day, as long as the slot has not begun."""
    found = {
        channel: asked(now=now, channel=channel, of=PER_CHANNEL).why
        for channel in PER_CHANNEL.booked_by
    }

    reasons = {channel: one.reason if one else None for channel, one in found.items()}
    assert reasons == {"online": online, "phone": phone, "walk-in": walk_in}


def test_who_walks_in_too_early_is_told_the_day() -> None:
    found = asked(channel="walk-in", of=PER_CHANNEL).why

    assert found == Why(Reason.NOT_OPEN_YET, since=at("2026-11-21 00:00"))


TWO_HOURS = replace(PHONED, window=BookingWindow(closes=HoursBefore(2)))


@pytest.mark.parametrize(
    ("now", "reasons"),
    [
        ("06:59", [None, None, None, None]),
        ("07:00", [Reason.TOO_SHORT_NOTICE, None, None, None]),
        ("07:45", [Reason.TOO_SHORT_NOTICE, Reason.TOO_SHORT_NOTICE, None, None]),
        ("09:00", [Reason.PAST, Reason.TOO_SHORT_NOTICE, Reason.TOO_SHORT_NOTICE, None]),
        ("09:15", [Reason.BOOKING_CLOSED] * 4),
        ("12:00", [Reason.PAST] * 4),
    ],
)
def test_where_hours_count_each_slot_closes_by_itself_and_the_last_closes_all(
    now: str, reasons: list[Reason | None]
) -> None:
    starts = ("09:00", "09:45", "10:30", "11:15")

    found = [asked(f"2026-11-21 {one}", f"2026-11-21 {now}", of=TWO_HOURS).why for one in starts]

    assert [one.reason if one else None for one in found] == reasons
    whole = of_session(TWO_HOURS, f"2026-11-21 {now}")
    assert (whole.reason if whole else None) == reasons[-1]


def test_too_short_a_notice_tells_since_when_and_whom_to_call() -> None:
    found = asked("2026-11-21 09:00", "2026-11-21 07:30", of=TWO_HOURS).why

    assert found == Why(Reason.TOO_SHORT_NOTICE, since=at("2026-11-21 07:00"), phone=PHONE)


def test_where_hours_count_each_slot_opens_by_itself() -> None:
    """24 hours before 9:00 one may book it, though 11:15 of the same day opens later."""
    window = BookingWindow(opens=HoursBefore(24), closes=HoursBefore(0))
    consultation = replace(PHONED, window=window)
    day_before = "2026-11-20 09:00"

    early = asked("2026-11-21 09:00", "2026-11-20 08:59", of=consultation)
    assert early == Answer(0, Why(Reason.NOT_OPEN_YET, since=at(day_before)))
    assert asked("2026-11-21 09:00", day_before, of=consultation) == Answer(1)
    late = asked("2026-11-21 11:15", day_before, of=consultation)
    assert late == Answer(0, Why(Reason.NOT_OPEN_YET, since=at("2026-11-20 11:15")))
    assert of_session(consultation, day_before) is None
    assert asked("2026-11-21 11:15", "2026-11-20 11:15", of=consultation) == Answer(1)


# Of four seats two are kept for the telephone and one for who walks in, until Wednesday 9:00.
SHARED = replace(WALKED, quotas=Quotas({"phone": 2, "walk-in": 1}, BusinessDaysBefore(3, time(9))))
BEFORE, RELEASED = "2026-11-18 08:59", "2026-11-18 09:00"


@pytest.mark.parametrize(
    ("came", "now", "online", "phone"),
    [
        ({}, BEFORE, True, True),
        ({"online": 1}, BEFORE, False, True),
        ({"online": 1, "phone": 1}, BEFORE, False, True),
        ({"online": 1, "phone": 2}, BEFORE, False, False),  # the last waits for who walks in
        ({"phone": 2}, BEFORE, True, True),
        ({"phone": 3}, BEFORE, False, False),
        ({"phone": 2, "walk-in": 1}, BEFORE, True, True),
        ({"online": 1}, RELEASED, True, True),
        ({"online": 3}, RELEASED, True, True),
        ({"online": 1, "phone": 2}, RELEASED, True, True),
        ({"online": 2, "phone": 2}, RELEASED, False, False),
    ],
)
def test_seats_are_kept_for_a_channel_until_they_are_released(
    came: dict[str, int], now: str, online: bool, phone: bool
) -> None:
    starts = ("09:00", "09:45", "10:30", "11:15")
    held = parties(*starts[: sum(came.values())], by_channel=came)
    found = {
        channel: [asked(f"2026-11-21 {one}", now, channel, held, SHARED).free for one in starts]
        for channel in SHARED.booked_by
    }

    assert (sum(found["online"]) > 0, sum(found["phone"]) > 0) == (online, phone)


def test_who_gets_none_of_the_kept_seats_is_told_that_it_is_full() -> None:
    held = parties("09:00", by_channel={"online": 1})

    assert asked(now=BEFORE, held=held, of=SHARED) == Answer(0, Why(Reason.FULL, phone=PHONE))
    assert asked(now=RELEASED, held=held, of=SHARED) == Answer(1)


def test_seats_that_are_never_released_are_kept_to_the_end() -> None:
    kept = replace(WALKED, quotas=Quotas({"walk-in": 1}))
    held = parties("09:00", "09:45", "10:30", by_channel={"online": 3})

    assert asked("2026-11-21 11:15", "2026-11-20 17:00", held=held, of=kept).free == 0
    walks_in = asked("2026-11-21 11:15", "2026-11-21 11:00", "walk-in", held, kept)
    assert walks_in == Answer(1)


@pytest.mark.parametrize(
    ("now", "online", "staff"),
    [
        ("2026-05-01 12:00", Reason.NOT_OPEN_YET, None),
        ("2026-11-20 17:15", Reason.BOOKING_CLOSED, None),
        ("2026-11-21 11:00", Reason.BOOKING_CLOSED, None),
        ("2026-11-21 12:00", Reason.PAST, Reason.PAST),
    ],
)
def test_staff_may_go_beyond_the_window_but_not_back_in_time(
    now: str, online: Reason, staff: Reason | None
) -> None:
    found = [of_session(PHONED, now, by_staff=by_staff) for by_staff in (False, True)]

    assert [one.reason if one else None for one in found] == [online, staff]


def test_staff_may_give_away_kept_seats_and_book_at_short_notice_by_any_channel() -> None:
    held = parties("09:00", by_channel={"online": 1})
    by_phone = replace(PHONED, booked_by=("phone",))

    assert of_session(SHARED, BEFORE, held=held) == Why(Reason.FULL, phone=PHONE)
    assert of_session(SHARED, BEFORE, held=held, by_staff=True) is None
    assert of_session(TWO_HOURS, "2026-11-21 10:00", by_staff=True) is None
    assert of_session(by_phone, OPEN, by_staff=True) is None


def test_staff_have_no_seat_where_there_is_none() -> None:
    day = on("2026-11-21")
    closed = closed_by(Closure(first=day, last=day, text="庁舎点検"))
    undecided = replace(PHONED, closed_days=ClosedDays(local={day: "市民の日"}))

    assert of_session(closed, OPEN, by_staff=True) == Why(Reason.CLOSURE, text="庁舎点検")
    assert of_session(undecided, OPEN, by_staff=True) == Why(Reason.UNDECIDED, text="市民の日")
    assert of_session(PHONED, OPEN, by_staff=True, held=parties(more=4)) == Why(
        Reason.FULL, phone=PHONE
    )
