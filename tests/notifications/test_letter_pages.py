"""郵送リスト as a clerk uses it."""

import re

import pytest

from booking import paper
from booking.ledger import changes
from tests.support.clerk import at_the_console
from tests.support.house import SESSION, House, a_house
from tests.support.posting import promised, text_of, with_address
from tests.support.telling import Teller, confirmed, rows, states, tries


def number_of(house: House) -> int:
    return next(int(row["id"]) for row in rows(house) if row["channel"] == "letter")


def test_the_list_says_who_what_and_until_when(database_url: str) -> None:
    """All that a clerk needs beside the printer."""
    with a_house(database_url) as house, at_the_console(house) as clerk:
        booking = promised(house, name="試験 太郎")

        page = clerk.get("/staff/letters")

        for said in (
            "試験 太郎 様",
            "〒377-8501",
            "試験荘203号室",
            "確定のお知らせ",
            "令和8年12月15日（火）午後5時まで",
            f'href="/staff/letters/{number_of(house)}.pdf"',
            'href="/staff/letters/all.pdf"',
            f'href="/staff/bookings/{booking.reference}"',
            "窓口の名前や用件が入っていない封筒",
        ):
            assert said in page
        assert re.search(r'href="/staff/letters"[^>]*>郵送リスト <span class="count">1<', page)


def test_a_letter_is_printed_from_its_row(database_url: str) -> None:
    """As a PDF that the browser shows and no cache keeps."""
    with a_house(database_url) as house, at_the_console(house) as clerk:
        booking = promised(house, name="試験 太郎")

        answer = clerk.client.get(f"/staff/letters/{number_of(house)}.pdf")

        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["cache-control"] == "no-store, private"
        assert (
            answer.headers["content-disposition"]
            == f'inline; filename="letter-{booking.reference}.pdf"'
        )
        text = text_of(answer.content)
        assert "試験 太郎" in text
        assert booking.reference in text


def test_all_letters_are_printed_at_once(database_url: str) -> None:
    """A sheet each, but for whom nobody knows the address of."""
    with a_house(database_url) as house, at_the_console(house) as clerk:
        promised(house, name="試験 一", at=f"{SESSION} 09:00")
        promised(house, name="試験 二", at=f"{SESSION} 09:45")
        promised(house, name="試験 三", at=f"{SESSION} 10:30", address="")

        answer = clerk.client.get("/staff/letters/all.pdf")

        assert re.findall(r"試験 (.)　様", text_of(answer.content)) == ["一", "二"]
        page = clerk.get("/staff/letters")
        assert "宛先がありません" in page
        assert page.count('.pdf"') == 3


@pytest.mark.parametrize(
    ("outcome", "said", "state"),
    [("posted", "投函済みとして", "sent"), ("not-posted", "送れない手紙として", "dead")],
)
def test_one_button_notes_what_became_of_it(
    database_url: str, outcome: str, said: str, state: str
) -> None:
    """Once; who presses again is told to throw the sheet away."""
    with a_house(database_url) as house, at_the_console(house) as clerk:
        promised(house)
        path = f"/staff/letters/{number_of(house)}"

        clerk.post(path, outcome=outcome, tries="0")
        assert clerk.status == 303
        assert said in clerk.follow()
        assert "いま投函する手紙はありません。" in clerk.page
        assert states(house)["confirmed letter"] == state

        clerk.post(path, outcome=outcome, tries="0")
        assert "投函せずに破棄してください" in clerk.follow()
        assert len(tries(house)) == 1
        kept = next(row["said"] for row in rows(house) if row["channel"] == "letter")
        assert (kept is not None) == (outcome == "posted")


def test_a_letter_about_what_has_changed_cannot_be_printed_or_noted(sqlite_url: str) -> None:
    """Though its row stood on the page a moment ago."""
    with a_house(sqlite_url) as house, at_the_console(house) as clerk:
        booking = promised(house)
        number = number_of(house)
        changes.cancel(house.ledger, booking.id, actor="resident")
        house.wait_until_seen()

        clerk.get(f"/staff/letters/{number}.pdf")
        assert clerk.status == 404
        clerk.get("/staff/letters/all.pdf")
        assert clerk.status == 404
        clerk.post(f"/staff/letters/{number}", outcome="posted", tries="0")
        assert "記録しませんでした" in clerk.follow()


