"""Reads the parts of a desk file that say when: recurrences, hours, openings, closed days, window.

Knows TOML tables and the values they become; not which desk they belong to.
"""

from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import cast

from slots.desk import CHANNELS, BookingWindow, Channel, Hours, OnHoliday, Opening
from slots.holidays import ClosedDays
from slots.reader import TableReader
from slots.recurrence import WEEKDAYS, Dates, MonthlyWeekday, Recurrence, RRule, Weekly

RECURRENCES = ("weekly", "monthly", "dates", "rrule")
LONGEST_YEAR_END = timedelta(days=31)
TRIAL = date(2024, 1, 1), date(2032, 1, 1)
TRIED_MOMENTS = 400


def hours(table: TableReader) -> Hours:
    """One [[desks.hours]]."""
    start, end = _span(table)
    intake = table.number("last_intake_minutes", 0) or 0
    if not table.faulty("start", "end", "last_intake_minutes") and intake >= minutes(start, end):
        table.complain("last_intake_minutes", f"{intake} leaves no time between start and end")
    on_holiday = table.choice("on_holiday", ("skip", "open"), "skip")
    return Hours(
        channels=_channels(table),
        recurrence=_recurrence(table),
        start=start,
        end=end,
        on_holiday="open" if on_holiday == "open" else "skip",
        last_intake_minutes=intake,
    )


def opening(table: TableReader) -> Opening:
    """One [[desks.consultations.openings]]."""
    start, end = _span(table)
    since, until = table.day("since"), table.day("until")
    if since and until and until <= since:
        table.complain("until", f"{until} is not after since, {since}; until itself is left out")
    return Opening(
        recurrence=_recurrence(table),
        start=start,
        end=end,
        on_holiday=cast(OnHoliday, table.choice("on_holiday", ("ask", "skip", "open"), "ask")),
        since=since,
        until=until,
    )


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


def window(table: TableReader) -> BookingWindow:
    """[desks.consultations.window]."""
    return BookingWindow(
        opens_days_before=table.number("opens_days_before"),
        closes_business_days_before=table.number("closes_business_days_before", 1, most=99) or 0,
        closes_at=table.wall_time("closes_at", time(17, 15)),
    )


def closed_days(table: TableReader) -> ClosedDays:
    """year_end and local_holidays of [organisation]; the year-end is 29 December to 3 January."""
    local = {}
    for text, name in table.mapping("local_holidays").items():
        try:
            local[date.fromisoformat(text)] = name
        except ValueError:
            table.complain(f"local_holidays.{text}", 'is no date; write "2026-10-28"')
    ends = table.texts("year_end")
    if not table.has("year_end") or table.faulty("year_end"):
        return ClosedDays(local=local)
    if not ends:
        return ClosedDays(None, local)
    try:
        first, last = (date.fromisoformat(f"2024-{one}") for one in ends)
    except ValueError:
        table.complain("year_end", 'is no pair of days; write ["12-29", "01-03"], or [] for none')
        return ClosedDays(local=local)
    if (last - first) % timedelta(days=366) > LONGEST_YEAR_END:
        table.complain("year_end", "is longer than a month; the first closed day comes first")
    return ClosedDays(((first.month, first.day), (last.month, last.day)), local)


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


def _recurrence(table: TableReader) -> Recurrence:
    given = [name for name in RECURRENCES if table.has(name)]
    if len(given) != 1:
        for name in given:
            table.skip(name)
        first, *_ = *given, "weekly"
        table.complain(first, f"a rule has exactly one of: {', '.join(RECURRENCES)}")
        return Dates(())
    if given[0] == "weekly":
        return _weekly(table)
    if given[0] == "monthly":
        return table.table("monthly", _monthly) or Dates(())
    return _dates(table) if given[0] == "dates" else _rrule(table)


def _weekly(table: TableReader) -> Weekly:
    names = table.texts("weekly")
    if not names and not table.faulty("weekly"):
        table.complain("weekly", 'names no day; write ["mon", "tue"]')
    return Weekly(tuple(_weekday(table, "weekly", one) for one in names))


def _monthly(table: TableReader) -> MonthlyWeekday:
    listed = table.listed("nth")
    nth = tuple(n for n in listed if type(n) is int and (1 <= n <= 5 or n == -1))
    if not table.faulty("nth") and (not nth or len(nth) != len(listed)):
        table.complain("nth", "write a list of 1 to 5, or -1 for the last: nth = [3]")
    name = table.required("weekday")
    return MonthlyWeekday(nth, _weekday(table, "weekday", name) if name else 0)


def _weekday(table: TableReader, key: str, name: str) -> int:
    if name not in WEEKDAYS:
        table.complain(key, f"{name!r} is not one of: {', '.join(WEEKDAYS)}")
        return 0
    return WEEKDAYS.index(name)


def _dates(table: TableReader) -> Dates:
    listed = table.days("dates")
    if not listed and not table.faulty("dates"):
        table.complain("dates", "names no day; write [2026-04-18, 2026-05-16]")
    return Dates(listed)


def _rrule(table: TableReader) -> Recurrence:
    text, since = table.required("rrule"), table.day("since")
    if since is None and not table.faulty("since"):
        table.complain("since", "a rule of RRULE text counts from a date; write since = 2026-04-01")
    rule = RRule(text, since or date(2000, 1, 1))
    wrong = None if table.faulty("rrule") else _what_is_wrong_with(rule)
    if wrong:
        table.complain("rrule", f"{wrong}; see RFC 5545 section 3.3.10")
    return Dates(()) if wrong else rule


def _what_is_wrong_with(rule: RRule) -> str | None:
    if "DTSTART" in rule.text.upper():
        return "has a DTSTART of its own; write since instead"
    try:
        first = list(islice(rule.moments(), TRIED_MOMENTS))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        return f"is no rule on days without times ({error})"
    if not first:
        return "never falls on any day"
    if any(moment.time() != time() for moment in first) or not _ascend(first):
        return "falls more than once a day, or at a time of day; give days only"
    return None


def _ascend(moments: list[datetime]) -> bool:
    return all(earlier < later for earlier, later in pairwise(moments))
