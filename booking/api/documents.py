"""What the OpenAPI document says of each answer: nothing that an answer doesn't keep."""

from typing import Any

import msgspec
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Components, Example, SecurityScheme

from booking.api.problems import ALL, MEDIA_TYPE, Problem, problem

BEARER: list[dict[str, list[str]]] = [{"key": []}]
# Each body may be too long, no JSON at all, or JSON that can't be read.
BODY = ("unreadable", "too-large", "not-json")


def components() -> Components:
    """The document's parts that no handler brings along: how staff's programs show their key."""
    scheme = SecurityScheme(
        type="http", scheme="bearer", description="`booking keys add NAME` prints a key once."
    )
    return Components(security_schemes={"key": scheme})


def answers(
    shape: Any,
    description: str,
    *codes: str,
    status: int = 200,
    example: Any = None,
    media_type: str = "application/json",
    kept: bool = False,
) -> dict[int, ResponseSpec]:
    """All answers of a handler: `shape` on success, and the problems called `codes`.

    `kept`: it has an ETag, and answers 304 to who has the same.
    """
    examples = [Example(summary="例", value=example)] if example is not None else None
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
        found[304] = ResponseSpec(None, description="As the ETag in If-None-Match says.")
    by_status: dict[int, list[str]] = {}
    for code in ("unreadable", *codes, "unexpected"):
        names = by_status.setdefault(ALL[code], [])
        if code not in names:
            names.append(code)
    return found | {status: _refusals(status, names) for status, names in by_status.items()}


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
