"""電話受付: from the first word to the number that is read aloud."""

from typing import Any

from booking.ledger import queries
from booking.ledger.booking import Booking
from booking.ledger.status import Status
from tests.support.clerk import Clerk, at_the_console
from tests.support.house import EXPERT, IN_PERSON, INTERVIEW, LEGAL, House, tokyo

NINE, QUARTER_TO_TEN = "2026-12-19T09:00:00+09:00", "2026-12-19T09:45:00+09:00"
CALLER = {
    "kana": "ﾀｶｻｷ ﾊﾅｺ",
    "name": "髙﨑 花子",
    "phone": "０９０ー１２３４ー５６７８",
    "residence": "渋川市石原",
}


def _call(clerk: Clerk, do: str = "enter", consultation: str = LEGAL, **fields: Any) -> str:
    clerk.get(f"/staff/phone?consultation={consultation}")
    key = clerk.hidden("idempotency_key")
    sent = {"do": do, "consultation": consultation, "idempotency_key": key, **CALLER, **fields}
    return clerk.post("/staff/phone", **sent)


def _entered(house: House, clerk: Clerk) -> Booking:
    assert clerk.status == 303, clerk.page
    return queries.by_reference(house.ledger, clerk.location.split("/")[-1].split("?")[0])


def test_the_page_shows_the_script_and_three_sessions(house: House, clerk: Clerk) -> None:
    house.request(slot=NINE, name="髙﨑 花子")

    page = clerk.get("/staff/phone")

    assert "伺います。ご予約のためだけに使います。" in page
    for day in ("令和8年12月19日（土）", "令和9年1月16日（土）", "令和9年2月20日（土）"):
        assert day in page
    assert "令和9年3月20日（土）" not in page
    assert "あと25日" in page
    assert "受付は12月18日（金）17:15まで" in page
    assert f'value="{NINE}"' not in page
    assert f'value="{QUARTER_TO_TEN}"' in page
    assert "髙﨑" not in page


def test_a_call_ends_with_a_confirmed_booking_and_its_number(house: House, clerk: Clerk) -> None:
    _call(clerk, slot=NINE)

    found = _entered(house, clerk)
    assert (found.status, found.starts_at) == (Status.CONFIRMED, tokyo("2026-12-19 09:00"))
    assert found.contact.kana == "たかさき はなこ"
    assert found.contact.phone == "090-1234-5678"
    assert (found.channel, found.confirmed_how) == ("phone", "call")
    assert f"受付番号 {found.reference} をお伝えください" in clerk.follow()
    assert "次の電話を受ける" in clerk.page


def test_checking_reads_back_and_keeps_nothing(house: House, clerk: Clerk) -> None:
    page = _call(clerk, "check", slot=NINE)

    assert clerk.status == 200
    assert "「髙﨑 花子様、<b>令和8年12月19日（土）午前9時</b>から45分、渋川市役所本庁舎" in page
    assert "090-1234-5678" in page
    assert 'value="enter" data-enter autofocus' in page
    assert queries.on_day(house.ledger, tokyo(NINE[:10]).date()) == []


def test_what_changed_after_the_read_back_is_read_back_again(house: House, clerk: Clerk) -> None:
    _call(clerk, "check", slot=NINE)
    read = clerk.hidden("read")

    page = _call(clerk, slot=QUARTER_TO_TEN, read=read)

    assert clerk.status == 200
    assert "午前9時45分" in page
    _call(clerk, slot=NINE, read=read)
    assert _entered(house, clerk).starts_at == tokyo("2026-12-19 09:00")


def test_a_day_without_a_time_is_taken_as_a_request(house: House, clerk: Clerk) -> None:
    _call(clerk, slot="day:2026-12-19")

    found = _entered(house, clerk)
    assert (found.status, found.time_settled) == (Status.REQUESTED, False)
    assert "申込として受け付けました" in clerk.follow()


def test_what_is_missing_is_named_and_what_was_typed_stays(clerk: Clerk) -> None:
    page = _call(clerk, "check", phone="25", kana="高崎", needs="車いす")

    assert clerk.status == 422
    assert "電話番号を市外局番から入力してください" in page
    assert "ふりがなは、ひらがなで入力してください" in page
    assert "時間を選んでください" in page
    for typed in ("髙﨑 花子", "車いす", "渋川市石原"):
        assert f'value="{typed}"' in page


def test_a_local_number_gets_the_desks_area_code(house: House, clerk: Clerk) -> None:
    _call(clerk, slot=NINE, phone="22-2130")

    assert _entered(house, clerk).contact.phone == "0279-22-2130"


