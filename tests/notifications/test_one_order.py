"""Whoever changes several messages of bookings holds all of them first, in one order.

Staff, the relay, deliveries and providers' receipts meet at the same rows; on PostgreSQL two that
lock in opposite orders stand still until one of them is ended.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from booking.ledger import changes
from booking.ledger.application import Target
from booking.ledger.reach import change_safe_contact
from notifications import failures
from notifications.by_hand import Deed, act
from notifications.channels import call_list, letter_list
from notifications.channels.channel import NotSent
from notifications.channels.memory import Memory
from notifications.outbox import State
from notifications.receipts import Receipt, receipt
from notifications.unserved import close_unserved
from tests.support.house import SESSION, House, a_house, tokyo
from tests.support.posting import ADDRESS, moved_by_letter
from tests.support.telling import MAIL, STAFF, Teller, confirmed, rows

PHONE, DIGITS = "090-1234-5678", "09012345678"
HOLD = "ORDER BY outbox.booking_id, outbox.id FOR UPDATE"
TAKES = ("UPDATE outbox", "INSERT INTO outbox")


@contextmanager
def transactions(house: House) -> Iterator[list[list[str]]]:
    """The statements of each transaction that ends within the block."""
    found: list[list[str]] = []
    said: dict[int, list[str]] = {}

    def note(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.setdefault(id(connection.connection.dbapi_connection), []).append(statement)

    def end(connection: Any) -> None:
        found.append(said.pop(id(connection.connection.dbapi_connection), []))

    engine = house.ledger.store.engine
    listeners = {"before_cursor_execute": note, "commit": end, "rollback": end}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield found
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


def flat(statement: str) -> str:
    return " ".join(statement.split())


def live(house: House) -> None:
    """All that happens to messages, once."""
    ledger, teller = house.ledger, Teller(house)
    mail, sms = Memory(), Memory()
    channels = {"mail": mail, "sms": sms}
    sms.refusals[DIGITS] = NotSent("sms-400", for_good=True)
    mail.refusals[MAIL] = NotSent("smtp-550", for_good=True)
    times = {"at": f"{SESSION} 09:00"}, {"at": f"{SESSION} 10:30"}
    first = confirmed(
        house, **times[0], email=MAIL, phone=PHONE, postal_address=ADDRESS, how="mail"
    )
    confirmed(house, **times[1], email="taro@example.jp", phone="090-1111-2222", how="mail")
    for _ in range(3):
        teller.tick(channels)
    change_safe_contact(ledger, first.id, {"email": "new@example.jp"}, actor=STAFF)
    teller.tick(channels)
    (lost,) = [one for one in rows(house) if (one["channel"], one["state"]) == ("sms", "dead")]
    act(ledger, lost["id"], Deed.RESEND, actor=STAFF, seen_tries=1)
    teller.tick(channels)
    for status in (Receipt.FAILED, Receipt.DELIVERED):
        for one in [one for one in rows(house) if one["channel"] in channels]:
            receipt(ledger, one["ref"], status, channels)
    target = Target(slot=tokyo("2027-01-16 10:30"))
    changes.move(ledger, first.id, actor=STAFF, target=target)
    teller.tick(channels)
    posted = moved_by_letter(house)
    (letter,) = [
        one for one in rows(house) if (one["booking_id"], one["channel"]) == (posted.id, "letter")
    ]
    letter_list.record(
        ledger,
        letter["id"],
        letter_list.Outcome.NOT_POSTED,
        actor=STAFF,
        seen_tries=0,
        available=list(channels),
    )
    house.clock.move_to("2027-01-15 12:00")
    close_unserved(ledger, ["mail"])
    house.clock.move_to("2027-01-16 12:00")
    teller.tick(channels)
    call_list.close_missed(ledger)
    letter_list.close_unposted(ledger)
    assert failures.failures(ledger)
    assert {State.SENT.value, State.DEAD.value, State.WITHDRAWN.value} <= {
        one["state"] for one in rows(house)
    }


def test_who_changes_several_messages_holds_them_first(postgresql_url: str) -> None:
    with a_house(postgresql_url) as house, transactions(house) as found:
        live(house)

    several = 0
    for said in ([flat(one) for one in each] for each in found):
        taking = [n for n, one in enumerate(said) if one.startswith(TAKES)]
        holding = [n for n, one in enumerate(said) if one.endswith(HOLD)]
        # A claim takes what nobody else holds, and waits for none.
        claims = any(one.endswith("SKIP LOCKED") and "FROM outbox" in one for one in said)
        if len(taking) > 1 and not claims:
            several += 1
            assert min(holding, default=len(said)) < taking[0], said
    assert several > 5
