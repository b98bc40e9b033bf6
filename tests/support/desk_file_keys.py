"""What the reader of desk files asks for, and what README's tables say of it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

import pytest

from slots.definition import check
from slots.definition.reader import TableReader
from slots.definition.timetable import ReadFile

BEGIN, END = "<!-- desk file -->", "<!-- /desk file -->"
KINDS = {
    "text": "text",
    "texts": "list of texts",
    "listed": "list",
    "day": "date",
    "days": "list of dates",
    "wall_time": "time",
    "mapping": "table of texts",
    "table": "table",
    "tables": "list of tables",
}


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key: None and () where the code or the README does not say."""

    kind: str | None = None
    allowed: tuple[str, ...] = ()
    default: str | None = None
    optional: bool = False


Tables = dict[str, dict[str, Key]]


# ---------------------------------------------------------------- what the code asks for
def asked_for(files: Iterable[tuple[Mapping[str, Any], ReadFile]]) -> Tables:
    """Every key of every table that `files` have, by the table's path: `desks.hours`.

    Nothing is written down twice: the reader itself is listened to while it reads.
    """
    found: Tables = {}
    with pytest.MonkeyPatch.context() as patch:
        for method in (*KINDS, "required", "choice", "number", "flag", "know"):
            patch.setattr(TableReader, method, _listening(method, found))
        for mapping, read_file in files:
            check(mapping, read_file)
    return found


def _listening(method: str, found: Tables) -> Callable[..., Any]:
    original = getattr(TableReader, method)

    def ask(self: TableReader, key: str, *args: Any, **named: Any) -> Any:
        answer = original(self, key, *args, **named)
        path = re.sub(r"\[\d+\]", "", self.at(key))
        table, _, name = path.rpartition(".")
        known = found.setdefault(table, {}).get(name, Key())
        # choice and number ask in their turn: who was asked first knows most, and is done last.
        found[table][name] = _laid_over(known, _key(method, args, named))
        return answer

    return ask


def _key(method: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> Key:
    match method:
        case "required":
            return Key("text", default="required")
        case "choice":
            return Key("choice", args[0], args[1] if len(args) > 1 else "required")
        case "number":
            low, high = named.get("least", 0), named.get("most", 9999)
            return Key(f"whole number {low} to {high}", default=str(args[0]) if args else None)
        case "flag":
            return Key("choice", ("true", "false"), "false")
        case "wall_time":
            at = args[0] if args else None
            return Key("time", default=f"{at:%H:%M}" if isinstance(at, time) else None)
        case "know":  # the reader can do without it
            return Key(optional=True)
    return Key(KINDS[method])


def _laid_over(known: Key, one: Key) -> Key:
    told = known if one.kind is None else one
    optional = known.optional or one.optional
    required = told.default == "required" and not optional
    default = told.default if told.default != "required" or required else None
    return replace(told, default=default, optional=optional)


# ---------------------------------------------------------------- what README says
def documented(readme: str) -> Tables:
    """The tables between the marks of README, in the same shape.

    A heading names the tables that the rows below it belong to; `opens_…` before their names is
    what the `…` of a row's key stands for.
    """
    assert readme.count(BEGIN) == readme.count(END) == 1
    found: Tables = {}
    tables: list[tuple[str, str]] = []
    for line in readme.split(BEGIN)[1].split(END)[0].splitlines():
        if line.startswith("### "):
            tables = list(_tables_of(line))
        elif line.startswith("In `"):
            tables += _tables_of(line)
        elif line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
            for table, prefix in tables:
                for name in re.findall(r"`([^`]+)`", cells[0]):
                    key = name.replace("…", prefix)
                    assert key not in found.setdefault(table, {}), f"{table}.{key} stands twice"
                    found[table][key] = _said(cells[1], cells[2])
    return found


def _tables_of(line: str) -> Iterator[tuple[str, str]]:
    prefixes: list[str] = []
    named = True
    for token in re.findall(r"`([^`]+)`", line):
        if token.endswith("_…"):
            prefix = token.removesuffix("_…")
            prefixes = [prefix] if named else [*prefixes, prefix]
            named = False
        elif token == "top" or token.startswith("["):
            named = True
            yield from ((token.strip("[]").removeprefix("top"), one) for one in prefixes or [""])


def _said(kind: str, default: str) -> Key:
    backticked = tuple(re.findall(r"`([^`]+)`", kind))
    said = "required" if default.startswith("required") else None
    return Key(kind, backticked, said or next(iter(re.findall(r"`([^`]+)`", default)), None))
