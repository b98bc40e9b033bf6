"""A town's own words: the nearest wins, part by part, and a broken one never loses a message."""

import logging
import os
import time
from pathlib import Path

import pytest

from booking.desks import load
from booking.desks.catalogue import SHIPPED
from notifications.overrides import check_overrides, samples
from notifications.render import render
from notifications.view import View
from notifications.wording import words
from slots.desk import Organisation
from tests.support import words_table
from tests.support.house import INTERVIEW, a_house
from tests.support.telling import MAIL

CATALOGUE = load()
SHIBUKAWA = CATALOGUE.organisation("shibukawa")
DESK = "shibukawa/lawyer"


def write(folder: Path, name: str, text: str | bytes) -> Path:
    """`text` as the town's own words in `folder`/messages."""
    path = folder / "messages" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def desks(folder: Path) -> Path:
    """`folder`, with the shipped desk files in it."""
    for path in SHIPPED.glob("*.toml"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def view(folder: Path, desk: str = DESK) -> View:
    """A settled booking at `desk`, with the town's words from `folder`."""
    organisation = CATALOGUE.organisation_of(desk)
    return View(next(samples(organisation, "confirmed", desk)).matter, folder / "messages")


def complaints(
    folder: Path, *organisations: Organisation, whole: bool = True
) -> tuple[list[str], list[str]]:
    """What is wrong and what is doubtful, without the folder's name."""
    wrong, doubts = check_overrides(folder, organisations or (SHIBUKAWA,), whole=whole)
    start = f"{folder / 'messages'}/"
    assert all(one.startswith(start) for one in wrong + doubts)
    return [one.removeprefix(start) for one in wrong], [one.removeprefix(start) for one in doubts]


# ---------------------------------------------------------------- used
def test_the_nearest_wins_part_by_part(tmp_path: Path) -> None:
    """Desk before organisation before what is shipped; the other parts stay as they are."""
    write(tmp_path, "shibukawa/ja/confirmed/sms.txt", "【市】{{ short_when }}に確定。")
    write(tmp_path, "shibukawa/ja/confirmed/subject.txt", "お知らせ\r\n")
    write(
        tmp_path, "shibukawa/lawyer/ja/confirmed/sms.txt", "\ufeff【窓】{{ short_when }}です。\r\n"
    )

    lawyer, support = view(tmp_path), view(tmp_path, "shibukawa/support")
    elsewhere = view(tmp_path, "osaka/net-harmony")

    assert words("confirmed", "sms", lawyer) == "【窓】12/19(土)9:45です。"
    assert words("confirmed", "sms", support) == "【市】12/19(土)9:45に確定。"
    assert words("confirmed", "subject", lawyer) == "お知らせ"
    assert words("confirmed", "body", lawyer).startswith("ご予約が確定しました。\n")
    assert words("confirmed", "subject", elsewhere) == "ご予約のお知らせ"
    assert words("moved", "subject", lawyer) == "ご予約のお知らせ"


def test_japanese_words_of_the_town_are_no_translation(sqlite_url: str, tmp_path: Path) -> None:
    """Who reads English gets what is shipped in English, and the town's words in its Japanese end."""
    write(tmp_path, "shibukawa/ja/confirmed/body.txt", "確定です。\n\n{{ reference }}\n")
    with a_house(sqlite_url, folder=desks(tmp_path)) as house:
        booking = house.request(email=MAIL, language="en")
        body = render(house.ledger, house.settings, booking, "confirmed", "mail", "ref").body

    assert body.startswith("Your booking is confirmed.")
    assert "日本語（こちらが正文です）\n確定です。\n\n■ 受付番号" in body


def test_the_folder_lies_beside_the_desk_files(sqlite_url: str, tmp_path: Path) -> None:
    """What the setting names; without it, there is none."""
    write(tmp_path, "osaka/net-harmony/ja/received/body.txt", "承りました。{{ reference }}\n")
    with a_house(sqlite_url, folder=desks(tmp_path)) as house:
        booking = house.request(INTERVIEW, email=MAIL)
        body = render(house.ledger, house.settings, booking, "received", "mail", "ref").body

    assert body.startswith(f"承りました。{booking.reference}\n\n--\n大阪府\n")


def test_what_is_mended_is_used_at_once(tmp_path: Path) -> None:
    """Nobody restarts anything."""
    path = write(tmp_path, "shibukawa/ja/confirmed/subject.txt", "前")
    before = words("confirmed", "subject", view(tmp_path))
    path.write_text("後", encoding="utf-8")
    later = time.time() + 2
    os.utime(path, (later, later))

    assert (before, words("confirmed", "subject", view(tmp_path))) == ("前", "後")


def test_what_is_shipped_can_be_included(tmp_path: Path) -> None:
    """So that a town adds a sentence, and doesn't copy the rest."""
    text = 'よろしくお願いします。\n\n{% include "ja/details.txt" %}'
    write(tmp_path, "shibukawa/ja/confirmed/body.txt", text)

    body = words("confirmed", "body", view(tmp_path))

    assert body.startswith("よろしくお願いします。\n\n■ 受付番号\n　4821-7365\n")
    assert complaints(tmp_path) == ([], [])


BROKEN = {
    "unknown value": "{{ name }}様",
    "syntax": "{% if day %}",
    "fails": "{{ 1 / 0 }}",
    "no include": '{% include "ja/nothing.txt" %}',
    "says nothing": " \n",
    "not UTF-8": "予約".encode("shift_jis"),
    "not allowed": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "reason": "{{ reason }}",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("part", ["subject", "body", "sms"])
def test_a_broken_override_loses_no_message(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, part: str, text: str | bytes
) -> None:
    """What is shipped is said, and the log names the file and nothing that was said."""
    write(tmp_path, f"shibukawa/ja/confirmed/{part}.txt", text)
    shipped = words("confirmed", part, view(tmp_path / "nothing"))

    with caplog.at_level(logging.WARNING):
        assert words("confirmed", part, view(tmp_path)) == shipped

    (told,) = [one.getMessage() for one in caplog.records]
    assert told.startswith(f"messages/shibukawa/ja/confirmed/{part}.txt is left out: ")
    assert not any(said in told for said in ("4821", "花子", "0279", "都合", "name"))


def test_a_broken_desks_falls_to_the_organisations(tmp_path: Path) -> None:
    """One step at a time."""
    write(tmp_path, "shibukawa/lawyer/ja/confirmed/subject.txt", "{{ oops }}")
    write(tmp_path, "shibukawa/ja/confirmed/subject.txt", "市から")

    assert words("confirmed", "subject", view(tmp_path)) == "市から"


def test_a_subject_stays_one_line(tmp_path: Path) -> None:
    """A second line would be a header of its own, and the mail would not go."""
    write(tmp_path, "shibukawa/ja/confirmed/subject.txt", "一\r\nBcc: x@example.jp\n")

    assert words("confirmed", "subject", view(tmp_path)) == "一 Bcc: x@example.jp"


# ---------------------------------------------------------------- checked
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("body.txt", "x", "is no message; lay it under organisation/language/kind/part.txt"),
        ("town/ja/confirmed/body.txt", "x", "no desk file defines 'town'"),
        ("shibukawa/nowhere/ja/confirmed/body.txt", "x", "there is no desk 'shibukawa/nowhere'"),
        ("shibukawa/fr/confirmed/body.txt", "x", "'fr' is no language; use one of ja, ja-easy, en"),
        ("shibukawa/ja/confirm/body.txt", "x", "'confirm' is told to no party; use one of cancelled"),
        ("shibukawa/ja/day-list/body.txt", "x", "'day-list' is told to no party"),
        ("shibukawa/ja/confirmed/text.txt", "x", "'text.txt' is no part; use one of subject.txt"),
        ("shibukawa/ja/confirmed/body.txt", "{{ name }}", "'name' is no value; use one of bring"),
        ("shibukawa/ja/confirmed/body.txt", "{% if not day %}{{ nmae }}{% endif %}x", "'nmae' is"),
        ("shibukawa/ja/confirmed/sms.txt", "{{ reason }}", "'reason' is no value"),
        ("shibukawa/ja/confirmed/body.txt", "a\n{% if %}", "line 2: "),
        ("shibukawa/ja/confirmed/body.txt", "{{ place.upper() }}", "fails with some bookings: "),
        ("shibukawa/ja/confirmed/body.txt", '{% include "ja/x.txt" %}', "includes 'ja/x.txt', which"),
        ("shibukawa/ja/confirmed/body.txt", "{{ ''.__class__ }}", "fails with some bookings: "),
        ("shibukawa/ja/confirmed/body.txt", "{% if time %}x{% endif %}", "says nothing about some"),
        ("shibukawa/ja/confirmed/body.txt", "", "says nothing; write the words"),
        ("shibukawa/ja/confirmed/body.txt", "予約".encode("shift_jis"), "is not UTF-8"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_with_its_remedy(
    tmp_path: Path, name: str, text: str | bytes, said: str
) -> None:
    """Before anybody is told."""
    write(tmp_path, name, text)

    ((complaint,), doubts) = complaints(tmp_path)

    assert complaint.startswith(f"{name}: {said}")
    assert "; " in complaint
    assert doubts == []


def test_what_is_hardly_meant_is_a_warning(tmp_path: Path) -> None:
    """An SMS in two parts costs twice; a desk's name is what nobody else should read."""
    write(tmp_path, "shibukawa/ja/confirmed/sms.txt", "あ" * 60 + "{{ phone or '' }}")
    write(tmp_path, "shibukawa/lawyer/ja/received/subject.txt", "弁護士の無料相談のご予約")
    write(tmp_path, "shibukawa/lawyer/ja/received/body.txt", "ご予約\n\n弁護士の無料相談")

    assert complaints(tmp_path) == (
        [],
        [
            "shibukawa/ja/confirmed/sms.txt: is too long for one SMS with some bookings "
            "(72 of 70); say less",
            "shibukawa/lawyer/ja/received/subject.txt: names the desk where others may read it; "
            "say ご予約",
        ],
    )


def test_a_file_alone_is_checked_with_its_own_words(tmp_path: Path) -> None:
    """Those of a neighbour are the neighbour's; what an editor hides is nobody's."""
    write(tmp_path, "osaka/ja/confirmed/body.txt", "{{ oops }}")
    write(tmp_path, "shibukawa/.DS_Store", b"\0")

    assert complaints(tmp_path, whole=False) == ([], [])
    assert len(complaints(tmp_path)[0]) == 1


def test_readme_lists_every_value() -> None:
    """As the code has it: python -m tests.support.words_table."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

    assert (
        words_table.table() == readme.split(words_table.BEGIN + "\n")[1].split(words_table.END)[0]
    )
