"""A desk file's TOML mapping -> an Organisation. Every complaint names its path and the remedy."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfoNotFoundError

from slots.admission import Eligibility
from slots.changes import Closure
from slots.definition import conditions, dated, timetable
from slots.definition.doubts import doubt, doubt_telling
from slots.definition.messages import telling
from slots.definition.reader import Complaint, DefinitionError, TableReader
from slots.definition.timetable import ReadFile
from slots.desk import (
    CHANNELS,
    EXTRA_FIELDS,
    PRIVATE_FEEDS,
    Allotment,
    Channel,
    ConfirmedBy,
    Consultation,
    Contact,
    Desk,
    Organisation,
    PrivateFeed,
    Quotas,
    Referral,
    Subsidy,
)
from slots.holidays import ClosedDays
from slots.opening import Opening
from slots.telling import Telling
from slots.window import BookingWindow
from slots.zone import zone

FORMAT = 1
IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[0-9]{6}")

Named = TypeVar("Named", Desk, Consultation)


def parse(mapping: Mapping[str, Any], read_file: ReadFile | None = None) -> Organisation:
    """The organisation that a desk file defines. Raises DefinitionError with all that is wrong.

    `read_file` gives the bytes of a file that the desk file names, and raises OSError.
    """
    return check(mapping, read_file)[0]


def check(
    mapping: Mapping[str, Any], read_file: ReadFile | None = None
) -> tuple[Organisation, list[Complaint]]:
    """The same, with the warnings about what is hardly meant."""
    complaints: list[Complaint] = []
    top = TableReader(mapping, "", complaints)
    if top.number("format", 1) != FORMAT and not top.faulty("format"):
        top.complain("format", f"is not {FORMAT}, the format that this version reads")
    definition = _Definition(top, read_file)
    found = top.table("organisation", definition.organisation)
    if found is None:
        if not top.faulty("organisation"):
            top.complain("organisation", "is missing; a desk file has one [organisation]")
        top.tables("desks", definition.desk)
    top.finish(found)
    if found is None or not all(one.warning for one in complaints):
        raise DefinitionError(complaints)
    return found, complaints


class _Definition:
    """What the parts of one file share: organisation, zone and closed days."""

    def __init__(self, top: TableReader, read_file: ReadFile | None) -> None:
        self.top = top
        self.read_file = read_file
        self.key = ""
        self.zone = "Asia/Tokyo"
        self.closed_days = ClosedDays()

    def organisation(self, table: TableReader) -> Organisation:
        self.key = _identifier(table)
        self.zone = _zone(table)
        self.closed_days = timetable.closed_days(table, self.read_file)
        code = table.required("code")
        if code and not CODE.fullmatch(code):
            table.complain("code", f"{code!r} is no 全国地方公共団体コード; write its six digits")
        elif code and code[5] != _check_digit(code):
            right = code[:5] + _check_digit(code)
            table.warn(
                "code", f"{code} is no 全国地方公共団体コード; by its check digit {right} is one"
            )
        return Organisation(
            key=self.key,
            name=table.required("name"),
            code=code,
            zone=self.zone,
            closed_days=self.closed_days,
            sender=_sender(table),
            page=table.text("page"),
            posted=table.text("posted"),
            office=table.mapping("office"),
            unconfirmed=_remarks(table, "unconfirmed"),
            sources=_remarks(table, "sources"),
            desks=_unique(self.top, "desks", self.top.tables("desks", self.desk)),
        )

    def desk(self, table: TableReader) -> Desk:
        key = f"{self.key}/{_identifier(table)}"
        contacts = table.tables("contacts", _contact)
        closures = dated.closures(table)
        found = Desk(
            key=key,
            name=table.required("name"),
            short_name=table.text("short_name"),
            zone=self.zone,
            closed_days=self.closed_days,
            service=table.text("service"),
            operator=table.text("operator"),
            since=table.text("since"),
            eligibility=table.texts("eligibility"),
            fee=table.required("fee"),
            contacts=contacts,
            hours=table.tables("hours", timetable.hours),
            hours_text=table.texts("hours_text"),
            closures=closures,
            place=table.table("place", timetable.place),
            notes=table.texts("notes"),
            cases=table.texts("cases"),
            collects=table.texts("collects"),
            referrals=table.tables("referrals", _referral),
            subsidy=table.table("subsidy", _subsidy),
            consultations=self.consultations(table, key, contacts, closures),
            telling=table.table("messages", telling) or Telling(),
            private_feed=cast(PrivateFeed, table.choice("private_feed", PRIVATE_FEEDS, "number")),
            unconfirmed=_remarks(table, "unconfirmed"),
            sources=_remarks(table, "sources"),
        )
        doubt_telling(table, found)
        return found

    def consultations(
        self,
        table: TableReader,
        desk_key: str,
        contacts: tuple[Contact, ...],
        closures: tuple[Closure, ...],
    ) -> tuple[Consultation, ...]:
        phone = next((one.value for one in contacts if one.channel == "phone"), None)
        found = table.tables(
            "consultations", lambda one: self.consultation(one, desk_key, phone, closures)
        )
        return _unique(table, "consultations", found)

    def consultation(
        self, table: TableReader, desk_key: str, phone: str | None, closures: tuple[Closure, ...]
    ) -> Consultation:
        allotment = cast(Allotment, table.choice("allotment", ("slot", "date", "arranged")))
        confirmed_by = table.choice("confirmed_by", ("staff", "at-once"), "staff")
        openings = table.tables("openings", timetable.opening)
        slot_minutes = table.number("slot_minutes", least=5)
        changes = dated.changes(table)
        last_start = table.wall_time("last_start") if table.has("last_start") else None
        table.know("last_start")
        _check_sessions(table, allotment, openings, slot_minutes)
        found = Consultation(
            key=f"{desk_key}/{_identifier(table)}",
            name=table.required("name"),
            summary=table.text("summary"),
            allotment=allotment,
            zone=self.zone,
            closed_days=self.closed_days,
            openings=openings,
            slot_minutes=slot_minutes,
            pause_minutes=table.number("pause_minutes", 0, most=240) or 0,
            last_start=last_start,
            seats=table.number("seats", least=1),
            roster=table.texts("roster"),
            absences=dated.absences(table),
            changes=changes,
            desk_closures=closures,
            confirmed_by=cast(ConfirmedBy, confirmed_by),
            booked_by=conditions.booked_by(table),
            window=table.table("window", conditions.window) or BookingWindow(),
            quotas=table.table("quotas", conditions.quotas) or Quotas(),
            waiting_list=table.flag("waiting_list"),
            phone=phone,
            eligibility=table.table("eligibility", conditions.eligibility) or Eligibility(),
            exclusions=table.texts("exclusions"),
            needs=table.tables("needs", conditions.need),
            limits=table.tables("limits", conditions.limit),
            asks=_asks(table),
            fee=table.required("fee"),
            place=table.table("place", timetable.place),
            day_contact=table.text("day_contact"),
            bring=table.texts("bring"),
            notes=table.texts("notes"),
            unconfirmed=_remarks(table, "unconfirmed"),
            sources=_remarks(table, "sources"),
        )
        doubt(table, found)
        return found


def _identifier(table: TableReader) -> str:
    value = table.required("id")
    if value and not IDENTIFIER.fullmatch(value):
        message = f"{value!r} is part of addresses; write small letters, digits, hyphens"
        table.complain("id", message)
    return value


def _sender(table: TableReader) -> str:
    value = table.required("sender")
    if "\n" in value:
        table.complain("sender", "has several lines; a mail's sender has one")
    return value


def _check_digit(code: str) -> str:
    """The last digit of a 全国地方公共団体コード, by 総務省's rule: weights 6 to 2, modulus 11."""
    total = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=False))
    return str((11 - total % 11) % 10)


