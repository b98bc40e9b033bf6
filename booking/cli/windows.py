"""From when and until when a session may be booked, by channel, for people to read."""

from datetime import datetime

from booking.cli.printing import moment
from slots.availability import window_of
from slots.desk import Consultation
from slots.grid import slots_of
from slots.sessions import Session
from slots.window import BookingChannel, HoursBefore

CHANNELS: dict[BookingChannel, str] = {"online": "ウェブ", "phone": "電話", "walk-in": "来所"}


def window(
    consultation: Consultation, session: Session, channel: BookingChannel
) -> tuple[datetime | None, datetime]:
    """The instants between which anything of it can be booked: from its first slot on to its last."""
    starts = [slot.start for slot in slots_of(session)] or [session.start]
    opens, _ = window_of(consultation, session.date, channel, start=starts[0])
    return opens, window_of(consultation, session.date, channel, start=starts[-1])[1]


def first_channel(consultation: Consultation) -> BookingChannel:
    """The web, or what comes first where one does not book by it."""
    booked_by = consultation.booked_by
    return "online" if "online" in booked_by else booked_by[0]


def window_text(consultation: Consultation, session: Session) -> str:
    """受付 …～…, with the channels' names where they differ or where the web is not among them."""
    by_text: dict[str, list[str]] = {}
    for channel in consultation.booked_by:
        text = _text(consultation, session, channel)
        by_text.setdefault(text, []).append(CHANNELS[channel])
    if len(by_text) == 1 and "online" in consultation.booked_by:
        return f"受付 {next(iter(by_text))}"
    return "受付 " + "、".join(f"{'・'.join(names)} {text}" for text, names in by_text.items())


def _text(consultation: Consultation, session: Session, channel: BookingChannel) -> str:
    if channel == "walk-in" and channel not in consultation.window.channels:
        return "当日"
    opens, closes = window(consultation, session, channel)
    rule = consultation.window.of(channel).closes
    end = _before_each(rule) if isinstance(rule, HoursBefore) else moment(closes)
    return f"{moment(opens) if opens else ''}～{end}"


def _before_each(rule: HoursBefore) -> str:
    return f"各枠の{rule.hours}時間前" if rule.hours else "各枠の開始"
