"""Dated changes that staff made: written once, withdrawn at most once, read by scope."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from booking.store.tables import DeskChangeRow
from booking.store.transaction import Tx

_table = DeskChangeRow.__table__  # type: ignore[attr-defined]
_order = (_table.c.made_at, _table.c.id)
_standing = select(_table).where(_table.c.withdrawn_at.is_(None)).order_by(*_order)
_of_scopes = _standing.where(_table.c.scope.in_(bindparam("scopes", expanding=True)))


@dataclass(frozen=True, kw_only=True)
class DeskChange:
    """One change: `kind` and `data` as in a desk file, `scope` the desk or consultation."""

    id: str
    scope: str
    kind: str
    data: Mapping[str, Any]
    made_by: str
    made_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None


def add(tx: Tx, change: DeskChange) -> None:
    """Write a change down."""
    values = {name: getattr(change, name) for name in change.__dataclass_fields__}
    tx.execute(insert(_table), {**values, "data": json.dumps(dict(change.data))})


def last_made_at(tx: Tx, scope: str) -> datetime | None:
    """When the last change of `scope` was made, standing or withdrawn; None without any."""
    query = select(func.max(_table.c.made_at)).where(_table.c.scope == scope)
    found: datetime | None = tx.execute(query).scalar_one_or_none()
    return found


def withdraw(tx: Tx, change_id: str, actor: str, now: datetime) -> bool:
    """Take a change back; False when it was taken back before, or never made."""
    statement = (
        update(_table)
        .where(_table.c.id == change_id, _table.c.withdrawn_at.is_(None))
        .values(withdrawn_by=actor, withdrawn_at=now)
        .returning(_table.c.id)
    )
    return tx.execute(statement).first() is not None


def by_id(tx: Tx, change_id: str) -> DeskChange | None:
    """The change with that id, standing or withdrawn."""
    row = tx.execute(select(_table).where(_table.c.id == change_id)).one_or_none()
    return _change(row) if row is not None else None


def standing(tx: Tx, scopes: Iterable[str] | None = None) -> list[DeskChange]:
    """The changes that hold, of `scopes` or of all, in the order in which they were made."""
    if scopes is None:
        return [_change(row) for row in tx.execute(_standing)]
    return [_change(row) for row in tx.execute(_of_scopes, {"scopes": list(scopes)})]


def _change(row: Any) -> DeskChange:
    values = dict(row._mapping)
    return DeskChange(**{**values, "data": json.loads(values["data"])})
