"""Seals personal columns (AES-256-GCM) and makes blind indexes to look them up by."""

import hashlib
import hmac
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_ID_BYTES = 4
NONCE_BYTES = 12
BEGINNING = KEY_ID_BYTES + NONCE_BYTES


class CannotUnseal(ValueError):
    """The bytes were sealed with a key that is gone, for another place, or were tampered with."""


def key_id(key: bytes) -> bytes:
    """Four bytes that name a key without telling it."""
    return hashlib.sha256(b"booking sealing key" + key).digest()[:KEY_ID_BYTES]


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)


@dataclass(frozen=True, repr=False)
class Keyring:
    """Sealing keys, newest first; the last one also makes the blind index."""

    keys: tuple[bytes, ...]
    _ciphers: dict[bytes, AESGCM] = field(init=False)
    _index_key: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the ciphers; ValueError without a key."""
        if not self.keys:
            raise ValueError("a keyring needs at least one key")
        object.__setattr__(self, "_ciphers", {key_id(key): AESGCM(key) for key in self.keys})
        object.__setattr__(self, "_index_key", _derived(self.keys[-1], b"booking blind index"))

    def seal(self, table: str, column: str, row: str, text: str) -> bytes:
        """`text`, readable again only for the same table, column and row."""
        newest = key_id(self.keys[0])
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[newest].encrypt(nonce, text.encode(), _place(table, column, row))
        return newest + nonce + sealed

    def unseal(self, table: str, column: str, row: str, sealed: bytes) -> str:
        """The text that `seal` was given. Raises CannotUnseal."""
        sealed = bytes(sealed)
        cipher = self._ciphers.get(sealed[:KEY_ID_BYTES])
        if cipher is None:
            raise CannotUnseal(
                f"{table}.{column}: sealed with a key that BOOKING_KEYS does not hold"
            )
        nonce, rest = sealed[KEY_ID_BYTES:BEGINNING], sealed[BEGINNING:]
        try:
            if len(nonce) < NONCE_BYTES:
                raise InvalidTag
            return cipher.decrypt(nonce, rest, _place(table, column, row)).decode()
        except InvalidTag:
            raise CannotUnseal(f"{table}.{column}: sealed elsewhere, or altered") from None

    def index(self, kind: str, text: str) -> str:
        """A keyed hash of the normalised `text`, equal for equal texts of one `kind`."""
        return hmac.new(self._index_key, _bytes(f"{kind}|{text}"), hashlib.sha256).hexdigest()


def _place(table: str, column: str, row: str) -> bytes:
    return f"{table}|{column}|{row}".encode()


def token_hash(token: str) -> str:
    """How an unguessable token is kept: SHA-256 is enough for 128 random bits and more."""
    return hashlib.sha256(_bytes(token)).hexdigest()


def _bytes(text: str) -> bytes:
    """`text` in UTF-8, half surrogate pairs too: a browser may send them, and they are looked up."""
    return text.encode("utf-8", "surrogatepass")
