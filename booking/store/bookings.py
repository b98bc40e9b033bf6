"""Statements about bookings. Rows come in and go out as mappings, personal columns unsealed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.sql import ColumnElement

from booking.store.sealed import Keyring, token_hash
from booking.store.tables import BookingRow
from booking.store.transaction import Tx
from slots.availability import Held

bookings = BookingRow.__table__  # type: ignore[attr-defined]
SEALED = (
    *("token", "name", "kana", "phone", "residence", "email", "age", "needs", "tie", "reason"),
    *("safe", "line_user"),
)

# Written `= 1`, as the partial indexes are, so that SQLite uses them.
HOLDS = bookings.c.holds_seat == True  # noqa: E712

# Built once: building a statement costs more than running it.
_insert = insert(bookings)
_by_id = select(bookings).where(bookings.c.id == bindparam("key"))
_reference = select(bookings.c.id).where(bookings.c.reference == bindparam("key"))
_guarded = select(bookings.c.id).where(bookings.c.duplicate_guard == bindparam("key"))
_held = select(bookings.c.session, bookings.c.slot_start, bookings.c.channel).where(
    bookings.c.session.in_(bindparam("keys", expanding=True)),
    bookings.c.id != bindparam("without"),
    HOLDS,
)
_holders = select(
    bookings.c.id,
    bookings.c.session_seat,
    bookings.c.slot_start,
    bookings.c.slot_seat,
    bookings.c.channel,
).where(bookings.c.session == bindparam("key"), HOLDS)


def add(tx: Tx, keyring: Keyring, row: Mapping[str, Any]) -> None:
    """Insert a booking. Raises IntegrityError where a unique index refuses it."""
    tx.execute(_insert, sealed_row(keyring, row["id"], row))


def change(tx: Tx, keyring: Keyring, booking_id: str, values: Mapping[str, Any]) -> None:
    """Set `values` of one booking. Raises IntegrityError where a unique index refuses it."""
    sealed = sealed_row(keyring, booking_id, values)
    tx.execute(update(bookings).where(bookings.c.id == booking_id).values(sealed))


def sealed_row(keyring: Keyring, booking_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with personal columns sealed for that booking."""
    return {
        column: keyring.seal("bookings", column, booking_id, str(value))
        if column in SEALED and value is not None
        else value
        for column, value in values.items()
    }


def opened(keyring: Keyring, row: Any) -> dict[str, Any]:
    """A database row as a mapping with personal columns unsealed."""
    values = dict(row._mapping)
    for column in SEALED:
        if values.get(column) is not None:
            values[column] = keyring.unseal("bookings", column, values["id"], values[column])
    return values


def find(
    tx: Tx, keyring: Keyring, where: ColumnElement[bool], *, lock: bool = False
) -> dict[str, Any] | None:
    """The one booking that fulfils `where`, or None. `lock` keeps others from changing it."""
    query = select(bookings).where(where)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    return opened(keyring, row) if row is not None else None


def by_id(
    tx: Tx, keyring: Keyring, booking_id: str, *, lock: bool = False
) -> dict[str, Any] | None:
    """The booking with that id, or None."""
    query = _by_id.with_for_update() if lock else _by_id
    row = tx.execute(query, {"key": booking_id}).one_or_none()
    return opened(keyring, row) if row is not None else None


def by_reference(tx: Tx, keyring: Keyring, reference: str) -> dict[str, Any] | None:
    """The booking with that reference, or None."""
    return find(tx, keyring, bookings.c.reference == reference)


def by_token(tx: Tx, keyring: Keyring, token: str) -> dict[str, Any] | None:
    """The booking that a manage token opens, or None."""
    return find(tx, keyring, bookings.c.token_hash == token_hash(token))


def ids_of_line(tx: Tx, line_index: str) -> list[str]:
    """The ids of all bookings that are linked with a LINE account, in order."""
    query = select(bookings.c.id).where(bookings.c.line_index == line_index)
    return list(tx.execute(query.order_by(bookings.c.id)).scalars())


