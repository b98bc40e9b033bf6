"""Calendars for programs: public feeds, staff's private ones, and the file of one's own booking."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from booking.feeds import addresses, private_address

__all__ = ["routes"]


def routes() -> Sequence[ControllerRouterHandler]:
    """The calendars' routes."""
    return [*addresses.routes(), private_address.route_of_private_feeds()]
