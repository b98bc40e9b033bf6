"""What is said about each fault of a desk file: its path, and what to write instead."""

import pytest

from tests.slots.desk_file import HOURS, LEGAL, OPENING, RULE, changed, complaints

FAULTS = [
    # the file
    (("format = 1", "format = 2"), "format: is not 1"),
    (("format = 1", 'format = "1"'), "format: '1' is not a whole number"),
    (("format = 1", "formt = 1"), "formt: is not a key of this table; known are: desks, format"),
    # the organisation
    (('id = "town"\n', ""), "organisation.id: is missing"),
    (('id = "town"', 'id = "Town Hall"'), "organisation.id: 'Town Hall' is part of addresses"),
    (('name = "町"', "name = 7"), "organisation.name: 7 is not a text; write it in quotes"),
    (('name = "町"', 'name = " "'), "organisation.name: is empty"),
    (('"102083"', '"10208"'), "organisation.code: '10208' is no 全国地方公共団体コード"),
    (
        ('sender = "町役場"', r'sender = "町役場\n相談係"'),
        "organisation.sender: has several lines; a mail's sender has one",
    ),
    (
        ('sender = "町役場"', 'sender = "町役場"\nzone = "Japan/Tokyo"'),
        "organisation.zone: 'Japan/Tokyo' is no IANA zone; write Asia/Tokyo",
    ),
    (
        ('sender = "町役場"', 'sender = "町役場"\nzone = "Asia"'),
        "organisation.zone: 'Asia' is no IANA zone; write Asia/Tokyo",
    ),
    (
        ('sender = "町役場"', 'sender = "町役場"\nyear_end = ["12-29"]'),
        'organisation.year_end: is no pair of days; write ["12-29", "01-03"]',
    ),
    (
        ('sender = "町役場"', 'sender = "町役場"\nyear_end = ["01-03", "12-29"]'),
        "organisation.year_end: is longer than a month",
    ),
    (
        ('sender = "町役場"', 'sender = "町役場"\nlocal_holidays = { "10/28" = "市民の日" }'),
        'organisation.local_holidays.10/28: is no date; write "2026-10-28"',
    ),
    (
        ('sender = "町役場"', 'sender = "町役場"\noffice = { phone = 279 }'),
        "organisation.office.phone: 279 is not a text",
    ),
    (
        ('sender = "町役場"', 'sender = "町役場"\nsources = { nmae = "町" }'),
        "organisation.sources.nmae: is about no key of this table",
    ),
    # desks, contacts and hours
    (('name = "弁護士の無料相談窓口"\n', ""), "desks[0].name: is missing"),
    (('channel = "phone"', 'channel = "pager"'), "desks[0].contacts[0].channel: 'pager' is not"),
    (('["phone"]', '["phone", "pager"]'), f"{HOURS}.channels: 'pager' is not one of: phone, line"),
    (('["phone"]', "[]"), f"{HOURS}.channels: needs at least one of: phone, line"),
    (('["phone"]', '"phone"'), f"{HOURS}.channels: 'phone' is not a list of texts"),
    (('weekly = ["mon", "fri"]', ""), f"{HOURS}.weekly: a rule has exactly one of: weekly"),
    (('["mon", "fri"]', "[]"), f"{HOURS}.weekly: names no day"),
    (('["mon", "fri"]', '["mon", "Fr"]'), f"{HOURS}.weekly: 'Fr' is not one of: mon, tue"),
    (('["mon", "fri"]', '["mon", 5]'), f"{HOURS}.weekly: has an entry that is no text"),
    (('start = "08:30"', 'start = "8:30"'), f"{HOURS}.start: '8:30' is not a time of day; write"),
    (('start = "08:30"', 'start = "08:30+09:00"'), f"{HOURS}.start: '08:30+09:00' is not a time"),
    (('start = "08:30"', "start = 08:30:30"), f"{HOURS}.start: datetime.time(8, 30, 30) is not a"),
    (('start = "08:30"', "start = 8"), f"{HOURS}.start: 8 is not a time of day"),
    (('start = "08:30"', ""), f"{HOURS}.start: is missing; write a time of day"),
    (('end = "17:15"', 'end = "08:00"'), f"{HOURS}.end: 08:00 is not after the start, 08:30"),
    (
        ('end = "17:15"', 'end = "17:15"\nlast_intake_minutes = 600'),
        f"{HOURS}.last_intake_minutes: 600 leaves no time between start and end",
    ),
    (
        ('end = "17:15"', 'end = "17:15"\nlast_intake_minutes = true'),
        f"{HOURS}.last_intake_minutes: True is not a whole number",
    ),
    (
        ('end = "17:15"', 'end = "17:15"\non_holiday = "ask"'),
        f"{HOURS}.on_holiday: 'ask' is not one of: skip, open",
    ),
    # consultations
    (('allotment = "date"', 'allotment = "day"'), f"{LEGAL}.allotment: 'day' is not one of: slot"),
    (('allotment = "date"\n', ""), f"{LEGAL}.allotment: is missing"),
    (
        ('allotment = "date"', 'allotment = "arranged"'),
        f"{LEGAL}.openings: an arranged consultation has none; staff settle the time",
    ),
    (("slot_minutes = 45", ""), f"{LEGAL}.slot_minutes: allotment 'date' needs slots; write slot"),
    (("slot_minutes = 45", "slot_minutes = 0"), f"{LEGAL}.slot_minutes: 0 is not a number from 5"),
    (("slot_minutes = 45", "slot_minutes = 4.5"), f"{LEGAL}.slot_minutes: 4.5 is not a whole"),
    (("slot_minutes = 45", "slot_minutes = 200"), f"{OPENING}: is shorter than one slot of 200"),
    (
        ("slot_minutes = 45", "slot_minutes = 45\nseats = 0"),
        f"{LEGAL}.seats: 0 is not a number from 1",
    ),
    (
        ("slot_minutes = 45", 'slot_minutes = 45\nasks = ["age", "income"]'),
        f"{LEGAL}.asks: 'income' is not one of: age, referral",
    ),
    (
        ("slot_minutes = 45", "slot_minutes = 45\nwindow = { opens_days_before = -1 }"),
        f"{LEGAL}.window.opens_days_before: -1 is not a number from 0",
    ),
    (
        ("slot_minutes = 45", "slot_minutes = 45\nwindow = { closes_day_before = 1 }"),
        f"{LEGAL}.window.closes_day_before: is not a key of this table; known are: closes_at",
    ),
    (
        ("slot_minutes = 45", 'slot_minutes = 45\nwindow = "17:15"'),
        f"{LEGAL}.window: '17:15' is not a table; write it below [desks.consultations.window]",
    ),
    (
        ("slot_minutes = 45", 'slot_minutes = 45\nplace = { room = "2階" }'),
        f"{LEGAL}.place.name: is missing",
    ),
    (
        ("slot_minutes = 45", 'slot_minutes = 45\nunconfirmed = { seat = "?" }'),
        f"{LEGAL}.unconfirmed.seat: is about no key of this table",
    ),
    # openings
    (("nth = [3]", "nth = 3"), f"{OPENING}.monthly.nth: 3 is not a list"),
    (("nth = [3]", "nth = [6]"), f"{OPENING}.monthly.nth: write a list of 1 to 5, or -1 for the"),
    (('weekday = "sat"', 'weekday = "土"'), f"{OPENING}.monthly.weekday: '土' is not one of: mon"),
    ((RULE, f'{RULE}\nweekly = ["sat"]'), f"{OPENING}.weekly: a rule has exactly one of"),
    ((RULE, "dates = []"), f"{OPENING}.dates: names no day"),
    ((RULE, 'dates = ["2026-11-21"]'), f"{OPENING}.dates: has an entry that is no date"),
    ((RULE, "dates = [2026-11-21T09:00:00]"), f"{OPENING}.dates: has an entry that is no date"),
    ((RULE, f'{RULE}\nsince = "2026-04-01"'), f"{OPENING}.since: '2026-04-01' is not a date"),
    (
        (RULE, f"{RULE}\nsince = 2026-04-01T09:00:00"),
        f"{OPENING}.since: 2026-04-01 09:00:00 has a time of day; write 2026-04-01 alone",
    ),
    (
        (RULE, f"{RULE}\nsince = 2026-04-01\nuntil = 2026-04-01"),
        f"{OPENING}.until: 2026-04-01 is not after since, 2026-04-01",
    ),
    ((RULE, 'rrule = "FREQ=DAILY"'), f"{OPENING}.since: a rule of RRULE text counts from a date"),
]


