"""`booking hours`: when a desk can be reached."""

from datetime import date, datetime
from typing import Any

import click

from booking.cli.installation import current_catalogue
from booking.cli.options import Instant, as_json, days_between, first_day, last_day
from booking.cli.printing import moment, print_json, print_table, span
from booking.i18n import CHANNELS, era_date
from booking.settings import from_env
from slots.desk import Desk
from slots.hours import Stretch, always_open, hours_on, next_opening, open_at, why_closed
from slots.zone import days, local

CLOSED = "休み"


@click.command()
@click.argument("desk", metavar="DESK")
@click.option(
    "--at",
    type=Instant(),
    metavar="ISO",
    help="Who answers at this instant; without an offset, Tokyo's time.",
)
@first_day
@last_day
@as_json
def hours(
    desk: str, at: datetime | None, first: date | None, last: date | None, as_json: bool
) -> None:
    """When DESK (organisation/desk) can be reached: by day, or at an instant.

    Both days of --from and --to are included.
    """
    if at is not None and (first is not None or last is not None):
        raise click.UsageError("Give --at or --from and --to, not both.")
    if at is None and first is None and last is None:
        raise click.UsageError("Give --at, or --from and --to.")
    if at is not None:
        found = current_catalogue(from_env()).desk(desk)
        _at(found, local(at, found.zone), as_json)
        return
    start, end = days_between(first, last)
    found = current_catalogue(from_env()).desk(desk)
    if as_json:
        print_json([_day(found, day) for day in days(start, end)])
        return
    click.echo(f"{found.name} ({found.key})")
    print_table([row for day in days(start, end) for row in _rows(found, day)])


def _at(desk: Desk, at: datetime, as_json: bool) -> None:
    stretches, following = open_at(desk, at), next_opening(desk, at)
    if as_json:
        coming = _instants(following) if following else None
        print_json(
            {
                "at": at.isoformat(),
                "open": [_instants(one) for one in stretches],
                "next": coming,
            }
        )
        return
    click.echo(f"{desk.name} ({desk.key})")
    rows = [("今", _stretch(one)) for one in stretches] or [("今", CLOSED)]
    if following:
        rows.append(("次", f"{era_date(following.start.date())} {_stretch(following)}"))
    if always := always_open(desk):
        rows.append(("常時", "・".join(CHANNELS[one] for one in always)))
    print_table([(moment(at), *rows[0]), *(("", *row) for row in rows[1:])])


def _rows(desk: Desk, day: date) -> list[tuple[str, ...]]:
    holiday = why_closed(desk, day) or ""
    stretches = hours_on(desk, day)
    if not stretches:
        return [(era_date(day), CLOSED, "", "", holiday)]
    rows = [(CHANNELS[one.channel], span(one.start, one.end), _intake(one)) for one in stretches]
    return [
        (era_date(day) if n == 0 else "", *row, holiday if n == 0 else "")
        for n, row in enumerate(rows)
    ]


def _stretch(one: Stretch) -> str:
    return f"{CHANNELS[one.channel]} {span(one.start, one.end)} {_intake(one)}".rstrip()


def _intake(one: Stretch) -> str:
    return "" if one.last_intake == one.end else f"受付は{one.last_intake:%H:%M}まで"


def _day(desk: Desk, day: date) -> dict[str, Any]:
    return {"date": day.isoformat(), "open": [_wall_times(one) for one in hours_on(desk, day)]}


def _wall_times(one: Stretch) -> dict[str, str]:
    return {
        "channel": one.channel,
        "start": f"{one.start:%H:%M}",
        "end": f"{one.end:%H:%M}",
        "last_intake": f"{one.last_intake:%H:%M}",
    }


def _instants(one: Stretch) -> dict[str, str]:
    return {
        "channel": one.channel,
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "last_intake": one.last_intake.isoformat(),
    }
