"""New bookings: what is taken, what is refused and why, and that asking twice makes one."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from booking.errors import (
    AlreadyBooked,
    FieldError,
    Invalid,
    KeyReused,
    NotBookable,
    Refusal,
    SessionFull,
    SlowDown,
    Taken,
)
from booking.facts import Kind
from booking.ledger import queries, requests
from booking.ledger.status import Status
from slots.availability import Reason
from tests.booking.ledger.town import (
    DAILY,
    DAY,
    EXPRESS,
    LEGAL,
    NEXT_DAY,
    NEXT_SATURDAY,
    QUICK,
    SATURDAY,
    STAFF,
    TIMES,
    VISIT,
    a_town,
    at,
    entered,
    party,
)
from tests.support.house import House, tokyo

WISH = {"date": NEXT_DAY, "time_of_day": "morning"}


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A town on a Tuesday morning in November."""
    with a_town(database_url, tmp_path) as found:
        yield found


def rows(house: House) -> dict[str, int]:
    """How many rows each table of a booking's life has."""
    tables = ("bookings", "facts", "facts_unread", "idempotency_keys", "attempt_counts")
    return house.ledger.store.read(
        lambda tx: {one: tx.execute(text(f"SELECT count(*) FROM {one}")).scalar() for one in tables}
    )


def refused(house: House, consultation: str, **asked: Any) -> Refusal:
    """The refusal of a resident's request, which wrote nothing."""
    before = rows(house)
    with pytest.raises(Refusal) as found:
        house.request(consultation, **asked)
    assert rows(house) == before
    return found.value


def kinds(house: House, booking_id: str) -> list[Kind]:
    return [one.kind for one in queries.history(house.ledger, booking_id)]


def test_a_request_holds_its_seat_from_now_on(town: House) -> None:
    booking = town.request(DAILY, slot=at("09:45"))

    assert booking.status is Status.REQUESTED
    assert booking.starts_at == tokyo(f"{DAY} 09:45")
    assert booking.ends_at == tokyo(f"{DAY} 10:30")
    assert booking.time_settled
    assert (booking.revision, booking.channel, booking.confirmed_by) == (1, "online", None)
    assert kinds(town, booking.id) == [Kind.REQUESTED]
    (found,) = queries.availability_between(
        town.ledger, DAILY, booking.starts_at.date(), booking.starts_at.date() + timedelta(days=1)
    )
    assert [one.free for one in found.slots] == [2, 1, 2, 2]


def test_by_date_a_wish_is_a_seat_at_that_time_and_without_one_any_time_may_do(
    town: House,
) -> None:
    wished = town.request(LEGAL, date=SATURDAY, wish="10:30")
    whenever = town.request(LEGAL, date=SATURDAY)

    assert (wished.slot_start, wished.wish) == (tokyo(f"{SATURDAY} 10:30"), "10:30")
    assert wished.time_settled
    assert (whenever.slot_start, whenever.wish, whenever.time_settled) == (None, None, False)
    assert whenever.starts_at == tokyo(f"{SATURDAY} 09:00")
    assert whenever.session == wished.session


def test_arranged_wishes_hold_no_seat_and_no_time(town: House) -> None:
    booking = town.request(VISIT, wishes=[WISH])

    assert booking.status is Status.REQUESTED
    assert (booking.session, booking.starts_at) == (None, None)
    assert len(booking.wishes) == 1
    assert booking.place == "役場"


def test_a_refusal_says_why(town: House) -> None:
    for now, asked, reason in (
        ("2026-11-24 10:00", at(day="2026-12-06"), Reason.NO_SESSION),  # a Sunday
        ("2026-11-24 10:00", at(day="2026-11-23"), Reason.HOLIDAY),
        ("2026-11-24 10:00", at(day="2027-05-24"), Reason.NOT_OPEN_YET),
        ("2026-11-24 10:00", at(day="2099-12-28"), Reason.NOT_OPEN_YET),
        ("2026-11-24 10:00", at(day="2000-01-04"), Reason.PAST),
        ("2026-12-04 17:15", at(), Reason.BOOKING_CLOSED),  # the last business day before
        ("2026-12-07 09:00", at(), Reason.BOOKING_CLOSED),
        ("2026-12-07 12:00", at(), Reason.PAST),
        ("2030-01-01 00:00", at(), Reason.PAST),
    ):
        town.clock.move_to(now)

        refusal = refused(town, DAILY, slot=asked)

        assert isinstance(refusal, NotBookable)
        assert refusal.reason is reason, (now, asked)


def test_a_refusal_says_since_when(town: House) -> None:
    early = refused(town, DAILY, slot=at(day="2027-05-24"))
    town.clock.move_to("2026-12-05 10:00")
    late = refused(town, DAILY, slot=at())

    assert isinstance(early, NotBookable)
    assert early.since == tokyo("2026-11-25 00:00")
    assert isinstance(late, NotBookable)
    assert late.since == tokyo("2026-12-04 17:15")


