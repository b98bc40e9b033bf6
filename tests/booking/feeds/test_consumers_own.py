"""The file of one's own booking, read by libical, ical.js and khal, and imported into khal's calendar."""

from pathlib import Path

import pytest

from booking.ledger import changes
from booking.ledger.application import Target
from booking.ledger.reinstating import reinstate
from tests.support.consumers.khal_calendar import KhalCalendar
from tests.support.consumers.reading import NEW_YORK, agreed
from tests.support.consumers.stored import ONE_DAY_BEFORE, own_entry
from tests.support.feeds import get
from tests.support.house import INTERVIEW, SESSION, House, a_house, tokyo

# They look from a zone of their own: once is enough.
pytestmark = pytest.mark.slow

STAFF = "staff:test"
STEPS = ("requested", "confirmed", "moved", "cancelled", "reinstated")


def _life(house: House) -> dict[str, tuple[bytes, dict]]:
    """Each step of a booking's life: its file, and what the database says at that moment."""
    booking, ledger = house.request(wish="09:45"), house.ledger
    later = Target(slot=tokyo(f"{SESSION} 10:30"))
    acts = {
        "requested": lambda: None,
        "confirmed": lambda: changes.confirm(ledger, booking.id, actor=STAFF, how="call"),
        "moved": lambda: changes.move(ledger, booking.id, actor=STAFF, target=later, how="call"),
        "cancelled": lambda: changes.cancel(ledger, booking.id, actor="resident"),
        "reinstated": lambda: reinstate(ledger, booking.id, actor=STAFF, reason="", how="call"),
    }
    found = {}
    with house.client() as client:
        for step, act in acts.items():
            act()
            file = client.get(f"/b/{booking.token}/booking.ics").content
            found[step] = (file, own_entry(house, booking.id))
            house.clock.move_by(hours=1)
    return found


def test_every_step_of_a_booking_is_read_as_the_database_has_it(database_url: str) -> None:
    """Points 1, 5, 19, 20 and 24: also that a download after a cancellation is the cancelled one."""
    with a_house(database_url) as house:
        life = _life(house)

    found = agreed(
        {step: file for step, (file, _) in life.items()},
        {step: row for step, (_, row) in life.items()},
    )

    assert tuple(found) == STEPS
    ((uid, *_),) = {tuple(one.events) for one in found.values()}
    steps = [one.events[uid] for one in found.values()]
    assert {one.method for one in found.values()} == {"PUBLISH"}
    assert [one.status for one in steps] == [
        "TENTATIVE", "CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED",
    ]  # fmt: skip
    assert [one.sequence for one in steps] == [0, 1, 2, 3, 4]
    assert [one.transparency for one in steps][3:] == ["TRANSPARENT", "OPAQUE"]
    assert [one.alarms for one in steps] == [
        [], ONE_DAY_BEFORE, ONE_DAY_BEFORE, [], ONE_DAY_BEFORE,
    ]  # fmt: skip
    assert {one.name for one in found.values()} == {None}  # a name would open a calendar of its own
    assert all(one.attendees == [] and len(one.organizer) == 1 for one in steps)


def test_an_arranged_time_is_read_with_the_place_that_staff_wrote(sqlite_url: str) -> None:
    """Points 1 and 10: what staff type is cleaned once, and then shown as it is kept."""
    typed = ' 渋川,市;役所\\"3階" 󠄁葛󠄀\u2028𠮷の間\x00\x1f\x85（ﾊﾟﾈﾙ前）👩‍👩‍👧 '
    with a_house(sqlite_url) as house:
        wished = house.request(INTERVIEW)
        target = house.application(
            INTERVIEW,
            slot="2026-12-01T14:00:00+09:00", minutes=60, place=typed, wishes=None, by_staff=True,
        ).target  # fmt: skip
        changes.confirm(house.ledger, wished.id, actor=STAFF, how="call", target=target)
        file = get(house, f"/b/{wished.token}/booking.ics").content
        row = own_entry(house, wished.id)

    (event,) = agreed({"arranged": file}, {"arranged": row})["arranged"].events.values()

    assert event.location is not None
    assert '渋川,市;役所\\"3階"' in event.location
    assert "𠮷の間" in event.location
    assert "（ﾊﾟﾈﾙ前）👩" in event.location


def test_imported_one_after_the_other_they_leave_one_cancelled_entry(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Point 19, in a real program; and importing a file twice doubles nothing."""
    with a_house(sqlite_url) as house:
        life = _life(house)
    khal = KhalCalendar(tmp_path, viewer=NEW_YORK)

    requested, confirmed, moved, cancelled = (life[step][0] for step in STEPS[:4])

    khal.take(requested, confirmed, confirmed)
    (entry,) = khal.entries()
    # As they look in New York: a quarter to ten in Japan is the evening before.
    assert entry["start-long-full"] == "2026-12-18 19:45"
    assert (entry["title"], entry["status"]) == ("ご予約", "CONFIRMED")

    khal.take(moved, cancelled, cancelled)
    (entry,) = khal.entries()
    assert (entry["title"], entry["status"]) == ("【取消】ご予約", "CANCELLED")
    assert entry["start-long-full"] == "2026-12-18 20:30"
    assert khal.files == 1