def _zone(table: TableReader) -> str:
    name = table.text("zone") or "Asia/Tokyo"
    try:
        zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        table.complain("zone", f"{name!r} is no IANA zone; write Asia/Tokyo")
        return "Asia/Tokyo"
    return name


def _asks(table: TableReader) -> tuple[str, ...]:
    asks = table.texts("asks")
    for one in sorted(set(asks) - set(EXTRA_FIELDS)):
        table.complain("asks", f"{one!r} is not one of: {', '.join(EXTRA_FIELDS)}")
    return asks


def _unique(table: TableReader, name: str, found: tuple[Named, ...]) -> tuple[Named, ...]:
    first: dict[str, int] = {}
    for n, key in enumerate(one.key for one in found):
        if first.setdefault(key, n) != n and not table.faulty(f"{name}[{n}].id"):
            message = f"{key!r} is {name}[{first[key]}] already; choose another id"
            table.complain(f"{name}[{n}].id", message)
    return found


def _remarks(table: TableReader, name: str) -> dict[str, str]:
    """`sources` or `unconfirmed`: read last, since each remark is about a key of the table."""
    found = table.mapping(name)
    for key in sorted(found.keys() - table.known()):
        table.complain(f"{name}.{key}", "is about no key of this table; use the key's own name")
    return found


def _check_sessions(
    table: TableReader,
    allotment: Allotment,
    openings: tuple[Opening, ...],
    slot_minutes: int | None,
) -> None:
    if table.faulty("allotment", "openings", "slot_minutes"):
        return
    if allotment == "arranged":
        if openings:
            table.complain("openings", "an arranged consultation has none; staff settle the time")
        return
    if not openings:
        message = f"allotment {allotment!r} needs sessions; write [[desks.consultations.openings]]"
        table.complain("openings", message)
    lengths = [one.slot_minutes or slot_minutes or 0 for one in openings]
    if not all(lengths) or (not openings and slot_minutes is None):
        message = f"allotment {allotment!r} needs slots; write slot_minutes = 45"
        table.complain("slot_minutes", message)
        return
    for n, (one, length) in enumerate(zip(openings, lengths, strict=True)):
        if any(timetable.minutes(block.start, block.end) < length for block in one.blocks):
            message = f"is shorter than one slot of {length} minutes; change either"
            table.complain(f"openings[{n}]", message)
    if found := timetable.clash(openings):
        earlier, later, day = found
        message = f"falls on {day} as openings[{earlier}] does; part them by since and until, or "
        table.complain(f"openings[{later}]", message + "write another consultation")


def _contact(table: TableReader) -> Contact:
    return Contact(
        channel=cast(Channel, table.choice("channel", CHANNELS)),
        value=table.text("value"),
        label=table.text("label"),
        always=table.flag("always"),
        note=table.text("note"),
    )


def _referral(table: TableReader) -> Referral:
    return Referral(
        name=table.required("name"),
        operator=table.text("operator"),
        phone=table.text("phone"),
        hours=table.text("hours"),
        note=table.text("note"),
    )


def _subsidy(table: TableReader) -> Subsidy:
    return Subsidy(
        name=table.required("name"),
        who=table.texts("who"),
        what=table.texts("what"),
        amount=table.required("amount"),
        notes=table.texts("notes"),
    )
