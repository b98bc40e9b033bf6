"""What is asked for is read by the consultation's allotment; all that is wrong is said at once."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.errors import Invalid
from booking.i18n import sentence
from booking.ledger.application import Application, Target, read_application, read_target
from slots.desk import Consultation
from slots.telling import Telling
from slots.wishes import Wish
from tests.booking.ledger.town import DAILY, EXPERT, LEGAL, VISIT, the_desk
from tests.support.house import tokyo

DESK = the_desk()
PARTY = {
    "name": "試験 花子",
    "kana": "しけん はなこ",
    "phone": "090-1234-5678",
    "residence": "試験町",
}
NINE = tokyo("2026-12-07 09:00")
WISH = {"date": "2026-12-07", "time_of_day": "morning"}
# What no calendar, database or person can use.
ODD = [
    *("", " ", "\x00", "\ud800", "x", "９", "None", "0000-00-00", "2026-02-30", "2026-13-01"),
    *("9999-12-31", "0001-01-01", "-2026-12-07", "99999-12-07", "2100-01-01", "1999-12-31"),
    *("9" * 5000, "💥", "{}", "2026-12-07T25:00"),
]
ODD_SLOTS = [
    *("9999-12-31T23:59:59+09:00", "0001-01-01T00:00:00+09:00", "2026-12-07T09:00+99:00"),
    *("2026-12-07T09:60", "T09:00", "tomorrow"),
]


def consultation(key: str) -> Consultation:
    return next(one for one in DESK.consultations if one.key == key)


def read(key: str, *, by_staff: bool = False, **raw: Any) -> Application:
    return read_application(DESK, consultation(key), PARTY | raw, by_staff=by_staff)


def test_a_wish_must_be_for_a_channel_that_the_desk_uses() -> None:
    """Else it would be passed over in silence. People phone, whatever the desk's order says."""
    key = DESK.consultations[0].key
    desk = replace(DESK, telling=Telling(order=("letter",)))
    said = PARTY | {"slot": NINE, "date": NINE.date(), "wishes": [WISH], "postal_address": "石原1"}
    said |= {"age": "35"}
    for wish in ("call", "letter"):
        found = read_application(desk, consultation(key), said | {"contact_wish": wish})
        assert found.contact.safe.wish == wish
    for by_staff in (False, True):
        asked = said | {"contact_wish": "sms"}
        with pytest.raises(Invalid) as refused:
            read_application(desk, consultation(key), asked, by_staff=by_staff)
        [wrong] = refused.value.errors
        assert (wrong.field, wrong.code) == ("contact_wish", "not-used")
        assert sentence(wrong.field, wrong.code, wrong.facts) == (
            "この窓口からは、ショートメッセージ（SMS）ではご連絡していません。選べる方法は、電話、手紙です。"
        )


def faults(key: str, *, by_staff: bool = False, **raw: Any) -> list[str]:
    """What is wrong, as field.code."""
    with pytest.raises(Invalid) as refused:
        read(key, by_staff=by_staff, **raw)
    return [f"{one.field}.{one.code}" for one in refused.value.errors]


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-07T09:00:00+09:00",
        "2026-12-07T09:00+09:00",
        "2026-12-07T00:00:00Z",
        "2026-12-06T16:00:00-08:00",
        "2026-12-07T09:00:00 09:00",
        "2026-12-07T09:00",
        " 2026-12-07T09:00\n",
        "2026-12-07\x00T09:00",
        datetime(2026, 12, 7, tzinfo=UTC),
    ],
)
def test_a_slot_is_an_instant_and_without_an_offset_the_desks_own_time(typed: object) -> None:
    """A form's + is sent as a space by who forgets to escape it."""
    assert read(DAILY, slot=typed).target == Target(slot=NINE)


def test_by_slot_a_slot_is_needed_and_nothing_else_is_read() -> None:
    assert faults(DAILY) == ["slot.required"]
    assert faults(DAILY, date="2026-12-07") == ["slot.required"]
    assert read(DAILY, slot=NINE, date="9999-99-99", wishes=[{}]).target == Target(slot=NINE)


@pytest.mark.parametrize("typed", ODD + ODD_SLOTS)
def test_by_slot_nothing_odd_is_a_slot(typed: str) -> None:
    assert faults(DAILY, slot=typed) in (["slot.not-a-slot"], ["slot.required"])


def test_by_date_the_time_is_a_wish() -> None:
    day = date(2026, 12, 19)

    assert read(LEGAL, date="2026-12-19").target == Target(day=day)
    assert read(LEGAL, date="2026-12-19", wish="any").target == Target(day=day)
    assert read(LEGAL, date="2026-12-19", wish="09:45").target == Target(day=day, wish=time(9, 45))
    assert read(LEGAL, date=day, wish=time(9, 45)).target == Target(day=day, wish=time(9, 45))
    assert read(LEGAL, slot=NINE).target == Target(slot=NINE)


def test_by_date_a_date_is_needed() -> None:
    assert faults(LEGAL) == ["date.required"]
    assert faults(LEGAL, wish="09:45") == ["date.required"]
    assert faults(LEGAL, date="2026-12-19", wish="soon") == ["wish.not-a-slot"]


@pytest.mark.parametrize("typed", ODD)
def test_by_date_nothing_odd_is_a_date(typed: str) -> None:
    assert faults(LEGAL, date=typed) in (["date.not-a-date"], ["date.required"])
    assert faults(LEGAL, date="9999-12-31", wish=typed)[0] == "date.not-a-date"


