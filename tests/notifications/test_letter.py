"""A letter on paper, as the PDF has it: what shows through the window, what doesn't, and that it is drawn."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from pypdf import PdfReader

from booking import paper
from notifications.letter import (
    ADDRESS,
    PLAY_DOWN,
    PLAY_RIGHT,
    WINDOW,
    Box,
    Letter,
    letter_of,
    letters_pdf,
)
from tests.support.house import a_house
from tests.support.posting import plain, promised, text_of

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MILLIMETRES = 25.4 / 72
A4_HEIGHT = 297
LETTER = Letter(
    name="髙﨑 𠮷邉子",
    address="〒377-8501 群馬県渋川市石原80番地\n渋川コーポラスグリーンハイツ203号室",
    sender="渋川市役所",
    office="〒999-0000 試験県試験市",
    reference="4821-7365",
    day="令和8年11月24日",
    subject="ご予約のお知らせ",
    body="ご予約が確定しました。\n\n■ 日にち\n　令和8年12月19日（土）",
)
LONG = "群馬県渋川市渋川（並木町）1234番地の5　メゾン・ド・シブカワ弐番館101号室　試験山様方"


@dataclass(frozen=True)
class Run:
    """A piece of text on the sheet: where its line begins, in millimetres, and its size in points."""

    text: str
    left: float
    base: float
    size: float
    font: str

    @property
    def box(self) -> Box:
        """What it covers, at least."""
        em = self.size * MILLIMETRES
        wide = sum(1 if ord(one) > 0x2E80 else 0.5 for one in self.text.strip())
        return Box(left=self.left, top=self.base - 0.88 * em, width=wide * em, height=em)


def joined(lines: Iterable[str]) -> str:
    return "".join("".join(lines).split())


def pages(pdf: bytes) -> list[list[Run]]:
    found = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        runs: list[Run] = []

        def visit(text: str, cm: Any, tm: Any, font: Any, size: float, runs: Any = runs) -> None:
            if text.strip():
                scale = tm[3] * cm[3]
                x, y = (
                    tm[4] * cm[0] + tm[5] * cm[2] + cm[4],
                    tm[4] * cm[1] + tm[5] * cm[3] + cm[5],
                )
                runs.append(
                    Run(
                        plain(text).strip("\n"),
                        x * MILLIMETRES,
                        A4_HEIGHT - y * MILLIMETRES,
                        abs(size * scale),
                        str(font["/BaseFont"]),
                    )
                )

        page.extract_text(visitor_text=visit)
        found.append(runs)
    return found


def inside(box: Box, frame: Box) -> bool:
    return (
        frame.left <= box.left + 0.05
        and box.left + box.width <= frame.left + frame.width + 0.05
        and frame.top <= box.top + 0.05
        and box.top + box.height <= frame.top + frame.height + 0.05
    )


def apart(box: Box, frame: Box) -> bool:
    return (
        box.left >= frame.left + frame.width
        or box.left + box.width <= frame.left
        or box.top >= frame.top + frame.height
        or box.top + box.height <= frame.top
    )


def behind_window(slip_right: float, slip_down: float) -> Box:
    """What of the sheet shows when it has slipped that far in its envelope."""
    return replace(WINDOW, left=WINDOW.left - slip_right, top=WINDOW.top - slip_down)


@pytest.mark.parametrize(
    "letter",
    [
        LETTER,
        replace(LETTER, name="Nguyễn Thị Hương", address=f"3770008 {LONG}"),
        replace(LETTER, address="渋川市石原"),
        replace(LETTER, address=f"〒377-0008\n{LONG}\n{LONG}"),
    ],
    ids=["two lines", "long", "no postal code", "very long"],
)
def test_the_address_shows_however_the_sheet_lies_and_nothing_else_does(letter: Letter) -> None:
    """The window is 90 × 45 mm, the sheet has 25 and 21 mm of play."""
    (runs,) = pages(letters_pdf([letter], AT))
    whole = joined([letter.postcode or "", *letter.address_lines, letter.addressee])
    address = [run for run in runs if joined([run.text]) in whole]
    others = [run for run in runs if run not in address]
    assert joined(run.text for run in address) == whole
    assert len(others) > 4

    for slip in product((0, PLAY_RIGHT / 2, PLAY_RIGHT), (0, PLAY_DOWN / 2, PLAY_DOWN)):
        frame = behind_window(*slip)
        assert [run for run in address if not inside(run.box, frame)] == []
        assert [run for run in others if not apart(run.box, frame)] == []


def test_an_address_fills_its_place_as_large_as_it_can() -> None:
    """11 points for a short one; what would be too long is set smaller, and never below 6."""
    assert LETTER.address_size == 10.0
    assert replace(LETTER, address="〒377-8501 渋川市石原80番地").address_size == 11.0
    assert replace(LETTER, address=LONG * 6).address_size == 6.0
    assert (ADDRESS.width, ADDRESS.height) == (65, 24)


@pytest.mark.parametrize(
    ("typed", "code", "lines"),
    [
        ("〒377-8501 群馬県渋川市石原80番地", "〒377-8501", ["群馬県渋川市石原80番地"]),
        ("３７７－８５０１　渋川市石原80\n試験荘", "〒377-8501", ["渋川市石原80", "試験荘"]),
        ("〒3778501\n渋川市石原80", "〒377-8501", ["渋川市石原80"]),
        ("渋川市石原377-8501", None, ["渋川市石原377-8501"]),
        ("12345678 Somewhere", None, ["12345678 Somewhere"]),
    ],
)
def test_a_postal_code_stands_on_its_own_line(
    typed: str, code: str | None, lines: list[str]
) -> None:
    """However it was typed; the rest stays as it was typed."""
    letter = replace(LETTER, address=typed)
    assert (letter.postcode, letter.address_lines) == (code, lines)


@pytest.mark.parametrize(
    "name", ["髙﨑 𠮷邉子", "Nguyễn Thị Hương", "김민수", "王小明", "João Łuś"]
)
def test_names_are_drawn_and_can_be_read_back(name: str) -> None:
    """Every character has a glyph of the font that is shipped, or of the machine's."""
    runs = pages(letters_pdf([replace(LETTER, name=name)], AT))[0]
    drawn = "".join(run.text for run in runs)

    assert "�" not in drawn
    assert name in drawn
    if "Ł" not in name:
        assert all(run.font.endswith("+NotoSansCJKjp-Regular") for run in runs)


