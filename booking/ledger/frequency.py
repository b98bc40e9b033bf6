"""How often a party has been here: the limits of a consultation, judged from the bookings that stand.

A party is who has the same phone number and the same reading of the name.
"""

from dataclasses import replace
from datetime import date, datetime

from booking.errors import FieldError, Invalid, LimitReached
from booking.ledger.status import ENDED, OPEN, Status
from booking.store import Tx, bookings
from slots.desk import Consultation
from slots.limits import Limit, Visit, exceeded
from slots.zone import local_date

# Nobody is asked what it is about: all of a party's bookings may be about one matter, so a limit per
# matter never refuses, but tells staff.
MATTER = "unknown"


def judge(
    tx: Tx,
    consultation: Consultation,
    party: tuple[str, str],
    wanted: Visit,
    now: datetime,
    *,
    by_staff: bool,
    answered: bool,
) -> list[Limit]:
    """The limits that one more booking of `party` goes beyond, all of which only warn.

    `party` are the blind indexes of phone and reading. Raises LimitReached where a limit refuses;
    staff may go beyond it, but say why: Invalid, until they `answered` for it.
    """
    if not consultation.limits:
        return []
    beyond = exceeded(
        consultation.limits, replace(wanted, matter=MATTER), visits(tx, consultation, party, now)
    )
    refusing = next((one for one in beyond if one.then == "refuse" and one.per != "matter"), None)
    if refusing is not None and not by_staff:
        raise LimitReached(refusing)
    if refusing is not None and not answered:
        raise Invalid([FieldError("reason", "limit")])
    return beyond


def visits(
    tx: Tx, consultation: Consultation, party: tuple[str, str], now: datetime
) -> list[Visit]:
    """The bookings of `party` at the consultation's organisation that were not given up."""
    organisation = consultation.key.split("/")[0]
    rows = bookings.of_party(tx, *party, organisation, [one.value for one in ENDED])
    return [
        Visit(
            consultation=row.consultation,
            day=_day(row.starts_at, row.zone),
            session=row.session,
            matter=MATTER,
            open=Status(row.status) in OPEN and (row.starts_at is None or row.starts_at >= now),
        )
        for row in rows
    ]


def _day(starts_at: datetime | None, zone: str) -> date | None:
    return local_date(starts_at, zone) if starts_at is not None else None
