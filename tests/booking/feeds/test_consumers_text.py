"""Whatever a desk is called and whatever is written of it arrives in libical, ical.js and khal as written.

The texts come in where they really do: by a desk file, and by what staff announce.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.slots.toml_text import toml_text
from tests.support.consumers.reading import Reading, agreed, read
from tests.support.feeds import change, get
from tests.support.house import House, a_house

# They look from a zone of their own: once is enough.
pytestmark = pytest.mark.slow

HARD = [
    *("a", "あ", "𠮷", "葛\U000e0100", "ﾊﾟ", "ｱ", "👩‍👩‍👧", "が", "か\u3099", "　", " ", "㈱", "①"),
    *("\\", ";", ",", "^", '"', ":", "'", "\\n", "\\\\n", "\\,", "^n", "&amp;", "<b>", "="),
    *("\n", "\r\n", "\r", "\n\n", "\t", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"),
    *("\x00", "\x01", "\x1b", "\x7f", "\x80", "\x9f", "\u200b", "\ufeff", "\u202e", "\ue000"),
    *("BEGIN:VEVENT", "END:VCALENDAR", "\r\nEND:VEVENT\r\n", "mailto:a@example.jp", "%0D%0A"),
]
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
MIXED = st.lists(st.sampled_from(HARD), max_size=30).map("".join)
TEXTS = st.one_of(ANY, MIXED)
# As calendars have them in the end; what is never seen is told from what is by Unicode, not by our list.
LINE_ENDS = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
UNSEEN_FORMATS = (
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
LENGTHS = range(1, 301)
LONG = 10_000
TITLES = [f"{'題' * n}a" for n in range(1, 7)]
FIRST = date(2026, 12, 1)
# A place, a room there, and what is announced of a session.
Said = tuple[str, str, str]


def cleaned(text: str) -> str:
    """What people see of `text`: every line end the same one, a tab a space, nothing unseen, no edges."""
    for end in LINE_ENDS:
        text = text.replace(end, "\n")
    text = text.replace("\t", " ")
    seen = (one for one in text if one == "\n" or unicodedata.category(one) != "Cc")
    return "".join(one for one in seen if one not in UNSEEN_FORMATS).strip()


def made(count: int) -> list[str]:
    """Texts that hypothesis makes, together: a program reads them all in one file."""
    found: list[str] = []

    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(TEXTS)
    def keep(text: str) -> None:
        # khal's library takes this for a line break when khal writes it down again.
        text = text.replace("\\N", "\\n")
        found.append(text if cleaned(text) else f"{text}無題")

    keep()
    return found


@contextmanager
def a_desk(url: str, folder: Path, titles: Sequence[str], said: Sequence[Said]) -> Iterator[House]:
    """A house whose one desk has a consultation for each title, with what is `said` of its sessions in turn."""
    consultations: list[dict[str, Any]] = [
        {
            "id": f"c{number}",
            "name": title,
            "allotment": "slot",
            "slot_minutes": 30,
            "fee": "無料",
            "openings": [{"dates": [], "on_holiday": "open", "start": "10:00", "end": "12:00"}],
            "changed_places": [],
        }
        for number, title in enumerate(titles)
    ]
    for number, (name, room, text) in enumerate(said):
        turn, which = divmod(number, len(titles))
        day = FIRST + timedelta(days=turn)
        place = {"name": name, "room": room}
        consultations[which]["openings"][0]["dates"].append(day)
        consultations[which]["changed_places"].append(
            {"session": day, "place": place, "text": text}
        )
    town = {"id": "town", "name": "試験市", "code": "999997", "sender": "試験市役所"}
    desk = {"id": "desk", "name": "窓口", "fee": "無料", "consultations": consultations}
    written = toml_text({"format": 1, "organisation": town, "desks": [desk]})
    # TOML has none of it as it is; JSON, whose strings these are, has.
    (folder / "town.toml").write_bytes(written.replace("\x7f", r"\u007f").encode())
    with a_house(url, folder=folder) as house:
        yield house


def read_from(house: House) -> Reading:
    """What the programs read alike of the desk's calendar."""
    return agreed({"desk": get(house, "/feeds/town/desk.ics").content})["desk"]


