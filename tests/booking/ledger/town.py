"""A town whose desks have every kind of consultation, for what the shipped desks don't have."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from booking.ledger import changes, requests
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from slots.definition import parse
from slots.desk import Desk
from tests.support.house import House, a_house, tokyo

STAFF = "staff:somebody"
DAILY = "town/desk/daily"  # by slot, two seats
EXPRESS = "town/desk/express"  # by slot, confirmed at once
LEGAL = "town/desk/legal"  # by date, four seats
QUICK = "town/desk/quick"  # by date, confirmed at once
VISIT = "town/desk/visit"  # arranged, at a known place, confirmed at once where a time is settled
EXPERT = "town/desk/expert"  # arranged, opened by a referral code
OTHER_EXPERT = "town/desk/other-expert"
DAY, NEXT_DAY = "2026-12-07", "2026-12-08"  # Monday and Tuesday
SATURDAY, NEXT_SATURDAY = "2026-12-19", "2027-01-16"
TIMES = ("09:00", "09:45", "10:30", "11:15")

_HEAD = """
format = 1
[organisation]
id = "town"
name = "試験町"
code = "999999"
sender = "試験町役場"
[[desks]]
id = "desk"
name = "相談窓口"
fee = "無料"
[[desks.contacts]]
channel = "phone"
value = "0279-25-8526"
[[desks.hours]]
channels = ["phone", "in-person"]
weekly = ["mon", "tue", "wed", "thu", "fri"]
start = "08:30"
end = "17:00"
"""
_SESSIONS = """
slot_minutes = 45
[[desks.consultations.openings]]
start = "09:00"
end = "12:00"
"""
_WEEKDAYS = f'{_SESSIONS}weekly = ["mon", "tue", "wed", "thu", "fri"]\non_holiday = "skip"\n'
_SATURDAYS = f'{_SESSIONS}monthly = {{ nth = [3], weekday = "sat" }}\n'
_WINDOW = """
[desks.consultations.window]
opens_days_before = 180
"""


def _consultation(key: str, allotment: str, more: str = "", times: str = "") -> str:
    return f"""
[[desks.consultations]]
id = "{key.rsplit("/", 1)[1]}"
name = "相談"
fee = "無料"
allotment = "{allotment}"
{more}
{times}{_WINDOW}"""


_AT_ONCE = 'confirmed_by = "at-once"'
_PLACE = '[desks.consultations.place]\nname = "役場"\n'
_REFERRAL = 'asks = ["referral"]'
TOWN = _HEAD + "".join(
    (
        _consultation(DAILY, "slot", "seats = 2", _WEEKDAYS),
        _consultation(EXPRESS, "slot", _AT_ONCE, _WEEKDAYS),
        _consultation(LEGAL, "date", "", _SATURDAYS),
        _consultation(QUICK, "date", _AT_ONCE, _SATURDAYS),
        _consultation(VISIT, "arranged", f"{_AT_ONCE}\n{_PLACE}"),
        _consultation(EXPERT, "arranged", _REFERRAL),
        _consultation(OTHER_EXPERT, "arranged", _REFERRAL),
    )
)


def the_desk() -> Desk:
    """The town's desk, without any database."""
    return parse(tomllib.loads(TOWN)).desks[0]


@contextmanager
def a_town(url: str, folder: Path, text: str = TOWN, **settings: Any) -> Iterator[House]:
    """A house on the migrated database at `url` with the town's desk file in `folder`."""
    (folder / "town.toml").write_text(text, encoding="utf-8")
    with a_house(url, folder=folder, **settings) as house:
        yield house


def at(time: str = "09:00", day: str = DAY) -> str:
    """A slot as it is typed: the Tokyo wall time `time` on `day`."""
    return f"{day}T{time}:00+09:00"


def slot(time: str = "09:00", day: str = DAY) -> Target:
    """The same as a target."""
    return Target(slot=tokyo(f"{day} {time}"))


def confirmed(house: House, booking: Booking, target: Target | None = None) -> Booking:
    """`booking`, confirmed by staff who called."""
    return changes.confirm(house.ledger, booking.id, actor=STAFF, how="call", target=target)


def entered(house: House, consultation: str, **more: Any) -> Booking:
    """A caller's booking; `reason`, `how`, `again` and `key` are staff's, the rest is the caller's."""
    staff = {name: more.pop(name) for name in ("reason", "how", "again", "key") if name in more}
    application = house.application(consultation, by_staff=True, **more)
    return requests.enter(house.ledger, application, actor=STAFF, **staff).booking


def party(**changes: Any) -> dict[str, Any]:
    """The same party each time: what tells one from another is its number and its reading."""
    return {"name": "試験 太郎", "kana": "しけん たろう", "phone": "090-5555-0001"} | changes
