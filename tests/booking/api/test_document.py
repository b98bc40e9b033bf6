"""The OpenAPI document keeps its word: every answer of every operation is as it says."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis.checks import positive_data_acceptance

from booking.app import create_app
from booking.ledger import desk_changes
from tests.booking.api.conftest import Client, Headers
from tests.support.house import INTERVIEW, LEGAL, SESSION, House, raw_application

DOCUMENT = "/schema/openapi.json"
EXAMPLES = 5


@pytest.fixture(scope="module")
def document(reader: Client) -> dict[str, Any]:
    """The document as it is served."""
    found: dict[str, Any] = reader.get(DOCUMENT).json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation of each."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_only_the_api_is_in_the_document(document: dict[str, Any]) -> None:
    rooms = {path.split("/")[1] for path in document["paths"]}

    assert rooms == {"api", "health", "metrics"}


def test_every_refusal_is_declared_as_a_problem_with_an_example(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) < 400:
                continue
            (found,) = answer["content"].items()
            media_type, content = found
            assert media_type == "application/problem+json", (path, method, status)
            assert content["schema"]["$ref"].endswith("/Problem")
            for code, example in content["examples"].items():
                assert example["value"]["code"] == code
                assert example["value"]["status"] == int(status)


def test_staffs_operations_ask_for_a_key_and_no_others_do(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for path, _, operation in operations(document):
        asks = operation.get("security") == [{"key": []}]
        assert asks == path.startswith("/api/v1/staff/")
        assert ("401" in operation["responses"]) == asks


def test_an_operations_name_is_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]

    assert sorted(set(names)) == sorted(names)


def test_unknown_fields_are_refused_as_the_document_says(document: dict[str, Any]) -> None:
    taken = [
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
        for _, _, operation in operations(document)
        if "requestBody" in operation
    ]

    assert {document["components"]["schemas"][one]["additionalProperties"] for one in taken} == {
        False
    }


@pytest.mark.slow
def test_every_answer_is_as_the_document_says(
    a_sqlite_house: House, key_of: Callable[..., Headers]
) -> None:
    """Schemathesis makes requests from the document; names that exist take the place of some."""
    house, key = a_sqlite_house, key_of()
    app = create_app(house.settings, house.clock, ticking=False)
    document = schemathesis.openapi.from_asgi(DOCUMENT, app)
    seen: set[int] = set()
    known = {
        "organisation": "shibukawa",
        "desk": "lawyer",
        "consultation": "legal",
        "token": house.request().token,
        "reference": house.request(INTERVIEW).reference,
        "code": "invalid",
        "planned": SESSION,
        "change": desk_changes.make(
            house.ledger, LEGAL, "closures", {"first": "2027-03-20"}, actor="staff:test"
        ).id,
    }
    for found in document.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy(), some=strategies.sampled_from([known, known, None]))
        @settings(
            max_examples=EXAMPLES,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def keeps_its_word(case: Any, some: dict[str, str] | None) -> None:
            if some is not None:
                _make_sensible(case, some)
            if case.path.startswith("/api/v1/staff/"):
                case.headers = {**(case.headers or {}), **key}
            answer = case.call()
            seen.add(answer.status_code)
            # What no schema can say (which days are open) may still be refused.
            case.validate_response(answer, excluded_checks=[positive_data_acceptance])

        keeps_its_word()

    assert {200, 201, 404, 409, 422} <= seen


def _make_sensible(case: Any, names: dict[str, str]) -> None:
    case.path_parameters = {name: names[name] for name in case.path_parameters or {}}
    if isinstance(case.body, dict) and "kana" in case.body:
        case.body = json.loads(json.dumps(raw_application()))
    if isinstance(case.body, dict) and "kind" in case.body:
        case.body = {"scope": LEGAL, "kind": "closures", "change": {"first": "2027-02-20"}}
