"""iCalendar feeds and files."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler


def routes() -> Sequence[ControllerRouterHandler]:
    """The calendar routes."""
    return ()
