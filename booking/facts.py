"""What happened, in the past tense. Facts carry no personal data: only ids, times and codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """The facts of a booking's life."""

    REQUESTED = "BookingRequested"
    CONFIRMED = "BookingConfirmed"
    DECLINED = "BookingDeclined"
    MOVED = "BookingMoved"
    CANCELLED_BY_RESIDENT = "BookingCancelledByResident"
    CANCELLED_BY_OFFICE = "BookingCancelledByOffice"
    ARRIVED = "PartyArrived"
    DONE = "ConsultationDone"
    NO_SHOW = "PartyDidNotCome"
    VIEWED = "BookingViewedByStaff"
    REINSTATED = "BookingReinstated"
    REACH_CHANGED = "PartyReachedOtherwise"
    REFERRAL_ISSUED = "ReferralIssued"
    DESK_CHANGED = "DeskChanged"
    DESK_CHANGE_WITHDRAWN = "DeskChangeWithdrawn"
    PRIVATE_FEED_MADE = "PrivateFeedMade"
    PRIVATE_FEED_ROTATED = "PrivateFeedRotated"
    PRIVATE_FEED_REVOKED = "PrivateFeedRevoked"
    SIGNED_IN = "StaffSignedIn"
    SIGN_IN_FAILED = "StaffSignInFailed"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One record of the log. `actor` is `resident`, `system`, `staff:<id>` or `key:<id>`.

    `data` holds codes and instants as text (ISO 8601); never a name, number or free text.
    """

    kind: Kind
    at: datetime
    actor: str
    booking_id: str | None = None
    consultation: str | None = None
    revision: int = 0
    data: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    id: int | None = None
