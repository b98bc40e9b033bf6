"""The account with which one looks around in development: its password is random and kept in var/."""

import secrets

from booking.ledger import access
from booking.ledger.ledger import Ledger
from booking.settings import STATE_FOLDER, Settings, kept_secret

PASSWORD_FILE = STATE_FOLDER / "development.staff"
PASSWORD_BYTES = 9


def demonstration_password(settings: Settings, ledger: Ledger) -> str | None:
    """The demonstration account's password; the account is made where it is missing.

    None in production, where there is no such account, and where somebody disabled it.
    """
    if settings.production:
        return None
    password = kept_secret(PASSWORD_FILE, lambda: secrets.token_urlsafe(PASSWORD_BYTES))
    return password if access.ensure_demonstration(ledger, password) else None
