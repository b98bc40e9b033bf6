"""Staff's programs say who serves a session; calendars, seats and bookings follow at once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from booking.ledger import desk_changes
from tests.booking.api.conftest import Client, Headers
from tests.support.bureau import (
    ALONE,
    BOTH,
    DAY_OF_BOTH,
    DAY_OF_SATO,
    SATO,
    SUZUKI,
    a_bureau,
    book,
    confirm,
    fetched,
    of_person,
    parties,
    session_days,
)
from tests.support.house import House

SESSIONS = "/api/v1/staff/sessions"
STAND_IN = "千葉 弁護士"


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A town whose lawyers serve alone and side by side, once on each kind of database."""
    with a_bureau(database_url, tmp_path) as made:
        yield made


def put(client: Client, headers: Headers, key: str, day: str, *names: str, **more: Any) -> Any:
    """The answer to saying that `names` serve."""
    body = {"roster": list(names), **more}
    return client.put(f"{SESSIONS}/{key}/{day}/roster", json=body, headers=headers)


def seen(client: Client, headers: Headers, key: str, day: str) -> Any:
    """Who serves the session, as programs are told."""
    span = {"from": day, "to": day}
    (found,) = client.get(f"{SESSIONS}/{key}", params=span, headers=headers).json()
    return found


def test_who_serves_is_read_and_set_and_the_calendars_follow_at_once(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    key = key_of(organisation="town")
    sato = of_person(house, SATO)
    booked = confirm(house, book(house, ALONE, DAY_OF_SATO, "10:00"))
    assert seen(client, key, ALONE, DAY_OF_SATO)["roster"] == [SATO]

    answer = put(client, key, ALONE, DAY_OF_SATO, STAND_IN)

    assert answer.status_code == 200, answer.text
    assert answer.json() == seen(client, key, ALONE, DAY_OF_SATO)
    assert (answer.json()["roster"], answer.json()["serving"]) == ([STAND_IN], [STAND_IN])
    taking_over = fetched(client, of_person(house, STAND_IN))
    assert session_days(taking_over) == [DAY_OF_SATO]
    assert set(parties(taking_over)) == {booked.reference}
    left = fetched(client, sato)
    assert DAY_OF_SATO not in session_days(left)
    assert booked.reference not in parties(left)


def test_saying_it_again_writes_nothing(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    key = key_of()
    assert put(client, key, ALONE, DAY_OF_SATO, SATO).status_code == 200
    assert desk_changes.standing(house.ledger) == []
    for _ in range(2):
        assert put(client, key, ALONE, DAY_OF_SATO, SUZUKI).status_code == 200
    assert len(desk_changes.standing(house.ledger)) == 1


def test_seats_and_words_that_staff_gave_before_stay(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    given = {"session": DAY_OF_BOTH, "seats": 1, "text": "1組ずつ伺います。"}
    desk_changes.make(house.ledger, BOTH, "changed_capacities", given, actor="staff:x")

    answer = put(client, key_of(), BOTH, DAY_OF_BOTH, SUZUKI, SATO)

    assert (answer.json()["seats"], answer.json()["roster"]) == (1, [SUZUKI, SATO])
    last = desk_changes.standing(house.ledger)[-1].data
    assert last == {**given, "roster": [SUZUKI, SATO]}


def test_who_is_absent_is_on_the_roster_and_does_not_serve(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    away = {"who": SATO, "first": DAY_OF_BOTH}
    desk_changes.make(house.ledger, BOTH, "absences", away, actor="staff:x")
    found = seen(client, key_of(), BOTH, DAY_OF_BOTH)

    assert (found["roster"], found["serving"], found["seats"]) == ([SATO, SUZUKI], [SUZUKI], 1)


def test_where_a_booking_loses_its_seat_nothing_happens_until_it_is_decided(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    key = key_of()
    both = [book(house, BOTH, DAY_OF_BOTH, None) for _ in range(2)]
    _, second = (confirm(house, one, f"{DAY_OF_BOTH} 10:00") for one in both)

    refused = put(client, key, BOTH, DAY_OF_BOTH, SUZUKI)

    assert (refused.status_code, refused.json()["code"]) == (409, "bookings-touched")
    assert refused.json()["lost"] == [second.reference]
    assert desk_changes.standing(house.ledger) == []
    assert put(client, key, BOTH, DAY_OF_BOTH, SUZUKI, bookings="keep").status_code == 200


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "1人以上"),
        ((SATO, " "), "1人以上"),
        ((SATO, f" {SATO} "), "同じ名前が2つ"),
        (("あ" * 61,), "60文字まで"),
    ],
)
def test_names_that_tell_nobody_apart_are_refused(
    house: House, client: Client, key_of: Callable[..., Headers], names: tuple[str, ...], said: str
) -> None:
    answer = put(client, key_of(), ALONE, DAY_OF_SATO, *names)

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "roster"
    assert said in error["message"]
    assert desk_changes.standing(house.ledger) == []


def test_what_is_no_session_of_ones_own_is_not_found_and_a_viewer_may_only_read(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    key = key_of()
    for session in (f"{ALONE}/2026-12-03", f"{ALONE}/x", "town/law/none/2026-12-02"):
        answer = client.put(f"{SESSIONS}/{session}/roster", json={"roster": [SATO]}, headers=key)
        assert answer.status_code == 404, session
    elsewhere = key_of(organisation="village")
    assert put(client, elsewhere, ALONE, DAY_OF_SATO, SUZUKI).status_code == 404
    assert client.get(f"{SESSIONS}/{ALONE}", headers=elsewhere).status_code == 404

    viewer = key_of(role="viewer")
    assert put(client, viewer, ALONE, DAY_OF_SATO, SUZUKI).status_code == 403
    assert seen(client, viewer, ALONE, DAY_OF_SATO)["serving"] == [SATO]
