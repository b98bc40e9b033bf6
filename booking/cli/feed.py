"""`booking feed`: a public calendar's bytes."""

import click

from booking.cli.installation import working_ledger
from booking.desks.register import register_definitions
from booking.feeds.calendars import public_feed
from booking.settings import from_env


@click.command()
@click.argument("name")
def feed(name: str) -> None:
    """Print the public calendar of NAME: organisation[/desk[/consultation]]."""
    settings = from_env()
    with working_ledger(settings) as ledger:
        # As a server does when it starts, but for the site's address: who only looks at a file may
        # have another one, and no entry changed because of that.
        register_definitions(ledger.store, ledger.desks.files, ledger.now())
        body = public_feed(ledger, settings, name.removesuffix(".ics"))
    click.echo(body, nl=False)
