"""What all HTTP rooms share: refusals as answers, pages, kept bytes, cookies' rules. No route."""

import gzip
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from jinja2 import Environment
from litestar import HttpMethod, MediaType, Request, Response
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import SkipValidation

from booking import errors
from booking.desks.catalogue import UnknownDesk
from booking.i18n import sentence
from booking.ledger.ledger import Ledger
from booking.settings import Settings

log = logging.getLogger("booking.http")

# The single table from refusals to statuses.
STATUSES: dict[type[Exception], int] = {
    errors.Invalid: 422,
    errors.KeyReused: 422,
    errors.NotBookable: 409,
    errors.Taken: 409,
    errors.SessionFull: 409,
    errors.AlreadyBooked: 409,
    errors.LimitReached: 409,
    errors.BookingsTouched: 409,
    errors.NotAllowed: 409,
    errors.TooLate: 409,
    errors.ChangedMeanwhile: 409,
    errors.NotFound: 404,
    errors.SlowDown: 429,
    UnknownDesk: 404,
}

# RFC 9110 section 9.1: what answers GET answers HEAD.
READ = [HttpMethod.GET, HttpMethod.HEAD]
# Residents' and staff's pages: nothing from elsewhere, nothing inline, never in a frame.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; object-src 'none'",
    # Other sites learn no address; under no-referrer browsers would hide the Origin of our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PRIVATE_HEADERS = {**PAGE_HEADERS, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def status_of(refusal: Exception) -> int:
    """The HTTP status of a refusal; 409 for a kind that the table lacks."""
    return STATUSES.get(type(refusal), 409)


def messages(refusal: errors.Invalid) -> list[dict[str, str]]:
    """Each error of an Invalid as field, code and Japanese sentence."""
    return [
        {"field": one.field, "code": one.code, "message": sentence(one.field, one.code, one.facts)}
        for one in refusal.errors
    ]


@dataclass(frozen=True)
class FieldMessage:
    """One error as the templates show it."""

    field: str
    message: str


def field_messages(refusal: errors.Invalid) -> list[FieldMessage]:
    """The same for templates."""
    return [FieldMessage(one["field"], one["message"]) for one in messages(refusal)]


@dataclass(frozen=True)
class Pages:
    """Renders templates to responses."""

    environment: Environment

    def render(
        self,
        template: str,
        view: Mapping[str, Any],
        *,
        status: int = 200,
        private: bool = True,
    ) -> Response[bytes]:
        """The page `template` shows of `view`. `private`: kept by no cache."""
        body = self.environment.get_template(template).render(view).encode()
        return Response(
            body,
            status_code=status,
            media_type=MediaType.HTML,
            headers=PRIVATE_HEADERS if private else PAGE_HEADERS,
        )


@dataclass(frozen=True, slots=True)
class Bytes:
    """A ready answer: body, its strong ETag, and until when time alone leaves it true.

    `changed_at`, in whole seconds, is for who asks by date; `packed` the body as gzip, which is
    another representation with a tag of its own.
    """

    version: object
    body: bytes
    etag: str
    valid_until: datetime | None
    changed_at: datetime | None = None
    packed: bytes | None = None
    packed_etag: str | None = None


class Built(NamedTuple):
    """What a builder makes of an answer. `packs`: it is worth being kept as gzip, too."""

    body: bytes
    valid_until: datetime | None
    changed_at: datetime | None = None
    packs: bool = False


# What makes an answer: the short form is for what is neither dated nor packed.
Build = Callable[[], tuple[bytes, datetime | None] | Built]


@dataclass(eq=False)
class KeptBytes:
    """Ready answers of this process under the database's version; any process can make them anew."""

    most: int = 4096
    # Long spans of days make long answers: 64 MB of them are enough for one process.
    most_bytes: int = 1 << 26
    _kept: dict[object, Bytes] = field(default_factory=dict)
    _size: int = 0

    def current(self, key: object, version: object, now: datetime) -> Bytes | None:
        """The bytes kept under `key`, or None when the version or the time has passed them by."""
        kept = self._kept.get(key)
        if kept is None or kept.version != version:
            return None
        return kept if kept.valid_until is None or now < kept.valid_until else None

    def get(
        self,
        key: object,
        version: object,
        now: datetime,
        build: Build,
    ) -> Bytes:
        """The bytes kept under `key`, built when the version or the time has passed them by."""
        kept = self.current(key, version, now)
        if kept is not None:
            return kept
        built = build()
        made = ready_bytes(built if isinstance(built, Built) else Built(*built), version)
        self._keep(key, made)
        return made

    def _keep(self, key: object, made: Bytes) -> None:
        if len(self._kept) >= self.most or self._size + _weight(made) > self.most_bytes:
            self._kept.clear()
            self._size = 0
        was = self._kept.get(key)
        self._size += _weight(made) - (_weight(was) if was else 0)
        self._kept[key] = made


def ready_bytes(built: Built, version: object = None) -> Bytes:
    """`built` with its tags, and packed where it is worth that; `version` is for who keeps it."""
    # Without the time of packing in it, the same bytes give the same file on every process.
    packed = gzip.compress(built.body, mtime=0) if built.packs else None
    return Bytes(
        version,
        built.body,
        _tag(built.body),
        built.valid_until,
        built.changed_at,
        packed,
        _tag(packed) if packed is not None else None,
    )


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _weight(kept: Bytes) -> int:
    return len(kept.body) + len(kept.packed or b"")


def takes_gzip(header: str | None) -> bool:
    """Whether Accept-Encoding allows gzip, and likes it no less than the plain body (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for one in (header or "").split(","):
        coding, *parameters = (part.strip().lower() for part in one.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            weights[coding] = float(quality)
        except ValueError:
            weights[coding] = 0
    liked = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0)))
    return liked > 0 and liked >= weights.get("identity", 0)


def unchanged_since(header: str, changed_at: datetime, now: datetime) -> bool:
    """Whether If-Modified-Since names a date since which nothing changed.

    What is no HTTP date, or lies in the future, says nothing (RFC 9110 section 13.1.3).
    """
    try:
        since = parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError, OverflowError):
        return False
    return since.tzinfo is not None and changed_at <= since <= now


def etag_matches(header: str | None, etag: str) -> bool:
    """Whether If-None-Match names `etag` (RFC 9110 section 13.1.2: lists, `*`, weak comparison)."""
    if not header:
        return False
    named = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in named or etag in named


def log_unexpected(request: Request[Any, Any, Any], error: Exception) -> int:
    """Log an error that nobody foresaw, without what was typed and without the token of an address.

    Gives the status to answer with.
    """
    if isinstance(error, HTTPException) and error.status_code < 500:
        return error.status_code
    where = request.scope.get("path_template") or "?"
    log.error("unexpected %s at %s %s", type(error).__name__, request.method, where, exc_info=error)
    return error.status_code if isinstance(error, HTTPException) else 500


# What a handler may ask `app.py` for, under the names ledger, settings and pages. They are
# ours already: checking them anew at each request would walk through every desk's definition.
TheLedger = NamedDependency[SkipValidation[Ledger]]
TheSettings = NamedDependency[SkipValidation[Settings]]
ThePages = NamedDependency[SkipValidation[Pages]]
