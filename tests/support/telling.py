"""What tests about messages share: a tick with channels in memory, and what the outbox says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from booking.desks.catalogue import SHIPPED
from booking.ledger import changes
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from booking.ledger.safe_contact import SafeContact
from booking.store.bookings import bookings
from notifications.channels.channel import Channel
from notifications.channels.memory import Memory
from notifications.outbox import attempts, outbox
from notifications.ticker import Ticked, run_once
from tests.support.house import SESSION, House, tokyo

MAIL = "hanako@example.jp"
STAFF = "staff:test"


@dataclass
class Teller:
    """Ticks for a house; what was mailed is in `mail.told`."""

    house: House
    mail: Memory = field(default_factory=Memory)

    def tick(self, channels: Mapping[str, Channel] | None = None) -> Ticked:
        """Relay and deliver what is due now."""
        used = channels if channels is not None else {"mail": self.mail}
        return run_once(self.house.ledger, self.house.settings, used)

    @property
    def kinds(self) -> list[str]:
        """What was mailed, oldest first."""
        return [one.kind for one in self.mail.told]


def confirmed(
    house: House, *, at: str = f"{SESSION} 09:45", how: str = "call", **who: Any
) -> Booking:
    """A resident's request that staff confirmed for the Tokyo wall time `at`."""
    who.setdefault("date", at[:10])
    return confirm(house, house.request(**who), at=at, how=how)


def confirm(house: House, booking: Booking, *, at: str, how: str = "call") -> Booking:
    """`booking`, confirmed by staff for the Tokyo wall time `at`."""
    target = Target(slot=tokyo(at))
    return changes.confirm(house.ledger, booking.id, actor=STAFF, how=how, target=target)


def say(house: House, booking_id: str, **said: Any) -> None:
    """The party of a booking says how it may be told."""
    kept = SafeContact(**said).kept()
    if kept is None:
        return
    sealed = house.ledger.store.keyring.seal("bookings", "safe", booking_id, kept)
    told = update(bookings).where(bookings.c.id == booking_id).values(safe=sealed)
    house.ledger.store.write(lambda tx: tx.execute(told))


def rows(house: House) -> list[dict[str, Any]]:
    """The outbox, oldest first."""
    query = select(outbox).order_by(outbox.c.id)
    return house.ledger.store.read(lambda tx: [dict(row._mapping) for row in tx.execute(query)])


def states(house: House) -> dict[str, str]:
    """What each message of the outbox stands at, by kind and channel; the latest revision wins."""
    return {f"{row['kind']} {row['channel']}": row["state"] for row in rows(house)}


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that our side logged, without the test's own mail server."""
    return "\n".join(one.getMessage() for one in caplog.records if one.name != "mail.log")


def tries(house: House) -> list[dict[str, Any]]:
    """All tries, oldest first."""
    query = select(attempts).order_by(attempts.c.id)
    return house.ledger.store.read(lambda tx: [dict(row._mapping) for row in tx.execute(query)])


def a_folder(path: Path, messages: str) -> Path:
    """A folder with Shibukawa's desk file, whose lawyer's desk has `messages` as its rules of telling.

    `messages` are lines of TOML below [desks.messages].
    """
    # The lawyer's desk is the file's last one: what follows belongs to it.
    shipped = (SHIPPED / "shibukawa.toml").read_text(encoding="utf-8")
    path.mkdir(exist_ok=True)
    (path / "shibukawa.toml").write_text(f"{shipped}\n[desks.messages]\n{messages}\n", "utf-8")
    return path
