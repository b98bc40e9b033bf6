"""`booking staff`: accounts of the staff."""

import re
import sys

import click

from booking.cli.installation import working_ledger
from booking.cli.options import ZONE, as_json
from booking.cli.printing import local_iso, print_json, print_table
from booking.errors import NotFound
from booking.ledger import access
from booking.settings import from_env

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}", re.ASCII)
EVERYBODY = "全自治体"
ROLE = click.Choice(access.ROLES)
organisation_served = click.option(
    "--organisation", metavar="ORGANISATION", help="Serves this one only; without it, all of them."
)


@click.group()
def staff() -> None:
    """Accounts of the staff."""


@staff.command()
@click.argument("login")
@click.option("--name", default="", help="As colleagues see it; without it, the login.")
@click.option(
    "--role",
    type=ROLE,
    default="staff",
    show_default=True,
    help="viewer reads, staff act, admin also manages accounts.",
)
@organisation_served
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line.")
def add(login: str, name: str, role: str, organisation: str | None, password_stdin: bool) -> None:
    """Make an account for LOGIN. The password is asked for twice; it has ten characters or more."""
    if not LOGIN.fullmatch(login):
        raise click.UsageError(f"{login!r}: a login is small letters, digits and . _ @ -")
    if login == access.DEMONSTRATION:
        raise click.ClickException(f"{login} is the demonstration's login; choose another")
    with working_ledger(from_env()) as ledger:
        if organisation is not None:
            ledger.catalogue.organisation(organisation)
        password = _password(password_stdin)
        access.add_staff(
            ledger, login, password, name=name.strip(), role=role, organisation=organisation
        )
    click.echo(f"{login} can sign in.")


@staff.command(name="list")
@as_json
def list_staff(as_json: bool) -> None:
    """List all accounts."""
    with working_ledger(from_env()) as ledger:
        found = access.all_staff(ledger)
    for one in found:
        one["disabled_at"] = local_iso(one["disabled_at"], ZONE)
    if as_json:
        print_json(found)
        return
    rows = [("LOGIN", "NAME", "ROLE", "SERVES", "")]
    for one in found:
        serves, ended = one["organisation"] or EVERYBODY, "disabled" if one["disabled_at"] else ""
        rows.append((one["login"], one["name"], one["role"], serves, ended))
    print_table(rows)


@staff.command()
@click.argument("login")
def disable(login: str) -> None:
    """Keep LOGIN from signing in, and sign it out everywhere, at once."""
    with working_ledger(from_env()) as ledger:
        try:
            access.disable_staff(ledger, login)
        except NotFound:
            raise click.ClickException(f"no account has the login {login}") from None
    click.echo(f"{login} can sign in no longer.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt="Again", err=True)
    return typed
