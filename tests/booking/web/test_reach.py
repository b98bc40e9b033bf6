"""ご連絡のしかた on residents' pages: what is offered, what is said back, what is changed."""

import re
from dataclasses import replace
from typing import Any

from litestar.testing import TestClient

from booking.ledger import changes, queries
from booking.ledger.safe_contact import SafeContact
from booking.staff.words import history_line
from booking.web.reach import reach_form
from slots.telling import Telling
from tests.support.house import LEGAL, SESSION, House, a_house
from tests.support.posting import with_address

BOOK = f"/{LEGAL}/book"
PARTY = {
    "name": "試験 花子",
    "kana": "しけん はなこ",
    "phone": "090-1234-5678",
    "residence": "渋川市石原",
}
CAREFUL = {"voicemail": "no", "named": "no", "safe_hours": "afternoon", "never_mail": "yes"}
MAIL, ADDRESS = "hanako@example.jp", "渋川市石原1番地"
GATEWAYS = {
    "sms_url": "https://sms.example.jp/",
    "line_token": "token",
    "line_secret": "secret",
    "line_account": "@shiken",
}


def offered(page: str) -> list[str]:
    """The ways to be reached that a page's form offers, without leaving it to the desk."""
    return re.findall(r'name="contact_wish" value="(\w+)"', page)


def post(client: TestClient[Any], path: str = BOOK, **form: str) -> Any:
    """Submit a form, following no redirect."""
    return client.post(path, data=form, follow_redirects=False)


def ask(client: TestClient[Any], act: str = "check", **said: str) -> Any:
    return post(client, act=act, date=SESSION, time="any", **PARTY, **said)


def last(house: House) -> Any:
    return queries.search(house.ledger)[-1]


