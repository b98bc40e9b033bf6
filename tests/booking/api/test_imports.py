"""Staff's programs hand in files of days: foreseen first, then all of it or nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.booking.api.conftest import Client, Headers
from tests.support.house import LEGAL, NEXT_SESSION, SESSION, House

CHANGES = "/api/v1/staff/changes"
IMPORT, PREVIEW = f"{CHANGES}/import", f"{CHANGES}/import/preview"
CLOSED = {"scope": LEGAL, "kind": "closures", "file": f"{SESSION}\n2026-12-22\n{NEXT_SESSION}\n"}


def test_a_file_is_foreseen_then_made_and_the_same_key_gives_the_same(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    key, booking = key_of(organisation="shibukawa"), house.request(wish="09:45")

    foreseen = client.post(PREVIEW, json=CLOSED, headers=key)

    assert foreseen.status_code == 200, foreseen.text
    first, second, third = foreseen.json()["changes"]
    assert (first["sessions"], first["lost"]) == ([f"{LEGAL}/{SESSION}"], [booking.reference])
    assert (second["sessions"], second["note"]) == ([], "outside")
    assert third["lost"] == []
    refused = client.post(IMPORT, json=CLOSED, headers=key)
    assert refused.status_code == 409
    assert refused.json()["lost"] == [booking.reference]
    assert client.get(CHANGES, headers=key).json() == []

    decided = {**CLOSED, "bookings": "keep", "seen": foreseen.json()["seen"]}
    once = {**key, "Idempotency-Key": "once"}
    made = client.post(IMPORT, json=decided, headers=once)
    again = client.post(IMPORT, json=decided, headers=once)

    assert made.status_code == 201, made.text
    assert [one["change"]["first"] for one in made.json()] == [SESSION, "2026-12-22", NEXT_SESSION]
    assert again.json() == made.json()
    assert client.get(CHANGES, headers=key).json() == made.json()
    other = {**decided, "file": SESSION}
    assert client.post(IMPORT, json=other, headers=once).json()["code"] == "key-reused"
    assert client.post(IMPORT, json=decided, headers=key).json() == []


def test_a_booking_that_came_after_the_preview_stops_it(
    house: House, client: Client, key_of: Callable[..., Headers]
) -> None:
    key = key_of()
    seen = client.post(PREVIEW, json=CLOSED, headers=key).json()["seen"]
    house.request(wish="09:45")
    asked = {**CLOSED, "seen": seen, "bookings": "follow", "reason": "休館"}

    assert client.post(IMPORT, json=asked, headers=key).json()["code"] == "changed-meanwhile"
    assert client.get(CHANGES, headers=key).json() == []


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"file": "2026-x"}, "file", "no-date"),
        ({"file": ""}, "file", "required"),
        ({"file": "\u0000"}, "file", "not-text"),
        ({"file": "12/19"}, "file", "no-year"),
        ({"kind": "moved_sessions"}, "kind", "unknown"),
        ({"kind": "absences", "who": "甲"}, "who", "not-serving"),
        ({"kind": "extra_sessions", "file": "2026-12-12"}, "start", "for-days"),
        ({"scope": "osaka/net-harmony/interview"}, "scope", "unknown"),
        ({"scope": "shibukawa/lawyer", "kind": "extra_sessions"}, "scope", "consultation-needed"),
        ({"fiscal_year": 26}, "fiscal_year", "wrong-type"),
        (
            {"kind": "extra_sessions", "file": "2026-12-12", "start": "x", "end": "y"},
            "start",
            "not-read",
        ),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_written(
    a_client: Client, key_of: Callable[..., Headers], more: dict[str, Any], field: str, code: str
) -> None:
    key = key_of(organisation="shibukawa")
    for address in (PREVIEW, IMPORT):
        refused = a_client.post(address, json=CLOSED | more, headers=key)

        assert refused.status_code == 422, refused.text
        first = refused.json()["errors"][0]
        assert (first["field"], first["code"]) == (field, code)
    assert a_client.get(CHANGES, headers=key).json() == []


def test_who_may_only_read_may_foresee_but_not_change(
    a_client: Client, key_of: Callable[..., Headers]
) -> None:
    key = key_of("viewer")

    assert a_client.post(PREVIEW, json=CLOSED, headers=key).status_code == 200
    assert a_client.post(IMPORT, json=CLOSED, headers=key).status_code == 403


def test_a_whole_calendar_fits_and_more_than_ten_megabytes_do_not(
    a_client: Client, key_of: Callable[..., Headers]
) -> None:
    key = key_of()
    long = {**CLOSED, "file": CLOSED["file"] + "\n" * 300_000}
    assert a_client.post(PREVIEW, json=long, headers=key).json()["errors"][0]["code"] == "too-long"
    assert (
        a_client.post(PREVIEW, json={**CLOSED, "file": "1" * 10_000_000}, headers=key).status_code
        == 413
    )
