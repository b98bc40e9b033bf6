"""How telling is going: for readiness, metrics and the sign on staff's pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.sql import ColumnElement

from booking.ledger.ledger import Ledger
from booking.store import Tx, log
from notifications import failures
from notifications.heartbeat import last_beat
from notifications.outbox import TO_TRY, State, attempts, outbox
from notifications.policy import BY_MACHINE, BY_PEOPLE, CALL_LIST, LETTER

TICKER = "ticker"
# Ticks are seconds apart: after that long nobody ticks.
STILL_AFTER = timedelta(minutes=2)
LATE_AFTER = timedelta(minutes=15)


LAG_OVER = timedelta(minutes=15)
COUNTED_OVER = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Health:
    """`heartbeat_age`: since the last tick anywhere, None: there was none. The rest counts rows.

    `due` are messages for machines whose moment has come, `oldest_due_age` how long ago for the
    longest waiting; `calls` and `letters` wait for people; `undelivered` were given up on, and
    nobody has dealt with them.
    """

    heartbeat_age: timedelta | None
    unread_facts: int
    due: int
    oldest_due_age: timedelta | None
    calls: int
    letters: int
    undelivered: int

    @property
    def ticking(self) -> bool:
        """Whether somebody ticks. A beat far ahead is a rehearsal's, and tells nothing of now."""
        return self.heartbeat_age is not None and abs(self.heartbeat_age) < STILL_AFTER

    @property
    def late(self) -> bool:
        """Whether messages wait longer than they should."""
        return self.oldest_due_age is not None and self.oldest_due_age >= LATE_AFTER


def health(ledger: Ledger) -> Health:
    """How telling is going at this moment."""
    return ledger.store.read(lambda tx: _health(ledger, tx))


def figures(ledger: Ledger) -> dict[str, float | Mapping[str, float]]:
    """The same for a machine that draws curves: seconds and counts by name, -1 for never.

    `message_lag_seconds` is the longest that a message of the last quarter of an hour went after
    its moment; `message_attempts_day` counts the tries of a day by channel and outcome.
    """
    now = health(ledger)
    return {
        "ticker_age_seconds": now.heartbeat_age.total_seconds() if now.heartbeat_age else -1,
        "messages_due": now.due,
        "oldest_due_seconds": now.oldest_due_age.total_seconds() if now.oldest_due_age else 0,
        "calls_due": now.calls,
        "letters_due": now.letters,
        "messages_undelivered": now.undelivered,
        "message_lag_seconds": ledger.store.read(lambda tx: _lag(ledger, tx)),
        "message_attempts_day": ledger.store.read(lambda tx: _attempts(ledger, tx)),
    }


def _health(ledger: Ledger, tx: Tx) -> Health:
    now = ledger.now()
    beat = last_beat(tx, TICKER)
    by_channel = {
        row.channel: row
        for row in tx.execute(
            select(
                outbox.c.channel,
                func.count().label("number"),
                func.min(outbox.c.due_at).label("at"),
            )
            .where(_waits(now))
            .group_by(outbox.c.channel)
        )
    }
    written = [row for name, row in by_channel.items() if name not in BY_PEOPLE]
    by_people = {name: by_channel[name].number for name in BY_PEOPLE if name in by_channel}
    oldest = min((row.at for row in written), default=None)
    return Health(
        heartbeat_age=now - beat if beat else None,
        unread_facts=log.unread_count(tx),
        due=sum(row.number for row in written),
        oldest_due_age=now - oldest if oldest else None,
        calls=by_people.get(CALL_LIST, 0),
        letters=by_people.get(LETTER, 0),
        undelivered=failures.count(tx, None),
    )


def _waits(now: datetime) -> ColumnElement[bool]:
    """Whose moment has come, and who doesn't wait for the morning or another try."""
    return and_(
        outbox.c.state.in_((*TO_TRY, State.LEASED.value)),
        outbox.c.due_at <= now,
        or_(
            outbox.c.next_try.is_(None),
            outbox.c.next_try <= now,
            outbox.c.state == State.FAILED.value,
        ),
    )


def _lag(ledger: Ledger, tx: Tx) -> float:
    columns = (outbox.c.settled_at, outbox.c.due_at, outbox.c.next_try, outbox.c.created_at)
    query = select(*columns).where(
        outbox.c.state == State.SENT.value,
        outbox.c.last_error.is_(None),
        outbox.c.settled_at > ledger.now() - LAG_OVER,
        outbox.c.channel.in_(BY_MACHINE),
    )
    return max(
        (
            (
                row.settled_at - max(row.due_at, row.created_at, row.next_try or row.due_at)
            ).total_seconds()
            for row in tx.execute(query.limit(10_000))
        ),
        default=0,
    )


def _attempts(ledger: Ledger, tx: Tx) -> dict[str, float]:
    query = (
        select(outbox.c.channel, attempts.c.outcome, func.count().label("number"))
        .select_from(attempts.join(outbox, attempts.c.outbox_id == outbox.c.id))
        .where(attempts.c.at > ledger.now() - COUNTED_OVER)
        .group_by(outbox.c.channel, attempts.c.outcome)
        .order_by(outbox.c.channel, attempts.c.outcome)
    )
    return {
        f'{{channel="{row.channel}",outcome="{row.outcome or "open"}"}}': row.number
        for row in tx.execute(query)
    }
