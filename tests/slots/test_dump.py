"""What is read from a desk file can be written again, in as few words."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from slots.changes import Closure, Settled
from slots.definition import dump, parse
from slots.desk import Organisation
from slots.holidays import ClosedDays, NationalHolidays, read_holidays
from slots.window import BookingWindow, ChannelWindow, DaysBefore
from tests.slots.desk_file import FILE, RULE, changed, read
from tests.slots.organisations import some_organisations
from tests.slots.toml_text import toml_text

ROOT = Path(__file__).parents[2]
FILES = [
    *sorted((ROOT / "booking/desks/definitions").glob("*.toml")),
    *sorted((ROOT / "tests/slots").glob("*/*.toml")),
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_that_was_read_is_written_so_that_it_reads_the_same(path: Path) -> None:
    def beside(name: str) -> bytes:
        return (path.parent / name).read_bytes()

    mapping = tomllib.loads(path.read_text(encoding="utf-8"))
    town = parse(mapping, beside)
    file = mapping["organisation"].get("holidays_file")

    assert parse(dump(town, file), beside) == town


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(some_organisations())
def test_whatever_a_file_can_say_is_written_so_that_it_reads_the_same(town: Organisation) -> None:
    """Changes come by kind, as a file has them."""
    national = town.closed_days.national
    file = "holidays.csv" if national != NationalHolidays() else None
    heading = "国民の祝日・休日月日,国民の祝日・休日名称"
    lines = [f"{day.year}/{day.month}/{day.day},{name}" for day, name in national.named.items()]

    made = dump(town, file)
    text = toml_text(made)
    again = parse(tomllib.loads(text), lambda name: "\n".join([heading, *lines]).encode())

    assert tomllib.loads(text) == made
    assert without_changes(again) == without_changes(town)
    for one, other in zip(consultations(again), consultations(town), strict=True):
        assert sorted(map(repr, one.changes)) == sorted(map(repr, other.changes))


def consultations(town: Organisation) -> list[Any]:
    return [one for desk in town.desks for one in desk.consultations]


def without_changes(town: Organisation) -> Organisation:
    desks = (
        replace(desk, consultations=tuple(replace(one, changes=()) for one in desk.consultations))
        for desk in town.desks
    )
    return replace(town, desks=tuple(desks))


def test_what_goes_without_saying_is_left_out() -> None:
    assert dump(read()) == tomllib.loads(FILE)


@pytest.mark.parametrize(
    "written",
    [
        'weekly = ["sat"]\nevery_weeks = 2\ncounted_from = 2026-04-04',
        'monthly = { nth = [1, -1], weekday = "sat" }\nmonths = "odd"',
        'weekly = ["mon", "fri"]\nmonths = "even"',
        "monthly_days = [10, -1]\nexcept_months = [8]",
        "dates = [2026-11-21, 2026-12-19]",
        "monthly_days = [1]\nmonths = [4, 10]",
        'rrule = "FREQ=MONTHLY;BYDAY=3SA"\nsince = 2026-04-01\nuntil = 2027-04-01',
    ],
)
def test_a_rule_is_written_in_its_own_words(written: str) -> None:
    text = changed((RULE, written))

    assert dump(read(text)) == tomllib.loads(text)


@pytest.mark.parametrize(
    "written",
    [
        "opens_days_before = 28",
        'opens_months_before = 1\nopens_on_day = 1\nopens_at = "09:00"\nopens_roll = "later"',
        'opens_weeks_before = 1\nopens_on_weekday = "thu"',
        "closes_hours_before = 24",
        '[desks.consultations.window.phone]\ncloses_business_days_before = 3\ncloses_at = "12:00"',
        "[desks.consultations.window.online]\ncloses_days_before = 2",
    ],
)
def test_a_window_is_written_in_its_own_words(written: str) -> None:
    text = f"{FILE}\n[desks.consultations.window]\n{written}\n"

    assert dump(read(text)) == tomllib.loads(text)


def test_changes_that_were_laid_in_any_order_come_by_kind() -> None:
    """Staff's changes come in the order in which they made them; it never matters."""
    day = date(2026, 11, 21)
    settled, closure = Settled(session=day), Closure(first=day, last=day)

    made = dump(with_consultation(read(), changes=(settled, closure)))

    (desk,) = made["desks"]
    assert list(desk["consultations"][0])[-2:] == ["settled_sessions", "fee"]
    assert desk["consultations"][0]["closures"] == [{"first": day}]


def with_consultation(town: Organisation, **values: Any) -> Organisation:
    (desk,) = town.desks
    (one,) = desk.consultations
    return replace(town, desks=(replace(desk, consultations=(replace(one, **values),)),))


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"name": " 相談 "}, "desks[0].consultations[0].name"),
        (
            {
                "window": BookingWindow(
                    opens=DaysBefore(28), channels={"phone": ChannelWindow(opens=None)}
                )
            },
            "desks[0].consultations[0].window.channels",
        ),
        ({"phone": "03-0000-0000"}, "desks[0].consultations[0].phone"),
        ({"slot_minutes": 1}, "desks[0].consultations[0].slot_minutes"),
    ],
)
def test_what_no_desk_file_can_say_is_refused_with_its_path(
    values: dict[str, Any], path: str
) -> None:
    with pytest.raises(ValueError, match="desks") as refused:
        dump(with_consultation(read(), **values))

    assert str(refused.value).startswith(path)


def test_holidays_of_a_file_need_its_name() -> None:
    file = "国民の祝日・休日月日,国民の祝日・休日名称\n2027/1/1,元日\n".encode("cp932")
    text = changed(('sender = "町役場"', 'sender = "町役場"\nholidays_file = "syukujitsu.csv"'))
    town = parse(tomllib.loads(text), lambda _: file)

    assert town.closed_days == ClosedDays(national=read_holidays(file))
    assert dump(town, "syukujitsu.csv") == tomllib.loads(text)
    with pytest.raises(ValueError, match="holidays_file"):
        dump(town)
    with pytest.raises(ValueError, match="holidays_file"):
        dump(read(), "syukujitsu.csv")
