"""The desks that this installation serves, read from desk files. Knows no booking."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from slots.definition import Complaint, DefinitionError, check
from slots.desk import Consultation, Desk, Organisation

T = TypeVar("T")

SHIPPED = Path(__file__).parent / "definitions"
RESERVED = frozenset(
    {"api", "b", "feeds", "health", "hooks", "metrics", "private", "schema", "staff", "static"}
)
# /{organisation}/calendar and /{organisation}/{desk}/calendar are pages that tell how to subscribe.
CALENDAR = "calendar"


class UnknownDesk(LookupError):
    """No organisation, desk or consultation has that key; `key` is what was asked for."""

    def __init__(self, key: str) -> None:
        """Keep the key."""
        super().__init__(f"no such organisation, desk or consultation: {key}")
        self.key = key


class DeskFileError(ValueError):
    """A desk file that cannot be used: `path` and all `complaints`."""

    def __init__(self, path: Path, complaints: list[Complaint]) -> None:
        """Keep both; the text is one line for each complaint."""
        super().__init__("\n".join(f"{path}: {one}" for one in complaints))
        self.path = path
        self.complaints = complaints


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All organisations by key, and what they define."""

    organisations: dict[str, Organisation]
    desks: dict[str, Desk]
    consultations: dict[str, Consultation]

    def organisation(self, key: str) -> Organisation:
        """The organisation called `key`; raises UnknownDesk."""
        return _found(self.organisations, key)

    def desk(self, key: str) -> Desk:
        """The desk called organisation/desk; raises UnknownDesk."""
        return _found(self.desks, key)

    def consultation(self, key: str) -> Consultation:
        """The consultation called organisation/desk/consultation; raises UnknownDesk."""
        return _found(self.consultations, key)

    def desk_of(self, consultation_key: str) -> Desk:
        """The desk at which a consultation is held; raises UnknownDesk."""
        return self.desk(consultation_key.rsplit("/", 1)[0])

    def organisation_of(self, key: str) -> Organisation:
        """The organisation that runs the desk or consultation `key`; raises UnknownDesk."""
        return self.organisation(key.split("/", 1)[0])


def _found(table: dict[str, T], key: str) -> T:
    try:
        return table[key]
    except KeyError:
        raise UnknownDesk(key) from None


def catalogue_of(organisations: Iterable[Organisation]) -> Catalogue:
    """A catalogue of `organisations`."""
    by_key = {one.key: one for one in organisations}
    desks = {desk.key: desk for one in by_key.values() for desk in one.desks}
    consultations = {one.key: one for desk in desks.values() for one in desk.consultations}
    return Catalogue(by_key, desks, consultations)


def read_file(path: Path) -> Organisation:
    """The organisation that the desk file `path` defines. Raises DeskFileError, OSError.

    A byte order mark, as Windows editors write it, is no fault. An id under which the addresses of
    the program itself lie is one.
    """
    return read_with_warnings(path)[0]


def read_with_warnings(path: Path) -> tuple[Organisation, list[Complaint]]:
    """The same, with the warnings about what can be used, but is hardly meant.

    A file of holidays that the desk file names is read beside it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        found, warnings = check(tomllib.loads(text), lambda name: (path.parent / name).read_bytes())
    except UnicodeDecodeError as error:
        raise DeskFileError(path, [Complaint("", "is not UTF-8; save it as UTF-8")]) from error
    except tomllib.TOMLDecodeError as error:
        raise DeskFileError(path, [Complaint("", f"is not TOML: {error}")]) from error
    except DefinitionError as error:
        raise DeskFileError(path, error.complaints) from error
    if found.key in RESERVED:
        message = f"{found.key!r} is an address of the program itself; choose another id"
        raise DeskFileError(path, [Complaint("organisation.id", message)])
    desks = [(f"desks[{n}]", desk) for n, desk in enumerate(found.desks)]
    named = [(where, desk.key) for where, desk in desks]
    for where, desk in desks:
        each = enumerate(desk.consultations)
        named += [(f"{where}.consultations[{m}]", one.key) for m, one in each]
    taken = [
        Complaint(f"{where}.id", "is the address of a page about calendars; choose another id")
        for where, key in named
        if key.rsplit("/", 1)[1] == CALENDAR
    ]
    if taken:
        raise DeskFileError(path, taken)
    return found, warnings


def load(folder: Path | None = None) -> Catalogue:
    """The catalogue of all *.toml in `folder` (default: the shipped definitions).

    Raises DeskFileError for the first file that cannot be used, for two that define one
    organisation, and for a folder without any.
    """
    return _shipped() if folder is None else _load(folder)


@cache
def _shipped() -> Catalogue:
    """Read once: they come with the program, and change with it."""
    return _load(SHIPPED)


def _load(where: Path) -> Catalogue:
    found: dict[str, Organisation] = {}
    files: dict[str, Path] = {}
    for path in sorted(where.glob("*.toml")):
        one = read_file(path)
        if one.key in found:
            message = f"{one.key!r} is defined by {files[one.key].name} already; keep one of them"
            raise DeskFileError(path, [Complaint("organisation.id", message)])
        found[one.key], files[one.key] = one, path
    if not found:
        raise DeskFileError(where, [Complaint("", "has no desk file (*.toml)")])
    return catalogue_of(found.values())
