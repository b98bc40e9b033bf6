"""What calendar programs make of our files: libical, ical.js and khal, each in its own process.

`.ci/consumers` installs them. They look from New York unless told otherwise: there a time that floats,
and one of a zone that nobody defined, is another instant than in Japan.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.support.run import missing

HOME = Path(sys.prefix) / "consumers"
PROGRAMS = Path(__file__).parent
PYTHON = [str(HOME / "bin" / "python")]
ICAL_JS = HOME / "node_modules" / "ical.js" / "dist" / "ical.js"
COMMANDS: Mapping[str, list[str]] = {
    "libical": ["/usr/bin/python3", str(PROGRAMS / "libical.py")],
    "ical.js": [*PYTHON, str(HOME / "bin" / "node"), str(PROGRAMS / "icaljs.mjs"), str(ICAL_JS)],
    "khal": [*PYTHON, str(PROGRAMS / "khal_events.py")],
}
NEW_YORK = "America/New_York"
PATIENCE_SECONDS = 120
LONGEST_LINE = 75
MANY = 20

# Entries by UID, as fields of `Seen`.
Expected = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An entry as a program shows it. Instants are ISO 8601 in UTC, alarms (action, seconds after)."""

    uid: str | None
    start: str
    end: str | None
    zone: str | None
    stamp: str | None
    changed: str | None
    status: str | None
    summary: str | None
    description: str | None
    location: str | None
    url: str | None
    sequence: int
    transparency: str | None
    privacy: str | None
    categories: list[str]
    organizer: list[str]
    attendees: list[str]
    alarms: list[list[Any]]


@dataclass(frozen=True)
class Reading:
    """One file as one program reads it, with all that it has against it. Of these, libical alone knows NAME."""

    errors: list[str]
    method: str | None
    name: str | None
    events: dict[str, Seen]
    count: int


@cache
def _have() -> bool:
    asked = 'import gi; gi.require_version("ICalGLib", "3.0")'
    system = Path(COMMANDS["libical"][0])
    libical = (
        system.exists()
        and not subprocess.run([system, "-c", asked], capture_output=True, check=False).returncode
    )
    return libical and ICAL_JS.exists()


def installed() -> None:
    """Skip, or fail, where the programs are missing."""
    if not _have():
        missing(
            "there is no libical, ical.js or khal: `.ci/consumers` installs them or says how to"
        )


def read(files: Mapping[str, bytes], *, viewer: str = NEW_YORK) -> dict[str, dict[str, Reading]]:
    """By the name of the file, what each of the programs reads. Skips where they are missing."""
    if not _have():
        missing(
            "there is no libical, ical.js or khal: `.ci/consumers` installs them or says how to"
        )
    with TemporaryDirectory(prefix="calendars-") as folder:
        paths = {str(Path(folder) / f"{number}.ics"): name for number, name in enumerate(files)}
        for path, name in paths.items():
            Path(path).write_bytes(files[name])
        said = {one: json.loads(text) for one, text in _run([*paths], viewer).items()}
    return {
        name: {one: _reading(said[one][path]) for one in COMMANDS} for path, name in paths.items()
    }


def _run(paths: list[str], viewer: str) -> dict[str, bytes]:
    """What each program printed; all of them run at the same time."""
    environment = {**os.environ, "TZ": viewer}
    running = {
        name: subprocess.Popen(
            [*command, *paths],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for name, command in COMMANDS.items()
    }  # fmt: skip
    said = {name: one.communicate(timeout=PATIENCE_SECONDS) for name, one in running.items()}
    for name, one in running.items():
        assert one.returncode == 0, f"{name}: {said[name][1].decode(errors='replace')}"
    return {name: out for name, (out, _) in said.items()}


def _reading(said: dict[str, Any]) -> Reading:
    events = [Seen(**one) for one in said["events"]]
    return Reading(
        said["errors"],
        said["method"],
        said["name"],
        {one.uid or "": one for one in events},
        len(events),
    )


def disagreements(
    files: Mapping[str, bytes],
    expected: Mapping[str, Expected] | None = None,
    *,
    viewer: str = NEW_YORK,
) -> list[str]:
    """What a program complains of, reads otherwise than another, or otherwise than is `expected`.

    What is expected of a file are all its entries by their UIDs, each with as many fields as matter.
    """
    wanted = expected or {}
    return [
        complaint
        for name, readings in read(files, viewer=viewer).items()
        for complaint in _disagreements(name, readings, wanted.get(name))
    ]


def agreed(
    files: Mapping[str, bytes],
    expected: Mapping[str, Expected] | None = None,
    *,
    viewer: str = NEW_YORK,
) -> dict[str, Reading]:
    """What all programs read alike and as is `expected`, by file; and no line breaks a rule."""
    found, wanted = read(files, viewer=viewer), expected or {}
    complaints = [
        complaint
        for name, readings in found.items()
        for complaint in _disagreements(name, readings, wanted.get(name))
    ]
    complaints += [
        f"{name}: {fault}" for name, body in files.items() for fault in wire_faults(body)
    ]
    assert not complaints, "\n".join(complaints[:MANY])
    return {name: readings["libical"] for name, readings in found.items()}


def _disagreements(
    name: str, readings: Mapping[str, Reading], expected: Expected | None
) -> Iterator[str]:
    (first, one), *others = readings.items()
    for program, reading in readings.items():
        yield from (f"{name}: {program}: {error}" for error in reading.errors)
        if reading.count != len(reading.events):
            yield f"{name}: {program}: two entries bear one UID"
    for program, other in others:
        for what in ("method", "count"):
            mine, theirs = getattr(one, what), getattr(other, what)
            if mine != theirs:
                yield f"{name}: {what}: {mine!r}, but {program}: {theirs!r}"
        seen = {uid: asdict(event) for uid, event in other.events.items()}
        yield from _differences(f"{name}: {first}, {program}", one.events, seen)
    if expected is not None:
        yield from _differences(f"{name}: {first}, expected", one.events, expected)


def _differences(where: str, events: Mapping[str, Seen], others: Expected) -> Iterator[str]:
    for uid in sorted(events.keys() ^ others.keys()):
        yield f"{where}: only one of both has {uid}"
    for uid in sorted(events.keys() & others.keys()):
        event = asdict(events[uid])
        for field, value in others[uid].items():
            if event[field] != value:
                yield f"{where}: {uid}: {field}: {event[field]!r}, {value!r}"


def wire_faults(body: bytes) -> list[str]:
    """What is wrong with the lines of a file as they travel (RFC 5545 section 3.1)."""
    faults = []
    if not body.startswith(b"BEGIN:VCALENDAR\r\n") or not body.endswith(b"END:VCALENDAR\r\n"):
        faults.append("it does not begin or end as a calendar does")
    for line in body.removesuffix(b"\r\n").split(b"\r\n"):
        if not line or len(line) > LONGEST_LINE:
            faults.append(f"{len(line)} octets: {line!r}")
        if any(byte < 0x20 and byte != 0x09 for byte in line):
            faults.append(f"a control character: {line!r}")
        try:
            line.decode()
        except UnicodeDecodeError:
            faults.append(f"a character is split: {line!r}")
    return faults
