"""What every action and query of the ledger stands on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from booking.chance import Chance
from booking.clock import Clock
from booking.desks.catalogue import Catalogue
from booking.desks.current import CurrentDesks
from booking.passwords import Passwords
from booking.store import Store
from slots.desk import Desk
from slots.telling import WRITTEN, WrittenChannel


@dataclass(frozen=True)
class Ledger:
    """予約台帳: the store, the desks, the clock, the dice and the locks, put together once in `app.py` or `cli`.

    `writes_by` are the channels that the installation has for writing to parties.
    """

    store: Store
    desks: CurrentDesks
    clock: Clock
    chance: Chance
    passwords: Passwords
    writes_by: Collection[WrittenChannel] = WRITTEN

    @property
    def catalogue(self) -> Catalogue:
        """The desks as they are now, with what staff changed."""
        return self.desks.now()

    def channels_of(self, desk: Desk) -> tuple[WrittenChannel, ...]:
        """By which channels the desk writes to parties, in its order: those that are set up here."""
        return tuple(one for one in desk.telling.order if one in self.writes_by)

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self.clock()