def test_earlier_bookings_are_shown_before_a_time_is_chosen(house: House, clerk: Clerk) -> None:
    earlier = house.request(IN_PERSON, kana="たかさき はなこ")

    page = _call(clerk, "look-up", name="", slot="")

    assert clerk.status == 200
    assert "以前の予約 1件（今年度 1件）" in page
    assert earlier.reference in page
    assert 'id="error-summary"' not in page
    assert "同じ電話番号・ふりがなの予約はありません" in _call(clerk, "look-up", kana="べつ")


def test_a_second_booking_of_a_party_has_to_be_meant(house: House, clerk: Clerk) -> None:
    _call(clerk, slot=NINE)
    page = _call(clerk, "check", slot=QUARTER_TO_TEN)
    assert "同じ方の予約がもうあります" in page
    assert 'value="enter" data-enter autofocus' not in page

    _call(clerk, slot=QUARTER_TO_TEN)
    assert clerk.status == 409
    _call(clerk, slot=QUARTER_TO_TEN, again="1")

    assert _entered(house, clerk).starts_at == tokyo("2026-12-19 09:45")


def test_a_slot_that_went_to_somebody_else_is_named(house: House, clerk: Clerk) -> None:
    clerk.get("/staff/phone")
    house.request(slot=NINE)

    page = _call(clerk, slot=NINE)

    assert clerk.status == 409
    assert "令和8年12月19日（土）午前9時の枠は、ほかの予約が先に入りました" in page
    assert 'value="髙﨑 花子"' in page
    assert f'value="{NINE}"' not in page


def test_outside_the_booking_window_staff_say_why(house: House, clerk: Clerk) -> None:
    house.clock.move_to("2026-12-18 17:30")
    with _again(house) as clerk:
        page = clerk.get("/staff/phone")
        assert "受付は終わりました" in page
        assert "受付期間の外で受ける理由" in page
        _call(clerk, slot=NINE)
        assert clerk.status == 422
        assert "理由を入力してください" in clerk.page
        _call(clerk, slot=NINE, reason="お急ぎのため")

        assert _entered(house, clerk).reason == "お急ぎのため"


def test_sending_a_call_twice_makes_one_booking(house: House, clerk: Clerk) -> None:
    clerk.get("/staff/phone")
    sent = {"do": "enter", "consultation": LEGAL, "slot": NINE, **CALLER}
    sent["idempotency_key"] = clerk.hidden("idempotency_key")

    clerk.post("/staff/phone", **sent)
    first = clerk.location
    clerk.post("/staff/phone", **sent)
    assert clerk.location == first
    clerk.post("/staff/phone", **sent | {"slot": QUARTER_TO_TEN})

    assert clerk.status == 422
    assert "もう登録されています" in clerk.page
    assert len(queries.on_day(house.ledger, tokyo(NINE[:10]).date())) == 1


def test_an_arranged_consultation_is_settled_or_wished_for(house: House, clerk: Clerk) -> None:
    page = clerk.get(f"/staff/phone?consultation={IN_PERSON}")
    assert "令和8年12月1日（火） 午前・午後" in page

    settled = {"date": "2026-12-02", "time": "1430", "minutes": "60", "place": "会議室3"}
    _call(clerk, consultation=IN_PERSON, **settled)
    found = _entered(house, clerk)
    assert (found.status, found.starts_at) == (Status.CONFIRMED, tokyo("2026-12-02 14:30"))
    assert found.place == "会議室3"

    other = {"kana": "べつ の ひと", "phone": "090-9999-0000", "wish1_date": "2026-12-03"}
    _call(clerk, consultation=IN_PERSON, wish1_time="morning", **other)
    found = _entered(house, clerk)
    assert (found.status, found.starts_at) == (Status.REQUESTED, None)
    assert found.wishes[0].time_of_day == "morning"

    _call(clerk, consultation=IN_PERSON)
    assert clerk.status == 422
    assert "ご希望の日を1つ以上選ぶか、日時を決めてください" in clerk.page


def test_the_board_turns_to_later_sessions_and_keeps_what_was_typed(clerk: Clerk) -> None:
    page = _call(clerk, "later", page="0")

    assert "令和9年3月20日（土）" in page
    assert 'value="髙﨑 花子"' in page
    assert "令和9年3月20日（土）" not in _call(clerk, "earlier", page="1")


def test_only_ones_own_consultations_can_be_entered(clerk: Clerk) -> None:
    for consultation in (INTERVIEW, EXPERT, "shibukawa/nothing/here"):
        clerk.get(f"/staff/phone?consultation={consultation}")
        assert clerk.status == 404
        clerk.post("/staff/phone", do="enter", consultation=consultation, **CALLER)
        assert clerk.status == 404


def _again(house: House) -> Any:
    """Signed in anew: the clock went on for weeks."""
    return at_the_console(house, "suzuki")
