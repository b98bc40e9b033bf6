"""Statements about the entries of public calendars that were ever published."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from booking.store.tables import PublishedEntryRow
from booking.store.transaction import Tx

_table = PublishedEntryRow.__table__  # type: ignore[attr-defined]
_add = insert(_table)
_of_organisation = select(_table).where(_table.c.organisation == bindparam("organisation"))
_noted = _of_organisation.where(_table.c.day >= bindparam("since"))
_shown = _noted.where(_table.c.listed_on < bindparam("until"))
_by_keys = select(_table).where(_table.c.key.in_(bindparam("keys", expanding=True)))
_mark = (
    update(_table)
    .where(
        _table.c.key == bindparam("of"),
        or_(_table.c.mark != bindparam("now_is"), _table.c.mark.is_(None)),
    )
    .values(mark=bindparam("now_is"))
    .returning(_table.c.changed_at)
)
_stamp = (
    update(_table).where(_table.c.key == bindparam("of")).values(changed_at=bindparam("stamped"))
)


def noted(tx: Tx, organisation: str, since: date) -> list[Any]:
    """All rows of an organisation that are held on the local day `since` or later."""
    return list(tx.execute(_noted, {"organisation": organisation, "since": since}))


def shown(tx: Tx, organisation: str, start: date, end: date) -> list[Any]:
    """The rows of an organisation that a feed of the local days [start, end) may show.

    An entry that was there and moved beyond `end` is among them.
    """
    named = {"organisation": organisation, "since": start, "until": end}
    return list(tx.execute(_shown, named))


def by_keys(tx: Tx, keys: Iterable[str]) -> list[Any]:
    """The rows with those keys."""
    return list(tx.execute(_by_keys, {"keys": list(keys)}))


def last_day_before(tx: Tx, organisation: str, day: date) -> date | None:
    """The last day before `day` on which anything of an organisation was held; None without any."""
    query = select(func.max(_table.c.day)).where(
        _table.c.organisation == organisation, _table.c.day < day
    )
    found: date | None = tx.execute(query).scalar_one_or_none()
    return found


def add(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Insert rows."""
    if rows:
        tx.execute(_add, rows)


def change(tx: Tx, key: str, values: Mapping[str, Any]) -> None:
    """Set `values` of one row."""
    tx.execute(update(_table).where(_table.c.key == key).values(**values))


def remove(tx: Tx, keys: list[str]) -> None:
    """Remove rows that nobody ever saw."""
    if keys:
        tx.execute(delete(_table).where(_table.c.key.in_(keys)))


def marked(tx: Tx, key: str, mark: str) -> datetime | None:
    """Note how full `key` is; when it had changed before, or None where nothing is to be noted."""
    found: datetime | None = tx.execute(_mark, {"of": key, "now_is": mark}).scalar_one_or_none()
    return found


def stamp(tx: Tx, key: str, at: datetime) -> None:
    """Note that `key` changed at `at`."""
    tx.execute(_stamp, {"of": key, "stamped": at})


def forget_before(tx: Tx, day: date) -> None:
    """Forget what was held before the local `day`."""
    tx.execute(delete(_table).where(_table.c.day < day))
