"""Recurrences, blocks, openings and closed days of a desk file: as read, and as complained of."""

import tomllib
from datetime import date, time

import pytest

from slots.definition import DefinitionError, parse
from slots.desk import Organisation
from slots.holidays import ON_HOLIDAY, ClosedDays, NationalHolidays
from slots.opening import Block, Opening
from slots.place import Place
from slots.recurrence import Dates, InMonths, MonthlyDay, MonthlyWeekday, Recurrence, RRule, Weekly
from tests.slots.desk_file import HOURS, OPENING, RULE, changed, complaints, consultation_of, read

THIRD_SATURDAY = MonthlyWeekday((3,), 5)
TIMES = 'start = "09:00"\nend = "12:00"'
ODD, EVEN = (1, 3, 5, 7, 9, 11), (2, 4, 6, 8, 10, 12)


def opening_of(*changes: tuple[str, str]) -> Opening:
    return consultation_of(changed(*changes)).openings[0]


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ('weekly = ["mon"]\nevery_weeks = 1', Weekly((0,))),
        (
            'weekly = ["mon", "thu"]\nevery_weeks = 2\ncounted_from = 2026-04-06',
            Weekly((0, 3), 2, date(2026, 4, 6)),
        ),
        ("monthly_days = [10, 25]", MonthlyDay((10, 25))),
        ("monthly_days = [-1]", MonthlyDay((-1,))),
        (f'{RULE}\nmonths = "odd"', InMonths(THIRD_SATURDAY, ODD)),
        (f'{RULE}\nmonths = "even"', InMonths(THIRD_SATURDAY, EVEN)),
        (f"{RULE}\nmonths = [10, 4]", InMonths(THIRD_SATURDAY, (4, 10))),
        (
            f"{RULE}\nexcept_months = [8]",
            InMonths(THIRD_SATURDAY, tuple(n for n in range(1, 13) if n != 8)),
        ),
        (
            f'{RULE}\nmonths = "odd"\nexcept_months = [1, 8]',
            InMonths(THIRD_SATURDAY, (3, 5, 7, 9, 11)),
        ),
        (
            "dates = [2026-05-16, 2026-06-20]\nmonths = [5]",
            InMonths(Dates((date(2026, 5, 16), date(2026, 6, 20))), (5,)),
        ),
        (
            'rrule = "FREQ=DAILY"\nsince = 2026-04-01\nmonths = [4]',
            InMonths(RRule("FREQ=DAILY", date(2026, 4, 1)), (4,)),
        ),
    ],
)
def test_turns_and_months_are_read(written: str, rule: Recurrence) -> None:
    assert opening_of((RULE, written)).recurrence == rule


def test_hours_recur_in_the_same_words_and_between_the_same_dates() -> None:
    text = changed(
        (
            'weekly = ["mon", "fri"]',
            'monthly_days = [1]\nmonths = "odd"\nsince = 2026-04-01\nuntil = 2027-04-01',
        )
    )
    (found,) = read(text).desks[0].hours

    assert found.recurrence == InMonths(MonthlyDay((1,)), ODD)
    assert (found.since, found.until) == (date(2026, 4, 1), date(2027, 4, 1))
    assert found.falls_on(date(2026, 5, 1))
    assert not found.falls_on(date(2027, 5, 1))


def test_blocks_are_read_in_place_of_start_and_end() -> None:
    blocks = 'blocks = [{ start = "10:00", end = "12:00" }, { start = 13:00:00, end = 16:00:00 }]'

    found = opening_of((TIMES, blocks))

    assert found.blocks == (Block(time(10), time(12)), Block(time(13), time(16)))
    assert opening_of().blocks == (Block(time(9), time(12)),)


def test_blocks_may_meet() -> None:
    blocks = 'blocks = [{ start = "09:00", end = "10:30" }, { start = "10:30", end = "12:00" }]'

    assert len(opening_of((TIMES, blocks)).blocks) == 2


def test_what_an_opening_says_itself_is_read() -> None:
    own = """
seats = 2
roster = ["甲", "乙"]
slot_minutes = 30
pause_minutes = 0
last_start = "11:00"
place = { name = "支所", room = "1階", address = "町1番地", postcode = "377-0000" }
since = 2026-04-01
until = 2027-04-01
"""

    assert opening_of((TIMES, TIMES + own)) == Opening(
        recurrence=THIRD_SATURDAY,
        blocks=(Block(time(9), time(12)),),
        since=date(2026, 4, 1),
        until=date(2027, 4, 1),
        place=Place(name="支所", room="1階", address="町1番地", postcode="377-0000"),
        seats=2,
        roster=("甲", "乙"),
        slot_minutes=30,
        pause_minutes=0,
        last_start=time(11),
    )


