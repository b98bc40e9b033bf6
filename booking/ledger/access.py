"""Who of the staff is asking: accounts, signed-in browsers, API keys."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from booking.errors import FieldError, Invalid, NotFound, Refusal, SlowDown
from booking.facts import Fact, Kind
from booking.ledger.contact import clean
from booking.ledger.ledger import Ledger
from booking.store import Tx, limits, log
from booking.store import staff as rows
from booking.store.sealed import token_hash

# viewer reads, staff act, admin also manages accounts.
ROLES = ("viewer", "staff", "admin")
DEMONSTRATION = "demo"
IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
PASSWORD_LENGTH = 10
TRIES, TRIES_PERIOD = 10, 15 * 60


class SignInRefused(Refusal):
    """Login or password is wrong, or the account is disabled: which of them is not told."""

    code = "sign-in-refused"


@dataclass(frozen=True)
class Staff:
    """Somebody of the staff, or a program with a key. `organisation` None: serves all of them."""

    id: str
    name: str
    role: str
    organisation: str | None
    actor: str

    @property
    def may_act(self) -> bool:
        """Whether they may change bookings."""
        return self.role in ("staff", "admin")


def add_staff(
    ledger: Ledger,
    login: str,
    password: str,
    *,
    name: str = "",
    role: str = "staff",
    organisation: str | None = None,
) -> None:
    """Make an account. Raises Invalid for a short password, unknown role or a login that is taken."""
    if len(password) < PASSWORD_LENGTH:
        raise Invalid([FieldError("password", "too-short")])
    if role not in ROLES:
        raise Invalid([FieldError("role", "unknown")])
    row = {
        "id": ledger.chance.id(),
        "login": login,
        "name": name or login,
        "role": role,
        "organisation": organisation,
        "password_hash": ledger.passwords.hash(password),
        "created_at": ledger.now(),
        "disabled_at": None,
    }
    try:
        ledger.store.write(lambda tx: rows.add(tx, row))
    except IntegrityError:
        raise Invalid([FieldError("login", "taken")]) from None


def ensure_demonstration(ledger: Ledger, password: str) -> bool:
    """Make sure that the demonstration account takes `password`; False where it is disabled."""
    found = ledger.store.read(lambda tx: rows.by_login(tx, DEMONSTRATION))
    if found is None:
        add_staff(ledger, DEMONSTRATION, password, name="デモ職員", role="admin")
    elif found.disabled_at is not None:
        return False
    elif not ledger.passwords.fits(found.password_hash, password):
        replaced = ledger.passwords.hash(password)
        ledger.store.write(lambda tx: rows.set_password(tx, found.id, replaced))
    return True


def sign_in(
    ledger: Ledger, login: str, password: str, *, demonstration: bool = False
) -> tuple[str, Staff]:
    """A new random cookie value and who it stands for. Raises SignInRefused, SlowDown.

    The value is new at each sign-in, so that nobody can plant one beforehand. The demonstration
    account works only where `demonstration` allows it.
    """
    now, login = ledger.now(), clean(login)
    subject = ledger.store.keyring.index("sign-in", login)
    tries = ledger.store.write(lambda tx: limits.attempt(tx, subject, now, TRIES_PERIOD))
    if tries > TRIES:
        raise SlowDown(TRIES_PERIOD)
    found = ledger.store.read(lambda tx: rows.by_login(tx, login))
    allowed = found is not None and found.disabled_at is None
    if login == DEMONSTRATION and not demonstration:
        allowed = False
    # Hashed for an unknown login too: the answer takes as long as for a known one.
    fits = ledger.passwords.fits(found.password_hash if found else None, password)
    if not fits or not allowed:
        failed = Fact(kind=Kind.SIGN_IN_FAILED, at=now, actor=f"staff:{found.id if found else '?'}")
        ledger.store.write(lambda tx: log.append(tx, failed))
        raise SignInRefused
    assert found is not None
    cookie = ledger.chance.token()

    def work(tx: Tx) -> None:
        limits.forget(tx, subject)
        rows.add_login(
            tx,
            {
                "id_hash": token_hash(cookie),
                "staff_id": found.id,
                "created_at": now,
                "last_seen": now,
                "expires_at": now + LONGEST,
                "revoked_at": None,
            },
        )
        log.append(tx, Fact(kind=Kind.SIGNED_IN, at=now, actor=f"staff:{found.id}"))

    ledger.store.write(work)
    return cookie, _staff(found)


def staff_of(ledger: Ledger, cookie: str) -> Staff | None:
    """Who the cookie stands for: signed in, seen within two hours, not disabled; else None."""
    now, id_hash = ledger.now(), token_hash(cookie)
    found = ledger.store.read(lambda tx: rows.login_of(tx, id_hash, now, now - IDLE))
    if found is None:
        return None
    if now - found.login_last_seen > TOUCH_EVERY:
        ledger.store.write(lambda tx: rows.touch(tx, id_hash, now))
    return _staff(found)


def sign_out(ledger: Ledger, cookie: str) -> None:
    """End the cookie's login."""
    now = ledger.now()
    ledger.store.write(lambda tx: rows.revoke(tx, token_hash(cookie), now))


