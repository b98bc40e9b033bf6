"""Reads one TOML table, key by key, and remembers every complaint with its path."""

import re
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar

from slots.plain_text import plain

T = TypeVar("T")
U = TypeVar("U")

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong in a desk file: where (`desks[1].hours[0].start`) and what to write instead.

    An empty path means the file itself. A warning is about what can be used, but is hardly meant.
    """

    path: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        """path: message; a warning says that it is one."""
        said = f"warning: {self.message}" if self.warning else self.message
        return f"{self.path}: {said}" if self.path else said


class DefinitionError(ValueError):
    """A desk file that cannot be used; `complaints` has everything that is wrong with it."""

    def __init__(self, complaints: list[Complaint]) -> None:
        """Keep the complaints; the text is one line for each."""
        super().__init__("\n".join(map(str, complaints)))
        self.complaints = complaints


class TableReader:
    """One table of a desk file. A key that nobody asked for is a complaint of its own (`finish`).

    What is faulty is read as a stand-in value, so that the rest can be read too; who draws
    conclusions from a value asks `faulty` first, lest one mistake bring two complaints.
    """

    def __init__(self, table: Mapping[str, Any], path: str, complaints: list[Complaint]) -> None:
        """Read `table`, found at `path`, adding to `complaints`."""
        self._table = table
        self._path = path
        self._complaints = complaints
        self._asked: set[str] = set()

    def at(self, key: str) -> str:
        """The path of `key` in this table."""
        return f"{self._path}.{key}" if self._path else key

    def complain(self, key: str, message: str) -> None:
        """Add a complaint about `key`."""
        self._complaints.append(Complaint(self.at(key), message))

    def warn(self, key: str, message: str) -> None:
        """Add a warning about `key`: the file can be used all the same."""
        self._complaints.append(Complaint(self.at(key), message, warning=True))

    def faulty(self, *keys: str) -> bool:
        """Whether there is a complaint about one of `keys`, or about something inside it."""
        places = [self.at(key) for key in keys]
        return any(
            one.path == place or one.path.startswith((f"{place}.", f"{place}["))
            for one in self._complaints
            if not one.warning
            for place in places
        )

    def has(self, key: str) -> bool:
        """Whether the table has `key`."""
        return key in self._table

    def known(self) -> set[str]:
        """The keys that were asked for so far."""
        return set(self._asked)

    def know(self, key: str) -> None:
        """Name `key` among those of this table without reading it: it is not there, or was judged."""
        self._asked.add(key)

    def _get(self, key: str, kind: type[T], say: str, default: T | None) -> T | None:
        self._asked.add(key)
        value = self._table.get(key)
        if value is None:
            return default
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.complain(key, f"{_SHORT.repr(value)} is not {say}")
            return default
        return value

    def either(self, key: str, one: type[T], other: type[U], say: str) -> T | U | None:
        """A value of either kind, or None when the key is missing."""
        self._asked.add(key)
        value = self._table.get(key)
        if value is None or isinstance(value, (one, other)):
            return value
        self.complain(key, f"{_SHORT.repr(value)} is not {say}")
        return None

    def text(self, key: str, default: str | None = None) -> str | None:
        """A string, as `plain` makes it; an empty one is a complaint."""
        value = self._get(key, str, "a text; write it in quotes", default)
        if value is None:
            return None
        text = plain(value)
        if not text:
            self.complain(key, "is empty; write something or leave the key out")
        return text

    def required(self, key: str) -> str:
        """A string that must be there; complains and gives "" otherwise."""
        if key not in self._table:
            self._asked.add(key)
            self.complain(key, "is missing; every entry of this kind needs it")
            return ""
        return self.text(key) or ""

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of `allowed`; without a default the key must be there."""
        value = self.text(key, default) if default is not None else self.required(key)
        if value and value not in allowed:
            self.complain(key, f"{value!r} is not one of: {', '.join(allowed)}")
            return allowed[0]
        return value or allowed[0]

    def number(
        self, key: str, default: int | None = None, *, least: int = 0, most: int = 9999
    ) -> int | None:
        """A whole number from `least` to `most`."""
        value = self._get(key, int, "a whole number", default)
        if value is not None and not least <= value <= most:
            self.complain(key, f"{value} is not a number from {least} to {most}")
            return default
        return value

    def flag(self, key: str) -> bool:
        """true or false; false when the key is missing."""
        return bool(self._get(key, bool, "true or false", False))

    def denied(self, key: str) -> bool:
        """Whether `key` is `false` where a value may stand: there is to be none of it.

        `true` doesn't say what there is to be: a complaint.
        """
        self._asked.add(key)
        value = self._table.get(key)
        if value is True:
            self.complain(key, "true doesn't say what; write a value, or false for none")
        return isinstance(value, bool)

    def wall_time(self, key: str, default: time | None = None) -> time:
        """A local time such as 09:00:00 (TOML) or "09:00"; required without a default."""
        self._asked.add(key)
        value = self._table.get(key, default)
        if value is None:
            self.complain(key, 'is missing; write a time of day: "09:00"')
            return time()
        try:
            found = time.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            found = None
        if not isinstance(found, time) or found != time(found.hour, found.minute):
            self.complain(key, f'{_SHORT.repr(value)} is not a time of day; write "09:00"')
            return time()
        return found

    def day(self, key: str) -> date | None:
        """A local date such as 2026-04-01, or None when the key is missing."""
        value = self._get(key, date, "a date; write 2026-04-01, without quotes", None)
        if isinstance(value, datetime):
            self.complain(key, f"{value} has a time of day; write {value:%Y-%m-%d} alone")
            return None
        return value

    def days(self, key: str) -> tuple[date, ...]:
        """A list of local dates; empty when the key is missing."""
        listed = self.listed(key)
        found = [one for one in listed if isinstance(one, date) and not isinstance(one, datetime)]
        if len(found) != len(listed):
            self.complain(key, "has an entry that is no date; write 2026-04-18, without quotes")
        return tuple(found)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each as `plain` makes it; empty when the key is missing."""
        value = self._get(key, list, 'a list of texts; write ["…"]', []) or []
        texts = [text for one in value if isinstance(one, str) and (text := plain(one))]
        if len(texts) != len(value):
            self.complain(key, 'has an entry that is no text; write ["…", "…"]')
        return tuple(texts)

    def listed(self, key: str) -> list[Any]:
        """A list of anything; empty when the key is missing."""
        return self._get(key, list, "a list; write it in [ ]", []) or []

    def mapping(self, key: str) -> dict[str, str]:
        """A table of texts, each as `plain` makes it; empty when the key is missing."""
        value = self._get(key, dict, 'a table of texts; write name = "…" in it', {}) or {}
        found = {}
        for name, text in value.items():
            if isinstance(text, str) and (said := plain(text)):
                found[name] = said
            else:
                message = f"{_SHORT.repr(text)} is not a text; write it in quotes"
                self.complain(f"{key}.{name}", message)
        return found

    def table(self, key: str, read: Callable[["TableReader"], T]) -> T | None:
        """The sub-table `key` as `read` makes it, or None when it is missing."""
        value = self._get(key, dict, f"a table; write it below [{self._header(key)}]", None)
        if value is None:
            return None
        inner = TableReader(value, self.at(key), self._complaints)
        return inner.finish(read(inner))

    def tables(self, key: str, read: Callable[["TableReader"], T]) -> tuple[T, ...]:
        """The list of tables `key`, each as `read` makes it."""
        header = f"[[{self._header(key)}]]"
        listed = self._get(key, list, f"a list; write each below {header}", []) or []
        found = []
        for n, value in enumerate(listed):
            if not isinstance(value, dict):
                self.complain(f"{key}[{n}]", f"is not a table; write it below {header}")
                continue
            inner = TableReader(value, self.at(f"{key}[{n}]"), self._complaints)
            found.append(inner.finish(read(inner)))
        return tuple(found)

    def _header(self, key: str) -> str:
        return re.sub(r"\[\d+\]", "", self.at(key))

    def finish(self, made: T) -> T:
        """`made`, after complaining about each key that nobody asked for."""
        for key in sorted(set(self._table) - self._asked):
            known = ", ".join(sorted(self._asked))
            self.complain(key, f"is not a key of this table; known are: {known}")
        return made
