"""The desk files that are shipped, value by value as the two source pages have them."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from booking.desks import Catalogue, load
from booking.desks.catalogue import SHIPPED
from slots.desk import Desk
from slots.grid import slots_of
from slots.hours import hours_on
from slots.sessions import session_on, sessions_of
from slots.zone import fiscal_year

DESKS = ["osaka/human-rights", "osaka/net-harmony", "shibukawa/lawyer", "shibukawa/support"]
CONSULTATIONS = [
    "osaka/human-rights/expert",
    "osaka/human-rights/interview",
    "osaka/net-harmony/expert",
    "osaka/net-harmony/interview",
    "shibukawa/lawyer/legal",
    "shibukawa/support/in-person",
]
OSAKA_POST = "〒552-0001 大阪府大阪市港区波除4-1-37 HRCビル8階 一般財団法人大阪府人権協会"
# Names for the program, and the evidence itself: no page could say them.
STRUCTURAL = {"id", "zone", "sources", "unconfirmed"}

Table = dict[str, Any]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The shipped desks."""
    return load()


def tables() -> Iterator[tuple[str, Table]]:
    """Every organisation, desk and consultation as its file has it, with its key."""
    for path in sorted(SHIPPED.glob("*.toml")):
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        town = file["organisation"]
        yield town["id"], town
        for desk in file["desks"]:
            yield f"{town['id']}/{desk['id']}", desk
            for one in desk["consultations"]:
                yield f"{town['id']}/{desk['id']}/{one['id']}", one


TABLES = dict(tables())


def contacts(desk: Desk) -> dict[str, str | None]:
    return {one.channel: one.value for one in desk.contacts}


def day_of(desk: Desk, day: str) -> list[str]:
    return [
        f"{one.channel} {one.start:%H:%M}-{one.end:%H:%M} until {one.last_intake:%H:%M}"
        for one in hours_on(desk, date.fromisoformat(day))
    ]


def test_two_organisations_have_four_desks_and_six_consultations(catalogue: Catalogue) -> None:
    assert sorted(catalogue.organisations) == ["osaka", "shibukawa"]
    assert sorted(catalogue.desks) == DESKS
    assert sorted(catalogue.consultations) == CONSULTATIONS


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            "osaka/net-harmony",
            {
                "phone": "06-6760-4013",
                "line": None,
                "fax": "06-6581-4014",
                "mail": None,
                "letter": f"{OSAKA_POST}「ネットハーモニー」",
                "in-person": None,
            },
        ),
        (
            "osaka/human-rights",
            {
                "phone": "06-6581-8634",
                "line": None,
                "fax": "06-6581-8614",
                "mail": None,
                "letter": f"{OSAKA_POST}「大阪府人権相談窓口」",
                "in-person": None,
            },
        ),
        (
            "shibukawa/support",
            {
                "phone": "0279-25-8526",
                "in-person": None,
                "mail": "shiminsupport@city.shibukawa.gunma.jp",
            },
        ),
        ("shibukawa/lawyer", {"phone": "0279-25-8526"}),
    ],
)
def test_each_desk_is_reached_where_its_page_says(
    catalogue: Catalogue, key: str, expected: dict[str, str | None]
) -> None:
    desk = catalogue.desk(key)

    assert contacts(desk) == expected
    assert desk.phone() == expected["phone"]


@pytest.mark.parametrize("key", DESKS)
def test_each_number_and_address_stands_in_the_quoted_sentence(
    catalogue: Catalogue, key: str
) -> None:
    desk = catalogue.desk(key)

    for one in desk.contacts:
        assert one.value is None or one.value in desk.sources["contacts"]


@pytest.mark.parametrize(
    ("key", "channels"),
    [
        ("osaka/net-harmony", {"fax", "mail", "letter"}),
        ("osaka/human-rights", {"fax", "mail", "letter"}),
        ("shibukawa/support", {"mail"}),
        ("shibukawa/lawyer", set()),
    ],
)
def test_what_is_taken_at_any_hour(catalogue: Catalogue, key: str, channels: set[str]) -> None:
    assert {one.channel for one in catalogue.desk(key).contacts if one.always} == channels


EVENING = ["phone 16:00-22:00 until 21:30", "line 16:00-22:00 until 21:30"]
SUNDAY = ["phone 13:00-18:00 until 17:30", "line 13:00-18:00 until 17:30"]
PHONE = "phone 10:00-16:00 until 15:30"
LINE = "line 18:00-22:00 until 21:30"
OFFICE = ["phone 08:30-17:15 until 17:15", "in-person 08:30-17:15 until 17:15"]