@pytest.mark.parametrize(("change", "complaint"), FAULTS)
def test_a_complaint_names_its_path_and_the_remedy(change: tuple[str, str], complaint: str) -> None:
    (found,) = complaints(changed(change))

    assert found.startswith(complaint)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("every third Saturday", "is no rule on days without times"),
        ("FREQ=MONTHLY;BYDAY=9SA", "is no rule on days without times"),
        ("FREQ=MONTHLY;BYDAY=3SA;UNTIL=20270331T000000Z", "is no rule on days without times"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never falls on any day"),
        ("FREQ=HOURLY", "falls more than once a day, or at a time of day"),
        ("FREQ=DAILY;BYHOUR=9", "falls more than once a day, or at a time of day"),
        ("FREQ=DAILY;INTERVAL=0", "falls more than once a day, or at a time of day"),
        ("DTSTART:20260401\\nRRULE:FREQ=DAILY", "has a DTSTART of its own; write since instead"),
    ],
)
def test_rrule_text_is_tried_before_it_is_taken(text: str, complaint: str) -> None:
    (found,) = complaints(changed((RULE, f'rrule = "{text}"\nsince = 2026-04-01')))

    assert found.startswith(f"{OPENING}.rrule: {complaint}")
    assert found.endswith("see RFC 5545 section 3.3.10")