def is_read(titles: Sequence[str], said: Sequence[Said], house: House) -> None:
    """Every program reads every title, place and announcement as it was written, but for the unseen."""
    found = {
        ((one.url or "").rpartition("/c")[2], one.start[:10]): one
        for one in read_from(house).events.values()
    }
    assert len(found) == len(said)
    for number, (name, room, text) in enumerate(said):
        turn, which = divmod(number, len(titles))
        entry = found[str(which), (FIRST + timedelta(days=turn)).isoformat()]
        assert entry.summary == cleaned(titles[which])
        assert entry.location == f"{cleaned(name)} {cleaned(room)}"
        assert f"\n{cleaned(text)}\n" in (entry.description or "")


def test_texts_of_a_desk_file_arrive_as_they_were_written(
    database_url: str, tmp_path: Path
) -> None:
    """Point 10."""
    titles, texts = made(10), made(270)
    said = list(zip(texts[::3], texts[1::3], texts[2::3], strict=True))
    with a_desk(database_url, tmp_path, titles, said) as house:
        is_read(titles, said, house)


def test_every_piece_that_ever_broke_a_calendar_arrives(sqlite_url: str, tmp_path: Path) -> None:
    """Point 10: at the start, inside and at the end; and what is very long."""
    titles = ["題".join(HARD[at : at + 6]) + "目" for at in range(0, len(HARD), 6)]
    titles += ["題" * LONG]
    said = [(f"{one}場{one}所{one}", f"階{one}室", f"甲{one}{one}乙") for one in HARD]
    said += [("𠮷" * LONG, "葛\U000e0100" * LONG, "ab, " * LONG)]
    with a_desk(sqlite_url, tmp_path, titles, said) as house:
        is_read(titles, said, house)


def test_every_length_arrives_whole(sqlite_url: str, tmp_path: Path) -> None:
    """Point 11: 1 to 300 of あ, 𠮷, a and a mixture; the lines are looked at, too."""
    mixture = "a𠮷あ,ﾊﾟ\\葛\U000e0100;" * 300
    said = [("あ" * n, "𠮷" * n, f"{'a' * n}、{mixture[:n]}。") for n in LENGTHS]
    with a_desk(sqlite_url, tmp_path, TITLES, said) as house:
        is_read(TITLES, said, house)


@pytest.mark.parametrize("url", ["sqlite_url", "postgresql_url"])
def test_what_staff_announce_arrives_as_they_wrote_it(
    url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Point 10: a change of place, by the same door as the console and the API."""
    said = "".join(HARD)
    with a_desk(request.getfixturevalue(url), tmp_path, ["題"], [("場", "室", "甲")]) as house:
        place = {"name": f"甲{said}乙", "room": f"丙{said}丁"}
        scope, day = "town/desk/c0", FIRST.isoformat()
        change(house, "changed_places", scope, session=day, place=place, text=f"戊{said}己")
        (entry,) = read_from(house).events.values()

    assert entry.location == f"{cleaned(place['name'])} {cleaned(place['room'])}"
    assert cleaned(f"戊{said}己") in (entry.description or "")


def test_a_backslash_before_an_n_is_no_line_break(sqlite_url: str, tmp_path: Path) -> None:
    """Point 10: as RFC 5545 section 3.3.11 has it; khal alone makes one of it, when it writes an entry."""
    said = [("C:\\New", "D:\\next", "E:\\\\N")]
    with a_desk(sqlite_url, tmp_path, ["題"], said) as house:
        readings = read({"desk": get(house, "/feeds/town/desk.ics").content})["desk"]

    for program in ("libical", "ical.js"):
        (entry,) = readings[program].events.values()
        assert entry.location == "C:\\New D:\\next"
        assert "E:\\\\N\n" in (entry.description or "")
