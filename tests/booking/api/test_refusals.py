"""Every refusal is application/problem+json with a stable code, in Japanese, without what was typed."""

from typing import Any

import pytest

from booking.ledger import queries
from tests.booking.api.conftest import Client
from tests.support.house import House, raw_application

JSON = {"Content-Type": "application/json"}
BOOKINGS = "/api/v1/bookings"


def the_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem, after the checks that hold for all."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    assert (found["status"], found["code"]) == (status, code)
    assert found["type"] == f"/api/v1/problems/{code}"
    assert found["detail"].endswith("。")
    return found


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/v1",
        "/api/v2/desks",
        "/api/v1/nothing",
        "/api/v1/desks/shibukawa",
        "/api/v1/desks/shibukawa/lawyer/legal",
        "/api/v1/desks/nowhere/none",
        "/api/v1/consultations/shibukawa/lawyer/none/slots",
        "/api/v1/bookings/nobody-has-this-token",
        "/api/v1/problems/none",
        "/health",
        "/health/dead",
        "/metrics/all",
    ],
)
def test_an_address_that_leads_nowhere(reader: Client, path: str) -> None:
    the_problem(reader.get(path), 404, "not-found")


def test_an_address_of_the_pages_stays_theirs(reader: Client) -> None:
    assert reader.get("/apiary/hive").headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE"])
def test_a_method_that_is_not_known_there(reader: Client, method: str) -> None:
    answer = reader.request(method, "/api/v1/desks")

    the_problem(answer, 405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("body", [b"", b"{", b'"\\ud800"', b"[" * 20_000, b"\xff", b"{} {}"])
def test_a_body_that_is_no_json(reader: Client, body: bytes) -> None:
    answer = reader.post(BOOKINGS, content=body, headers=JSON)

    the_problem(answer, 400, "unreadable")


def test_a_body_that_is_json_but_no_object(reader: Client) -> None:
    found = the_problem(reader.post(BOOKINGS, json=["x"]), 422, "invalid")

    assert [one["code"] for one in found["errors"]] == ["not-an-object"]


def test_a_form_is_not_json(reader: Client) -> None:
    the_problem(reader.post(BOOKINGS, data={"name": "x"}), 415, "not-json")


def test_a_body_that_is_far_too_long(reader: Client) -> None:
    answer = reader.post(BOOKINGS, content=b" " * 70_000, headers=JSON)

    the_problem(answer, 413, "too-large")


@pytest.mark.parametrize("key", ["x" * 201, "二重", "two words"])
def test_a_key_that_cannot_be_kept(reader: Client, key: str) -> None:
    headers = {"Idempotency-Key": key.encode()}
    answer = reader.post(BOOKINGS, json=raw_application(), headers=headers)

    found = the_problem(answer, 422, "invalid")
    assert [one["field"] for one in found["errors"]] == ["Idempotency-Key"]


def test_what_nobody_foresaw_tells_nothing(
    reader: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Broken on purpose: neither the answer nor the log's own words repeat the address."""

    def broken(*_: object) -> None:
        raise RuntimeError("the reason")

    monkeypatch.setattr(queries, "by_token", broken)
    answer = reader.get(f"{BOOKINGS}/a-secret-token")

    the_problem(answer, 500, "unexpected")
    assert "reason" not in answer.text
    assert "a-secret-token" not in caplog.text


def test_a_refusal_repeats_nothing_that_was_typed(reader: Client) -> None:
    typed = {"name": "氏名である", "kana": "漢字である", "phone": "これは番号", "秘密である": 1}
    first = reader.post(BOOKINGS, json=raw_application(**typed))
    typed.pop("秘密である")
    second = reader.post(BOOKINGS, json=raw_application(**typed))

    assert "である" not in first.text + second.text
    assert "これは番号" not in second.text


def test_the_kinds_of_problems_are_explained_at_their_type(reader: Client) -> None:
    found = reader.get("/api/v1/consultations/a/b/c/slots").json()

    assert reader.get(found["type"]).json() == found


def test_head_is_answered_where_get_is(reader: Client) -> None:
    for path in ("/api/v1/desks", "/health/live", "/api/v1/bookings/nobody"):
        get, head = reader.get(path), reader.head(path)

        assert head.status_code == get.status_code
        assert head.content == b""
        assert head.headers["content-type"] == get.headers["content-type"]


def test_options_names_all_methods(reader: Client) -> None:
    allowed = {path: reader.options(path).headers["allow"] for path in ("/api/v1/desks", BOOKINGS)}

    assert allowed == {"/api/v1/desks": "GET, HEAD, OPTIONS", BOOKINGS: "OPTIONS, POST"}


def test_the_pages_of_a_house_do_not_answer_for_its_api(a_sqlite_house: House) -> None:
    """The residents' pages know refusals of their own kind; the nearest kind must not win here."""
    with a_sqlite_house.client() as client:
        the_problem(client.post(f"{BOOKINGS}/nobody/cancel"), 404, "not-found")
