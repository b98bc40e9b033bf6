"""What tests of planning share: facts, situations, and what is planned from them. Nothing is stored."""

from datetime import datetime

from booking.facts import Fact, Kind
from booking.ledger.status import Status
from notifications.plan import Planned, Rules, Situation, plan
from tests.support.house import tokyo

RULES = Rules()
NOBODY: frozenset[str] = frozenset()


TUESDAY = tokyo("2026-11-24 10:00")
SATURDAY = tokyo("2026-12-19 09:45")


EVERYWHERE = frozenset({"line", "mail", "sms", "letter"})


def a_fact(
    kind: Kind = Kind.CONFIRMED,
    *,
    at: datetime = TUESDAY,
    actor: str = "staff:1",
    revision: int = 2,
    how: str | None = "call",
) -> Fact:
    """A fact of booking "b", by default that staff confirmed it and said so on the phone."""
    data = {"how": how} if how else {}
    return Fact(kind=kind, at=at, actor=actor, booking_id="b", revision=revision, data=data)


def a_situation(
    status: Status = Status.CONFIRMED,
    *,
    starts_at: datetime | None = SATURDAY,
    revision: int = 2,
    reached_by: frozenset[str] = frozenset({"mail"}),
    wish: str | None = None,
) -> Situation:
    """A booking, by default confirmed for a Saturday in December and reached by mail."""
    return Situation(
        status=status,
        revision=revision,
        starts_at=starts_at,
        zone="Asia/Tokyo",
        reached_by=reached_by,
        wish=wish,
    )


def planned(fact: Fact, situation: Situation) -> dict[str, tuple[str, datetime, datetime]]:
    """By kind: the channel, and the instants between which it is told."""
    return {
        one.kind: (one.channel, one.due_at, one.not_after) for one in plan(fact, situation, RULES)
    }


def kinds(planned: list[Planned]) -> list[str]:
    """What is planned, in order."""
    return [one.kind for one in planned]
