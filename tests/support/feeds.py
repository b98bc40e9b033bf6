"""Public feeds as a test reads them."""

from typing import Any

from icalendar import Calendar

from booking.ledger import desk_changes
from tests.support.house import LEGAL, House

DESK = "/feeds/shibukawa/lawyer.ics"
CONSULTATION = f"/feeds/{LEGAL}.ics"
HOURS = "/feeds/osaka/net-harmony.ics"
CITY = """
format = 1
[organisation]
id = "big"
name = "大きな市"
code = "102083"
sender = "市役所"
[[desks]]
id = "desk"
name = "弁護士の無料相談窓口"
fee = "無料"
[[desks.contacts]]
channel = "phone"
value = "0279-25-8526"
"""
EVERY_DAY = """
[[desks.consultations]]
id = "c{0}"
name = "弁護士による法律相談（第{0}会場）"
allotment = "slot"
slot_minutes = 30
fee = "無料"
place = {{ name = "市役所本庁舎", room = "2階 会議室", address = "群馬県大きな市石原80番地" }}
[[desks.consultations.openings]]
weekly = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
on_holiday = "open"
start = "09:00"
end = "12:00"
"""


def a_city(consultations: int) -> str:
    """The desk file of a city with so many sessions every day, all at one desk, `big/desk`."""
    return CITY + "".join(EVERY_DAY.format(n) for n in range(consultations))


def events(text: str) -> list[Any]:
    """The entries of a calendar file, none of them broken."""
    calendar = Calendar.from_ical(text)
    assert [one.errors for one in calendar.walk() if one.errors] == []
    return list(calendar.events)


def entry(text: str, day: str) -> Any:
    """The entry that starts on the local `day`."""
    (found,) = [one for one in events(text) if one.start.date().isoformat() == day]
    return found


def get(house: House, path: str = CONSULTATION, **headers: str) -> Any:
    """What a server that starts now answers: it keeps nothing of what others built."""
    with house.client() as client:
        return client.get(path, headers=headers)


def change(house: House, kind: str, scope: str = LEGAL, **data: Any) -> str:
    """A dated change that staff make; its id."""
    made = desk_changes.make(
        house.ledger,
        scope,
        kind,
        data,
        actor="staff:test",
        bookings_do="follow",
        reason="会場の都合",
    )
    return made.id


def withdraw(house: House, change_id: str) -> None:
    """Staff take it back."""
    desk_changes.withdraw(
        house.ledger, change_id, actor="staff:test", bookings_do="follow", reason="会場の都合"
    )
