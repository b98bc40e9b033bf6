"""The phone page in a real browser: no mouse, one screen, with the script and without."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import open_page
from tests.support.clerk import at_the_console
from tests.support.house import a_house
from tests.support.server import Server

OFFICE = {"width": 1366, "height": 768}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`booking serve`, with 佐藤 signed in."""
    from tests.support.databases import sqlite_copy

    folder = tmp_path_factory.mktemp("console")
    url = sqlite_copy(folder)
    with a_house(url) as house, at_the_console(house):
        house.request(slot="2026-12-19T09:00", kana="たかさき はなこ")
    with Server(url, Path(folder)) as server:
        yield server


@contextmanager
def at_the_phone(browser: Browser, served: Server, *, javascript: bool) -> Iterator[Page]:
    """The phone page on an office's screen."""
    with open_page(browser, javascript=javascript) as page:
        page.set_viewport_size(OFFICE)  # type: ignore[arg-type]
        cookie = {"name": "staff", "value": "cookie-of-sato", "url": served.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(f"{served.url}/staff/phone")
        yield page


def _fits(page: Page) -> bool:
    return bool(
        page.evaluate(
            "['html', '.caller', '.board'].every((name) => { const it = document.querySelector(name);"
            " return it.scrollHeight <= it.clientHeight && it.scrollWidth <= it.clientWidth })"
        )
    )


def test_a_call_goes_from_the_first_word_to_the_number_by_enter(
    browser: Browser, served: Server
) -> None:
    with at_the_phone(browser, served, javascript=True) as page:
        assert _fits(page)
        for typed in ("あおき みどり", "青木 緑", "09011112222", "渋川市石原", "", "", ""):
            page.keyboard.type(typed)
            page.keyboard.press("Enter")
        expect(page.locator("[data-read-text]")).to_have_text(
            "お名前・電話番号・日時がそろうと、ここに出ます。"
        )
        for key in ("Alt+R", "Alt+R", "Alt+N", "Alt+J", "Alt+M"):
            page.keyboard.press(key)
        page.keyboard.press("Alt+3")
        expect(page.locator("[data-read-text]")).to_contain_text(
            "青木 緑様、令和8年12月19日（土）午前11時15分から45分"
        )
        page.keyboard.press("Enter")
        expect(page.locator("[data-enter]")).to_be_focused()
        expect(page.locator("[data-read-text]")).to_contain_text("090-1111-2222")
        assert _fits(page)
        page.keyboard.press("Enter")
        expect(page.locator(".banner")).to_contain_text("をお伝えください")
        expect(page.locator(".cautions")).to_contain_text(
            "伝言を残さない メールしない 電話は午前に"
        )
        page.keyboard.press("Enter")
        expect(page.locator("#f-kana")).to_be_focused()


def test_the_phone_page_is_one_screen_also_when_the_top_takes_two_lines(
    browser: Browser, served: Server
) -> None:
    """As it does while it says that messages have stopped."""
    with at_the_phone(browser, served, javascript=True) as page:
        page.evaluate(
            "document.querySelector('.notify').textContent = '通知が止まっています。'.repeat(4)"
        )
        assert page.evaluate("document.querySelector('.staff-top').clientHeight") > 80
        assert _fits(page)


def test_who_called_before_is_seen_by_one_key(browser: Browser, served: Server) -> None:
    with at_the_phone(browser, served, javascript=True) as page:
        page.keyboard.type("タカサキ　ハナコ")
        page.keyboard.press("F2")
        expect(page.locator(".found")).to_contain_text("以前の予約 1件（今年度 1件）")
        expect(page.locator("#f-kana")).to_have_value("タカサキ　ハナコ")
        assert _fits(page)


def test_without_the_script_enter_checks_and_then_keeps(browser: Browser, served: Server) -> None:
    with at_the_phone(browser, served, javascript=False) as page:
        page.fill("#f-kana", "きのした ひかる")
        page.fill("#f-name", "木下 光")
        page.check("input[name=slot] >> nth=4")
        page.fill("#f-phone", "0279-22-2130")
        page.keyboard.press("Enter")
        expect(page.locator(".read")).to_contain_text("「木下 光様、令和9年1月16日（土）")
        page.keyboard.press("Enter")
        expect(page.locator(".banner")).to_contain_text("をお伝えください")
