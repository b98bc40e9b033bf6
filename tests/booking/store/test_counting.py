"""What is counted or claimed by many at once is counted right, and claimed by one."""

from datetime import timedelta

import pytest

from booking.store import Store, Tx, idempotency, limits
from tests.booking.store.elsewhere import NOON, count_attempts, in_processes, in_threads

FIFTEEN_MINUTES = 900


def attempt(store: Store, subject: str = "somebody", after: timedelta = timedelta()) -> int:
    return store.write(lambda tx: limits.attempt(tx, subject, NOON + after, FIFTEEN_MINUTES))


def claim(store: Store, booking: str, *, scope: str = "online", key: str = "k", said: str = "f"):
    return store.write(lambda tx: idempotency.claim(tx, scope, key, said, booking, NOON))


def test_processes_count_as_one(database_url: str) -> None:
    found = in_processes(3, count_attempts, database_url, 8)

    assert sorted(number for one in found for number in one) == list(range(1, 25)), found


def test_each_is_counted_apart_and_each_stretch_anew(store: Store) -> None:
    assert [attempt(store), attempt(store)] == [1, 2]
    assert attempt(store, "another") == 1
    assert attempt(store, after=timedelta(seconds=FIFTEEN_MINUTES)) == 1


def test_who_proved_who_they_are_begins_anew(store: Store) -> None:
    attempt(store)
    attempt(store, "another")

    store.write(lambda tx: limits.forget(tx, "somebody"))

    assert (attempt(store), attempt(store, "another")) == (1, 2)


def test_a_key_is_claimed_once_and_then_tells_what_was_made(store: Store) -> None:
    assert claim(store, "b1", said="first") is None
    assert claim(store, "b2", said="second") == ("first", "b1")
    assert store.read(lambda tx: idempotency.known(tx, "online", "k")) == ("first", "b1")


def test_the_same_key_elsewhere_is_another(store: Store) -> None:
    assert claim(store, "b1") is None
    assert claim(store, "b2", scope="phone") is None
    assert claim(store, "b3", key="K") is None


def test_a_claim_that_fails_later_leaves_the_key_free(store: Store) -> None:
    """What was refused may be mended and sent again."""

    def work(tx: Tx) -> None:
        assert idempotency.claim(tx, "online", "k", "f", "b1", NOON) is None
        raise LookupError

    with pytest.raises(LookupError):
        store.write(work)

    assert store.read(lambda tx: idempotency.known(tx, "online", "k")) is None
    assert claim(store, "b2") is None


def test_of_many_at_once_one_claims_the_key_and_all_others_learn_of_it(store: Store) -> None:
    outcomes = in_threads(*[lambda n=n: claim(store, f"b{n}") for n in range(8)])

    assert outcomes.count(None) == 1
    winner = f"b{outcomes.index(None)}"
    assert [one for one in outcomes if one is not None] == [("f", winner)] * 7


def test_old_keys_can_be_forgotten(store: Store) -> None:
    claim(store, "b1")

    store.write(lambda tx: idempotency.forget_before(tx, NOON))
    assert claim(store, "b2") == ("f", "b1")

    store.write(lambda tx: idempotency.forget_before(tx, NOON + timedelta(seconds=1)))
    assert claim(store, "b3") is None
