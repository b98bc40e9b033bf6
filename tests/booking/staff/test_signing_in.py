"""Who gets into the console, for how long, and who is out at once."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from booking.ledger import access
from booking.signed_in import local_path
from tests.support.clerk import PASSWORD, Clerk, hire
from tests.support.house import House, a_house

COOKIE = "staff"


@pytest.fixture
def visitor(house: House) -> Iterator[Clerk]:
    """Nobody yet: 佐藤 has an account and is not signed in."""
    hire(house)
    with house.client() as client:
        yield Clerk(client)


def _sign_in(visitor: Clerk, login: str = "sato", password: str = PASSWORD, **more: str) -> str:
    return visitor.post("/staff/login", login=login, password=password, **more)


def test_a_page_asks_for_a_sign_in_first_and_comes_back_after_it(visitor: Clerk) -> None:
    visitor.get("/staff/day?date=2026-12-19")

    assert visitor.status == 303
    visitor.follow()
    assert visitor.status == 200
    _sign_in(visitor, back=visitor.hidden("back"))
    assert visitor.location == "/staff/day?date=2026-12-19"
    assert "令和8年12月19日（土）" in visitor.follow()


@pytest.mark.parametrize(
    "asked",
    [
        "https://example.com/",
        "//example.com/staff",
        "/staff//example.com",
        "/staff\\example.com",
        "/staff/\r\nSet-Cookie:x",
        "/staff@example.com",
        "/b/somebody",
        "/staff/login",
        "",
        None,
    ],
)
def test_only_the_consoles_own_pages_are_come_back_to(asked: str | None) -> None:
    assert local_path(asked) == "/staff/"
    assert local_path("/staff/day?date=2026-12-19") == "/staff/day?date=2026-12-19"


def test_a_sign_in_leads_to_no_other_site(visitor: Clerk) -> None:
    _sign_in(visitor, back="https://example.com/staff/")

    assert visitor.location == "/staff/"


def test_a_form_sent_too_late_leads_back_to_where_it_was_filled_in(visitor: Clerk) -> None:
    came = {"Referer": "http://127.0.0.1:8000/staff/phone"}
    answer = visitor.client.post("/staff/phone", headers=came, follow_redirects=False)

    assert answer.headers["location"] == "/staff/login?back=/staff/phone"


def test_what_is_wrong_with_a_sign_in_is_not_told(visitor: Clerk) -> None:
    wrong = [("sato", "another password"), ("nobody", PASSWORD), ("", ""), ("sato\x00", "x")]
    for login, password in wrong:
        _sign_in(visitor, login=login, password=password)

        assert visitor.status == 422
        assert "ログインIDかパスワードが違います" in visitor.page
        assert not re.search(r'type="password"[^>]*value="[^"]', visitor.page)
        assert COOKIE not in visitor.client.cookies


def test_a_disabled_account_gets_the_same_answer_as_a_wrong_password(
    house: House, visitor: Clerk
) -> None:
    access.disable_staff(house.ledger, "sato")

    _sign_in(visitor)

    assert visitor.status == 422
    assert "ログインIDかパスワードが違います" in visitor.page


def test_guessing_has_to_wait_and_is_told_so(sqlite_url: str) -> None:
    # On one kind only: each try hashes a password.
    with a_house(sqlite_url) as house, house.client() as client:
        hire(house)
        visitor = Clerk(client)
        for _ in range(access.TRIES):
            _sign_in(visitor, password="a wrong one")
        sent = {"login": "sato", "password": PASSWORD}
        answer = client.post("/staff/login", data=sent)

        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) == access.TRIES_PERIOD
        assert "しばらくログインできません" in answer.text
        house.clock.move_by(minutes=16)
        _sign_in(visitor)
        assert visitor.status == 303


def test_each_sign_in_makes_a_cookie_of_its_own_and_ends_the_last_one(visitor: Clerk) -> None:
    _sign_in(visitor)
    first = visitor.client.cookies[COOKIE]
    _sign_in(visitor)

    assert visitor.client.cookies[COOKIE] != first
    assert not _opens(visitor, first)


def test_a_cookie_that_was_planted_before_is_never_signed_in(visitor: Clerk) -> None:
    visitor.client.cookies.set(COOKIE, "planted")
    _sign_in(visitor)

    assert not _opens(visitor, "planted")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Clerk) -> None:
    answer = _set_cookie(visitor)

    assert answer.startswith("staff=")
    assert "httponly" in answer
    assert "samesite=lax" in answer
    assert "path=/;" in f"{answer};"
    assert "domain" not in answer
    assert "max-age" not in answer


def test_by_https_the_cookie_is_secure_and_bound_to_the_host(sqlite_url: str) -> None:
    with a_house(sqlite_url, base_url="https://yoyaku.example.jp") as house:
        hire(house)
        with house.client() as client:
            answer = _set_cookie(Clerk(client))

    assert answer.startswith("__host-staff=")
    assert "secure" in answer


def test_signing_out_ends_the_sign_in_everywhere_the_cookie_went(clerk: Clerk) -> None:
    cookie = clerk.client.cookies[COOKIE]

    clerk.post("/staff/logout")

    assert (clerk.status, clerk.location) == (303, "/staff/login")
    assert not _opens(clerk, cookie)


def test_a_disabled_account_is_out_at_once(house: House, clerk: Clerk) -> None:
    access.disable_staff(house.ledger, "sato")

    clerk.get("/staff/")

    assert clerk.location.startswith("/staff/login")


def test_who_does_nothing_for_two_hours_is_asked_again(house: House, clerk: Clerk) -> None:
    house.clock.move_by(hours=1, minutes=59)
    clerk.get("/staff/")
    assert clerk.status == 200
    house.clock.move_by(hours=2, minutes=1)

    clerk.get("/staff/")

    assert clerk.location.startswith("/staff/login")


def test_after_twelve_hours_everybody_is_asked_again(house: House, clerk: Clerk) -> None:
    for _ in range(8):
        house.clock.move_by(hours=1, minutes=29)
        clerk.get("/staff/")
        assert clerk.status == 200
    house.clock.move_by(minutes=10)

    clerk.get("/staff/")

    assert clerk.location.startswith("/staff/login")


def test_pages_are_kept_by_no_cache_and_found_by_no_search(clerk: Clerk) -> None:
    for path in ("/staff/", "/staff/login", "/staff/phone", "/staff/day", "/staff/find"):
        headers = clerk.client.get(path).headers

        assert headers["cache-control"] == "no-store"
        assert headers["x-robots-tag"] == "noindex"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def _set_cookie(visitor: Clerk) -> str:
    sent = {"login": "sato", "password": PASSWORD}
    answer = visitor.client.post("/staff/login", data=sent, follow_redirects=False)
    return str(answer.headers["set-cookie"]).lower()


def _opens(clerk: Clerk, cookie: str) -> bool:
    client: TestClient[Any] = clerk.client
    client.cookies.clear()
    client.cookies.set(COOKIE, cookie)
    return client.get("/staff/", follow_redirects=False).status_code == 200
