"""The version of what the public sees, under which ready bytes are kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from booking.desks.current import VERSION as DESK_CHANGES
from booking.ledger.ledger import Ledger
from booking.store import versions

__all__ = ["DESK_CHANGES", "revisions", "version", "versions_at_once"]


def revisions(ledger: Ledger, consultations: Iterable[str]) -> dict[str, tuple[int, datetime]]:
    """Version and instant of the last change of each of `consultations`."""
    return versions.versions_of(ledger.store, list(consultations))


def versions_at_once(ledger: Ledger, consultations: Sequence[str]) -> tuple[int, ...] | None:
    """The versions of `consultations` without waiting, for the event loop; None: ask `version`.

    0 for a consultation that was never registered. On PostgreSQL it is at most a tenth of a second
    old, but never older than what this process itself wrote.
    """
    return ledger.store.watch.all_at_once(consultations)


def version(ledger: Ledger, consultation: str) -> int:
    """The same, waiting for the database where that is needed: not on the event loop."""
    return ledger.store.watch.ask(consultation)
