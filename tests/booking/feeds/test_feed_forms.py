"""What stands beside a calendar: a whole organisation's, hours only, CSV, RSS and JSON."""

import csv
import io
import json
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from booking.feeds.open_data import COLUMNS, _katakana
from booking.ledger import changes
from tests.support.feeds import CONSULTATION, DESK, a_city, change, events, get, withdraw
from tests.support.house import SESSION, House, a_house, tokyo

REQUIRED = ("イベント名", "イベント名_カナ", "開始日", "終了日", "開始時間", "終了時間", "説明")


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    """A house."""
    with a_house(sqlite_url) as found:
        yield found


def table(text: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


def items(text: str) -> list[dict[str, str]]:
    """The items of an RSS file, by the names of their elements."""
    found = ElementTree.fromstring(text).findall("channel/item")
    return [{one.tag: one.text or "" for one in item} for item in found]


def test_an_organisations_feed_has_all_that_its_desks_have(house: House) -> None:
    """Point 5: each entry as its desk's own feed has it, with fewer words and the link among them."""
    with house.client() as client:
        whole = {str(one["UID"]): one for one in events(client.get("/feeds/osaka.ics").text)}
        parts: dict[str, Any] = {}
        for desk in ("net-harmony", "human-rights"):
            text = client.get(f"/feeds/osaka/{desk}.ics").text
            parts |= {str(one["UID"]): one for one in events(text)}

        assert whole.keys() == parts.keys() != set()
        for uid, one in whole.items():
            for name in ("SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "SEQUENCE", "STATUS", "TRANSP"):
                assert one[name] == parts[uid][name]
            assert str(parts[uid]["URL"]) == one["DESCRIPTION"].rsplit("\n", 1)[1]


@pytest.mark.parametrize(("show", "prefix"), [("sessions", "session-"), ("hours", "hours-")])
def test_one_subscribes_to_sessions_or_to_hours(show: str, prefix: str, house: House) -> None:
    """A parameter chooses; without it there is what was served before."""
    found = [str(one["UID"]) for one in events(get(house, f"{DESK}?show={show}").text)]

    assert found
    assert all(one.startswith(prefix) for one in found)


def test_what_nobody_can_show_is_refused_in_a_sentence(house: House) -> None:
    """An unknown parameter's value is a mistake, an unknown parameter is somebody's counter."""
    with house.client() as client:
        refused = client.get(f"{DESK}?show=all")
        assert refused.status_code == 400
        assert "sessions" in refused.text
        assert client.get(f"{DESK}?utm=x").content == client.get(DESK).content
        assert client.get("/feeds/shibukawa.txt").status_code == 404
        assert client.get("/feeds/nowhere.ics").status_code == 404


def test_the_csv_is_the_standards_event_list(house: House) -> None:
    """自治体標準オープンデータセット: UTF-8 with BOM, its columns, ISO dates, half-width digits."""
    answer = get(house, DESK.replace(".ics", ".csv"))
    first, *_ = rows = table(answer.content.decode("utf-8-sig"))

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert tuple(first) == COLUMNS
    assert {*REQUIRED, "場所名称", "住所"} < set(COLUMNS)
    assert len(rows) == len(events(get(house, DESK).text))
    for row in rows:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["開始日"])
        assert re.fullmatch(r"\d\d:\d\d", row["終了時間"])
        assert (row["都道府県コード又は市区町村コード"], row["都道府県名"]) == ("102083", "群馬県")
    (one,) = [row for row in rows if row["開始日"] == SESSION]
    assert (one["開始時間"], one["終了時間"], one["場所名称"]) == (
        "09:00",
        "12:00",
        "渋川市役所本庁舎",
    )
    assert (one["参加申込終了日"], one["参加申込終了時間"]) == ("2026-12-18", "17:15")


def test_the_csv_has_all_that_the_desk_file_knows(house: House) -> None:
    """And nothing where nobody knows it; a change of it moves the date, a taken seat's count does not."""
    lawyer = DESK.replace(".ics", ".csv")

    def row(path: str, **at: str) -> dict[str, str]:
        found = table(get(house, path).content.decode("utf-8-sig"))
        return next(one for one in found if at.items() <= one.items())

    session = row(lawyer, 開始日=SESSION)
    hours = row("/feeds/shibukawa/support.csv", 開始日="2026-11-24")
    assert (session["定員"], session["主催者"]) == ("4", "渋川市")
    assert (session["イベント名_カナ"], session["緯度"], hours["定員"]) == ("", "", "")
    assert hours["場所名称"] == "渋川市役所本庁舎"
    assert hours["説明"].startswith("市の職員が相談を受け")
    house.clock.move_by(hours=1)
    house.request()
    said = get(house, lawyer).headers["Last-Modified"]
    assert said == "Tue, 24 Nov 2026 01:00:00 GMT"
    change(house, "changed_capacities", session=SESSION, seats=2)
    answer = get(house, lawyer, **{"If-Modified-Since": said})
    assert answer.headers["Last-Modified"] == "Tue, 24 Nov 2026 02:00:00 GMT"
    assert row(lawyer, 開始日=SESSION)["定員"] == "8"


@pytest.mark.parametrize(
    ("title", "reading"),
    [
        ("くらしとこころ", "クラシトココロ"),
        ("ネットハーモニー（2）", "ネットハーモニー（2）"),
        ("ネット相談", ""),
        ("（・）", ""),
        ("ABC", ""),
    ],
)
def test_a_title_in_kana_is_its_own_reading(title: str, reading: str) -> None:
    assert _katakana(title) == reading


def test_no_cell_is_a_formula(house: House) -> None:
    """What a spreadsheet opens must not run."""
    change(house, "changed_places", session=SESSION, place={"name": "=HYPERLINK(1)"})
    (one,) = [
        row
        for row in table(get(house, DESK.replace(".ics", ".csv")).content.decode("utf-8-sig"))
        if row["開始日"] == SESSION
    ]

    assert one["場所名称"] == "'=HYPERLINK(1)"


def test_the_rss_tells_changes_newest_first_each_once(house: House) -> None:
    """RSS 2.0: a guid of UID and sequence, valid dates; a taken seat is no news."""
    path = CONSULTATION.replace(".ics", ".rss")
    new = items(get(house, path).text)
    house.clock.move_by(hours=1)
    change(house, "moved_sessions", session=SESSION, to="2026-12-26")
    house.clock.move_by(hours=1)
    closure = change(house, "closures", first="2027-01-16", last="2027-01-16", text="大雪 & <強風>")
    answer = get(house, path)
    first, second, *others = found = items(answer.text)

    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert first["title"].startswith("【中止】弁護士の無料相談 令和9年1月16日（土）")
    assert "大雪 &amp; &lt;強風&gt;" in first["description"]
    assert second["title"].startswith("【変更】弁護士の無料相談 令和8年12月26日（土）")
    assert all(one["title"].startswith("【新規】") for one in others)
    dates = [parsedate_to_datetime(one["pubDate"]) for one in found]
    assert dates[:2] == [tokyo("2026-11-24 12:00"), tokyo("2026-11-24 11:00")]
    assert dates == sorted(dates, reverse=True)
    assert {one["guid"] for one in others} < {one["guid"] for one in new}
    assert not {first["guid"], second["guid"]} & {one["guid"] for one in new}

    withdraw(house, closure)
    for _ in range(4):
        house.request(date="2026-12-26")
    after = items(get(house, path).text)
    assert after[0]["title"].startswith("【変更】")
    assert {one["guid"] for one in after[1:]} == {one["guid"] for one in found[1:]}


def test_the_json_says_what_the_calendar_says(house: House) -> None:
    """Point 5."""
    said = json.loads(get(house, DESK.replace(".ics", ".json")).content)
    calendar = events(get(house, DESK).text)

    assert [
        (one["uid"], one["start"], one["end"], one["title"], one["description"], one["sequence"])
        for one in said["entries"]
    ] == [
        (
            str(one["UID"]),
            one.start.isoformat(),
            one.end.isoformat(),
            str(one["SUMMARY"]),
            str(one["DESCRIPTION"]),
            int(one["SEQUENCE"]),
        )
        for one in calendar
    ]


@pytest.mark.parametrize("ending", ["ics", "csv", "rss", "json"])
def test_no_word_of_any_booking_and_no_count_is_in_any_form(ending: str, house: House) -> None:
    """Point 13: all that the booking knows, and how many there are."""
    booking = house.request(
        wish="09:45",
        name="秘密 花子",
        kana="ひみつ はなこ",
        phone="090-9876-5432",
        needs="手話通訳",
        residence="渋川市八木原",
    )
    changes.confirm(house.ledger, booking.id, actor="staff:test", how="call")
    for _ in range(2):
        house.request()
    text = get(house, f"/feeds/shibukawa.{ending}").text.replace("\r\n ", "")

    contact = booking.contact
    words = [contact.name, contact.kana, contact.phone, contact.residence, contact.needs]
    words += ["秘密", "9876", booking.id, booking.reference, booking.token, "受付番号"]
    for word in words:
        assert word
        assert word not in text
    assert "残りわずか" in text or ending == "json"
    assert not re.search(r"(残り|あと|予約)\s*\d+\s*(件|席|組|名|人)", text)


def test_an_empty_feed_is_still_a_calendar(tmp_path: Path, sqlite_url: str) -> None:
    """Point 12: with its zone, since a calendar has at least one component."""
    over = a_city(1).replace('"sun"]', '"sun"]\nuntil = 2020-01-01')
    (tmp_path / "big.toml").write_text(over, encoding="utf-8")
    with a_house(sqlite_url, folder=tmp_path) as house:
        for ending in ("ics", "csv", "rss", "json"):
            assert get(house, f"/feeds/big/desk.{ending}?show=sessions").status_code == 200
        text = get(house, "/feeds/big/desk.ics?show=sessions").text

        assert events(text) == []
        assert "BEGIN:VTIMEZONE" in text
