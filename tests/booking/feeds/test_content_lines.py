"""Content lines, held against the icalendar library's own bytes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Event, vText
from icalendar.parser import Contentline

from booking.desks.entries import Entry
from booking.feeds.calendars import REFRESH, _event, description_of, title_of, uid_of
from booking.feeds.lines import folded, text
from booking.feeds.vevent import timed_event
from booking.ledger.public_entries import Listed

HARD = ["a", "あ", "𠮷", "葛\U000e0100", "ﾊﾟ", "👩‍👩‍👧", "\\", ";", ",", "^", '"', ":", "\t"]
# Not what the library writes as a line break, though it is none.
OURS = r"\N"
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=300).filter(
    lambda one: OURS not in one
)
MIXED = st.lists(st.sampled_from([*HARD, "\n", "\r\n", "\r", "\\n"]), max_size=200).map("".join)
START = datetime(2026, 12, 19, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("piece", HARD)
def test_no_line_is_too_long_or_split_inside_a_character(piece: str) -> None:
    """Point 11: every length from 1 to 300."""
    for count in range(1, 301):
        line = "X-A:" + piece * count
        parts = folded(line).split(b"\r\n")
        assert all(len(part) <= 75 for part in parts)
        assert "".join(part.decode().removeprefix(" ") for part in parts) == line or " " in piece
        assert folded(line) == Contentline(line).to_ical()


@given(st.one_of(ANY, MIXED))
def test_text_is_escaped_and_folded_as_the_library_does(value: str) -> None:
    """Points 10 and 11."""
    assert text(value).encode() == vText(value).to_ical()
    line = f"SUMMARY:{text(value)}"
    assert folded(line) == Contentline(line).to_ical()


def test_a_backslash_before_an_n_stays_one() -> None:
    """Point 10: `C:\\New` is a folder, and no two lines."""
    assert text(OURS) == r"\\N"
    assert vText(OURS).to_ical() == rb"\n"


@given(st.one_of(ANY, MIXED), st.one_of(ANY, MIXED), st.integers(0, 2**31 - 1))
@settings(max_examples=30)
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "UTC"])
@pytest.mark.parametrize("status", ["confirmed", "cancelled"])
def test_an_entry_is_what_the_library_writes(
    zone: str, status: str, title: str, place: str, sequence: int
) -> None:
    """Points 5 and 10: the same properties, in the same order, to the byte."""
    entry = Entry(
        key="town/desk/legal/2026-12-19",
        organisation="town",
        desk="town/desk",
        scope="town/desk/legal",
        day=date(2026, 12, 19),
        starts_at=START,
        ends_at=START + timedelta(hours=3),
        zone=zone,
        place_name=place,
        status=status,  # type: ignore[arg-type]
        title=title,
        words=f"{place}\n{title}",
        mark="few",
    )
    url = "https://example.jp/town/desk/legal?a=1;b,c"
    listed = Listed(entry, sequence, START - REFRESH, START - REFRESH)

    assert _event(listed, url) == _library(listed, url)


def _library(listed: Listed, url: str) -> bytes:
    entry, at = listed.entry, listed.changed_at
    made: Event = timed_event(
        uid_of(entry), entry.starts_at, entry.ends_at, entry.zone, at, listed.sequence
    )
    made.add("summary", title_of(entry))
    made.add("status", entry.status.upper())
    made.add("transp", "TRANSPARENT")
    made.add("x-microsoft-cdo-busystatus", "FREE")
    if entry.place:
        made.add("location", entry.place)
    made.add("description", description_of(entry, url))
    made.add("url", url)
    return made.to_ical()
