"""How telling is going: for readiness, metrics and the sign on staff's pages."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from booking.ledger.ledger import Ledger
from booking.store import Tx, log
from notifications.outbox import TO_TRY, State, last_beat, outbox
from notifications.policy import CALL_LIST

TICKER = "ticker"
# Ticks are seconds apart: after that long nobody ticks.
STILL_AFTER = timedelta(minutes=2)
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Health:
    """`heartbeat_age`: since the last tick anywhere, None: there was none. The rest counts rows.

    `due` are written messages whose moment has come, `oldest_due_age` how long ago for the longest
    waiting; `undelivered` were given up on within a week.
    """

    heartbeat_age: timedelta | None
    unread_facts: int
    due: int
    oldest_due_age: timedelta | None
    calls: int
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


def figures(ledger: Ledger) -> dict[str, float]:
    """The same for a machine that draws curves: seconds and counts by name, -1 for never."""
    now = health(ledger)
    return {
        "ticker_age_seconds": now.heartbeat_age.total_seconds() if now.heartbeat_age else -1,
        "messages_due": now.due,
        "oldest_due_seconds": now.oldest_due_age.total_seconds() if now.oldest_due_age else 0,
        "calls_due": now.calls,
        "messages_undelivered": now.undelivered,
    }


def _health(ledger: Ledger, tx: Tx) -> Health:
    now = ledger.now()
    beat = last_beat(tx, TICKER)
    open_now = (
        outbox.c.state.in_((*TO_TRY, State.LEASED.value)),
        outbox.c.due_at <= now,
    )
    written = select(func.count(), func.min(outbox.c.due_at)).where(
        *open_now, outbox.c.channel != CALL_LIST
    )
    due, oldest = tx.execute(written).one()
    calls = select(func.count()).select_from(outbox).where(*open_now, outbox.c.channel == CALL_LIST)
    dead = (
        select(func.count())
        .select_from(outbox)
        .where(outbox.c.state == State.DEAD.value, outbox.c.settled_at > now - timedelta(days=7))
    )
    return Health(
        heartbeat_age=now - beat if beat else None,
        unread_facts=log.unread_count(tx),
        due=due,
        oldest_due_age=now - oldest if oldest else None,
        calls=tx.execute(calls).scalar_one(),
        undelivered=tx.execute(dead).scalar_one(),
    )
