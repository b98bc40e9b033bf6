"""The command line: which commands there are. A command's module is imported when it is called."""

from importlib import import_module
from typing import Any

import click

# Name: the module in this package that has it, and what the overview says of it.
COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("serving", "Serve pages, API and calendars."),
    "db": ("db", "Bring the database to this version, or see whether it is."),
    "desks": ("desks", "List desks; check and preview desk files."),
    "sessions": ("sessions", "The dates of a consultation."),
    "slots": ("sessions", "The times of a consultation, and which can be booked."),
    "hours": ("hours", "When a desk can be reached."),
    "staff": ("staff", "Accounts of the staff."),
    "keys": ("keys", "API keys of the staff's programs."),
    "notify": ("notify", "Send what is to be told."),
    "feed": ("feed", "Print a public calendar."),
    "doctor": ("doctor", "Say what this installation lacks."),
}


class Commands(click.Group):
    """The commands by name. Refusals of the domain become one line on stderr and exit status 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the overview."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        found = getattr(import_module(f"booking.cli.{COMMANDS[cmd_name][0]}"), cmd_name)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, said) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:
            from booking.cli.refusals import said

            text = said(error)
            if text is None:
                raise
            raise click.ClickException(text) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def booking() -> None:
    """Booking for free consultations of municipalities.

    Settings are read from BOOKING_* variables; README.md lists them. Exit status: 0 done,
    1 refused, 2 wrong usage. Errors go to stderr.
    """


def main() -> None:
    """The console script `booking`."""
    booking(prog_name="booking")
