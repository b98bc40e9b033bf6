"""A feed as open data: the event list of the 自治体標準オープンデータセット, as CSV."""

import csv
import io
import re
from collections.abc import Mapping
from datetime import timedelta

from booking.feeds.calendars import Feed, Written, availability_of, link_of, title_of
from booking.ledger.public_entries import Entry, Listing
from booking.settings import Settings
from slots.desk import Consultation, Desk
from slots.grid import slots_of
from slots.sessions import sessions_of
from slots.window import BookingChannel
from slots.zone import local

COLUMNS = (
    "都道府県コード又は市区町村コード",
    "NO",
    "都道府県名",
    "市区町村名",
    "イベント名",
    "イベント名_カナ",
    "イベント名_英語",
    "開始日",
    "終了日",
    "開始時間",
    "終了時間",
    "開始日時特記事項",
    "説明",
    "料金(基本)",
    "料金(詳細)",
    "連絡先名称",
    "連絡先電話番号",
    "連絡先内線番号",
    "主催者",
    "場所名称",
    "住所",
    "方書",
    "緯度",
    "経度",
    "アクセス方法",
    "駐車場情報",
    "定員",
    "参加申込終了日",
    "参加申込終了時間",
    "参加申込方法",
    "URL",
    "備考",
)
# By the first two digits of 全国地方公共団体コード (JIS X 0401).
PREFECTURES = (
    *("北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県"),
    *("群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県"),
    *("山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府"),
    *("兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県"),
    *("香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県"),
    *("鹿児島県", "沖縄県"),
)
BOOKED_BY: Mapping[BookingChannel, str] = {
    "online": "インターネット",
    "phone": "電話",
    "walk-in": "当日窓口",
}
STATUS_WORDS = {"confirmed": "", "tentative": "開催未定", "cancelled": "中止"}
BOM = "\ufeff"
KANA = re.compile(r"[ァ-ヺー・（）()0-9０-９\s]*[ァ-ヺ][ァ-ヺー・（）()0-9０-９\s]*")
TO_KATAKANA = ord("ァ") - ord("ぁ")


def open_data(feed: Feed, listed: Listing, settings: Settings) -> Written:
    """The event list: UTF-8 with BOM, ISO dates, half-width digits, CRLF (RFC 4180).

    What a desk file doesn't say stays empty: nobody invents a reading or a position.
    """
    seats = _seats(feed, listed)
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    desks = {part.desk.key: part.desk for part in feed.parts}
    whose = _whose(feed)
    consultations = {one.key: one for part in feed.parts for one in part.consultations}
    for number, one in enumerate(listed.entries, start=1):
        entry = one.entry
        row = {**whose, "NO": f"{number:010}", **_entry(entry), **_about(entry)}
        row |= _desk(entry, desks.get(entry.desk), consultations.get(entry.scope))
        row |= {"定員": str(seats.get(entry.key) or ""), "URL": link_of(feed, entry, settings)}
        writer.writerow(row)
    return Written((BOM + made.getvalue()).encode(), listed.defined_at)


def _seats(feed: Feed, listed: Listing) -> dict[str, int]:
    """How many parties each session is for, by its key: of how many came it says nothing."""
    if not listed.entries:
        return {}
    days = [one.entry.day for one in listed.entries]
    start, end = min(days), max(days) + timedelta(days=1)
    return {
        session.key: sum(slot.seats for slot in slots_of(session))
        for part in feed.parts
        for one in part.consultations
        for session in sessions_of(one, start, end)
    }


def _whose(feed: Feed) -> dict[str, str]:
    organisation = feed.organisation
    number = int(organisation.code[:2]) if organisation.code[:2].isdigit() else 0
    prefecture = PREFECTURES[number - 1] if 0 < number <= len(PREFECTURES) else ""
    return {
        "都道府県コード又は市区町村コード": organisation.code,
        "都道府県名": prefecture,
        "市区町村名": "" if organisation.name == prefecture else organisation.name,
        "主催者": organisation.name,
    }


def _entry(entry: Entry) -> dict[str, str]:
    start, end = local(entry.starts_at, entry.zone), local(entry.ends_at, entry.zone)
    return {
        "イベント名": _plain(title_of(entry)),
        "イベント名_カナ": _plain(_katakana(entry.title)),
        "開始日": start.date().isoformat(),
        "終了日": end.date().isoformat(),
        "開始時間": f"{start:%H:%M}",
        "終了時間": f"{end:%H:%M}",
        "開始日時特記事項": STATUS_WORDS[entry.status],
        "説明": _plain(entry.words),
        "備考": f"空き状況: {availability_of(entry)}" if entry.mark else "",
    }


def _about(entry: Entry) -> dict[str, str]:
    found = _where(entry.place_name, entry.place_address, entry.place_room)
    if entry.closes_at is not None:
        closes = local(entry.closes_at, entry.zone)
        found |= {
            "参加申込終了日": closes.date().isoformat(),
            "参加申込終了時間": f"{closes:%H:%M}",
        }
    return found


def _desk(entry: Entry, desk: Desk | None, consultation: Consultation | None) -> dict[str, str]:
    found: dict[str, str] = {}
    if desk is not None:
        found = {"連絡先名称": _plain(desk.name), "連絡先電話番号": desk.phone() or ""}
        found["料金(基本)"] = _plain(consultation.fee if consultation else desk.fee)
        found["説明"] = _plain(f"{_about_it(desk, consultation) or ''} {entry.words}")
        if desk.operator:
            found["主催者"] = _plain(desk.operator)
        if desk.place and not entry.is_session and _receives(desk):
            found |= _where(desk.place.name, desk.place.address, desk.place.room)
    if consultation is not None:
        found["参加申込方法"] = ";".join(BOOKED_BY[one] for one in consultation.booked_by)
    return found


def _about_it(desk: Desk, consultation: Consultation | None) -> str | None:
    return consultation.summary if consultation else desk.service


def _receives(desk: Desk) -> bool:
    """Whether one may come to the desk: its hours have a place then."""
    return any("in-person" in one.channels for one in desk.hours)


def _where(name: str | None, address: str | None, room: str | None) -> dict[str, str]:
    return {
        "場所名称": _plain(name or ""),
        "住所": _plain(address or ""),
        "方書": _plain(room or ""),
    }


def _katakana(title: str) -> str:
    """The reading of a title that is all in kana; of others nobody knows it."""
    found = "".join(chr(ord(one) + TO_KATAKANA) if "ぁ" <= one <= "ゖ" else one for one in title)
    return found if KANA.fullmatch(found) else ""


def _plain(value: str) -> str:
    """One line, which no spreadsheet takes for a formula."""
    line = " ".join(value.split())
    return f"'{line}" if line[:1] in ("=", "+", "-", "@") else line
