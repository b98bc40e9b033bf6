"""Where calendars are served: public feeds, and the file of one's own booking."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Request, Response, Router, route
from litestar.params import FromPath
from litestar.types import ASGIApp, ControllerRouterHandler

from booking.desks.catalogue import UnknownDesk
from booking.errors import NotFound
from booking.feeds.calendars import feed_of, next_change, public_feed
from booking.feeds.vevent import booking_calendar
from booking.http import READ, TheLedger, TheSettings
from booking.ledger import queries
from booking.ready import Front, TheFront, sent

CALENDAR = "text/calendar"  # Litestar adds the charset, UTF-8
PUBLIC = {"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff"}
PRIVATE = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
GONE = "この予約の予定ファイルはありません。時間が決まると、ご予約のページから受け取れます。\n"


@route("/feeds/{organisation:str}/{desk_file:str}", http_method=READ)
async def desk_feed(
    organisation: FromPath[str], desk_file: FromPath[str], front: TheFront
) -> ASGIApp:
    """The public feed of a desk."""
    return await _feed(f"{organisation}/{_stem(desk_file)}", front)


@route("/feeds/{organisation:str}/{desk:str}/{consultation_file:str}", http_method=READ)
async def consultation_feed(
    organisation: FromPath[str],
    desk: FromPath[str],
    consultation_file: FromPath[str],
    front: TheFront,
) -> ASGIApp:
    """The public feed of one consultation."""
    return await _feed(f"{organisation}/{desk}/{_stem(consultation_file)}", front)


@route("/b/{token:str}/booking.ics", http_method=READ, sync_to_thread=True)
def booking_file(
    request: Request[Any, Any, Any], token: FromPath[str], ledger: TheLedger, settings: TheSettings
) -> Response[bytes]:
    """The party's own entry, as it stands now: after a cancellation, the cancelled one."""
    booking = queries.by_token(ledger, token)
    if booking.starts_at is None:
        return Response(GONE.encode(), status_code=404, media_type="text/plain")
    body = booking_calendar(
        booking,
        method="PUBLISH",
        organizer=settings.mail_from,
        attendee=None,
        url=f"{settings.base_url}/b/{token}",
    )
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="yoyaku.ics"'}
    return Response(body, media_type=CALENDAR, headers=headers)


def _stem(name: str) -> str:
    if not name.endswith(".ics"):
        raise UnknownDesk(name)
    return name.removesuffix(".ics")


async def _feed(key: str, front: Front) -> ASGIApp:
    ledger = front.ledger
    # Its keys are the files' alone; the look at the database is for who builds it.
    feed = feed_of(ledger.desks.files, key)

    def build() -> tuple[bytes, datetime]:
        # Looked up again: what is kept under a version is no older than that version.
        until = next_change(ledger, feed_of(ledger.catalogue, key))
        return public_feed(ledger, front.settings, key), until

    name = key.rsplit("/", 1)[1]
    headers = {**PUBLIC, "Content-Disposition": f'inline; filename="{name}.ics"'}
    return await front.answers.ready(
        ("feed", key), build, sent(headers, f"{CALENDAR}; charset=utf-8"), feed.keys
    )


def not_found(_request: Request[Any, Any, Any], _error: Exception) -> Response[bytes]:
    """A plain 404: calendar programs show no page."""
    text = "このカレンダーはありません。\n"
    return Response(text.encode(), status_code=404, media_type="text/plain")


def routes() -> Sequence[ControllerRouterHandler]:
    """The calendars' routes."""
    return [
        Router(
            "/",
            route_handlers=[desk_feed, consultation_feed, booking_file],
            exception_handlers={UnknownDesk: not_found, NotFound: not_found},
            include_in_schema=False,
        )
    ]
