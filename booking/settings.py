"""Settings: `BOOKING_*` variables, read once into a frozen value. README's table is checked by a test."""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from slots.telling import WRITTEN, WrittenChannel

PREFIX = "BOOKING_"
TEST_ONLY = ("BOOKING_TEST_",)
# Below the working folder: what a development installation keeps.
STATE_FOLDER = Path("var")
# A LINE account's ID: given (@123abcde) or bought (@shibukawa).
LINE_ACCOUNT = re.compile(r"@[a-z0-9._-]{1,40}", re.ASCII)


class SettingsError(ValueError):
    """A setting that cannot be used; the text names the variable and the remedy."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that an installation may set. Field `x` is the variable `BOOKING_X`."""

    database_url: str = field(
        default="sqlite:///var/booking.db",
        repr=False,
        metadata={
            "doc": "`sqlite:///folder/file.db` or `postgresql://user:password@host:port/name`"
        },
    )
    desks: Path | None = field(
        default=None, metadata={"doc": "folder of desk files (*.toml); unset: the shipped ones"}
    )
    base_url: str = field(
        default="http://127.0.0.1:8000",
        metadata={
            "doc": "the address residents use, without a slash at the end; links are built on it"
        },
    )
    keys: tuple[bytes, ...] = field(
        default=(),
        repr=False,
        metadata={
            "doc": "sealing keys, 32 bytes in base64 each, newest first, comma between; the last one "
            "also makes the look-up index and stays last. Unset: a development key in var/"
        },
    )
    mail_url: str | None = field(
        default=None,
        repr=False,
        metadata={
            "doc": "smtp://user:password@host:port, smtps:// or smtp+starttls://; "
            "unset: mails are written to var/mail/*.eml"
        },
    )
    mail_from: str = field(
        default="yoyaku@localhost",
        metadata={"doc": "sender address of mails, a mailbox that is read"},
    )
    mail_bounces: str | None = field(
        default=None,
        metadata={
            "doc": "envelope sender, where undeliverable mails come back to; unset: BOOKING_MAIL_FROM"
        },
    )
    sms_url: str | None = field(
        default=None,
        repr=False,
        metadata={"doc": "SMS gateway: https://user:password@host/path; unset: no SMS is sent"},
    )
    line_token: str | None = field(
        default=None,
        repr=False,
        metadata={"doc": "LINE channel access token; unset: nobody is told by LINE"},
    )
    line_secret: str | None = field(
        default=None,
        repr=False,
        metadata={"doc": "LINE channel secret, which signs what LINE sends us"},
    )
    line_account: str | None = field(
        default=None,
        metadata={
            "doc": "the LINE account's ID as residents find it, with its @ (`@shibukawa`); "
            "unset: nobody is offered to be told by LINE"
        },
    )
    line_api: str = field(
        default="https://api.line.me",
        metadata={"doc": "where LINE is reached; another one where a proxy stands between"},
    )
    env: str = field(
        default="development",
        metadata={
            "doc": "`development` or `production`; production refuses development keys, rehearsal "
            "clocks and the demonstration account"
        },
    )

    @property
    def production(self) -> bool:
        """Whether this is a production installation."""
        return self.env == "production"

    @property
    def writes_by(self) -> frozenset[WrittenChannel]:
        """The channels by which this installation can write to parties; each desk chooses of them."""
        able = {"line": self.links_line, "sms": bool(self.sms_url)}
        return frozenset(one for one in WRITTEN if able.get(one, True))

    @property
    def links_line(self) -> bool:
        """Whether residents can link their LINE account: they find ours, and we hear them."""
        return bool(self.line_token and self.line_secret and self.line_account)

    @property
    def secure(self) -> bool:
        """Whether residents reach us by https: cookies are then marked Secure."""
        return self.base_url.startswith("https://")


def from_env(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that `environ` holds. Raises SettingsError for an unknown or unusable variable."""
    known = {f.name for f in fields(Settings)}
    given: dict[str, str] = {}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable.startswith(TEST_ONLY):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known:
            raise SettingsError(f"{variable} is not a setting; see the table in README.md")
        if value.strip():
            given[name] = value.strip()
    return Settings(**{name: _read(name, value) for name, value in given.items()})  # type: ignore[arg-type]


def _read(name: str, value: str) -> object:
    if name == "desks":
        return _folder(value)
    if name == "keys":
        return tuple(_key(one) for one in value.split(","))
    if name == "env" and value not in ("development", "production"):
        raise SettingsError("BOOKING_ENV is neither development nor production; write one of them")
    if name == "base_url":
        parts = _parts(value)
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError("BOOKING_BASE_URL is no http(s) address; write https://host")
        return value.rstrip("/")
    if name == "database_url":
        return database_url(value)
    if name == "line_account" and not LINE_ACCOUNT.fullmatch(value):
        raise SettingsError(
            "BOOKING_LINE_ACCOUNT is no account's ID; write it with its @, like @shibukawa"
        )
    return value


def _folder(value: str) -> Path:
    folder = Path(value)
    if not folder.is_dir():
        raise SettingsError(
            "BOOKING_DESKS is no folder; name the folder that holds the *.toml files"
        )
    return folder


def database_url(value: str) -> str:
    """`value` with the driver that we ship. Raises SettingsError for another kind of database."""
    scheme, _, rest = value.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest not in ("/", "/:memory:"):
        return value
    if scheme in ("postgresql", "postgres", "postgresql+psycopg") and _parts(value) is not None:
        return f"postgresql+psycopg://{rest}"
    raise SettingsError(
        "BOOKING_DATABASE_URL is no database; write sqlite:///folder/file.db or "
        "postgresql://user:password@host:port/name"
    )


def _parts(address: str) -> SplitResult | None:
    """The parts of an address; None where its host or port cannot be read."""
    try:
        parts = urlsplit(address)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise SettingsError(
            "BOOKING_KEYS holds something that is not 32 bytes in base64; make one with: openssl rand -base64 32"
        )
    return key


def sealing_keys(settings: Settings, folder: Path) -> tuple[bytes, ...]:
    """The sealing keys; in development, where none are set, one that is made and kept in `folder`.

    Raises SettingsError in production without keys.
    """
    if settings.keys:
        return settings.keys
    if settings.production:
        raise SettingsError("BOOKING_KEYS is unset; production needs it: openssl rand -base64 32")
    return (_key(kept_secret(folder / "development.key", _new_key)),)


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The ASCII text kept in `path`, readable for its owner only; made where there is none yet.

    Two processes may ask at once: both get what the first one made.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
        with suppress(FileExistsError):
            os.link(made, path)  # refused where the other process was faster
        made.unlink()
    return path.read_text(encoding="ascii")
