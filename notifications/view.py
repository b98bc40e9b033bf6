"""What a message may say of a booking: values only, in each language; no name, phone or topic of a party."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from booking.desks.catalogue import SHIPPED, Catalogue
from booking.languages import JAPANESE, Language, language_of
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.settings import Settings
from slots.desk import Consultation, Desk, Organisation
from slots.hours import Stretch, hours_on
from slots.opening import in_effect
from slots.recurrence import Weekly
from slots.zone import instant, local, local_date

# Longer than any holidays after which a consultation is held.
LOOK_BACK_DAYS = 14
OVERRIDES = "messages"

# Every value that a template may use, and README's table.
VARIABLES: Mapping[str, str] = {
    "kind": "what is told: `confirmed`, `moved` …",
    "channel": "`mail`, `line`, `sms`, `letter`; `call_list` for what staff say",
    "sender": "the neutral name that the desk file gives: 渋川市役所",
    "town": "渋川市",
    "reference": "受付番号: 4821-7365",
    "status": "`requested`, `confirmed`, `declined`, `cancelled_by_resident`, `cancelled_by_office` …",
    "is_open": "whether it is still to take place",
    "day": "令和8年12月19日（土）; none while only wishes are known",
    "time": "午前9時45分から午前10時30分まで; none before a time is settled",
    "within": "before that, the hours in which it will lie, if they are known",
    "wished": "the wishes as a list of texts, before a time is settled",
    "short_day": "12/19(土), or none",
    "short_when": "12/19(土)9:45, only the day before a time is settled, or none",
    "place": "building, room and address, or none",
    "short_place": "the building, or none; an SMS that is too long does without",
    "phone": "the desk's number, or none",
    "phone_hours": "when it is answered, 平日8:30-17:15, where that is the same each day, or none",
    "phone_days": "the same without the times: 平日",
    "call_by": "the last moment before it at which it is answered, as long as that is to come, or none",
    "day_contact": "whom to call on the day, or none",
    "bring": "whether the booking's page says what to bring",
    "link": "the booking's own page",
    "reason": "what staff wrote as their reason, or none; in `call` only",
}


@dataclass(frozen=True, kw_only=True)
class Matter:
    """All that a view is made of. `now` is the instant of telling."""

    booking: Booking
    consultation: Consultation
    desk: Desk
    organisation: Organisation
    base_url: str
    now: datetime


class View(Mapping[str, Any]):
    """What may be said of a booking: a mapping in the party's language, and `told_in` any other.

    `desk` is organisation/desk, `overrides` the folder of the town's own templates.
    """

    def __init__(self, matter: Matter, overrides: Path | None = None) -> None:
        """Nothing is worked out yet."""
        self.matter = matter
        self.language = language_of(matter.booking.contact.language)
        self.desk = matter.desk.key
        self.overrides = overrides
        self._told: dict[str, dict[str, Any]] = {}

    def told_in(self, language: Language) -> Mapping[str, Any]:
        """The values as `language` writes them."""
        if language.code not in self._told:
            self._told[language.code] = _values(self.matter, language)
        return self._told[language.code]

    def __getitem__(self, name: str) -> Any:
        """The value called `name` in the party's language."""
        return self.told_in(self.language)[name]

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self.told_in(self.language))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.told_in(self.language))

    def __repr__(self) -> str:
        """Tell nothing: reprs end up in logs."""
        return "View(…)"


def view_of(ledger: Ledger, settings: Settings, booking: Booking) -> View:
    """What the templates may say of a booking. Raises UnknownDesk."""
    matter = matter_of(ledger.catalogue, settings.base_url, booking, ledger.now())
    return View(matter, overrides_of(settings))


def matter_of(catalogue: Catalogue, base_url: str, booking: Booking, now: datetime) -> Matter:
    """The booking with all that `catalogue` knows of its desk. Raises UnknownDesk."""
    return Matter(
        booking=booking,
        consultation=catalogue.consultation(booking.consultation),
        desk=catalogue.desk_of(booking.consultation),
        organisation=catalogue.organisation_of(booking.consultation),
        base_url=base_url,
        now=now,
    )


def overrides_of(settings: Settings) -> Path:
    """The folder of the town's own templates, beside its desk files; it need not be there."""
    return (settings.desks or SHIPPED) / OVERRIDES


