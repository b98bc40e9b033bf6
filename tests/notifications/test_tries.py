"""What counts as a try: what was begun, and what failed before it could begin; not what was claimed."""

from sqlalchemy import update

from booking.store import Tx
from booking.store.bookings import bookings
from notifications import outbox
from notifications.outbox import LEASE
from notifications.policy import MOST_TRIES
from notifications.relay import relay
from tests.support.house import a_house
from tests.support.telling import MAIL, Teller, confirmed, rows, states, tries


def test_what_was_claimed_and_never_tried_has_used_up_no_try(database_url: str) -> None:
    """Who dies with twenty messages in hand has tried one of them, at most."""
    with a_house(database_url) as house:
        confirmed(house, email=MAIL)
        relay(house.ledger)
        house.clock.move_to("2026-12-16 10:00")
        for _ in range(MOST_TRIES):
            now = house.ledger.now()
            claimed = house.ledger.store.write(
                lambda tx, now=now: outbox.claim(tx, "mail", now, "another", 20)
            )
            assert len(claimed) == 2
            house.clock.move_by(seconds=LEASE.total_seconds())
        house.clock.move_to("2026-12-18 10:00")  # the first reminder has been overtaken
        teller = Teller(house)
        teller.tick()

        assert teller.kinds == ["confirmed", "reminder-last"]
        assert states(house)["reminder-early mail"] == "withdrawn"
        assert len(tries(house)) == 2


def test_what_cannot_even_be_read_is_tried_less_and_less(database_url: str) -> None:
    """A booking whose key is gone: it must not be asked for every minute for weeks."""
    with a_house(database_url) as house:
        booking = house.request(email=MAIL)

        def spoil(tx: Tx) -> None:
            broken = update(bookings).where(bookings.c.id == booking.id)
            tx.execute(broken.values(email=b"sealed with a key that is gone"))

        house.ledger.store.write(spoil)
        teller = Teller(house)
        for _ in range(4):
            teller.tick()
            house.clock.move_by(minutes=1)

        (row,) = rows(house)
        assert (row["state"], row["last_error"], row["attempts"]) == ("failed", "CannotUnseal", 2)
        assert [one["outcome"] for one in tries(house)] == ["CannotUnseal"] * 2
