"""`booking serve`: granian's workers, and what has to be right before they start."""

import errno
import multiprocessing
import os
import signal
import socket
import threading
from datetime import datetime
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from litestar import Litestar

from booking.app import REHEARSAL, from_environment
from booking.cli.demonstration import PASSWORD_FILE, demonstration_password
from booking.cli.installation import refuse_rehearsal, working_ledger
from booking.cli.options import ZONE, Instant
from booking.clock import system_clock
from booking.i18n import date_and_time
from booking.ledger.access import DEMONSTRATION
from booking.settings import Settings, from_env
from notifications.channels.mail import mail_channel
from slots.zone import local

# A worker that has not finished its requests by then is killed.
PATIENCE_SECONDS = 8
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
# Warnings and errors only, and no access log: addresses of residents and of bookings are personal.
LOGGING: dict[str, Any] = {
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes.",
)
@click.option(
    "--at",
    type=Instant(),
    metavar="ISO",
    help="Rehearse: the clock starts there and ticks on. Without an offset, Tokyo's time.",
)
def serve(host: str, port: int, workers: int, at: datetime | None) -> None:
    """Serve pages, API and calendars, and send what is to be told.

    In development it makes the account `demo` and prints how to sign in.
    """
    settings = from_env()
    _rehearse(settings, at)
    mail_channel(settings)  # what it refuses is better said here than by each worker
    address, port = free_address(host, port)
    with working_ledger(settings) as ledger:
        password = demonstration_password(settings, ledger)
    shown = EVERYWHERE.get(address, address)
    url = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    if not settings.production:
        # Links in messages lead to where this server is, whatever its port.
        os.environ.setdefault("BOOKING_BASE_URL", url)
    click.echo(f"Booking is at {url} (Ctrl+C stops it).")
    if password is not None:
        click.echo(f"Staff: {url}/staff, login {DEMONSTRATION}, password {password}")
        click.echo(f"       (development only; the password is kept in {PASSWORD_FILE})")
    if at is not None:
        click.echo(f"Rehearsal: it is now {date_and_time(local(at, ZONE))}, and time goes on.")
    _run(address, port, workers)


def free_address(host: str, port: int) -> tuple[str, int]:
    """The numeric address and the port to listen at. Raises ClickException where that cannot be.

    Granian's listeners share a port with whoever else shares it, so a second server would quietly
    take half of the first one's requests: this listener shares with nobody, and asks first.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise click.ClickException(f"--host {host}: no such address on this machine") from None
    family, _, _, _, where = min(found, key=lambda one: one[0] != socket.AF_INET)
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(where)
            listener.listen(1)
        except OSError as error:
            raise click.ClickException(_why_not(error, host, port)) from None
        address, taken = listener.getsockname()[:2]
    return str(address), int(taken)


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is taken; end what listens there, or choose another --port"
    if error.errno == errno.EACCES:
        return f"port {port} is not for this user; choose a --port from 1024 on"
    return f"--host {host} --port {port}: {error.strerror}"


def _rehearse(settings: Settings, at: datetime | None) -> None:
    os.environ.pop(REHEARSAL, None)
    if at is not None:
        refuse_rehearsal(settings)
        os.environ[REHEARSAL] = f"{at.isoformat()} {system_clock().isoformat()}"


def _run(address: str, port: int, workers: int) -> None:
    server = Granian(
        "booking.app:from_environment",
        address=address,
        port=port,
        workers=workers,
        interface=Interfaces.ASGI,
        factory=True,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE_SECONDS,
    )
    _let_workers_be_stopped()
    server.serve(target_loader=app_of_worker, wrap_loader=False)


def _let_workers_be_stopped() -> None:
    """From its first moment on, a worker ends when it is told to.

    It inherits the parent's signal handlers, which would swallow a SIGTERM that comes before granian
    sets the worker's own; so the signal waits while we fork, and then finds the default. SIGINT is
    left to the parent, which ends all workers.
    """

    def as_worker() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM}),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM}),
        after_in_child=as_worker,
    )


def app_of_worker() -> Litestar:
    """The app, made in a worker."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return from_environment()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        # Killed outright, it could not end us, and nobody could take over the port.
        os.kill(os.getpid(), signal.SIGTERM)
