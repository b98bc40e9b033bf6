"""What is forgotten by itself, and what is not."""

from sqlalchemy import text

from booking.ledger.retention import forget_old
from tests.support.house import House, a_house


def _count(house: House, table: str) -> int:
    query = text(f"SELECT count(*) FROM {table}")
    return int(house.ledger.store.read(lambda tx: tx.execute(query).scalar_one()))


def test_keys_and_counts_are_forgotten_in_time_and_bookings_never(database_url: str) -> None:
    with a_house(database_url) as house:
        house.request(key="a key of a form")
        house.clock.move_by(days=1)
        forget_old(house.ledger)
        assert (_count(house, "idempotency_keys"), _count(house, "attempt_counts")) == (1, 1)

        house.clock.move_by(days=30)
        forget_old(house.ledger)
        assert (_count(house, "idempotency_keys"), _count(house, "attempt_counts")) == (0, 0)
        assert _count(house, "bookings") == 1
