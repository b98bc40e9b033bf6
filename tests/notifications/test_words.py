"""What messages say in each language, and what they never say."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from booking.desks import load
from booking.languages import JAPANESE, LANGUAGES
from booking.ledger.contact import Contact
from booking.ledger.safe_contact import SafeContact
from notifications.overrides import samples
from notifications.view import VARIABLES, View
from notifications.wording import (
    FOLDER,
    PARTS,
    SMS_UNITS,
    found_words,
    kinds,
    shipped_template,
    units,
    words,
)

TOPICS = re.compile(
    "弁護士|誹謗|中傷|人権|被害|加害|法律|法的|差別|インターネット|ネットハーモニー|SNS|トラブル|専門家|相談|"
    "lawyer|legal|harass|victim|rights|律师|法律|人权|변호사|법률|인권|luật|nhân quyền|advogad|jurídic|direitos",
    re.IGNORECASE,
)
HOLES = re.compile(r"None|\n\n\n|\{|\}|\.\.|。。|[^\S\n]\n| ,|\(\)|（）")
SHIPPED = load()
LEGAL = "shibukawa/lawyer/legal"
# Every shipped consultation, with and without time, place and phone, in each state that a kind has.
CASES = [
    pytest.param(kind, language, id=f"{kind}-{language}")
    for kind in kinds()
    for language in LANGUAGES
]


def views(kind: str, language: str, name: str = "例 花子") -> Iterator[View]:
    """Invented bookings of every shipped desk, of a party that reads `language`."""
    for organisation in SHIPPED.organisations.values():
        for view in samples(organisation, kind):
            # An expert's are as the same desk's interviews; without a phone all desks are alike.
            key, phone = view.matter.consultation.key, view.matter.desk.phone()
            if key.endswith("/expert") or (phone is None and key != LEGAL):
                continue
            contact = Contact(
                name=name,
                kana="れい はなこ",
                phone="090-1234-5678",
                email="hanako@example.jp",
                language=language,
                safe=SafeContact(address="渋川市石原1番地"),
            )
            booking = replace(view.matter.booking, contact=contact)
            yield View(replace(view.matter, booking=booking))


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_every_part_says_something_of_every_booking(kind: str, language: str) -> None:
    """No None, no hole, no double stop, whatever is missing; an SMS fits in one part.

    What others may read is neutral: no topic, desk, name or phone of the party.
    """
    for view in views(kind, language, name="渡邉 花子"):
        texts = {part: words(kind, part, view) for part in PARTS}
        texts["letter"] = words(kind, "body", view, "letter")
        for text in texts.values():
            assert text.strip()
            assert not HOLES.search(text), text
        assert units(texts["sms"]) <= SMS_UNITS
        del texts["call"]

        matter, place = view.matter, view["place"] or "\0"
        desk = (matter.desk.name, matter.desk.short_name, matter.consultation.name)
        for text in texts.values():
            neutral = text.replace(place, "")
            assert not TOPICS.search(neutral), text
            assert not any(name and name in neutral for name in desk)
            assert not re.search("渡邉|花子|090-1234-5678|hanako|れい はなこ", text)
        first = texts["body"].partition("\n")[0]
        assert view["sender"] not in first
        assert view["reference"] not in first


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_of_its_own(language: str) -> None:
    """Japanese, easy Japanese and English all of them; what staff say is never foreign to them."""
    for kind in kinds():
        for part in PARTS:
            if part == "call" and language in ("zh", "ko", "vi", "pt"):
                continue
            assert shipped_template(LANGUAGES[language], kind, part), (language, kind, part)


def test_every_language_keeps_one_subject() -> None:
    """Not even what happened shows in a list of mails."""
    for language in LANGUAGES:
        subjects = {words(k, "subject", next(views(k, language))) for k in kinds()}
        assert len(subjects) == 1


def test_no_template_names_a_topic() -> None:
    """Not even in a branch that is seldom taken."""
    for path in FOLDER.rglob("*.txt"):
        assert not TOPICS.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize(
    ("language", "day", "time", "when"),
    [
        ("ja", "令和8年12月19日（土）", "午前9時45分から午前10時30分まで", "12/19(土)9:45"),
        (
            "ja-easy",
            "2026年12月19日 土曜日（どようび）",
            "午前（ごぜん）9時45分から 午前（ごぜん）10時30分まで",
            "12月19日(土)午前9時45分",
        ),
        ("en", "Saturday, 19 December 2026", "9:45 am to 10:30 am", "Sat 19 Dec 9:45am"),
        ("zh", "2026年12月19日（星期六）", "上午9:45至上午10:30", "12月19日(周六)上午9:45"),
        (
            "ko",
            "2026년 12월 19일 토요일",
            "오전 9시 45분부터 오전 10시 30분까지",
            "12/19(토) 오전 9시 45분",
        ),
        (
            "vi",
            "Thứ Bảy, ngày 19 tháng 12 năm 2026",
            "từ 9:45 sáng đến 10:30 sáng",
            "T7 19/12 9:45",
        ),
        (
            "pt",
            "sábado, 19 de dezembro de 2026",
            "9h45 da manhã até 10h30 da manhã",
            "sáb 19/12 9h45",
        ),
    ],
)
def test_a_day_is_written_as_the_language_does(
    language: str, day: str, time: str, when: str
) -> None:
    """With its weekday: era in Japanese, the western year and twelve hours in all others."""
    view = next(views("confirmed", language))
    told = view.told_in(LANGUAGES[language])

    assert (told["day"], told["time"], told["short_when"]) == (day, time, when)
    assert day in words("confirmed", "body", view)
    assert when in words("confirmed", "sms", view)


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_past_noon_is_never_read_as_midnight(language: str) -> None:
    """午後12時30分 is what nobody may read."""
    said = [
        LANGUAGES[language].time_text(datetime(2026, 12, 19, hour, minute))  # noqa: DTZ001
        for hour, minute in ((0, 30), (9, 0), (12, 0), (12, 30), (13, 30), (18, 30), (23, 5))
    ]

    assert len(set(said)) == len(said)
    assert not any("午後12" in one or "（ごご）12" in one or "下午12" in one for one in said)


def test_a_language_is_known_by_code_region_and_name() -> None:
    """As a browser, a form or a clerk may write it; what nobody knows is Japanese."""
    from booking.languages import language_of

    known = {
        "en": ("en", "EN", "en-US", "en_GB", "English", "英語"),
        "zh": ("zh", "zh-Hans", "中国語", "中文"),
        "pt": ("pt-BR", "ポルトガル語", "Português"),
        "ja-easy": ("ja-easy", "やさしい日本語"),
        "ja": ("ja", "ja-JP", "", "エスペラント", "tlh", "x" * 30),
    }
    for code, typed in known.items():
        assert {language_of(one).code for one in typed} == {code}


def test_what_is_not_translated_is_japanese_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Japanese dates: a text is never half of one and half of another."""
    from notifications import wording

    fewer = wording._present - {"en/confirmed/sms.txt"}
    monkeypatch.setattr(wording, "_present", fewer)
    view = next(views("confirmed", "en"))

    assert found_words("confirmed", "body", view).language is LANGUAGES["en"]
    assert found_words("confirmed", "sms", view).language is JAPANESE
    assert "ご予約が確定しました。12/19(土)9:45" in words("confirmed", "sms", view)


