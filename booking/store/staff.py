"""Statements about staff, signed-in browsers and API keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from booking.store.tables import ApiKeyRow, LoginRow, StaffRow
from booking.store.transaction import Tx

_staff = StaffRow.__table__  # type: ignore[attr-defined]
_logins = LoginRow.__table__  # type: ignore[attr-defined]
_keys = ApiKeyRow.__table__  # type: ignore[attr-defined]


def add(tx: Tx, row: dict[str, Any]) -> None:
    """Insert a member of staff. Raises IntegrityError when the login is taken."""
    tx.execute(insert(_staff), row)


def by_login(tx: Tx, login: str) -> Any | None:
    """The member of staff with that login, disabled or not, or None."""
    return tx.execute(select(_staff).where(_staff.c.login == login)).one_or_none()


def listed(tx: Tx) -> list[Any]:
    """All members of staff by login."""
    return list(tx.execute(select(_staff).order_by(_staff.c.login)).all())


def disable(tx: Tx, login: str, at: datetime) -> bool:
    """Keep a member of staff from signing in and sign them out everywhere; False if unknown."""
    row = by_login(tx, login)
    if row is None:
        return False
    tx.execute(update(_staff).where(_staff.c.id == row.id).values(disabled_at=at))
    revoke_all(tx, row.id, at)
    return True


def set_password(tx: Tx, staff_id: str, password_hash: str) -> None:
    """Replace a password's hash."""
    tx.execute(update(_staff).where(_staff.c.id == staff_id).values(password_hash=password_hash))


def add_login(tx: Tx, row: dict[str, Any]) -> None:
    """Remember a signed-in browser."""
    tx.execute(insert(_logins), row)


def login_of(tx: Tx, id_hash: str, now: datetime, idle_since: datetime) -> Any | None:
    """The staff member of a live login (columns of staff, and of the login with prefix login_)."""
    query = (
        select(_staff, _logins.c.last_seen.label("login_last_seen"))
        .join(_logins, _logins.c.staff_id == _staff.c.id)
        .where(
            _logins.c.id_hash == id_hash,
            _logins.c.revoked_at.is_(None),
            _logins.c.expires_at > now,
            _logins.c.last_seen > idle_since,
            _staff.c.disabled_at.is_(None),
        )
    )
    return tx.execute(query).one_or_none()


def touch(tx: Tx, id_hash: str, now: datetime) -> None:
    """Note that a login was used."""
    tx.execute(update(_logins).where(_logins.c.id_hash == id_hash).values(last_seen=now))


def revoke(tx: Tx, id_hash: str, now: datetime) -> None:
    """End one login."""
    tx.execute(update(_logins).where(_logins.c.id_hash == id_hash).values(revoked_at=now))


def revoke_all(tx: Tx, staff_id: str, now: datetime) -> None:
    """End all logins of one member of staff."""
    tx.execute(
        update(_logins)
        .where(_logins.c.staff_id == staff_id, _logins.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def add_key(tx: Tx, row: dict[str, Any]) -> None:
    """Insert an API key. Raises IntegrityError when the name is taken."""
    tx.execute(insert(_keys), row)


def key_by_hash(tx: Tx, key_hash: str) -> Any | None:
    """The live API key with that hash, or None."""
    query = select(_keys).where(_keys.c.key_hash == key_hash, _keys.c.revoked_at.is_(None))
    return tx.execute(query).one_or_none()


def keys(tx: Tx) -> list[Any]:
    """All API keys by name."""
    return list(tx.execute(select(_keys).order_by(_keys.c.name)).all())


def revoke_key(tx: Tx, name: str, at: datetime) -> bool:
    """End an API key; False if unknown."""
    change = update(_keys).where(_keys.c.name == name, _keys.c.revoked_at.is_(None))
    return tx.execute(change.values(revoked_at=at).returning(_keys.c.id)).first() is not None
