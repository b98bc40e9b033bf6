"""What every action and query of the ledger stands on."""

from dataclasses import dataclass
from datetime import datetime

from booking.chance import Chance
from booking.clock import Clock
from booking.desks.catalogue import Catalogue
from booking.desks.current import CurrentDesks
from booking.passwords import Passwords
from booking.store import Store


@dataclass(frozen=True)
class Ledger:
    """予約台帳: the store, the desks, the clock, the dice and the locks, put together once in `app.py` or `cli`."""

    store: Store
    desks: CurrentDesks
    clock: Clock
    chance: Chance
    passwords: Passwords

    @property
    def catalogue(self) -> Catalogue:
        """The desks as they are now, with what staff changed."""
        return self.desks.now()

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self.clock()
