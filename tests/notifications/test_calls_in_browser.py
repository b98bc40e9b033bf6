"""電話リスト and messages in a real browser: a key an outcome, and every page on a phone's width."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from notifications.channels.call_list import Outcome, calls, record
from notifications.channels.channel import NotSent
from tests.support.browser import PHONE, open_page
from tests.support.clerk import at_the_console
from tests.support.house import NEXT_SESSION, SESSION, a_house
from tests.support.server import Server
from tests.support.telling import MAIL, STAFF, Teller, confirmed, say


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """`booking serve` with two parties to be phoned and one whom nobody reached; its reference."""
    from tests.support.databases import sqlite_copy

    folder = tmp_path_factory.mktemp("calls")
    url = sqlite_copy(folder)
    with a_house(url) as house, at_the_console(house):
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-550", for_good=True)
        lost = confirmed(house, how="mail", email=MAIL, name="石田 良子")
        teller.tick()
        for number in range(3):
            (call,) = calls(house.ledger, STAFF)
            record(house.ledger, call.id, Outcome.ABSENT, actor=STAFF, seen_tries=number)
        confirmed(house, how="mail", at=f"{SESSION} 10:30", name="上野 太郎")
        careful = confirmed(
            house, how="mail", at=f"{NEXT_SESSION} 09:00", date=NEXT_SESSION, name="江川 桜"
        )
        say(house, careful.id, named=False, voicemail=False)
        teller.tick()
    with Server(url, Path(folder)) as server:
        yield server, lost.reference


def signed_in(page: Page, server: Server) -> None:
    cookie = {"name": "staff", "value": "cookie-of-sato", "url": server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def test_nothing_is_cut_off_on_a_phone(browser: Browser, served: tuple[Server, str]) -> None:
    """The first page with a failure, the booking with its messages, the call list."""
    server, reference = served
    with open_page(browser, width=PHONE) as page:
        signed_in(page, server)
        for path in ("/staff/", f"/staff/bookings/{reference}", "/staff/calls"):
            page.goto(f"{server.url}{path}")
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, path


def test_a_key_notes_the_outcome_of_the_row_that_one_is_in(
    browser: Browser, served: tuple[Server, str]
) -> None:
    """And of no other, nor of any while one is elsewhere on the page."""
    server, _ = served
    with open_page(browser, width=1366, javascript=True) as page:
        signed_in(page, server)
        page.goto(f"{server.url}/staff/calls")
        expect(page.locator("[data-call-row]")).to_have_count(2)
        page.locator("main").focus()
        page.keyboard.press("Alt+1")
        page.wait_for_timeout(300)
        expect(page.locator("[data-call-row]")).to_have_count(2)

        page.locator("[data-call-row]", has_text="江川 桜").locator("a.tel").focus()
        page.keyboard.press("Alt+1")

        expect(page.locator(".banner")).to_contain_text("お伝え済みとして記録しました。")
        expect(page.locator("[data-call-row]")).to_have_count(1)
        expect(page.locator("[data-call-row]")).to_contain_text("上野 太郎")
