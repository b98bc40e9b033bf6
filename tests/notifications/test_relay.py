"""From the log to the outbox: once, whoever relays, and nothing that is no longer so."""

from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import DatabaseError

from booking.facts import Fact, Kind
from booking.ledger import changes
from booking.ledger.application import Target
from booking.store import log
from notifications.entries import add
from notifications.plan import Planned
from notifications.relay import relay
from tests.support.house import NEXT_SESSION, SESSION, a_house, tokyo
from tests.support.telling import MAIL, STAFF, confirm, confirmed, rows, states


def test_a_fact_is_read_once(database_url: str) -> None:
    """The second relay finds nothing to do."""
    with a_house(database_url) as house:
        house.request(email=MAIL)

        assert relay(house.ledger) == (1, 1)
        assert relay(house.ledger) == (0, 0)
        assert [row["kind"] for row in rows(house)] == ["received"]


def test_planning_twice_makes_one_message(database_url: str) -> None:
    """The key is unique: booking, revision, kind, channel."""
    with a_house(database_url) as house:
        planned = Planned(
            booking_id="b",
            revision=1,
            kind="received",
            channel="mail",
            due_at=house.ledger.now(),
            not_after=tokyo("2026-12-19 09:00"),
            hand_over_at=tokyo("2026-12-18 15:00"),
        )

        added = [
            house.ledger.store.write(lambda tx: add(tx, [planned], house.ledger.now()))
            for _ in range(2)
        ]

        assert added == [1, 0]
        assert [row["key"] for row in rows(house)] == ["b:1:received:mail"]


def test_two_relays_at_once_plan_once(database_url: str) -> None:
    """Any number of processes may read the log; together they plan each message once."""
    with a_house(database_url) as house:
        for hour in ("09:00", "09:45", "10:30", "11:15"):
            house.enter(slot=f"{SESSION}T{hour}", email=MAIL)
        start, read = Barrier(4), []

        def work() -> None:
            start.wait()
            while facts := relay(house.ledger, limit=2)[0]:
                read.append(facts)

        threads = [Thread(target=work) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        while facts := relay(house.ledger)[0]:  # what another had locked is passed over
            read.append(facts)

        assert sum(read) == 8
        assert sorted(row["kind"] for row in rows(house)) == [
            *["confirmed"] * 4,
            *["reminder-early"] * 4,
            *["reminder-last"] * 4,
        ]


def test_a_relay_that_fails_leaves_its_facts_unread(database_url: str) -> None:
    """Facts and messages are committed together."""
    with a_house(database_url) as house:
        house.request(email=MAIL)

        def run(statement: str) -> None:
            house.ledger.store.write(lambda tx: tx.exec_driver_sql(statement))

        run("ALTER TABLE outbox RENAME TO outbox_away")
        with pytest.raises(DatabaseError):
            relay(house.ledger)
        run("ALTER TABLE outbox_away RENAME TO outbox")

        assert rows(house) == []
        assert relay(house.ledger) == (1, 1)


def test_a_move_withdraws_the_reminders_of_the_old_time(database_url: str) -> None:
    """And plans those of the new one."""
    with a_house(database_url) as house:
        booking = confirmed(house, email=MAIL)
        relay(house.ledger)
        target = Target(slot=tokyo(f"{NEXT_SESSION} 09:00"))

        changes.move(house.ledger, booking.id, actor=STAFF, target=target)
        relay(house.ledger)

        reminders = [
            (row["revision"], row["state"], row["due_at"])
            for row in rows(house)
            if row["kind"] == "reminder-last"
        ]
        assert reminders == [
            (2, "withdrawn", tokyo("2026-12-18 10:00")),
            (3, "waiting", tokyo("2027-01-15 10:00")),
        ]


def test_a_cancellation_withdraws_everything_but_itself(database_url: str) -> None:
    """No reminder of what does not take place."""
    with a_house(database_url) as house:
        booking = confirmed(house, email=MAIL)
        relay(house.ledger)

        changes.cancel(house.ledger, booking.id, actor="resident")
        relay(house.ledger)

        assert states(house) == {
            "confirmed mail": "withdrawn",
            "reminder-early mail": "withdrawn",
            "reminder-last mail": "withdrawn",
            "cancelled mail": "waiting",
        }


def test_what_happened_in_between_is_not_told(database_url: str) -> None:
    """Requested and confirmed between two ticks: one message."""
    with a_house(database_url) as house:
        confirmed(house, email=MAIL)

        assert relay(house.ledger) == (2, 3)
        assert "received mail" not in states(house)


def test_the_outbox_holds_no_address_and_no_name(database_url: str) -> None:
    """Personal data has one home."""
    with a_house(database_url) as house:
        booking = house.request(email=MAIL)
        confirm(house, booking, at=f"{SESSION} 09:45")
        relay(house.ledger)

        said = repr(rows(house))
        for personal in (MAIL, booking.contact.name, booking.contact.phone, booking.token):
            assert personal not in said


def test_a_fact_without_a_booking_is_read_and_forgotten(database_url: str) -> None:
    """It must not stand in the way of the others."""
    with a_house(database_url) as house:
        lost = Fact(
            kind=Kind.CONFIRMED,
            at=house.ledger.now(),
            actor=STAFF,
            booking_id="erased",
            consultation="shibukawa/lawyer/gone",
            revision=1,
        )
        house.ledger.store.write(lambda tx: log.append(tx, lost))
        house.request(email=MAIL)

        assert relay(house.ledger) == (2, 1)
