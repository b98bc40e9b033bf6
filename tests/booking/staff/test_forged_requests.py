"""A POST counts only from our own form, in this sign-in, by somebody who may act."""

from collections.abc import Iterator

import pytest

from booking.ledger import queries
from booking.ledger.status import Status
from tests.support.clerk import PASSWORD, Clerk, at_the_console
from tests.support.house import EXPERT, House

ACTIONS = ("confirm", "decline", "move", "cancel", "arrive", "done", "no-show")
OURS = "http://127.0.0.1:8000"


@pytest.fixture
def viewer(house: House) -> Iterator[Clerk]:
    """Somebody who may only read."""
    with at_the_console(house, "view", role="viewer") as found:
        yield found


def test_a_form_without_the_sign_ins_token_changes_nothing(house: House, clerk: Clerk) -> None:
    booking = house.request()
    path = f"/staff/bookings/{booking.reference}/decline"

    for token in ("", "another", "é"):
        clerk.post(path, _csrf_token=token, decline_reason="理由")

        assert clerk.status == 403
        assert "送信を受け付けませんでした" in clerk.page
    assert queries.by_id(house.ledger, booking.id).status is Status.REQUESTED


def test_the_token_of_another_sign_in_is_worth_nothing(house: House, clerk: Clerk) -> None:
    with at_the_console(house, "suzuki") as other:
        clerk.post("/staff/phone", _csrf_token=other.token)

    assert clerk.status == 403


def test_a_page_of_another_site_sends_nothing(clerk: Clerk) -> None:
    sent = {"_csrf_token": clerk.token, "query": "しけん"}
    login = {"login": "sato", "password": PASSWORD}

    for headers in (
        {"Origin": "https://example.com"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": OURS},
    ):
        assert clerk.client.post("/staff/find", data=sent, headers=headers).status_code == 403
        assert clerk.client.post("/staff/login", data=login, headers=headers).status_code == 403


def test_our_own_pages_are_heard(clerk: Clerk) -> None:
    sent = {"_csrf_token": clerk.token, "query": "しけん"}

    for headers in (
        {},
        {"Origin": OURS},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    ):
        assert clerk.client.post("/staff/find", data=sent, headers=headers).status_code == 200


def test_who_is_not_signed_in_sends_nothing(house: House, clerk: Clerk) -> None:
    booking = house.request()
    clerk.client.cookies.clear()

    clerk.act(booking.reference, "decline", reason="理由")

    assert (clerk.status, clerk.location) == (303, "/staff/login?back=/staff/")
    assert queries.by_id(house.ledger, booking.id).status is Status.REQUESTED


def test_reading_an_actions_address_does_nothing(house: House, clerk: Clerk) -> None:
    booking = house.request()

    for action in ACTIONS:
        clerk.get(f"/staff/bookings/{booking.reference}/{action}")

        assert clerk.status == 405
    assert queries.by_id(house.ledger, booking.id).revision == booking.revision


def test_a_viewer_reads_but_is_offered_nothing_to_do(house: House, viewer: Clerk) -> None:
    booking = house.request()

    viewer.get(f"/staff/bookings/{booking.reference}")
    assert "試験 花子" in viewer.page
    assert f"/staff/bookings/{booking.reference}/" not in viewer.page
    viewer.get("/staff/phone")
    assert 'name="do"' not in viewer.page
    viewer.post("/staff/find", query="しけん")
    assert viewer.status == 200


def test_a_viewer_changes_nothing(house: House, viewer: Clerk) -> None:
    booking = house.request()

    for action in ACTIONS:
        viewer.act(booking.reference, action, reason="理由", how="call")
        assert viewer.status == 403
        assert "閲覧だけの担当者です" in viewer.page
    viewer.post("/staff/phone", do="enter")
    assert viewer.status == 403
    viewer.post("/staff/referrals", consultation=EXPERT)
    assert viewer.status == 403
    assert queries.by_id(house.ledger, booking.id).revision == booking.revision
