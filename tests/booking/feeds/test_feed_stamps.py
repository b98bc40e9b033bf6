"""What a feed's entries say of their own history: identity, sequence, stamps, cancellation."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from booking.desks.catalogue import SHIPPED
from booking.desks.register import note_day, register_definitions
from booking.ledger import changes
from tests.support.feeds import CITY, CONSULTATION, HOURS, change, entry, events, get, withdraw
from tests.support.house import LEGAL, NEXT_SESSION, SESSION, House, a_house, tokyo


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A house on each kind of database."""
    with a_house(database_url) as found:
        yield found


def stamps(event: Any) -> tuple[int, Any]:
    """SEQUENCE, and the one instant that DTSTAMP and LAST-MODIFIED share."""
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt
    return int(event["SEQUENCE"]), event["DTSTAMP"].dt


def test_a_change_of_time_raises_the_sequence_by_one_and_keeps_the_uid(house: House) -> None:
    """Points 6, 7 and 8."""
    before = entry(get(house).text, SESSION)
    house.clock.move_by(hours=1)
    change(house, "changed_hours", session=SESSION, start="10:00", end="12:00")
    after = entry(get(house).text, SESSION)

    assert before["UID"] == after["UID"]
    assert stamps(before) == (0, tokyo("2026-11-24 10:00"))
    assert stamps(after) == (1, tokyo("2026-11-24 11:00"))


def test_a_change_of_place_raises_the_sequence_and_only_of_its_own_session(house: House) -> None:
    """Point 7."""
    get(house)
    house.clock.move_by(hours=1)
    change(house, "changed_places", session=SESSION, place={"name": "市民会館"})
    text = get(house).text

    assert str(entry(text, SESSION)["LOCATION"]) == "市民会館"
    assert stamps(entry(text, SESSION)) == (1, tokyo("2026-11-24 11:00"))
    assert stamps(entry(text, NEXT_SESSION)) == (0, tokyo("2026-11-24 10:00"))


def test_a_moved_session_keeps_its_uid_and_is_found_on_its_new_day_only(house: House) -> None:
    """Points 6 and 7."""
    before = entry(get(house).text, SESSION)
    change(house, "moved_sessions", session=SESSION, to="2026-12-26")
    found = events(get(house).text)
    after = next(one for one in found if one["UID"] == before["UID"])

    assert after.start.date().isoformat() == "2026-12-26"
    assert int(after["SEQUENCE"]) == 1
    assert len({str(one["UID"]) for one in found}) == len(found)


def test_a_session_that_moves_out_of_the_window_is_shown_where_it_went(house: House) -> None:
    """Point 9: it never just vanishes."""
    before = entry(get(house).text, SESSION)
    change(house, "moved_sessions", session=SESSION, to="2027-03-27")

    assert entry(get(house).text, "2027-03-27")["UID"] == before["UID"]


@pytest.mark.parametrize("taken", [1, 3, 4])
def test_a_taken_seat_moves_the_stamps_only_when_the_coarse_word_changes(
    taken: int, house: House
) -> None:
    """Points 7, 8 and 13: four seats; with the third only one is left, with the fourth none."""
    for number in range(4):
        if number + 1 == taken:
            before = entry(get(house).text, SESSION)
            house.clock.move_by(hours=1)
        house.request()
        if number + 1 == taken:
            break
    after = entry(get(house).text, SESSION)

    assert int(after["SEQUENCE"]) == 0
    moved = after["DTSTAMP"].dt == tokyo("2026-11-24 11:00")
    assert moved == (taken > 1)
    assert (str(before["DESCRIPTION"]) != str(after["DESCRIPTION"])) == moved


def test_a_freed_seat_is_seen_at_once(house: House) -> None:
    """Point 8."""
    booked = [house.request() for _ in range(4)]
    assert "満席" in entry(get(house).text, SESSION)["DESCRIPTION"]
    house.clock.move_by(minutes=5)

    changes.cancel(house.ledger, booked[0].id, actor="resident")

    after = entry(get(house).text, SESSION)
    assert "残りわずか" in after["DESCRIPTION"]
    assert stamps(after) == (0, tokyo("2026-11-24 10:05"))


def test_two_changes_in_one_second_have_two_stamps(house: House) -> None:
    """Point 8: whole seconds are all that a stamp can say."""
    seen = []
    for hour in ("10:00", "10:30", "11:00"):
        change(house, "changed_hours", session=SESSION, start=hour, end="12:00")
        seen.append(stamps(entry(get(house).text, SESSION)))

    assert [one for one, _ in seen] == [1, 2, 3]
    assert len({at for _, at in seen}) == 3


