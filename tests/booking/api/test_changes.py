"""Staff's programs close days, add and move sessions, and take such changes back."""

from collections.abc import Callable
from typing import Any

from tests.booking.api.conftest import Client, Headers
from tests.support.house import LEGAL, SESSION, House

CHANGES = "/api/v1/staff/changes"
CLOSED = {"scope": LEGAL, "kind": "closures", "change": {"first": SESSION, "text": "大雪のため"}}


def slots_of_session(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(
        f"/api/v1/consultations/{LEGAL}/slots", params={"from": SESSION, "to": SESSION}
    ).json()
    return found


def test_a_closure_shows_at_once_and_its_withdrawal_too(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    key = key_of(organisation="shibukawa")
    assert all(one["bookable"] for one in slots_of_session(client))

    made = client.post(CHANGES, json=CLOSED, headers=key)

    assert made.status_code == 201, made.text
    assert made.json()["change"] == CLOSED["change"]
    assert {one["reason"] for one in slots_of_session(client)} == {"closure"}
    assert client.get(CHANGES, headers=key).json() == [made.json()]

    taken_back = client.post(f"{CHANGES}/{made.json()['id']}/withdraw", json={}, headers=key)

    assert taken_back.status_code == 200
    assert all(one["bookable"] for one in slots_of_session(client))
    assert client.get(CHANGES, headers=key).json() == []


def test_who_is_touched_is_named_and_nothing_happens_until_it_is_decided(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    key, booking = key_of(), house.request(wish="09:45")

    refused = client.post(CHANGES, json=CLOSED, headers=key)

    assert refused.status_code == 409
    problem = refused.json()
    assert (problem["code"], problem["lost"]) == ("bookings-touched", [booking.reference])
    assert client.get(CHANGES, headers=key).json() == []

    decided = {**CLOSED, "bookings": "follow", "reason": "大雪のため中止します。"}
    assert client.post(CHANGES, json=decided, headers=key).status_code == 201
    shown = client.get(f"/api/v1/bookings/{booking.token}").json()
    assert shown["status"] == "cancelled_by_office"


def test_what_cannot_be_read_is_named_by_field(
    client: Client, house: House, key_of: Callable[..., Headers]
) -> None:
    body = {**CLOSED, "change": {"first": "12/19", "colour": "red"}}

    refused = client.post(CHANGES, json=body, headers=key_of())

    assert refused.status_code == 422
    assert {one["field"] for one in refused.json()["errors"]} == {"first", "colour"}


def test_one_key_changes_once(house: House, client: Client, key_of: Callable[..., Headers]) -> None:
    headers = key_of() | {"Idempotency-Key": "once"}

    first, second = (client.post(CHANGES, json=CLOSED, headers=headers) for _ in range(2))

    assert first.json() == second.json()
    assert len(client.get(CHANGES, headers=headers).json()) == 1


def test_another_towns_key_changes_nothing_here(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    made = client.post(CHANGES, json=CLOSED, headers=key_of()).json()
    osaka = key_of(organisation="osaka")

    assert client.post(CHANGES, json=CLOSED, headers=osaka).status_code == 422
    assert client.get(CHANGES, headers=osaka).json() == []
    withdrawn = client.post(f"{CHANGES}/{made['id']}/withdraw", json={}, headers=osaka)
    assert withdrawn.status_code == 404
    assert client.post(CHANGES, json=CLOSED, headers=key_of("viewer")).status_code == 403


def test_a_closed_desk_is_not_reachable(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    """The house's clock shows Tuesday 10:00."""
    address = "/api/v1/desks/shibukawa/support"
    assert [one["channel"] for one in client.get(address).json()["open"]] == ["phone", "in-person"]
    closed = {
        "scope": "shibukawa/support",
        "kind": "closures",
        "change": {"first": "2026-11-24", "start": "09:00", "end": "11:00"},
    }

    assert client.post(CHANGES, json=closed, headers=key_of()).status_code == 201

    assert client.get(address).json()["open"] == []


def test_what_is_no_changes_name_is_not_found(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    key = key_of()

    for name in ("%00", "%20", "none"):
        assert client.post(f"{CHANGES}/{name}/withdraw", json={}, headers=key).status_code == 404
