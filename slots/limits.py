"""How often one party may come: limits per year, matter or session. Knows no database.

What a party booked before is handed in; whether a limit refuses or only warns is the rule's say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from slots.zone import fiscal_year_of

Per = Literal["open", "session", "fiscal_year", "matter", "ever"]
PER: tuple[Per, ...] = ("open", "session", "fiscal_year", "matter", "ever")
Scope = Literal["consultation", "desk", "organisation"]
SCOPES: tuple[Scope, ...] = ("consultation", "desk", "organisation")
Then = Literal["warn", "refuse"]
THEN: tuple[Then, ...] = ("warn", "refuse")
_DEPTH: dict[Scope, int] = {"organisation": 1, "desk": 2, "consultation": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `at_most` bookings of one party `per` …, counted over all that `scope` embraces.

    `per` open counts bookings that are still to come; fiscal_year those of the same April to March.
    """

    at_most: int
    per: Per
    scope: Scope = "consultation"
    then: Then = "warn"
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A booking of a party, past or wanted: `day` is None while no date is settled.

    `matter` names what it is about; who does not know says None, which is like no other matter.
    """

    consultation: str
    day: date | None = None
    session: str | None = None
    open: bool = False
    matter: str | None = None


def exceeded(limits: Iterable[Limit], wanted: Visit, earlier: Iterable[Visit]) -> list[Limit]:
    """The limits that `wanted` would go beyond, after `earlier` visits of the same party.

    Cancelled and declined bookings are no visits: who calls leaves them out.
    """
    before = list(earlier)
    return [
        limit
        for limit in limits
        if sum(_counts(limit, wanted, one) for one in before) >= limit.at_most
    ]


def _counts(limit: Limit, wanted: Visit, one: Visit) -> bool:
    depth = _DEPTH[limit.scope]
    if one.consultation.split("/")[:depth] != wanted.consultation.split("/")[:depth]:
        return False
    match limit.per:
        case "open":
            return one.open
        case "session":
            return one.session is not None and one.session == wanted.session
        case "matter":
            return one.matter is not None and one.matter == wanted.matter
        case "fiscal_year":
            if one.day is None or wanted.day is None:
                return one.open
            return fiscal_year_of(one.day) == fiscal_year_of(wanted.day)
        case "ever":
            return True
