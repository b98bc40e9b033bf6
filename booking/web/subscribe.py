"""How to have the dates of a town, a desk or a consultation in one's own calendar, and what to expect."""

from typing import Any

from litestar import Request, Response, route
from litestar.params import FromPath

from booking.http import READ, Pages, TheLedger, ThePages, TheSettings
from booking.ledger.ledger import Ledger
from booking.settings import Settings
from booking.subscribing import qr_svg, subscription
from booking.web.desks import feeds
from booking.web.frame import View, page_view

# What each program does, as its makers or its users say: it is they who decide when to look.
# Google's hours are reports; it shows no cancelled entry, others strike it through or only show its title.
PROGRAMS: tuple[View, ...] = (
    {
        "name": "iPhone・iPad・Mac",
        "late": "数分から1日（設定した間隔。多くは1時間か1日）",
        "cancelled": "取り消し線がつくか、題に【中止】と出ます。",
    },
    {
        "name": "Googleカレンダー（Android）",
        "late": "4時間から1日ほど。すぐに更新するボタンはありません",
        "cancelled": "予定が消えるか、題に【中止】と出ます。",
    },
    {
        "name": "Outlook",
        "late": "1時間から1日",
        "cancelled": "ふつうの予定のまま、題に【中止】と出ます。",
    },
    {
        "name": "Thunderbird",
        "late": "設定した間隔（はじめは30分）。「同期」ですぐに更新できます",
        "cancelled": "取り消し線がつき、題に【中止】と出ます。",
    },
    {
        "name": "予定ファイル（.ics）",
        "late": "更新されません",
        "cancelled": "取り込んだ予定は、そのまま残ります。",
    },
)


@route("/{organisation:str}/calendar", http_method=READ, sync_to_thread=True)
def organisation_calendar(
    request: Request[Any, Any, Any],
    organisation: FromPath[str],
    ledger: TheLedger,
    pages: ThePages,
    settings: TheSettings,
) -> Response[bytes]:
    """How to subscribe to the calendar of all desks of a town."""
    found = ledger.catalogue.organisation(organisation)
    name = f"{found.name}の相談窓口すべて"
    return _page(request, ledger, pages, settings, found.key, name)


@route("/{organisation:str}/{desk:str}/calendar", http_method=READ, sync_to_thread=True)
def desk_calendar(
    request: Request[Any, Any, Any],
    organisation: FromPath[str],
    desk: FromPath[str],
    ledger: TheLedger,
    pages: ThePages,
    settings: TheSettings,
) -> Response[bytes]:
    """How to subscribe to a desk's calendar."""
    found = ledger.catalogue.desk(f"{organisation}/{desk}")
    name = found.short_name or found.name
    return _page(request, ledger, pages, settings, found.key, name)


@route(
    "/{organisation:str}/{desk:str}/{consultation:str}/calendar",
    http_method=READ,
    sync_to_thread=True,
)
def consultation_calendar(
    request: Request[Any, Any, Any],
    organisation: FromPath[str],
    desk: FromPath[str],
    consultation: FromPath[str],
    ledger: TheLedger,
    pages: ThePages,
    settings: TheSettings,
) -> Response[bytes]:
    """How to subscribe to a consultation's calendar."""
    found = ledger.catalogue.consultation(f"{organisation}/{desk}/{consultation}")
    return _page(request, ledger, pages, settings, found.key, found.name)


def _page(
    request: Request[Any, Any, Any],
    ledger: Ledger,
    pages: Pages,
    settings: Settings,
    key: str,
    name: str,
) -> Response[bytes]:
    organisation = ledger.catalogue.organisation_of(key)
    found = [one for one in organisation.desks if one.key == "/".join(key.split("/")[:2])]
    desks = found or organisation.desks
    view = page_view(request, ledger, organisation=organisation, desk=found[0] if found else None)
    here = f"{settings.base_url}/{key}/calendar"
    https = f"{settings.base_url}/feeds/{key}.ics"
    held = [one for desk in desks for one in desk.consultations if one.openings]
    sessions = any(f"{one.key}/".startswith(f"{key}/") for one in held)
    # Without days of its own a calendar has the hours anyway; a consultation's are its desk's.
    hours = sessions and key.count("/") < 2 and any(one.hours for one in desks)
    view |= {
        "of": {"name": name, "href": f"/{key}"},
        "has_sessions": sessions,
        "feeds": feeds(key, settings),
        "subscription": subscription(https),
        "hours": subscription(f"{https}?show=hours") if hours else None,
        # Of this page, not of the feed: a telephone's camera opens a page, whatever telephone it is.
        "qr": qr_svg(here),
        "programs": PROGRAMS,
    }
    return pages.render("calendar.html", view, private=False)
