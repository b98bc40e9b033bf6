"""What every test may ask for: databases, a browser, a mail server.

The imports are in the fixtures, so that the rules about time are tested within a second.
"""

import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.support.run import Run

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.mailbox import Mailbox

RUN = pytest.StashKey[Run]()

# The machine's pace is no property of ours; and what CI says has to be repeatable.
settings.register_profile(
    "booking", deadline=None, derandomize="BOOKING_TEST_REQUIRE" in os.environ
)
settings.load_profile("booking")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the main process, which workers inherit the run from
        config.stash[RUN] = Run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN not in config.stash:
        return
    if "BOOKING_TEST_PG_URL" in os.environ:
        from tests.support.databases import drop_postgresql_template

        drop_postgresql_template()
    config.stash[RUN].end()


def pytest_report_header() -> str:
    return f"local time zone: {'/'.join(time.tzname)} (TZ={os.environ.get('TZ', 'unset')})"


@pytest.hookimpl(tryfirst=True)  # before -m picks by these marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def drives_a_browser(item: pytest.Item) -> bool:
        return "browser" in getattr(item, "fixturenames", ())

    for item in items:
        if drives_a_browser(item):
            item.add_marker("e2e")
        if "postgresql_url" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """The longest tests begin, so that none of them is left to run alone when all others are over."""
    if item.get_closest_marker("e2e"):
        # Playwright leaves its event loop running in the thread, and asyncio.run() then refuses
        # to start another: so the browser's tests come last, and of them the longest first.
        return 3 if "journeys" in item.path.parts else 4
    if "races" in item.path.parts:
        return 0
    return 1 if item.get_closest_marker("slow") else 2


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One worker more than `-n auto` finds processors: some wait for a server that is starting."""
    processors = yield
    return processors + 1


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A migrated SQLite database of the test's own."""
    from tests.support.databases import sqlite_copy

    return sqlite_copy(tmp_path)


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """A migrated PostgreSQL database of the test's own."""
    from tests.support.databases import postgresql_copy

    with postgresql_copy() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of the test's own; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Debian's Chromium; `tests.support.browser.open_page` opens pages in it."""
    from tests.support.browser import running_browser

    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def smtp_server() -> "Iterator[Mailbox]":
    """A mail server; what it was given is in `.received`, and it listens at `.url`."""
    from tests.support.mailbox import running_mailbox

    with running_mailbox() as mailbox:
        yield mailbox
