"""The staff's console."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from booking.signed_in import staff_router
from booking.staff import (
    bookings,
    day,
    desk_changes,
    feeds,
    find,
    login,
    phone,
    referrals,
    waiting,
)


def routes() -> Sequence[ControllerRouterHandler]:
    """The console's routes: all but signing in are for signed-in staff only."""
    pages = [
        waiting.waiting,
        bookings.see,
        bookings.act,
        phone.empty,
        phone.enter,
        day.day,
        day.named,
        find.ask,
        find.find,
        referrals.listed,
        referrals.issue,
        feeds.listed,
        feeds.make,
        feeds.rotate,
        feeds.revoke,
        *desk_changes.PAGES,
    ]
    return (*login.routes(), staff_router(pages))