def test_staff_say_easy_japanese_to_who_reads_another_language() -> None:
    """They need not speak it; English they may read aloud."""
    said = {
        language: found_words("confirmed", "call", next(views("confirmed", language))).language.code
        for language in LANGUAGES
    }

    assert said == {"ja": "ja", "en": "en"} | dict.fromkeys(
        ("ja-easy", "zh", "ko", "vi", "pt"), "ja-easy"
    )


def test_an_sms_does_without_the_place_before_it_does_without_hours() -> None:
    """And never without number or date."""
    view = next(
        one
        for one in views("confirmed", "ja")
        if one.desk == "shibukawa/lawyer" and one["phone"] and one["time"]
    )

    def sms(place: str) -> str:
        booking = replace(view.matter.booking, place=place)
        consultation = replace(view.matter.consultation, place=None)
        matter = replace(view.matter, booking=booking, consultation=consultation)
        return words("confirmed", "sms", View(matter))

    assert words("confirmed", "sms", view) == (
        "【渋川市】ご予約が確定しました。12/19(土)9:45 市役所本庁舎。変更は平日8:30-17:15 0279-25-8526"
    )
    assert sms("渋川市役所第二庁舎別館東棟三階会議室（石原80）") == (
        "【渋川市】ご予約が確定しました。12/19(土)9:45 市役所第二庁舎別館東棟三階会議室。変更は平日0279-25-8526"
    )
    assert sms("赤城総合福祉健康交流文化センター別館東棟三階大会議室") == (
        "【渋川市】ご予約が確定しました。12/19(土)9:45。変更は平日8:30-17:15 0279-25-8526"
    )
    long = replace(
        view.matter.organisation, name="とても長い名前がついていて困っている広域連合組合事務所の町"
    )
    text = words("confirmed", "sms", View(replace(view.matter, organisation=long)))
    assert text.endswith("12/19(土)9:45。変更は0279-25-8526")