@pytest.mark.parametrize("policy", ON_HOLIDAY)
def test_each_way_to_take_a_holiday_is_read(policy: str) -> None:
    assert opening_of((TIMES, f'{TIMES}\non_holiday = "{policy}"')).on_holiday == policy


FAULTS = [
    # turns
    ('weekly = ["mon"]\nevery_weeks = 2', "counted_from: is missing; every few weeks counts from"),
    ('weekly = ["mon"]\nevery_weeks = 0', "every_weeks: 0 is not a number from 1 to 52"),
    ('weekly = ["mon"]\nevery_weeks = "2"', "every_weeks: '2' is not a whole number"),
    (
        'weekly = ["mon"]\nevery_weeks = 2\ncounted_from = "2026-04-06"',
        "counted_from: '2026-04-06' is not a date; write 2026-04-01, without quotes",
    ),
    ("monthly_days = [1]\nevery_weeks = 2", "every_weeks: goes with weekly only"),
    (f"{RULE}\ncounted_from = 2026-04-06", "counted_from: goes with weekly only"),
    # days of the month
    ("monthly_days = []", "monthly_days: write a list of 1 to 31, or -1 for the last day"),
    ("monthly_days = [0]", "monthly_days: write a list of 1 to 31, or -1 for the last day"),
    ("monthly_days = [32]", "monthly_days: write a list of 1 to 31, or -1 for the last day"),
    ("monthly_days = [true]", "monthly_days: write a list of 1 to 31, or -1 for the last day"),
    ("monthly_days = 10", "monthly_days: 10 is not a list; write it in [ ]"),
    # months
    (f'{RULE}\nmonths = "uneven"', "months: 'uneven' is not odd or even; or list months: [4, 7"),
    (f"{RULE}\nmonths = 4", 'months: 4 is not "odd", "even" or a list such as [4, 7, 10, 1]'),
    (f"{RULE}\nmonths = [0, 13]", "months: has an entry that is no month; write numbers from 1"),
    (f'{RULE}\nmonths = ["may"]', "months: has an entry that is no month; write numbers from 1"),
    (f"{RULE}\nmonths = []", "months: leaves no month of the year"),
    (f"{RULE}\nmonths = [8]\nexcept_months = [8]", "months: leaves no month of the year"),
    (f"{RULE}\nexcept_months = [0]", "except_months: has an entry that is no month; write numbers"),
    (f"{RULE}\nexcept_months = 8", "except_months: 8 is not a list; write it in [ ]"),
    # which rule
    ("", "weekly: a rule has exactly one of: weekly, monthly, monthly_days, dates, rrule"),
    ("monthly_days = [1]\ndates = [2026-04-01]", "monthly_days: a rule has exactly one of: weekly"),
    (f"{RULE}\nmonth = 4", "month: is not a key of this table; known are: blocks, counted_from,"),
    ('monthly = { nth = [3], weekday = "sat", day = 1 }', "monthly.day: is not a key of this"),
]


@pytest.mark.parametrize(("written", "complaint"), FAULTS)
def test_a_faulty_rule_is_complained_of_once(written: str, complaint: str) -> None:
    (found,) = complaints(changed((RULE, written)))

    assert found.startswith(f"{OPENING}.{complaint}")


BLOCK_FAULTS = [
    ("blocks = []", 'blocks: names no time; write [{ start = "10:00", end = "12:00" }]'),
    ('blocks = "10:00-12:00"', "blocks: '10:00-12:00' is not a list; write each below [[desks."),
    ('blocks = ["10:00"]', "blocks[0]: is not a table; write it below [[desks.consultations.open"),
    ('blocks = [{ start = "10:00" }]', "blocks[0].end: is missing; write a time of day"),
    (
        'blocks = [{ start = "12:00", end = "10:00" }]',
        "blocks[0].end: 10:00 is not after the start, 12:00",
    ),
    (
        'blocks = [{ start = "10:00", end = "12:00" }, { start = "11:00", end = "13:00" }]',
        "blocks[1]: begins before the end of the one before, 12:00",
    ),
    (
        'blocks = [{ start = "10:00", end = "12:00", seats = 2 }]',
        "blocks[0].seats: is not a key of this table; known are: end, start",
    ),
    (
        'start = "09:00"\nblocks = [{ start = "10:00", end = "12:00" }]',
        "start: stands beside blocks; write the times in one of both",
    ),
    (f"{TIMES}\nseats = 0", "seats: 0 is not a number from 1 to 9999"),
    (f"{TIMES}\nslot_minutes = 4", "slot_minutes: 4 is not a number from 5 to 9999"),
    (f"{TIMES}\npause_minutes = 241", "pause_minutes: 241 is not a number from 0 to 240"),
    (f'{TIMES}\nlast_start = "9"', "last_start: '9' is not a time of day; write"),
    (f'{TIMES}\nroster = "甲"', "roster: '甲' is not a list of texts"),
    (f'{TIMES}\nplace = {{ room = "1階" }}', "place.name: is missing"),
    (f'{TIMES}\nplace = {{ name = "a", floor = "1" }}', "place.floor: is not a key of this table"),
    (f'{TIMES}\non_holiday = "next"', "on_holiday: 'next' is not one of: ask, skip, next_day,"),
    (f"{TIMES}\nfee = 1", "fee: is not a key of this table; known are: blocks, counted_from, "),
]