@pytest.mark.parametrize(
    ("day", "net_harmony", "human_rights", "support"),
    [
        ("2026-11-16", EVENING, [PHONE], OFFICE),
        ("2026-11-17", EVENING, [PHONE], OFFICE),
        ("2026-11-18", EVENING, [PHONE], OFFICE),
        ("2026-11-19", EVENING, [PHONE, LINE], OFFICE),
        ("2026-11-20", EVENING, [PHONE, LINE], OFFICE),
        ("2026-11-21", EVENING, [], []),
        ("2026-11-22", [], [PHONE], []),  # the fourth Sunday
        ("2026-11-08", SUNDAY, [], []),  # the second Sunday
        ("2026-11-29", [], [], []),  # a fifth Sunday
        ("2026-11-23", [], [], []),  # 勤労感謝の日
        ("2024-02-11", [], [], []),  # a second Sunday on a holiday
        ("2024-09-22", [], [PHONE], []),  # a fourth Sunday on a holiday
        ("2026-12-29", [], [], []),
        ("2027-01-03", [], [], []),
        ("2027-01-04", EVENING, [PHONE], OFFICE),
    ],
)
def test_each_desk_is_open_when_its_page_says(
    catalogue: Catalogue,
    day: str,
    net_harmony: list[str],
    human_rights: list[str],
    support: list[str],
) -> None:
    assert day_of(catalogue.desk("osaka/net-harmony"), day) == net_harmony
    assert day_of(catalogue.desk("osaka/human-rights"), day) == human_rights
    assert day_of(catalogue.desk("shibukawa/support"), day) == support
    assert day_of(catalogue.desk("shibukawa/lawyer"), day) == support[:1]


@pytest.mark.parametrize(
    ("key", "eligibility"),
    [
        (
            "osaka/net-harmony",
            ("大阪府内に在住、在勤、在学されている方やその親族の方等であれば、どなたでも",),
        ),
        (
            "osaka/human-rights",
            ("大阪府内に在住、在勤、在学されている方やその親族の方等であれば、どなたでも",),
        ),
        (
            "shibukawa/support",
            ("インターネット上で誹謗中傷などのトラブルにあった方", "解決方法が分からない方"),
        ),
        ("shibukawa/lawyer", ("相談を希望する方",)),
    ],
)
def test_who_may_come_is_what_the_page_says_and_no_narrower(
    catalogue: Catalogue, key: str, eligibility: tuple[str, ...]
) -> None:
    assert catalogue.desk(key).eligibility == eligibility


def test_everything_is_free(catalogue: Catalogue) -> None:
    assert {desk.fee for desk in catalogue.desks.values()} == {"無料"}
    assert {one.fee for one in catalogue.consultations.values()} == {"無料"}


def test_the_age_is_asked_at_the_towns_desk_and_not_at_the_lawyers(catalogue: Catalogue) -> None:
    support, lawyer = catalogue.desk("shibukawa/support"), catalogue.desk("shibukawa/lawyer")

    assert support.collects == ("氏名", "年齢", "電話番号", "居住地")
    assert lawyer.collects == ("氏名", "電話番号", "居住地", "ご希望の相談日")
    asking = [key for key, one in sorted(catalogue.consultations.items()) if one.asks_age]
    assert asking == ["shibukawa/support/in-person"]


def test_experts_are_reached_through_a_counsellors_referral_only(catalogue: Catalogue) -> None:
    gated = [key for key, one in sorted(catalogue.consultations.items()) if one.needs_referral]

    assert gated == ["osaka/human-rights/expert", "osaka/net-harmony/expert"]


def test_the_lawyer_is_booked_by_date_and_everything_else_is_arranged(catalogue: Catalogue) -> None:
    allotments = {key: one.allotment for key, one in catalogue.consultations.items()}
    assert allotments.pop("shibukawa/lawyer/legal") == "date"
    assert set(allotments.values()) == {"arranged"}
    assert {one.confirmed_by for one in catalogue.consultations.values()} == {"staff"}


def test_the_lawyers_year_is_the_table_of_reiwa_6(catalogue: Catalogue) -> None:
    legal = catalogue.consultation("shibukawa/lawyer/legal")

    sessions = sessions_of(legal, *fiscal_year(2024))

    assert [f"{one.date:%Y-%m-%d}" for one in sessions] == [
        *("2024-04-20", "2024-05-18", "2024-06-15", "2024-07-20", "2024-08-17", "2024-09-21"),
        *("2024-10-19", "2024-11-16", "2024-12-21", "2025-01-18", "2025-02-15", "2025-03-15"),
    ]
    for session in sessions:
        slots = slots_of(session)
        assert [f"{one.start:%H:%M}" for one in slots] == ["09:00", "09:45", "10:30", "11:15"]
        assert f"{slots[-1].end:%H:%M}" == "12:00"
        assert {one.seats for one in slots} == {1}


