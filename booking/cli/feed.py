"""`booking feed`: a public calendar's bytes."""

import click

from booking.cli.installation import working_ledger
from booking.desks.register import register_definitions
from booking.feeds.calendars import public_feed
from booking.settings import from_env


@click.command()
@click.argument("name")
def feed(name: str) -> None:
    """Print the public calendar of NAME: organisation/desk or organisation/desk/consultation."""
    settings = from_env()
    with working_ledger(settings) as ledger:
        # As a server does when it starts: an entry says when its definition last changed.
        files, now = ledger.desks.files, ledger.now()
        register_definitions(ledger.store, files, now, site=settings.base_url)
        body = public_feed(ledger, settings, name.removesuffix(".ics"))
    click.echo(body, nl=False)
