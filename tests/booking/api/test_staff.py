"""Staff's programs: a caller entered, confirmed, moved, ended; who may do it, and for whom."""

from collections.abc import Callable
from typing import Any

import pytest

from booking.facts import Kind
from booking.ledger import queries
from tests.booking.api.conftest import Client, Headers
from tests.support.house import (
    EXPERT,
    INTERVIEW,
    LEGAL,
    NEXT_SESSION,
    SESSION,
    House,
    raw_application,
)

STAFF = "/api/v1/staff"
BOOKINGS = f"{STAFF}/bookings"
KeyOf = Callable[..., Headers]


def a_caller(consultation: str = LEGAL, **changes: Any) -> dict[str, Any]:
    """What staff type while somebody is on the phone: no residence, no age."""
    return raw_application(consultation, residence=None, **changes)


def test_a_caller_with_a_time_is_confirmed_at_once(client: Client, key_of: KeyOf) -> None:
    asked = a_caller(slot=f"{SESSION}T09:45:00+09:00")
    answer = client.post(BOOKINGS, json=asked, headers=key_of())
    made = answer.json()

    assert answer.status_code == 201
    assert (made["status"], made["confirmed_how"], made["channel"]) == (
        "confirmed",
        "call",
        "phone",
    )
    assert made["start"] == f"{SESSION}T09:45:00+09:00"
    assert made["confirmed_at"] == "2026-11-24T10:00:00+09:00"


def test_how_a_party_is_reached_is_read_with_it_whoever_entered_it(
    client: Client, key_of: KeyOf
) -> None:
    said = {
        "contact_wish": "call",
        "voicemail": False,
        "named": "yes",
        "safe_hours": "morning",
        "never_mail": True,
        "postal_address": "渋川市石原1番地",
    }
    by_resident = client.post("/api/v1/bookings", json=raw_application(**said)).json()
    key = key_of()
    by_staff = client.post(BOOKINGS, json=a_caller(**said), headers=key).json()

    for made in (by_resident, by_staff):
        address = f"{BOOKINGS}/{made['reference']}"
        party = client.get(address, headers=key).json()["party"]
        assert {name: party[name] for name in said} == said | {"named": True}


def test_an_arranged_time_has_a_length_and_a_place(client: Client, key_of: KeyOf) -> None:
    time = {"slot": "2026-12-02T14:00", "minutes": 30, "place": "相談室"}
    asked = a_caller(INTERVIEW, wishes=None, **time)
    made = client.post(BOOKINGS, json=asked, headers=key_of()).json()

    assert (made["start"], made["end"]) == (
        "2026-12-02T14:00:00+09:00",
        "2026-12-02T14:30:00+09:00",
    )
    assert made["place"] == "相談室"


