"""`booking notify`: sends what is to be told, beside the servers or instead of their own tickers."""

import signal
import sys
import threading
from datetime import datetime

import click

from booking.cli.installation import refuse_rehearsal, working_ledger
from booking.cli.options import Instant
from booking.cli.refusals import said
from booking.clock import rehearsal_clock, system_clock
from booking.settings import from_env
from notifications.bounces import LARGEST
from notifications.bounces import bounced as note_bounce
from notifications.installed import available
from notifications.ticker import Ticker, run_once

# sysexits.h: "try again later". A mail server keeps the mail and does; any other failure loses it.
TEMPORARY_FAILURE = 75


@click.group()
def notify() -> None:
    """Send what is to be told."""


@notify.command()
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@click.option(
    "--at",
    type=Instant(),
    metavar="ISO",
    help="Rehearse: the clock starts there and ticks on. Without an offset, Tokyo's time.",
)
def run(once: bool, at: datetime | None) -> None:
    """Send what is due, every few seconds, until SIGTERM or Ctrl+C.

    Any number of processes may do so at once; each message is sent by one of them.
    """
    settings = from_env()
    if at is not None:
        refuse_rehearsal(settings)
    clock = rehearsal_clock(at) if at is not None else system_clock
    with working_ledger(settings, clock) as ledger:
        if once:
            done = run_once(ledger, settings)
            states = "".join(f", {count} {state}" for state, count in done.states.items() if count)
            click.echo(f"{done.facts} facts read, {done.planned} messages planned{states}.")
            return
        ticker = Ticker(ledger, settings)
        ended = threading.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: ended.set())
        ticker.start()
        try:
            ended.wait()
        finally:
            ticker.stop()


@notify.command()
def bounced() -> None:
    """Read one mail that came back, from standard input, and note what did not arrive.

    For the mail server's alias of BOOKING_MAIL_BOUNCES: "bounces: |booking notify bounced". Says in
    a line what it was, and ends with 0 also for a mail that is no report; with 75, so that the mail
    server tries again, while the database is out of reach.
    """
    stream = sys.stdin.buffer
    content = stream.read(LARGEST)
    while stream.read(LARGEST):  # who writes is not cut off
        pass
    try:
        settings = from_env()
        with working_ledger(settings) as ledger:
            click.echo(note_bounce(ledger, content, available(settings)))
    except click.ClickException as refusal:
        _later(refusal.message)
    except Exception as error:
        # A fault's own text may hold an address.
        _later(said(error) or type(error).__name__)


def _later(why: str) -> None:
    click.echo(f"Error: {why}", err=True)
    raise click.exceptions.Exit(TEMPORARY_FAILURE)
