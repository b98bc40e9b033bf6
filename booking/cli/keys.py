"""`booking keys`: API keys of the staff's programs."""

import click

from booking.cli.installation import working_ledger
from booking.cli.options import ZONE, as_json
from booking.cli.printing import local_iso, print_json, print_table
from booking.cli.staff import EVERYBODY, ROLE, organisation_served
from booking.errors import NotFound
from booking.ledger import access
from booking.settings import from_env


@click.group()
def keys() -> None:
    """API keys of the staff's programs."""


@keys.command()
@click.argument("name")
@click.option("--role", type=ROLE, required=True, help="viewer reads, staff and admin act.")
@organisation_served
def add(name: str, role: str, organisation: str | None) -> None:
    """Make a key called NAME and print it. It is kept hashed: nobody can show it a second time."""
    if not name.strip():
        raise click.UsageError("NAME is empty; name the program that will use the key")
    with working_ledger(from_env()) as ledger:
        if organisation is not None:
            ledger.catalogue.organisation(organisation)
        click.echo(access.add_key(ledger, name.strip(), role=role, organisation=organisation))


@keys.command(name="list")
@as_json
def list_keys(as_json: bool) -> None:
    """List all keys by name; the keys themselves are not known."""
    with working_ledger(from_env()) as ledger:
        found = access.all_keys(ledger)
    for one in found:
        for column in ("created_at", "revoked_at"):
            one[column] = local_iso(one[column], ZONE)
    if as_json:
        print_json(found)
        return
    rows = [("NAME", "ROLE", "SERVES", "MADE", "")]
    for one in found:
        serves, made = one["organisation"] or EVERYBODY, one["created_at"][:10]
        ended = "revoked" if one["revoked_at"] else ""
        rows.append((one["name"], one["role"], serves, made, ended))
    print_table(rows)


@keys.command()
@click.argument("name")
def revoke(name: str) -> None:
    """End the key called NAME, at once."""
    with working_ledger(from_env()) as ledger:
        try:
            access.revoke_key(ledger, name)
        except NotFound:
            raise click.ClickException(f"no key in use is called {name}") from None
    click.echo(f"{name} is revoked.")
