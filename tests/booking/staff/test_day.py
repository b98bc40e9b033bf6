"""当日: the parties of a day, masked until somebody asks, and what became of them."""

from booking.facts import Kind
from booking.ledger import changes, queries
from tests.support.clerk import Clerk, at_the_console
from tests.support.house import IN_PERSON, INTERVIEW, House

TODAY = "2026-11-24"


def test_todays_parties_stand_by_time_and_masked(house: House, clerk: Clerk) -> None:
    later = house.enter(IN_PERSON, slot=f"{TODAY}T15:00", minutes="45")
    sooner = house.enter(IN_PERSON, slot=f"{TODAY}T13:00", name="髙﨑 花子", phone="090-1234-5678")
    gone = house.enter(IN_PERSON, slot=f"{TODAY}T11:00")
    changes.cancel(house.ledger, gone.id, actor="staff:test", reason="都合")

    page = clerk.get("/staff/day")

    assert "令和8年11月24日（火）" in page
    assert page.index(sooner.reference) < page.index(later.reference)
    assert "15:00–15:45" in page
    assert gone.reference not in page
    assert "髙●" in page
    for personal in ("髙﨑", sooner.contact.phone, "1234-5678", "12345678"):
        assert personal not in page


def test_names_are_shown_on_demand_and_that_is_a_fact(house: House, clerk: Clerk) -> None:
    booking = house.enter(IN_PERSON, slot=f"{TODAY}T13:00", name="髙﨑 花子")

    page = clerk.post("/staff/day", date=TODAY)

    assert "髙﨑 花子" in page
    assert booking.contact.phone not in page
    assert "取扱注意" in page
    kinds = [one.kind for one in queries.history(house.ledger, booking.id)]
    assert kinds[-1] == Kind.VIEWED


def test_the_days_with_bookings_are_one_step_away(house: House, clerk: Clerk) -> None:
    house.enter(IN_PERSON, slot=f"{TODAY}T13:00")
    house.enter(slot="2026-12-19T09:00")

    assert "/staff/day?date=2026-12-19" in clerk.get("/staff/day")
    assert f"/staff/day?date={TODAY}" in clerk.get("/staff/day?date=2026-12-19")
    assert "後の予約はありません" in clerk.page
    assert "この日の予約はありません" in clerk.get("/staff/day?date=2026-12-01")
    assert "令和8年11月24日（火）" in clerk.get("/staff/day?date=nonsense")


def test_buttons_stand_only_where_they_may_be_pressed(house: House, clerk: Clerk) -> None:
    booking = house.enter(IN_PERSON, slot=f"{TODAY}T13:00")
    tomorrow = house.enter(IN_PERSON, slot="2026-11-25T13:00")

    page = clerk.get("/staff/day")
    for action in ("arrive", "done", "no-show"):
        assert f"/staff/bookings/{booking.reference}/{action}" in page
    assert f"{tomorrow.reference}/arrive" not in clerk.get("/staff/day?date=2026-11-25")
    with at_the_console(house, "view", role="viewer") as viewer:
        assert f"{booking.reference}/arrive" not in viewer.get("/staff/day")


def test_another_towns_day_is_not_ours(house: House, clerk: Clerk) -> None:
    theirs = house.enter(INTERVIEW, slot=f"{TODAY}T18:00")

    assert theirs.reference not in clerk.get("/staff/day")
    assert theirs.reference not in clerk.post("/staff/day", date=TODAY)