def test_only_what_this_installation_has_and_the_desk_uses_is_offered(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        assert offered(client.get(f"{BOOK}?date={SESSION}").text) == ["call", "mail"]
    with a_house(sqlite_url, **GATEWAYS) as house, house.client() as client:
        page = client.get(f"{BOOK}?date={SESSION}").text

        # No desk file names letters: the desk's order is line, mail, sms.
        assert offered(page) == ["call", "line", "mail", "sms"]
        assert "postal_address" not in page


def test_a_desk_that_writes_letters_asks_where_to_send_them(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house:
        desk = house.ledger.catalogue.desk_of(LEGAL)
        writes = replace(desk, telling=Telling(order=("letter", "sms", "mail")))
        form = reach_form(house.settings, writes, {}, [])

        assert [one["value"] for one in form["wishes"]] == ["", "call", "letter", "mail"]
        assert form["letter"] is True
        assert reach_form(house.settings, desk, {}, [])["letter"] is False


def test_a_wish_that_is_kept_stays_on_offer(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        booking = house.request()
        with_address(house, booking, wish="letter", address=ADDRESS)  # when the desk wrote letters
        path = f"/b/{booking.token}/contact"

        assert offered(client.get(path).text) == ["call", "mail", "letter"]
        assert post(client, path, contact_wish="letter", named="yes").status_code == 303
        assert queries.by_id(house.ledger, booking.id).contact.safe.address == ADDRESS


def test_a_wish_for_what_the_desk_does_not_use_says_what_there_is(sqlite_url: str) -> None:
    """A page may be older than the desk file: the form that was offered is sent all the same."""
    said = "この窓口からは、手紙ではご連絡していません。選べる方法は、"
    every = "電話、LINE、メール、ショートメッセージ（SMS）"
    for settings, there_is in (({}, "電話、メール"), (GATEWAYS, every)):
        with a_house(sqlite_url, **settings) as house, house.client() as client:
            booking = house.request()
            for answer in (
                ask(client, "check", contact_wish="letter", postal_address=ADDRESS),
                post(client, f"/b/{booking.token}/contact", contact_wish="letter"),
            ):
                assert answer.status_code == 422
                assert f"{said}{there_is}です。" in answer.text
                assert 'href="#f-contact_wish"' in answer.text
            assert last(house).contact.safe == SafeContact()


def test_all_of_it_may_stay_empty(database_url: str) -> None:
    with a_house(database_url) as house, house.client() as client:
        assert ask(client, "send").status_code == 303
        assert last(house).contact.safe == SafeContact()


def test_what_is_said_is_shown_once_more_and_kept(database_url: str) -> None:
    with a_house(database_url) as house, house.client() as client:
        page = ask(client, contact_wish="call", **CAREFUL).text
        for text in (
            "電話でのご連絡をご希望",
            "伝言を残しません",
            "午後（午後5時まで）にいたします",
        ):
            assert text in page
        form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        made = post(client, act="send", **form)

        assert made.status_code == 303
        assert last(house).contact.safe == SafeContact(
            wish="call", voicemail=False, named=False, hours="afternoon", never_mail=True
        )


def test_nothing_typed_is_lost_on_an_error_and_it_is_never_folded_away(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        answer = ask(client, contact_wish="mail", email=MAIL, **CAREFUL)

        assert answer.status_code == 422
        assert 'href="#f-never_mail"' in answer.text
        assert '<details class="more" open>' in answer.text
        for kept in (
            'name="contact_wish" value="mail" checked',
            f'value="{MAIL}"',
            '<option value="afternoon" selected>',
            'name="never_mail" value="yes" checked',
        ):
            assert kept in answer.text
        assert answer.text.count('<option value="no" selected>') == 2


def test_going_back_from_the_check_shows_what_was_said(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        page = ask(client, "back", contact_wish="call", **CAREFUL).text

        assert 'name="contact_wish" value="call" checked' in page
        assert '<details class="more" open>' in page


def test_who_wants_no_mail_is_not_told_to_let_ours_through(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        sender = house.settings.mail_from

        assert sender in ask(client, email=MAIL).text
        assert sender not in ask(client, email=MAIL, never_mail="yes").text


def test_ones_own_page_tells_it_without_an_address(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        booking = house.request(email=MAIL, postal_address=ADDRESS, voicemail="no")
        page = client.get(f"/b/{booking.token}").text
        form = client.get(f"/b/{booking.token}/contact").text

        assert "伝言を残しません" in page
        for text in (page, form):
            assert MAIL not in text
            assert ADDRESS not in text
        assert "お預かりしています" in form


def test_the_way_to_line_is_there_where_line_is(sqlite_url: str) -> None:
    for settings, there in (({}, False), (GATEWAYS, True)):
        with a_house(sqlite_url, **settings) as house, house.client() as client:
            booking = house.request()
            page = client.get(f"/b/{booking.token}").text
            assert (f'href="/b/{booking.token}/line"' in page) is there


def test_a_resident_changes_it_and_what_is_not_typed_anew_stays(database_url: str) -> None:
    with a_house(database_url) as house, house.client() as client:
        booking = house.request(email=MAIL, never_mail="yes", voicemail="no")
        path = f"/b/{booking.token}/contact"
        client.get(path)
        assert len(queries.history(house.ledger, booking.id)) == 1
        answer = post(client, path, contact_wish="mail", voicemail="", email="")

        assert answer.status_code == 303
        assert answer.headers["Location"].startswith(f"/b/{booking.token}")
        found = queries.by_id(house.ledger, booking.id)
        assert (found.contact.email, found.contact.safe) == (MAIL, SafeContact(wish="mail"))
        fact = queries.history(house.ledger, booking.id)[-1]
        assert fact.actor == "resident"
        assert history_line(fact, found.zone) == "連絡のしかたを変えました"


def test_a_wish_that_cannot_be_fulfilled_comes_back_with_what_was_chosen(sqlite_url: str) -> None:
    with a_house(sqlite_url, **GATEWAYS) as house, house.client() as client:
        booking = house.request(phone="0279-22-2130")
        answer = post(
            client, f"/b/{booking.token}/contact", contact_wish="sms", safe_hours="evening"
        )

        assert answer.status_code == 422
        assert "携帯電話の番号にだけ届きます" in answer.text
        assert '<option value="evening" selected>' in answer.text
        assert queries.by_id(house.ledger, booking.id).contact.safe == SafeContact()


def test_after_the_end_there_is_nothing_to_change(sqlite_url: str) -> None:
    with a_house(sqlite_url) as house, house.client() as client:
        booking = house.request()
        changes.cancel(house.ledger, booking.id, actor="resident")
        path = f"/b/{booking.token}/contact"

        assert path not in client.get(f"/b/{booking.token}").text
        assert client.get(path, follow_redirects=False).status_code == 303
        assert post(client, path, named="no").status_code == 409
