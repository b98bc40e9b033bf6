"""How residents subscribe to a calendar (point 22): every way there is, and what to expect of it."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from litestar.testing import TestClient
from playwright.sync_api import Browser, expect

from tests.support.browser import open_page
from tests.support.house import INTERVIEW, LEGAL, House, a_house
from tests.support.server import Server

DESK = "shibukawa/lawyer"


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    """The shipped desks."""
    with a_house(sqlite_url) as made:
        yield made


@pytest.mark.parametrize("key", ["shibukawa", "osaka", DESK, LEGAL, "osaka/net-harmony", INTERVIEW])
def test_point_22_every_way_to_subscribe_is_there_and_leads_to_a_calendar(
    house: House, key: str
) -> None:
    https = f"http://127.0.0.1:8000/feeds/{key}.ics"
    webcal = https.replace("http://", "webcal://")
    with house.client() as client:
        page = page_of(client, key)
        links = [unescape(one) for one in re.findall(r'href="([^"]+)"', page)]

        assert client.get(f"/feeds/{key}.ics").text.startswith("BEGIN:VCALENDAR")
    assert webcal in links
    assert https in links  # the single file
    assert f'value="{https}" readonly' in page
    (google,) = [one for one in links if one.startswith("https://calendar.google.com/")]
    assert parse_qs(urlsplit(google).query) == {"cid": [webcal]}
    assert len(google) < 256
    assert 'class="segno"' in page
    assert "Googleカレンダーでは、1日ほど遅れることがあります" in page


def page_of(client: TestClient, key: str) -> str:  # type: ignore[type-arg]
    answer = client.get(f"/{key}/calendar")
    assert answer.status_code == 200
    assert "style=" not in answer.text
    assert "target=" not in answer.text
    return answer.text


def test_a_desk_with_sessions_offers_its_hours_beside_them(house: House) -> None:
    address = f"http://127.0.0.1:8000/feeds/{DESK}.ics?show=hours"
    with house.client() as client:
        assert f'value="{address}" readonly' in page_of(client, DESK)
        assert "BEGIN:VEVENT" in client.get(address).text
        assert "show=hours" in page_of(client, "shibukawa")
        for key in (LEGAL, "osaka/net-harmony", "osaka"):  # the desk's; has nothing else
            assert "show=hours" not in page_of(client, key)


@pytest.mark.parametrize("key", [DESK, LEGAL])
def test_the_same_is_there_as_a_table_and_as_news(house: House, key: str) -> None:
    with house.client() as client:
        page = page_of(client, key)
        for ending, kind in (("csv", "text/csv"), ("rss", "application/rss+xml")):
            address = f"http://127.0.0.1:8000/feeds/{key}.{ending}"
            assert f'href="{address}"' in page
            assert client.get(address).headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize("key", ["shibukawa", DESK, LEGAL])
def test_each_page_leads_to_its_own(house: House, key: str) -> None:
    with house.client() as client:
        assert f'href="/{key}/calendar"' in client.get(f"/{key}").text


@pytest.mark.parametrize(
    "path", ["/shibukawa/none/calendar", f"/{DESK}/none/calendar", "/x/y/calendar"]
)
def test_there_is_none_of_a_desk_that_is_not_there(house: House, path: str) -> None:
    with house.client() as client:
        assert client.get(path).status_code == 404


def test_head_answers_like_get(house: House) -> None:
    with house.client() as client:
        answer = client.head(f"/{DESK}/calendar")
        assert (answer.status_code, answer.content) == (200, b"")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`booking serve` with the shipped desks."""
    from tests.support.databases import sqlite_copy

    folder = tmp_path_factory.mktemp("subscribe")
    with Server(sqlite_copy(folder), Path(folder)) as server:
        yield server


def test_point_22_a_telephone_shows_all_of_it_without_a_script(
    browser: Browser, served: Server
) -> None:
    with open_page(browser, f"{served.url}/{LEGAL}/calendar") as page:
        expect(page.get_by_role("link", name="カレンダーに登録する", exact=True)).to_be_visible()
        expect(page.get_by_label("カレンダーのアドレス")).to_be_visible()
        expect(page.get_by_role("button", name="コピー")).to_be_hidden()
        expect(page.get_by_role("img", name="このページのQRコード")).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.evaluate("document.documentElement.clientWidth")


def test_with_the_script_the_address_is_copied_at_a_press(browser: Browser, served: Server) -> None:
    with open_page(browser, javascript=True) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"{served.url}/{LEGAL}/calendar")
        page.get_by_role("button", name="コピー").click()
        expect(page.locator(".copy-told")).to_have_text("コピーしました")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.get_by_label("カレンダーのアドレス").input_value()
