"""Passwords as hashes. Only `app.py` and `cli` say how costly one is; everything else is handed it."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Passwords:
    """Hashes and verifies, at the cost that the hasher was made with."""

    def __init__(self, hasher: PasswordHasher) -> None:
        """Take the parameters from `hasher`."""
        self._hasher = hasher
        # Verified when there is no account, so that the answer takes as long as where there is one.
        self._nobody = self._hasher.hash("nobody")

    def hash(self, password: str) -> str:
        """What is kept of a password: parameters, salt and hash in one text."""
        return self._hasher.hash(password)

    def fits(self, password_hash: str | None, password: str) -> bool:
        """Whether it is the password; None is nobody's hash, takes as long and never fits."""
        kept = self._nobody if password_hash is None else password_hash
        try:
            return self._hasher.verify(kept, password) and password_hash is not None
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False


@cache
def recommended() -> Passwords:
    """At the cost that argon2-cffi recommends: RFC 9106's choice for little memory, 64 MiB."""
    return Passwords(PasswordHasher())