def test_an_sms_counts_utf16_units() -> None:
    """𠮷 is two, as the carriers count it."""
    assert units("𠮷田") == 3
    assert units("ễ") == 1


def test_a_place_that_names_the_desk_is_not_in_an_sms() -> None:
    """It shows on a locked screen."""
    view = next(one for one in views("confirmed", "ja") if one.desk == "osaka/human-rights")
    booking = replace(view.matter.booking, place="大阪府人権相談窓口 第1室（大阪市港区）")
    text = words("confirmed", "sms", View(replace(view.matter, booking=booking)))

    assert "人権" not in text


def test_no_day_contact_is_invented() -> None:
    """On a Saturday nobody answers the printed number; on a weekday somebody does."""
    saturday = next(one for one in views("reminder-last", "ja") if one.desk == "shibukawa/lawyer")
    monday_start = datetime.fromisoformat("2026-12-21T14:00+09:00")
    booking = replace(saturday.matter.booking, starts_at=monday_start, slot_start=monday_start)
    monday = View(replace(saturday.matter, booking=booking))

    assert saturday["day_contact"] is None
    assert saturday["call_by"] == "令和8年12月18日（金）午後5時15分"
    assert "当日につながる電話は、決まっていません。" in words("reminder-last", "body", saturday)
    assert monday["day_contact"] == "0279-25-8526"
    assert monday["call_by"] == "令和8年12月21日（月）午後2時"


def test_the_last_call_jumps_over_holidays() -> None:
    """2026-03-20 is 春分の日, so that the last is on Thursday the 19th."""
    view = next(one for one in views("reminder-last", "ja") if one.desk == "shibukawa/lawyer")
    start = datetime.fromisoformat("2026-03-21T09:00+09:00")
    booking = replace(view.matter.booking, starts_at=start, slot_start=start)
    now = datetime.fromisoformat("2026-03-19T10:00+09:00")

    assert View(replace(view.matter, booking=booking, now=now))["call_by"] == (
        "令和8年3月19日（木）午後5時15分"
    )
    late = datetime.fromisoformat("2026-03-20T10:00+09:00")
    assert View(replace(view.matter, booking=booking, now=late))["call_by"] is None


def test_a_reason_is_said_and_never_written() -> None:
    """Staff type it, and it may name anything."""
    for kind in kinds():
        for view in views(kind, "ja"):
            for part in ("subject", "body", "sms"):
                assert "都合のため" not in words(kind, part, view)
    assert any("都合のため" in words("declined", "call", one) for one in views("declined", "ja"))


def test_a_letter_names_no_address_of_a_page_where_there_is_a_phone() -> None:
    """Nobody types 32 random characters from paper."""
    for view in views("confirmed", "ja"):
        letter = words("confirmed", "body", view, "letter")
        assert ("/b/" in letter) is (view["phone"] is None)
        assert "/b/" in words("confirmed", "body", view, "mail")


def test_what_ended_promises_nothing() -> None:
    """Neither a time to be settled nor a place to come to."""
    for kind in ("declined", "cancelled"):
        for view in views(kind, "ja"):
            body = words(kind, "body", view)
            assert "■ 場所" not in body
            assert "決まりましたら" not in body


def test_a_view_tells_nothing_in_a_log() -> None:
    """Reprs end up there."""
    assert repr(next(views("confirmed", "ja"))) == "View(…)"


def test_every_value_is_documented_and_no_other() -> None:
    """`kind` and `channel` are added for each text."""
    view = next(views("confirmed", "ja"))

    assert set(view) | {"kind", "channel"} == set(VARIABLES)