def test_a_session_on_a_holiday_that_nobody_decided_on_is_not_booked(town: House) -> None:
    town.clock.move_to("2032-03-01 10:00")

    refusal = refused(town, LEGAL, date="2032-03-20")  # 春分の日, a third Saturday

    assert isinstance(refusal, NotBookable)
    assert refusal.reason is Reason.UNDECIDED


def test_a_time_off_the_grid_is_no_slot(town: House) -> None:
    for time in ("09:01", "08:15", "12:00", "00:00", "23:59"):
        for refusal in (
            refused(town, DAILY, slot=at(time)),
            refused(town, LEGAL, date=SATURDAY, wish=time),
        ):
            assert isinstance(refusal, Invalid)
            assert refusal.errors == (FieldError("slot", "not-a-slot"),)


def test_who_comes_too_late_is_offered_the_nearest_free_slots(town: House) -> None:
    for _ in range(2):
        town.request(DAILY, slot=at("09:45"))

    refusal = refused(town, DAILY, slot=at("09:45"))

    assert type(refusal) is Taken
    starts = [one.slot.start for one in refusal.nearest]
    assert starts[:2] == [tokyo(f"{DAY} 09:00"), tokyo(f"{DAY} 10:30")]


def test_a_full_session_says_so(town: House) -> None:
    for time in TIMES:
        town.request(LEGAL, date=SATURDAY, wish=time)

    for asked in ({"wish": "09:45"}, {}):
        refusal = refused(town, LEGAL, date=SATURDAY, **asked)

        assert isinstance(refusal, SessionFull)
        assert refusal.nearest[0].slot.start >= tokyo(f"{NEXT_SATURDAY} 09:00")


def test_the_same_party_is_told_that_it_is_there_already(town: House) -> None:
    """In a second window, an hour later, or when its own seat was the last one."""
    town.request(LEGAL, date=SATURDAY, wish="09:00", **party())

    assert isinstance(refused(town, LEGAL, date=SATURDAY, **party()), AlreadyBooked)
    same_slot = party(name="試験たろう", kana="シケン　タロウ", phone="＋８１９０５５５５０００１")
    assert isinstance(refused(town, LEGAL, date=SATURDAY, wish="09:00", **same_slot), AlreadyBooked)
    town.request(VISIT, wishes=[WISH], **party())
    assert isinstance(refused(town, VISIT, wishes=["2026-12-09"], **party()), AlreadyBooked)


def test_another_party_and_another_session_are_no_second_booking(town: House) -> None:
    town.request(LEGAL, date=SATURDAY, **party())

    town.request(LEGAL, date=SATURDAY, **party(kana="しけん はなこ"))
    town.request(LEGAL, date=SATURDAY, **party(phone="090-5555-0002"))
    town.request(LEGAL, date=NEXT_SATURDAY, **party())
    town.request(QUICK, date=SATURDAY, **party())


def test_staff_may_let_a_party_come_twice(town: House) -> None:
    entered(town, DAILY, slot=at(), **party())
    with pytest.raises(AlreadyBooked):
        entered(town, DAILY, slot=at("09:45"), **party())

    second = entered(town, DAILY, slot=at("09:45"), again=True, **party())

    assert second.status is Status.CONFIRMED
    assert isinstance(refused(town, DAILY, slot=at("10:30"), **party()), AlreadyBooked)


def test_wishes_are_for_days_on_which_somebody_is_there(town: House) -> None:
    for asked, code in (
        ({"date": "2026-12-12"}, "out-of-window"),  # a Saturday
        ({"date": "2026-11-24"}, "out-of-window"),  # today
        ({"date": "2027-12-07"}, "out-of-window"),
        ({"date": "2000-01-04"}, "out-of-window"),
        ({"date": "2099-12-28"}, "out-of-window"),
        ({"date": NEXT_DAY, "time_of_day": "evening"}, "closed"),
    ):
        refusal = refused(town, VISIT, wishes=[asked])

        assert isinstance(refusal, Invalid)
        assert [one.code for one in refusal.errors] == [code], asked


def test_asking_again_under_the_same_key_gives_the_same_booking(town: House) -> None:
    asked = party() | {"slot": at(), "key": "once"}
    first = town.request(DAILY, **asked)
    before = rows(town)

    town.clock.move_to("2027-01-01 10:00")  # it would be refused by now
    again = requests.request(town.ledger, town.application(DAILY, slot=at(), **party()), key="once")

    assert again.replayed
    assert (again.booking.id, again.booking.token) == (first.id, first.token)
    assert rows(town) == before


def test_a_key_is_good_for_one_request_only(town: House) -> None:
    asked = party(slot=at(), key="once")
    town.request(DAILY, **asked)

    for other in (
        {"name": "試験 次郎"},
        {"needs": "車いす"},
        {"slot": at("09:45")},
        {"phone": "090-5555-0002"},
    ):
        assert isinstance(refused(town, DAILY, **asked | other), KeyReused)


def test_a_refused_try_leaves_its_key_free(town: House) -> None:
    """The form is mended and sent again, with the key that it carries."""
    refused(town, DAILY, **party(slot=at("09:01"), key="once"))
    refused(town, DAILY, **party(slot=at(day="2027-12-07"), key="once"))

    assert town.request(DAILY, **party(slot=at(), key="once")).starts_at == tokyo(f"{DAY} 09:00")


