"""Answers that are kept ready as bytes: pages, JSON and feeds go out with no further ceremony."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.types import ASGIApp, Receive, Scope, Send

from booking.http import Bytes, KeptBytes, Pages, etag_matches
from booking.ledger.ledger import Ledger
from booking.ledger.revisions import version, version_at_once
from booking.settings import Settings

# What the builder of an answer gives: its bytes, and until when time alone leaves them true.
Build = Callable[[], tuple[bytes, datetime | None]]
Headers = Sequence[tuple[bytes, bytes]]


class ReadyAnswer:
    """Sends kept bytes, or 304 to who has them. An ASGI app, which Litestar takes as an answer.

    Building a Response takes longer than all else that a kept answer needs.
    """

    __slots__ = ("_headers", "_kept")

    def __init__(self, kept: Bytes, headers: Headers) -> None:
        """Send `kept` with `headers`, among them the media type."""
        self._kept = kept
        self._headers = [*headers, (b"etag", kept.etag.encode())]

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer a request."""
        body = self._kept.body
        headers = self._headers
        status = 304 if etag_matches(_if_none_match(scope), self._kept.etag) else 200
        if status == 304:
            body = b""
        else:
            headers = [*headers, (b"content-length", str(len(body)).encode())]
        if scope.get("method") == "HEAD":
            body = b""
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


def _if_none_match(scope: Scope) -> str | None:
    """The header, all its lines in one; read from the raw ones, since that's the only one wanted."""
    found = [value for name, value in scope["headers"] if name == b"if-none-match"]
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
        seen = tuple([await self._version(one) for one in consultations])
        found = self.kept.current(key, seen, now) or await self._built(key, seen, now, build)
        return ReadyAnswer(found, headers)

    async def _version(self, consultation: str) -> int:
        seen = version_at_once(self.ledger, consultation)
        if seen is None:
            seen = await sync_to_thread(version, self.ledger, consultation)
        return seen

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
