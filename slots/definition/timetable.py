"""Reads the parts of a desk file that say when: hours, openings, blocks, closed days.

Knows TOML tables and the values they become; not which desk they belong to.
"""

from collections.abc import Callable
from datetime import date, time, timedelta
from itertools import pairwise
from typing import cast

from slots.definition.reader import TableReader
from slots.definition.recurring import recurrence, weekday
from slots.desk import CHANNELS, Channel, Hours
from slots.holidays import (
    ON_HOLIDAY,
    ClosedDays,
    HolidayFileError,
    NationalHolidays,
    OnHoliday,
    read_holidays,
)
from slots.opening import Block, Opening
from slots.place import Place
from slots.recurrence import WEEKDAYS

LONGEST_YEAR_END = timedelta(days=31)
TRIAL = date(2024, 1, 1), date(2032, 1, 1)


def hours(table: TableReader) -> Hours:
    """One [[desks.hours]]."""
    start, end = _span(table)
    intake = table.number("last_intake_minutes", 0) or 0
    if not table.faulty("start", "end", "last_intake_minutes") and intake >= minutes(start, end):
        table.complain("last_intake_minutes", f"{intake} leaves no time between start and end")
    on_holiday = table.choice("on_holiday", ("skip", "open"), "skip")
    since, until = _effective(table)
    return Hours(
        channels=_channels(table),
        recurrence=recurrence(table),
        start=start,
        end=end,
        on_holiday="open" if on_holiday == "open" else "skip",
        last_intake_minutes=intake,
        since=since,
        until=until,
    )


def opening(table: TableReader) -> Opening:
    """One [[desks.consultations.openings]]."""
    since, until = _effective(table)
    table.know("last_start")
    return Opening(
        recurrence=recurrence(table),
        blocks=blocks(table),
        on_holiday=cast(OnHoliday, table.choice("on_holiday", ON_HOLIDAY, "ask")),
        since=since,
        until=until,
        place=table.table("place", place),
        seats=table.number("seats", least=1),
        roster=table.texts("roster"),
        slot_minutes=table.number("slot_minutes", least=5),
        pause_minutes=table.number("pause_minutes", most=240),
        last_start=table.wall_time("last_start") if table.has("last_start") else None,
    )


def place(table: TableReader) -> Place:
    """A place: a building, a room, an address."""
    return Place(
        name=table.required("name"),
        room=table.text("room"),
        address=table.text("address"),
        postcode=table.text("postcode"),
    )


def blocks(table: TableReader) -> tuple[Block, ...]:
    """start and end, or a list of blocks, in order of the day and apart from each other."""
    table.know("blocks")
    if not table.has("blocks"):
        return (Block(*_span(table)),)
    for key in ("start", "end"):
        if table.has(key):
            table.know(key)
            table.complain(key, "stands beside blocks; write the times in one of both")
    found = table.tables("blocks", lambda one: Block(*_span(one)))
    if table.faulty("blocks"):
        return found or (Block(time(), time(23, 59)),)
    if not found:
        table.complain("blocks", 'names no time; write [{ start = "10:00", end = "12:00" }]')
        return (Block(time(), time(23, 59)),)
    for n, (one, other) in enumerate(pairwise(found), 1):
        if other.start < one.end:
            table.complain(
                f"blocks[{n}]", f"begins before the end of the one before, {one.end:%H:%M}"
            )
    return found


def _effective(table: TableReader) -> tuple[date | None, date | None]:
    since, until = table.day("since"), table.day("until")
    if since and until and until <= since:
        table.complain("until", f"{until} is not after since, {since}; until itself is left out")
    return since, until


def clash(openings: tuple[Opening, ...]) -> tuple[int, int, date] | None:
    """The first two openings, by number, that fall on one day of 2024 to 2031, with that day."""
    taken: dict[date, int] = {}
    for n, one in enumerate(openings):
        for day in one.dates(*TRIAL):
            if taken.setdefault(day, n) != n:
                return taken[day], n, day
    return None


def minutes(start: time, end: time) -> int:
    """The whole minutes from `start` to `end` of one day."""
    return (end.hour - start.hour) * 60 + end.minute - start.minute


ReadFile = Callable[[str], bytes]


def closed_days(table: TableReader, read_file: ReadFile | None = None) -> ClosedDays:
    """year_end, local_holidays, holidays_file and weekend of [organisation].

    The year-end is 29 December to 3 January. `read_file` gives the bytes of a file beside the desk
    file, and raises OSError.
    """
    local = {}
    for text, name in table.mapping("local_holidays").items():
        try:
            local[date.fromisoformat(text)] = name
        except ValueError:
            table.complain(f"local_holidays.{text}", 'is no date; write "2026-10-28"')
    return ClosedDays(
        year_end=_year_end(table),
        local=local,
        national=_national(table, read_file),
        weekend=_weekend(table),
    )


def _weekend(table: TableReader) -> tuple[int, ...]:
    names = table.texts("weekend")
    if not table.has("weekend"):
        return ClosedDays().weekend
    found = tuple(sorted({weekday(table, "weekend", one) for one in names}))
    if len(found) == len(WEEKDAYS):
        table.complain("weekend", "leaves no business day; leave out the days that are")
        return ClosedDays().weekend
    return found


def _national(table: TableReader, read_file: ReadFile | None) -> NationalHolidays:
    name = table.text("holidays_file")
    if name is None:
        return NationalHolidays()
    if read_file is None:
        table.complain(
            "holidays_file", "cannot be read here; the desk file must be read from a folder"
        )
        return NationalHolidays()
    try:
        return read_holidays(read_file(name))
    except OSError as error:
        table.complain(
            "holidays_file", f"{name!r} cannot be read beside the desk file: {error.strerror}"
        )
    except HolidayFileError as error:
        table.complain("holidays_file", f"{name!r}: {error}")
    return NationalHolidays()


def _year_end(table: TableReader) -> tuple[tuple[int, int], tuple[int, int]] | None:
    ends = table.texts("year_end")
    if not table.has("year_end") or table.faulty("year_end"):
        return ClosedDays().year_end
    if not ends:
        return None
    try:
        first, last = (date.fromisoformat(f"2024-{one}") for one in ends)
    except ValueError:
        table.complain("year_end", 'is no pair of days; write ["12-29", "01-03"], or [] for none')
        return ClosedDays().year_end
    if (last - first) % timedelta(days=366) > LONGEST_YEAR_END:
        table.complain("year_end", "is longer than a month; the first closed day comes first")
    return (first.month, first.day), (last.month, last.day)


def _span(table: TableReader) -> tuple[time, time]:
    start, end = table.wall_time("start"), table.wall_time("end")
    if not table.faulty("start", "end") and end <= start:
        table.complain("end", f"{end:%H:%M} is not after the start, {start:%H:%M}")
    return start, end


def _channels(table: TableReader) -> tuple[Channel, ...]:
    channels = table.texts("channels")
    if not channels and not table.faulty("channels"):
        table.complain("channels", f"needs at least one of: {', '.join(CHANNELS)}")
    for one in sorted(set(channels) - set(CHANNELS)):
        table.complain("channels", f"{one!r} is not one of: {', '.join(CHANNELS)}")
    return cast(tuple[Channel, ...], channels)
