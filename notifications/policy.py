"""What is told, to whom and why: the policy as data. Knows no database and no clock.

A new kind of message is one entry of KINDS and one folder of templates. When and by which channels
is the desk's to decide: see `slots.telling`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Literal

from booking.facts import Kind
from booking.ledger.status import OPEN, Status

LINE = "line"
MAIL = "mail"
SMS = "sms"
LETTER = "letter"
CALL_LIST = "call_list"
STAFF_MAIL = "staff_mail"
# What a machine delivers, and what people do.
BY_MACHINE = (LINE, MAIL, SMS, STAFF_MAIL)
BY_PEOPLE = (LETTER, CALL_LIST)

By = Literal["anybody", "resident", "office"]


@dataclass(frozen=True, kw_only=True)
class After:
    """A fact that a message follows from, and whether staff phone whom nothing written reaches.

    `told`: how the party was told already (`how` of the fact); empty: however it was. `why` is the
    reason for `call`. What is written (LINE, mail, SMS) is always sent where it reaches the party:
    it is the party's own copy. `letter`: staff have promised one.
    """

    fact: Kind
    by: By = "anybody"
    told: frozenset[str | None] = frozenset()
    call: bool
    letter: bool = False
    why: str


@dataclass(frozen=True, kw_only=True)
class MessageKind:
    """What a message says, and of which bookings that is true.

    `label` is what staff call it; `method` what its calendar part asks for, if it has one (RFC 5546
    1.4). `after` lists the facts that it follows from, the first row that fits decides; a reminder
    follows from the time of the booking, and what is for staff from the day.
    """

    name: str
    label: str
    true_while: frozenset[Status]
    audience: Literal["party", "staff"] = "party"
    method: Literal["REQUEST", "CANCEL"] | None = None
    after: tuple[After, ...] = ()


IN_PERSON = frozenset({"call", "counter"})
CANCELLED = frozenset({Status.CANCELLED_BY_RESIDENT, Status.CANCELLED_BY_OFFICE})
REMINDER_FIRST = "reminder-first"
REMINDER_EARLY = "reminder-early"
REMINDER_LAST = "reminder-last"
# A desk's reminders by their place from the last one: kinds of their own, so that keys differ.
REMINDERS = (REMINDER_LAST, REMINDER_EARLY, REMINDER_FIRST)
UNANSWERED = "unanswered"
DAY_LIST = "day-list"

_KINDS = (
    MessageKind(
        name="received",
        label="受付のお知らせ",
        true_while=frozenset({Status.REQUESTED}),
        after=(
            After(
                fact=Kind.REQUESTED,
                call=False,
                why="Who applied online saw the page, who phoned is on the line; and staff call to "
                "confirm: that is the list of requests.",
            ),
        ),
    ),
    MessageKind(
        name="confirmed",
        label="確定のお知らせ",
        true_while=frozenset({Status.CONFIRMED}),
        method="REQUEST",
        after=(
            After(
                fact=Kind.CONFIRMED,
                told=IN_PERSON,
                call=False,
                why="It was said aloud and read back.",
            ),
            After(
                fact=Kind.CONFIRMED,
                told=frozenset({"letter"}),
                call=False,
                letter=True,
                why="A letter was promised. A call before it arrives would only confuse.",
            ),
            After(
                fact=Kind.CONFIRMED,
                told=frozenset({None}),
                call=False,
                why="It was confirmed at once, on the page that the party sees.",
            ),
            After(
                fact=Kind.CONFIRMED,
                call=True,
                why="It was to be told by mail, and there is no address: else nobody would tell.",
            ),
        ),
    ),
    MessageKind(
        name="declined",
        label="お断りのお知らせ",
        true_while=frozenset({Status.DECLINED}),
        # The party may have its file, or moved what was confirmed and has the mail of that.
        method="CANCEL",
        after=(
            After(fact=Kind.DECLINED, told=IN_PERSON, call=False, why="It was said aloud."),
            After(fact=Kind.DECLINED, call=True, why="Who waits for an answer would wait in vain."),
        ),
    ),
    MessageKind(
        name="moved",
        label="日時変更のお知らせ",
        true_while=OPEN,
        method="REQUEST",
        after=(
            After(
                fact=Kind.MOVED,
                by="resident",
                call=False,
                why="They did it themselves, and staff call to confirm the new time.",
            ),
            After(fact=Kind.MOVED, told=IN_PERSON, call=False, why="It was said aloud."),
            After(fact=Kind.MOVED, call=True, why="Who isn't told comes at the old time."),
        ),
    ),
    MessageKind(
        name="cancelled",
        label="取消のお知らせ",
        true_while=CANCELLED,
        method="CANCEL",
        after=(
            After(fact=Kind.CANCELLED_BY_RESIDENT, call=False, why="They did it themselves."),
            After(
                fact=Kind.CANCELLED_BY_OFFICE, told=IN_PERSON, call=False, why="It was said aloud."
            ),
            After(fact=Kind.CANCELLED_BY_OFFICE, call=True, why="Who isn't told comes in vain."),
        ),
    ),
    MessageKind(
        name="reinstated",
        label="取り消しを戻したお知らせ",
        true_while=OPEN,
        method="REQUEST",
        after=(
            After(fact=Kind.REINSTATED, told=IN_PERSON, call=False, why="It was said aloud."),
            After(fact=Kind.REINSTATED, call=True, why="Who isn't told stays at home."),
        ),
    ),
    MessageKind(
        name=REMINDER_FIRST,
        label="予約日が近づいたお知らせ",
        true_while=frozenset({Status.CONFIRMED}),
    ),
    MessageKind(
        name=REMINDER_EARLY, label="予約日が近いお知らせ", true_while=frozenset({Status.CONFIRMED})
    ),
    MessageKind(
        name=REMINDER_LAST, label="予約日の直前のお知らせ", true_while=frozenset({Status.CONFIRMED})
    ),
    MessageKind(
        name=UNANSWERED,
        label="確認待ちの申込のお知らせ（窓口へ）",
        true_while=frozenset({Status.REQUESTED}),
        audience="staff",
    ),
    MessageKind(
        name=DAY_LIST, label="当日の一覧（窓口へ）", true_while=frozenset(), audience="staff"
    ),
)
KINDS: Mapping[str, MessageKind] = {one.name: one for one in _KINDS}

# News of a booking without a time are worth telling that long.
NEWS_LAST = timedelta(days=14)
# What a party did itself is answered at once, whatever the hour, if it can be within that time.
AT_ONCE = timedelta(minutes=30)
# News of a consultation that is nearer than that don't wait for the morning.
URGENT = timedelta(hours=3)
# When people must take over on the last business day, to still reach somebody by telephone.
LAST_CALLS_FROM = time(15)
# A channel has that long at least, however near the consultation is.
PATIENCE = timedelta(minutes=15)
# When staff read in the morning which requests nobody has answered.
STAFF_READ_AT = time(9)

# The wait after each failed try: ten tries within a day, then the next channel takes over.
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
# A provider that takes nothing is left alone that long. Of the message that found out this says
# nothing: it is no try of its own, waits a little, and goes to the next channel after a day.
PROVIDER_REST = timedelta(seconds=30)
DOWN_AGAIN = timedelta(minutes=15)
# So long after a message's moment a channel has had its time, though it was never tried: its
# provider takes nothing, or it isn't set up any longer.
DOWN_LONG = timedelta(days=1)
# After an unanswered call the next one waits that long, and others come first.
CALL_AGAIN = timedelta(hours=2)
# After so many calls that nobody answered, somebody has to decide what else can be done.
MOST_CALLS = 3
# The reason that stands at a message which staff ended: they told it otherwise, or took it back.
TOLD_BY_HAND = "told"
WITHDRAWN_BY_HAND = "by-hand"
# How long the words of a message are kept, for whoever asks what was told.
WORDS_KEPT = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What is told. Another mapping of kinds makes another policy."""

    kinds: Mapping[str, MessageKind]

    def news_of(self, fact: Kind, by: By, told: str | None) -> list[tuple[MessageKind, After]]:
        """For each kind that follows from the fact that `by` made, the row that decides."""
        found = []
        for kind in self.kinds.values():
            rows = (
                row
                for row in kind.after
                if row.fact is fact
                and row.by in ("anybody", by)
                and (not row.told or told in row.told)
            )
            row = next(rows, None)
            if row is not None:
                found.append((kind, row))
        return found


POLICY = Policy(kinds=KINDS)
