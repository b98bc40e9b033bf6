"""What two do to one message at the same moment: whoever commits first is not undone by the other."""

from collections.abc import Callable
from threading import Event, Thread
from time import sleep
from typing import Any

from sqlalchemy import update

from booking.ledger.ledger import Ledger
from booking.store import Tx
from notifications import failures
from notifications.channels import call_list, letter_list
from notifications.channels.channel import NotSent
from notifications.outbox import outbox
from tests.support.house import House, a_house
from tests.support.telling import MAIL, STAFF, Teller, confirmed, rows

LANDLINE = "0279-22-1234"
ADDRESS = "〒377-0007 渋川市例示1番地"


def only_row(house: House, channel: str) -> dict[str, Any]:
    (found,) = [one for one in rows(house) if one["channel"] == channel and one["due_at"]]
    return found


def after_another(ledger: Ledger, number: int, values: dict[str, Any], work: Callable[[], Any]):
    """What `work` returns that began while another transaction had set `values` and not committed."""
    changed, found = Event(), []

    def other(tx: Tx) -> None:
        tx.execute(update(outbox).where(outbox.c.id == number).values(values))
        changed.set()
        sleep(0.3)

    first = Thread(target=lambda: ledger.store.write(other))
    first.start()
    changed.wait()
    second = Thread(target=lambda: found.append(work()))
    second.start()
    first.join()
    second.join()
    return found[0]


def test_a_call_that_was_withdrawn_meanwhile_is_not_put_back(database_url: str) -> None:
    """Staff withdrew it, or the booking moved on, while somebody else noted that nobody answered."""
    with a_house(database_url) as house:
        confirmed(house, phone=LANDLINE, how="mail")
        Teller(house).tick()
        number = next(one["id"] for one in rows(house) if one["kind"] == "confirmed")
        gone = {"state": "withdrawn", "last_error": "by-hand", "settled_at": house.ledger.now()}

        noted = after_another(
            house.ledger,
            number,
            gone,
            lambda: call_list.record(
                house.ledger, number, call_list.Outcome.ABSENT, actor=STAFF, seen_tries=0
            ),
        )

        assert not noted
        assert [one["state"] for one in rows(house) if one["id"] == number] == ["withdrawn"]


def test_a_letter_that_was_withdrawn_meanwhile_is_not_noted_as_posted(database_url: str) -> None:
    """Whoever posted it is told that the list has changed."""
    with a_house(database_url) as house:
        confirmed(house, phone=LANDLINE, postal_address=ADDRESS, how="letter")
        Teller(house).tick()
        number = only_row(house, "letter")["id"]
        gone = {"state": "withdrawn", "last_error": "by-hand", "settled_at": house.ledger.now()}

        noted = after_another(
            house.ledger,
            number,
            gone,
            lambda: letter_list.record(
                house.ledger, number, letter_list.Outcome.POSTED, actor=STAFF, seen_tries=0
            ),
        )

        assert not noted
        assert only_row(house, "letter")["state"] == "withdrawn"


def test_a_failure_that_is_sent_again_meanwhile_is_not_dealt_with(database_url: str) -> None:
    """Else it would fail again, and nobody would see it."""
    with a_house(database_url) as house:
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-550", for_good=True)
        confirmed(house, email=MAIL, phone=LANDLINE, how="call")
        teller.tick()
        (failure,) = failures.failures(house.ledger)
        again = {"state": "waiting", "settled_at": None, "last_error": None, "attempts": 0}

        dealt = after_another(
            house.ledger,
            failure.id,
            again,
            lambda: failures.deal_with(house.ledger, failure.id, STAFF),
        )
        teller.tick()

        assert not dealt
        assert [one.id for one in failures.failures(house.ledger)] == [failure.id]
