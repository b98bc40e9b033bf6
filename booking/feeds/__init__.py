"""Calendars for programs: public feeds, and the file of one's own booking."""

from booking.feeds.addresses import routes

__all__ = ["routes"]
