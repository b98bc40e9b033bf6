"""Residents' pages: no account, no e-mail, no JavaScript is needed."""

from collections.abc import Sequence

from litestar import Router
from litestar.types import ControllerRouterHandler

from booking.web import book, dates, desks, display, own, own_contact, subscribe
from booking.web.refusals import exception_handlers

__all__ = ["exception_handlers", "routes"]


def routes() -> Sequence[ControllerRouterHandler]:
    """The residents' routes."""
    handlers = [
        desks.home,
        desks.organisation_page,
        desks.desk_page,
        dates.dates_page,
        book.form_page,
        book.submit,
        own.booking_page,
        own.move_page,
        own.move,
        own.cancel_page,
        own.cancel,
        own_contact.contact_page,
        own_contact.change_contact,
        display.display_page,
        display.set_display,
        subscribe.organisation_calendar,
        subscribe.desk_calendar,
        subscribe.consultation_calendar,
    ]
    return [Router("/", route_handlers=handlers, include_in_schema=False)]
