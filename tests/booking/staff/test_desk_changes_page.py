"""休止・臨時: nothing changes before its preview was seen, and then all of it or nothing."""

import html
import json
import random
import re
from typing import Any

import pytest

from booking.ledger import desk_changes, queries
from booking.ledger.status import Status
from tests.support.clerk import Clerk, at_the_console
from tests.support.house import LEGAL, NEXT_SESSION, SESSION, House

DESK = "shibukawa/lawyer"
CLOSE = {"form": "closures", "closures_scope": LEGAL, "closures_first": SESSION}


def send_file(clerk: Clerk, data: bytes, **fields: str) -> str:
    """The answer to the form with a file."""
    sent = {"_csrf_token": clerk.token, "file_kind": "closures", "file_scope": LEGAL}
    sent |= {f"file_{name}": value for name, value in fields.items()}
    answer = clerk.client.post(
        "/staff/changes/file",
        data=sent,
        files={"file_file": ("days.ics", data, "text/calendar")},
        follow_redirects=False,
    )
    return clerk._keep(answer)


def shown(clerk: Clerk) -> dict[str, Any]:
    """The hidden fields of the preview, and every box ticked."""
    names = ("scope", "kind", "seen", "changes", "idempotency_key")
    found: dict[str, Any] = {name: clerk.hidden(name) for name in names}
    return found | {"take": [str(n) for n in range(len(json.loads(found["changes"])))]}