def test_the_same_caller_under_the_same_key_is_entered_once(
    house: House, client: Client, key_of: KeyOf
) -> None:
    headers = key_of() | {"Idempotency-Key": "caller-1"}
    asked = a_caller()
    first, again = (client.post(BOOKINGS, json=asked, headers=headers) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert len(queries.search(house.ledger)) == 1


def test_a_second_booking_of_one_party_needs_a_word(client: Client, key_of: KeyOf) -> None:
    headers, asked = key_of(), a_caller()
    client.post(BOOKINGS, json=asked, headers=headers)
    refused = client.post(BOOKINGS, json=asked, headers=headers)
    allowed = client.post(BOOKINGS, json=asked | {"again": True}, headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (409, "already-booked")
    assert allowed.status_code == 201


def test_outside_the_time_for_booking_staff_say_why(
    a_sqlite_house: House, a_client: Client, key_of: KeyOf
) -> None:
    headers = key_of()
    a_sqlite_house.clock.move_to("2026-12-18 17:15")
    without = a_client.post(BOOKINGS, json=a_caller(), headers=headers)
    given = a_client.post(BOOKINGS, json=a_caller(reason="急ぎのため"), headers=headers)

    assert [one["field"] for one in without.json()["errors"]] == ["reason"]
    assert given.status_code == 201


def test_a_request_is_confirmed_with_a_time_and_comes_to_its_end(
    house: House, client: Client, key_of: KeyOf
) -> None:
    headers = key_of()
    at = f"{BOOKINGS}/{house.request().reference}"
    without = client.post(f"{at}/confirm", json={"how": "call"}, headers=headers)
    time = {"how": "call", "slot": f"{SESSION}T10:30:00+09:00"}
    confirmed = client.post(f"{at}/confirm", json=time, headers=headers)
    again = client.post(f"{at}/confirm", json=time, headers=headers)
    arrived = client.post(f"{at}/arrive", headers=headers)
    done = client.post(f"{at}/done", headers=headers)
    too_late = client.post(f"{at}/no-show", headers=headers)

    assert [one["field"] for one in without.json()["errors"]] == ["slot"]
    assert (confirmed.json()["status"], confirmed.json()["time_settled"]) == ("confirmed", True)
    assert again.json() == confirmed.json()
    assert (arrived.json()["status"], done.json()["status"]) == ("arrived", "done")
    assert (too_late.status_code, too_late.json()["booking_status"]) == (409, "done")


def test_a_time_that_was_taken_meanwhile_cannot_be_confirmed(
    house: House, client: Client, key_of: KeyOf
) -> None:
    waiting = house.request()
    house.request(wish="09:45")
    time = {"how": "mail", "slot": f"{SESSION}T09:45:00+09:00"}
    refused = client.post(f"{BOOKINGS}/{waiting.reference}/confirm", json=time, headers=key_of())

    assert (refused.status_code, refused.json()["code"]) == (409, "slot-taken")
    assert refused.json()["nearest"][0]["start"] == f"{SESSION}T09:00:00+09:00"


def test_what_was_changed_meanwhile_is_not_confirmed_unseen(
    house: House, client: Client, key_of: KeyOf
) -> None:
    headers, booking = key_of(), house.request(wish="09:45")
    at = f"{BOOKINGS}/{booking.reference}"
    client.post(f"{at}/move", json={"date": NEXT_SESSION, "wish": "09:45"}, headers=headers)
    asked = {"how": "call", "revision": booking.revision}
    refused = client.post(f"{at}/confirm", json=asked, headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (409, "changed-meanwhile")


def test_an_arranged_request_is_confirmed_with_time_length_and_place(
    house: House, client: Client, key_of: KeyOf
) -> None:
    headers, at = key_of(), f"{BOOKINGS}/{house.request(INTERVIEW).reference}/confirm"
    unsettled = client.post(at, json={"how": "call", "place": "相談室"}, headers=headers)
    time = {"slot": "2026-12-02T14:00:00+09:00", "minutes": 40, "place": "相談室"}
    settled = client.post(at, json={"how": "letter"} | time, headers=headers).json()

    assert [one["field"] for one in unsettled.json()["errors"]] == ["slot"]
    assert settled["end"] == "2026-12-02T14:40:00+09:00"
    assert (settled["confirmed_how"], settled["place"]) == ("letter", "相談室")


def test_declining_and_cancelling_need_a_reason(
    house: House, client: Client, key_of: KeyOf
) -> None:
    headers = key_of()
    for action, status in (("decline", "declined"), ("cancel", "cancelled_by_office")):
        at = f"{BOOKINGS}/{house.request().reference}/{action}"
        without = client.post(at, json={"reason": " "}, headers=headers)
        given = client.post(at, json={"reason": "担当者の都合"}, headers=headers)

        assert [one["code"] for one in without.json()["errors"]] == ["required"]
        assert given.json()["status"] == status


def test_a_cancellation_is_taken_back_and_says_how_the_party_was_told(
    house: House, client: Client, key_of: KeyOf
) -> None:
    headers, booking = key_of(), house.enter(slot=f"{SESSION}T09:45:00+09:00")
    at = f"{BOOKINGS}/{booking.reference}"
    client.post(f"{at}/cancel", json={"reason": "人ちがい"}, headers=headers)
    back = client.post(f"{at}/reinstate", json={"how": "counter"}, headers=headers)
    again = client.post(f"{at}/reinstate", json={}, headers=headers)
    unknown = client.post(f"{at}/reinstate", json={"how": "fax"}, headers=headers)

    assert (back.status_code, back.json()["status"], back.json()["revision"]) == (
        200,
        "confirmed",
        3,
    )
    assert (again.status_code, again.json()) == (200, back.json())
    assert [one["field"] for one in unknown.json()["errors"]] == ["how"]
    fact = queries.history(house.ledger, booking.id)[-1]
    assert (fact.kind, fact.data["how"]) == (Kind.REINSTATED, "counter")


def test_a_cancellation_is_not_taken_back_where_there_is_no_room_or_no_sense(
    house: House, client: Client, key_of: KeyOf
) -> None:
    headers, declined = key_of(), house.request()
    taken = house.enter(slot=f"{SESSION}T09:45:00+09:00")
    client.post(f"{BOOKINGS}/{declined.reference}/decline", json={"reason": "x"}, headers=headers)
    client.post(f"{BOOKINGS}/{taken.reference}/cancel", json={"reason": "x"}, headers=headers)
    house.enter(slot=f"{SESSION}T09:45:00+09:00")
    refused, over = (
        client.post(f"{BOOKINGS}/{one.reference}/reinstate", json={}, headers=headers)
        for one in (taken, declined)
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "slot-taken")
    assert refused.json()["nearest"][0]["start"] == f"{SESSION}T09:00:00+09:00"
    assert (over.status_code, over.json()["booking_status"]) == (409, "declined")


def test_what_staff_move_stays_confirmed(house: House, client: Client, key_of: KeyOf) -> None:
    booking = house.enter(slot=f"{SESSION}T09:00:00+09:00")
    to = {"slot": f"{NEXT_SESSION}T11:15:00+09:00", "reason": "担当者の都合"}
    moved = client.post(f"{BOOKINGS}/{booking.reference}/move", json=to, headers=key_of()).json()

    assert (moved["status"], moved["start"]) == ("confirmed", to["slot"])


def test_a_list_names_nobody_and_reading_one_booking_is_noted(
    house: House, client: Client, key_of: KeyOf
) -> None:
    booking, headers = house.request(needs="筆談"), key_of("viewer")
    listed = client.get(BOOKINGS, headers=headers)
    read = client.get(f"{BOOKINGS}/{booking.reference}", headers=headers).json()
    (viewed,) = [
        fact for fact in queries.history(house.ledger, booking.id) if fact.kind is Kind.VIEWED
    ]

    assert [one["reference"] for one in listed.json()] == [booking.reference]
    assert booking.contact.name not in listed.text
    assert read["party"]["phone"] == booking.contact.phone
    assert read["party"]["needs"] == "筆談"
    assert viewed.actor.startswith("key:")


def test_a_list_can_be_narrowed_by_status_and_days(
    house: House, client: Client, key_of: KeyOf
) -> None:
    headers = key_of()
    waiting = house.request(date=NEXT_SESSION)
    settled = house.enter(slot=f"{SESSION}T09:00:00+09:00")

    def found(**asked: str) -> list[str]:
        answer = client.get(BOOKINGS, params=asked, headers=headers)
        return [one["reference"] for one in answer.json()]

    assert found(status="requested") == [waiting.reference]
    assert found(**{"from": SESSION, "to": SESSION}) == [settled.reference]
    assert found(**{"from": NEXT_SESSION}) == [waiting.reference]
    assert client.get(f"{BOOKINGS}?status=moved", headers=headers).status_code == 422


def test_a_long_list_comes_in_pages(
    house: House, client: Client, key_of: KeyOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booking.api.staff.PAGE", 2)
    headers = key_of()
    made = [house.request(INTERVIEW).reference for _ in range(5)]
    path, pages = f"{BOOKINGS}?status=requested", []
    while path:
        answer = client.get(path, headers=headers)
        pages.append([one["reference"] for one in answer.json()])
        path = answer.links["next"]["url"] if "next" in answer.links else ""

    assert [len(page) for page in pages] == [2, 2, 1]
    assert sorted(one for page in pages for one in page) == sorted(made)


def test_a_referral_code_opens_one_booking(client: Client, key_of: KeyOf) -> None:
    issued = client.post(f"{STAFF}/referrals", json={"consultation": EXPERT}, headers=key_of())
    code = issued.json()["code"]
    first = client.post("/api/v1/bookings", json=raw_application(EXPERT, referral=code))
    second = client.post("/api/v1/bookings", json=raw_application(EXPERT, referral=code))

    assert issued.status_code == 201
    assert first.status_code == 201
    assert [one["field"] for one in second.json()["errors"]] == ["referral"]


@pytest.mark.parametrize(
    "shown", [{}, {"Authorization": "Bearer bk_none"}, {"Authorization": "Basic x"}]
)
def test_without_a_key_nothing_is_looked_at(a_client: Client, shown: Headers) -> None:
    for answer in (
        a_client.get(BOOKINGS, headers=shown),
        a_client.post(BOOKINGS, content=b"{", headers=shown),
        a_client.post(f"{BOOKINGS}/0000-0000/confirm", headers=shown),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "key-required")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_viewer_sees_and_does_nothing(
    a_sqlite_house: House, a_client: Client, key_of: KeyOf
) -> None:
    headers, booking = key_of("viewer"), a_sqlite_house.request()
    at = f"{BOOKINGS}/{booking.reference}"
    tried = [f"{at}/{one}" for one in ("confirm", "decline", "move", "cancel", "arrive", "done")]
    tried += [f"{at}/no-show", f"{at}/reinstate", BOOKINGS, f"{STAFF}/referrals"]
    answers = [a_client.post(path, json={}, headers=headers) for path in tried]

    assert {(one.status_code, one.json()["code"]) for one in answers} == {(403, "forbidden")}
    assert a_client.get(BOOKINGS, headers=headers).status_code == 200


def test_a_key_of_one_organisation_knows_no_other(
    house: House, client: Client, key_of: KeyOf
) -> None:
    headers = key_of(organisation="osaka")
    ours, theirs = house.request(INTERVIEW), house.request()
    at = f"{BOOKINGS}/{theirs.reference}"
    unknown = client.get(f"{BOOKINGS}/1234-5678", headers=headers)
    foreign = [
        client.get(at, headers=headers),
        client.post(f"{at}/arrive", headers=headers),
        client.post(f"{at}/cancel", json={"reason": "x"}, headers=headers),
        client.post(f"{at}/confirm", json={"how": "call"}, headers=headers),
    ]
    entered = client.post(BOOKINGS, json=a_caller(), headers=headers).json()
    nowhere = client.post(BOOKINGS, json=a_caller(consultation="a/b/c"), headers=headers).json()

    listed = client.get(BOOKINGS, headers=headers).json()
    assert [one["reference"] for one in listed] == [ours.reference]
    assert {one.text for one in foreign} == {unknown.text}
    assert unknown.status_code == 404
    assert entered == nowhere
    assert [one["code"] for one in entered["errors"]] == ["unknown"]
