"""/b/{token}/line as a resident uses it, then the chat, over a real platform."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from litestar.testing import TestClient

from booking.ledger import changes, line_link, queries
from booking.settings import SettingsError, from_env
from tests.support.house import House, a_house
from tests.support.line_platform import (
    ACCOUNT,
    HANAKO,
    SECRET,
    TARO,
    TOKEN,
    LinePlatform,
    running_line_platform,
)

CODE = re.compile(r"(\d{3}) (\d{3})</p>")


@contextmanager
def a_town(url: str) -> Iterator[tuple[House, LinePlatform, TestClient[Any]]]:
    """A house whose account is at a platform of the test's own."""
    with (
        running_line_platform() as platform,
        a_house(url, **platform.settings) as house,
        house.client() as client,
    ):
        yield house, platform, client


def shown_code(page: str) -> str:
    found = CODE.search(page)
    assert found is not None, page
    return found[1] + found[2]


def chat(client: TestClient[Any], platform: LinePlatform, *events: dict[str, Any]) -> int:
    body, headers = platform.webhook(*events)
    return client.post("/hooks/line", content=body, headers=headers).status_code


def test_a_resident_links_a_booking_and_ends_it_again(database_url: str) -> None:
    """Page, code, chat, page: nothing else is needed."""
    with a_town(database_url) as (house, platform, client):
        booking = house.request()
        href = f"/b/{booking.token}/line"

        before = client.get(href)
        assert f'href="https://line.me/R/ti/p/{ACCOUNT}" rel="noreferrer"' in before.text
        assert "番号を出す" in before.text
        made = client.post(href)
        assert "午前10時30分まで、1回だけ使えます。" in made.text
        code = shown_code(made.text)
        assert chat(client, platform, platform.typed(f"{code[:3]}-{code[3:]}")) == 200
        ((user, text),) = platform.replied
        assert user == HANAKO
        assert text.startswith("登録しました。")
        after = client.get(href)
        assert "LINEにお知らせする設定です" in after.text

        ended = client.post(f"{href}/unlink", follow_redirects=False)
        assert (ended.status_code, ended.headers["location"]) == (303, href)
        assert queries.by_id(house.ledger, booking.id).line_user is None
        assert "番号を出す" in client.get(href).text


def test_the_bookings_page_leads_there(sqlite_url: str) -> None:
    """Where LINE is set up, and as long as there is anything to do."""
    with a_town(sqlite_url) as (house, _, client), a_house(sqlite_url) as bare:
        booking, ended = house.request(), house.request()
        changes.cancel(house.ledger, ended.id, actor="resident")
        link = f'href="/b/{booking.token}/line"'

        assert link in client.get(f"/b/{booking.token}").text
        assert "/line" not in client.get(f"/b/{ended.token}").text
        with bare.client() as without:
            assert "/line" not in without.get(f"/b/{booking.token}").text


def test_looking_changes_nothing(database_url: str) -> None:
    """A mail program that follows the link makes no code, ends none and unlinks nobody."""
    with a_town(database_url) as (house, _, client):
        booking = house.request()
        code = line_link.new_code(house.ledger, booking)
        page = client.get(f"/b/{booking.token}/line")
        client.get(f"/b/{booking.token}/line/unlink")

        assert CODE.search(page.text) is None
        assert line_link.link(house.ledger, code, HANAKO) == "linked"


def test_pages_are_kept_nowhere_and_tell_other_sites_nothing(sqlite_url: str) -> None:
    """They hold a code, and their address holds a key."""
    with a_town(sqlite_url) as (house, _, client):
        href = f"/b/{house.request().token}/line"
        for page in (client.get(href), client.post(href)):
            assert page.headers["cache-control"] == "no-store"
            assert page.headers["referrer-policy"] == "same-origin"
            assert page.headers["x-robots-tag"] == "noindex"


def test_the_page_says_nothing_of_the_topic(sqlite_url: str) -> None:
    """Its title stands in the browser's history, and the chat's texts on a locked screen."""
    with a_town(sqlite_url) as (house, platform, client):
        booking = house.request()
        page = client.get(f"/b/{booking.token}/line").text
        code = shown_code(client.post(f"/b/{booking.token}/line").text)
        chat(client, platform, platform.follow(), platform.typed(code), platform.typed("はい"))
        chat(client, platform, platform.typed("000000" if code != "000000" else "000001"))
        said = "\n".join(text for _, text in platform.replied)

        assert "<title>LINEで受け取る｜ご予約｜渋川市</title>" in page
        assert len(platform.replied) == 4
        for word in ("弁護士", "相談", "誹謗", "中傷", "渋川", "被害", booking.contact.name):
            assert word not in said


def test_what_is_over_leads_back_to_the_booking(database_url: str) -> None:
    """Unless it is still linked: that can always be ended."""
    with a_town(database_url) as (house, _, client):
        booking, other = house.request(), house.request()
        line_link.link(house.ledger, line_link.new_code(house.ledger, other), TARO)
        for one in (booking, other):
            changes.cancel(house.ledger, one.id, actor="resident")

        for answer in (
            client.get(f"/b/{booking.token}/line", follow_redirects=False),
            client.post(f"/b/{booking.token}/line", follow_redirects=False),
        ):
            assert answer.status_code == 303
            assert answer.headers["location"] == f"/b/{booking.token}"
        assert "やめる" in client.get(f"/b/{other.token}/line").text


@pytest.mark.parametrize("missing", ["line_token", "line_secret", "line_account"])
def test_without_a_set_up_there_is_no_page(sqlite_url: str, missing: str) -> None:
    """A code that nobody could type, or whose typing we would not hear, is not offered."""
    settings = {"line_token": TOKEN, "line_secret": SECRET, "line_account": ACCOUNT}
    del settings[missing]
    with a_house(sqlite_url, **settings) as house, house.client() as client:
        href = f"/b/{house.request().token}/line"

        assert client.get(href).status_code == 404
        assert client.post(href).status_code == 404
        assert client.post(f"{href}/unlink").status_code == 404


def test_an_unknown_key_opens_nothing(sqlite_url: str) -> None:
    """It looks like any other page that isn't there."""
    with a_town(sqlite_url) as (_, _, client):
        assert client.get("/b/nobody/line").status_code == 404
        assert client.post("/b/nobody/line").status_code == 404


@pytest.mark.parametrize("account", ["shibukawa", "@", "@渋川", "@a b", "https://line.me/x"])
def test_an_accounts_id_has_its_at_sign(account: str) -> None:
    """It becomes part of an address that residents follow."""
    with pytest.raises(SettingsError, match="BOOKING_LINE_ACCOUNT"):
        from_env({"BOOKING_LINE_ACCOUNT": account})
    assert from_env({"BOOKING_LINE_ACCOUNT": ACCOUNT}).line_account == ACCOUNT
