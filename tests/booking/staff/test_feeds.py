"""カレンダー配信: addresses are shown once, made anew, ended; each town sees its own."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from booking.ledger import private_feeds
from tests.support.bureau import SATO, a_bureau, path_of
from tests.support.clerk import Clerk, at_the_console
from tests.support.house import House

PAGE = "/staff/feeds"
DESK = {"of": "desk:town/law"}


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """The bureau, once on each kind of database."""
    with a_bureau(database_url, tmp_path) as made:
        yield made


@pytest.fixture
def clerk(house: House) -> Iterator[Clerk]:
    """佐藤 of the town, signed in."""
    with at_the_console(house, organisation="town") as found:
        yield found


def make(clerk: Clerk, **fields: str) -> str:
    """The token of a feed that the form makes."""
    clerk.get(PAGE)
    key = clerk.hidden("idempotency_key")
    clerk.post(PAGE, **{**DESK, "idempotency_key": key, **fields})
    assert clerk.status == 200
    return token_of(clerk)


def token_of(clerk: Clerk) -> str:
    found = re.search(r'value="[^"]*/feeds/private/([\w-]{32})\.ics"', clerk.page)
    assert found is not None
    return found[1]


def rows(clerk: Clerk) -> str:
    return unescape(clerk.page.split("配信しているカレンダー")[1])


def test_point_14_an_address_is_shown_once_in_every_form_and_works_at_once(
    house: House, clerk: Clerk
) -> None:
    token = make(clerk, label="窓口の予定")
    first = clerk.page
    again = clerk.get(PAGE)

    assert f'href="webcal://127.0.0.1:8000{path_of(token)}"' in first
    assert "readonly" in first
    assert 'class="segno"' in first
    assert token not in again
    assert "窓口の予定" in again
    assert "まだありません" in rows(clerk)
    assert clerk.client.get(path_of(token)).status_code == 200


def test_a_page_that_shows_an_address_is_kept_by_no_cache(clerk: Clerk) -> None:
    clerk.get(PAGE)
    answer = clerk.client.post(
        PAGE,
        data={
            **DESK,
            "_csrf_token": clerk.token,
            "idempotency_key": clerk.hidden("idempotency_key"),
        },
    )

    assert answer.headers["Cache-Control"] == "no-store"
    assert "style=" not in answer.text  # what our Content-Security-Policy would not draw
    assert "/feeds/private/" not in str(answer.url)


def test_staff_see_when_it_was_fetched_and_by_what_kind_of_program(
    house: House, clerk: Clerk
) -> None:
    token = make(clerk)
    clerk.client.get(path_of(token), headers={"User-Agent": "Google-Calendar-Importer"})
    clerk.get(PAGE)

    assert "令和8年11月24日（火）午前10時" in rows(clerk)
    assert "Googleカレンダー（1回）" in rows(clerk)


def test_a_lawyer_has_one_without_an_account(house: House, clerk: Clerk) -> None:
    clerk.get(PAGE)
    assert f'<option value="person:town:{SATO}"' in clerk.page
    token = make(clerk, of=f"person:town:{SATO}")

    assert SATO in rows(clerk)
    with house.client() as nobody:
        assert "担当日" in nobody.get(path_of(token)).text


def test_another_address_ends_the_old_one_and_pressing_twice_ends_none(
    house: House, clerk: Clerk
) -> None:
    old = make(clerk)
    (feed,) = private_feeds.listed(house.ledger, "town")
    clerk.get(PAGE)
    seen = clerk.hidden("rotation")
    clerk.post(f"{PAGE}/{feed.id}/rotate", rotation=seen)
    new = token_of(clerk)
    assert "前のアドレスは、もう使えません" in clerk.page
    clerk.post(f"{PAGE}/{feed.id}/rotate", rotation=seen)
    assert (clerk.status, clerk.location) == (303, f"{PAGE}?done=changed")
    assert "先に作り直されています" in clerk.follow()
    for odd in ("", "x", "-1", "٣", "9" * 30):
        clerk.post(f"{PAGE}/{feed.id}/rotate", rotation=odd)
        assert clerk.status == 303

    assert clerk.client.get(path_of(old)).status_code == 404
    assert clerk.client.get(path_of(new)).status_code == 200


def test_before_an_address_is_ended_the_page_says_so(clerk: Clerk) -> None:
    make(clerk)
    page = clerk.get(PAGE)

    for action, warning in (
        ("rotate", "いまのアドレスは、すぐに使えなくなります。"),
        ("revoke", "元には戻せません。"),
    ):
        opened = re.search(
            rf"<details>(?:(?!</details>).)*/{action}\".*?</details>", page, re.DOTALL
        )
        assert opened is not None
        assert warning in opened[0]


def test_a_feed_that_was_ended_shows_nothing_at_once(house: House, clerk: Clerk) -> None:
    token = make(clerk)
    (feed,) = private_feeds.listed(house.ledger, "town")
    clerk.post(f"{PAGE}/{feed.id}/revoke")

    assert clerk.location == f"{PAGE}?done=revoked"
    assert "配信を止めました" in clerk.follow()
    assert "令和8年11月24日（火）に停止" in rows(clerk)
    assert "/revoke" not in rows(clerk)
    assert clerk.client.get(path_of(token)).status_code == 404
    clerk.post(f"{PAGE}/{feed.id}/rotate", rotation="0")
    assert clerk.status == 404


def test_a_form_that_is_sent_twice_makes_one_feed(house: House, clerk: Clerk) -> None:
    clerk.get(PAGE)
    sent = {**DESK, "idempotency_key": clerk.hidden("idempotency_key")}
    clerk.post(PAGE, **sent)
    clerk.post(PAGE, **sent)

    assert clerk.location == f"{PAGE}?done=already"
    assert "もう作られています" in clerk.follow()
    assert len(private_feeds.listed(house.ledger, "town")) == 1


def test_what_is_wrong_is_named_and_what_was_typed_stays(house: House, clerk: Clerk) -> None:
    for of in ("", "desk:", "desk:elsewhere/law", "person:town:誰か", "person:town", "x:town/law"):
        clerk.get(PAGE)
        key = clerk.hidden("idempotency_key")
        clerk.post(PAGE, of=of, label="窓口の予定", idempotency_key=key)
        assert clerk.status == 422
        assert "何のカレンダーかを選んでください" in clerk.page
        assert 'value="窓口の予定"' in clerk.page
    clerk.post(PAGE, **DESK, label="あ" * 61, idempotency_key=key)
    assert "60文字まで" in clerk.page
    assert private_feeds.listed(house.ledger, None) == []


def test_another_towns_staff_see_and_end_nothing(house: House, clerk: Clerk) -> None:
    make(clerk)
    (feed,) = private_feeds.listed(house.ledger, "town")
    with at_the_console(house, "other", organisation="elsewhere") as stranger:
        assert "まだありません" in rows_of(stranger)
        assert "town/law" not in stranger.page
        for act in ("rotate", "revoke"):
            stranger.post(f"{PAGE}/{feed.id}/{act}", rotation="0")
            assert stranger.status == 404
        stranger.post(PAGE, **DESK, idempotency_key="a" * 32)
        assert stranger.status == 422
    assert private_feeds.listed(house.ledger, "town") == [feed]


def rows_of(clerk: Clerk) -> str:
    clerk.get(PAGE)
    return rows(clerk)


def test_who_may_only_read_sees_the_list_and_changes_nothing(house: House, clerk: Clerk) -> None:
    make(clerk)
    (feed,) = private_feeds.listed(house.ledger, "town")
    with at_the_console(house, "view", organisation="town", role="viewer") as viewer:
        assert "配信中" in rows_of(viewer)
        assert "<form" not in viewer.page.split('id="main"')[1]
        for path in (PAGE, f"{PAGE}/{feed.id}/rotate", f"{PAGE}/{feed.id}/revoke"):
            viewer.post(path, **DESK, rotation="0", idempotency_key="a" * 32)
            assert viewer.status == 403
    assert private_feeds.listed(house.ledger, "town") == [feed]


def test_reading_the_page_or_an_actions_address_makes_nothing(house: House, clerk: Clerk) -> None:
    make(clerk)
    (feed,) = private_feeds.listed(house.ledger, "town")
    for path in (PAGE, f"{PAGE}/{feed.id}/rotate", f"{PAGE}/{feed.id}/revoke"):
        clerk.get(path)
    assert private_feeds.listed(house.ledger, "town") == [feed]


def test_each_choice_says_what_it_would_show(clerk: Clerk) -> None:
    clerk.get(PAGE)

    assert "離婚と借金の相談窓口（受付番号）" in clerk.page
    assert "もう一つの窓口（受付番号とお名前）" in clerk.page


def test_somebody_of_the_rosters_no_more_is_said_to_be_none(
    house: House, clerk: Clerk, tmp_path: Path
) -> None:
    make(clerk, of=f"person:town:{SATO}")
    file = tmp_path / "town.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(SATO, "高橋 弁護士"), encoding="utf-8")
    with at_the_console(house, "later", organisation="town") as later:
        assert "担当表に、この人はいません" in rows_of(later)
