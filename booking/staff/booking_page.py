"""The page of one booking: who comes, what happened, and what may be done now."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response

from booking.facts import Fact, Kind
from booking.http import FieldMessage
from booking.i18n import clock_time, era_date
from booking.ledger import access, queries
from booking.ledger.access import Staff
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.ledger.status import OPEN, Status
from booking.signed_in import Screen
from booking.staff import reach, shown, words
from booking.staff.actions import allowed
from booking.staff.board import Board, board
from slots.zone import local

# The caller is still on the phone: nobody else has to tell them.
UNDO = {"cancel_reason": "電話受付の入力の誤り", "cancel_told": "1"}


def booking_page(
    screen: Screen,
    found: Booking,
    *,
    just: str = "",
    opened: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Sequence[FieldMessage] = (),
    status: int = 200,
) -> Response[bytes]:
    """The page. `just` names what was done a moment ago, `opened` the form that was sent in vain."""
    ledger = screen.ledger
    actions = allowed(ledger, found) if screen.staff.may_act else []
    entered, safe = just == "entered", found.contact.safe
    desk = ledger.catalogue.desks.get(found.desk)
    values = _values(found) | dict(typed or {})
    view = {
        "b": _booking(ledger, found),
        "party": _party(ledger, found),
        "cautions": reach.cautions(safe),
        "reached": reach.rows(found.contact, line=found.line_user is not None),
        "reach_options": {
            **reach.OPTIONS,
            "contact_wish": reach.wishes(ledger.channels_of(desk) if desk else (), safe),
        },
        "history": _history(ledger, found),
        "earlier": _earlier(ledger, found, screen.staff),
        "actions": actions,
        "opened": opened or ("confirm" if "confirm" in actions else ""),
        "errors": list(errors),
        "values": values,
        "told": screen.telling.of_booking(found),
        "message": _message(found, just, actions) or screen.telling.noted(just),
        "entered": entered,
        "board": _board(ledger, found, actions, values),
        "today": shown.today(ledger, found.zone).isoformat(),
    }
    return screen.show("staff/booking.html", view, status=status)


def _board(
    ledger: Ledger, found: Booking, actions: Sequence[str], values: Mapping[str, str]
) -> Board | None:
    """The slots to choose from, where there are any and something is to be chosen."""
    choosing = next((one for one in ("confirm", "move") if one in actions), None)
    consultation = ledger.catalogue.consultations.get(found.consultation)
    if choosing is None or consultation is None or consultation.allotment == "arranged":
        return None
    start = found.local_start
    return board(
        ledger,
        consultation,
        chosen=values.get(f"{choosing}_slot", ""),
        moving=found,
        first=start.date() if start else None,
    )


def _booking(ledger: Ledger, found: Booking) -> dict[str, Any]:
    start, end = found.local_start, found.local_end
    minutes = int((end - start).total_seconds() // 60) if start and end else None
    return {
        "key": found.consultation,
        "reference": found.reference,
        "status": words.STATUS[found.status],
        "kind": words.STATUS_KIND.get(found.status, "plain"),
        "open": found.status in OPEN,
        "consultation": shown.label(ledger, found.consultation),
        "when": words.when(found),
        "until": f"{clock_time(end)}まで" if end and found.time_settled else "",
        "minutes": minutes if found.time_settled else None,
        "wishes": [words.wish_words(one) for one in found.wishes],
        "place": found.place,
        "reason": found.reason,
        "revision": found.revision,
        "arranged": found.session is None,
        "settled": found.time_settled,
        "has_email": found.contact.email is not None,
        "name": found.contact.name,
        "day": start.date().isoformat() if start else "",
    }


def _party(ledger: Ledger, found: Booking) -> dict[str, Any]:
    contact = found.contact
    consultation = ledger.catalogue.consultations.get(found.consultation)
    return {
        "name": contact.name or "（消去しました）",
        "kana": contact.kana,
        "phone": contact.phone,
        "residence": contact.residence,
        "email": contact.email,
        "age": f"{contact.age}歳" if contact.age is not None else "",
        "party_size": f"{contact.party_size}人" if contact.party_size > 1 else "",
        "needs": contact.needs,
        "tie": words.tie(consultation, contact.tie) if consultation else "",
        "language": contact.language if contact.language != "ja" else "",
    }


def _values(found: Booking) -> dict[str, str]:
    """What the forms show before anybody typed: what is settled or wished for."""
    start = found.local_start
    values = {"confirm_place": found.place or "", "move_place": found.place or ""}
    values |= reach.values(found.contact)
    first = start.date() if start else (found.wishes[0].date if found.wishes else None)
    for action in ("confirm", "move"):
        values[f"{action}_date"] = first.isoformat() if first else ""
        if start is not None and found.time_settled:
            values[f"{action}_time"] = start.strftime("%H:%M")
            values[f"{action}_slot"] = start.isoformat() if action == "confirm" else ""
    if start and found.local_end:
        minutes = int((found.local_end - start).total_seconds() // 60)
        values["confirm_minutes"] = values["move_minutes"] = str(minutes)
    return values


def _history(ledger: Ledger, found: Booking) -> dict[str, Any]:
    """The facts in words, and apart from them who looked."""
    names = access.actor_names(ledger)
    facts = queries.history(ledger, found.id)
    return {
        "changes": [_line(one, found.zone, names) for one in facts if one.kind != Kind.VIEWED],
        "views": [_line(one, found.zone, names) for one in facts if one.kind == Kind.VIEWED][::-1],
    }


def _line(fact: Fact, zone: str, names: Mapping[str, str]) -> dict[str, str]:
    at = local(fact.at, zone)
    who = {"resident": "相談者", "system": "自動"}.get(fact.actor) or names.get(fact.actor, "窓口")
    return {
        "at": f"{at.month}/{at.day} {at.hour}:{at.minute:02}",
        "iso": at.isoformat(timespec="seconds"),
        "date": era_date(at.date()),
        "who": who,
        "text": words.history_line(fact, zone),
    }


def _earlier(ledger: Ledger, found: Booking, staff: Staff) -> list[dict[str, Any]]:
    """Other bookings with the same phone number or reading."""
    contact = found.contact
    others = queries.of_party(ledger, contact.phone, contact.kana, staff.organisation)
    return shown.rows(ledger, [one for one in others if one.id != found.id])


def _message(found: Booking, just: str, actions: Sequence[str]) -> dict[str, Any] | None:
    if just not in words.DONE:
        return None
    text = words.DONE[just]
    if just == "cancel" and "reinstate" in actions:
        action = f"/staff/bookings/{found.reference}/reinstate"
        return {"kind": "ok", "text": text, "undo": {"action": action, "text": "取り消しを戻す"}}
    if just != "entered":
        return {"kind": "ok", "text": text}
    text = f"予約を登録しました。受付番号 {found.reference} をお伝えください。"
    if found.status is Status.REQUESTED:
        text = f"申込として受け付けました。受付番号 {found.reference} をお伝えください。"
    message: dict[str, Any] = {"kind": "ok", "text": text}
    if found.status in OPEN:
        action = f"/staff/bookings/{found.reference}/cancel"
        message["undo"] = {"action": action, "text": "入力の誤りなので取り消す", "fields": UNDO}
    return message
