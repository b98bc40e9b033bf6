"""`booking serve` with the guards of a seat taken away: the control of the race tests.

Run as a module it serves like `booking.cli`, but no lock is taken, each statement commits by itself,
and between looking and taking there is a breath. (The test drops the unique indexes.)
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from litestar import Litestar
from sqlalchemy import Engine, create_engine

import booking.cli.serving
from booking.app import from_environment
from booking.cli import main
from booking.ledger import seats
from booking.store import Store, Tx, transaction, versions

T = TypeVar("T")
BREATH_SECONDS = 0.1


def without_guards() -> Litestar:
    """The app, in a worker without guards."""
    take = seats.take

    def take_slowly(*arguments: Any, **named: Any) -> seats.Seat:
        seat = take(*arguments, **named)
        time.sleep(BREATH_SECONDS)
        return seat

    def no_lock(_tx: Tx, _consultation: str, _at: datetime) -> None:
        return None

    def no_transaction(self: Store, work: Callable[[Tx], T]) -> T:
        with self.engine.connect() as tx:
            return work(tx)

    def open_autocommitting(url: str) -> Engine:
        return create_engine(url, isolation_level="AUTOCOMMIT", pool_size=32)

    seats.take = take_slowly
    versions.lock_and_raise = no_lock
    Store.write = no_transaction  # type: ignore[method-assign]
    transaction.open_engine = open_autocommitting
    return from_environment()


if __name__ == "__main__":
    booking.cli.serving.from_environment = without_guards
    main()
