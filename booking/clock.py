"""The present instant. Only `app.py` and `cli` make a clock; everything else is handed `now`."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def rehearsal_clock(start: datetime, real: Clock = system_clock) -> Clock:
    """A clock that shows the aware instant `start` now and ticks on from there. Never in production."""
    began = real()
    return lambda: start.astimezone(UTC) + (real() - began)
