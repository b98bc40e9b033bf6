"""Towns as they are: from when and until when a date of fiscal 2026 may be booked, by channel.

Worked out by hand from the sentences in `towns/`; what a session is and when is in `test_towns`.
"""

from datetime import timedelta

import pytest

from slots.availability import Held, Reason, availability
from slots.why import Answer, Why, answer
from slots.window import BookingChannel
from tests.slots.examples import at
from tests.slots.town_files import consultation, session, shown

NOBODY = Held()
PHONE = "0000-00-0000"
SAKAI, KITA = "sakai/sakai-ward/legal", "sakai/kita-ward/legal"
SAGAMIHARA, FUCHU = "sagamihara/citizens/legal", "fuchu/citizens/legal"
SANNOMIYA, AMAGASAKI = "hyogo/sannomiya/legal", "hyogo/amagasaki/legal"
HIMEJI, MAIBARA = "hyogo/himeji/legal", "maibara/citizens/legal"
AYABE, AOMORI, MATSUURA = (
    *("ayabe/citizens/legal", "aomori-bar/centre/legal", "matsuura/office/legal"),
)
WARD, TOURING = "osaka-city/ward/legal", "osaka-city/touring/legal"

OPENS = [
    # 堺: one week before at 9:00, on the working day before where that is closed.
    (SAKAI, "2026-04-28", "2026-04-21 09:00"),
    (SAKAI, "2026-05-12", "2026-05-01 09:00"),  # Tue 5/5, 5/4, 5/3 holidays, Sat 5/2
    (SAKAI, "2026-11-10", "2026-11-02 09:00"),  # Tue 11/3 文化の日
    (KITA, "2026-05-07", "2026-04-30 09:00"),
    (KITA, "2027-01-07", "2026-12-28 09:00"),  # 12/31 to 12/29 年末年始
    # 相模原: two weeks before, the day before where that is closed.
    (SAGAMIHARA, "2026-04-08", "2026-03-25 08:30"),
    (SAGAMIHARA, "2026-05-13", "2026-04-28 08:30"),  # Wed 4/29 昭和の日
    (SAGAMIHARA, "2027-01-13", "2026-12-28 08:30"),  # 12/30, 12/29 年末年始
    # 府中: four weeks before on the same weekday, 8:30; assumed: the next business day.
    (FUCHU, "2026-04-01", "2026-03-04 08:30"),
    (FUCHU, "2026-06-03", "2026-05-07 08:30"),  # Wed 5/6 振替休日
    (FUCHU, "2026-10-21", "2026-09-24 08:30"),  # Wed 9/23 秋分の日
    (FUCHU, "2026-05-23", "2026-04-27 08:30"),  # Saturday
    (FUCHU, "2026-10-24", "2026-09-28 08:30"),  # Saturday
    (FUCHU, "2027-01-23", "2026-12-28 08:30"),  # Saturday
    # 綾部: one week before; assumed: the next business day.
    (AYABE, "2026-05-08", "2026-05-01 08:30"),
    (AYABE, "2027-01-08", "2027-01-04 08:30"),  # Fri 1/1 to Sun 1/3 年末年始
    # 大阪市の区: in the morning of the day itself.
    (WARD, "2026-04-09", "2026-04-09 09:00"),
    # Of which nothing is said: from publication on.
    (MAIBARA, "2026-04-22", None),
    (TOURING, "2026-04-06", None),
]
CLOSES: list[tuple[str, str, BookingChannel, str]] = [
    # 相模原: 17:00 on the eve, whatever the eve is.
    (SAGAMIHARA, "2026-05-13", "phone", "2026-05-12 17:00"),
    (SAGAMIHARA, "2026-08-12", "phone", "2026-08-11 17:00"),
    # 米原: the eve, or the day before that where the eve is a holiday.
    (MAIBARA, "2026-07-22", "phone", "2026-07-21 17:15"),
    (MAIBARA, "2026-11-25", "phone", "2026-11-24 17:15"),
    (MAIBARA, "2027-02-24", "phone", "2027-02-22 17:15"),  # Tue 2/23 天皇誕生日
    (MAIBARA, "2026-09-23", "phone", "2026-09-18 17:15"),  # 9/22, 9/21 holidays, weekend
    # 兵庫: Thursday or Wednesday of the week before, by venue.
    (SANNOMIYA, "2026-05-11", "phone", "2026-05-07 17:00"),
    (SANNOMIYA, "2026-10-19", "phone", "2026-10-15 17:00"),  # shifted from 10/12
    (SANNOMIYA, "2027-01-18", "phone", "2027-01-14 17:00"),  # shifted from 1/11
    (HIMEJI, "2026-05-11", "phone", "2026-05-01 17:00"),  # Wed 5/6 to Sun 5/3 holidays
    (HIMEJI, "2026-11-09", "phone", "2026-11-04 17:00"),
    (AMAGASAKI, "2026-09-29", "phone", "2026-09-18 17:00"),  # Wed 9/23 to Mon 9/21 holidays
    (AMAGASAKI, "2027-03-02", "phone", "2027-02-24 17:00"),  # shifted from 2/23
    # Who walks in at 三宮 comes until the last slot, 14:40, begins.
    (SANNOMIYA, "2026-10-19", "walk-in", "2026-10-19 14:40"),
    # 青森: online two business days ahead, sooner by phone.
    (AOMORI, "2026-05-19", "online", "2026-05-18 00:00"),
    (AOMORI, "2026-07-21", "online", "2026-07-17 00:00"),  # Mon 7/20 海の日
    (AOMORI, "2026-07-21", "phone", "2026-07-17 17:15"),
    (AOMORI, "2027-01-05", "online", "2027-01-04 00:00"),
    (AOMORI, "2027-01-05", "phone", "2027-01-04 17:15"),
    # 松浦: online until 24 hours before the last slot, 14:00, then by phone.
    (MATSUURA, "2026-04-11", "online", "2026-04-10 14:00"),
    (MATSUURA, "2026-04-11", "phone", "2026-04-11 14:00"),
    # 大阪市の区: on the day until the last slot begins.
    (WARD, "2026-04-09", "phone", "2026-04-09 16:30"),
    # Of which nothing is said: the last business day, 17:15.
    (SAKAI, "2027-01-12", "phone", "2027-01-08 17:15"),  # Mon 1/11 成人の日
    (FUCHU, "2026-11-04", "phone", "2026-11-02 17:15"),  # Tue 11/3 文化の日
    (AYABE, "2027-02-12", "phone", "2027-02-10 17:15"),  # Thu 2/11 建国記念の日
    (TOURING, "2026-05-07", "phone", "2026-05-01 17:15"),
    (TOURING, "2027-01-04", "phone", "2026-12-28 17:15"),
    ("toda/net-abuse/legal", "2026-05-01", "phone", "2026-04-30 17:15"),
]


