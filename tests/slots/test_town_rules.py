"""Towns as they are: who may come, how often, with what arranged; and why a day cannot be had.

The values are read off the sentences in `towns/`, by hand.
"""

from datetime import date

import pytest

from slots.admission import Tie, too_late
from slots.availability import Held, Reason
from slots.desk import Consultation
from slots.hours import hours_on
from slots.limits import Visit, exceeded
from slots.why import Answer, Why, answer
from tests.slots.examples import at, on
from tests.slots.town_files import consultation, desk, session

SAKAI, KITA = "sakai/sakai-ward/legal", "sakai/kita-ward/legal"
MINATO, MAIBARA = "minato/citizens/legal", "maibara/citizens/legal"
TAKANEZAWA, AOMORI = "takanezawa/citizens/legal", "aomori-bar/centre/legal"
SANNOMIYA, HIMEJI = "hyogo/sannomiya/legal", "hyogo/himeji/legal"
TOURING, AYABE = "osaka-city/touring/legal", "ayabe/citizens/legal"
WARD = "osaka-city/ward/legal"
NOBODY = Held()


def visit(key: str, day: str, *, matter: str | None = None, is_open: bool = False) -> Visit:
    """A party's booking of the session on `day`."""
    return Visit(consultation=key, day=on(day), session=f"{key}/{day}", matter=matter, open=is_open)


def told(wanted: Visit, *earlier: Visit) -> list[str | None]:
    """The sentences of the limits that `wanted` would go beyond."""
    limits = consultation(wanted.consultation).limits
    return [one.text for one in exceeded(limits, wanted, earlier)]


def why_at(key: str, slot: str, now: str, held: Held = NOBODY) -> Why | None:
    """Why the slot cannot be had by phone, or None."""
    found = answer(consultation(key), at(slot), held, at(now), channel="phone")
    return found.why


def test_in_sakai_one_comes_once_per_fiscal_year_and_ward() -> None:
    once = ["お一人につき、年度ごと、区ごとに1回までです。"]
    may = visit(SAKAI, "2026-05-12")

    assert told(visit(SAKAI, "2027-03-23"), may) == once
    assert told(visit(KITA, "2027-03-18"), may) == []
    assert told(visit(SAKAI, "2027-04-13"), may) == []
    assert told(visit(KITA, "2027-03-18"), may, visit(KITA, "2026-04-02")) == once


def test_in_minato_one_comes_three_times_per_fiscal_year() -> None:
    april, may, june = (visit(MINATO, day) for day in ("2026-04-13", "2026-05-11", "2026-06-08"))
    march = visit(MINATO, "2026-03-23")

    assert told(visit(MINATO, "2026-07-13"), april, may) == []
    assert told(visit(MINATO, "2026-07-13"), april, may, march) == []
    assert told(visit(MINATO, "2027-02-08"), april, may, visit(MINATO, "2027-01-25")) == [
        "お一人につき、年度ごとに3回までです。"
    ]
    assert told(visit(MINATO, "2026-07-13"), april, may, june) == [
        "お一人につき、年度ごとに3回までです。"
    ]


def test_in_maibara_one_comes_once_in_the_same_matter() -> None:
    earlier = visit(MAIBARA, "2026-04-22", matter="a")

    assert told(visit(MAIBARA, "2028-04-26", matter="a"), earlier) == [
        "同じ内容の相談は1回までです。"
    ]
    assert told(visit(MAIBARA, "2026-05-27", matter="b"), earlier) == []
    assert told(visit(MAIBARA, "2026-05-27"), earlier) == []


def test_in_takanezawa_one_brings_one_case_a_session() -> None:
    june = visit(TAKANEZAWA, "2026-06-12")

    assert told(visit(TAKANEZAWA, "2026-06-12"), june) == ["1回の開催につき、お一人1件です。"]
    assert told(visit(TAKANEZAWA, "2026-09-11"), june) == []


def test_in_hyogo_one_comes_once_whatever_the_venue() -> None:
    earlier = visit(SANNOMIYA, "2024-04-08")

    assert told(visit(HIMEJI, "2026-06-08"), earlier) == ["お一人につき1回です。"]
    assert told(visit(HIMEJI, "2026-06-08"), visit(SAKAI, "2024-04-09")) == []


def test_with_the_bar_of_aomori_one_has_one_open_booking_at_a_time() -> None:
    wanted = visit(AOMORI, "2026-07-21")

    assert told(wanted, visit(AOMORI, "2026-06-16")) == []
    assert told(wanted, visit(AOMORI, "2026-08-04", is_open=True)) == [
        "次の予約は、今の予約の相談が終わってからお申し込みください。"
    ]


