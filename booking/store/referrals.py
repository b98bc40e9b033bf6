"""Referral codes: issued by a counsellor, each opens one booking."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from booking.store.tables import ReferralRow
from booking.store.transaction import Tx

_referrals = ReferralRow.__table__  # type: ignore[attr-defined]


def add(tx: Tx, row: dict[str, Any]) -> None:
    """Insert a referral. Raises IntegrityError when the code is already in use."""
    tx.execute(insert(_referrals), row)


def usable(
    tx: Tx, code_index: str, consultation: str, now: datetime, *, lock: bool = True
) -> str | None:
    """The id of the unused, unexpired referral with that code for that consultation, or None."""
    query = select(_referrals.c.id).where(
        _referrals.c.code_index == code_index,
        _referrals.c.consultation == consultation,
        _referrals.c.booking_id.is_(None),
        _referrals.c.expires_at > now,
    )
    return tx.execute(query.with_for_update() if lock else query).scalar_one_or_none()


def use(tx: Tx, referral_id: str, booking_id: str) -> bool:
    """Bind a referral to a booking; False when another booking was faster."""
    change = (
        update(_referrals)
        .where(_referrals.c.id == referral_id, _referrals.c.booking_id.is_(None))
        .values(booking_id=booking_id)
        .returning(_referrals.c.id)
    )
    return tx.execute(change).first() is not None


def release(tx: Tx, booking_id: str) -> str | None:
    """Make the referral of a cancelled booking usable again; its id, or None where it had none."""
    change = (
        update(_referrals)
        .where(_referrals.c.booking_id == booking_id)
        .values(booking_id=None)
        .returning(_referrals.c.id)
    )
    return tx.execute(change).scalar_one_or_none()


def issued(tx: Tx, consultations: list[str], limit: int = 100) -> list[Any]:
    """The newest referrals to `consultations`, without their codes."""
    query = (
        select(_referrals)
        .where(_referrals.c.consultation.in_(consultations))
        .order_by(_referrals.c.issued_at.desc())
        .limit(limit)
    )
    return list(tx.execute(query).all())
