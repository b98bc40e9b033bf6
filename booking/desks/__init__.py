"""Which desks exist."""

from booking.desks.catalogue import Catalogue, load

__all__ = ["Catalogue", "load"]
