"""A town whose lawyers serve alone and side by side, and private feeds of it as programs see them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from icalendar import Calendar
from litestar.testing import TestClient

from booking.ledger import changes, private_feeds, requests
from booking.ledger.access import Staff
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from tests.support.house import House, a_house, tokyo

SATO, SUZUKI = "佐藤 弁護士", "鈴木 弁護士"
ALONE = "town/law/alone"  # each week one of both, in turn
BOTH = "town/law/both"  # both at once
VISIT = "town/law/visit"  # arranged, nobody is written down
NAMED = "town/named/talk"  # its desk's calendars name parties
# 佐藤 serves ALONE on the first, 鈴木 on the second; BOTH is on the third.
DAY_OF_SATO, DAY_OF_SUZUKI, DAY_OF_BOTH = "2026-12-02", "2026-12-09", "2026-12-03"
DAY_NAMED = "2026-12-04"
PARTY = {"name": "獅子堂 鳳凰丸", "kana": "ししどう ほうおうまる", "phone": "090-7317-9846"}
CLERK = Staff("clerk", "佐藤", "staff", "town", "staff:clerk")

_OPEN = """
[desks.consultations.window]
opens_days_before = 180
"""
BUREAU = f"""
format = 1
[organisation]
id = "town"
name = "試験町"
code = "999999"
sender = "試験町役場"

[[desks]]
id = "law"
name = "離婚と借金の相談窓口"
fee = "無料"
[[desks.contacts]]
channel = "phone"
value = "0279-25-8526"
[[desks.hours]]
channels = ["phone", "in-person"]
weekly = ["mon", "tue", "wed", "thu", "fri"]
start = "08:30"
end = "17:00"

[[desks.consultations]]
id = "alone"
name = "離婚の相談"
fee = "無料"
allotment = "slot"
slot_minutes = 30
place = {{ name = "役場", room = "相談室2", address = "試験町1番地" }}
[[desks.consultations.openings]]
weekly = ["wed"]
every_weeks = 2
counted_from = 2026-12-02
start = "10:00"
end = "12:00"
roster = ["{SATO}"]
[[desks.consultations.openings]]
weekly = ["wed"]
every_weeks = 2
counted_from = 2026-12-09
start = "10:00"
end = "12:00"
roster = ["{SUZUKI}"]
{_OPEN}
[[desks.consultations]]
id = "both"
name = "借金の相談"
fee = "無料"
allotment = "date"
slot_minutes = 30
roster = ["{SATO}", "{SUZUKI}"]
[[desks.consultations.openings]]
weekly = ["thu"]
start = "10:00"
end = "12:00"
{_OPEN}
[[desks.consultations]]
id = "visit"
name = "訪問"
fee = "無料"
allotment = "arranged"
roster = ["{SATO}", "{SUZUKI}"]
{_OPEN}
[[desks]]
id = "named"
name = "もう一つの窓口"
fee = "無料"
private_feed = "name"
[[desks.consultations]]
id = "talk"
name = "相談"
fee = "無料"
allotment = "slot"
slot_minutes = 30
roster = ["{SATO}"]
[[desks.consultations.openings]]
weekly = ["fri"]
start = "10:00"
end = "12:00"
{_OPEN}
"""


@contextmanager
def a_bureau(url: str, folder: Path, **settings: Any) -> Iterator[House]:
    """A house on the migrated database at `url` with the bureau's desk file."""
    (folder / "town.toml").write_text(BUREAU, encoding="utf-8")
    with a_house(url, folder=folder, **settings) as house:
        yield house


def of_desk(house: House, desk: str = "town/law", **more: Any) -> str:
    """The token of a new feed of a desk."""
    feed_id = house.ledger.chance.id()
    return private_feeds.make(house.ledger, feed_id, staff=CLERK, desk=desk, **more)


def of_person(house: House, person: str = SATO, **more: Any) -> str:
    """The token of a new feed of a person."""
    feed_id = house.ledger.chance.id()
    who = ("town", person)
    return private_feeds.make(house.ledger, feed_id, staff=CLERK, person=who, **more)


def path_of(token: str) -> str:
    """Where the feed with that token is."""
    return f"/feeds/private/{token}.ics"


def book(house: House, consultation: str, day: str, time: str | None, **more: Any) -> Booking:
    """A request for a slot, or for the day where `time` is None."""
    when = {"slot": f"{day}T{time}:00+09:00"} if time else {"date": day}
    asked = {"wishes": None, **when, **more}
    return requests.request(house.ledger, house.application(consultation, **asked)).booking


def confirm(house: House, booking: Booking, target: str | None = None) -> Booking:
    """The booking, confirmed; `target` as in "2026-12-02 10:00"."""
    where = Target(slot=tokyo(target)) if target else None
    return changes.confirm(house.ledger, booking.id, actor="staff:clerk", how="call", target=where)


def fetched(client: TestClient[Any], token: str) -> list[Any]:
    """The entries of the feed with that token; none of them broken."""
    answer = client.get(path_of(token))
    assert answer.status_code == 200
    found = Calendar.from_ical(answer.text)
    assert [one.errors for one in found.walk() if one.errors] == []
    return list(found.events)


def parties(events: list[Any]) -> dict[str, Any]:
    """The entries of bookings, by reference."""
    found = {}
    for one in events:
        reference = re.search(r"\d{4}-\d{4}", str(one["SUMMARY"]))
        if reference:
            found[reference[0]] = one
    return found


def session_days(events: list[Any]) -> list[str]:
    """The local days of the entries that are sessions."""
    named = ("担当日", "開催日")
    return [one.start.date().isoformat() for one in events if str(one["SUMMARY"]).endswith(named)]


def unfolded(text: str) -> str:
    """A calendar's text with its long lines whole."""
    return text.replace("\r\n ", "")
