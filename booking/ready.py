"""Answers that are kept ready as bytes: pages, JSON and feeds go out with no further ceremony."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.types import ASGIApp, Receive, Scope, Send

from booking.http import (
    Build,
    Bytes,
    KeptBytes,
    Pages,
    etag_matches,
    takes_gzip,
    unchanged_since,
)
from booking.ledger.ledger import Ledger
from booking.ledger.revisions import version, versions_at_once
from booking.settings import Settings

Headers = Sequence[tuple[bytes, bytes]]


class ReadyAnswer:
    """Sends kept bytes, or 304 to who has them. An ASGI app, which Litestar takes as an answer.

    Building a Response takes longer than all else that a kept answer needs.
    """

    __slots__ = ("_headers", "_kept", "_now")

    def __init__(self, kept: Bytes, headers: Headers, now: datetime) -> None:
        """Send `kept` at the instant `now` with `headers`, among them the media type."""
        self._kept = kept
        self._now = now
        self._headers = headers

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer a request."""
        kept = self._kept
        body, etag, headers = kept.body, kept.etag, [*self._headers]
        if kept.packed is not None and kept.packed_etag is not None:
            headers.append((b"vary", b"Accept-Encoding"))
            if takes_gzip(_header(scope, b"accept-encoding")):
                body, etag = kept.packed, kept.packed_etag
        has = self._known(scope, etag)
        headers.append((b"etag", (has or etag).encode()))
        if self._date is not None:
            headers.append((b"last-modified", _http_date(self._date)))
        if has is not None:
            body = b""
        else:
            headers.append((b"content-length", str(len(body)).encode()))
            if body is kept.packed:
                headers.append((b"content-encoding", b"gzip"))
        if scope.get("method") == "HEAD":
            body = b""
        status = 200 if has is None else 304
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    @property
    def _date(self) -> datetime | None:
        """When it last changed; None within that second, whose end may bring another change."""
        at = self._kept.changed_at
        return at if at is not None and at <= self._now else None

    def _known(self, scope: Scope, etag: str) -> str | None:
        """The tag of what the other side has already and is still true, or None."""
        named = _header(scope, b"if-none-match")
        if named is not None:
            # Who has it unpacked has it, too; a date beside a tag says nothing.
            tags = (etag, self._kept.etag, self._kept.packed_etag)
            return next((tag for tag in tags if tag and etag_matches(named, tag)), None)
        since = _header(scope, b"if-modified-since")
        if since is None or self._date is None:
            return None
        return etag if unchanged_since(since, self._date, self._now) else None


@lru_cache(maxsize=1024)
def _http_date(at: datetime) -> bytes:
    return format_datetime(at.astimezone(UTC), usegmt=True).encode()


def _header(scope: Scope, wanted: bytes) -> str | None:
    """A header, all its lines in one; read from the raw ones, since few are wanted."""
    found = [value for name, value in scope["headers"] if name == wanted]
    return b",".join(found).decode("latin-1") if found else None


@dataclass(frozen=True, eq=False)
class ReadyAnswers:
    """The answers that this process keeps, each as long as its consultations keep their versions."""

    ledger: Ledger
    kept: KeptBytes = field(default_factory=KeptBytes)
    _building: dict[object, asyncio.Task[Bytes]] = field(default_factory=dict)

    async def ready(
        self,
        key: tuple[object, ...],
        build: Build,
        headers: Headers,
        consultations: Sequence[str] = (),
    ) -> ASGIApp:
        """The answer kept under `key`, or 304 for who has it; `build` makes it anew, in a thread.

        It is kept as long as `consultations` keep their versions and time alone doesn't change it.
        """
        now = self.ledger.now()
        seen = versions_at_once(self.ledger, consultations) if consultations else ()
        if seen is None:
            seen = await sync_to_thread(self._versions, consultations)
        found = self.kept.current(key, seen, now) or await self._built(key, seen, now, build)
        return ReadyAnswer(found, headers, now)

    def _versions(self, consultations: Sequence[str]) -> tuple[int, ...]:
        return tuple([version(self.ledger, one) for one in consultations])

    async def _built(
        self, key: tuple[object, ...], seen: object, now: datetime, build: Build
    ) -> Bytes:
        """Built once, however many ask for it at the same moment."""
        task = self._building.get((key, seen))
        if task is None:
            task = asyncio.create_task(sync_to_thread(self.kept.get, key, seen, now, build))
            self._building[key, seen] = task
            task.add_done_callback(lambda _: self._building.pop((key, seen), None))
        # One who hangs up doesn't end it for the others.
        return await asyncio.shield(task)


@dataclass(frozen=True, eq=False)
class Front:
    """What the public's pages and feeds stand on, as one value: see `booking.api.room.Api`."""

    settings: Settings
    pages: Pages
    answers: ReadyAnswers

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        return self.answers.ledger


TheFront = NamedDependency[SkipValidation[Front]]


def sent(headers: Mapping[str, str], media_type: str) -> Headers:
    """Headers as they go over the wire."""
    named = {"Content-Type": media_type, **headers}
    return [(name.lower().encode(), value.encode()) for name, value in named.items()]
