"""Dates and times of day as staff type them on the phone: quickly, in any width."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from booking.errors import FieldError, Invalid
from booking.ledger.contact import clean


def typed_time(text: str) -> time | None:
    """The time of day that was typed: 14:00, 14時, 14時半, 1400, 9, in any width; None for no time."""
    found = re.fullmatch(
        r"(\d{1,2})(?:[:.](\d{2})|時(?:(\d{1,2})分?|(半))?|(\d{2}))?",
        unicodedata.normalize("NFKC", clean(text)).replace(" ", ""),
    )
    if found is None:
        return None
    minute = 30 if found[4] else int(found[2] or found[3] or found[5] or 0)
    hour = int(found[1])
    return time(hour, minute) if hour < 24 and minute < 60 else None


def wall_slot(typed: Mapping[str, Any]) -> str | None:
    """The wall time that `date` and `time` name, as ISO text; None when both are empty.

    Raises Invalid, naming each field.
    """
    day_text, time_text = clean(typed.get("date")), clean(typed.get("time"))
    if not day_text and not time_text:
        return None
    errors = []
    if not day_text:
        errors.append(FieldError("date", "missing"))
    elif not _is_date(day_text):
        errors.append(FieldError("date", "not-a-date"))
    at = typed_time(time_text)
    if at is None:
        errors.append(FieldError("time", "not-a-time" if time_text else "required"))
    if errors or at is None:
        raise Invalid(errors)
    return f"{day_text}T{at.isoformat('minutes')}"


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