def words(page: str) -> str:
    """What the page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def standing(house: House) -> list[dict[str, Any]]:
    return [dict(one.data) for one in desk_changes.standing(house.ledger)]


def test_a_closure_is_shown_before_it_is_made_and_listed_after(house: House, clerk: Clerk) -> None:
    page = words(clerk.post("/staff/changes", **CLOSE, closures_text="大雪のため中止します。"))

    assert clerk.status == 200
    assert "12月19日（土）午前9時から正午まで" in page
    assert "影響する予約 0件" in page
    assert standing(house) == []

    clerk.post("/staff/changes/make", **shown(clerk))
    listed = words(clerk.follow())

    assert "1件を登録しました。" in listed
    assert "令和8年12月19日（土） 「大雪のため中止します。」" in listed
    assert standing(house) == [{"first": SESSION, "text": "大雪のため中止します。"}]


def test_pressing_twice_makes_it_once(house: House, clerk: Clerk) -> None:
    clerk.post("/staff/changes", **CLOSE)
    sent = shown(clerk)
    for _ in range(2):
        clerk.post("/staff/changes/make", **sent)

        assert clerk.status == 303
    assert len(standing(house)) == 1


def test_bookings_that_are_touched_are_masked_and_ask_for_a_decision(
    house: House, clerk: Clerk
) -> None:
    booked = house.enter(slot=f"{SESSION}T09:45", name="高橋 一郎")
    page = words(clerk.post("/staff/changes", **CLOSE))
    sent = shown(clerk)

    assert f"{booked.reference} 高● 12月19日（土） 9:45 確定 枠がなくなります" in page
    assert "高橋" not in clerk.page
    clerk.post("/staff/changes/make", **sent)
    assert clerk.status == 409
    assert "影響を受ける予約をどうするかを選んでください。" in clerk.page
    clerk.post("/staff/changes/make", **sent, bookings="follow")
    assert clerk.status == 422
    assert "理由を入力してください。" in clerk.page
    assert standing(house) == []

    clerk.post("/staff/changes/make", **sent, bookings="follow", reason="大雪のため")

    assert clerk.status == 303
    assert queries.by_id(house.ledger, booked.id).status is Status.CANCELLED_BY_OFFICE


def test_a_booking_that_came_meanwhile_is_shown_before_anything_is_made(
    house: House, clerk: Clerk
) -> None:
    clerk.post("/staff/changes", **CLOSE)
    sent = shown(clerk)
    booked = house.enter(slot=f"{SESSION}T09:45")
    clerk.post("/staff/changes/make", **sent, bookings="follow", reason="大雪のため")

    assert clerk.status == 409
    assert booked.reference in clerk.page
    assert "まだ登録していません" in clerk.page
    assert standing(house) == []
    assert queries.by_id(house.ledger, booked.id).status is Status.CONFIRMED

    again = shown(clerk)
    assert again["idempotency_key"] == sent["idempotency_key"]
    clerk.post("/staff/changes/make", **again, bookings="keep")
    assert clerk.status == 303
    assert len(standing(house)) == 1


def test_a_file_is_previewed_day_by_day_and_made_as_one(house: House, clerk: Clerk) -> None:
    booked = house.enter(slot=f"{SESSION}T09:45")
    data = f"{SESSION},,臨時休館\r\n{NEXT_SESSION},,臨時休館\r\n2026-12-22\r\n".encode("cp932")
    page = words(send_file(clerk, data, titles="1"))

    assert clerk.status == 200
    assert "文字コード Shift_JIS" in page
    assert "これからの日が3件" in page
    assert "影響する開催日 2日" in page
    assert "開催日ではありません" in page
    assert booked.reference in page
    clerk.post("/staff/changes/make", **shown(clerk), bookings="keep")
    assert clerk.location == "/staff/changes?done=made-3"
    assert standing(house) == [
        {"first": SESSION, "text": "臨時休館"},
        {"first": "2026-12-22"},
        {"first": NEXT_SESSION, "text": "臨時休館"},
    ]


def test_titles_of_a_calendar_are_neither_kept_nor_sent_back_unless_asked_for(
    clerk: Clerk, house: House
) -> None:
    data = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261219\n"
        "SUMMARY:依頼者の山田様と打合せ\nEND:VEVENT\nEND:VCALENDAR\n"
    ).encode()
    send_file(clerk, data, text="都合により休止します。")

    assert "山田" not in clerk.page
    assert json.loads(clerk.hidden("changes")) == [
        {"first": SESSION, "text": "都合により休止します。"}
    ]
    assert "山田" in send_file(clerk, data, titles="1")


def test_days_whose_box_is_not_ticked_are_left_out(house: House, clerk: Clerk) -> None:
    send_file(clerk, f"{SESSION}\n{NEXT_SESSION}\n".encode())
    clerk.post("/staff/changes/make", **shown(clerk) | {"take": ["1"]})

    assert standing(house) == [{"first": NEXT_SESSION}]


def test_a_file_that_is_handed_in_again_adds_only_what_is_new(house: House, clerk: Clerk) -> None:
    send_file(clerk, f"{SESSION}\n".encode())
    clerk.post("/staff/changes/make", **shown(clerk))
    page = words(send_file(clerk, f"{SESSION}\n{NEXT_SESSION}\n".encode()))

    assert "1行目 令和8年12月19日（土） もう登録されています" in page
    assert json.loads(clerk.hidden("changes")) == [{"first": NEXT_SESSION}]
    page = words(send_file(clerk, f"{SESSION}\n".encode()))
    assert clerk.status == 200
    assert "登録する日はありません。" in page


def test_a_list_of_session_dates_opens_those_on_which_there_is_none(
    house: House, clerk: Clerk
) -> None:
    data = f"開催日\n{SESSION}\n2026-12-12\n2026-12-13,13:00-16:00\n".encode()
    page = words(
        send_file(clerk, data, kind="extra_sessions", start="9:00", end="12:00", file_text="")
    )

    assert "2行目 令和8年12月19日（土） もう開催があります" in page
    clerk.post("/staff/changes/make", **shown(clerk))
    assert standing(house) == [
        {"session": "2026-12-12", "start": "09:00", "end": "12:00"},
        {"session": "2026-12-13", "start": "13:00", "end": "16:00"},
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "ファイルを選んでください"),
        (b"2026-12-19\n2026-13-01\nfoo\n", "2行目：ない日付です。"),
        (b"2026-12-19\n2026-12-20,,\x81", "2行目：文字コードを読み取れません。"),
        (b"2026-12-19\n12/\xff\xff", "2行目：文字ではない内容があります。"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2026", "3行目：ファイルが途中で切れています。"),
        (b"2001-01-01\n", "これからの日付がありません。"),
        (b"2026-12-19\n2026-12-20\x00", "2行目：文字ではない内容があります。"),
        (b"PK\x03\x04\x00\x00", "Excelでは「CSV UTF-8」の形で保存し"),
        (
            b"\n".join(b"2027-%02d-%02d" % (1 + n % 12, 1 + n // 12) for n in range(330)),
            "300件まで",
        ),
        (b"1" * 5_000_001, "ファイルは5MBまでです。"),
    ],
)
def test_a_broken_file_is_refused_whole_with_its_lines(
    house: House, clerk: Clerk, data: bytes, said: str
) -> None:
    send_file(clerk, data)

    assert clerk.status == 422
    assert said in html.unescape(clerk.page)
    assert standing(house) == []


CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Asia/Tokyo\r\nBEGIN:STANDARD\r\n"
    "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nEND:STANDARD\r\n"
    "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Asia/Tokyo:20261219T090000\r\n"
    "DTEND;TZID=Asia/Tokyo:20261219T120000\r\nRRULE:FREQ=MONTHLY;BYDAY=3SA;COUNT=3\r\n"
    "SUMMARY:会議\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
).encode()


def test_a_file_that_was_cut_or_garbled_anywhere_is_never_half_taken(
    house: House, clerk: Clerk
) -> None:
    chance = random.Random(7)
    assert "2月20日" in send_file(clerk, CALENDAR)
    for _ in range(25):
        cut = chance.randrange(1, len(CALENDAR) - 4)
        send_file(clerk, CALENDAR[:cut])
        assert clerk.status == 422

        garbled = bytearray(CALENDAR)
        garbled[cut] = chance.randrange(256)
        send_file(clerk, bytes(garbled))
        assert clerk.status in (200, 422)
    assert standing(house) == []


def test_a_file_that_is_far_too_large_is_refused_unread(clerk: Clerk) -> None:
    send_file(clerk, b"1" * 5_500_000)

    assert clerk.status in (413, 422)


def test_a_refused_file_leaves_everything_else_as_it_was_chosen(house: House, clerk: Clerk) -> None:
    chosen = {"text": "庁舎の休み", "fiscal_year": "2027", "last": "2027-03-31", "titles": "1"}
    send_file(clerk, b"2026-13-01\n", scope=DESK, **chosen)
    page = html.unescape(clerk.page)

    assert clerk.status == 422
    assert "ファイルは、もう一度選んでください。" in page
    assert f'<option value="{DESK}" selected>' in page
    for name in ("text", "fiscal_year", "last"):
        assert re.search(rf'name="file_{name}"[^>]*value="{chosen[name]}"', page), name
    assert re.search(r'name="file_titles"[^>]* checked', page)


def test_of_a_long_calendar_a_part_is_taken(house: House, clerk: Clerk) -> None:
    weekly = CALENDAR.replace(b"FREQ=MONTHLY;BYDAY=3SA;COUNT=3", b"FREQ=DAILY")
    send_file(clerk, weekly)
    assert "「いつまで」に日付を入れて、期間を分けてください。" in words(clerk.page)

    send_file(clerk, weekly, last="2026-12-31")

    assert clerk.status == 200
    assert len(json.loads(clerk.hidden("changes"))) == 13
    send_file(clerk, weekly, last="いつか")
    assert "日付を 2026-12-19 か 令和8年12月19日 の形で入力してください。" in words(clerk.page)


def test_a_change_is_taken_back_and_what_was_before_holds_again(house: House, clerk: Clerk) -> None:
    made = desk_changes.make(
        house.ledger, LEGAL, "closures", {"first": SESSION}, actor="staff:test"
    )
    clerk.post(f"/staff/changes/{made.id}/withdraw")

    assert "取り下げました" in clerk.follow()
    assert standing(house) == []
    clerk.post(f"/staff/changes/{made.id}/withdraw")
    assert clerk.status == 404


def test_taking_back_a_session_that_has_bookings_asks_what_becomes_of_them(
    house: House, clerk: Clerk
) -> None:
    extra = {"session": "2026-12-12", "start": "09:00", "end": "12:00"}
    made = desk_changes.make(house.ledger, LEGAL, "extra_sessions", extra, actor="staff:test")
    booked = house.enter(slot="2026-12-12T09:00")
    path = f"/staff/changes/{made.id}/withdraw"
    page = clerk.post(path)

    assert clerk.status == 409
    assert booked.reference in page
    assert "エラー" not in page
    clerk.post(path, reason="", bookings="follow")
    assert clerk.status == 422
    assert len(standing(house)) == 1
    clerk.post(path, reason="講師の都合のため", bookings="follow")
    assert clerk.status == 303
    assert queries.by_id(house.ledger, booked.id).status is Status.CANCELLED_BY_OFFICE


def test_a_town_sees_and_changes_its_own_desks_only(house: House) -> None:
    made = desk_changes.make(house.ledger, LEGAL, "closures", {"first": SESSION}, actor="staff:t")
    with at_the_console(house, "osaka", organisation="osaka") as other:
        assert "取り下げる" not in other.get("/staff/changes")
        other.post("/staff/changes", **CLOSE)
        assert other.status == 422
        other.post(f"/staff/changes/{made.id}/withdraw")
        assert other.status == 404
        sent = {"scope": LEGAL, "kind": "closures", "seen": "", "take": "0"}
        other.post("/staff/changes/make", **sent, changes=json.dumps([{"first": NEXT_SESSION}]))
        assert other.status == 422
    assert len(standing(house)) == 1


def test_who_only_reads_gets_no_form_and_changes_nothing(house: House) -> None:
    desk_changes.make(house.ledger, LEGAL, "closures", {"first": SESSION}, actor="staff:t")
    with at_the_console(house, "reader", role="viewer") as reader:
        page = reader.get("/staff/changes")
        assert "12月19日" in page
        assert "<form" not in page.split("<main")[1]
        reader.post("/staff/changes", **CLOSE)
        assert reader.status == 403


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"form": "closures"}, "窓口か相談を選んでください。"),
        (CLOSE | {"closures_first": "12月"}, "日付を 2026-12-19 か"),
        (CLOSE | {"closures_last": "2026-12-01"}, "終わりの日は"),
        (CLOSE | {"closures_start": "9時"}, "時刻を24時間で入力してください（例：12:00）。"),
        (CLOSE | {"closures_start": "12:00", "closures_end": "9:00"}, "終わりの時刻は"),
        ({"form": "x"}, "内容を読み取れません。"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field(
    clerk: Clerk, fields: dict[str, str], said: str
) -> None:
    page = clerk.post("/staff/changes", **fields)

    assert clerk.status == 422
    assert said in html.unescape(page)


@pytest.mark.parametrize(
    "changes", ["", "[]", "{}", "[1]", '[{"first":"x"}]', '[{"first":[]}]', "[" * 5000, "[null]"]
)
def test_what_is_sent_back_is_read_as_strictly_as_a_form(
    house: House, clerk: Clerk, changes: str
) -> None:
    sent = {"scope": LEGAL, "kind": "closures", "seen": "", "take": "0", "changes": changes}
    clerk.post("/staff/changes/make", **sent)

    assert clerk.status == 422
    assert standing(house) == []


def test_where_one_of_many_cannot_be_made_none_is(house: House, clerk: Clerk) -> None:
    extras = [{"session": day, "start": "09:00", "end": "12:00"} for day in ("2026-12-12", SESSION)]
    sent = {"scope": LEGAL, "kind": "extra_sessions", "take": ["0", "1"]}
    clerk.post("/staff/changes/make", **sent, seen="", changes=json.dumps(extras))

    assert clerk.status == 422
    assert standing(house) == []
