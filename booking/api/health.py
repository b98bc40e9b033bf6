"""For those who run the installation: is it alive, is it ready, and its figures for Prometheus."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

import msgspec
from litestar import Response, get
from litestar.types import ASGIApp

from booking.api.documents import documented
from booking.api.problems import problem, problem_response
from booking.api.room import Gauges, TheApi
from booking.ledger.figures import Figures, database_answers, figures

NOT_KEPT = {"Cache-Control": "no-store"}
PROMETHEUS = b"text/plain; version=0.0.4; charset=utf-8"
# Counting takes longer with every booking: often enough for a scraper, too seldom to be a burden.
COUNTED_EVERY = timedelta(seconds=10)


class Live(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Literal["live"] = "live"


class Ready(msgspec.Struct, frozen=True):
    """All parts are well."""

    checks: dict[str, bool]
    status: Literal["ready"] = "ready"


@get(
    "/health/live",
    **documented("live", "operations", Live, "The process answers."),
)
async def live() -> Response[Live]:
    """Whether the process answers at all; asks nothing of the database."""
    return Response(Live(), headers=NOT_KEPT)


@get(
    "/health/ready",
    sync_to_thread=True,
    **documented("ready", "operations", Ready, "All parts are well.", "not-ready"),
)
def ready(api: TheApi) -> Response[Any]:
    """Whether requests can be served: the database answers and is migrated, other parts are well."""
    checks = {"database": database_answers(api.ledger)}
    if checks["database"]:
        checks |= {name: check() for name, check in api.checks.items()}
    if all(checks.values()):
        return Response(Ready(checks), headers=NOT_KEPT)
    return problem_response(problem("not-ready", 503, checks=checks))


@get(
    "/metrics",
    **documented(
        "metrics",
        "operations",
        str,
        "Figures, none of them about a person.",
        media_type="text/plain",
    ),
)
async def metrics(api: TheApi) -> ASGIApp:
    """Figures in Prometheus' text format, counted anew every ten seconds at most."""

    def build() -> tuple[bytes, Any]:
        text = metrics_text(figures(api.ledger), api.gauges())
        return text.encode(), api.ledger.now() + COUNTED_EVERY

    return await api.ready(("metrics",), build, media_type=PROMETHEUS, cache_control=b"no-store")


def metrics_text(found: Figures, gauges: Gauges) -> str:
    """The figures in Prometheus' text format 0.0.4; `gauges` are named without the prefix."""
    lines = _gauge(
        "bookings",
        "Bookings by status.",
        {f'{{status="{status.value}"}}': count for status, count in found.bookings.items()},
    )
    lines += _gauge("waiting_requests", "Requests that wait for staff.", {"": found.waiting})
    lines += _gauge("longest_wait_seconds", "How long one has waited.", {"": found.longest_wait})
    lines += _gauge("unread_facts", "Facts nobody was told of yet.", {"": found.unread_facts})
    for name, value in sorted(gauges.items()):
        values = value if isinstance(value, Mapping) else {"": value}
        lines += _gauge(name, name.replace("_", " ").capitalize() + ".", values)
    return "\n".join(lines) + "\n"


def _gauge(name: str, meaning: str, values: Mapping[str, float]) -> list[str]:
    return [
        f"# HELP booking_{name} {meaning}",
        f"# TYPE booking_{name} gauge",
        *(f"booking_{name}{labels} {value:g}" for labels, value in values.items()),
    ]
