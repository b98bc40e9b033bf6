"""Rows as the ledger writes them, made without the ledger."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
SESSION = "town/desk/daily/2026-12-19"
NINE = datetime(2026, 12, 19, 0, tzinfo=UTC)
_numbers = count()


def a_row(**changes: Any) -> dict[str, Any]:
    """A booking's row that refers to nothing; each call is another booking."""
    number = next(_numbers)
    row = {
        "id": f"id-{number}",
        "reference": f"0000-{number:04}",
        "token": f"a token that nobody guesses {number}",
        "token_hash": f"hash-{number}",
        "consultation": "town/desk/daily",
        "status": "requested",
        "holds_seat": True,
        "zone": "Asia/Tokyo",
        "channel": "online",
        "created_at": NOW,
        "changed_at": NOW,
        "calendar_changed_at": NOW,
    }
    return row | changes
