"""What the OpenAPI document says of each answer: nothing that an answer doesn't keep."""

from dataclasses import dataclass
from typing import Any

import msgspec
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    Components,
    Example,
    OpenAPIFormat,
    OpenAPIHeader,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    Schema,
    SecurityScheme,
)

from booking.api.problems import ALL, MEDIA_TYPE, Problem, problem

BEARER: list[dict[str, list[str]]] = [{"key": []}]
# Each body may be too long, no JSON at all, or JSON that can't be read.
BODY = ("unreadable", "too-large", "not-json")
DATE = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.DATE)
SPAN = [
    Parameter(
        name="from",
        param_in="query",
        schema=DATE,
        required=False,
        description="first day, as 2026-12-01; today if left out",
    ),
    Parameter(
        name="to",
        param_in="query",
        schema=DATE,
        required=False,
        description="last day, itself included; 60 days after the first if left out, at most 399",
    ),
]


def components() -> Components:
    """The document's parts that no handler brings along: how staff's programs show their key."""
    scheme = SecurityScheme(
        type="http", scheme="bearer", description="`booking keys add NAME` prints a key once."
    )
    return Components(security_schemes={"key": scheme})


@dataclass
class Documented(Operation):
    """An operation with the headers of its answers, and the first sentence about it as its title."""

    def __post_init__(self) -> None:
        """Add what Litestar can't be told otherwise."""
        for one in self.parameters or []:
            # What is left out is empty to a handler; to a caller it is left out.
            if isinstance(one, Parameter) and isinstance(one.schema, Schema):
                one.schema.default = None
        self.summary = (self.description or "").partition(".")[0].partition(":")[0]
        responses = self.responses or {}
        for status in ("200", "304") if "304" in responses else ():
            self._add(status, "ETag", "changes whenever the answer does")
        self._add("201", "Location", "the address of what was made")
        self._add("401", "WWW-Authenticate", "Bearer")
        self._add("429", "Retry-After", "seconds")

    def _add(self, status: str, name: str, description: str) -> None:
        response = (self.responses or {}).get(status)
        if isinstance(response, OpenAPIResponse):
            header = OpenAPIHeader(
                schema=Schema(type=OpenAPIType.STRING), description=description, required=False
            )
            response.headers = {**(response.headers or {}), name: header}


@dataclass
class DocumentedSpan(Documented):
    """An operation over a span of days, whose handler reads the query by itself."""

    def __post_init__(self) -> None:
        """Add the days."""
        super().__post_init__()
        self.parameters = [*(self.parameters or []), *SPAN]


def documented(
    operation_id: str,
    tag: str,
    shape: Any,
    description: str,
    *codes: str,
    status: int = 200,
    example: Any = None,
    media_type: str = "application/json",
    kept: bool = False,
    span: bool = False,
) -> dict[str, Any]:
    """What a handler's decorator is told: `shape` on success, and the problems called `codes`.

    `kept`: it has an ETag, and answers 304 to who has the same. `span`: it takes `from` and `to`.
    """
    examples = [Example(id="example", value=example)] if example is not None else None
    found = {
        status: ResponseSpec(
            shape,
            generate_examples=False,
            description=description,
            media_type=media_type,
            examples=examples,
        )
    }
    if kept:
        found[304] = ResponseSpec(None, description="As If-None-Match says, you have it.")
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(("unreadable", *codes, "unexpected")):
        by_status.setdefault(ALL[code], []).append(code)
    found |= {status: _refusals(status, names) for status, names in by_status.items()}
    return {
        "operation_id": operation_id,
        "tags": [tag],
        "status_code": status,
        "responses": found,
        "operation_class": DocumentedSpan if span else Documented,
    }


def _refusals(status: int, codes: list[str]) -> ResponseSpec:
    return ResponseSpec(
        Problem,
        generate_examples=False,
        description="`code`: " + ", ".join(codes),
        media_type=MEDIA_TYPE,
        examples=[
            Example(id=code, summary=code, value=msgspec.to_builtins(problem(code, status)))
            for code in codes
        ],
    )
