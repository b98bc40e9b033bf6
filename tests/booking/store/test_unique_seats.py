"""The database itself refuses the second holder of a seat, whatever the code above has forgotten."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from booking.store import Store, bookings
from tests.booking.store.rows import NINE, SESSION, a_row

SEAT: dict[str, Any] = {"session": SESSION, "session_seat": 0, "slot_start": NINE, "slot_seat": 0}


def add(store: Store, **changes: Any) -> str:
    row = a_row(**changes)
    store.write(lambda tx: bookings.add(tx, store.keyring, row))
    return str(row["id"])


def change(store: Store, booking: str, **values: Any) -> None:
    store.write(lambda tx: bookings.change(tx, store.keyring, booking, values))


@pytest.mark.parametrize(
    "beside",
    [
        {"session_seat": 1},
        {"slot_start": None, "slot_seat": None},
    ],
    ids=["the same slot's seat", "the same session's seat"],
)
def test_a_seat_has_one_holder(store: Store, beside: dict[str, Any]) -> None:
    add(store, **SEAT)

    with pytest.raises(IntegrityError):
        add(store, **SEAT | beside)


@pytest.mark.parametrize(
    "beside",
    [
        {"session": f"{SESSION}-other"},
        {"session_seat": 1, "slot_seat": 1},
        {"session_seat": 1, "slot_start": NINE.replace(hour=1)},
        {"session_seat": 1, "slot_start": None, "slot_seat": None},
    ],
    ids=["another session", "another seat", "another slot", "no settled time"],
)
def test_other_seats_are_free(store: Store, beside: dict[str, Any]) -> None:
    add(store, **SEAT)

    add(store, **SEAT | beside)


def test_who_gave_the_seat_up_holds_it_no_longer(store: Store) -> None:
    first = add(store, **SEAT)
    change(store, first, holds_seat=False, status="cancelled_by_resident")

    second = add(store, **SEAT)

    with pytest.raises(IntegrityError):
        change(store, first, holds_seat=True, status="confirmed")
    change(store, second, holds_seat=False)
    change(store, first, holds_seat=True)


def test_nobody_is_moved_onto_a_held_seat(store: Store) -> None:
    add(store, **SEAT)
    second = add(store, **SEAT | {"session_seat": 1, "slot_seat": 1})

    for onto in ({"slot_seat": 0}, {"session_seat": 0}):
        with pytest.raises(IntegrityError):
            change(store, second, **onto)


def test_bookings_without_a_session_hold_no_seat(store: Store) -> None:
    """Wishes only: any number of them."""
    for _ in range(3):
        add(store, holds_seat=True)


@pytest.mark.parametrize("column", ["reference", "token_hash", "duplicate_guard", "id"])
def test_what_names_a_booking_names_one(store: Store, column: str) -> None:
    add(store, **{column: "the same"})

    with pytest.raises(IntegrityError):
        add(store, **{column: "the same"})


def test_columns_are_sealed_for_their_row_and_read_back(store: Store) -> None:
    secrets = {"name": "髙﨑 花子", "phone": "090-1234-5678", "age": 35, "needs": None}
    booking = add(store, **secrets)

    row = store.read(lambda tx: bookings.by_id(tx, store.keyring, booking))

    assert row is not None
    assert {name: row[name] for name in secrets} == secrets | {"age": "35"}
