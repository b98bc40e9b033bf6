"""The phone page: script line and caller's form left, what is free right, the read-back below."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response

from booking.http import FieldMessage
from booking.i18n import TIMES_OF_DAY, clock_time, era_date
from booking.ledger import queries
from booking.ledger.application import MOST_WISHES, Application
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.ledger.status import OPEN, Status
from booking.ledger.targets import place_text
from booking.ledger.telephone import parse_phone
from booking.signed_in import Screen
from booking.staff import reach, shown, words
from booking.staff.board import Board, board
from booking.staff.caller import digest
from slots.desk import Consultation
from slots.zone import fiscal_year, local, local_date

# More consultations than this are a list to choose from: all towns' hardly fit in a row of tabs.
TABS = 4
ASKS = ("お名前", "お電話番号", "お住まい", "ご希望の日")


@dataclass(frozen=True)
class Call:
    """How far a call has come. `application` is there once all that was typed can be taken."""

    consultation: Consultation
    typed: Mapping[str, str]
    application: Application | None = None
    errors: Sequence[FieldMessage] = ()
    looked_up: bool = False
    duplicate: bool = False


def phone_page(screen: Screen, call: Call, *, status: int = 200) -> Response[bytes]:
    """The page of a call."""
    ledger, consultation = screen.ledger, call.consultation
    earlier = _earlier(screen, call) if call.looked_up else []
    found = _board(ledger, call)
    tabs = _tabs(screen, consultation)
    view = {
        "consultation": {
            "key": consultation.key,
            "name": shown.label(ledger, consultation.key),
            "arranged": consultation.allotment == "arranged",
            "days": consultation.allotment == "date",
            "asks_age": consultation.asks_age,
            "needs_referral": consultation.needs_referral,
            "minutes": consultation.slot_minutes,
            "place": place_text(consultation.place) or "",
            "spoken_place": consultation.place.name if consultation.place else "",
            "unclear": dict(consultation.unconfirmed),
        },
        "tabs": tabs if len(tabs) <= TABS else [],
        "options": tabs if len(tabs) > TABS else [],
        "say": say(consultation),
        "board": found,
        "outside": found.outside if found else False,
        "wishes": _wish_days(ledger, consultation) if found is None else [],
        "wish_rows": range(1, MOST_WISHES + 1),
        "times_of_day": [
            {"value": value, "text": text.split("（")[0]} for value, text in TIMES_OF_DAY.items()
        ],
        "reach_options": reach.OPTIONS,
        "values": dict(call.typed),
        "errors": list(call.errors),
        "looked_up": call.looked_up,
        "earlier": shown.rows(ledger, earlier),
        "this_year": _this_year(ledger, consultation, earlier),
        "again": call.duplicate or _held_already(call, earlier),
        "read_back": read_back(ledger, call.application) if call.application else None,
        "read": digest(call.application) if call.application else "",
        "today": shown.today(ledger, consultation.zone).isoformat(),
    }
    return screen.show("staff/phone.html", view, current="phone", status=status)


def say(consultation: Consultation) -> str:
    """What is said before anything is asked: what for (個人情報保護法 art. 62 asks for it in writing)."""
    asks = [*ASKS[:2], *(["ご年齢"] if consultation.asks_age else []), *ASKS[2:]]
    return f"「{'、'.join(asks)}を伺います。ご予約のためだけに使います。」"


def read_back(ledger: Ledger, application: Application) -> dict[str, Any]:
    """What is read back to the caller before it is kept (復唱)."""
    consultation = ledger.catalogue.consultation(application.consultation)
    target, contact = application.target, application.contact
    usual = target.place in (None, place_text(consultation.place)) and consultation.place
    place = usual.name if usual else target.place
    if target.slot is not None:
        at = local(target.slot, consultation.zone)
        minutes = target.minutes or consultation.slot_minutes
        when = f"{era_date(at.date())}{clock_time(at)}"
        length = f"から{minutes}分" if minutes else "から"
    elif target.day is not None:
        when, length = era_date(target.day), "。時間はあらためてお電話でお伝えします"
    else:
        when = "、または".join(words.wish_words(one) for one in target.wishes)
        length = "のご希望で承り、日時はあらためてお電話でお伝えします"
    return {
        "name": contact.name,
        "when": when,
        "length": length,
        "place": place,
        "phone": contact.phone,
        "settled": target.slot is not None,
    }


def _tabs(screen: Screen, current: Consultation) -> list[dict[str, Any]]:
    keys = shown.consultations_of(screen.ledger, screen.staff)
    several = len({key.split("/")[0] for key in keys}) > 1
    catalogue = screen.ledger.catalogue
    return [
        {
            "value": key,
            "href": f"/staff/phone?consultation={key}",
            "text": shown.label(screen.ledger, key),
            "organisation": catalogue.organisation_of(key).name if several else "",
            "current": key == current.key,
        }
        for key in keys
    ]


def _board(ledger: Ledger, call: Call) -> Board | None:
    if call.consultation.allotment == "arranged":
        return None
    page = call.typed.get("page", "")
    return board(
        ledger,
        call.consultation,
        page=int(page) if re.fullmatch(r"-?[0-9]{1,3}", page) else 0,
        chosen=call.typed.get("slot", ""),
    )


def _wish_days(ledger: Ledger, consultation: Consultation) -> list[dict[str, str]]:
    """The days that may be wished for, with the times of day at which somebody is there."""
    return [
        {
            "value": one.date.isoformat(),
            "text": f"{era_date(one.date)} {'・'.join(_bands(one.times_of_day))}",
        }
        for one in queries.wishable(ledger, consultation.key, "phone")
    ]


def _bands(names: Sequence[str]) -> list[str]:
    return [TIMES_OF_DAY[name].split("（")[0] for name in names if name != "any"]


def _earlier(screen: Screen, call: Call) -> list[Booking]:
    """Earlier bookings of the same number or reading, at any desk of the organisation."""
    typed, ledger = call.typed, screen.ledger
    phone = typed.get("phone", "")
    if phone and parse_phone(phone) is None:
        area = (ledger.catalogue.desk_of(call.consultation.key).phone() or "").split("-")[0]
        phone = area + phone
    scope = call.consultation.key.split("/")[0]
    return queries.of_party(ledger, phone, typed.get("kana", ""), scope)


def _this_year(ledger: Ledger, consultation: Consultation, earlier: Sequence[Booking]) -> int:
    """How many of them were used or are still open in this fiscal year (April to March)."""
    today = local_date(ledger.now(), consultation.zone)
    start, end = fiscal_year(today.year - (today.month < 4))
    counted = (*OPEN, Status.ARRIVED, Status.DONE)
    return sum(
        1
        for one in earlier
        if one.status in counted and start <= local_date(one.created_at, one.zone) < end
    )


def _held_already(call: Call, earlier: Sequence[Booking]) -> bool:
    """Whether the ledger will ask for the mark that a second booking is meant."""
    if call.application is None:
        return False
    target, key = call.application.target, call.consultation.key
    if call.consultation.allotment == "arranged":
        return any(one.is_open and one.consultation == key for one in earlier)
    day = local_date(target.slot, call.consultation.zone) if target.slot else target.day
    session = f"{key}/{day.isoformat()}" if day else ""
    return any(one.is_open and one.session == session for one in earlier)
