"""Broken calendars: that they are noticed, whatever breaks them, is what agreement is worth."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.consumers.reading import Expected, agreed, disagreements, wire_faults
from tests.support.consumers.stored import public_entries, published
from tests.support.databases import sqlite_copy
from tests.support.feeds import change, get
from tests.support.house import LEGAL, SESSION, a_house

# They look from a zone of their own: once is enough.
pytestmark = pytest.mark.slow

ZONE = re.compile(rb"BEGIN:VTIMEZONE.*?END:VTIMEZONE\r\n", re.DOTALL)


@dataclass(frozen=True)
class Sound:
    """A feed of ours, and what its rows say."""

    body: bytes
    entries: Expected


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    """A feed with long lines and punctuation in it."""
    folder: Path = tmp_path_factory.mktemp("sound")
    with a_house(sqlite_copy(folder)) as house:
        room = {"name": "市民会館", "room": f"2階, 奥; {'あ' * 60}"}
        change(house, "changed_places", session=SESSION, place=room)
        today = house.clock().date()
        rows = published(house, today - timedelta(days=7), today + timedelta(days=90))
        ours = [row for row in rows if row.scope == LEGAL]
        return Sound(get(house).content, public_entries(ours, house.settings.base_url))


def _unfolded(body: bytes) -> bytes:
    return body.replace(b"\r\n ", b"")


def _folded_by_bytes(body: bytes) -> bytes:
    lines = _unfolded(body).split(b"\r\n")
    cut = [[line[at : at + 73] for at in range(0, len(line), 73)] for line in lines]
    return b"\r\n".join(b"\r\n ".join(parts) for parts in cut)


def _without(line: bytes) -> Callable[[bytes], bytes]:
    pattern = re.compile(line + rb"[^\r]*\r\n(?: [^\r]*\r\n)*")
    return lambda body: pattern.sub(b"", body)


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "folded inside characters": _folded_by_bytes,
    "a byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "no VTIMEZONE": lambda body: ZONE.sub(b"", body),
    "floating times": lambda body: body.replace(b";TZID=Asia/Tokyo", b""),
    "the wrong zone": lambda body: body.replace(b"+0900", b"+0800"),
    "escaped twice": lambda body: body.replace(rb"\,", rb"\\\,"),
    "a line break that is none": lambda body: body.replace(rb"\n", rb"\\n"),
    "a method without an organiser": lambda body: body.replace(
        b"CALSCALE", b"METHOD:PUBLISH\r\nCALSCALE"
    ),
    "no DTSTAMP": _without(b"DTSTAMP"),
    "no UID": _without(b"UID"),
    "one UID for all": lambda body: re.sub(rb"UID:session-\S+", b"UID:session", body),
    "another hour": lambda body: body.replace(b"T120000", b"T113000", 1),
    "another sequence": lambda body: body.replace(b"SEQUENCE:1", b"SEQUENCE:0"),
    "an entry is missing": lambda body: re.sub(
        rb"BEGIN:VEVENT.*?END:VEVENT\r\n", b"", body, count=1, flags=re.DOTALL
    ),
    "in Shift_JIS": lambda body: body.decode().encode("cp932", errors="replace"),
    "cut off": lambda body: body[: len(body) * 2 // 3],
}
UNSEEN_BY_PROGRAMS: dict[str, Callable[[bytes], bytes]] = {
    "lines too long": _unfolded,
    "line feeds only": lambda body: body.replace(b"\r\n", b"\n"),
    "an empty line": lambda body: body.replace(b"BEGIN:VEVENT", b"\r\nBEGIN:VEVENT", 1),
    "a control character": lambda body: body.replace(b"SUMMARY:", b"SUMMARY:\x0b", 1),
    "no line end at the end": bytes.rstrip,
}


def test_what_is_not_broken_agrees(sound: Sound) -> None:
    """The sound one, read as the broken ones are."""
    assert b"\r\n " in sound.body
    assert rb"\, " in sound.body
    agreed({"sound": sound.body}, {"sound": sound.entries})


def test_every_broken_calendar_is_noticed(sound: Sound) -> None:
    """By a complaint, by a difference between programs, or by one from the rows."""
    files = {name: break_it(sound.body) for name, break_it in BROKEN.items()}
    assert [name for name, body in files.items() if body == sound.body] == []

    complaints = disagreements(files, dict.fromkeys(files, sound.entries))

    noticed = {one.split(":")[0] for one in complaints}
    assert noticed == set(BROKEN)


@pytest.mark.parametrize("name", UNSEEN_BY_PROGRAMS)
def test_what_patient_programs_let_pass_is_noticed_in_the_lines(name: str, sound: Sound) -> None:
    """Others are stricter than these three."""
    assert wire_faults(sound.body) == []
    assert wire_faults(UNSEEN_BY_PROGRAMS[name](sound.body)) != []