@pytest.mark.parametrize("key", [SAKAI, KITA, MINATO, MAIBARA, TAKANEZAWA, SANNOMIYA, WARD])
def test_a_limit_warns_and_staff_decide(key: str) -> None:
    assert {one.then for one in consultation(key).limits} == {"warn"}


def test_who_has_an_open_booking_with_the_bar_of_aomori_is_refused() -> None:
    (limit,) = consultation(AOMORI).limits

    assert (limit.then, limit.per, limit.at_most) == ("refuse", "open", 1)


@pytest.mark.parametrize(
    ("key", "fit"),
    [
        (SAKAI, {"live"}),
        ("sagamihara/citizens/legal", {"live", "work", "study"}),
        ("fuchu/citizens/legal", {"live", "work"}),
        ("nogata/citizens/legal", {"live", "work"}),
        ("kamisu/citizens/legal", {"live", "stay"}),
    ],
)
def test_who_has_none_of_the_ties_is_not_turned_away_but_checked(key: str, fit: set[Tie]) -> None:
    eligibility = consultation(key).eligibility
    every: tuple[Tie, ...] = ("live", "stay", "work", "study", "relative", "other")

    assert {one for one in every if eligibility.judge([one]) == "fits"} == fit
    assert eligibility.judge([]) == "to-check"
    assert eligibility.judge(["other", next(iter(fit))]) == "fits"


@pytest.mark.parametrize("key", [MINATO, MAIBARA, TAKANEZAWA, AOMORI, "toda/net-abuse/legal"])
def test_where_the_sentence_is_silent_anybody_may_come(key: str) -> None:
    assert consultation(key).eligibility.judge([]) == "fits"


@pytest.mark.parametrize(
    ("key", "exclusions"),
    [
        ("shizuoka/aoi/legal", ("静岡市が相手方になること", "書類の作成")),
        ("nogata/citizens/legal", ("市と利害が対立すること", "書類の作成")),
        (
            TAKANEZAWA,
            ("ご本人（当事者）でない方からの相談", "営利を目的とすること", "裁判になっていること"),
        ),
    ],
)
def test_what_is_no_matter_for_it_is_told(key: str, exclusions: tuple[str, ...]) -> None:
    assert consultation(key).exclusions == exclusions


def needed(found: Consultation, day: str, today: str) -> list[str]:
    """What can no longer be arranged on `today` for the session on `day`."""
    return [one.name for one in too_late(found.needs, on(day), on(today), found.closed_days)]


def test_in_moriya_sign_language_is_asked_for_seven_days_before() -> None:
    found = consultation("moriya/citizens/legal")

    assert needed(found, "2026-05-21", "2026-05-14") == []
    assert needed(found, "2026-05-21", "2026-05-15") == ["手話通訳"]


@pytest.mark.parametrize(
    ("day", "last"),
    [
        # Back from 5/7: 5/1, 4/30, 4/28, 4/27, 4/24; 5/3 to 5/6 and 4/29 are holidays.
        ("2026-05-07", "2026-04-24"),
        # Back from 1/7: 1/6, 1/5, 1/4, 12/28, 12/25; 12/29 to 1/3 is the year-end.
        ("2027-01-07", "2026-12-25"),
        # Back from 6/4: 6/3, 6/2, 6/1, 5/29, 5/28.
        ("2026-06-04", "2026-05-28"),
    ],
)
def test_in_hokuto_sign_language_is_asked_for_five_business_days_before(
    day: str, last: str
) -> None:
    found = consultation("hokuto/citizens/legal")
    after = date.fromordinal(on(last).toordinal() + 1).isoformat()

    assert needed(found, day, last) == []
    assert needed(found, day, after) == ["手話通訳"]
    assert found.needs[0].note == (
        "ウェブのフォームかFAXで、早めにお申し込みください。手配できないことがあります。"
    )


def test_in_osaka_five_languages_are_provided() -> None:
    found = consultation("osaka-city/foreign/legal")

    assert [one.name for one in found.needs] == [
        *("英語の通訳", "中国語の通訳", "韓国・朝鮮語の通訳", "ベトナム語の通訳"),
        "フィリピン語の通訳",
    ]
    assert needed(found, "2026-05-20", "2026-05-20") == []


def test_in_musashimurayama_the_signer_of_the_desk_is_no_need_of_a_booked_consultation() -> None:
    found = consultation("musashimurayama/citizens/legal")

    assert found.needs == ()
    assert "同席しません" in found.notes[0]