def _values(matter: Matter, language: Language) -> dict[str, Any]:
    booking, desk = matter.booking, matter.desk
    last = _last_call(matter)
    phone = desk.phone()
    start = booking.local_start
    same_day = last is not None and start is not None and last.date() == start.date()
    return {
        "sender": matter.organisation.sender,
        "town": matter.organisation.name,
        "reference": booking.reference,
        "status": booking.status.value,
        "is_open": booking.is_open,
        "reason": booking.reason,
        "link": f"{matter.base_url}/b/{booking.token}",
        "phone": phone,
        **_phone_hours(matter, language),
        "call_by": language.moment_text(last) if last and last > matter.now else None,
        "place": booking.place,
        "short_place": _short_place(matter),
        # The printed number only where somebody answers it on that day: a Saturday's parties would
        # ring in vain.
        "day_contact": matter.consultation.day_contact or (phone if same_day else None),
        "bring": bool(matter.consultation.bring),
        "wished": _wished(matter, language),
        **_when(booking, language),
    }


def _gap(language: Language) -> str:
    return "" if language is JAPANESE else " "


def _when(booking: Booking, language: Language) -> dict[str, str | None]:
    start, end = booking.local_start, booking.local_end
    settled = booking.time_settled
    span = language.span_text(start, end) if start else None
    short_day = language.short_date_text(start.date()) if start else None
    return {
        "day": language.date_text(start.date()) if start else None,
        "time": span if settled else None,
        # Before a time is settled, the session in which it will lie.
        "within": span if not settled and end else None,
        "short_day": short_day,
        "short_when": language.short_text(start) if start and settled else short_day,
    }


def _wished(matter: Matter, language: Language) -> list[str]:
    """What the party wished for, in words; empty once a time is settled, or when it wished nothing."""
    booking = matter.booking
    if booking.time_settled:
        return []
    if booking.wish and booking.local_start:
        at = time.fromisoformat(booking.wish)
        wished = instant(booking.local_start.date(), at, matter.consultation.zone)
        return [language.time_text(wished)]
    gap = _gap(language)
    return [
        f"{language.date_text(one.date)}{gap}{language.times_of_day[one.time_of_day]}"
        for one in booking.wishes
    ]


def _short_place(matter: Matter) -> str | None:
    """The building alone, without the town's name; None where it would name the desk."""
    place, consultation = matter.booking.place, matter.consultation
    if not place:
        return None
    known = consultation.place.name if consultation.place else ""
    name = known if known and place.startswith(known) else place.partition("（")[0].split(" ")[0]
    names = {matter.desk.name, matter.desk.short_name, consultation.name}
    if not name or any(one and (one in name or name in one) for one in names):
        return None
    town = matter.organisation.name
    # 渋川市役所 behind 【渋川市】 is 市役所; 渋川駅前ビル stays what it is.
    return town[-1] + name.removeprefix(town) if name.startswith(town) else name


def _phone_hours(matter: Matter, language: Language) -> dict[str, str | None]:
    """When the desk's phone is answered, where one weekly rule says it all; else nothing."""
    today = local_date(matter.now, matter.desk.zone)
    rules = [
        (one.recurrence.weekdays, one.start, one.end)
        for one in matter.desk.hours
        if "phone" in one.channels
        and in_effect(one.since, one.until, today)
        and isinstance(one.recurrence, Weekly)
        and one.recurrence.every == 1
    ]
    if len(rules) != 1 or matter.desk.phone() is None:
        return {"phone_hours": None, "phone_days": None}
    weekdays, start, end = rules[0]
    days = language.weekdays_text(sorted(weekdays))
    first = language.short_clock(start.hour, start.minute)
    last = language.short_clock(end.hour, end.minute)
    return {"phone_hours": f"{days}{_gap(language)}{first}-{last}", "phone_days": days}


def _last_call(matter: Matter) -> datetime | None:
    """The last moment before the consultation at which the desk's phone takes calls, in its zone."""
    booking, desk = matter.booking, matter.desk
    if booking.starts_at is None or not booking.is_open or desk.phone() is None:
        return None
    start = local(booking.starts_at, desk.zone)
    for back in range(LOOK_BACK_DAYS):
        stretches = hours_on(desk, start.date() - timedelta(days=back))
        last = [_until(one, start) for one in stretches if one.channel == "phone"]
        before = [one for one in last if one is not None]
        if before:
            return max(before)
    return None


def _until(stretch: Stretch, start: datetime) -> datetime | None:
    """The last call that the stretch takes before `start`; None where it begins only then."""
    return min(stretch.last_intake, start) if stretch.start < start else None
