"""`booking sessions` and `booking slots`: the dates and times of a consultation, and what is free."""

from datetime import date
from typing import Any

import click

from booking.cli.dates import ARRANGED, NO_DATES, RuleDay, rule_days
from booking.cli.installation import current_catalogue, store_for_reading
from booking.cli.options import as_json, days_asked, days_between, first_day, fiscal_year, last_day
from booking.cli.printing import print_json, print_table, span, spans
from booking.clock import system_clock
from booking.desks.catalogue import Catalogue
from booking.i18n import REASONS, era_date
from booking.ledger.queries import availability_in
from booking.settings import Settings, from_env
from slots.availability import Held, Reason, SessionAvailability, SlotAvailability, availability
from slots.desk import Consultation
from slots.sessions import sessions_of

# Nobody can sit there whatever is free, so people are not told how much is.
IDLE = (Reason.PAST, Reason.UNDECIDED, Reason.CLOSURE)


@click.command()
@click.argument("consultation", metavar="CONSULTATION")
@fiscal_year
@first_day
@last_day
@as_json
def sessions(
    consultation: str,
    fiscal_year: int | None,
    first: date | None,
    last: date | None,
    as_json: bool,
) -> None:
    """The dates of CONSULTATION (organisation/desk/consultation) and the seats that are free.

    Without a database nobody holds a seat. Both days of --from and --to are included.
    """
    start, end = days_asked(fiscal_year, first, last)
    settings = from_env()
    catalogue = current_catalogue(settings)
    chosen = catalogue.consultation(consultation)
    found = _available(settings, catalogue, chosen, start, end)
    if as_json:
        print_json([_session(one) for one in found])
        return
    by_day = {one.session.date: one for one in found}
    rows = [_row(one, by_day.get(one.day)) for one in rule_days(chosen, start, end)]
    _print(chosen, rows)


@click.command()
@click.argument("consultation", metavar="CONSULTATION")
@first_day
@last_day
@as_json
def slots(consultation: str, first: date | None, last: date | None, as_json: bool) -> None:
    """The times of CONSULTATION (organisation/desk/consultation), and which can be booked now.

    Without a database nobody holds a seat. Both days of --from and --to are included.
    """
    start, end = days_between(first, last)
    settings = from_env()
    catalogue = current_catalogue(settings)
    chosen = catalogue.consultation(consultation)
    found = _available(settings, catalogue, chosen, start, end)
    if as_json:
        print_json([_slot(one, slot) for one in found for slot in one.slots])
        return
    _print(chosen, [_slot_row(one, slot) for one in found for slot in one.slots])


def _available(
    settings: Settings, catalogue: Catalogue, chosen: Consultation, start: date, end: date
) -> list[SessionAvailability]:
    now = system_clock()
    with store_for_reading(settings) as store:
        if store is not None:
            return store.read(lambda tx: availability_in(tx, chosen, start, end, now))
    nobody = Held()
    planned = sessions_of(chosen, start, end)
    return [availability(chosen, session, nobody, now) for session in planned]


def _print(consultation: Consultation, rows: list[tuple[str, ...]]) -> None:
    click.echo(f"{consultation.name} ({consultation.key})")
    if rows:
        print_table(rows)
    else:
        click.echo(ARRANGED if consultation.allotment == "arranged" else NO_DATES)


def _row(one: RuleDay, found: SessionAvailability | None) -> tuple[str, ...]:
    day, holiday = era_date(one.day), one.remark
    if found is None:  # the holiday took it
        return (day, "", one.status, "", holiday)
    when = spans(found.session.blocks)
    free = "" if found.reason in IDLE else f"空き {found.free}/{found.seats}"
    return (day, when, one.status, free, holiday)


def _slot_row(one: SessionAvailability, found: SlotAvailability) -> tuple[str, ...]:
    when = span(found.slot.start, found.slot.end)
    why = REASONS[found.reason] if found.reason else ""
    free = "" if found.reason in IDLE else f"空き {found.free}/{found.slot.seats}"
    return (era_date(one.session.date), when, free, why)


def _session(one: SessionAvailability) -> dict[str, Any]:
    return {
        "session": one.session.key,
        "date": one.session.date.isoformat(),
        "start": one.session.start.isoformat(),
        "end": one.session.end.isoformat(),
        "status": one.session.status,
        "slots": [_times(found) for found in one.slots],
    }


def _times(found: SlotAvailability) -> dict[str, Any]:
    return {
        "start": found.slot.start.isoformat(),
        "end": found.slot.end.isoformat(),
        "seats": found.slot.seats,
        "free": found.free,
    }


def _slot(one: SessionAvailability, found: SlotAvailability) -> dict[str, Any]:
    return {
        "session": one.session.key,
        **_times(found),
        "bookable": found.bookable,
        "reason": found.reason,
    }
