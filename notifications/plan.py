"""From a fact to the messages that follow from it. A pure function: no database, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from booking.facts import Fact
from booking.ledger.status import Status
from notifications.policy import (
    BY_MACHINE,
    CALL_LIST,
    LAST_CALLS_FROM,
    LETTER,
    NEWS_LAST,
    PATIENCE,
    POLICY,
    REMINDERS,
    STAFF_MAIL,
    STAFF_READ_AT,
    UNANSWERED,
    URGENT,
    After,
    By,
    MessageKind,
    Policy,
)
from notifications.post import posting_deadline
from slots.holidays import ClosedDays
from slots.telling import Telling
from slots.zone import instant, local_date

# Never changed: providers know doubles by what comes of it.
MESSAGES = UUID("0f3c1d0a-5d5e-5a58-9b43-6c1f0f4f9b1e")


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What planning needs to know of a booking, and nothing personal.

    `starts_at` is the settled time, the session's start while none is settled, or None.
    `reached_by` are the written channels that reach the party safely, `wish` the one it would like
    best (`call`: it wants to be phoned).
    """

    status: Status
    revision: int
    starts_at: datetime | None
    zone: str
    reached_by: frozenset[str] = frozenset()
    wish: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the desk and the installation bring: `available` are the channels that are set up."""

    telling: Telling = field(default_factory=Telling)
    closed_days: ClosedDays = field(default_factory=ClosedDays)
    available: frozenset[str] = frozenset(BY_MACHINE)

    def business_days_after(self, day: date, count: int) -> date:
        """The `count`th business day after the local `day`."""
        for _ in range(count):
            day = self.closed_days.next_business_day(day)
        return day


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One message that is to be told from `due_at` on and is worth telling before `not_after`.

    From `hand_over_at` on a failed try is the channel's last, if there is another one. `at_once`: it
    answers what the party itself has just done, so that no quiet hours hold it up.
    """

    booking_id: str | None
    session: str | None = None
    revision: int
    kind: str
    channel: str
    due_at: datetime
    not_after: datetime
    hand_over_at: datetime
    at_once: bool = False

    @property
    def key(self) -> str:
        """What makes it unique: planning the same twice makes one message."""
        return f"{self.booking_id or self.session}:{self.revision}:{self.kind}:{self.channel}"

    @property
    def ref(self) -> str:
        """What providers know it by."""
        return str(uuid5(MESSAGES, self.key))


def plan(
    fact: Fact,
    situation: Situation,
    rules: Rules,
    policy: Policy = POLICY,
    *,
    tried: frozenset[str] = frozenset(),
) -> list[Planned]:
    """The messages that follow from `fact`, while the booking stands as `situation` says.

    A fact that another one has overtaken makes none: the later one tells. What a booking that
    stands confirmed is reminded of follows from whatever happened last, so a move plans anew. Each
    goes by the first channel that reaches the party and is not among those that were `tried`.
    """
    if fact.booking_id is None or fact.revision != situation.revision:
        return []
    return list(_Planning(fact, situation, rules, policy, tried).all())


def chain(
    situation: Situation, rules: Rules, due_at: datetime, not_after: datetime
) -> tuple[str, ...]:
    """The written channels that reach the party, in the order in which they are to be tried.

    The party's wish, then the desk's order. A letter only where there is time for the post. Who
    wishes to be phoned gets nothing in writing: somebody else may read it.
    """
    if situation.wish == "call":
        return ()
    able = [
        one
        for one in rules.telling.order
        if one in situation.reached_by
        and (one == LETTER or one in rules.available)
        and (one != LETTER or _time_for_post(situation, rules, due_at, not_after))
    ]
    return tuple(sorted(able, key=lambda one: one != situation.wish))


