"""電話リスト as a clerk uses it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from litestar.testing import TestClient

from booking.ledger import access, changes
from booking.signed_in import cookie_name
from notifications.channels.channel import NotSent
from tests.support.house import INTERVIEW, House, a_house
from tests.support.telling import MAIL, STAFF, Teller, confirmed, rows, say, tries

PASSWORD = "a long password"


@contextmanager
def a_clerk(
    house: House, role: str = "staff", organisation: str | None = "shibukawa"
) -> Iterator[tuple[TestClient[Any], str]]:
    """A signed-in browser, and the token that its forms carry."""
    access.add_staff(
        house.ledger, "sato", PASSWORD, name="佐藤", role=role, organisation=organisation
    )
    cookie, _ = access.sign_in(house.ledger, "sato", PASSWORD)
    with house.client() as client:
        client.cookies.set(cookie_name(house.settings), cookie)
        yield client, access.form_token(house.ledger, cookie)


def test_the_list_says_who_why_until_when_and_what_to_say(database_url: str) -> None:
    """All that a clerk needs with the receiver in hand."""
    with a_house(database_url) as house, a_clerk(house) as (client, _):
        booking = confirmed(
            house, how="mail", name="試験 太郎", phone="0279-25-8526", needs="大きな声で"
        )
        Teller(house).tick()

        page = client.get("/staff/calls")

        assert page.status_code == 200
        for said in (
            "試験 太郎 様",
            "0279-25-8526",
            "tel:+81279258526",
            "確定のお知らせ",
            f"ご予約が確定しました。令和8年12月19日（土）午前9時45分から午前10時30分まで、受付番号は{booking.reference}です。",
            "場所は渋川市役所本庁舎",
            "令和8年12月19日（土）午前9時45分まで",
            "配慮：大きな声で",
            "「渋川市の○○と申します。△△様はいらっしゃいますか。」",
            "通知は正常",
            f'href="/staff/bookings/{booking.reference}"',
        ):
            assert said in page.text
        assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("outcome", "said", "left"),
    [("done", "お伝え済み", 0), ("absent", "不在として", 1), ("voicemail", "留守電として", 1)],
)
def test_one_button_notes_the_outcome(
    database_url: str, outcome: str, said: str, left: int
) -> None:
    """了 settles; 不在 and 留守電 stay, with their count."""
    with a_house(database_url) as house, a_clerk(house) as (client, token):
        confirmed(house, how="mail")
        Teller(house).tick()
        number = next(row["id"] for row in rows(house) if row["kind"] == "confirmed")
        form = {"_csrf_token": token, "outcome": outcome, "tries": "0"}

        page = client.post(f"/staff/calls/{number}", data=form)

        assert said in page.text
        assert page.text.count("確定のお知らせ") == left
        assert ("1回" in page.text) == bool(left)
        again = client.post(f"/staff/calls/{number}", data=form)
        assert "記録しませんでした" in again.text
        assert len(tries(house)) == 1


def test_a_mail_that_did_not_arrive_is_named_as_the_reason(database_url: str) -> None:
    """So that the clerk can ask for another address."""
    with a_house(database_url) as house, a_clerk(house) as (client, _):
        teller = Teller(house)
        teller.mail.refusals[MAIL] = NotSent("smtp-550", for_good=True)
        confirmed(house, how="mail", email=MAIL)
        teller.tick()

        page = client.get("/staff/calls").text
        assert "メールが届きません" in page
        assert "メールアドレスの相手先に断られた" in page


NAMELESS = "役所（渋川市）と名乗らないでください。"
CAREFUL = "留守番電話には「渋川市の○○です。またお電話します。」とだけ残してください。"


@pytest.mark.parametrize(
    ("said", "shown", "hidden"),
    [
        ({}, [CAREFUL], [NAMELESS, "伝言は残さない", "いまはかけない時間です"]),
        (
            {"named": False},
            [NAMELESS, "留守番電話には「○○です。またお電話します。」とだけ残してください。"],
            [],
        ),
        ({"named": True}, ["ほかの方が出たときも、渋川市と名乗ってかまいません。"], [NAMELESS]),
        (
            {"voicemail": True},
            ["「渋川市の○○です。ご予約のことでお電話しました。0279-25-8526までお電話ください。」"],
            ["伝言は残さない"],
        ),
        (
            {"voicemail": True, "named": False},
            ["「○○です。ご予約のことでお電話しました。0279-25-8526までお電話ください。」"],
            ["「渋川市の○○です。ご予約"],
        ),
        ({"voicemail": False}, ["留守番電話には何も残さないでください。", "伝言は残さない"], []),
        (
            {"hours": "afternoon"},
            ["午後（正午から午後5時まで）におかけください。", "いまはかけない時間です", "正午から"],
            [],
        ),
        ({"hours": "morning"}, ["午前（正午まで）におかけください。"], ["いまはかけない時間です"]),
    ],
)
def test_what_the_party_asked_for_stands_at_its_name(
    sqlite_url: str, said: dict[str, Any], shown: list[str], hidden: list[str]
) -> None:
    """What to say, what to leave on a machine, and when to call."""
    with a_house(sqlite_url) as house, a_clerk(house) as (client, _):
        booking = confirmed(house, how="mail")
        say(house, booking.id, **said)
        Teller(house).tick()

        page = client.get("/staff/calls").text

        assert [one for one in shown if one not in page] == []
        assert [one for one in hidden if one in page] == []


def test_the_third_call_is_said_to_be_the_last(database_url: str) -> None:
    """After the second one; and then the page says where it went."""
    with a_house(database_url) as house, a_clerk(house) as (client, token):
        confirmed(house, how="mail")
        Teller(house).tick()
        number = next(row["id"] for row in rows(house) if row["kind"] == "confirmed")
        for seen, last in ((0, False), (1, True)):
            form = {"_csrf_token": token, "outcome": "absent", "tries": str(seen)}
            page = client.post(f"/staff/calls/{number}", data=form).text
            assert ("次の電話で最後です" in page) is last
            assert "次は正午ごろ" in page

        form = {"_csrf_token": token, "outcome": "voicemail", "tries": "2"}
        page = client.post(f"/staff/calls/{number}", data=form).text

        assert "3回かけてもお出にならなかったので、電話リストから外しました。" in page
        assert "いま電話でお知らせする方はいません。" in page
        assert "お届けできなかったお知らせ 1件" in client.get("/staff/").text


def test_a_reason_is_shown_to_the_clerk(database_url: str) -> None:
    """It is not in any mail."""
    with a_house(database_url) as house, a_clerk(house, organisation=None) as (client, _):
        booking = house.request(INTERVIEW)
        changes.decline(house.ledger, booking.id, actor=STAFF, reason="定員に達したため")
        Teller(house).tick()

        page = client.get("/staff/calls").text
        assert "お断りのお知らせ" in page
        assert "理由は「定員に達したため」です。" in page


def test_who_only_reads_cannot_note(database_url: str) -> None:
    """They see the list without buttons."""
    with a_house(database_url) as house, a_clerk(house, role="viewer") as (client, token):
        confirmed(house, how="mail")
        Teller(house).tick()
        number = next(row["id"] for row in rows(house) if row["kind"] == "confirmed")

        assert "了" not in re.findall(r"<button[^>]*>([^<]*)", client.get("/staff/calls").text)
        form = {"_csrf_token": token, "outcome": "done", "tries": "0"}
        assert client.post(f"/staff/calls/{number}", data=form).status_code == 403
        assert tries(house) == []


def test_nobody_else_sees_it(sqlite_url: str) -> None:
    """Not without a sign-in, and no form from elsewhere counts."""
    with a_house(sqlite_url) as house, a_clerk(house) as (client, _):
        form = {"_csrf_token": "guessed", "outcome": "done", "tries": "0"}
        assert client.post("/staff/calls/1", data=form).status_code == 403
        client.cookies.clear()

        seen = client.get("/staff/calls", follow_redirects=False)

        assert seen.status_code == 303
        assert seen.headers["location"] == "/staff/login?back=/staff/calls"


@pytest.mark.parametrize("form", [{"outcome": "burnt", "tries": "0"}, {"outcome": "done"}])
def test_a_form_that_is_not_ours_is_refused(sqlite_url: str, form: dict[str, str]) -> None:
    """With a page, not with an error."""
    with a_house(sqlite_url) as house, a_clerk(house) as (client, token):
        assert client.post("/staff/calls/1", data=form | {"_csrf_token": token}).status_code == 404


def test_an_empty_list_says_so(sqlite_url: str) -> None:
    """And that nothing goes out, while nobody ticks."""
    with a_house(sqlite_url) as house, a_clerk(house) as (client, _):
        page = client.get("/staff/calls").text

        assert "いま電話でお知らせする方はいません。" in page
        assert "通知が止まっています" in page
