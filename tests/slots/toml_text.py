"""A mapping as TOML text: enough of TOML for desk files."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any


def toml_text(mapping: Mapping[str, Any]) -> str:
    """The TOML text of `mapping`, each table within its own line. Raises TypeError for no TOML."""
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in mapping.items())


def _key(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    match value:
        case bool() | str() | int():
            return json.dumps(value, ensure_ascii=False)
        case date():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
            return f"{{ {inner} }}"
    raise TypeError(f"{value!r} is no TOML")
