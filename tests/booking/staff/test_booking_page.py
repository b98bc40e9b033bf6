"""One booking: what is seen, by whom, and each action with its refusals."""

import pytest

from booking.facts import Kind
from booking.ledger import changes, queries
from booking.ledger.status import Status
from tests.support.clerk import Clerk, at_the_console
from tests.support.house import IN_PERSON, INTERVIEW, House, tokyo

NINE, QUARTER_TO_TEN = "2026-12-19T09:00:00+09:00", "2026-12-19T09:45:00+09:00"


def _now(house: House, booking_id: str) -> Status:
    return queries.by_id(house.ledger, booking_id).status


def test_that_somebody_looked_is_a_fact_and_shown(house: House, clerk: Clerk) -> None:
    booking = house.request()

    page = clerk.get(f"/staff/bookings/{booking.reference}")

    assert "試験 花子" in page
    assert booking.contact.phone in page
    seen = [one for one in queries.history(house.ledger, booking.id) if one.kind == Kind.VIEWED]
    assert [one.actor for one in seen] == ["staff:sato"]
    assert "この予約を見た記録 1件" in page


def test_another_towns_booking_looks_like_none(house: House, clerk: Clerk) -> None:
    theirs = house.request(INTERVIEW)

    for reference in (theirs.reference, "1234-5678", "x"):
        clerk.get(f"/staff/bookings/{reference}")
        assert clerk.status == 404
        assert "ほかの自治体の予約は、この画面には出ません" in clerk.page
        assert "ログアウト" in clerk.page
    clerk.act(theirs.reference, "decline", reason="理由")
    assert clerk.status == 404
    assert _now(house, theirs.id) is Status.REQUESTED
    assert len(queries.history(house.ledger, theirs.id)) == 1


def test_a_requested_date_gets_its_time_and_is_confirmed(house: House, clerk: Clerk) -> None:
    booking = house.request(party_size="2")

    clerk.act(booking.reference, "confirm", slot=QUARTER_TO_TEN, how="letter")

    assert clerk.location == f"/staff/bookings/{booking.reference}?done=confirm"
    found = queries.by_id(house.ledger, booking.id)
    assert (found.status, found.starts_at) == (Status.CONFIRMED, tokyo("2026-12-19 09:45"))
    assert (found.confirmed_how, found.confirmed_by) == ("letter", "staff:sato")
    page = clerk.follow()
    assert "令和8年12月19日（土）午前9時45分" in page
    assert "確定しました（手紙でお伝え）：12月19日（土）午前9時45分" in page
    assert "佐藤" in page


def test_what_is_missing_is_named_and_what_was_typed_stays(house: House, clerk: Clerk) -> None:
    booking = house.request(IN_PERSON)

    page = clerk.act(
        booking.reference, "confirm", date="2026-12-02", time="25時", place="会議室3", minutes="x"
    )

    assert clerk.status == 422
    assert "時刻を24時間で入力してください" in page
    assert "どのようにお伝えしたかを選んでください" in page
    assert 'href="#f-confirm_time"' in page
    assert 'value="会議室3"' in page
    assert 'value="2026-12-02"' in page
    clerk.act(booking.reference, "confirm", how="call")
    assert "日付を入力してください" in clerk.page
    clerk.act(house.request().reference, "confirm", how="call")
    assert "時間を選んでください" in clerk.page


def test_an_arranged_consultation_gets_date_time_length_and_place(
    house: House, clerk: Clerk
) -> None:
    booking = house.request(IN_PERSON)

    clerk.act(
        booking.reference,
        "confirm",
        date="2026-12-02",
        time="１４時半",
        minutes="40",
        place="会議室3",
        how="call",
    )

    found = queries.by_id(house.ledger, booking.id)
    assert found.starts_at == tokyo("2026-12-02 14:30")
    assert found.ends_at == tokyo("2026-12-02 15:10")
    assert found.place == "会議室3"


def test_a_time_that_has_passed_is_refused(house: House, clerk: Clerk) -> None:
    booking = house.request(IN_PERSON)

    page = clerk.act(booking.reference, "confirm", date="2026-11-24", time="9", how="call")

    assert clerk.status == 409
    assert "この日時は過ぎています" in page


