"""What staff change at a desk holds at once, and no booking that it touches is forgotten."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from booking.errors import BookingsTouched, Invalid, KeyReused, NotBookable, NotFound, SessionFull
from booking.facts import Kind
from booking.ledger import desk_changes, queries, requests
from booking.ledger.booking import Booking
from booking.ledger.status import Status
from slots.availability import Reason
from tests.support.house import LEGAL, NEXT_SESSION, SESSION, House, a_house, tokyo

STAFF = "staff:test"
MOVED = {"session": SESSION, "to": "2026-12-20"}


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with a_house(database_url) as found:
        yield found


def change(house: House, kind: str, scope: str = LEGAL, **data: Any) -> Any:
    options = {name: data.pop(name) for name in ("bookings_do", "reason", "key") if name in data}
    return desk_changes.make(house.ledger, scope, kind, data, actor=STAFF, **options)


def now(house: House, booking: Booking) -> Booking:
    return queries.by_id(house.ledger, booking.id)


def reason_on(house: House, day: str) -> Reason | None:
    asked = date.fromisoformat(day)
    (found,) = queries.availability_between(
        house.ledger, LEGAL, asked, date.fromordinal(asked.toordinal() + 1)
    )
    return found.reason


def test_a_day_that_is_closed_can_no_longer_be_booked(house: House) -> None:
    change(house, "closures", first=SESSION, text="大雪のため中止します。")

    with pytest.raises(NotBookable) as refused:
        house.request()

    assert refused.value.reason is Reason.CLOSURE
    assert reason_on(house, SESSION) is Reason.CLOSURE
    assert reason_on(house, NEXT_SESSION) is None


def test_a_closure_of_the_desk_closes_its_consultations_and_its_telephone(house: House) -> None:
    change(house, "closures", scope="shibukawa/lawyer", first="2026-12-01", last="2026-12-31")

    desk = house.ledger.catalogue.desk("shibukawa/lawyer")

    assert [one.first for one in desk.closures] == [date(2026, 12, 1)]
    with pytest.raises(NotBookable):
        house.request()


def test_another_process_sees_the_change(house: House) -> None:
    with a_house(house.settings.database_url) as other:
        assert reason_on(other, SESSION) is None
        change(house, "closures", first=SESSION)
        other.wait_until_seen()

        assert reason_on(other, SESSION) is Reason.CLOSURE


def test_under_the_lock_the_last_word_counts_even_before_it_is_seen(house: House) -> None:
    """The other process still believes in the session when the request comes in."""
    with a_house(house.settings.database_url) as other:
        application = other.application(LEGAL)
        known = other.ledger.catalogue
        change(house, "closures", first=SESSION)
        other.ledger.desks.now = lambda: known  # type: ignore[method-assign]

        with pytest.raises(NotBookable):
            requests.request(other.ledger, application)


def test_an_extra_session_can_be_booked_and_its_withdrawal_asks_for_those_who_did(
    house: House,
) -> None:
    extra = change(
        house, "extra_sessions", session="2026-12-12", blocks=[{"start": "13:00", "end": "14:30"}]
    )
    booking = house.request(date="2026-12-12", wish="13:00")
    assert booking.session == f"{LEGAL}/2026-12-12"

    with pytest.raises(BookingsTouched) as refused:
        desk_changes.withdraw(house.ledger, extra.id, actor=STAFF)
    assert refused.value.lost == (booking.reference,)
    assert now(house, booking).status is Status.REQUESTED

    desk_changes.withdraw(
        house.ledger, extra.id, actor=STAFF, bookings_do="follow", reason="開催しません"
    )
    assert now(house, booking).status is Status.CANCELLED_BY_OFFICE
    with pytest.raises(NotBookable):
        house.request(date="2026-12-12", wish="13:00")


def test_bookings_that_a_closure_hits_are_named_before_anything_is_written(house: House) -> None:
    timed, untimed = house.request(wish="09:45"), house.request()

    with pytest.raises(BookingsTouched) as refused:
        change(house, "closures", first=SESSION)

    assert set(refused.value.lost) == {timed.reference, untimed.reference}
    assert refused.value.follow == ()
    assert desk_changes.standing(house.ledger) == []
    assert reason_on(house, SESSION) is None


def test_who_loses_the_seat_is_cancelled_with_a_reason_and_told(house: House) -> None:
    booking = house.request(wish="09:45")

    with pytest.raises(Invalid):
        change(house, "closures", first=SESSION, bookings_do="follow")
    change(house, "closures", first=SESSION, bookings_do="follow", reason="大雪のため")

    found = now(house, booking)
    assert (found.status, found.reason) == (Status.CANCELLED_BY_OFFICE, "大雪のため")
    kinds = [one.kind for one in queries.history(house.ledger, booking.id)]
    assert kinds[-1] is Kind.CANCELLED_BY_OFFICE


def test_kept_bookings_stay_as_they_are(house: House) -> None:
    booking = house.request(wish="09:45")

    change(house, "closures", first=SESSION, bookings_do="keep")

    assert now(house, booking) == booking


def test_a_moved_session_takes_its_bookings_along_at_their_times(house: House) -> None:
    timed, untimed = house.request(wish="09:45"), house.request()

    change(house, "moved_sessions", **MOVED, bookings_do="follow")

    found = now(house, timed)
    assert found.starts_at == found.slot_start == tokyo("2026-12-20 09:45")
    assert found.ends_at == tokyo("2026-12-20 10:30")
    assert found.session == timed.session
    assert now(house, untimed).starts_at == tokyo("2026-12-20 09:00")
    last = queries.history(house.ledger, timed.id)[-1]
    assert last.kind is Kind.MOVED
    assert last.data["from"] == "2026-12-19T00:45:00+00:00"


def test_the_seats_of_a_moved_session_are_those_that_were_held(house: House) -> None:
    held = [house.request() for _ in range(4)]
    change(house, "moved_sessions", **MOVED, bookings_do="follow")

    assert len(held) == 4
    with pytest.raises(SessionFull):
        house.request(date="2026-12-20")
    with pytest.raises(NotBookable):
        house.request(date=SESSION)


def test_changed_hours_cost_those_whose_time_is_gone(house: House) -> None:
    early, late = house.request(wish="09:00"), house.request(wish="11:15")
    hours = [{"start": "10:30", "end": "12:00"}]

    with pytest.raises(BookingsTouched) as refused:
        change(house, "changed_hours", session=SESSION, blocks=hours)
    assert refused.value.lost == (early.reference,)

    change(
        house,
        "changed_hours",
        session=SESSION,
        blocks=hours,
        bookings_do="follow",
        reason="時間の変更",
    )
    assert now(house, early).status is Status.CANCELLED_BY_OFFICE
    assert now(house, late) == late


def test_another_place_is_promised_to_those_who_follow(house: House) -> None:
    booking = house.request(wish="09:45")

    change(
        house,
        "changed_places",
        session=SESSION,
        place={"name": "第二庁舎", "room": "3階"},
        bookings_do="follow",
    )

    assert now(house, booking).place == "第二庁舎 3階"
    assert house.request(wish="10:30").place == "第二庁舎 3階"


def test_what_a_booking_lost_before_is_not_asked_again(house: House) -> None:
    house.request(wish="09:45")
    change(house, "closures", first=SESSION, bookings_do="keep")

    change(house, "closures", first=SESSION, text="もう一度")

    assert len(desk_changes.standing(house.ledger)) == 2


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("closures", {}, "first"),
        ("closures", {"first": "soon"}, "first"),
        ("closures", {"first": SESSION, "until": SESSION}, "until"),
        ("extra_sessions", {"session": SESSION, "start": "9:00", "end": "12:00"}, "start"),
        ("extra_sessions", {"session": SESSION, "start": "09:00", "end": "12:00"}, "session"),
        ("moved_sessions", {"session": "2026-12-18", "to": "2026-12-20"}, "session"),
        ("moved_sessions", {"session": SESSION, "to": NEXT_SESSION}, "to"),
        ("settled_sessions", {"session": "2026-12-18"}, "session"),
        ("changed_capacities", {"session": SESSION}, "seats"),
        ("closing", {"first": SESSION}, "kind"),
    ],
)
def test_what_cannot_be_read_or_changes_nothing_is_refused_by_field(
    house: House, kind: str, data: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change(house, kind, **data)

    assert [one.field for one in refused.value.errors] == [field]
    assert desk_changes.standing(house.ledger) == []


def test_a_desk_has_closures_only_and_an_unknown_one_has_none(house: House) -> None:
    for scope, code in (("shibukawa/lawyer", "consultation-needed"), ("osaka/no", "unknown")):
        with pytest.raises(Invalid) as refused:
            change(house, "settled_sessions", scope=scope, session=SESSION)
        assert refused.value.errors[0].code == code


def test_asking_twice_with_one_key_changes_once(house: House) -> None:
    first = change(house, "closures", first=SESSION, key="k")

    assert change(house, "closures", first=SESSION, key="k") == first
    assert len(desk_changes.standing(house.ledger)) == 1
    with pytest.raises(KeyReused):
        change(house, "closures", first=NEXT_SESSION, key="k")


def test_a_change_is_withdrawn_once_and_by_its_own_organisation(house: House) -> None:
    made = change(house, "closures", first=SESSION)

    with pytest.raises(NotFound):
        desk_changes.withdraw(house.ledger, made.id, actor=STAFF, organisation="osaka")
    desk_changes.withdraw(house.ledger, made.id, actor=STAFF, organisation="shibukawa")
    with pytest.raises(NotFound):
        desk_changes.withdraw(house.ledger, made.id, actor=STAFF)

    assert reason_on(house, SESSION) is None


def test_the_public_feed_shows_a_closed_session_as_cancelled(house: House) -> None:
    with house.client() as client:
        client.get(f"/feeds/{LEGAL}.ics")
        change(house, "closures", first=SESSION, text="大雪のため中止します。")
        house.wait_until_seen()

        text = client.get(f"/feeds/{LEGAL}.ics").text.replace("\r\n ", "")
        page = client.get(f"/{LEGAL}").text

    (event,) = [one for one in text.split("BEGIN:VEVENT") if "20261219T090000" in one]
    assert "STATUS:CANCELLED" in event
    assert "大雪のため中止します。" in event
    assert "大雪のため中止します。" in page
