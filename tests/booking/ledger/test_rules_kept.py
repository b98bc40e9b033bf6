"""What a desk file says of channels, quotas and limits binds every booking."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from booking.errors import (
    BookingsTouched,
    Invalid,
    LimitReached,
    NotBookable,
    SessionFull,
    Taken,
)
from booking.ledger import changes, desk_changes, queries
from slots.availability import Reason
from tests.booking.ledger.town import (
    DAILY,
    DAY,
    LEGAL,
    NEXT_DAY,
    SATURDAY,
    TOWN,
    a_town,
    at,
    entered,
    party,
)
from tests.support.house import House

STAFF = "staff:test"
Town = Callable[[str], AbstractContextManager[House]]
# Behind the head of the daily consultation, whose id stands in the file once.
HEAD = 'id = "daily"\n'
ONE_OPEN = '[[desks.consultations.limits]]\nat_most = 1\nper = "open"\nthen = "refuse"\n'
TABLES = '\n[[desks.consultations]]\nid = "express"\n'


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Town:
    """A town whose daily consultation (two seats a slot, four slots) has more to say."""

    def make(more: str) -> AbstractContextManager[House]:
        at_table = more.startswith("[")
        text = TOWN.replace(TABLES, f"\n{more}{TABLES}") if at_table else ""
        if not at_table:
            text = TOWN.replace(HEAD, f"{HEAD}{more}\n")
        assert text != TOWN
        return a_town(database_url, tmp_path, text)

    return make


def test_what_is_booked_by_phone_only_is_not_booked_online(town: Town) -> None:
    with town('booked_by = ["phone"]') as house:
        with pytest.raises(NotBookable) as refused:
            house.request(DAILY, slot=at())
        assert refused.value.reason is Reason.OTHER_CHANNEL

        entered(house, DAILY, slot=at())


def test_seats_kept_for_the_phone_are_full_online_and_free_on_the_phone(town: Town) -> None:
    with town(
        "[desks.consultations.quotas]\nphone = 6\nreleased_business_days_before = 1\n"
    ) as house:
        for _ in range(2):
            house.request(DAILY, slot=at())
        with pytest.raises(SessionFull):
            house.request(DAILY, slot=at("09:45"))

        entered(house, DAILY, slot=at("09:45"))

        house.clock.move_to("2026-12-04 00:00")  # the Friday before: released
        house.request(DAILY, slot=at("09:45"))


def test_staff_take_a_seat_kept_for_others_only_with_a_reason(town: Town) -> None:
    with town("[desks.consultations.quotas]\nonline = 8\n") as house:
        with pytest.raises(Invalid) as refused:
            entered(house, DAILY, slot=at())
        assert [(one.field, one.code) for one in refused.value.errors] == [("reason", "required")]

        entered(house, DAILY, slot=at(), reason="所長の指示")


def test_each_slot_closes_so_many_hours_before_itself(town: Town) -> None:
    window = "[desks.consultations.window.online]\ncloses_hours_before = 3\n"
    with town(window) as house:
        house.clock.move_to(f"{DAY} 06:00")
        with pytest.raises(NotBookable) as refused:
            house.request(DAILY, slot=at("09:00"))
        assert refused.value.reason is Reason.TOO_SHORT_NOTICE
        house.request(DAILY, slot=at("09:45"))

        house.clock.move_to(f"{DAY} 08:15")
        with pytest.raises(NotBookable) as refused:
            house.request(DAILY, slot=at("11:15"))
        assert refused.value.reason is Reason.BOOKING_CLOSED


def test_a_party_with_an_open_booking_waits_until_it_is_over(town: Town) -> None:
    with town(ONE_OPEN) as house:
        first = house.request(DAILY, slot=at(), **party())
        with pytest.raises(LimitReached):
            house.request(DAILY, slot=at(day=NEXT_DAY), **party())
        house.request(DAILY, slot=at(day=NEXT_DAY), **party(phone="090-5555-0002"))
        # The limit is this consultation's own.
        house.request(LEGAL, date=SATURDAY, **party())

        changes.cancel(house.ledger, first.id, actor="resident")
        house.request(DAILY, slot=at(day=NEXT_DAY), **party())


def test_staff_go_beyond_a_limit_with_a_reason(town: Town) -> None:
    with town(ONE_OPEN) as house:
        house.request(DAILY, slot=at(), **party())
        with pytest.raises(Invalid) as refused:
            entered(house, DAILY, slot=at(day=NEXT_DAY), **party())
        assert [(one.field, one.code) for one in refused.value.errors] == [("reason", "limit")]

        entered(house, DAILY, slot=at(day=NEXT_DAY), reason="急ぎのため", **party())


def test_a_limit_that_warns_lets_in_and_is_written_down(town: Town) -> None:
    with town(ONE_OPEN.replace("refuse", "warn")) as house:
        house.request(DAILY, slot=at(), **party())

        second = house.request(DAILY, slot=at(day=NEXT_DAY), **party())

        (fact, *_) = queries.history(house.ledger, second.id)
        assert fact.data["beyond"] == "open"


@pytest.mark.parametrize("scope", ["desk", "organisation"])
def test_a_wider_limit_counts_the_neighbours(town: Town, scope: str) -> None:
    with town(f'{ONE_OPEN}scope = "{scope}"\n') as house:
        house.request(LEGAL, date=SATURDAY, **party())

        with pytest.raises(LimitReached):
            house.request(DAILY, slot=at(), **party())


def test_a_fiscal_year_ends_on_the_last_of_march(town: Town) -> None:
    limit = ONE_OPEN.replace('"open"', '"fiscal_year"')
    with town(limit) as house:
        house.clock.move_to("2027-03-01 10:00")
        house.request(DAILY, slot=at(day="2027-03-31"), **party())
        with pytest.raises(LimitReached):
            house.request(DAILY, slot=at(day="2027-03-30"), **party())

        house.request(DAILY, slot=at(day="2027-04-01"), **party())


def test_the_page_says_it_in_the_desks_own_words(town: Town) -> None:
    said = "前のご相談が済んでからお申し込みください。"
    fields = {**party(), "slot": at(day=NEXT_DAY), "residence": "試験町", "act": "send"}
    with town(f'{ONE_OPEN}text = "{said}"\n') as house, house.client() as client:
        house.request(DAILY, slot=at(), **party())

        answer = client.post(
            f"/{DAILY}/book", data=fields, headers={"Origin": "http://127.0.0.1:8000"}
        )

    assert answer.status_code == 409
    assert said in answer.text


def test_a_limit_per_matter_only_warns_since_nobody_is_asked_for_the_matter(town: Town) -> None:
    with town(ONE_OPEN.replace('"open"', '"matter"')) as house:
        house.request(DAILY, slot=at(), **party())

        second = house.request(DAILY, slot=at(day=NEXT_DAY), **party())

        (fact, *_) = queries.history(house.ledger, second.id)
        assert fact.data["beyond"] == "matter"


def test_an_absence_names_those_who_lose_the_last_seats(town: Town) -> None:
    with town('roster = ["甲", "乙"]') as house:
        first, second = (house.request(DAILY, slot=at()) for _ in range(2))
        alone = house.request(DAILY, slot=at("09:45"))

        with pytest.raises(BookingsTouched) as refused:
            desk_changes.make(
                house.ledger, DAILY, "absences", {"who": "乙", "first": DAY}, actor=STAFF
            )

        assert refused.value.lost == (second.reference,)
        assert first.reference not in refused.value.follow
        desk_changes.make(
            house.ledger,
            DAILY,
            "absences",
            {"who": "乙", "first": DAY},
            actor=STAFF,
            bookings_do="keep",
        )
        with pytest.raises(Taken):
            house.request(DAILY, slot=at("09:45"))
        assert queries.by_id(house.ledger, alone.id).status is alone.status


def test_staff_may_settle_that_a_holiday_is_worked(town: Town) -> None:
    coming_of_age = "2027-01-11"
    with town('booked_by = ["online", "phone"]') as house:
        with pytest.raises(NotBookable) as refused:
            house.request(DAILY, slot=at(day=coming_of_age))
        assert refused.value.reason is Reason.HOLIDAY

        settled = {"session": coming_of_age, "text": "成人の日も開催します。"}
        desk_changes.make(house.ledger, DAILY, "settled_sessions", settled, actor=STAFF)

        assert house.request(DAILY, slot=at(day=coming_of_age)).starts_at is not None
