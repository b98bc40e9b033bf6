"""What every answer of the API stands on, put together once in `app.py`."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.types import ASGIApp

from booking.api.ready import ReadyAnswer
from booking.http import Bytes, KeptBytes
from booking.ledger.ledger import Ledger
from booking.ledger.revisions import version, version_at_once
from booking.settings import Settings

# Kept by browsers and proxies, but asked about each time: a 304 costs next to nothing.
REVALIDATED = b"no-cache"
JSON = b"application/json"
Build = Callable[[], tuple[bytes, datetime | None]]


@dataclass(frozen=True, eq=False)
class Api:
    """Ledger, settings, and the answers kept ready.

    One value and not four: Litestar starts a group of tasks for a handler with several dependencies,
    which costs more than a kept answer does.

    `checks` tell by name whether some other part is well, and `gauges` give further figures for
    /metrics; both are called in a thread.
    """

    ledger: Ledger
    settings: Settings
    checks: Mapping[str, Callable[[], bool]] = field(default_factory=dict)
    gauges: Callable[[], Mapping[str, float]] = dict
    kept: KeptBytes = field(default_factory=KeptBytes)
    _building: dict[object, asyncio.Task[Bytes]] = field(default_factory=dict)

    async def ready(
        self,
        key: tuple[object, ...],
        build: Build,
        *,
        consultation: str | None = None,
        media_type: bytes = JSON,
        cache_control: bytes = REVALIDATED,
    ) -> ASGIApp:
        """The answer kept under `key`, or 304 for who has it; `build` makes it anew, in a thread.

        It is kept as long as `consultation` keeps its version and time alone doesn't change it.
        """
        now, seen = self.ledger.now(), 0
        if consultation is not None:
            # At once where that is possible: on SQLite some ten microseconds, a tenth of what a
            # thread would cost.
            known = version_at_once(self.ledger, consultation)
            if known is None:
                known = await sync_to_thread(version, self.ledger, consultation)
            seen = known
        found = self.kept.current(key, seen, now) or await self._built(key, seen, now, build)
        return ReadyAnswer(found, media_type, cache_control)

    async def _built(
        self, key: tuple[object, ...], seen: int, now: datetime, build: Build
    ) -> Bytes:
        """Built once, however many ask for it at the same moment."""
        task = self._building.get((key, seen))
        if task is None:
            task = asyncio.create_task(sync_to_thread(self.kept.get, key, seen, now, build))
            self._building[key, seen] = task
            task.add_done_callback(lambda _: self._building.pop((key, seen), None))
        # One who hangs up doesn't end it for the others.
        return await asyncio.shield(task)


TheApi = NamedDependency[SkipValidation[Api]]
