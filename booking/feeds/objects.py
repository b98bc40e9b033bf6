"""A feed as JSON, for programs that read no calendars."""

import msgspec

from booking.feeds.calendars import Feed, description_of, link_of, title_of, uid_of
from booking.ledger.public_entries import Listed, Listing
from booking.settings import Settings
from slots.zone import local


def entries_json(feed: Feed, listed: Listing, settings: Settings) -> bytes:
    """`{"name","changed_at","entries":[…]}`; instants with the offset of the desk's zone."""
    zone = feed.parts[0].desk.zone
    return msgspec.json.encode(
        {
            "name": feed.name,
            "changed_at": local(listed.changed_at, zone).isoformat(),
            "entries": [_entry(one, link_of(feed, one.entry, settings)) for one in listed.entries],
        }
    )


def _entry(one: Listed, url: str) -> dict[str, object]:
    entry = one.entry
    return {
        "uid": uid_of(entry),
        "sequence": one.sequence,
        "kind": "session" if entry.is_session else "hours",
        "desk": entry.desk,
        "consultation": entry.scope if entry.is_session else None,
        "status": entry.status,
        "title": title_of(entry),
        "start": local(entry.starts_at, entry.zone).isoformat(),
        "end": local(entry.ends_at, entry.zone).isoformat(),
        "place": entry.place,
        "availability": entry.mark,
        "description": description_of(entry, url),
        "url": url,
        "changed_at": local(one.changed_at, entry.zone).isoformat(),
    }