def test_a_residents_key_and_one_of_staff_are_not_the_same(town: House) -> None:
    town.request(DAILY, slot=at(), key="once")

    assert entered(town, DAILY, slot=at(), key="once").channel == "phone"


LONG = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(250))


def test_whatever_a_form_sends_as_its_key_is_a_key(town: House) -> None:
    """NUL, half a character, and more than an index of the database holds."""
    for key, time in zip(("\x00", "\ud800", "鍵", LONG), TIMES, strict=True):
        asked = party(slot=at(time), key=key, phone=f"090-5555-0{time.replace(':', '')[1:]}")
        first = town.request(DAILY, **asked)

        assert town.request(DAILY, **asked).id == first.id


def test_one_number_makes_ten_bookings_a_day_and_no_more(town: House) -> None:
    """What staff enter is not counted: they have the caller on the line."""

    def ask(number: int) -> None:
        kana = f"しけん {'あいうえおかきくけこさしすせそ'[number]}"
        town.request(VISIT, wishes=[WISH], phone="090-5555-0001", kana=kana)

    for number in range(10):
        ask(number)
    with pytest.raises(SlowDown) as slow:
        ask(10)
    assert 0 < slow.value.retry_after <= 86_400
    town.request(VISIT, wishes=[WISH], phone="090-5555-0002")
    entered(town, VISIT, wishes=[WISH], phone="090-5555-0001")

    town.clock.move_by(days=1)
    ask(10)


def test_staff_are_not_bound_by_the_window_but_say_why(town: House) -> None:
    town.clock.move_to(f"{DAY} 08:30")
    with pytest.raises(Invalid) as unsaid:
        entered(town, DAILY, slot=at())
    with pytest.raises(Invalid) as too_long:
        entered(town, DAILY, slot=at(), reason="理" * 501)

    booking = entered(town, DAILY, slot=at(), reason=" 急ぎの\x00相談\ud800 ")

    assert unsaid.value.errors == (FieldError("reason", "required"),)
    assert too_long.value.errors == (FieldError("reason", "too-long"),)
    assert booking.reason == "急ぎの相談"
    assert entered(town, DAILY, slot=at(day=NEXT_DAY)).reason is None


def test_staff_cannot_book_what_is_over_or_full_either(town: House) -> None:
    for _ in range(2):
        entered(town, DAILY, slot=at())
    with pytest.raises(Taken):
        entered(town, DAILY, slot=at())
    town.clock.move_to(f"{DAY} 09:45")
    with pytest.raises(NotBookable):
        entered(town, DAILY, slot=at("09:45"), reason="急ぎ")


def test_what_staff_enter_with_a_time_is_confirmed_by_them(town: House) -> None:
    booking = entered(town, DAILY, slot=at(), how="counter")

    assert booking.status is Status.CONFIRMED
    assert (booking.confirmed_by, booking.confirmed_how) == (STAFF, "counter")
    assert booking.confirmed_at == town.clock()
    assert kinds(town, booking.id) == [Kind.REQUESTED, Kind.CONFIRMED]
    assert entered(town, LEGAL, date=SATURDAY).status is Status.REQUESTED
    assert entered(town, VISIT, wishes=[WISH]).status is Status.REQUESTED
    assert entered(town, VISIT, slot=at(), wishes=None).status is Status.CONFIRMED


def test_how_a_caller_was_told_is_one_of_four_words(town: House) -> None:
    """It goes into the log, which names nobody."""
    with pytest.raises(Invalid) as refusal:
        entered(town, DAILY, slot=at(), how="花子さんに電話")

    assert refusal.value.errors == (FieldError("how", "unknown"),)


def test_where_bookings_are_confirmed_at_once_only_a_settled_time_is(town: House) -> None:
    """Nobody can promise a time that is not known."""
    booking = town.request(EXPRESS, slot=at())

    assert booking.status is Status.CONFIRMED
    assert kinds(town, booking.id) == [Kind.REQUESTED, Kind.CONFIRMED]
    assert town.request(QUICK, date=SATURDAY, wish="09:00").status is Status.CONFIRMED
    assert town.request(QUICK, date=SATURDAY).status is Status.REQUESTED
    assert town.request(VISIT, wishes=[WISH]).status is Status.REQUESTED


def test_foreseeing_tells_what_would_be_refused_and_writes_nothing(town: House) -> None:
    free = town.application(DAILY, slot=at())
    requests.foresee(town.ledger, free)
    for _ in range(2):
        town.request(DAILY, slot=at())
    before = rows(town)

    with pytest.raises(Taken) as taken:
        requests.foresee(town.ledger, free)
    with pytest.raises(NotBookable):
        requests.foresee(town.ledger, town.application(DAILY, slot=at(day="2026-12-06")))
    with pytest.raises(Invalid):
        requests.foresee(town.ledger, town.application(VISIT, wishes=["2026-12-12"]))

    assert taken.value.nearest
    assert rows(town) == before