def test_a_closed_session_stays_as_cancelled_and_comes_back_with_a_higher_sequence(
    house: House,
) -> None:
    """Points 7 and 9."""
    closure = change(house, "closures", first=SESSION, last=SESSION, text="庁舎の工事のため")
    closed = entry(get(house).text, SESSION)
    withdraw(house, closure)
    open_again = entry(get(house).text, SESSION)

    assert str(closed["SUMMARY"]).startswith("【中止】")
    assert (str(closed["STATUS"]), int(closed["SEQUENCE"])) == ("CANCELLED", 1)
    assert "庁舎の工事のため" in closed["DESCRIPTION"]
    assert (str(open_again["STATUS"]), int(open_again["SEQUENCE"])) == ("CONFIRMED", 2)
    assert "中止" not in open_again["SUMMARY"]


def test_an_extra_session_that_is_withdrawn_stays_as_cancelled_until_its_week_is_over(
    house: House,
) -> None:
    """Point 9: what its definition no longer plans."""
    extra = change(house, "extra_sessions", session="2026-12-05", start="13:00", end="16:00")
    before = entry(get(house).text, "2026-12-05")
    withdraw(house, extra)
    gone = entry(get(house).text, "2026-12-05")
    house.clock.move_to("2026-12-12 23:59")
    week = get(house).text
    house.clock.move_to("2026-12-13 00:00")

    assert gone["UID"] == before["UID"]
    assert (str(gone["STATUS"]), int(gone["SEQUENCE"])) == ("CANCELLED", 1)
    assert str(gone["SUMMARY"]) == "【中止】弁護士の無料相談"
    assert "空き" not in gone["DESCRIPTION"]
    assert str(entry(week, "2026-12-05")["STATUS"]) == "CANCELLED"
    assert "20261205" not in get(house).text


def test_a_session_that_the_desk_file_no_longer_plans_stays_as_cancelled(
    house: House, tmp_path: Path
) -> None:
    """Points 4, 6 and 9: what is over stays as it was."""
    before = events(get(house).text)
    house.clock.move_by(days=1)
    another = _with(house, tmp_path, "nth = [3]", "nth = [4]")
    after = {str(one["UID"]): one for one in events(get(another).text)}

    for old in before:
        new = after[str(old["UID"])]
        over = old.start < house.clock()
        assert str(new["STATUS"]) == ("CONFIRMED" if over else "CANCELLED")
        assert int(new["SEQUENCE"]) == (0 if over else 1)
    assert len(after) > len(before)


@pytest.mark.parametrize("by_file", [False, True])
def test_a_session_comes_back_from_a_day_that_is_long_over(
    by_file: bool, house: House, tmp_path: Path
) -> None:
    """Point 6: it is still the same one, however long no feed has shown it."""
    before = entry(get(house).text, NEXT_SESSION)
    if by_file:
        rule = '[[desks.consultations.openings]]\nmonthly = { nth = [3], weekday = "sat" }'
        move = "[[desks.consultations.moved_sessions]]\nsession = 2027-01-16\nto = 2026-11-28\n"
        get(_with(house, tmp_path, rule, f"{move}\n{rule}"))
    else:
        moved = change(house, "moved_sessions", session=NEXT_SESSION, to="2026-11-28")
    house.clock.move_to("2026-12-10 10:00")
    if not by_file:
        withdraw(house, moved)
    after = entry(get(house).text, NEXT_SESSION)

    assert after["UID"] == before["UID"]
    assert stamps(after) == (2, tokyo("2026-12-10 10:00"))


def test_a_change_of_words_moves_the_stamps_and_not_the_sequence(
    house: House, tmp_path: Path
) -> None:
    """Points 7 and 8."""
    house.clock.move_by(days=1)
    another = _with(house, tmp_path, 'name = "弁護士の無料相談"', 'name = "弁護士の法律相談"')
    found = entry(get(another).text, SESSION)

    assert str(found["SUMMARY"]) == "弁護士の法律相談"
    assert stamps(found) == (0, tokyo("2026-11-25 10:00"))


def test_yesterdays_entries_are_todays(house: House) -> None:
    """Point 6: UIDs and stamps outlive the day, a new start, and the site's move to another domain."""
    yesterday = {str(one["UID"]): stamps(one) for one in events(get(house).text)}
    house.clock.move_by(days=1)
    note_day(house.ledger.store, house.ledger.desks, house.clock())
    today = {str(one["UID"]): stamps(one) for one in events(get(house).text)}
    house.settings = replace(house.settings, base_url="https://yoyaku.example.jp")
    there = events(get(house).text)

    assert {uid: today[uid] for uid in yesterday} == yesterday
    assert {str(one["UID"]) for one in there} == set(today)
    assert {stamps(one) for one in there} == {(0, tokyo("2026-11-25 10:00"))}
    assert all("yoyaku.example.jp" not in uid for uid in today)


