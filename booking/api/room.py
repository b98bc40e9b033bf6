"""What every answer of the API stands on, put together once in `app.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.types import ASGIApp

from booking.ledger.ledger import Ledger
from booking.ready import Build, ReadyAnswers
from booking.settings import Settings

# Figures by name; one that is split has a mapping from its labels, as Prometheus writes them.
Gauges = Mapping[str, float | Mapping[str, float]]
# Kept by browsers and proxies, but asked about each time: a 304 costs next to nothing.
REVALIDATED = b"no-cache"
JSON = b"application/json"


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
    gauges: Callable[[], Gauges] = dict
    answers: ReadyAnswers = field(init=False)

    def __post_init__(self) -> None:
        """Keep answers of our own."""
        object.__setattr__(self, "answers", ReadyAnswers(self.ledger))

    async def ready(
        self,
        key: tuple[object, ...],
        build: Build,
        *,
        watched: str | None = None,
        media_type: bytes = JSON,
        cache_control: bytes = REVALIDATED,
    ) -> ASGIApp:
        """The answer kept under `key`, or 304 for who has it; `build` makes it anew, in a thread.

        It is kept as long as the consultation `watched`, or DESK_CHANGES, keeps its version and time
        alone doesn't change it.
        """
        headers = [(b"content-type", media_type), (b"cache-control", cache_control)]
        return await self.answers.ready(key, build, headers, () if watched is None else (watched,))


TheApi = NamedDependency[SkipValidation[Api]]
