"""Refusals of the domain: a class each, with a stable `code` and the facts. No HTTP, no wording."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from slots.availability import Reason, SlotAvailability
from slots.limits import Limit


class Refusal(Exception):
    """Something that was asked for and is not done. `code` is stable: programs rely on it."""

    code: ClassVar[str] = "refused"

    def __str__(self) -> str:
        """Only the code: facts may be personal, and exception texts end up in logs."""
        return self.code


@dataclass(frozen=True)
class FieldError:
    """One field that cannot be taken. `code` picks the sentence, `facts` fill its gaps."""

    field: str
    code: str
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)


class Invalid(Refusal):
    """What was typed cannot be taken; `errors` names each field."""

    code = "invalid"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        """Keep the errors."""
        super().__init__()
        self.errors = tuple(errors)


class NotBookable(Refusal):
    """The session or slot cannot be booked for a reason other than somebody's being faster.

    `nearest` may be filled by who offers others instead, as in Taken.
    """

    code = "not-bookable"

    def __init__(self, reason: Reason, *, since: datetime | None = None) -> None:
        """Keep the reason, and the instant from which it holds or ends, if there is one."""
        super().__init__()
        self.reason = reason
        self.since = since
        self.nearest: tuple[SlotAvailability, ...] = ()


class Taken(Refusal):
    """Somebody was faster. `nearest` are the bookable slots nearest to what was wanted."""

    code = "slot-taken"

    def __init__(self, nearest: Sequence[SlotAvailability] = ()) -> None:
        """Keep the alternatives."""
        super().__init__()
        self.nearest = tuple(nearest)


class SessionFull(Taken):
    """All seats of the session are held."""

    code = "session-full"


class AlreadyBooked(Refusal):
    """The same party already holds a booking for the same session or consultation."""

    code = "already-booked"


class LimitReached(Refusal):
    """The party has been as often as the consultation's `limit` lets it."""

    code = "limit-reached"

    def __init__(self, limit: Limit) -> None:
        """Keep the limit."""
        super().__init__()
        self.limit = limit


class BookingsTouched(Refusal):
    """A change of the desk touches bookings, and nobody said what becomes of them.

    By reference: those that `follow` the session to another day, time or place, and those that are
    `lost`, since their seat is no longer there.
    """

    code = "bookings-touched"

    def __init__(self, follow: Sequence[str], lost: Sequence[str]) -> None:
        """Keep both."""
        super().__init__()
        self.follow = tuple(follow)
        self.lost = tuple(lost)


class KeyReused(Refusal):
    """The idempotency key was used before, for something else."""

    code = "key-reused"


class NotAllowed(Refusal):
    """The booking's status does not allow the action; `status` is what it is now."""

    code = "not-allowed"

    def __init__(self, status: str, action: str) -> None:
        """Keep both."""
        super().__init__()
        self.status = status
        self.action = action


class ChangedMeanwhile(Refusal):
    """Somebody else changed the booking after the one who asks last saw it."""

    code = "changed-meanwhile"


class TooLate(Refusal):
    """Residents may no longer change this booking online; `until` is when they last could."""

    code = "too-late"

    def __init__(self, until: datetime) -> None:
        """Keep the deadline."""
        super().__init__()
        self.until = until


class NotFound(Refusal):
    """No such thing, or not for the one who asks: the two look alike on purpose."""

    code = "not-found"


class SlowDown(Refusal):
    """Too many attempts; `retry_after` is in seconds."""

    code = "slow-down"

    def __init__(self, retry_after: int) -> None:
        """Keep the seconds to wait."""
        super().__init__()
        self.retry_after = retry_after
