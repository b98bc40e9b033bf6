"""What a password costs where nobody says otherwise, and that an unknown login costs the same."""

from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from booking.app import install
from booking.ledger import access
from booking.ledger.access import SignInRefused
from booking.passwords import Passwords, recommended
from booking.settings import Settings
from booking.store import Tx
from booking.store import staff as rows
from tests.support.house import KEY

PASSWORD = "correct horse battery"


class Noting(PasswordHasher):
    """A hasher of the default's cost that remembers which hashes it was asked to verify."""

    def __init__(self) -> None:
        super().__init__()
        self.verified: list[Any] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.verified.append(extract_parameters(str(hash)))
        return super().verify(hash, password)


def test_an_installation_hashes_as_rfc_9106_recommends(sqlite_url: str) -> None:
    """64 MiB, three rounds, four lanes: the second choice of its section 4."""
    installation = install(Settings(database_url=sqlite_url, keys=(KEY,)))
    ledger = installation.ledger
    access.add_staff(ledger, "yamada", PASSWORD)

    def work(tx: Tx) -> str:
        return str(rows.by_login(tx, "yamada").password_hash)

    found = extract_parameters(ledger.store.read(work))
    installation.store.close()

    assert found.type is Type.ID
    assert (found.memory_cost, found.time_cost, found.parallelism) == (64 * 1024, 3, 4)
    assert (found.salt_len, found.hash_len) == (16, 32)


def test_a_sign_in_verifies_once_at_the_same_cost_whether_there_is_an_account_or_not(
    sqlite_url: str,
) -> None:
    """Or the time that the answer takes would tell which names there are."""
    hasher = Noting()
    passwords = Passwords(hasher)
    installation = install(Settings(database_url=sqlite_url, keys=(KEY,)), passwords=passwords)
    access.add_staff(installation.ledger, "yamada", PASSWORD)

    for login in ("yamada", "nobody"):
        with pytest.raises(SignInRefused):
            access.sign_in(installation.ledger, login, "wrong horse battery")
    installation.store.close()

    known, unknown = hasher.verified
    assert known == unknown


def test_only_the_password_fits_and_nothing_fits_nobody() -> None:
    passwords = recommended()
    kept = passwords.hash(PASSWORD)

    assert passwords.fits(kept, PASSWORD)
    assert kept != passwords.hash(PASSWORD)
    for other in ("", "nobody", f"{PASSWORD} ", "\ud800"):
        assert not passwords.fits(kept, other)
        assert not passwords.fits(None, other)
    for broken in ("", "!", kept[:-2]):
        assert not passwords.fits(broken, PASSWORD)
