"""Private calendars: whose they are, what is in them, and what never is (points 1, 7, 15, 16 of a feed)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from booking.feeds.private_calendars import BEHIND
from booking.ledger import changes, desk_changes
from booking.ledger.application import Target
from tests.support.bureau import (
    ALONE,
    BOTH,
    DAY_NAMED,
    DAY_OF_BOTH,
    DAY_OF_SATO,
    DAY_OF_SUZUKI,
    NAMED,
    PARTY,
    SATO,
    SUZUKI,
    VISIT,
    a_bureau,
    book,
    confirm,
    fetched,
    of_desk,
    of_person,
    parties,
    path_of,
    session_days,
    unfolded,
)
from tests.support.feeds import get
from tests.support.house import House, tokyo


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """The bureau, once on each kind of database."""
    with a_bureau(database_url, tmp_path) as made:
        yield made


def test_a_desks_feed_has_each_of_its_bookings_once_and_as_the_database_says(house: House) -> None:
    asked = book(house, ALONE, DAY_OF_SATO, "10:00")
    sure = confirm(house, book(house, ALONE, DAY_OF_SATO, "10:30"))
    elsewhere = book(house, NAMED, DAY_NAMED, "10:00")
    with house.client() as client:
        found = parties(fetched(client, of_desk(house)))

    assert set(found) == {asked.reference, sure.reference}
    assert elsewhere.reference not in found
    for booking, status, before in ((asked, "TENTATIVE", "【仮】"), (sure, "CONFIRMED", "")):
        one = found[booking.reference]
        assert (one.start, one.end) == (booking.local_start, booking.local_end)
        assert str(one["SUMMARY"]) == f"{before}{booking.reference}"
        assert str(one["STATUS"]) == status
        assert (str(one["CLASS"]), str(one["TRANSP"])) == ("PRIVATE", "OPAQUE")
        assert "相談室2" in str(one["LOCATION"])


def test_point_15_a_lawyers_feed_has_the_own_sessions_and_parties_and_never_anothers(
    house: House,
) -> None:
    his = book(house, ALONE, DAY_OF_SATO, "10:00")
    hers = book(house, ALONE, DAY_OF_SUZUKI, "10:00")
    with house.client() as client:
        sato, suzuki = (fetched(client, of_person(house, who)) for who in (SATO, SUZUKI))

    assert set(parties(sato)) == {his.reference}
    assert set(parties(suzuki)) == {hers.reference}
    assert DAY_OF_SATO in session_days(sato)
    assert DAY_OF_SUZUKI not in session_days(sato)
    assert SUZUKI not in "".join(str(one.to_ical()) for one in sato)


def test_point_15_of_two_who_serve_at_once_each_has_parties_of_the_own(house: House) -> None:
    first = confirm(house, book(house, BOTH, DAY_OF_BOTH, None), f"{DAY_OF_BOTH} 10:00")
    second = confirm(house, book(house, BOTH, DAY_OF_BOTH, None), f"{DAY_OF_BOTH} 10:00")
    unsettled = book(house, BOTH, DAY_OF_BOTH, None)
    with house.client() as client:
        sato, suzuki = (fetched(client, of_person(house, who)) for who in (SATO, SUZUKI))
        desk = parties(fetched(client, of_desk(house)))

    assert set(parties(sato)) == {first.reference}
    assert set(parties(suzuki)) == {second.reference}
    assert set(desk) == {first.reference, second.reference, unsettled.reference}
    assert "時間未定" in str(desk[unsettled.reference]["SUMMARY"])


def test_point_15_what_was_arranged_without_a_name_is_nobodys_but_the_desks(house: House) -> None:
    wished = house.request(VISIT, wishes=[{"date": "2026-12-01", "time_of_day": "morning"}])
    target = Target(slot=tokyo("2026-12-01 10:00"), minutes=60, place="会議室")
    arranged = changes.confirm(
        house.ledger, wished.id, actor="staff:clerk", how="call", target=target
    )
    with house.client() as client:
        assert arranged.reference in parties(fetched(client, of_desk(house)))
        for who in (SATO, SUZUKI):
            assert parties(fetched(client, of_person(house, who))) == {}


def test_a_booking_of_before_its_desks_zone_was_corrected_can_still_be_placed(
    house: House, tmp_path: Path
) -> None:
    """A program knows no zone but those that the file tells."""
    book(house, ALONE, DAY_OF_SATO, "10:00")
    path, file = path_of(of_desk(house)), tmp_path / "town.toml"
    town = file.read_text(encoding="utf-8")
    file.write_text(
        town.replace('code = "999999"', 'code = "999999"\nzone = "Asia/Seoul"'), "utf-8"
    )
    calendar = Calendar.from_ical(get(house, path).text)

    used = {str(one["DTSTART"].params["TZID"]) for one in calendar.events}
    assert used == {str(one["TZID"]) for one in calendar.walk("VTIMEZONE")}
    assert used == {"Asia/Seoul", "Asia/Tokyo"}


def test_a_wish_without_a_time_is_no_entry(house: House) -> None:
    house.request(VISIT, wishes=[{"date": "2026-12-01", "time_of_day": "morning"}])
    with house.client() as client:
        assert parties(fetched(client, of_desk(house))) == {}


def test_an_empty_day_shows_too_and_makes_only_who_serves_busy(house: House) -> None:
    with house.client() as client:
        own = fetched(client, of_person(house))
        desk = fetched(client, of_desk(house))

    assert DAY_OF_SATO in session_days(own)
    assert {str(one["TRANSP"]) for one in own} == {"OPAQUE"}
    assert {str(one["TRANSP"]) for one in desk} == {"TRANSPARENT"}


def test_who_stands_in_for_an_absent_lawyer_has_the_parties_from_then_on(house: House) -> None:
    booking = confirm(house, book(house, BOTH, DAY_OF_BOTH, None), f"{DAY_OF_BOTH} 10:00")
    sato, suzuki = of_person(house, SATO), of_person(house, SUZUKI)
    absence = {"who": SATO, "first": DAY_OF_BOTH, "last": DAY_OF_BOTH}
    desk_changes.make(
        house.ledger, BOTH, "absences", absence, actor="staff:clerk", bookings_do="keep"
    )
    with house.client() as client:
        assert parties(fetched(client, sato)) == {}
        assert set(parties(fetched(client, suzuki))) == {booking.reference}
        assert DAY_OF_BOTH not in session_days(fetched(client, sato))


def test_a_closed_day_stays_and_says_so(house: House) -> None:
    closure = {"first": DAY_OF_SATO, "last": DAY_OF_SATO, "text": "工事のため"}
    desk_changes.make(house.ledger, ALONE, "closures", closure, actor="staff:clerk")
    with house.client() as client:
        (day,) = [
            one
            for one in fetched(client, of_person(house))
            if one.start.date().isoformat() == DAY_OF_SATO
        ]

    assert (str(day["SUMMARY"]), str(day["STATUS"])) == ("【中止】担当日", "CANCELLED")
    assert str(day["TRANSP"]) == "TRANSPARENT"
    assert day["SEQUENCE"] == 1


def test_a_cancelled_booking_stays_marked_until_its_day_has_passed(house: House) -> None:
    booking = book(house, ALONE, DAY_OF_SATO, "10:00")
    token = of_person(house)
    with house.client() as client:
        before = parties(fetched(client, token))[booking.reference]
        house.clock.move_by(minutes=5)
        changes.cancel(house.ledger, booking.id, actor="resident")
        after = parties(fetched(client, token))[booking.reference]
        house.clock.move_to(f"{DAY_OF_SATO} 23:59")
        assert booking.reference in parties(fetched(client, token))
        house.clock.move_by(minutes=1)
        assert booking.reference not in parties(fetched(client, token))

    assert str(after["SUMMARY"]) == f"【取消】{booking.reference}"
    assert (str(after["STATUS"]), str(after["TRANSP"])) == ("CANCELLED", "TRANSPARENT")
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["DTSTAMP"].dt - before["DTSTAMP"].dt == timedelta(minutes=5)


def test_its_uids_are_neither_the_partys_own_nor_the_public_ones(house: House) -> None:
    booking = book(house, ALONE, DAY_OF_SATO, "10:00")
    with house.client() as client:
        private = {str(one["UID"]) for one in fetched(client, of_desk(house))}
        again = {str(one["UID"]) for one in fetched(client, of_person(house))}
        file = unfolded(client.get(f"/b/{booking.token}/booking.ics").text)
        public = unfolded(client.get("/feeds/town/law.ics").text)

    assert again & private  # a desk's and a person's name one booking alike
    assert booking.id not in "".join(private)
    assert not any(uid in file or uid in public for uid in private)


def test_point_16_only_the_number_the_time_and_the_room_unless_the_desk_says_more(
    house: House,
) -> None:
    secret = {**PARTY, "needs": "手話通訳", "email": "shishido@example.jp"}
    asked = book(house, ALONE, DAY_OF_SATO, "10:00", **secret)
    named = book(house, NAMED, DAY_NAMED, "10:00", **secret)
    with house.client() as client:
        small, own, large = (
            unfolded(client.get(path_of(token)).text)
            for token in (of_desk(house), of_person(house), of_desk(house, "town/named"))
        )

    for text in (small, own, large):
        for word in (
            *("ししどう", "7317", "手話", "shishido", "石原", "0279-25-8526"),
            *("離婚", "借金", asked.token, asked.id, named.token, named.id),
        ):
            assert word not in text, word
        assert "BEGIN:VALARM" not in text
        assert "ATTENDEE" not in text
        assert "METHOD" not in text
    assert "獅子堂" not in small
    assert f"{named.reference} {PARTY['name']} 様" in large
    # One person's feed of both desks: each as its own desk says.
    assert f"SUMMARY:【仮】{asked.reference}\r\n" in own
    assert f"SUMMARY:【仮】{named.reference} {PARTY['name']} 様\r\n" in own
    assert f"/staff/bookings/{asked.reference}" in small


def test_what_a_link_leads_to_is_behind_the_sign_in(house: House) -> None:
    booking = book(house, ALONE, DAY_OF_SATO, "10:00")
    with house.client() as client:
        for one in fetched(client, of_desk(house)):
            path = one["DESCRIPTION"].removeprefix(f"{BEHIND}: {house.settings.base_url}")
            answer = client.get(path, follow_redirects=False)
            assert (answer.status_code, path[:7]) == (303, "/staff/")
    assert booking.reference


def test_it_begins_today_and_ends_in_ninety_days(house: House) -> None:
    house.clock.move_to(f"{DAY_OF_SATO} 23:00")
    with house.client() as client:
        found = sorted(one.start.date() for one in fetched(client, of_desk(house)))

    today = tokyo(DAY_OF_SATO).date()
    assert found[0] == today
    assert today + timedelta(days=80) < found[-1] < today + timedelta(days=90)


def test_point_2_a_fetch_of_what_did_not_change_is_the_same_to_the_byte(house: House) -> None:
    book(house, ALONE, DAY_OF_SATO, "10:00")
    token = of_desk(house)
    with house.client() as client:
        first = client.get(path_of(token))
    house.clock.move_by(hours=9)
    with house.client() as client:
        second = client.get(path_of(token))

    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"]


def test_a_calendar_bears_its_label_or_a_neutral_name(house: House) -> None:
    with house.client() as client:
        plain = unfolded(client.get(path_of(of_desk(house))).text)
        named = unfolded(client.get(path_of(of_desk(house, label="木曜,の\n会"))).text)

    assert "X-WR-CALNAME:ご予約（試験町）\r\n" in plain
    assert "NAME:木曜\\,の 会\r\n" in named
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in plain


def test_a_desk_that_is_gone_leaves_an_empty_calendar_that_programs_can_read(
    house: House, tmp_path: Path
) -> None:
    token = of_desk(house, "town/named")
    text = (tmp_path / "town.toml").read_text(encoding="utf-8")
    (tmp_path / "town.toml").write_text(
        text.replace('id = "named"', 'id = "other"'), encoding="utf-8"
    )
    with house.client() as client:
        answer: Any = client.get(path_of(token))

    assert answer.status_code == 200
    assert "BEGIN:VTIMEZONE" in answer.text
    assert "BEGIN:VEVENT" not in answer.text


def test_what_another_has_leaves_no_trace_in_a_persons_feed(house: House) -> None:
    token = of_person(house, SATO)
    with house.client() as client:
        before = client.get(path_of(token)).content
        house.clock.move_by(minutes=5)
        confirm(house, book(house, ALONE, DAY_OF_SUZUKI, "10:00"))
        assert client.get(path_of(token)).content == before


def test_a_moved_session_keeps_its_entry_and_says_so_by_its_sequence(house: House) -> None:
    token = of_person(house, SATO)
    with house.client() as client:
        (before,) = days_on(fetched(client, token), DAY_OF_SATO)
        house.clock.move_by(minutes=5)
        moved = {"session": DAY_OF_SATO, "to": "2026-12-01"}
        desk_changes.make(house.ledger, ALONE, "moved_sessions", moved, actor="staff:clerk")
        (after,) = days_on(fetched(client, token), "2026-12-01")

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["DTSTAMP"].dt == house.clock.at


def days_on(events: list[Any], day: str) -> list[Any]:
    return [one for one in events if one.start.date().isoformat() == day]


ODD_NAMES = ("甲,乙;丙:\\丁", "𠮷田 あ" + "い" * 90, '"引用" 髙󠄁橋', "a" * 99)


def test_whatever_a_party_is_called_is_read_as_it_was_typed(house: House) -> None:
    times = ("10:00", "10:30", "11:00", "11:30")
    asked = {
        book(
            house, NAMED, DAY_NAMED, time, **{**PARTY, "name": name, "kana": "しし" + "どう" * n}
        ).reference: name
        for n, (time, name) in enumerate(zip(times, ODD_NAMES, strict=True), 1)
    }
    token = of_desk(house, "town/named", label=ODD_NAMES[0])
    with house.client() as client:
        found = parties(fetched(client, token))
        body = client.get(path_of(token)).content

    for reference, name in asked.items():
        assert str(found[reference]["SUMMARY"]) == f"【仮】{reference} {name} 様"
    assert "\r\nNAME:甲\\,乙\\;丙:\\\\丁\r\n" in body.decode()
    assert max(map(len, body.split(b"\r\n"))) <= 75
    assert b"\n" not in body.replace(b"\r\n", b"")
    for line in body.split(b"\r\n"):
        line.decode()  # no character is split