@dataclass(frozen=True)
class _Planning:
    fact: Fact
    situation: Situation
    rules: Rules
    policy: Policy
    tried: frozenset[str]

    def all(self) -> Iterator[Planned]:
        yield from self.news()
        yield from self.reminders()
        yield from self.unanswered()

    def news(self) -> Iterator[Planned]:
        by: By = "resident" if self.fact.actor == "resident" else "office"
        how = self.fact.data.get("how")
        told = how if isinstance(how, str) else None
        not_after = self.situation.starts_at or self.fact.at + NEWS_LAST
        for kind, row in self.policy.news_of(self.fact.kind, by, told):
            at_once = by == "resident"
            now = at_once or self._is_urgent(not_after)
            due = self.fact.at if now else self._awake(self.fact.at)
            if row.letter and LETTER not in self.tried and self._true(kind, due, not_after):
                yield self._planned(kind.name, LETTER, due, not_after, last=not row.call)
            # A promised letter that cannot be posted would leave the party untold.
            call = row.call or (row.letter and LETTER in self.tried)
            yield from self._party(kind, call, due, not_after, row=row, at_once=at_once)

    def reminders(self) -> Iterator[Planned]:
        start, zone = self.situation.starts_at, self.situation.zone
        if start is None:
            return
        day = local_date(start, zone)
        rules = self.rules.telling.reminders
        moments = [one.moment(day, self.rules.closed_days, zone) for one in rules]
        ends = [*moments[1:], start][: len(moments)]
        names = REMINDERS[: len(moments)][::-1]
        for name, due, end in zip(names, moments, ends, strict=True):
            # Who was told after that moment has only just been told.
            if due > self.fact.at and name in self.policy.kinds:
                yield from self._party(self.policy.kinds[name], True, due, end)

    def unanswered(self) -> Iterator[Planned]:
        count, kind = self.rules.telling.unanswered_after, self.policy.kinds.get(UNANSWERED)
        if kind is None or count is None or not self.rules.telling.staff_mail:
            return
        start, zone, asked = self.situation.starts_at, self.situation.zone, self.fact.at
        day = self.rules.business_days_after(local_date(asked, zone), count)
        due = instant(day, STAFF_READ_AT, zone)
        if start is not None:
            # Before the day itself somebody still has to phone.
            last = self.rules.closed_days.business_days_before(local_date(start, zone), 1)
            due = max(asked, min(due, instant(last, STAFF_READ_AT, zone)))
        not_after = start or due + NEWS_LAST
        if STAFF_MAIL not in self.tried and self._true(kind, due, not_after):
            yield self._planned(kind.name, STAFF_MAIL, due, not_after, last=True)

    def _party(
        self,
        kind: MessageKind,
        call: bool,
        due: datetime,
        not_after: datetime,
        *,
        row: After | None = None,
        at_once: bool = False,
    ) -> Iterator[Planned]:
        """The message on the first channel that reaches the party; none where nobody is to be told."""
        if not self._true(kind, due, not_after):
            return
        written = chain(self.situation, self.rules, due, not_after)
        if row is not None and row.letter:
            written = tuple(one for one in written if one != LETTER)
        ways = (*written, CALL_LIST) if call else written
        left = [one for one in ways if one not in self.tried]
        if left:
            last = len(left) == 1
            yield self._planned(kind.name, left[0], due, not_after, last=last, at_once=at_once)

    def _planned(
        self,
        kind: str,
        channel: str,
        due: datetime,
        not_after: datetime,
        *,
        last: bool,
        at_once: bool = False,
    ) -> Planned:
        # The post has its own last moment, whoever comes after it.
        ends = last and channel != LETTER
        return Planned(
            booking_id=self.fact.booking_id,
            revision=self.fact.revision,
            kind=kind,
            channel=channel,
            due_at=due,
            not_after=not_after,
            hand_over_at=not_after if ends else self._hand_over(channel, due, not_after),
            at_once=at_once,
        )

    def _true(self, kind: MessageKind, due: datetime, not_after: datetime) -> bool:
        return self.situation.status in kind.true_while and due < not_after

    def _awake(self, at: datetime) -> datetime:
        return self.rules.telling.quiet.over(at, self.situation.zone)

    def _is_urgent(self, not_after: datetime) -> bool:
        """Whether waiting for the morning would leave too little of it."""
        start = self.situation.starts_at
        return start is not None and self._awake(self.fact.at) + URGENT > not_after

    def _hand_over(self, channel: str, due: datetime, not_after: datetime) -> datetime:
        """When the next channel has to take over: while the office can still phone."""
        zone, closed = self.situation.zone, self.rules.closed_days
        day = local_date(not_after, zone)
        if channel == LETTER:
            return min(not_after, max(posting_deadline(day, closed, zone), due + timedelta(days=1)))
        last = instant(closed.business_days_before(day, 1), LAST_CALLS_FROM, zone)
        return min(not_after, max(last, due + PATIENCE))


def day_list(
    session: str, day: date, zone: str, at: datetime, rules: Rules, kind: str
) -> Planned | None:
    """The list of a day's parties to staff, due at the instant `at`; None where nobody wants it."""
    not_after = instant(day + timedelta(days=1), time(), zone)
    if not rules.telling.staff_mail or not_after <= at:
        return None
    return Planned(
        booking_id=None,
        session=session,
        revision=0,
        kind=kind,
        channel=STAFF_MAIL,
        due_at=at,
        not_after=not_after,
        hand_over_at=not_after,
    )


def _time_for_post(
    situation: Situation, rules: Rules, due_at: datetime, not_after: datetime
) -> bool:
    """Whether a letter that staff post on the business day after `due_at` still arrives in time."""
    zone = situation.zone
    deadline = posting_deadline(local_date(not_after, zone), rules.closed_days, zone)
    posted = rules.closed_days.next_business_day(local_date(due_at, zone))
    return posted <= local_date(deadline, zone)
