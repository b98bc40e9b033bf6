"""Wakes relay and delivery every few seconds. Remembers nothing."""

from booking.ledger.ledger import Ledger
from booking.settings import Settings


class Ticker:
    """Wakes the work of telling in a background thread."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        """Make a ticker that does not run yet."""

    def start(self) -> None:
        """Begin to tick."""

    def stop(self) -> None:
        """Stop ticking and wait for the tick under way."""