def form_token(ledger: Ledger, cookie: str) -> str:
    """What staff forms carry against forged requests: bound to the login, worthless without it."""
    return ledger.store.keyring.index("form", token_hash(cookie))


def disable_staff(ledger: Ledger, login: str) -> None:
    """Keep an account from signing in, at once. Raises NotFound."""
    now = ledger.now()
    if not ledger.store.write(lambda tx: rows.disable(tx, login, now)):
        raise NotFound


def actor_names(ledger: Ledger) -> dict[str, str]:
    """The name behind each actor of the log: `staff:<id>` and `key:<id>`."""

    def work(tx: Tx) -> dict[str, str]:
        staff = {f"staff:{row.id}": str(row.name) for row in rows.listed(tx)}
        return staff | {f"key:{row.id}": str(row.name) for row in rows.keys(tx)}

    return ledger.store.read(work)


def all_staff(ledger: Ledger) -> list[dict[str, Any]]:
    """All accounts: login, name, role, organisation, disabled_at."""
    listed = ledger.store.read(rows.listed)
    return [_shown(row, "login", "name", "role", "organisation", "disabled_at") for row in listed]


def add_key(
    ledger: Ledger, name: str, *, role: str = "staff", organisation: str | None = None
) -> str:
    """A new API key, told once and kept hashed. Raises Invalid."""
    if role not in ROLES:
        raise Invalid([FieldError("role", "unknown")])
    key = f"bk_{ledger.chance.token()}"
    row = {
        "id": ledger.chance.id(),
        "name": name,
        "role": role,
        "organisation": organisation,
        "key_hash": token_hash(key),
        "created_at": ledger.now(),
        "revoked_at": None,
    }
    try:
        ledger.store.write(lambda tx: rows.add_key(tx, row))
    except IntegrityError:
        raise Invalid([FieldError("name", "taken")]) from None
    return key


def staff_of_key(ledger: Ledger, key: str) -> Staff | None:
    """The program that a live API key stands for, or None."""
    found = ledger.store.read(lambda tx: rows.key_by_hash(tx, token_hash(key)))
    if found is None:
        return None
    return Staff(found.id, found.name, found.role, found.organisation, f"key:{found.id}")


def all_keys(ledger: Ledger) -> list[dict[str, Any]]:
    """All API keys: name, role, organisation, created_at, revoked_at."""
    listed = ledger.store.read(rows.keys)
    return [
        _shown(row, "name", "role", "organisation", "created_at", "revoked_at") for row in listed
    ]


def revoke_key(ledger: Ledger, name: str) -> None:
    """End an API key, at once. Raises NotFound."""
    now = ledger.now()
    if not ledger.store.write(lambda tx: rows.revoke_key(tx, name, now)):
        raise NotFound


def _staff(row: Any) -> Staff:
    return Staff(row.id, row.name, row.role, row.organisation, f"staff:{row.id}")


def _shown(row: Any, *columns: str) -> dict[str, Any]:
    values = row._mapping
    return {
        column: values[column].isoformat()
        if isinstance(values[column], datetime)
        else values[column]
        for column in columns
    }
