"""Residents' forms: what was typed, to what the ledger reads, and back into the fields."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from booking.errors import Invalid
from booking.http import FieldMessage, messages
from booking.i18n import TIES, TIMES_OF_DAY, clock_time, era_date
from booking.ledger.application import YEARS
from booking.ledger.ledger import Ledger
from booking.ledger.queries import wishable
from booking.ledger.safe_contact import SAFE_FIELDS
from booking.web.frame import View
from slots.admission import too_late
from slots.availability import Reason, SessionAvailability, SlotAvailability
from slots.desk import Consultation
from slots.wishes import BANDS, Wish
from slots.zone import local, local_date

CONTACT = (
    "name",
    "kana",
    "phone",
    "residence",
    "age",
    "referral",
    "email",
    "needs",
    "tie",
    *SAFE_FIELDS,
)
WISHES = tuple(f"wish{n}_{part}" for n in (1, 2, 3) for part in ("date", "time"))
FIELDS = ("date", "time", *WISHES, *CONTACT)
# Fields of the ledger that the forms know under another name.
SHOWN_AS = {"wish": "time", "slot": "time", "wishes": "wish1_date"}
ANY = "any"


def typed(form: Mapping[str, Any]) -> dict[str, str]:
    """The known fields of a submitted form, as typed."""
    return {name: str(form[name]) for name in FIELDS if name in form and form[name] is not None}


def raw_of(consultation: Consultation, values: Mapping[str, str]) -> dict[str, Any]:
    """What the ledger's reader takes: keys as in the JSON API."""
    raw: dict[str, Any] = {name: values.get(name, "") for name in CONTACT}
    if consultation.allotment == "arranged":
        raw["wishes"] = [
            {"date": values[f"wish{n}_date"], "time_of_day": values.get(f"wish{n}_time") or ANY}
            for n in (1, 2, 3)
            if values.get(f"wish{n}_date")
        ]
    elif consultation.allotment == "slot":
        raw["slot"] = values.get("time", "")
    else:
        raw |= {"date": values.get("date", ""), "wish": values.get("time", ANY)}
    return raw


def put_slot(consultation: Consultation, values: dict[str, str], slot: str) -> dict[str, str]:
    """The form with `slot` (ISO 8601) chosen in place of what it said. ValueError for no instant."""
    at = datetime.fromisoformat(slot)
    if at.year not in YEARS:
        raise ValueError("no slot lies in that year")
    at = local(at, consultation.zone)
    time = slot if consultation.allotment == "slot" else at.strftime("%H:%M")
    return values | {"date": at.date().isoformat(), "time": time}


def form_errors(refusal: Invalid) -> list[FieldMessage]:
    """The errors under the names that the forms use."""
    return [
        FieldMessage(SHOWN_AS.get(one["field"], one["field"]), one["message"])
        for one in messages(refusal)
    ]


def time_options(consultation: Consultation, found: SessionAvailability) -> list[View]:
    """The times of a session as radio buttons; where a date is booked, any time may do."""
    options: list[View] = []
    if consultation.allotment == "date":
        options.append({"value": ANY, "text": "どの時間でもよい"})
    for one in found.slots:
        start = local(one.slot.start, consultation.zone)
        value = start.isoformat() if consultation.allotment == "slot" else f"{start:%H:%M}"
        options.append(
            {
                "value": value,
                "text": f"{clock_time(start)}から",
                "disabled": not one.bookable,
                "mark": _mark(one),
            }
        )
    return options


def wish_options(ledger: Ledger, consultation: Consultation) -> View:
    """The days and times of day that may be wished for."""
    days = wishable(ledger, consultation.key)
    return {
        "dates": [
            {
                "value": day.date.isoformat(),
                "text": f"{era_date(day.date)} {_bands(day.times_of_day)}",
            }
            for day in days
        ],
        "times": [{"value": name, "text": text} for name, text in TIMES_OF_DAY.items()],
        "count": 3,
    }


def _bands(names: Iterable[str]) -> str:
    short = {"morning": "午前", "afternoon": "午後", "evening": "夜間"}
    return "・".join(short[name] for name in BANDS if name in set(names))


def _mark(found: SlotAvailability) -> View | None:
    """Why a time cannot be chosen, in a word."""
    if found.reason is None:
        return None
    if found.reason is Reason.FULL:
        return {"kind": "full", "text": ""}
    return {"kind": "off", "text": "休み" if found.reason is Reason.CLOSURE else "受付終了"}


def tie_options(consultation: Consultation) -> list[View]:
    """The ties to the area that are asked for, and that none fits; none where nothing is asked."""
    ties = consultation.eligibility.ties
    asked = [*ties, *(["other"] if "other" not in ties else [])] if ties else []
    return [{"value": one, "text": TIES[one]} for one in asked]


def arranging(consultation: Consultation, values: Mapping[str, str], now: datetime) -> list[View]:
    """What has to be asked for in time, with the last day for the chosen date, and if it has passed."""
    try:
        day = date.fromisoformat(values.get("date", ""))
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        return [{"name": one.name, "note": one.note} for one in consultation.needs]
    closed, today = consultation.closed_days, local_date(now, consultation.zone)
    late = too_late(consultation.needs, day, today, closed)
    return [
        {
            "name": one.name,
            "note": one.note,
            "until": era_date(one.latest(day, closed)),
            "late": one in late,
        }
        for one in consultation.needs
    ]


def wish_lines(wishes: Iterable[Wish]) -> list[str]:
    """Wishes in words."""
    return [
        f"第{n}希望 {era_date(one.date)} {TIMES_OF_DAY[one.time_of_day]}"
        for n, one in enumerate(wishes, 1)
    ]
