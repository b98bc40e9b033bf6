"""The road in a real browser without JavaScript, against a real server and a real mail server."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from booking.ledger import access
from tests.support.browser import open_page
from tests.support.house import LEGAL, SESSION, a_house
from tests.support.mailbox import Mail, Mailbox
from tests.support.road import text_of
from tests.support.server import Server

NARROW = 320
LOGIN, PASSWORD = "sato", "a password for tests"


@contextmanager
def a_town_hall(database_url: str, folder: Path, mailbox: Mailbox) -> Iterator[Server]:
    """A server with one clerk."""
    with a_house(database_url) as house:
        access.add_staff(house.ledger, LOGIN, PASSWORD, name="佐藤")
    environment = {"BOOKING_MAIL_URL": mailbox.url}
    with Server(database_url, folder, environment=environment) as server:
        yield server


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def press_enter(page: Page) -> None:
    """Press Enter, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page: Page, selector: str, text: str) -> None:
    """Reach a field by keyboard and type."""
    tab_to(page, selector)
    page.keyboard.insert_text(text)


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def wait_for_mails(mailbox: Mailbox, count: int) -> list[Mail]:
    """The mails, once there are so many."""
    until = time.monotonic() + 60
    while len(mailbox.received) < count and time.monotonic() < until:
        time.sleep(0.1)
    assert len(mailbox.received) == count
    return mailbox.received


def test_a_resident_books_by_keyboard_on_a_narrow_phone_and_a_clerk_confirms(
    sqlite_url: str, tmp_path: Path, smtp_server: Mailbox, browser: Browser
) -> None:
    with a_town_hall(sqlite_url, tmp_path, smtp_server) as server:
        with open_page(browser, f"{server.url}/shibukawa/lawyer", width=NARROW) as page:
            assert fits(page)
            tab_to(page, f"a[href='/{LEGAL}'].button")
            press_enter(page)
            assert fits(page)
            tab_to(page, f"a[href$='date={SESSION}']")
            press_enter(page)
            tab_to(page, "input[name=time]")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowDown")
            type_into(page, "[name=name]", "試験 花子")
            type_into(page, "[name=kana]", "シケン ハナコ")
            type_into(page, "[name=phone]", "０９０ー１２３４ー５６７８")
            tab_to(page, "button[value=check]")
            assert fits(page)
            press_enter(page)

            expect(page.locator("#error-summary")).to_contain_text("1件の誤り")
            expect(page.locator("[name=name]")).to_have_value("試験 花子")
            assert fits(page)
            type_into(page, "[name=residence]", "渋川市石原")
            type_into(page, "[name=email]", "hanako@example.jp")
            tab_to(page, "button[value=check]")
            press_enter(page)
            tab_to(page, "button[value=send]")
            assert fits(page)
            press_enter(page)

            expect(page.locator(".state-word")).to_have_text("仮の受付")
            reference = page.locator(".reference b").inner_text()
            own = urlsplit(page.url).path
            assert fits(page)
            page.reload()
            assert page.locator(".reference b").inner_text() == reference
        (receipt,) = wait_for_mails(smtp_server, 1)
        assert reference in text_of(receipt)

        with open_page(browser, f"{server.url}/staff/", width=1366) as page:
            page.fill("[name=login]", LOGIN)
            page.fill("[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.click(f"text={reference}")
            expect(page.locator("main")).to_contain_text("試験 花子")
            page.check("[name=confirm_how][value=call]")
            page.click("button:has-text('確定する')")
            expect(page.locator("main")).to_contain_text("確定")
        assert "確定" in text_of(wait_for_mails(smtp_server, 2)[1])

        with open_page(browser, f"{server.url}{own}", width=NARROW) as page:
            expect(page.locator(".state-word")).to_have_text("確定")
            page.click("a:has-text('予約を取り消す')")
            page.click("button:has-text('予約を取り消す')")
            expect(page.locator(".state-word")).to_have_text("取消")
        assert "取り消" in text_of(wait_for_mails(smtp_server, 3)[2])


def test_a_double_click_with_javascript_sends_once(
    sqlite_url: str, tmp_path: Path, smtp_server: Mailbox, browser: Browser
) -> None:
    with (
        a_town_hall(sqlite_url, tmp_path, smtp_server) as server,
        open_page(browser, f"{server.url}/{LEGAL}/book?date={SESSION}", javascript=True) as page,
    ):
        page.fill("[name=name]", "試験 花子")
        page.fill("[name=kana]", "しけん はなこ")
        page.fill("[name=phone]", "090-1234-5678")
        page.fill("[name=residence]", "渋川市")
        page.click("button[value=check]")
        posts: list[str] = []
        page.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)
        page.dblclick("button[value=send]")
        expect(page.locator(".state-word")).to_have_text("仮の受付")

        assert len(posts) == 1