def listed(
    tx: Tx,
    keyring: Keyring,
    *where: ColumnElement[bool],
    order: Iterable[ColumnElement[Any]] = (),
    limit: int = 500,
) -> list[dict[str, Any]]:
    """The bookings that fulfil all of `where`."""
    query = select(bookings).where(*where).order_by(*order).limit(limit)
    return [opened(keyring, row) for row in tx.execute(query)]


def reference_exists(tx: Tx, reference: str) -> bool:
    """Whether a booking has that reference already."""
    return tx.execute(_reference, {"key": reference}).first() is not None


def duplicate_exists(tx: Tx, guard: str) -> bool:
    """Whether an open booking has that duplicate guard."""
    return tx.execute(_guarded, {"key": guard}).first() is not None


def holders(tx: Tx, session: str) -> list[Any]:
    """Who holds the seats of a session: rows of id, session_seat, slot_start, slot_seat, channel."""
    return list(tx.execute(_holders, {"key": session}).all())


def coming(tx: Tx, consultation: str, since: datetime, statuses: Iterable[str]) -> list[Any]:
    """Who has a time at a consultation from `since` on, as rows of what a change of it may touch."""
    columns = ("id", "reference", "session", "session_seat", "slot_start", "slot_seat")
    query = (
        select(*(bookings.c[one] for one in (*columns, "starts_at", "ends_at", "place")))
        .where(
            bookings.c.consultation == consultation,
            bookings.c.starts_at >= since,
            bookings.c.status.in_(list(statuses)),
        )
        .order_by(bookings.c.starts_at, bookings.c.session_seat)
    )
    return list(tx.execute(query))


def held_of(rows: Iterable[Any]) -> Held:
    """The seats that rows of `holders` take."""
    by_slot: dict[datetime, int] = {}
    by_channel: dict[str, int] = {}
    count = 0
    for row in rows:
        count += 1
        by_channel[row.channel] = by_channel.get(row.channel, 0) + 1
        if row.slot_start is not None:
            by_slot[row.slot_start] = by_slot.get(row.slot_start, 0) + 1
    return Held(count, by_slot, by_channel)


def held_in(tx: Tx, sessions: Iterable[str], *, without: str | None = None) -> dict[str, Held]:
    """The held seats of each of `sessions` that has any, but for the booking `without`."""
    rows: dict[str, list[Any]] = {}
    for row in tx.execute(_held, {"keys": list(sessions), "without": without or ""}):
        rows.setdefault(row.session, []).append(row)
    return {session: held_of(found) for session, found in rows.items()}


def of_party(
    tx: Tx, phone_index: str, kana_index: str, organisation: str, ended: Iterable[str]
) -> list[Any]:
    """What a party has at an organisation, but for `ended` statuses; rows without personal columns."""
    query = select(
        bookings.c.consultation,
        bookings.c.session,
        bookings.c.starts_at,
        bookings.c.zone,
        bookings.c.status,
    ).where(
        bookings.c.phone_index == phone_index,
        bookings.c.kana_index == kana_index,
        bookings.c.consultation.startswith(f"{organisation}/", autoescape=True),
        bookings.c.status.not_in(list(ended)),
    )
    return list(tx.execute(query))


def count(tx: Tx, *where: ColumnElement[bool]) -> int:
    """How many bookings fulfil all of `where`."""
    return int(tx.execute(select(func.count()).select_from(bookings).where(*where)).scalar_one())


def count_by_status(tx: Tx) -> dict[str, int]:
    """How many bookings have each status that any has."""
    query = select(bookings.c.status, func.count()).group_by(bookings.c.status)
    return {row[0]: row[1] for row in tx.execute(query)}


def oldest(tx: Tx, status: str) -> datetime | None:
    """When the oldest booking with that status was made, or None without any."""
    query = select(func.min(bookings.c.created_at)).where(bookings.c.status == status)
    found: datetime | None = tx.execute(query).scalar_one_or_none()
    return found
