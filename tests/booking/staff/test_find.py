"""検索: by number, phone or reading, whole and never in an address."""

from tests.support.clerk import Clerk
from tests.support.house import IN_PERSON, INTERVIEW, House

PARTY = {"name": "髙﨑 花子", "kana": "たかさき はなこ", "phone": "0279-22-2130"}


TYPED = (
    "たかさきはなこ",
    "タカサキ　ハナコ",
    "ﾀｶｻｷﾊﾅｺ",
    "0279-22-2130",
    "０２７９（２２）２１３０",
    "22-2130",
)


def test_a_party_is_found_however_it_is_typed(house: House, clerk: Clerk) -> None:
    first, second = house.request(**PARTY), house.request(IN_PERSON, **PARTY)
    stranger = house.request()

    for typed in TYPED:
        page = clerk.post("/staff/find", query=typed)

        assert first.reference in page
        assert second.reference in page
        assert stranger.reference not in page
        assert "髙●" in page
        assert "髙﨑" not in page


def test_a_number_leads_to_its_booking(house: House, clerk: Clerk) -> None:
    booking = house.request()
    spoken = booking.reference.replace("-", "　").translate(
        str.maketrans("0123456789", "０１２３４５６７８９")
    )

    clerk.post("/staff/find", query=spoken)

    assert clerk.location == f"/staff/bookings/{booking.reference}"


def test_another_towns_party_is_not_found(house: House, clerk: Clerk) -> None:
    theirs = house.request(INTERVIEW, **PARTY)

    for typed in (theirs.reference, "たかさき はなこ", PARTY["phone"]):
        page = clerk.post("/staff/find", query=typed)
        assert clerk.status == 200
        assert "当てはまる予約はありません" in page


def test_what_cannot_be_searched_says_what_can(clerk: Clerk) -> None:
    for typed, said in (("", "どれかを"), ("髙﨑", "ふりがなで"), ("12", "8桁")):
        page = clerk.post("/staff/find", query=typed)

        assert clerk.status == 422
        assert said in page
        assert f'value="{typed}"' in page
