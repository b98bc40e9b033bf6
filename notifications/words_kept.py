"""What was told, word for word: kept sealed for some months, so that staff can say it again."""

from datetime import datetime

from sqlalchemy import update

from booking.store import Tx
from booking.store.sealed import Keyring
from notifications.channels.channel import Message
from notifications.outbox import outbox
from notifications.policy import WORDS_KEPT


def sealed(keyring: Keyring, ref: str, told: Message) -> bytes:
    """Subject and text of a message, sealed for its row of the outbox."""
    text = f"{told.subject}\n\n{told.body}" if told.subject else told.body
    return sealed_text(keyring, ref, text)


def sealed_text(keyring: Keyring, ref: str, text: str) -> bytes:
    """The same of words that are one text already."""
    return keyring.seal("outbox", "said", ref, text)


def opened(keyring: Keyring, ref: str, said: bytes | None) -> str | None:
    """What was told; None where nothing was, or it has been erased. Raises CannotUnseal."""
    return keyring.unseal("outbox", "said", ref, said) if said is not None else None


def erase_old(tx: Tx, now: datetime) -> int:
    """Erase the words of what was told more than `WORDS_KEPT` ago; of how many messages."""
    old = update(outbox).where(outbox.c.said.is_not(None), outbox.c.settled_at < now - WORDS_KEPT)
    return len(tx.execute(old.values(said=None).returning(outbox.c.id)).all())