def test_the_same_letter_makes_the_same_bytes() -> None:
    """Nothing depends on the clock or on chance, and another letter makes others."""
    first = letters_pdf([LETTER], AT)
    assert letters_pdf([LETTER], AT) == first
    assert letters_pdf([replace(LETTER, reference="4821-7366")], AT) != first
    read = PdfReader(io.BytesIO(first))
    assert read.metadata is not None
    assert (read.metadata.title, read.metadata.creation_date) == ("お知らせ", AT)


def test_each_letter_begins_on_a_sheet_of_its_own() -> None:
    """Also after one that takes two."""
    long = replace(LETTER, body="\n".join(f"{n}行目" for n in range(60)))
    sheets = pages(letters_pdf([long, LETTER], AT))

    assert len(sheets) == 3
    assert all(12 <= run.base <= 282 for sheet in sheets for run in sheet)
    assert "60行目" not in text_of(letters_pdf([long], AT))
    assert "59行目" in "".join(run.text for run in sheets[1])
    assert "渋川コーポラス" in "".join(run.text for run in sheets[2])


def test_what_was_typed_is_text_and_never_markup() -> None:
    """A name cannot draw, load or hide anything."""
    name = "<b>試験</b><img src=http://127.0.0.1:9/x>&amp;"
    drawn = "".join(
        run.text for run in pages(letters_pdf([replace(LETTER, name=name)], AT))[0]
    ).replace(" ", "")
    assert name.replace(" ", "") in drawn


def test_without_a_font_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line."""
    monkeypatch.setattr(paper, "FONT_PACKAGE", "no_such_font")
    paper._font.cache_clear()
    try:
        assert (
            paper.what_lacks()
            == "the Japanese font is missing: pip install noto-cjk-sans-jp-regular"
        )
        with pytest.raises(paper.CannotPrint, match="font is missing"):
            letters_pdf([LETTER], AT)
    finally:
        paper._font.cache_clear()


def test_a_letter_says_what_the_message_says_and_no_desk(database_url: str) -> None:
    """Neutral on the outside: no desk's name and no topic; the reference and the promise inside."""
    with a_house(database_url) as house:
        booking = promised(house, name="試験 花子")
        letter = letter_of(house.ledger, house.settings, booking, "confirmed", "a-ref")

        text = text_of(letters_pdf([letter], house.ledger.now()))
        for said in (
            "〒377-8501",
            "試験荘203号室",
            "試験 花子　様",
            "令和8年11月24日",
            f"受付番号　{booking.reference}",
            "渋川市役所",
            "ご予約のお知らせ",
            "ご予約が確定しました。",
            "令和8年12月19日（土）",
        ):
            assert said in text, said
        for never in ("このメール", "誹謗", "弁護士", "危機管理", "相談窓口"):
            assert never not in text, never
