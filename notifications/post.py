"""How long the post takes."""

from datetime import date, datetime, time

from slots.holidays import ClosedDays
from slots.zone import instant


def posting_deadline(day: date, closed_days: ClosedDays, zone: str) -> datetime:
    """The instant until which a letter has to be posted to be there before the local `day`."""
    return instant(closed_days.business_days_before(day, 4), time(17), zone)
