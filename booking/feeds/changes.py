"""A feed's changes as RSS 2.0: what is new, changed or cancelled, newest first."""

from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from booking.feeds.calendars import Feed, description_of, link_of, title_of, uid_of
from booking.i18n import era_date, time_span
from booking.ledger.public_entries import Listed, Listing
from booking.settings import Settings
from slots.zone import local

MOST = 100
MINUTES = 60


def changes_feed(feed: Feed, listed: Listing, settings: Settings) -> bytes:
    """The newest changes of time, place and status: a full session is no news. Valid RSS 2.0.

    An item's guid is the entry's UID with its SEQUENCE, so that a reader shows each change once.
    """
    rss = ElementTree.Element(
        "rss", {"version": "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom"}
    )
    channel = ElementTree.SubElement(rss, "channel")
    _add(channel, "title", f"{feed.name} 更新のお知らせ")
    _add(channel, "link", f"{settings.base_url}/{feed.key}")
    ElementTree.SubElement(
        channel,
        "atom:link",
        {
            "href": f"{settings.base_url}/feeds/{feed.key}.rss",
            "rel": "self",
            "type": "application/rss+xml",
        },
    )
    _add(channel, "description", "開催日の追加・変更・中止をお知らせします。")
    _add(channel, "language", "ja")
    _add(channel, "lastBuildDate", _date(listed.changed_at))
    _add(channel, "ttl", str(MINUTES))
    for one in newest(listed):
        _item(channel, one, link_of(feed, one.entry, settings))
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(rss, "utf-8")


def newest(listed: Listing) -> list[Listed]:
    """The entries that changed last, newest first."""
    by_key = sorted(listed.entries, key=lambda one: (one.entry.starts_at, one.entry.key))
    return sorted(by_key, key=lambda one: one.scheduled_at, reverse=True)[:MOST]


def _item(channel: ElementTree.Element, one: Listed, url: str) -> None:
    entry = one.entry
    start, end = local(entry.starts_at, entry.zone), local(entry.ends_at, entry.zone)
    when = f"{era_date(start.date())}{time_span(start, end)}"
    item = ElementTree.SubElement(channel, "item")
    _add(item, "title", f"{_lead(one)}{title_of(entry)} {when}")
    _add(item, "link", url)
    # Readers take it for HTML, where neither `<` nor a line break is what it seems.
    _add(item, "description", escape(description_of(entry, url)).replace("\n", "<br>"))
    guid = _add(item, "guid", f"{uid_of(entry)}#{one.sequence}")
    guid.set("isPermaLink", "false")
    _add(item, "pubDate", _date(one.scheduled_at))


def _lead(one: Listed) -> str:
    if one.entry.status == "cancelled":
        return ""
    return "【変更】" if one.sequence else "【新規】"


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, name)
    made.text = "".join(filter(_is_xml, text))
    return made


def _is_xml(char: str) -> bool:
    """Whether XML 1.0 takes the character."""
    code = ord(char)
    return (
        code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code > 0xFFFF
    )


def _date(at: datetime) -> str:
    """RFC 822 with four digits of the year, as RSS asks."""
    return format_datetime(at)
