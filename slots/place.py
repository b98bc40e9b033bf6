"""Where people come."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A building, a room in it, and its address."""

    name: str
    room: str | None = None
    address: str | None = None
    postcode: str | None = None