def test_the_second_of_two_operators_is_told_and_offered_the_next_times(
    house: House, clerk: Clerk
) -> None:
    mine, hers = house.request(), house.request()
    with at_the_console(house, "suzuki") as other:
        other.act(hers.reference, "confirm", slot=NINE, how="call")

    page = clerk.act(mine.reference, "confirm", slot=NINE, how="mail")

    assert clerk.status == 409
    assert "ほかの予約が先に入りました" in page
    assert "令和8年12月19日（土）午前9時45分" in page
    assert f'value="{NINE}"' not in page
    assert f'value="{QUARTER_TO_TEN}"' in page
    assert 'value="mail" checked' in page
    assert _now(house, mine.id) is Status.REQUESTED


def test_who_looked_at_an_older_state_moves_nobody(house: House, clerk: Clerk) -> None:
    booking = house.request()
    clerk.get(f"/staff/bookings/{booking.reference}")
    seen = clerk.hidden("confirm_revision")
    changes.confirm(
        house.ledger,
        booking.id,
        actor="staff:suzuki",
        how="call",
        target=changes.Target(slot=tokyo("2026-12-19 09:00")),
    )

    page = clerk.act(booking.reference, "confirm", slot=QUARTER_TO_TEN, how="call", revision=seen)

    assert clerk.status == 409
    assert "別の担当者が先に変えました" in page
    found = queries.by_id(house.ledger, booking.id)
    assert found.starts_at == tokyo("2026-12-19 09:00")


def test_a_booking_moves_and_its_old_time_is_free_again(house: House, clerk: Clerk) -> None:
    booking = house.enter(slot=NINE)
    clerk.get(f"/staff/bookings/{booking.reference}")
    assert f'value="{NINE}"' not in clerk.page
    assert "いまの時間" in clerk.page

    clerk.act(booking.reference, "move", slot=QUARTER_TO_TEN, reason="相談者のお申し出")

    found = queries.by_id(house.ledger, booking.id)
    assert (found.status, found.starts_at) == (Status.CONFIRMED, tokyo("2026-12-19 09:45"))
    page = clerk.follow()
    assert "12月19日（土）午前9時 から 12月19日（土）午前9時45分 へ" in page
    assert f'value="{NINE}"' in page
    clerk.act(booking.reference, "move")
    assert clerk.status == 422
    assert "時間を選んでください" in clerk.page


@pytest.mark.parametrize(
    ("action", "after"),
    [("decline", Status.DECLINED), ("cancel", Status.CANCELLED_BY_OFFICE)],
)
def test_ending_a_booking_needs_a_reason(
    house: House, clerk: Clerk, action: str, after: Status
) -> None:
    booking = house.request()

    clerk.act(booking.reference, action, reason="  ")
    assert clerk.status == 422
    assert f'href="#f-{action}_reason"' in clerk.page
    clerk.act(booking.reference, action, reason="窓口の都合")

    assert _now(house, booking.id) is after
    assert "窓口の都合" in clerk.follow()
    clerk.act(booking.reference, action, reason="もう一度")
    assert clerk.status == 409


@pytest.mark.parametrize(("told", "line"), [({}, ""), ({"told": "1"}, "（電話でお伝え）")])
def test_a_cancellation_is_taken_back_with_one_press(
    house: House, clerk: Clerk, told: dict[str, str], line: str
) -> None:
    booking = house.enter(slot=NINE)
    clerk.act(booking.reference, "cancel", reason="人ちがい")
    page = clerk.follow()
    path = f"/staff/bookings/{booking.reference}/reinstate"
    assert page.count(f'action="{path}"') == 2, "beside the message, and among what can be done"
    assert "reinstate_reason" not in page

    clerk.act(booking.reference, "reinstate", **told)

    assert clerk.location == f"/staff/bookings/{booking.reference}?done=reinstate"
    found = queries.by_id(house.ledger, booking.id)
    assert (found.status, found.starts_at) == (Status.CONFIRMED, booking.starts_at)
    page = clerk.follow()
    assert "取り消しを戻しました。予約は、もとのとおりです。" in page
    assert f"取り消しを戻しました{line} <small>佐藤" in page
    assert path not in page
    assert "人ちがい" not in page
    clerk.act(booking.reference, "reinstate", **told)
    assert clerk.status == 303, "the second press finds what the first one made"


def test_where_somebody_else_has_the_seat_the_cancellation_stays(
    house: House, clerk: Clerk
) -> None:
    booking = house.enter(slot=NINE)
    clerk.act(booking.reference, "cancel", reason="人ちがい")
    house.enter(slot=NINE)

    page = clerk.act(booking.reference, "reinstate")

    assert clerk.status == 409
    assert "ほかの予約が先に入りました。取り消しは戻せません。電話受付から" in page
    assert "近い空きは、令和8年12月19日（土）午前9時45分" in page
    assert _now(house, booking.id) is Status.CANCELLED_BY_OFFICE


