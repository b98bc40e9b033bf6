"""Idempotency keys of desk changes: asking twice for the same makes it once."""

from collections.abc import Sequence

from booking.errors import KeyReused
from booking.ledger.ledger import Ledger
from booking.store import Tx, desk_changes, idempotency
from booking.store.desk_changes import DeskChange

KEYS = "desk-change"


class Replayed(Exception):
    """The same was asked for before; nothing is written again."""

    def __init__(self, first: list[DeskChange]) -> None:
        super().__init__()
        self.first = first


class Claim:
    """The idempotency key of one asking, if it has one."""

    def __init__(self, ledger: Ledger, key: str | None, asked: str) -> None:
        self.ledger = ledger
        self.key = ledger.store.keyring.index("idempotency", key) if key is not None else None
        self.fingerprint = ledger.store.keyring.index("request", asked)

    def known(self) -> list[DeskChange] | None:
        """What was made under the key before. Raises KeyReused for something else."""
        if self.key is None:
            return None
        key = self.key
        return self.ledger.store.read(lambda tx: self._first(tx, idempotency.known(tx, KEYS, key)))

    def take(self, tx: Tx, made: Sequence[DeskChange]) -> None:
        """Claim the key for `made`. Raises Replayed when somebody was faster with the same."""
        if self.key is None:
            return
        now, ids = self.ledger.now(), " ".join(one.id for one in made)
        claimed = idempotency.claim(tx, KEYS, self.key, self.fingerprint, ids, now)
        first = self._first(tx, claimed)
        if first is not None:
            raise Replayed(first)

    def _first(self, tx: Tx, claimed: tuple[str, str] | None) -> list[DeskChange] | None:
        if claimed is None:
            return None
        fingerprint, ids = claimed
        if fingerprint != self.fingerprint:
            raise KeyReused
        found = [desk_changes.by_id(tx, one) for one in ids.split()]
        if None in found:
            raise KeyReused
        return [one for one in found if one is not None]
