"""Makes the README's pictures of the real pages: `make screenshots`. The people are invented."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from booking.ledger import access
from booking.store.migrate import upgrade
from tests.support.browser import open_page, running_browser
from tests.support.house import LEGAL, NEXT_SESSION, SESSION, House, a_house
from tests.support.server import Server

PICTURES = Path(__file__).parents[1] / "pictures"
LOGIN, PASSWORD = "sato", "only for pictures"


def main() -> None:
    """Fill a database with invented parties, serve it, and take the pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/booking.db"
        upgrade(url)
        with a_house(url) as house:
            fill(house)
        with Server(url, folder) as server, running_browser() as browser:
            resident(browser, server.url)
            staff(browser, server.url)
    print(
        f"{PICTURES.relative_to(Path.cwd())}: {', '.join(sorted(p.name for p in PICTURES.iterdir()))}"
    )


def fill(house: House) -> None:
    """A plausible week before a session."""
    access.add_staff(house.ledger, LOGIN, PASSWORD, name="佐藤", organisation="shibukawa")
    house.enter(slot=f"{SESSION}T09:00", name="青木 一郎", kana="あおき いちろう")
    house.enter(slot=f"{SESSION}T10:30", name="石田 良子", kana="いしだ よしこ")
    house.request(wish="11:15", name="上野 太郎", kana="うえの たろう")
    house.request(date=NEXT_SESSION, name="江川 桜", kana="えがわ さくら")
    house.enter(slot=f"{NEXT_SESSION}T09:45", name="岡 健", kana="おか けん")


def resident(browser: Browser, url: str) -> None:
    """The dates, as a phone shows them."""
    with open_page(browser, f"{url}/{LEGAL}", width=420) as page:
        page.screenshot(path=PICTURES / "resident.png")


def staff(browser: Browser, url: str) -> None:
    """The page for the caller on the line."""
    with open_page(browser, f"{url}/staff/login", width=1366, javascript=True) as page:
        page.set_viewport_size({"width": 1366, "height": 768})
        page.fill("[name=login]", LOGIN)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.goto(f"{url}/staff/phone?consultation={LEGAL}")
        page.fill("[name=kana]", "たかさき はなこ")
        page.fill("[name=name]", "髙﨑 花子")
        page.fill("[name=phone]", "090-1234-5678")
        page.fill("[name=residence]", "渋川市石原")
        page.screenshot(path=PICTURES / "staff.png")


if __name__ == "__main__":
    main()
