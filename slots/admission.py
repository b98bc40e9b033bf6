"""Whom a consultation is for, and what has to be arranged before: judged from what people say.

Nobody is turned away here: what does not fit, or is not known, is for staff to check.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from slots.holidays import ClosedDays

Tie = Literal["live", "stay", "work", "study", "relative", "other"]
TIES: tuple[Tie, ...] = ("live", "stay", "work", "study", "relative", "other")
Verify = Literal["none", "ask", "document"]
VERIFY: tuple[Verify, ...] = ("none", "ask", "document")


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Who may come: any one of `ties` to the area is enough; without ties anybody may.

    `verify` says what becomes of the answer: nothing, staff ask about it, or see a document.
    """

    ties: tuple[Tie, ...] = ()
    verify: Verify = "none"

    def judge(self, said: Iterable[Tie]) -> Literal["fits", "to-check"]:
        """`fits` when one of the ties that somebody `said` to have is enough, and nobody checks."""
        if not self.ties:
            return "fits"
        enough = any(one in self.ties for one in said)
        return "fits" if enough and self.verify == "none" else "to-check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that the office arranges when asked in time: an interpreter, sign language.

    Asked for `lead_days` calendar days and `lead_business_days` business days before, or earlier.
    """

    name: str
    lead_days: int = 0
    lead_business_days: int = 0
    note: str | None = None

    def latest(self, day: date, closed: ClosedDays) -> date:
        """The last local day on which to ask for it, for a session on `day`."""
        by_days = day - timedelta(days=self.lead_days)
        return min(by_days, closed.business_days_before(day, self.lead_business_days))


def too_late(needs: Iterable[Need], day: date, today: date, closed: ClosedDays) -> list[Need]:
    """Those of `needs` that can no longer be arranged for a session on `day`."""
    return [need for need in needs if today > need.latest(day, closed)]
