"""A party is read generously and kept as it wrote itself; what cannot be used is named by field."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.errors import FieldError
from booking.ledger.contact import Contact, clean, hiragana, read_contact
from booking.ledger.telephone import parse_phone

SHIBUKAWA = ("0279-25-8526", "+81279258526")
TYPED = {
    "name": "試験 花子",
    "kana": "しけん はなこ",
    "phone": "090-1234-5678",
    "residence": "渋川市石原",
}


def read(**changes: Any) -> Contact:
    """The party, which must be without fault."""
    errors: list[FieldError] = []
    options = {name: changes.pop(name) for name in ("by_staff", "area_code") if name in changes}
    contact = read_contact(TYPED | changes, errors, **options)
    assert errors == []
    return contact


def faults(**changes: Any) -> list[str]:
    """What is wrong, as field.code."""
    errors: list[FieldError] = []
    options = {
        name: changes.pop(name) for name in ("by_staff", "area_code", "asks_age") if name in changes
    }
    typed = {key: value for key, value in (TYPED | changes).items() if value is not None}
    read_contact(typed, errors, **options)
    return [f"{one.field}.{one.code}" for one in errors]


@pytest.mark.parametrize(
    "typed",
    [
        "0279-25-8526",
        "０２７９－２５－８５２６",
        "0279−25-8526",
        "0279ー25ー8526",
        "0279ｰ25ｰ8526",
        "0279‑25‐8526",
        "0279–25—8526",
        "0279─25━8526",
        "0279〜25～8526",
        "0279﹣25⁃8526",
        "0279一25一8526",
        "0279 25 8526",
        "０２７９　２５　８５２６",
        "（0279）25-8526",
        "０２７９（２５）８５２６",
        "0279.25.8526",
        "0279258526",
        "+81 279-25-8526",
        "0279-25-8526 内線 123",
        "0279-25-8526（内線12）",
        "0279-25-8526 ext. 12",
        "0279-25-8526X12",
        "0279-25-8526 #12",
        " 0279-25-8526\r\n",
        "0279\u200b258526",
        "٠٢٧٩-٢٥-٨٥٢٦",
    ],
)
def test_a_number_is_read_in_any_width_with_any_dashes_and_without_its_extension(
    typed: str,
) -> None:
    assert parse_phone(clean(typed)) == SHIBUKAWA


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("05031361234", "050-3136-1234"),
        ("06012345678", "060-1234-5678"),
        ("０７０１２３４５６７８", "070-1234-5678"),
        ("09012345678", "090-1234-5678"),
        ("0120007110", "0120-007-110"),
        ("08001234567", "0800-123-4567"),
        ("0570003110", "0570-003-110"),
        ("0312345678", "03-1234-5678"),
        ("+1 650 253 0000", "+1 650-253-0000"),
    ],
)
def test_numbers_of_every_kind_are_printed_as_usual_here(typed: str, printed: str) -> None:
    found = parse_phone(typed)

    assert found is not None
    assert found[0] == printed
    assert parse_phone(found[0]) == found  # what is printed can be typed again


@pytest.mark.parametrize(
    "typed",
    ["110", "119", "118", "104", "#8891", "25-8526", "0279-25", "090-1234-567", "090-1234-56789",
     "9" * 300, "a" * 100_000, "電話なし", "-", "内線", "０", "\ud800"],
)  # fmt: skip
def test_what_reaches_nobody_is_no_number(typed: str) -> None:
    assert parse_phone(typed) is None
    assert faults(phone=f"x{typed}") == ["phone.not-a-number"]


@pytest.mark.parametrize(
    ("typed", "area_code", "printed"),
    [
        ("25-8526", "0279", "0279-25-8526"),
        ("２２－２１３０", "0279", "0279-22-2130"),
        ("6760-4013", "06", "06-6760-4013"),
        ("090-1234-5678", "0279", "090-1234-5678"),
        ("03-1234-5678", "0279", "03-1234-5678"),
    ],
)
def test_staff_may_leave_out_the_towns_area_code(typed: str, area_code: str, printed: str) -> None:
    assert read(phone=typed, by_staff=True, area_code=area_code).phone == printed


def test_residents_type_the_whole_number() -> None:
    assert faults(phone="25-8526", area_code="") == ["phone.not-a-number"]
    assert faults(phone="25-8526", area_code="0279") == ["phone.not-a-number"]


@pytest.mark.parametrize("typed", ["110", "119", "8526", "0"])
def test_the_area_code_makes_no_number_of_an_emergency_call(typed: str) -> None:
    assert faults(phone=typed, by_staff=True, area_code="0279") == ["phone.not-a-number"]


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("ｼﾌﾞｶﾜ ﾊﾟﾅｺ", "しぶかわ ぱなこ"),
        ("シブカワ　ハナコ", "しぶかわ はなこ"),
        ("しぶかわ\u3000 はなこ ", "しぶかわ はなこ"),
        ("グエン・ヴァン・アン", "ぐえん・ゔぁん・あん"),
        ("ジャン＝ピエール", "じゃん＝ぴえーる"),
        ("かねこ みすゞ", "かねこ みすゞ"),
        ("カネコ ミスヾ", "かねこ みすゞ"),
        (unicodedata.normalize("NFD", "しぶかわ がぱ"), "しぶかわ がぱ"),
        ("しぶ\u200bかわ", "しぶかわ"),
        ("ゑゐを", "ゑゐを"),
    ],
)
def test_a_reading_is_kept_in_hiragana_whatever_kana_was_typed(typed: str, read_as: str) -> None:
    assert read(kana=typed).kana == read_as
    assert hiragana(read_as) == read_as


@pytest.mark.parametrize(
    "typed", ["Shibukawa", "渋川", "しぶかわ（母）", "しぶかわ1", "・", "ー", "😀"]
)
def test_what_is_no_kana_is_no_reading(typed: str) -> None:
    assert faults(kana=typed) == ["kana.not-kana"]


def test_readings_are_compared_without_spaces() -> None:
    assert read(kana="シブカワ ハナコ").kana_key == read(kana="しぶかわはなこ").kana_key


@pytest.mark.parametrize(
    "name",
    ["髙﨑 神", "𠮷野 花子", "渡邉 辻\U000e0100", "NGUYỄN VĂN AN", "O’Brien Zoë", "김 하나", "محمد",
     unicodedata.normalize("NFD", "が ぱ")],
)  # fmt: skip
def test_a_name_stays_as_it_was_typed(name: str) -> None:
    """Normalising would write 神 (U+FA19) as 神, and with it another name."""
    assert read(name=f" {name}　").name == name


@pytest.mark.parametrize("field", ["name", "residence", "language"])
@pytest.mark.parametrize(
    "typed",
    ["試\x00験", "試\x1b験", "試\x7f験", "試\u202e験", "試\ud800験", "試\ufeff験", "試\x9d験"],
)
def test_what_cannot_be_seen_is_dropped(field: str, typed: str) -> None:
    assert getattr(read(**{field: typed}), field) == "試験"


@pytest.mark.parametrize("line", ["\n", "\r\n", "\r", "\t", "\u2028", "\x0b", "\x85"])
def test_a_field_of_one_line_stays_one_line(line: str) -> None:
    """No second line, which a header of a mail or a calendar file could take for its own."""
    assert read(name=f"試験{line}Bcc: x@example.jp").name == "試験 Bcc: x@example.jp"
    assert read(residence=f"渋川市{line}石原").residence == "渋川市 石原"


def test_what_is_to_be_considered_may_have_lines() -> None:
    assert read(needs="車いすです。\r\n手話\x00を\rお願いします。").needs == (
        "車いすです。\n手話を\nお願いします。"
    )


@pytest.mark.parametrize(
    "typed",
    ["hanako@example.jp", "a..b.@docomo.ne.jp", ".a-@ezweb.ne.jp", "a/b+c@i.softbank.jp",
     "_x@sub.example.co.jp", "o'brien@example.com"],
)  # fmt: skip
def test_addresses_as_carriers_gave_them_out_are_taken(typed: str) -> None:
    assert read(email=typed).email == typed


def test_an_address_is_read_in_any_width() -> None:
    assert read(email="ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ").email == "hanako@example.jp"
    assert read(email=" ").email is None


@pytest.mark.parametrize(
    "typed",
    ["hanako", "a@b", "a@b.c", "a b@example.jp", "a@@example.jp", "a@b@example.jp",
     "a@example.jp\nBcc: b@example.jp", "a@example.jp\r\nBcc: b@example.jp", "a@example.jp,b@example.jp",
     "a@example.jp;", "<a@example.jp>", "花 <a@example.jp>", "a@exam..ple.jp", "a@-.jp", "a@例え.jp",
     "花@example.jp", "mailto:a@example.jp", "a\\@example.jp", "a@[127.0.0.1]", f"{'a' * 250}@example.jp",
     "a@example.jp。", "a@example.jp a@example.jp", "a\u0301@example.jp"],
)  # fmt: skip
def test_what_a_mail_server_would_not_take_is_no_address(typed: str) -> None:
    """Told at once: later, nobody would learn that no mail came."""
    assert faults(email=typed) == ["email.not-an-address"]


@given(st.text(max_size=300))
def test_no_address_that_was_taken_can_break_out_of_a_header(typed: str) -> None:
    errors: list[FieldError] = []
    found = read_contact(TYPED | {"email": typed}, errors).email

    if found is not None and not errors:
        assert found.isascii()
        assert found.isprintable()
        assert not set(found) & set(' ,;:<>()[]\\"\r\n')
        assert found.count("@") == 1


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert faults(name="", kana=" ", phone="1", residence=None, email="x", age="old", party_size="0") == [
        "name.required",
        "kana.required",
        "phone.not-a-number",
        "residence.required",
        "email.not-an-address",
        "age.not-an-age",
        "party_size.not-a-count",
    ]  # fmt: skip


def test_staff_may_leave_out_what_the_caller_does_not_say() -> None:
    assert faults(residence=None, age=None, asks_age=True, by_staff=True) == []
    assert faults(residence=None, age=None, asks_age=True) == [
        "residence.required",
        "age.required",
    ]


@pytest.mark.parametrize(
    ("field", "most"), [("name", 100), ("kana", 100), ("residence", 200), ("needs", 500)]
)
def test_nothing_is_longer_than_it_may_be(field: str, most: int) -> None:
    assert faults(**{field: "あ" * most}) == []
    assert f"{field}.too-long" in faults(**{field: "あ" * (most + 1)})
    assert f"{field}.too-long" in faults(**{field: "あ" * 100_000})


@pytest.mark.parametrize(
    ("typed", "age"),
    [("35", 35), ("３５", 35), ("35歳", 35), ("３５才", 35), ("0", 0), ("130", 130)],
)
def test_an_age_is_read_as_people_write_it(typed: str, age: int) -> None:
    assert read(age=typed).age == age


@pytest.mark.parametrize("typed", ["131", "-1", "3.5", "1e2", "999999999999", "三十"])
def test_an_age_is_a_number_of_years(typed: str) -> None:
    assert faults(age=typed) == ["age.not-an-age"]


@pytest.mark.parametrize("typed", ["0", "11", "-3", "many"])
def test_a_party_has_from_one_to_ten_people(typed: str) -> None:
    assert faults(party_size=typed) == ["party_size.not-a-count"]
    assert read().party_size == 1
    assert read(party_size="３人").party_size == 3


@given(st.dictionaries(st.sampled_from([*TYPED, "email", "age", "needs", "party_size", "language"]),
                       st.text() | st.integers() | st.none() | st.lists(st.text())))  # fmt: skip
def test_whatever_is_sent_is_read_or_refused_and_can_be_kept(raw: dict[str, Any]) -> None:
    """No crash, and no text that the database or the seal could not take."""
    errors: list[FieldError] = []
    contact = read_contact(raw, errors, asks_age=True)

    if not errors:
        for value in vars(contact).values():
            assert b"\x00" not in str(value).encode()


def test_a_party_shows_nothing_of_itself() -> None:
    contact = read(email="hanako@example.jp")

    assert repr(contact) == str(contact) == f"{contact}" == "Contact(…)"