def test_the_page_does_not_say_what_happens_on_a_holiday(catalogue: Catalogue) -> None:
    legal = catalogue.consultation("shibukawa/lawyer/legal")

    session = session_on(legal, date(2021, 3, 20))

    assert session is not None
    assert session.status == "undecided"
    assert "openings" in legal.unconfirmed


def test_places_are_the_pages_and_the_room_of_the_lawyer_is_open(catalogue: Catalogue) -> None:
    support = catalogue.consultation("shibukawa/support/in-person")
    legal = catalogue.consultation("shibukawa/lawyer/legal")

    assert support.place is not None
    assert legal.place is not None
    assert support.place.room == "2階 情報防災部危機管理室内"
    assert (legal.place.name, legal.place.room) == ("渋川市役所本庁舎", None)
    assert {support.place.address, legal.place.address} == {"群馬県渋川市石原80番地"}
    assert "place" in legal.unconfirmed


def test_a_postal_address_is_not_taken_for_a_place_to_come_to(catalogue: Catalogue) -> None:
    osaka = [one for key, one in catalogue.consultations.items() if key.startswith("osaka/")]

    assert [one.place for one in osaka] == [None] * 4
    assert all("place" in one.unconfirmed for one in osaka)


def test_no_number_is_given_for_the_day_itself_since_no_page_has_one(catalogue: Catalogue) -> None:
    """The published numbers are not answered on a Saturday."""
    for one in catalogue.consultations.values():
        assert one.day_contact is None
        assert "day_contact" in one.unconfirmed


def test_the_subsidy_is_asked_for_before_the_contract(catalogue: Catalogue) -> None:
    subsidy = catalogue.desk("shibukawa/support").subsidy

    assert subsidy is not None
    assert subsidy.amount == "補助対象経費の2分の1（最大15万円）"
    assert len(subsidy.who) == len(subsidy.what) == 2
    assert "弁護士との契約の前に申請が必要となりますのでご注意ください。" in subsidy.notes


def test_other_bodies_have_their_own_numbers(catalogue: Catalogue) -> None:
    town = {one.name: one.phone for one in catalogue.desk("shibukawa/support").referrals}
    prefecture = {one.name: one.phone for one in catalogue.desk("osaka/net-harmony").referrals}

    assert len(town) == 7
    assert town["みんなの人権110番"] == "0570-003-110"
    assert town["こどもの人権110番"] == "0120-007-110"
    assert prefecture == {
        "みんなの人権110番": (
            "0570-003-110（全国共通人権相談ダイヤル）又は06-6942-9496（大阪法務局）"
        ),
        "違法・有害情報相談センター": None,
    }
    osaka = [catalogue.desk(key).referrals for key in ("osaka/net-harmony", "osaka/human-rights")]
    assert osaka[0] == osaka[1]


def test_the_towns_office_is_not_its_desk(catalogue: Catalogue) -> None:
    assert catalogue.organisation("shibukawa").office == {
        "name": "情報防災部 危機管理室 安全安心係",
        "address": "〒377-8501 群馬県渋川市石原80番地",
        "phone": "0279-22-2130",
        "fax": "0279-24-6541",
    }


@pytest.mark.parametrize("key", TABLES)
def test_every_key_stands_on_a_sentence_or_is_marked_unconfirmed(key: str) -> None:
    table = TABLES[key]

    evidence = {*table["sources"], *table["unconfirmed"], *STRUCTURAL}

    assert set(table) - evidence == set()


@pytest.mark.parametrize("key", TABLES)
def test_sentences_are_not_empty_and_are_about_something_that_is_there(key: str) -> None:
    table = TABLES[key]

    assert set(table["sources"]) - set(table) == set()
    assert all(text.strip() for text in table["sources"].values())
    assert all(text.strip().endswith("。") for text in table["unconfirmed"].values())


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("key", TABLES)
def test_numbers_are_written_with_the_hyphen_of_a_keyboard(key: str) -> None:
    """The page mixes in U+2212, which no telephone can dial."""
    assert not [text for text in texts(TABLES[key]) if {"\u2212", "\u2010", "\u2015"} & {*text}]


def test_a_year_of_hours_is_never_wider_than_the_page(catalogue: Catalogue) -> None:
    """No desk answers on 29 December to 3 January, nor the lawyer's telephone on a Saturday."""
    start, end = fiscal_year(2026)
    for n in range((end - start).days):
        day = start + timedelta(days=n)
        found = {key: hours_on(desk, day) for key, desk in catalogue.desks.items()}
        if (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
            assert not any(found.values())
        if day.weekday() == 5:
            assert not found["shibukawa/lawyer"]