@pytest.mark.parametrize("key", ["osaka-city/net/lawyer", "osaka-city/women/lawyer"])
def test_what_staff_or_a_caseworker_open_needs_a_referral(key: str) -> None:
    assert consultation(key).needs_referral


def test_fees_are_told_as_the_town_says_them() -> None:
    assert consultation(MAIBARA).fee == "1,000円"
    assert consultation("osaka-city/net/lawyer").fee == "初回無料"
    assert consultation(SAKAI).fee == "無料"


def test_in_kamisu_staff_designate_the_time_and_in_aomori_confirm_it() -> None:
    assert consultation("kamisu/citizens/legal").allotment == "date"
    assert consultation("kamisu/citizens/legal").confirmed_by == "staff"
    assert consultation(AOMORI).confirmed_by == "staff"


def test_in_gunma_the_desk_stays_open_while_the_phone_rests_at_noon() -> None:
    found = hours_on(desk("gunma/net-abuse"), on("2026-11-24"))

    assert [(f"{one.start:%H:%M}-{one.end:%H:%M}", one.channel) for one in found] == [
        ("09:00-17:00", "in-person"),
        ("09:00-12:00", "phone"),
        ("13:00-16:00", "phone"),
    ]
    assert hours_on(desk("gunma/net-abuse"), on("2026-11-23")) == []


def test_in_shizuoka_a_holiday_and_the_year_end_have_no_session() -> None:
    now = "2026-10-01 12:00"

    assert why_at("shizuoka/aoi/legal", "2026-11-03 13:00", now) == Why(
        Reason.HOLIDAY, text="文化の日"
    )
    assert why_at("shizuoka/suruga/legal", "2026-12-31 13:00", now) == Why(
        Reason.HOLIDAY, text="年末年始"
    )
    assert why_at("shizuoka/aoi/legal", "2026-11-04 13:00", now) == Why(Reason.NO_SESSION)


@pytest.mark.parametrize(
    ("key", "slot", "holiday", "held"),
    [
        (TOURING, "2026-09-21 18:00", "敬老の日", "2026-09-24"),
        (TOURING, "2026-05-04 13:00", "みどりの日", "2026-05-07"),
        (SANNOMIYA, "2026-10-12 13:00", "スポーツの日", "2026-10-19"),
    ],
)
def test_who_asks_for_a_day_that_a_holiday_shifted_is_told_both_days(
    key: str, slot: str, holiday: str, held: str
) -> None:
    assert why_at(key, slot, "2026-04-01 12:00") == Why(
        Reason.HOLIDAY, text=holiday, moved_to=on(held)
    )


def test_in_toda_new_years_day_waits_for_a_decision() -> None:
    assert why_at("toda/net-abuse/legal", "2027-01-01 15:00", "2026-12-01 12:00") == Why(
        Reason.UNDECIDED, text="年末年始"
    )


def test_in_ayabe_who_comes_too_late_is_refused_without_a_waiting_list() -> None:
    full = Held(1, {at("2026-05-08 13:30"): 1})

    assert why_at(AYABE, "2026-05-08 13:30", "2026-05-01 12:00", full) == Why(
        Reason.FULL, waiting_list=False
    )
    assert why_at(AYABE, "2026-05-08 13:50", "2026-05-01 12:00", full) is None


def test_a_wards_day_is_full_by_noon_and_those_who_came_first_have_it() -> None:
    starts = ("13:00", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00", "16:30")
    full = Held(8, {at(f"2026-04-09 {one}"): 1 for one in starts})

    assert why_at(WARD, "2026-04-09 13:00", "2026-04-09 12:00", full) == Why(Reason.FULL)
    assert why_at(WARD, "2026-04-09 13:00", "2026-04-09 12:00") is None


def test_in_kamisu_requests_without_a_time_fill_the_day() -> None:
    key, slot, now = "kamisu/citizens/legal", "2026-04-09 13:00", "2026-04-01 12:00"
    found = consultation(key)

    assert len(session(key, "2026-04-09").blocks) == 1
    assert answer(found, at(slot), Held(5), at(now)) == Answer(1)
    assert answer(found, at(slot), Held(6), at(now)) == Answer(
        0, Why(Reason.FULL, phone="0000-00-0000")
    )


def test_of_the_four_dates_of_takanezawa_no_other_day_has_a_session() -> None:
    assert why_at(TAKANEZAWA, "2026-06-12 13:30", "2026-06-01 12:00") is None
    assert why_at(TAKANEZAWA, "2026-06-19 13:30", "2026-06-01 12:00") == Why(Reason.NO_SESSION)
