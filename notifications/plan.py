"""From a fact to the messages that follow from it. A pure function: no database, no clock."""

from dataclasses import dataclass
from datetime import datetime

from booking.facts import Fact
from booking.ledger.status import Status
from notifications.policy import (
    CALL_LIST,
    NEWS_LAST,
    POLICY,
    TRUE_WHILE,
    By,
    MessageKind,
    Policy,
)
from slots.holidays import ClosedDays
from slots.zone import instant, local_date


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What planning needs to know of a booking, and nothing personal.

    `starts_at` is the settled time, the session's start while none is settled, or None.
    `reached_by` are the written channels that reach the party, the best first.
    """

    status: Status
    revision: int
    starts_at: datetime | None
    zone: str
    reached_by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One message that is to be told from `due_at` on and is worth telling before `not_after`."""

    booking_id: str
    revision: int
    kind: MessageKind
    channel: str
    due_at: datetime
    not_after: datetime

    @property
    def key(self) -> str:
        """What makes it unique: planning the same twice makes one message."""
        return f"{self.booking_id}:{self.revision}:{self.kind}:{self.channel}"


def plan(
    fact: Fact, situation: Situation, closed_days: ClosedDays, policy: Policy = POLICY
) -> list[Planned]:
    """The messages that follow from `fact`, while the booking stands as `situation` says.

    A fact that another one has overtaken makes none: the later one tells. What a booking that
    stands confirmed is reminded of follows from whatever happened last, so a move plans anew.
    """
    if fact.booking_id is None or fact.revision != situation.revision:
        return []
    found = [_news(fact, situation, policy), *_reminders(fact, situation, closed_days, policy)]
    return [one for one in found if one is not None]


def _news(fact: Fact, situation: Situation, policy: Policy) -> Planned | None:
    by: By = "resident" if fact.actor == "resident" else "office"
    how = fact.data.get("how")
    row = policy.news_of(fact.kind, by, how if isinstance(how, str) else None)
    if row is None:
        return None
    not_after = situation.starts_at or fact.at + NEWS_LAST
    return _planned(fact, situation, row.kind, fact.at, not_after, call=row.call)


def _reminders(
    fact: Fact, situation: Situation, closed_days: ClosedDays, policy: Policy
) -> list[Planned | None]:
    start = situation.starts_at
    if start is None:
        return []
    day = local_date(start, situation.zone)
    moments = [
        instant(
            closed_days.business_days_before(day, one.business_days_before), one.at, situation.zone
        )
        for one in policy.reminders
    ]
    ends = [*moments[1:], start]
    return [
        _planned(fact, situation, one.kind, due, end, call=one.call)
        for one, due, end in zip(policy.reminders, moments, ends, strict=True)
        # Who was told after that moment has only just been told.
        if due > fact.at
    ]


def _planned(
    fact: Fact,
    situation: Situation,
    kind: MessageKind,
    due_at: datetime,
    not_after: datetime,
    *,
    call: bool,
) -> Planned | None:
    """The message on the channel that reaches the party; None: nobody is to be told."""
    channel = next(iter(situation.reached_by), CALL_LIST if call else None)
    true = situation.status in TRUE_WHILE[kind]
    if channel is None or not true or not_after <= due_at or fact.booking_id is None:
        return None
    return Planned(
        booking_id=fact.booking_id,
        revision=fact.revision,
        kind=kind,
        channel=channel,
        due_at=due_at,
        not_after=not_after,
    )
