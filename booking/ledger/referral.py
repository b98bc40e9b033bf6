"""Referral codes (紹介コード): a counsellor issues one, and it opens one booking with the experts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from booking.errors import FieldError, Invalid
from booking.facts import Fact, Kind
from booking.ledger.ledger import Ledger
from booking.store import Tx, log, referrals

VALID_DAYS = 30
DIGITS = 8


@dataclass(frozen=True, kw_only=True)
class Referral:
    """A code that was issued, without the code itself: nobody can tell it again."""

    consultation: str
    issued_by: str
    issued_at: datetime
    expires_at: datetime
    used: bool


def referred(ledger: Ledger, organisation: str | None = None) -> list[str]:
    """The keys of the consultations of `organisation` (None: any) that take a referral."""
    return [
        key
        for key, consultation in ledger.catalogue.consultations.items()
        if consultation.needs_referral and organisation in (None, key.split("/")[0])
    ]


def issued(ledger: Ledger, organisation: str | None = None) -> list[Referral]:
    """The newest hundred codes issued for consultations of `organisation` (None: any)."""
    keys = referred(ledger, organisation)
    rows = ledger.store.read(lambda tx: referrals.issued(tx, keys))
    return [
        Referral(
            consultation=row.consultation,
            issued_by=row.issued_by,
            issued_at=row.issued_at,
            expires_at=row.expires_at,
            used=row.booking_id is not None,
        )
        for row in rows
    ]


def issue(ledger: Ledger, consultation: str, *, actor: str) -> str:
    """A new code such as 4821-7365, told once and kept only as a keyed hash; valid for 30 days.

    Raises UnknownDesk, and Invalid where the consultation takes no referral.
    """
    if not ledger.catalogue.consultation(consultation).needs_referral:
        raise Invalid([FieldError("consultation", "no-referral")])
    while True:
        digits = ledger.chance.digits(DIGITS)
        try:
            _write(ledger, consultation, digits, actor)
        except IntegrityError:
            continue  # chance gave a number that somebody has: codes are kept for good
        return f"{digits[:4]}-{digits[4:]}"


def _write(ledger: Ledger, consultation: str, digits: str, actor: str) -> None:
    now = ledger.now()
    row = {
        "id": ledger.chance.id(),
        "code_index": ledger.store.keyring.index("referral", digits),
        "consultation": consultation,
        "issued_by": actor,
        "issued_at": now,
        "expires_at": now + timedelta(days=VALID_DAYS),
        "booking_id": None,
    }
    fact = Fact(kind=Kind.REFERRAL_ISSUED, at=now, actor=actor, consultation=consultation)

    def work(tx: Tx) -> None:
        referrals.add(tx, row)
        log.append(tx, fact)

    ledger.store.write(work)