@pytest.mark.parametrize(("written", "complaint"), BLOCK_FAULTS)
def test_faulty_times_and_values_of_an_opening_are_complained_of_once(
    written: str, complaint: str
) -> None:
    (found,) = complaints(changed((TIMES, written)))

    assert found.startswith(f"{OPENING}.{complaint}")


def test_a_block_that_is_shorter_than_one_slot_is_no_opening() -> None:
    blocks = 'blocks = [{ start = "10:00", end = "12:00" }, { start = "13:00", end = "13:30" }]'

    assert complaints(changed((TIMES, blocks))) == [
        f"{OPENING}: is shorter than one slot of 45 minutes; change either"
    ]


def test_hours_know_the_keys_of_a_rule_but_not_those_of_an_opening() -> None:
    hours = 'start = "08:30"'
    (found,) = complaints(changed((hours, f"{hours}\nblocks = []")))

    assert found.startswith(f"{HOURS}.blocks: is not a key of this table; known are: channels, ")
    assert "every_weeks, except_months" in found


# ---------------------------------------------------------------- closed days
def town_with(written: str, files: dict[str, bytes] | None = None) -> Organisation:
    """The town with more keys, beside whose file others lie."""
    text = changed(('sender = "町役場"', f'sender = "町役場"\n{written}'))

    def beside(name: str) -> bytes:
        try:
            return (files or {})[name]
        except KeyError:
            raise FileNotFoundError(2, "No such file or directory") from None

    return parse(tomllib.loads(text), None if files is None else beside)


@pytest.mark.parametrize(
    ("written", "weekend"),
    [
        ('weekend = ["mon"]', (0,)),
        ('weekend = ["sun", "sat", "sun"]', (5, 6)),
        ("weekend = []", ()),
    ],
)
def test_weekends_are_read(written: str, weekend: tuple[int, ...]) -> None:
    town = town_with(written)

    assert town.closed_days == ClosedDays(weekend=weekend)
    assert town.desks[0].consultations[0].closed_days == town.closed_days


def test_national_holidays_are_read_from_a_file_beside() -> None:
    data = "国民の祝日・休日月日,国民の祝日・休日名称\r\n2027/1/1,元日\r\n".encode("cp932")

    town = town_with('holidays_file = "syukujitsu.csv"', {"syukujitsu.csv": data})

    assert town.closed_days.national == NationalHolidays.of({date(2027, 1, 1): "元日"})


@pytest.mark.parametrize(
    ("written", "files", "complaint"),
    [
        ('weekend = ["月"]', None, "weekend: '月' is not one of: mon, tue"),
        ('weekend = "mon"', None, "weekend: 'mon' is not a list of texts"),
        (
            'weekend = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]',
            None,
            "weekend: leaves no business day; leave out the days that are",
        ),
        (
            'holidays_file = "a.csv"',
            None,
            "holidays_file: cannot be read here; the desk file must be read from a folder",
        ),
        (
            'holidays_file = "a.csv"',
            {},
            "holidays_file: 'a.csv' cannot be read beside the desk file: No such file",
        ),
        (
            'holidays_file = "a.csv"',
            {"a.csv": b"heading\n2027-01-01,x\n"},
            "holidays_file: 'a.csv': line 2 is not 2026/3/20,春分の日",
        ),
        ("holidays_file = 1", {}, "holidays_file: 1 is not a text"),
    ],
)
def test_faulty_closed_days_are_complained_of_once(
    written: str, files: dict[str, bytes] | None, complaint: str
) -> None:
    with pytest.raises(DefinitionError) as refused:
        town_with(written, files)

    (found,) = map(str, refused.value.complaints)
    assert found.startswith(f"organisation.{complaint}")
