"""Reads what callers send: JSON bodies, spans of days, keys. What can't be read is refused by field."""

import re
from collections.abc import Generator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar.dto import AbstractDTO, DTOFieldDefinition
from litestar.exceptions import ClientException, HTTPException
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from booking.errors import FieldError, Invalid
from booking.ledger.application import YEARS

USUAL_DAYS, MOST_DAYS = 60, 400
# RFC 9110's field-vchar; long enough for any UUID, ULID or hash.
IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,200}")


class JsonBody(AbstractDTO[Any]):
    """Decodes a JSON body strictly to the handler's Struct, and names every field that is wrong.

    Litestar's own way would take "true" for a boolean, tell only the first fault, and in English.
    A required field that is missing reads as an empty one: what is required the ledger says, of all
    fields at once.
    """

    def decode_bytes(self, value: bytes) -> Any:
        """The Struct. Raises Invalid, and HTTPException 400 or 415 for what is no JSON."""
        connection: Any = self.asgi_connection
        if connection.content_type[0] != "application/json":
            raise HTTPException(status_code=415)
        shape = connection.route_handler.parsed_data_field.annotation
        try:
            raw = msgspec.json.decode(value)
        except (ValueError, RecursionError):
            raise ClientException from None
        if not isinstance(raw, dict):
            raise Invalid([FieldError("body", "not-an-object")])
        return read_shape(shape, raw)

    @classmethod
    def create_for_field_definition(cls, *_: Any, **__: Any) -> None:
        """Prepare nothing."""

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: Any
    ) -> Reference | Schema:
        """The Struct's own schema, which lets no further field in."""
        found: Reference | Schema = schema_creator.for_field_definition(field_definition)
        if isinstance(found, Reference):
            schema = schema_creator.schema_registry.from_reference(found).schema
            schema.additional_properties = False
        return found

    @classmethod
    def is_supported_model_type_field(cls, field_definition: FieldDefinition) -> bool:
        """Answers are none of its business."""
        return False

    @classmethod
    def generate_field_definitions(
        cls, model_type: type[Any]
    ) -> Generator[DTOFieldDefinition, None, None]:
        """None."""
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """None."""
        return False


def read_shape(shape: type[msgspec.Struct], raw: dict[str, Any]) -> Any:
    """The Struct that `raw` describes. Raises Invalid for unknown fields and values of a wrong type."""
    known = {one.name: one for one in msgspec.structs.fields(shape)}
    # A field that we don't know is not named back: it is what was typed.
    errors = [FieldError("body", "unknown-field")] if raw.keys() - known.keys() else []
    values: dict[str, Any] = {}
    for name, one in known.items():
        if name not in raw:
            if one.required:
                values[name] = ""
            continue
        try:
            values[name] = msgspec.convert(raw[name], one.type, strict=True)
        except msgspec.ValidationError as fault:
            errors.append(FieldError(name, _code(raw[name], fault)))
    if errors:
        raise Invalid(errors)
    return shape(**values)


def _code(value: object, fault: msgspec.ValidationError) -> str:
    if value is None:
        return "required"
    return "unknown" if str(fault).startswith("Invalid enum value") else "wrong-type"


def raw_of(asked: msgspec.Struct) -> dict[str, Any]:
    """The fields of a Struct as the ledger reads them."""
    found: dict[str, Any] = msgspec.to_builtins(asked)
    return found


@lru_cache(maxsize=1024)
def read_span(query: bytes, today: date) -> tuple[date, date]:
    """The local days [start, end) of `from` and `to` in a raw query; both are included there.

    By default today and the 60 days after it. Raises Invalid for what is no date, runs backwards,
    or is longer than 400 days.
    """
    given = parse_qs(query.decode("latin-1"))
    first, last = (given.get(name, [""])[-1] for name in ("from", "to"))
    errors: list[FieldError] = []
    start = read_day(first, "from", errors) or today
    last_day = read_day(last, "to", errors)
    if last_day is None:
        last_day = start + timedelta(days=USUAL_DAYS)
    if errors:
        raise Invalid(errors)
    if last_day < start:
        raise Invalid([FieldError("to", "before-from")])
    if (last_day - start).days >= MOST_DAYS:
        raise Invalid([FieldError("to", "too-far")])
    return start, last_day + timedelta(days=1)


def read_day(text: str, name: str, errors: list[FieldError]) -> date | None:
    """The day that `text` writes, as 2026-12-19; None for none, and for a fault noted in `errors`."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        errors.append(FieldError(name, "not-a-date"))
        return None
    return day


def read_idempotency_key(text: str) -> str | None:
    """The key, or None where none was sent. Raises Invalid for one that is too long or not ASCII."""
    if not text:
        return None
    if not IDEMPOTENCY_KEY.fullmatch(text):
        raise Invalid([FieldError("Idempotency-Key", "not-a-key")])
    return text
