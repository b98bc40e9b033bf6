"""`booking desks`: which desks there are, and whether a desk file is right."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from booking.cli.dates import ARRANGED, NO_DATES, RuleDay, rule_days
from booking.cli.options import FISCAL_YEAR, ZONE, as_json
from booking.cli.printing import print_json, print_table, spans
from booking.cli.reminders import reminders_text
from booking.cli.windows import first_channel, window, window_text
from booking.clock import system_clock
from booking.desks import load
from booking.desks.catalogue import Catalogue, DeskFileError, catalogue_of, read_with_warnings
from booking.i18n import era_date, era_year
from booking.settings import from_env
from notifications.overrides import check_overrides
from slots.definition import Complaint
from slots.desk import Consultation, Desk, Organisation
from slots.grid import slots_of
from slots.sessions import Session, sessions_of
from slots.zone import fiscal_year as days_of_fiscal_year
from slots.zone import local_date

EXISTING = click.Path(exists=True, path_type=Path)


@click.group()
def desks() -> None:
    """List desks; check and preview desk files."""


@desks.command(name="list")
@as_json
def list_desks(as_json: bool) -> None:
    """List the desks that this installation serves, and what can be booked at each."""
    catalogue = load(from_env().desks)
    if as_json:
        print_json([_desk(catalogue, desk) for desk in catalogue.desks.values()])
        return
    rows = []
    for desk in catalogue.desks.values():
        organisation = catalogue.organisation_of(desk.key)
        rows.append((desk.key, organisation.name, desk.short_name or desk.name, ""))
        rows += [(f"  {one.key}", "", f"  {one.name}", one.allotment) for one in desk.consultations]
    print_table(rows)


@desks.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=EXISTING)
def check(paths: tuple[Path, ...]) -> None:
    """Check desk files, or all *.toml of a folder, and the town's own words in messages/ beside them.

    Each complaint is a line: file: where: remedy.
    """
    organisations, complaints, doubts = _read(paths)
    if not complaints:
        complaints, more = _words(paths, organisations)
        doubts += more
    for line in [*complaints, *doubts]:
        click.echo(line, err=True)
    if complaints:
        raise click.exceptions.Exit(1)
    for path, organisation in organisations:
        found = catalogue_of([organisation])
        click.echo(
            f"{path}: {organisation.name}: {_counted(len(found.desks), 'desk')}, "
            f"{_counted(len(found.consultations), 'consultation')}, {_unconfirmed(organisation)} 要確認"
        )


@desks.command()
@click.argument("path", type=EXISTING)
@click.option(
    "--fiscal-year",
    type=FISCAL_YEAR,
    metavar="YEAR",
    help="2027 is April 2027 to March 2028; without it, the one that begins next.",
)
@as_json
def preview(path: Path, fiscal_year: int | None, as_json: bool) -> None:
    """Show which dates, times, booking windows and reminders a desk file makes in a fiscal year."""
    organisations, complaints, _ = _read([path])
    if complaints:
        raise click.ClickException("\n".join(complaints))
    year = fiscal_year or _coming(local_date(system_clock(), ZONE))
    catalogue = catalogue_of(organisation for _, organisation in organisations)
    if as_json:
        shown = [_preview(one, year) for one in catalogue.consultations.values()]
        print_json({"consultations": shown})
        return
    for consultation in catalogue.consultations.values():
        _print_preview(catalogue.desks[consultation.desk_key], consultation, year)


def _read(paths: Iterable[Path]) -> tuple[list[tuple[Path, Organisation]], list[str], list[str]]:
    """The organisations of all files, with every complaint and every warning as a line."""
    found: dict[str, tuple[Path, Organisation]] = {}
    complaints: list[str] = []
    doubts: list[str] = []
    for path in paths:
        files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not files:
            complaints.append(f"{path}: has no desk file (*.toml)")
        for file in files:
            try:
                one, warnings = read_with_warnings(file)
                doubts += [f"{file}: {warning}" for warning in warnings]
                if one.key in found:
                    raise _defined_twice(file, one, found[one.key][0])
                found[one.key] = file, one
            except DeskFileError as error:
                complaints += str(error).splitlines()
            except OSError as error:
                complaints.append(f"{file}: cannot be read: {error.strerror}")
    return list(found.values()), complaints, doubts


def _words(
    paths: Sequence[Path], organisations: list[tuple[Path, Organisation]]
) -> tuple[list[str], list[str]]:
    """Complaints and warnings about the words of messages beside the files."""
    complaints: list[str] = []
    warnings: list[str] = []
    for folder in dict.fromkeys(path if path.is_dir() else path.parent for path in paths):
        found = [one for file, one in organisations if file.parent == folder]
        wrong, doubts = check_overrides(folder, found, whole=folder in paths)
        complaints += wrong
        warnings += doubts
    return complaints, warnings


def _defined_twice(file: Path, one: Organisation, earlier: Path) -> DeskFileError:
    message = f"{one.key!r} is defined by {earlier} already; keep one of them"
    return DeskFileError(file, [Complaint("organisation.id", message)])


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _coming(today: date) -> int:
    return today.year if today < date(today.year, 4, 1) else today.year + 1


def _unconfirmed(organisation: Organisation) -> int:
    remarks = len(organisation.unconfirmed)
    for desk in organisation.desks:
        remarks += len(desk.unconfirmed) + sum(len(one.unconfirmed) for one in desk.consultations)
    return remarks


def _desk(catalogue: Catalogue, desk: Desk) -> dict[str, Any]:
    return {
        "desk": desk.key,
        "name": desk.name,
        "organisation": catalogue.organisation_of(desk.key).name,
        "contacts": [{"channel": one.channel, "value": one.value} for one in desk.contacts],
        "consultations": [
            {"consultation": one.key, "name": one.name, "allotment": one.allotment}
            for one in desk.consultations
        ],
    }


def _preview(consultation: Consultation, year: int) -> dict[str, Any]:
    sessions = sessions_of(consultation, *days_of_fiscal_year(year))
    return {
        "consultation": consultation.key,
        "sessions": [_session(consultation, session) for session in sessions],
    }


def _session(consultation: Consultation, session: Session) -> dict[str, Any]:
    opens, closes = window(consultation, session, first_channel(consultation))
    return {
        "date": session.date.isoformat(),
        "start": f"{session.start:%H:%M}",
        "end": f"{session.end:%H:%M}",
        "slots": _times(session),
        "opens": opens.isoformat() if opens else None,
        "closes": closes.isoformat(),
    }


def _print_preview(desk: Desk, consultation: Consultation, year: int) -> None:
    start, end = days_of_fiscal_year(year)
    click.echo(f"{consultation.name} ({consultation.key})  {era_year(start)}度")
    rows = [_preview_row(desk, consultation, one) for one in rule_days(consultation, start, end)]
    if rows:
        print_table(rows)
    else:
        click.echo(ARRANGED if consultation.allotment == "arranged" else NO_DATES)
    click.echo()


def _preview_row(desk: Desk, consultation: Consultation, one: RuleDay) -> tuple[str, ...]:
    if one.session is None:
        return (era_date(one.day), "", one.status, "", "", "", one.remark)
    times = " ".join(_times(one.session))
    when = spans(one.session.blocks)
    booking = window_text(consultation, one.session)
    told = reminders_text(desk, one.session)
    return (era_date(one.day), when, one.status, times, told, booking, one.remark)


def _times(session: Session) -> list[str]:
    """The slots that are not closed, by their start."""
    return [f"{slot.start:%H:%M}" for slot in slots_of(session) if slot.closed is None]
