"""申込: what waits, masked, oldest first, and only one's own."""

from tests.support.clerk import Clerk, at_the_console
from tests.support.house import IN_PERSON, INTERVIEW, House


def test_requests_stand_oldest_first_without_names_or_numbers(house: House, clerk: Clerk) -> None:
    first = house.request(name="髙﨑 花子", kana="たかさき はなこ", phone="090-1234-5678")
    house.clock.move_by(minutes=30)
    second = house.request(IN_PERSON)
    house.clock.move_by(hours=1)

    page = clerk.get("/staff/")

    assert page.index(first.reference) < page.index(second.reference)
    assert "髙●" in page
    assert "1時間前" in page
    assert "12月19日（土） 時間未定" in page
    assert "希望 12月1日（火）" in page
    for personal in ("髙﨑", "花子", "たかさき", "1234-5678", "12345678", "渋川市石原"):
        assert personal not in page


def test_what_is_confirmed_waits_no_longer(house: House, clerk: Clerk) -> None:
    booking = house.request(slot="2026-12-19T09:45+09:00")

    clerk.act(booking.reference, "confirm", how="call")

    assert booking.reference not in clerk.get("/staff/")
    assert "いま待っている申込はありません" in clerk.page


def test_a_town_sees_its_own_requests_only(house: House, clerk: Clerk) -> None:
    ours, theirs = house.request(), house.request(INTERVIEW)

    assert theirs.reference not in clerk.get("/staff/")
    with at_the_console(house, "osaka", organisation="osaka") as other:
        other.get("/staff/")
        assert theirs.reference in other.page
        assert ours.reference not in other.page
    with at_the_console(house, "all", organisation=None) as everybody:
        everybody.get("/staff/")
        assert ours.reference in everybody.page
        assert theirs.reference in everybody.page


def test_two_business_days_are_the_promise(house: House, clerk: Clerk) -> None:
    house.request()
    # Thursday is the second business day after Tuesday.
    house.clock.move_to("2026-11-26 17:00")
    fresh = _signed_in_again(house)
    assert "2営業日をこえています" not in fresh
    house.clock.move_to("2026-11-27 09:00")

    assert "2営業日をこえています" in _signed_in_again(house)


def test_a_request_whose_day_has_passed_stands_out(house: House, clerk: Clerk) -> None:
    house.request(IN_PERSON)
    house.clock.move_to("2026-12-02 09:00")

    assert "日が過ぎています" in _signed_in_again(house)


def _signed_in_again(house: House) -> str:
    with at_the_console(house, f"sato-{house.clock.at.isoformat()}") as clerk:
        return clerk.get("/staff/")
