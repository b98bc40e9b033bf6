"""`booking db`: the database's schema."""

import click
from alembic.util import CommandError

from booking.cli.installation import require_migrated
from booking.settings import from_env
from booking.store.engine import open_engine
from booking.store.migrate import differences, upgrade
from booking.store.tables import metadata
from notifications import tables as tables_of_telling

assert tables_of_telling.OutboxRow.metadata is metadata


@click.group()
def db() -> None:
    """Bring the database to this version, or see whether it is."""


@db.command(name="upgrade")
def upgrade_database() -> None:
    """Apply every migration that the database lacks. Makes a SQLite file that is missing.

    Several processes may do so at once.
    """
    try:
        upgrade(from_env().database_url)
    except CommandError as error:
        remedy = "it was made by a newer version; update this program"
        raise click.ClickException(f"the database cannot be upgraded ({error}): {remedy}") from None
    click.echo("The database is at this version.")


@db.command()
def check() -> None:
    """Say whether the database has every migration and every table as this version needs it."""
    url = from_env().database_url
    require_migrated(url)
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            found = differences(connection, metadata)
    finally:
        engine.dispose()
    if found:
        lines = "\n".join(f"  {one}" for one in found)
        raise click.ClickException(f"the database differs from what this version needs:\n{lines}")
    click.echo("The database is at this version.")
