"""Jobs that run once a day in the whole installation: who claims the row runs it.

A claim is a lease: a process that dies with it leaves the job to the next one that ticks.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from booking.desks.register import note_day
from booking.ledger.ledger import Ledger
from booking.ledger.retention import forget_old
from booking.ledger.status import OPEN
from booking.store import Tx, bookings
from booking.store.upsert import insert_or_ignore
from notifications import entries, words_kept
from notifications.plan import Rules, day_list
from notifications.policy import DAY_LIST
from notifications.tables import JobRunRow
from slots.desk import Desk
from slots.sessions import sessions_of
from slots.zone import instant, local, local_date

log = logging.getLogger("notifications.jobs")
ZONE = "Asia/Tokyo"
FORGET = "forget"
# Nobody is at work, and a backup of the evening before is done.
FORGET_FROM = time(3, 30)
LEASE = timedelta(minutes=10)
_runs = JobRunRow.__table__  # type: ignore[attr-defined]


def claim(tx: Tx, name: str, period: str, now: datetime, lease: timedelta = LEASE) -> bool:
    """Whether the job of that period is this process's to run: nobody has done it or is at it."""
    row = {"name": name, "period": period, "claimed_until": now + lease}
    added = insert_or_ignore(tx, _runs).values(row).returning(_runs.c.name)
    if tx.execute(added).first() is not None:
        return True
    lost = (
        update(_runs)
        .where(
            _runs.c.name == name,
            _runs.c.period == period,
            _runs.c.done_at.is_(None),
            _runs.c.claimed_until <= now,
        )
        .values(claimed_until=now + lease)
        .returning(_runs.c.name)
    )
    return tx.execute(lost).first() is not None


def settle(tx: Tx, name: str, period: str, now: datetime) -> None:
    """Note that the job of that period is done."""
    which = (_runs.c.name == name) & (_runs.c.period == period)
    tx.execute(update(_runs).where(which).values(done_at=now))


def run_due(ledger: Ledger) -> int:
    """Run what is due today and nobody has run; how many jobs this process ran."""
    return sum(_listed(ledger, desk) for desk in _lists_due(ledger)) + _night(ledger)


def _listed(ledger: Ledger, desk: Desk) -> int:
    try:
        return _day_list(ledger, desk)
    except SQLAlchemyError:
        raise
    except Exception as error:
        # Whatever is wrong with one desk, the others get their lists.
        log.error("the list of %s: %s", desk.key, type(error).__name__)
        return 0


def _night(ledger: Ledger) -> int:
    """Forget what is old, and note what the calendars show from today on: once a day."""
    now = ledger.now()
    here = local(now, ZONE)
    period = here.date().isoformat()
    if here.time() < FORGET_FROM or FORGET in _done(ledger, period, [FORGET]):
        return 0
    if not ledger.store.write(lambda tx: claim(tx, FORGET, period, now)):
        return 0
    forget_old(ledger)
    note_day(ledger.store, ledger.desks, now)

    def work(tx: Tx) -> None:
        words_kept.erase_old(tx, now)
        settle(tx, FORGET, period, now)

    ledger.store.write(work)
    return 1


def _lists_due(ledger: Ledger) -> Iterator[Desk]:
    """The desks whose list of the next day's parties is due today and nobody has planned yet."""
    now = ledger.now()
    wanted = {desk.key: desk for desk in ledger.catalogue.desks.values() if _is_wanted(desk)}
    by_day: dict[str, list[str]] = {}
    for desk in wanted.values():
        by_day.setdefault(_period(desk, now), []).append(_name(desk))
    for period, names in by_day.items():
        done = _done(ledger, period, names)
        yield from (one for one in wanted.values() if _name(one) in set(names) - done)


def _is_wanted(desk: Desk) -> bool:
    return bool(desk.telling.staff_mail) and desk.telling.day_list_at is not None


def _day_list(ledger: Ledger, desk: Desk) -> int:
    """Plan the lists of the days until the next business day, all in the claim's transaction.

    Of those days that are not over: nobody may have ticked when the list fell due.
    """
    now, at = ledger.now(), desk.telling.day_list_at
    today, listed_on = local_date(now, desk.zone), _listed_on(desk, now)
    rules = Rules(telling=desk.telling, closed_days=desk.closed_days)
    found = [
        day_list(
            *(f"{consultation}/{day}", day, desk.zone),
            *(instant(listed_on, at, desk.zone), rules, DAY_LIST),
        )
        for consultation, day in _days_to_list(ledger, desk, listed_on)
        if at is not None and day >= today
    ]

    def work(tx: Tx) -> int:
        if not claim(tx, _name(desk), _period(desk, now), now):
            return 0
        entries.add(tx, [one for one in found if one is not None], now)
        settle(tx, _name(desk), _period(desk, now), now)
        return 1

    return ledger.store.write(work)


def _days_to_list(ledger: Ledger, desk: Desk, after: date) -> Iterator[tuple[str, date]]:
    """Each consultation and day with a session or a party, after `after` to the next business day."""
    start = after + timedelta(days=1)
    end = desk.closed_days.next_business_day(after) + timedelta(days=1)
    for one in desk.consultations:
        held = {found.date for found in sessions_of(one, start, end) if found.status == "planned"}
        since = instant(start, time(), desk.zone)
        coming = ledger.store.read(
            partial(bookings.coming, consultation=one.key, since=since, statuses=OPEN)
        )
        expected = {local_date(row.starts_at, desk.zone) for row in coming}
        days = held | {day for day in expected if day < end}
        yield from ((one.key, day) for day in sorted(days))


def _done(ledger: Ledger, period: str, names: Iterable[str]) -> set[str]:
    """Which of the jobs somebody has done, or is at."""
    now = ledger.now()
    query = select(_runs.c.name).where(
        _runs.c.period == period,
        _runs.c.name.in_(list(names)),
        _runs.c.done_at.is_not(None) | (_runs.c.claimed_until > now),
    )
    return set(ledger.store.read(lambda tx: tx.execute(query).scalars().all()))


def _name(desk: Desk) -> str:
    return f"{DAY_LIST}:{desk.key}"


def _period(desk: Desk, now: datetime) -> str:
    return _listed_on(desk, now).isoformat()


def _listed_on(desk: Desk, now: datetime) -> date:
    """The business day on which a list fell due last."""
    here, at = local(now, desk.zone), desk.telling.day_list_at
    day = here.date() if at is None or here.time() >= at else here.date() - timedelta(days=1)
    return desk.closed_days.last_business_day(day)
