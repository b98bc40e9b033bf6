"""The composition root: puts store, desks, ledger, rooms and ticker together into one ASGI app."""

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router

from booking import api, feeds, staff, web
from booking.chance import Chance
from booking.clock import Clock, system_clock
from booking.desks import load
from booking.desks.catalogue import Catalogue
from booking.desks.current import CurrentDesks
from booking.desks.register import register_definitions
from booking.http import Pages
from booking.ledger.ledger import Ledger
from booking.passwords import Passwords, recommended
from booking.ready import Front, ReadyAnswers
from booking.settings import STATE_FOLDER, Settings, SettingsError, from_env, sealing_keys
from booking.signed_in import Telling
from booking.store import Store, open_store
from booking.store.engine import THREADS
from booking.web.frame import page_view
from notifications import line_page, staff_messages, webhooks
from notifications import pages as notification_pages
from notifications.health import figures, health
from notifications.ticker import Ticker

ROOT = Path(__file__).parent
REHEARSAL = "REHEARSAL_CLOCK"
LARGEST_FORM = 100_000


@dataclass(frozen=True)
class Installation:
    """Everything that one process stands on."""

    settings: Settings
    ledger: Ledger

    @property
    def store(self) -> Store:
        """The database."""
        return self.ledger.store


def install(
    settings: Settings,
    clock: Clock = system_clock,
    chance: Chance | None = None,
    passwords: Passwords | None = None,
) -> Installation:
    """Open the database and read the desk files. Raises SettingsError, DeskFileError."""
    catalogue: Catalogue = load(settings.desks)
    store = open_store(settings.database_url, sealing_keys(settings, STATE_FOLDER))
    ledger = Ledger(
        store,
        CurrentDesks(store, catalogue),
        clock,
        chance or Chance(),
        passwords or recommended(),
        settings.writes_by,
    )
    return Installation(settings, ledger)


def create_app(
    settings: Settings,
    clock: Clock = system_clock,
    chance: Chance | None = None,
    passwords: Passwords | None = None,
    *,
    ticking: bool = True,
) -> Litestar:
    """The ASGI app of an installation whose database is migrated (`booking db upgrade`)."""
    installation = install(settings, clock, chance, passwords)
    files = installation.ledger.desks.files
    register_definitions(installation.store, files, clock(), site=settings.base_url)
    return assemble(given_by(installation, ticking=ticking))


def given_by(installation: Installation, *, ticking: bool) -> dict[str, Any]:
    """What handlers ask for, by its name, as an installation has it."""
    ledger, settings, pages = installation.ledger, installation.settings, Pages(templates())
    return {
        "ledger": ledger,
        "settings": settings,
        "pages": pages,
        "front": Front(settings, pages, ReadyAnswers(ledger)),
        "frame": page_view,
        "telling": _telling(ledger),
        "api": _api(installation, ticking),
        "life": partial(_life, installation, ticking),
    }


def assemble(given: dict[str, Any]) -> Litestar:
    """The rooms' routes as one app, whose handlers find in `given` what they ask for.

    They look when they are asked: who moves another installation's things into `given` has that one
    served. It takes a third of a second, for some hundred routes.
    """
    return Litestar(
        route_handlers=[
            create_static_files_router(path="/static", directories=[ROOT / "static"]),
            *web.routes(),
            *staff.routes(),
            *api.routes(),
            *feeds.routes(),
            *notification_pages.routes(),
            *line_page.routes(),
            *webhooks.routes(),
            *staff_messages.routes(),
        ],
        dependencies={name: _from(given, name) for name in given},
        lifespan=[lambda _app: given["life"]()],
        request_max_body_size=LARGEST_FORM,
        # Litestar's own logging would write addresses down, and with them residents' tokens.
        logging_config=None,
        exception_handlers=api.at_own_addresses(web.exception_handlers(Pages(templates()))),
        openapi_config=OpenAPIConfig(
            title="Booking",
            version="1",
            path="/schema",
            components=api.components(),
            use_handler_docstrings=True,
            render_plugins=[JsonRenderPlugin()],
        ),
    )


def _api(installation: Installation, ticking: bool) -> api.Api:
    """The JSON room, which tells operators how telling goes without knowing notifications."""
    ledger = installation.ledger
    checks = {"notifications": lambda: health(ledger).ticking} if ticking else {}
    return api.Api(ledger, installation.settings, checks, lambda: figures(ledger))


def _telling(ledger: Ledger) -> Telling:
    """What the console shows of messages without knowing notifications."""
    return Telling(
        frame=partial(notification_pages.telling, ledger),
        failed=partial(staff_messages.failed, ledger),
        of_booking=partial(staff_messages.of_booking, ledger),
        noted=staff_messages.noted,
    )


def _from(given: dict[str, Any], name: str) -> Provide:
    return Provide(lambda: given[name], sync_to_thread=False)


@asynccontextmanager
async def _life(installation: Installation, ticking: bool) -> AsyncIterator[None]:
    # As many threads as connections: more would only wait for one another.
    workers = ThreadPoolExecutor(THREADS, thread_name_prefix="work")
    asyncio.get_running_loop().set_default_executor(workers)
    ticker = Ticker(installation.ledger, installation.settings) if ticking else None
    if ticker is not None:
        ticker.start()
    try:
        yield
    finally:
        if ticker is not None:
            ticker.stop()
        installation.store.close()


@cache
def templates() -> jinja2.Environment:
    """The templates of all rooms. Values are escaped; an optional name that is missing shows nothing."""
    folders = [ROOT / "templates", ROOT / "web/templates", ROOT / "staff/templates"]
    folders.append(ROOT.parent / "notifications/templates")
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def clock_from_env(settings: Settings) -> Clock:
    """The clock that `booking serve --at` asked for, or the system's. Raises SettingsError."""
    asked = os.environ.get(REHEARSAL)
    if not asked:
        return system_clock
    if settings.production:
        raise SettingsError("a rehearsal clock is refused in production")
    at, began = (datetime.fromisoformat(one) for one in asked.split(" "))
    # All workers, and a worker that is started again, show the same time.
    offset = at - began
    return lambda: system_clock() + offset


def from_environment() -> Litestar:
    """The app as the environment sets it: what granian's workers run."""
    settings = from_env()
    return create_app(settings, clock_from_env(settings))