def test_another_town_sees_nothing(sqlite_url: str) -> None:
    """Not in the list, not as a file."""
    with a_house(sqlite_url) as house, at_the_console(house, organisation="osaka") as clerk:
        promised(house)

        assert "いま投函する手紙はありません。" in clerk.get("/staff/letters")
        clerk.get(f"/staff/letters/{number_of(house)}.pdf")
        assert clerk.status == 404
        clerk.post(f"/staff/letters/{number_of(house)}", outcome="posted", tries="0")
        assert "noted=stale" in clerk.location


def test_who_only_reads_cannot_note(sqlite_url: str) -> None:
    """They see the list without buttons."""
    with a_house(sqlite_url) as house, at_the_console(house, role="viewer") as clerk:
        promised(house)

        assert "投函した" not in clerk.get("/staff/letters")
        clerk.post(f"/staff/letters/{number_of(house)}", outcome="posted", tries="0")
        assert clerk.status == 403


def test_nobody_else_sees_it(sqlite_url: str) -> None:
    """Neither page nor file without a sign-in."""
    with a_house(sqlite_url) as house, house.client() as client:
        for path in ("/staff/letters", "/staff/letters/1.pdf", "/staff/letters/all.pdf"):
            answer = client.get(path, follow_redirects=False)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/staff/login")


@pytest.mark.parametrize(
    "path", ["0.pdf", "x.pdf", "1", "1.txt", ".pdf", "９.pdf", f"{10**30}.pdf"]
)
def test_a_file_that_is_none_is_not_found(sqlite_url: str, path: str) -> None:
    """With a page, not with an error."""
    with a_house(sqlite_url) as house, at_the_console(house) as clerk:
        clerk.get(f"/staff/letters/{path}")
        assert clerk.status == 404


@pytest.mark.parametrize(
    ("number", "form"),
    [
        ("1", {"outcome": "burnt", "tries": "0"}),
        ("1", {"outcome": "posted"}),
        ("9" * 30, {"outcome": "posted", "tries": "0"}),
    ],
)
def test_a_form_that_is_not_ours_is_refused(
    sqlite_url: str, number: str, form: dict[str, str]
) -> None:
    """With a page, not with an error."""
    with a_house(sqlite_url) as house, at_the_console(house) as clerk:
        clerk.post(f"/staff/letters/{number}", **form)
        assert clerk.status == 404


def test_without_a_font_the_page_says_so(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list stays, and so do its buttons; only the files are missing."""
    with a_house(sqlite_url) as house, at_the_console(house) as clerk:
        promised(house)
        paper._font.cache_clear()
        monkeypatch.setattr(paper, "FONT_PACKAGE", "no_such_font")
        try:
            page = clerk.get("/staff/letters")
            assert "手紙を印刷できません" in page
            assert "pip install noto-cjk-sans-jp-regular" in page
            assert '.pdf"' not in page
            assert "投函した" in page
            clerk.get("/staff/letters/all.pdf")
            assert clerk.status == 503
            assert "印刷できません" in clerk.page
        finally:
            paper._font.cache_clear()


def test_the_navigation_names_the_list_only_when_there_is_a_letter(sqlite_url: str) -> None:
    """Few towns post any; the list of calls always leads there."""
    with a_house(sqlite_url) as house, at_the_console(house) as clerk:
        assert "/staff/letters" not in clerk.get("/staff/")
        assert "/staff/letters" in clerk.get("/staff/calls")

        promised(house)
        house.wait_until_seen()

        assert "/staff/letters" in clerk.get("/staff/")


def test_who_must_not_be_told_by_whom_it_is_is_marked(sqlite_url: str) -> None:
    """An envelope names its sender."""
    with a_house(sqlite_url) as house, at_the_console(house) as clerk:
        booking = confirmed(house, how="letter")
        with_address(house, booking, named=False)
        Teller(house).tick()

        assert "差出人を知られたくない方です" in clerk.get("/staff/letters")