def asked(key: str, slot: str, now: str, channel: BookingChannel) -> Answer:
    """What is said of the slot that begins at `slot` when nobody holds a seat."""
    return answer(consultation(key), at(slot), NOBODY, at(now), channel=channel)


@pytest.mark.parametrize(("key", "day", "opens"), OPENS)
def test_booking_opens_when_the_sentence_says(key: str, day: str, opens: str | None) -> None:
    found = availability(consultation(key), session(key, day), NOBODY, at("2026-03-01 00:00"))

    assert shown(found.opens) == opens


@pytest.mark.parametrize(("key", "day", "channel", "closes"), CLOSES)
def test_booking_closes_when_the_sentence_says(
    key: str, day: str, channel: BookingChannel, closes: str
) -> None:
    now = at("2026-03-01 00:00")
    found = availability(consultation(key), session(key, day), NOBODY, now, channel=channel)

    assert shown(found.closes) == closes


@pytest.mark.parametrize(
    ("key", "slot", "opens"),
    [
        (SAKAI, "2026-05-12 13:00", "2026-05-01 09:00"),
        (SAGAMIHARA, "2026-05-13 13:30", "2026-04-28 08:30"),
        (FUCHU, "2026-10-24 09:30", "2026-09-28 08:30"),
        (AYABE, "2027-01-08 16:10", "2027-01-04 08:30"),
        (WARD, "2026-04-09 13:00", "2026-04-09 09:00"),
    ],
)
def test_a_second_too_early_one_is_told_from_when_on(key: str, slot: str, opens: str) -> None:
    opening = at(opens)
    early = opening - timedelta(seconds=1)

    refused = answer(consultation(key), at(slot), NOBODY, early, channel="phone")

    assert refused == Answer(0, Why(Reason.NOT_OPEN_YET, since=opening))
    assert asked(key, slot, opens, "phone") == Answer(1)