def test_what_is_asked_before_a_cancellation_is_taken_back_appears_when_it_is_needed(
    house: House,
) -> None:
    """A second booking of the party, and a time for booking that is over."""
    party = {"kana": "しけん はなこ", "phone": "090-1111-2222"}
    booking = house.request(wish="09:45", **party)
    changes.cancel(house.ledger, booking.id, actor="resident")
    house.request(**party)
    house.clock.move_to("2026-12-18 17:15")

    with at_the_console(house) as clerk:
        page = clerk.act(booking.reference, "reinstate", told="1")
        assert clerk.status == 409
        assert 'href="#f-reinstate_again"' in page
        assert 'id="f-reinstate_again"' in page
        assert "reinstate_reason" not in page
        page = clerk.act(booking.reference, "reinstate", told="1", again="1")
        assert clerk.status == 422
        assert 'href="#f-reinstate_reason"' in page
        assert page.count("checked") == 2, "what was ticked stays"
        clerk.act(booking.reference, "reinstate", told="1", again="1", reason="窓口の誤り")
        assert clerk.status == 303

    assert _now(house, booking.id) is Status.REQUESTED


def test_what_is_over_or_was_declined_offers_no_way_back(house: House) -> None:
    declined, over = house.request(), house.request(wish="09:00")
    changes.decline(house.ledger, declined.id, actor="staff:sato", reason="満席")
    changes.cancel(house.ledger, over.id, actor="resident")

    house.clock.move_to("2026-12-19 09:00")

    with at_the_console(house) as clerk:
        for booking in (declined, over):
            assert "reinstate" not in clerk.get(f"/staff/bookings/{booking.reference}")
            clerk.act(booking.reference, "reinstate")
            assert clerk.status == 409
        assert "この日時は過ぎています。取り消しは戻せません。" in clerk.page


def test_who_may_only_look_takes_nothing_back(house: House) -> None:
    booking = house.request()
    changes.cancel(house.ledger, booking.id, actor="resident")
    with at_the_console(house, "suzuki", role="viewer") as viewer:
        assert "reinstate" not in viewer.get(f"/staff/bookings/{booking.reference}")
        viewer.act(booking.reference, "reinstate")

    assert viewer.status == 403
    assert _now(house, booking.id) is Status.CANCELLED_BY_RESIDENT


def test_on_its_day_a_party_arrives_and_is_done(house: House, clerk: Clerk) -> None:
    booking = house.enter(IN_PERSON, slot="2026-11-24T13:00")
    path = f"/staff/bookings/{booking.reference}"
    assert f"{path}/arrive" in clerk.get(path)

    clerk.post(f"{path}/arrive", back="/staff/day?date=2026-11-24")

    assert clerk.location == "/staff/day?date=2026-11-24&done=arrive"
    assert "来所を記録しました" in clerk.follow()
    assert _now(house, booking.id) is Status.ARRIVED
    clerk.act(booking.reference, "no-show")
    assert clerk.status == 409
    assert "いま「来所」です" in clerk.page
    clerk.act(booking.reference, "done")
    assert _now(house, booking.id) is Status.DONE


def test_who_does_not_come_is_noted_and_nothing_more(house: House, clerk: Clerk) -> None:
    booking = house.enter(IN_PERSON, slot="2026-11-24T13:00")

    clerk.post(f"/staff/bookings/{booking.reference}/no-show", back="https://example.com/")

    assert clerk.location == "/staff/?done=no-show"
    assert _now(house, booking.id) is Status.NO_SHOW


def test_before_its_day_nobody_arrives(house: House, clerk: Clerk) -> None:
    booking = house.enter(slot=NINE)

    page = clerk.get(f"/staff/bookings/{booking.reference}")

    assert "/arrive" not in page
    assert "/move" in page


def test_an_action_that_does_not_exist_is_not_found(house: House, clerk: Clerk) -> None:
    booking = house.request()

    clerk.act(booking.reference, "erase")

    assert clerk.status == 404


def test_other_bookings_of_the_same_party_stand_beside_it(house: House, clerk: Clerk) -> None:
    party = {"name": "試験 花子", "kana": "しけん はなこ", "phone": "090-1111-2222"}
    first = house.request(**party)
    second = house.request(IN_PERSON, **party)
    stranger = house.request()

    page = clerk.get(f"/staff/bookings/{second.reference}")

    assert first.reference in page
    assert stranger.reference not in page.split("これまでの記録")[0]