def test_arranged_up_to_three_wishes_are_read() -> None:
    listed = [
        WISH,
        {"date": "2026-12-08"},
        {"date": "2026-12-07", "time_of_day": "any"},
    ]

    assert read(VISIT, wishes=listed).target.wishes == (
        Wish(date(2026, 12, 7), "morning"),
        Wish(date(2026, 12, 8), "any"),
        Wish(date(2026, 12, 7), "any"),
    )
    assert read(VISIT, wishes=["2026-12-08"]).target.wishes == (Wish(date(2026, 12, 8), "any"),)


def test_arranged_what_is_wrong_with_wishes_is_said() -> None:
    assert faults(VISIT) == ["wishes.required"]
    assert faults(VISIT, wishes=[]) == ["wishes.required"]
    assert faults(VISIT, wishes="2026-12-07") == ["wishes.required"]
    assert faults(VISIT, wishes=[WISH, WISH]) == ["wishes.twice"]
    assert faults(VISIT, wishes=[WISH | {"time_of_day": "midnight"}]) == ["wishes.time-of-day"]
    assert faults(VISIT, wishes=[{"date": f"2026-12-{n:02}"} for n in range(7, 11)]) == [
        "wishes.too-many"
    ]


@pytest.mark.parametrize("typed", [*ODD, None, 0, [], {}, [[]], {"date": {}}])
def test_arranged_nothing_odd_is_a_wish(typed: object) -> None:
    found = faults(VISIT, wishes=[{"date": typed}])

    assert found in (["wishes.not-a-date"], ["wishes.required"])


def test_a_thousand_wishes_are_refused_with_few_words() -> None:
    """The answer is not longer than the question."""
    for odd in ({"date": "x"}, {"date": "2026-12-07", "time_of_day": "x"}, WISH, {}, [], "x"):
        assert len(faults(VISIT, wishes=[odd] * 10_000)) <= 4


def test_residents_settle_no_arranged_time_and_staff_do() -> None:
    assert faults(VISIT, slot=NINE, wishes=[WISH]) == ["slot.not-used"]

    settled = read(VISIT, by_staff=True, slot=NINE, minutes="６０分", place=" 2階\n会議室 ").target
    assert settled == Target(slot=NINE, minutes=60, place="2階 会議室")
    ignored = read(VISIT, wishes=[WISH], minutes="60", place="here").target
    assert (ignored.minutes, ignored.place) == (None, None)


def test_a_place_that_was_emptied_is_another_than_one_that_is_not_named() -> None:
    assert read(VISIT, by_staff=True, slot=NINE, place=" ").target.place == ""
    assert read(VISIT, by_staff=True, slot=NINE).target.place is None


@pytest.mark.parametrize("typed", ["0", "4", "481", "-5", "1h", "9" * 5000, "\ud800x"])
def test_a_settled_length_has_its_bounds(typed: str) -> None:
    assert faults(VISIT, by_staff=True, slot=NINE, minutes=typed) == ["minutes.not-a-length"]


def test_a_place_is_not_endless() -> None:
    assert faults(VISIT, by_staff=True, slot=NINE, place="場" * 201) == ["place.too-long"]


@pytest.mark.parametrize("typed", ["4821-7365", "４８２１ー７３６５", "4821 7365", "٤٨٢١٧٣٦٥"])
def test_a_referral_code_is_read_in_any_width_and_with_any_dashes(typed: str) -> None:
    assert read(EXPERT, wishes=[WISH], referral=typed).referral == "48217365"


def test_a_referral_is_needed_from_residents_where_the_consultation_asks_for_one() -> None:
    assert faults(EXPERT, wishes=[WISH], referral=" - ") == ["referral.required"]
    assert read(EXPERT, wishes=[WISH], by_staff=True).referral is None
    assert read(VISIT, wishes=[WISH]).referral is None


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert faults(EXPERT, name="", phone="x", wishes=[WISH, WISH]) == [
        "wishes.twice",
        "name.required",
        "phone.not-a-number",
        "referral.required",
    ]


def test_for_a_move_only_the_time_is_read() -> None:
    assert read_target(consultation(DAILY), {"slot": "2026-12-07T09:00"}) == Target(slot=NINE)
    with pytest.raises(Invalid):
        read_target(consultation(DAILY), {"slot": "x"})


def test_an_application_shows_nobody_and_no_code() -> None:
    shown = repr(read(EXPERT, wishes=[WISH], referral="4821-7365", email="hanako@example.jp"))

    for secret in (*PARTY.values(), "48217365", "hanako"):
        assert secret not in shown


_anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats() | st.text(max_size=30)
    | st.sampled_from(ODD + ODD_SLOTS) | st.dates().map(str) | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["date", "time_of_day"]), inner),
    max_leaves=5,
)  # fmt: skip


@given(
    st.sampled_from([DAILY, LEGAL, VISIT, EXPERT]),
    st.booleans(),
    st.dictionaries(
        st.sampled_from(["slot", "date", "wish", "wishes", "minutes", "place", "referral", *PARTY]),
        _anything,
    ),
)
def test_whatever_is_sent_is_read_or_refused(key: str, by_staff: bool, raw: dict[str, Any]) -> None:
    """Never a crash; and what was read can be kept and reckoned with."""
    try:
        target = read(key, by_staff=by_staff, **raw).target
    except Invalid:
        return
    for found in (target.slot, target.day):
        assert found is None or 2000 <= found.year < 2100
    assert target.slot is None or target.slot.astimezone(UTC)
    (target.place or "").encode()