def test_what_enters_the_window_was_noted_before_and_needs_no_new_stamp(house: House) -> None:
    """Points 2 and 4: a session comes into view at midnight, and that is when the feed changed."""
    house.clock.move_to("2026-12-19 23:59")
    register_definitions(house.ledger.store, house.ledger.desks.files, house.clock())
    before = get(house)
    house.clock.move_to("2026-12-21 00:00")
    after = get(house)

    assert "20270320" not in before.text
    assert stamps(entry(after.text, "2027-03-20"))[0] == 0
    assert before.headers["ETag"] != after.headers["ETag"]
    assert after.headers["Last-Modified"] == "Sun, 20 Dec 2026 15:00:00 GMT"


def test_without_its_nightly_job_a_feed_still_shows_what_is_planned(house: House) -> None:
    """Point 5: from the definitions, under the stamp of the last change."""
    with house.client() as client:
        house.clock.move_to("2027-03-01 09:00")
        found = entry(client.get(CONSULTATION).text, "2027-05-15")

        assert int(found["SEQUENCE"]) == 0
        assert client.get(CONSULTATION).content == client.get(CONSULTATION).content


def test_a_closed_day_of_a_desk_stays_in_its_hours_as_cancelled(house: House) -> None:
    """Point 9, for the hours of a desk."""
    before = entry(get(house, HOURS).text, "2026-12-13")
    change(house, "closures", "osaka/net-harmony", first="2026-12-13", last="2026-12-13")
    after = entry(get(house, HOURS).text, "2026-12-13")

    assert before["UID"] == after["UID"]
    assert (str(after["STATUS"]), int(after["SEQUENCE"])) == ("CANCELLED", 1)


def test_every_entry_has_a_uid_of_its_own(sqlite_url: str) -> None:
    """Point 6: two stretches of a day may begin together."""
    with a_house(sqlite_url) as house:
        for path in ("/feeds/osaka.ics", "/feeds/shibukawa.ics?show=hours"):
            uids = [str(one["UID"]) for one in events(get(house, path).text)]
            assert len(uids) == len(set(uids)) > 50


def test_hours_of_one_channel_that_begin_together_have_uids_of_their_own(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Point 6: as one rule upon another makes them, or a closure of the morning."""
    rules = "".join(
        f'[[desks.hours]]\nchannels = ["phone"]\nweekly = ["tue"]\nstart = "{start}"\nend = "{end}"\n'
        for start, end in (("09:00", "12:00"), ("09:00", "15:00"), ("09:00", "17:00"))
    )
    (tmp_path / "big.toml").write_text(CITY + rules, encoding="utf-8")
    with a_house(sqlite_url, folder=tmp_path) as house:
        text = get(house, "/feeds/big/desk.ics").text
        of_a_day = [one for one in events(text) if one.start.date().isoformat() == "2026-12-01"]

        assert len({str(one["UID"]) for one in of_a_day}) == len(of_a_day) == 3


@pytest.mark.parametrize("zone", ["Asia/Seoul", "Asia/Taipei"])
@pytest.mark.parametrize("path", [CONSULTATION, "/feeds/shibukawa.ics?show=hours"])
def test_a_zone_that_is_corrected_is_that_of_each_entry_and_told_in_the_file(
    path: str, zone: str, sqlite_url: str, tmp_path: Path
) -> None:
    """Also of what is no longer planned, and where clocks show the same."""
    with a_house(sqlite_url) as house:
        get(house, path)
        house.clock.move_by(days=1)
        there = _with(house, tmp_path, 'zone = "Asia/Tokyo"', f'zone = "{zone}"')
        calendar = Calendar.from_ical(get(there, path).text)
        told = {str(one["TZID"]) for one in calendar.walk("VTIMEZONE")}
        used = {str(one["DTSTART"].params["TZID"]) for one in calendar.events}
        standing = [one for one in calendar.events if str(one["STATUS"]) == "CONFIRMED"]

        assert zone in used <= told
        assert all(
            str(one["DTSTART"].params["TZID"]) == zone for one in standing if _comes(one, there)
        )


def _comes(event: Any, house: House) -> bool:
    return bool(event.end > house.clock())


def _with(house: House, folder: Path, old: str, new: str) -> House:
    """The same database under a server whose desk file says `new`."""
    for path in SHIPPED.iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name == "shibukawa.toml":
            assert old in text
            text = text.replace(old, new)
            assert LEGAL.split("/")[0] == tomllib.loads(text)["organisation"]["id"]
        (folder / path.name).write_text(text, encoding="utf-8")
    another = House(house.installation, house.clock)
    another.settings = replace(house.settings, desks=folder)
    return another
