"""What is told, how, when and why: the policy as data. Knows no database and no clock.

A town that wants it otherwise changes a table here, and no code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from typing import Literal

from booking.facts import Kind
from booking.ledger.status import OPEN, Status

MAIL = "mail"
CALL_LIST = "call_list"


class MessageKind(StrEnum):
    """What a message says. The two reminders are two kinds, so that their keys differ."""

    RECEIVED = "received"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMINDER_EARLY = "reminder-early"
    REMINDER_LAST = "reminder-last"


By = Literal["anybody", "resident", "office"]


@dataclass(frozen=True, kw_only=True)
class News:
    """What follows from a fact: the message, and whether staff phone whom nothing written reaches.

    `told`: how the party was told already (`how` of the fact); empty: however it was. `why` is the
    reason for `call`. What is written (mail; later SMS, LINE, letter) is always sent where there is
    an address: it is the party's own copy.
    """

    fact: Kind
    kind: MessageKind
    by: By = "anybody"
    told: frozenset[str | None] = frozenset()
    call: bool
    why: str


IN_PERSON = frozenset({"call", "counter"})

# The first row that fits decides.
NEWS: tuple[News, ...] = (
    News(
        fact=Kind.REQUESTED,
        kind=MessageKind.RECEIVED,
        call=False,
        why="Who applied online saw the page, who phoned is on the line; and staff call to confirm: "
        "that is the list of requests.",
    ),
    News(
        fact=Kind.CONFIRMED,
        kind=MessageKind.CONFIRMED,
        told=IN_PERSON,
        call=False,
        why="It was said aloud and read back.",
    ),
    News(
        fact=Kind.CONFIRMED,
        kind=MessageKind.CONFIRMED,
        told=frozenset({"letter"}),
        call=False,
        why="Staff post a letter. A call before it arrives would only confuse.",
    ),
    News(
        fact=Kind.CONFIRMED,
        kind=MessageKind.CONFIRMED,
        told=frozenset({None}),
        call=False,
        why="It was confirmed at once, on the page that the party sees.",
    ),
    News(
        fact=Kind.CONFIRMED,
        kind=MessageKind.CONFIRMED,
        call=True,
        why="It was to be told by mail, and there is no address: else nobody would tell.",
    ),
    News(
        fact=Kind.DECLINED,
        kind=MessageKind.DECLINED,
        told=IN_PERSON,
        call=False,
        why="It was said aloud.",
    ),
    News(
        fact=Kind.DECLINED,
        kind=MessageKind.DECLINED,
        call=True,
        why="Who waits for an answer would wait in vain.",
    ),
    News(
        fact=Kind.MOVED,
        kind=MessageKind.MOVED,
        by="resident",
        call=False,
        why="They did it themselves, and staff call to confirm the new time.",
    ),
    News(
        fact=Kind.MOVED,
        kind=MessageKind.MOVED,
        told=IN_PERSON,
        call=False,
        why="It was said aloud.",
    ),
    News(
        fact=Kind.MOVED,
        kind=MessageKind.MOVED,
        call=True,
        why="Who isn't told comes at the old time.",
    ),
    News(
        fact=Kind.CANCELLED_BY_RESIDENT,
        kind=MessageKind.CANCELLED,
        call=False,
        why="They did it themselves.",
    ),
    News(
        fact=Kind.CANCELLED_BY_OFFICE,
        kind=MessageKind.CANCELLED,
        told=IN_PERSON,
        call=False,
        why="It was said aloud.",
    ),
    News(
        fact=Kind.CANCELLED_BY_OFFICE,
        kind=MessageKind.CANCELLED,
        call=True,
        why="Who isn't told comes in vain.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A reminder of what is confirmed, at `at` (wall time) so many business days before it.

    It is worth sending until the next one's moment; the last one until the consultation begins.
    """

    kind: MessageKind
    business_days_before: int
    at: time
    call: bool
    why: str


# Earliest first.
REMINDERS: tuple[Reminder, ...] = (
    Reminder(
        kind=MessageKind.REMINDER_EARLY,
        business_days_before=3,
        at=time(10),
        call=True,
        why="Time enough to give the seat to somebody else.",
    ),
    Reminder(
        kind=MessageKind.REMINDER_LAST,
        business_days_before=1,
        at=time(10),
        call=True,
        why="The last day on which the office answers the phone before it.",
    ),
)

# A message is only true while the booking is one of these.
TRUE_WHILE: Mapping[MessageKind, frozenset[Status]] = {
    MessageKind.RECEIVED: frozenset({Status.REQUESTED}),
    MessageKind.CONFIRMED: frozenset({Status.CONFIRMED}),
    MessageKind.DECLINED: frozenset({Status.DECLINED}),
    MessageKind.MOVED: OPEN,
    MessageKind.CANCELLED: frozenset({Status.CANCELLED_BY_RESIDENT, Status.CANCELLED_BY_OFFICE}),
    MessageKind.REMINDER_EARLY: frozenset({Status.CONFIRMED}),
    MessageKind.REMINDER_LAST: frozenset({Status.CONFIRMED}),
}

# News of a booking without a time are worth telling that long.
NEWS_LAST = timedelta(days=14)

# The wait after each failed try: ten tries within a day, then somebody phones.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=8),
)
MOST_TRIES = len(BACK_OFF) + 1
# After an unanswered call the next one waits that long, and others come first.
CALL_AGAIN = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What an organisation tells its residents."""

    news: tuple[News, ...] = NEWS
    reminders: tuple[Reminder, ...] = REMINDERS

    def news_of(self, fact: Kind, by: By, told: str | None) -> News | None:
        """The row for a fact that `by` made, of which the party was told by `told`; None: silence."""
        for row in self.news:
            if (
                row.fact is fact
                and row.by in ("anybody", by)
                and (not row.told or told in row.told)
            ):
                return row
        return None


POLICY = Policy()
