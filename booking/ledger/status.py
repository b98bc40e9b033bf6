"""The life of a booking: its statuses, and the one table of allowed moves between them."""

from enum import StrEnum

from booking.errors import NotAllowed


class Status(StrEnum):
    """Where a booking stands. A move to another time is a fact, not a status: see README."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    DONE = "done"
    NO_SHOW = "no_show"
    DECLINED = "declined"
    CANCELLED_BY_RESIDENT = "cancelled_by_resident"
    CANCELLED_BY_OFFICE = "cancelled_by_office"


HOLDS_SEAT = frozenset(
    {Status.REQUESTED, Status.CONFIRMED, Status.ARRIVED, Status.DONE, Status.NO_SHOW}
)
OPEN = frozenset({Status.REQUESTED, Status.CONFIRMED})
ENDED = frozenset({Status.DECLINED, Status.CANCELLED_BY_RESIDENT, Status.CANCELLED_BY_OFFICE})

ALLOWED: dict[str, dict[Status, Status]] = {
    "confirm": {Status.REQUESTED: Status.CONFIRMED, Status.CONFIRMED: Status.CONFIRMED},
    "decline": {Status.REQUESTED: Status.DECLINED},
    # What a resident moves is to be confirmed again; what staff move stays as it was.
    "move": {Status.REQUESTED: Status.REQUESTED, Status.CONFIRMED: Status.REQUESTED},
    "move_by_office": {Status.REQUESTED: Status.REQUESTED, Status.CONFIRMED: Status.CONFIRMED},
    "cancel": {
        Status.REQUESTED: Status.CANCELLED_BY_RESIDENT,
        Status.CONFIRMED: Status.CANCELLED_BY_RESIDENT,
    },
    "cancel_by_office": {
        Status.REQUESTED: Status.CANCELLED_BY_OFFICE,
        Status.CONFIRMED: Status.CANCELLED_BY_OFFICE,
    },
    # What stands already is left as it is; what was declined was never promised.
    "reinstate": {
        Status.REQUESTED: Status.REQUESTED,
        Status.CANCELLED_BY_RESIDENT: Status.REQUESTED,
        Status.CANCELLED_BY_OFFICE: Status.REQUESTED,
    },
    "reinstate_confirmed": {
        Status.CONFIRMED: Status.CONFIRMED,
        Status.CANCELLED_BY_RESIDENT: Status.CONFIRMED,
        Status.CANCELLED_BY_OFFICE: Status.CONFIRMED,
    },
    "arrive": {Status.CONFIRMED: Status.ARRIVED},
    "done": {Status.CONFIRMED: Status.DONE, Status.ARRIVED: Status.DONE},
    "no_show": {Status.CONFIRMED: Status.NO_SHOW},
}


def after(status: Status, action: str) -> Status:
    """The status that `action` leads to from `status`. Raises NotAllowed."""
    try:
        return ALLOWED[action][status]
    except KeyError:
        raise NotAllowed(status, action) from None
