"""`booking doctor`: what this installation lacks, one line each."""

import smtplib
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

import click
from sqlalchemy.exc import SQLAlchemyError

from booking.chance import Chance
from booking.cli.installation import NO_KEY, require_migrated, store_for_reading
from booking.cli.options import as_json
from booking.cli.printing import print_json, print_table
from booking.cli.refusals import first_line
from booking.clock import system_clock
from booking.desks import load
from booking.desks.catalogue import DeskFileError, catalogue_of
from booking.desks.current import CurrentDesks
from booking.ledger.ledger import Ledger
from booking.paper import what_lacks
from booking.passwords import recommended
from booking.settings import STATE_FOLDER, Settings, SettingsError, from_env, sealing_keys
from booking.store import Store, Tx, bookings
from booking.store.sealed import CannotUnseal, Keyring
from notifications.channels.mail import Smtp, mail_channel
from notifications.channels.posting import provider_address
from notifications.health import health

DEVELOPMENT_KEY = STATE_FOLDER / "development.key"
DEFAULTS = Settings()
# A provider on this machine, as in a rehearsal, needs no TLS.
State = Literal["ok", "note", "problem"]


@dataclass(frozen=True)
class Finding:
    """What one check found. A note is fine in development, or a matter of choice."""

    check: str
    state: State
    detail: str


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Say what this installation lacks: one line for each check, exit status 1 on a problem.

    In development it is no problem that nothing runs; in production the ticker has to.
    """
    found = list(findings())
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        print_table([(one.state, one.check, one.detail) for one in found])
    if any(one.state == "problem" for one in found):
        raise click.exceptions.Exit(1)


def findings() -> Iterator[Finding]:
    """The findings, in order; what needs the settings or the database is left out without them."""
    try:
        settings = from_env()
    except SettingsError as error:
        yield Finding("settings", "problem", str(error))
        return
    yield _settings(settings)
    yield _desks(settings)
    yield _keys(settings)
    database = _database(settings)
    yield database
    yield _mail(settings)
    yield _sms(settings)
    yield _line(settings)
    yield _letters(settings)
    if database.state == "ok":
        with store_for_reading(settings) as store:
            if store is not None:
                yield _sealed(settings, store)
                ledger = _ledger(store)
                yield _ticker(settings, ledger)
                yield _failures(ledger)


def _settings(settings: Settings) -> Finding:
    if settings.production and settings.base_url == DEFAULTS.base_url:
        remedy = "BOOKING_BASE_URL is unset; links in messages would lead to 127.0.0.1"
        return Finding("settings", "problem", remedy)
    if settings.production and settings.mail_from == DEFAULTS.mail_from and settings.mail_url:
        return Finding("settings", "problem", "BOOKING_MAIL_FROM is unset; write name@host")
    return Finding("settings", "ok", settings.env)


def _desks(settings: Settings) -> Finding:
    try:
        catalogue = load(settings.desks)
    except DeskFileError as error:
        first, *others = str(error).splitlines()
        more = f" (and {len(others)} more; booking desks check)" if others else ""
        return Finding("desks", "problem", first + more)
    counted = f"{len(catalogue.desks)} desks, {len(catalogue.consultations)} consultations"
    return Finding("desks", "ok", counted)


def _keys(settings: Settings) -> Finding:
    if settings.keys:
        return Finding("keys", "ok", f"{len(settings.keys)} in BOOKING_KEYS")
    file = DEVELOPMENT_KEY
    if settings.production or not file.exists():
        return _made_when_needed(settings)
    try:
        sealing_keys(settings, STATE_FOLDER)
    except (SettingsError, OSError):
        return Finding("keys", "problem", f"{file} holds no key; put back the one it held")
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding("keys", "problem", f"{file} is open to others; run: chmod 600 {file}")
    return Finding("keys", "ok", f"a development key in {file}")


def _made_when_needed(settings: Settings) -> Finding:
    if settings.production:
        remedy = "BOOKING_KEYS is unset; production needs it: openssl rand -base64 32"
        return Finding("keys", "problem", remedy)
    return Finding("keys", "note", "a development key will be made when it is needed")


def _sealed(settings: Settings, store: Store) -> Finding:
    keys = settings.keys
    if not keys and DEVELOPMENT_KEY.exists() and not settings.production:
        keys = sealing_keys(settings, STATE_FOLDER)
    keyring = Keyring(keys) if keys else NO_KEY
    made = bookings.bookings.c.created_at

    def open_both(tx: Tx) -> None:
        for order in (made, made.desc()):
            bookings.listed(tx, keyring, order=(order,), limit=1)

    try:
        store.read(open_both)
    except CannotUnseal:
        remedy = "the keys do not open the bookings; add the one that sealed them to BOOKING_KEYS"
        return Finding("sealed", "problem", remedy)
    return Finding("sealed", "ok", "the keys open the oldest and the newest booking")


def _database(settings: Settings) -> Finding:
    return Finding("database", *_refused(lambda: require_migrated(settings.database_url)))


def _refused(work: Callable[[], None]) -> tuple[State, str]:
    try:
        work()
    except click.ClickException as error:
        return "problem", error.message
    except SQLAlchemyError as error:
        return "problem", f"out of reach: {first_line(error)}"
    except ModuleNotFoundError as error:
        return "problem", f"{error.name} is missing; install booking[postgres]"
    return "ok", "reachable, and at this version"


def _mail(settings: Settings) -> Finding:
    try:
        channel = mail_channel(settings)
        if not isinstance(channel, Smtp):
            return Finding("mail", "note", "BOOKING_MAIL_URL is unset; mails go to var/mail/*.eml")
        channel.open_connection().close()
    except SettingsError as error:
        return Finding("mail", "problem", str(error))
    except smtplib.SMTPAuthenticationError:
        remedy = "the server of BOOKING_MAIL_URL refuses the name or the password"
        return Finding("mail", "problem", remedy)
    except (OSError, smtplib.SMTPException) as error:
        kind = type(error).__name__
        return Finding(
            "mail", "problem", f"the server of BOOKING_MAIL_URL is out of reach ({kind})"
        )
    return Finding("mail", "ok", "the server of BOOKING_MAIL_URL answers")


def _letters(settings: Settings) -> Finding:
    lack = what_lacks()
    if lack is not None:
        return Finding("letters", "problem" if settings.production else "note", lack)
    return Finding("letters", "ok", "can be printed")


def _sms(settings: Settings) -> Finding:
    if settings.sms_url is None:
        return Finding("sms", "note", "BOOKING_SMS_URL is unset; no SMS is sent")
    try:
        address = provider_address("BOOKING_SMS_URL", settings.sms_url)
    except SettingsError as error:
        return Finding("sms", "problem", str(error))
    if not address.password:
        remedy = "BOOKING_SMS_URL has no password; the gateway's receipts could not be checked"
        return Finding("sms", "problem", remedy)
    return Finding("sms", "ok", f"by {urlsplit(address.url).hostname}")


def _line(settings: Settings) -> Finding:
    token, secret = settings.line_token, settings.line_secret
    if token is None and secret is None:
        return Finding("line", "note", "BOOKING_LINE_TOKEN is unset; nobody is told by LINE")
    if token is None:
        remedy = "BOOKING_LINE_SECRET is set without BOOKING_LINE_TOKEN; nothing can be sent"
        return Finding("line", "problem", remedy)
    if secret is None:
        remedy = "BOOKING_LINE_TOKEN is set without BOOKING_LINE_SECRET; nobody can link an account"
        return Finding("line", "problem", remedy)
    try:
        provider_address("BOOKING_LINE_API", settings.line_api)
    except SettingsError as error:
        return Finding("line", "problem", str(error))
    return Finding("line", "ok", f"by {urlsplit(settings.line_api).hostname}")


def _ledger(store: Store) -> Ledger:
    """For what is asked of the database alone."""
    return Ledger(
        store, CurrentDesks(store, catalogue_of([])), system_clock, Chance(), recommended()
    )


def _failures(ledger: Ledger) -> Finding:
    count = health(ledger).undelivered
    if count == 0:
        return Finding("failures", "ok", "everybody could be told")
    what = "message" if count == 1 else "messages"
    return Finding("failures", "note", f"{count} {what} could not be told; see /staff/")


def _ticker(settings: Settings, ledger: Ledger) -> Finding:
    seen = health(ledger)
    if seen.ticking and seen.oldest_due_age is not None and seen.late:
        minutes = seen.oldest_due_age // timedelta(minutes=1)
        return Finding("ticker", "problem", f"ticks, but a message waits for {minutes} minutes")
    if seen.ticking:
        return Finding("ticker", "ok", "ticks")
    if seen.heartbeat_age is not None and seen.heartbeat_age < timedelta(0):
        return Finding("ticker", "note", "last ticked in a rehearsal, at an instant to come")
    since = "last ticked long ago" if seen.heartbeat_age else "never ticked"
    remedy = f"{since}; nothing is sent unless `booking serve` or `booking notify run` runs"
    return Finding("ticker", "problem" if settings.production else "note", remedy)
