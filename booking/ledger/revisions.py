"""The version of what the public sees, under which ready bytes are kept."""

from collections.abc import Iterable
from datetime import datetime

from booking.ledger.ledger import Ledger
from booking.store import versions


def revisions(ledger: Ledger, consultations: Iterable[str]) -> dict[str, tuple[int, datetime]]:
    """Version and instant of the last change of each of `consultations`."""
    return versions.versions_of(ledger.store, list(consultations))
