"""Debian's Chromium, driven the way a resident or a clerk uses a page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.run import missing

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = 390, 1280
# A busy machine may take its time; nobody waits longer than it needs.
PATIENCE_MILLISECONDS = 60_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A Chromium for as long as the block lasts. Skips where there is none."""
    program = shutil.which("chromium")
    if program is None:
        missing("there is no chromium: `make test` installs it or says how to")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def open_page(
    browser: Browser, url: str | None = None, *, width: int = PHONE, javascript: bool = False
) -> Iterator[Page]:
    """A page without cookies, and without JavaScript unless asked for: none may be needed."""
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        java_script_enabled=javascript,
        locale="ja-JP",
    )
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    try:
        page = context.new_page()
        if url is not None:
            page.goto(url)
        yield page
    finally:
        context.close()
