"""Dates as people here write them, and a sentence for everything that can be wrong."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from booking.i18n import (
    REASONS,
    SENTENCES,
    clock_time,
    date_and_time,
    era_date,
    era_year,
    not_bookable,
    sentence,
    short_date,
    time_span,
)
from slots.availability import Reason

ROOT = Path(__file__).parents[2]
# Who raises what: refuse(name, …) with these names.
READ_BY_NAME = {
    "text": ("name", "residence", "needs", "language", "kana"),
    "number": ("age", "party_size"),
    "_date": ("date", "wishes"),
    "read_day": ("from", "to"),
}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 24), "令和8年"),
        (date(2020, 1, 1), "令和2年"),
        (date(2019, 12, 31), "令和元年"),
        (date(2019, 5, 1), "令和元年"),
        (date(2019, 4, 30), "平成31年"),
        (date(1989, 1, 8), "平成元年"),
        (date(1989, 1, 7), "昭和64年"),
        (date(1926, 12, 25), "昭和元年"),
        (date(1926, 12, 24), "1926年"),
        (date(2099, 12, 31), "令和81年"),
    ],
)
def test_a_year_is_that_of_its_era(day: date, expected: str) -> None:
    assert era_year(day) == expected


def test_a_date_has_its_weekday() -> None:
    assert era_date(date(2024, 4, 20)) == "令和6年4月20日（土）"
    assert era_date(date(2024, 4, 20), weekday=False) == "令和6年4月20日"
    assert short_date(date(2026, 12, 7)) == "12月7日（月）"
    weekdays = "".join(short_date(date(2026, 12, 7 + n))[-2] for n in range(7))
    assert weekdays == "月火水木金土日"


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (0, 0, "午前0時"),
        (0, 30, "午前0時30分"),
        (9, 0, "午前9時"),
        (9, 5, "午前9時5分"),
        (11, 59, "午前11時59分"),
        (12, 0, "正午"),
        (12, 30, "午後0時30分"),
        (13, 0, "午後1時"),
        (17, 15, "午後5時15分"),
        (23, 59, "午後11時59分"),
    ],
)
def test_a_time_is_told_in_two_halves_of_the_day(hour: int, minute: int, expected: str) -> None:
    assert clock_time(datetime(2026, 12, 19, hour, minute, tzinfo=UTC)) == expected


def test_a_span_and_an_instant_are_told_whole() -> None:
    start = datetime(2026, 12, 19, 9, 45, tzinfo=UTC)

    assert time_span(start, start.replace(hour=12, minute=0)) == "午前9時45分から正午まで"
    assert date_and_time(start) == "令和8年12月19日（土）午前9時45分"


def test_every_reason_for_not_being_bookable_has_a_sentence() -> None:
    assert set(REASONS) == set(Reason)
    at = datetime(2026, 12, 4, 17, 15, tzinfo=UTC)
    for reason in Reason:
        assert not_bookable(reason).endswith("。")
        assert not_bookable(reason, at).endswith("。")
    assert not_bookable(Reason.NOT_OPEN_YET, at).endswith(
        "受付は令和8年12月4日（金）午後5時15分からです。"
    )
    assert "午後5時15分まで" in not_bookable(Reason.BOOKING_CLOSED, at)
    assert not_bookable("something new") == "予約を受け付けられません。"


def said_in_the_code() -> Iterator[tuple[str, str, str]]:
    """(field, code, where) of each FieldError that the code can raise, as far as it is written out."""
    for path in sorted((ROOT / "booking").rglob("*.py")) + sorted(
        (ROOT / "notifications").rglob("*.py")
    ):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and len(call.args) >= 2:
                    where = f"{path.relative_to(ROOT)}:{call.lineno}"
                    yield from ((f, c, where) for f, c in _said_by(call, function.name))


def _said_by(call: ast.Call, function: str) -> Iterator[tuple[str, str]]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name == "number":
        codes = [call.args[3]] if len(call.args) > 3 else []
        fields = _texts(call.args[0])
    elif name in ("FieldError", "refuse"):
        fields, codes = _texts(call.args[0]) or list(READ_BY_NAME.get(function, ())), [call.args[1]]
    else:
        return
    for field in fields:
        for code in codes:
            yield from ((field, text) for text in _texts(code))


def _texts(node: ast.expr) -> list[str]:
    """The literal texts that an expression can be."""
    return [
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def test_everything_that_can_be_wrong_has_a_sentence_that_says_the_remedy() -> None:
    said = set(said_in_the_code())
    # Read like others, but never required.
    never = {"needs.required", "language.required", "party_size.required"}
    missing = {f"{f}.{c}  {where}" for f, c, where in said if f"{f}.{c}" not in SENTENCES}

    assert len({(f, c) for f, c, _ in said}) > 30
    assert {one for one in missing if one.split()[0] not in never} == set()


def test_every_sentence_is_one() -> None:
    facts = {"most": 3, "said": "…", "line": 2, "begun": 1, "count": 4, "wish": "…", "offered": "…"}
    for key, text in SENTENCES.items():
        field, _, code = key.partition(".")
        assert text.endswith(("。", "）。")), key
        gaps = set(re.findall(r"\{(\w*)\}", text))
        assert gaps <= facts.keys(), key
        assert sentence(field, code) == text
        assert "{" not in sentence(field, code, facts)


def test_what_nobody_foresaw_is_told_in_general() -> None:
    assert sentence("unknown", "code") == "入力内容を確かめてください。"
