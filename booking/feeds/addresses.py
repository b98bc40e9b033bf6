"""Where calendars are served: public feeds, and the file of one's own booking."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from functools import lru_cache
from typing import Any

from litestar import Request, Response, Router, route
from litestar.params import FromPath, FromQuery
from litestar.types import ASGIApp, ControllerRouterHandler

from booking.desks.catalogue import UnknownDesk
from booking.errors import NotFound
from booking.feeds.calendars import SHOWS, Feed, Written, calendar_file, feed_of
from booking.feeds.changes import changes_feed
from booking.feeds.objects import entries_json
from booking.feeds.open_data import open_data
from booking.feeds.vevent import booking_calendar
from booking.http import READ, Built, TheLedger, TheSettings
from booking.ledger import queries
from booking.ledger.public_entries import Listing, listing, next_day
from booking.ledger.revisions import DESK_CHANGES
from booking.ready import Front, Headers, TheFront, sent
from booking.settings import Settings

CALENDAR = "text/calendar"  # Litestar adds the charset, UTF-8
PUBLIC = {"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff"}
PRIVATE = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
# Feeds of programs' own, with a token in the address, say `noindex` themselves: the services that
# fetch them obey this file, and could not be subscribed to them.
ROBOTS = b"""\
User-agent: *
Allow: /feeds/
Disallow: /b/
Disallow: /staff/
"""
GONE = "この予約の予定ファイルはありません。時間が決まると、ご予約のページから受け取れます。\n"


@route("/feeds/{organisation_file:str}", http_method=READ)
async def organisation_feed(
    organisation_file: FromPath[str], front: TheFront, show: FromQuery[str | None] = None
) -> ASGIApp:
    """The public feed of an organisation."""
    return await _feed(organisation_file, front, show)


@route("/feeds/{organisation:str}/{desk_file:str}", http_method=READ)
async def desk_feed(
    organisation: FromPath[str],
    desk_file: FromPath[str],
    front: TheFront,
    show: FromQuery[str | None] = None,
) -> ASGIApp:
    """The public feed of a desk."""
    return await _feed(f"{organisation}/{desk_file}", front, show)


@route("/feeds/{organisation:str}/{desk:str}/{consultation_file:str}", http_method=READ)
async def consultation_feed(
    organisation: FromPath[str],
    desk: FromPath[str],
    consultation_file: FromPath[str],
    front: TheFront,
    show: FromQuery[str | None] = None,
) -> ASGIApp:
    """The public feed of one consultation."""
    return await _feed(f"{organisation}/{desk}/{consultation_file}", front, show)


@route("/robots.txt", http_method=READ, sync_to_thread=False)
def robots() -> Response[bytes]:
    """What programs may fetch: calendars are fetched by programs, and only by them."""
    headers = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return Response(ROBOTS, media_type="text/plain", headers=headers)


@route("/b/{token:str}/booking.ics", http_method=READ, sync_to_thread=True)
def booking_file(
    request: Request[Any, Any, Any], token: FromPath[str], ledger: TheLedger, settings: TheSettings
) -> Response[bytes]:
    """The party's own entry, as it stands now: after a cancellation, the cancelled one."""
    booking = queries.by_token(ledger, token)
    if booking.calendar_starts_at is None:
        return _plain(GONE, 404)
    organisation = ledger.catalogue.organisations.get(booking.consultation.partition("/")[0])
    name = organisation.sender if organisation else ""
    body = booking_calendar(
        booking,
        method="PUBLISH",
        organizer=Address(name, addr_spec=settings.mail_from),
        attendee=None,
        url=f"{settings.base_url}/b/{token}",
    )
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="yoyaku.ics"'}
    return Response(body, media_type=CALENDAR, headers=headers)


@dataclass(frozen=True)
class Form:
    """One form of a feed: its media type, how it is offered, and what writes it."""

    media_type: str
    disposition: str
    write: Callable[[Feed, Listing, Settings], Written]


def _whole(
    write: Callable[[Feed, Listing, Settings], bytes],
) -> Callable[[Feed, Listing, Settings], Written]:
    """Of a form that shows all that is listed: it changes when the listing does."""
    return lambda feed, listed, settings: Written(write(feed, listed, settings), listed.changed_at)


FORMS: Mapping[str, Form] = {
    "ics": Form(f"{CALENDAR}; charset=utf-8", "inline", calendar_file),
    "csv": Form("text/csv; charset=utf-8", "attachment", open_data),
    "rss": Form("application/rss+xml; charset=utf-8", "inline", _whole(changes_feed)),
    "json": Form("application/json", "inline", _whole(entries_json)),
}


async def _feed(file: str, front: Front, show: str | None) -> ASGIApp:
    key, _, ending = file.rpartition(".")
    form = FORMS.get(ending)
    if form is None:
        raise UnknownDesk(file)
    if show is not None and show not in SHOWS:
        raise UnknownShow
    ledger = front.ledger
    # Its keys are the files' alone; the look at the database is for who builds it.
    feed = feed_of(ledger.desks.files, key, show)

    def build() -> Built:
        # Looked up again: what is kept under a version is no older than that version.
        current, now = feed_of(ledger.catalogue, key, show), ledger.now()
        listed = listing(ledger, current.parts, current.kind)
        body, changed_at = form.write(current, listed, front.settings)
        return Built(body, next_day(current.parts, now), changed_at, packs=True)

    versions = [*dict.fromkeys(feed.desk_keys)]
    if not all(part.desk.consultations for part in feed.parts):
        # Staff's changes of a desk without consultations raise no other version.
        versions.append(DESK_CHANGES)
    return await front.answers.ready(
        ("feed", key, ending, show), build, _headers(key.rsplit("/", 1)[-1], ending), versions
    )


@lru_cache(maxsize=1024)
def _headers(name: str, ending: str) -> Headers:
    form = FORMS[ending]
    said = f'{form.disposition}; filename="{name}.{ending}"'
    return sent({**PUBLIC, "Content-Disposition": said}, form.media_type)


class UnknownShow(ValueError):
    """A feed was asked to show what no feed shows."""


def bad_request(_request: Request[Any, Any, Any], _error: Exception) -> Response[bytes]:
    """A plain 400 that names what can be asked for."""
    text = "show は sessions（開催日）か hours（受付時間）を指定してください。\n"
    return _plain(text, 400)


def not_found(_request: Request[Any, Any, Any], _error: Exception) -> Response[bytes]:
    """A plain 404: calendar programs show no page."""
    text = "このカレンダーはありません。\n"
    return _plain(text, 404)


def _plain(text: str, status: int) -> Response[bytes]:
    """What no program keeps: tomorrow there may be a calendar."""
    headers = {**PRIVATE, "Cache-Control": "no-store"}
    return Response(text.encode(), status_code=status, media_type="text/plain", headers=headers)


def routes() -> Sequence[ControllerRouterHandler]:
    """The calendars' routes."""
    return [
        Router(
            "/",
            route_handlers=[organisation_feed, desk_feed, consultation_feed, robots, booking_file],
            exception_handlers={
                UnknownDesk: not_found,
                NotFound: not_found,
                UnknownShow: bad_request,
            },
            include_in_schema=False,
        )
    ]
