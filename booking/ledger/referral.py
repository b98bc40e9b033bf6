"""Referral codes (紹介コード): a counsellor issues one, and it opens one booking with the experts."""

from datetime import timedelta

from booking.errors import FieldError, Invalid
from booking.facts import Fact, Kind
from booking.ledger.ledger import Ledger
from booking.store import Tx, log, referrals

VALID_DAYS = 30
DIGITS = 8


def issue(ledger: Ledger, consultation: str, *, actor: str) -> str:
    """A new code such as 4821-7365, told once and kept only as a keyed hash; valid for 30 days.

    Raises UnknownDesk, and Invalid where the consultation takes no referral.
    """
    if not ledger.catalogue.consultation(consultation).needs_referral:
        raise Invalid([FieldError("consultation", "no-referral")])
    now, digits = ledger.now(), ledger.chance.digits(DIGITS)

    def work(tx: Tx) -> None:
        referrals.add(
            tx,
            {
                "id": ledger.chance.id(),
                "code_index": ledger.store.keyring.index("referral", digits),
                "consultation": consultation,
                "issued_by": actor,
                "issued_at": now,
                "expires_at": now + timedelta(days=VALID_DAYS),
                "booking_id": None,
            },
        )
        log.append(
            tx, Fact(kind=Kind.REFERRAL_ISSUED, at=now, actor=actor, consultation=consultation)
        )

    ledger.store.write(work)
    return f"{digits[:4]}-{digits[4:]}"