@pytest.mark.parametrize(
    ("key", "slot", "last", "closes"),
    [
        (SAGAMIHARA, "2026-08-12 13:30", "2026-08-11 16:59", "2026-08-11 17:00"),
        (MAIBARA, "2027-02-24 13:30", "2027-02-22 17:14", "2027-02-22 17:15"),
        (SANNOMIYA, "2026-10-19 13:00", "2026-10-15 16:59", "2026-10-15 17:00"),
        (HIMEJI, "2026-05-11 13:00", "2026-05-01 16:59", "2026-05-01 17:00"),
        (AMAGASAKI, "2026-09-29 13:00", "2026-09-18 16:59", "2026-09-18 17:00"),
    ],
)
def test_at_the_moment_of_closing_it_is_closed(key: str, slot: str, last: str, closes: str) -> None:
    assert asked(key, slot, last, "phone") == Answer(1)
    assert asked(key, slot, closes, "phone") == Answer(
        0, Why(Reason.BOOKING_CLOSED, since=at(closes))
    )


def test_in_aomori_thursday_is_the_last_day_online_for_a_tuesday_after_a_holiday() -> None:
    """Friday 7/17 and Tuesday 7/21 are two business days from Thursday 7/16; 7/20 is 海の日."""
    slot = "2026-07-21 13:00"

    assert asked(AOMORI, slot, "2026-07-16 23:59", "online") == Answer(1)
    assert asked(AOMORI, slot, "2026-07-17 00:00", "online") == Answer(
        0, Why(Reason.BOOKING_CLOSED, since=at("2026-07-17 00:00"), phone=PHONE)
    )
    assert asked(AOMORI, slot, "2026-07-17 17:14", "phone") == Answer(1)
    assert asked(AOMORI, slot, "2026-07-17 17:15", "phone").free == 0


def test_in_aomori_a_closed_day_is_no_business_day_ahead() -> None:
    """On Sunday 1/3 both Monday and Tuesday are still ahead; on Monday Tuesday alone is."""
    assert asked(AOMORI, "2027-01-05 13:00", "2027-01-03 12:00", "online") == Answer(1)
    assert asked(AOMORI, "2027-01-05 13:00", "2027-01-04 09:00", "online").free == 0


def test_at_matsuura_24_hours_are_counted_from_each_slot() -> None:
    now = "2026-04-10 11:00"

    late = Why(Reason.TOO_SHORT_NOTICE, since=at("2026-04-10 11:00"), phone=PHONE)
    assert asked(MATSUURA, "2026-04-11 11:00", now, "online") == Answer(0, late)
    assert asked(MATSUURA, "2026-04-11 13:00", now, "online") == Answer(1)
    assert asked(MATSUURA, "2026-04-11 11:00", now, "phone") == Answer(1)


def test_in_hyogo_who_did_not_book_comes_on_the_day_but_not_to_himeji() -> None:
    eve, morning = "2026-06-07 12:00", "2026-06-08 12:30"

    for key in (SANNOMIYA, HIMEJI):
        assert asked(key, "2026-06-08 13:00", morning, "phone").free == 0
    not_yet = Why(Reason.NOT_OPEN_YET, since=at("2026-06-08 00:00"))
    assert asked(SANNOMIYA, "2026-06-08 13:00", eve, "walk-in") == Answer(0, not_yet)
    assert asked(SANNOMIYA, "2026-06-08 13:00", morning, "walk-in") == Answer(1)
    assert asked(HIMEJI, "2026-06-08 13:00", morning, "walk-in") == Answer(
        0, Why(Reason.OTHER_CHANNEL, phone=PHONE)
    )
    taken = Held(1, {at("2026-06-08 13:00"): 1})
    found = answer(
        consultation(SANNOMIYA), at("2026-06-08 13:00"), taken, at(morning), channel="walk-in"
    )
    assert found == Answer(0, Why(Reason.FULL, phone="0000-00-0000"))


def test_what_a_town_takes_by_phone_alone_is_not_booked_online() -> None:
    assert asked(WARD, "2026-04-09 13:00", "2026-04-09 10:00", "online") == Answer(
        0, Why(Reason.OTHER_CHANNEL, phone=PHONE)
    )
    assert asked(WARD, "2026-04-09 13:00", "2026-04-09 10:00", "phone") == Answer(1)
