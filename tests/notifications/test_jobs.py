"""What runs once a day in the whole installation, whoever ticks."""

from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

from sqlalchemy import select

from booking.store import idempotency
from notifications import jobs
from notifications.outbox import outbox
from notifications.policy import WORDS_KEPT
from tests.support.house import INTERVIEW, LEGAL, NEXT_SESSION, SESSION, House, a_house, tokyo
from tests.support.telling import MAIL, Teller, a_folder, confirmed, rows

STAFF_MAIL = 'staff_mail = ["soudan@example.jp"]'
FRIDAY = "2026-12-18"


def lists(house: House) -> list[str]:
    """The sessions whose list is planned."""
    return [row["session"] for row in rows(house) if row["kind"] == "day-list"]


def test_a_claim_is_one_process_only(database_url: str) -> None:
    """Four at once: one gets it."""
    with a_house(database_url) as house:
        start, got = Barrier(4), []

        def work() -> None:
            start.wait()
            now = house.ledger.now()
            claim = house.ledger.store.write(lambda tx: jobs.claim(tx, "x", "2026-11-24", now))
            got.append(claim)

        threads = [Thread(target=work) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

        assert sorted(got) == [False, False, False, True]


def test_a_job_whose_process_died_is_run_by_another(database_url: str) -> None:
    """After the lease, and never again once it is done."""
    with a_house(database_url) as house:
        write = house.ledger.store.write

        def claimed() -> bool:
            return write(lambda tx: jobs.claim(tx, "x", "2026-11-24", house.ledger.now()))

        assert [claimed(), claimed()] == [True, False]
        house.clock.at += jobs.LEASE
        assert [claimed(), claimed()] == [True, False]

        write(lambda tx: jobs.settle(tx, "x", "2026-11-24", house.ledger.now()))
        house.clock.at += jobs.LEASE
        assert not claimed()
        assert write(lambda tx: jobs.claim(tx, "x", "2026-11-25", house.ledger.now()))


def test_the_days_list_is_planned_on_the_business_day_before(
    database_url: str, tmp_path: Path
) -> None:
    """At the desk's hour and once; whether or not anybody comes, for the lawyer does."""
    folder = a_folder(tmp_path / "desks", STAFF_MAIL)
    with a_house(database_url, folder=folder) as house:
        planned = {}
        for moment in (f"{FRIDAY} 15:59", f"{FRIDAY} 16:00", f"{FRIDAY} 16:01", f"{SESSION} 17:00"):
            house.clock.move_to(moment)
            jobs.run_due(house.ledger)
            planned[moment[-8:]] = len(lists(house))

        assert list(planned.values()) == [0, 1, 1, 1]
        assert lists(house) == [f"{LEGAL}/{SESSION}"]


def test_before_a_long_weekend_the_list_comes_on_its_last_business_day(
    database_url: str, tmp_path: Path
) -> None:
    """Friday 2026-03-20 is 春分の日: Saturday's list is there on Thursday."""
    folder = a_folder(tmp_path / "desks", STAFF_MAIL)
    with a_house(database_url, now=tokyo("2026-03-18 17:00"), folder=folder) as house:
        jobs.run_due(house.ledger)
        assert lists(house) == []

        house.clock.move_to("2026-03-19 17:00")
        jobs.run_due(house.ledger)
        assert lists(house) == [f"{LEGAL}/2026-03-21"]


def test_who_slept_for_a_week_lists_no_day_that_is_over(database_url: str, tmp_path: Path) -> None:
    """A list of last Saturday helps nobody."""
    folder = a_folder(tmp_path / "desks", STAFF_MAIL)
    with a_house(database_url, folder=folder) as house:
        house.clock.move_to(f"{FRIDAY} 12:00")
        Teller(house).tick()
        house.clock.move_to("2026-12-25 17:00")
        Teller(house).tick()

        assert lists(house) == []


def test_a_desk_without_a_mailbox_gets_no_list(database_url: str) -> None:
    """Its staff have the page of the day."""
    with a_house(database_url) as house:
        house.clock.move_to(f"{FRIDAY} 17:00")
        jobs.run_due(house.ledger)

        assert lists(house) == []


def test_what_is_old_is_forgotten_once_a_night(database_url: str) -> None:
    """Words told more than three months ago among it; that something was told stays known."""
    with a_house(database_url) as house:
        teller = Teller(house)
        confirmed(house, email=MAIL, at=f"{NEXT_SESSION} 09:45")
        house.request(INTERVIEW, key="a key")
        teller.tick()
        assert [bool(row["said"]) for row in rows(house) if row["state"] == "sent"] == [True]
        house.clock.at += WORDS_KEPT + timedelta(days=1)

        assert jobs.run_due(house.ledger) == 1
        assert jobs.run_due(house.ledger) == 0

        sent = [row for row in rows(house) if row["state"] == "sent"]
        assert sent
        assert not any(row["said"] for row in sent)
        key = house.ledger.store.keyring.index("idempotency", "a key")
        known = house.ledger.store.read(lambda tx: idempotency.known(tx, "online", key))
        assert known is None


def test_the_words_are_sealed_in_the_database(database_url: str) -> None:
    """Whoever reads the file learns nothing, and words can't be moved to another message."""
    with a_house(database_url) as house:
        confirmed(house, email=MAIL)
        Teller(house).tick()

        said = house.ledger.store.read(
            lambda tx: tx.execute(select(outbox.c.said).where(outbox.c.said.is_not(None))).scalar()
        )
        assert "午前9時45分".encode() not in bytes(said)


def test_a_job_of_yesterday_does_not_hold_up_todays(database_url: str) -> None:
    """The period is part of the claim."""
    with a_house(database_url) as house:
        assert jobs.run_due(house.ledger) == 1
        house.clock.move_by(days=1)
        assert jobs.run_due(house.ledger) == 1
