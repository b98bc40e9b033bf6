"""What somebody asks for: a consultation, a time or wishes, and who comes."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from booking.errors import FieldError, Invalid
from booking.ledger.contact import Contact, clean, clean_line, read_contact
from booking.ledger.reference import digits_of
from slots.desk import Consultation, Desk
from slots.wishes import TIMES_OF_DAY, Wish
from slots.zone import zone

MOST_WISHES = 3
PLACE_LENGTH = 200
REASON_LENGTH = 500
# How a party was told that its booking is fixed.
HOWS = ("call", "mail", "letter", "counter")
# Holidays are known for these, and no arithmetic with them runs out of the calendar.
YEARS = range(2000, 2100)


@dataclass(frozen=True, kw_only=True)
class Target:
    """The time that is asked for: a slot, a date with a wished time, or wishes.

    `slot` is an aware instant. `minutes` and `place` are staff's, where they arrange a time: None
    names none, an empty place the desk's own.
    """

    slot: datetime | None = None
    day: date | None = None
    wish: time | None = None
    wishes: tuple[Wish, ...] = ()
    minutes: int | None = None
    place: str | None = None


@dataclass(frozen=True, kw_only=True)
class Application:
    """A whole request for one consultation."""

    consultation: str
    target: Target
    contact: Contact
    referral: str | None = field(default=None, repr=False)


def read_application(
    desk: Desk,
    consultation: Consultation,
    raw: Mapping[str, Any],
    *,
    by_staff: bool = False,
    channels: Collection[str] | None = None,
) -> Application:
    """The application that `raw` describes, keys as in the JSON API. Raises Invalid with all errors.

    `channels` are those by which the desk writes: `Ledger.channels_of`; None: all of its order.
    """
    errors: list[FieldError] = []
    target = _target(consultation, raw, errors, by_staff=by_staff)
    contact = read_contact(
        raw,
        errors,
        asks_age=consultation.asks_age,
        asks_tie=bool(consultation.eligibility.ties),
        by_staff=by_staff,
        area_code=(desk.phone() or "").split("-")[0],
        channels=desk.telling.order if channels is None else channels,
    )
    referral = digits_of(clean(raw.get("referral")))
    if consultation.needs_referral and not referral and not by_staff:
        errors.append(FieldError("referral", "required"))
    if errors:
        raise Invalid(errors)
    return Application(
        consultation=consultation.key, target=target, contact=contact, referral=referral or None
    )


def read_target(
    consultation: Consultation, raw: Mapping[str, Any], *, by_staff: bool = False
) -> Target:
    """Only the time that `raw` asks for, as for a move. Raises Invalid with all errors."""
    errors: list[FieldError] = []
    target = _target(consultation, raw, errors, by_staff=by_staff)
    if errors:
        raise Invalid(errors)
    return target


def read_how(typed: str) -> str:
    """How a party was told. Raises Invalid for a word that is none of HOWS: it goes into the log."""
    if typed not in HOWS:
        raise Invalid([FieldError("how", "unknown" if typed else "required")])
    return typed


def read_reason(typed: object, *, required: bool) -> str | None:
    """A reason as it is kept, or None without one. Raises Invalid."""
    kept = clean(typed)
    if required and not kept:
        raise Invalid([FieldError("reason", "required")])
    if len(kept) > REASON_LENGTH:
        raise Invalid([FieldError("reason", "too-long")])
    return kept or None


def _target(
    consultation: Consultation,
    raw: Mapping[str, Any],
    errors: list[FieldError],
    *,
    by_staff: bool,
) -> Target:
    slot = _instant(consultation, raw.get("slot"), errors)
    if consultation.allotment == "arranged":
        wishes = _wishes(raw.get("wishes"), errors)
        if slot is not None and not by_staff:
            errors.append(FieldError("slot", "not-used"))
        if not wishes and slot is None and not any(e.field == "wishes" for e in errors):
            errors.append(FieldError("wishes", "required"))
        minutes = _minutes(raw.get("minutes"), errors) if by_staff else None
        place = _place(raw.get("place"), errors) if by_staff else None
        return Target(slot=slot, wishes=wishes, minutes=minutes, place=place)
    if consultation.allotment == "slot" or slot is not None:
        if slot is None and not any(e.field == "slot" for e in errors):
            errors.append(FieldError("slot", "required"))
        return Target(slot=slot)
    day = _date(raw.get("date"), "date", errors)
    if day is None and not any(e.field in ("date", "slot") for e in errors):
        errors.append(FieldError("date", "required"))
    return Target(day=day, wish=_time(raw.get("wish"), errors))


def _instant(
    consultation: Consultation, value: object, errors: list[FieldError]
) -> datetime | None:
    if isinstance(value, datetime):
        found = value
    elif not clean(value):
        return None
    else:
        try:
            found = datetime.fromisoformat(clean(value).replace(" ", "+"))
        except ValueError:
            errors.append(FieldError("slot", "not-a-slot"))
            return None
    if found.year not in YEARS:
        errors.append(FieldError("slot", "not-a-slot"))
        return None
    # Without an offset the desk's own clock is meant: nobody writes another zone's wall time here.
    return found if found.tzinfo else found.replace(tzinfo=zone(consultation.zone))


def _date(value: object, name: str, errors: list[FieldError]) -> date | None:
    if isinstance(value, date):
        return value
    if not clean(value):
        return None
    try:
        found = date.fromisoformat(clean(value))
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        errors.append(FieldError(name, "not-a-date"))
        return None
    return found


def _time(value: object, errors: list[FieldError]) -> time | None:
    if isinstance(value, time):
        return value
    if clean(value) in ("", "any"):
        return None
    try:
        return time.fromisoformat(clean(value)).replace(tzinfo=None)
    except ValueError:
        errors.append(FieldError("wish", "not-a-slot"))
        return None


def _place(value: object, errors: list[FieldError]) -> str | None:
    text = clean_line(value)
    if len(text) > PLACE_LENGTH:
        errors.append(FieldError("place", "too-long"))
    return None if value is None else text


def _minutes(value: object, errors: list[FieldError]) -> int | None:
    text = unicodedata.normalize("NFKC", clean(value)).removesuffix("分")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,3}", text) or not 5 <= int(text) <= 480:
        errors.append(FieldError("minutes", "not-a-length"))
        return None
    return int(text)


def _wishes(value: object, errors: list[FieldError]) -> tuple[Wish, ...]:
    listed = value if isinstance(value, list | tuple) else []
    found: list[Wish] = []
    if len(listed) > MOST_WISHES:
        errors.append(FieldError("wishes", "too-many"))
    for one in listed[:MOST_WISHES]:
        raw = one if isinstance(one, Mapping) else {"date": one}
        day = _date(raw.get("date"), "wishes", errors)
        at = clean(raw.get("time_of_day")) or "any"
        if at not in TIMES_OF_DAY:
            errors.append(FieldError("wishes", "time-of-day"))
        elif day is not None:
            found.append(Wish(day, at))
    if len(set(found)) < len(found):
        errors.append(FieldError("wishes", "twice"))
    return tuple(found)
