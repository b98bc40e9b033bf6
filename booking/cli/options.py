"""Arguments and options that several commands share, and how their text is read."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import click

from slots.zone import fiscal_year as days_of_fiscal_year
from slots.zone import zone

ZONE = "Asia/Tokyo"
FIRST_YEAR, LAST_YEAR = 1989, 2099
FISCAL_YEAR = click.IntRange(FIRST_YEAR, LAST_YEAR)
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Day(click.ParamType):
    """A calendar day, written 2026-11-21."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day that `value` says."""
        if isinstance(value, date):
            return value
        try:
            found = date.fromisoformat(value) if ISO_DATE.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None:
            self.fail(f"{value!r} is no date; write 2026-11-21", param, ctx)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            self.fail(f"{value} is not between {FIRST_YEAR} and {LAST_YEAR}", param, ctx)
        return found


class Instant(click.ParamType):
    """An instant in ISO 8601. Without an offset it is what clocks in Tokyo show."""

    name = "iso"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The aware instant that `value` says."""
        try:
            found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no instant; write 2026-11-21T09:00", param, ctx)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            self.fail(f"{value} is not between {FIRST_YEAR} and {LAST_YEAR}", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=zone(ZONE))


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
first_day = click.option("--from", "first", type=Day(), metavar="DATE", help="The first day.")
last_day = click.option(
    "--to", "last", type=Day(), metavar="DATE", help="The last day; it is included."
)
fiscal_year = click.option(
    "--fiscal-year",
    type=FISCAL_YEAR,
    metavar="YEAR",
    help="A fiscal year: 2024 is April 2024 to March 2025.",
)


def days_between(first: date | None, last: date | None) -> tuple[date, date]:
    """The half-open range of the days from `first` to `last`, both included, as people say it.

    Raises UsageError when one of them is missing or they are the wrong way round.
    """
    if first is None or last is None:
        raise click.UsageError("Give both --from and --to.")
    if last < first:
        raise click.UsageError(f"--to {last} is before --from {first}.")
    return first, last + timedelta(days=1)


def days_asked(fiscal_year: int | None, first: date | None, last: date | None) -> tuple[date, date]:
    """The half-open range of a fiscal year, or else of `first` to `last`. Raises UsageError."""
    if fiscal_year is None:
        if first is None and last is None:
            raise click.UsageError("Give --fiscal-year, or --from and --to.")
        return days_between(first, last)
    if first is not None or last is not None:
        raise click.UsageError("Give --fiscal-year or --from and --to, not both.")
    return days_of_fiscal_year(fiscal_year)
