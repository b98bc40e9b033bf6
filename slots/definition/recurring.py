"""Reads the rules by which something recurs, in the words of a desk file."""

from collections.abc import Callable
from datetime import date, datetime, time
from itertools import islice, pairwise

from slots.definition.reader import TableReader
from slots.recurrence import (
    WEEKDAYS,
    Dates,
    InMonths,
    MonthlyDay,
    MonthlyWeekday,
    Recurrence,
    RRule,
    Weekly,
)

RECURRENCES = ("weekly", "monthly", "monthly_days", "dates", "rrule")
KEYS = (*RECURRENCES, "every_weeks", "counted_from", "months", "except_months")
TRIED_MOMENTS = 400
MONTHS = {"odd": (1, 3, 5, 7, 9, 11), "even": (2, 4, 6, 8, 10, 12)}


def recurrence(table: TableReader) -> Recurrence:
    """The one rule of a table, in the months that it names."""
    given = [name for name in RECURRENCES if table.has(name)]
    for key in KEYS:
        table.know(key)
    months = _months(table)
    if len(given) != 1:
        first, *_ = *given, "weekly"
        table.complain(first, f"a rule has exactly one of: {', '.join(RECURRENCES)}")
        return Dates(())
    rule = _RULES[given[0]](table)
    for key in ("every_weeks", "counted_from"):
        if given[0] != "weekly" and table.has(key):
            table.complain(key, "goes with weekly only")
    return rule if months is None else InMonths(rule, months)


def _months(table: TableReader) -> tuple[int, ...] | None:
    """months ("odd", "even" or a list) without except_months; None for all."""
    if not table.has("months") and not table.has("except_months"):
        return None
    given = table.either("months", str, list, '"odd", "even" or a list such as [4, 7, 10, 1]')
    if isinstance(given, str):
        if given not in MONTHS:
            table.complain("months", f"{given!r} is not odd or even; or list months: [4, 7, 10, 1]")
        months = set(MONTHS.get(given, ()))
    else:
        months = (
            set(_month_list(table, "months", given)) if given is not None else set(range(1, 13))
        )
    months -= set(_month_list(table, "except_months", table.listed("except_months")))
    if not months and not table.faulty("months", "except_months"):
        table.complain("months", "leaves no month of the year")
    return tuple(sorted(months))


def _month_list(table: TableReader, key: str, listed: list[object]) -> list[int]:
    found = [one for one in listed if type(one) is int and 1 <= one <= 12]
    if len(found) != len(listed):
        table.complain(key, "has an entry that is no month; write numbers from 1 to 12")
    return found


def _weekly(table: TableReader) -> Weekly:
    names = table.texts("weekly")
    if not names and not table.faulty("weekly"):
        table.complain("weekly", 'names no day; write ["mon", "tue"]')
    days = tuple(weekday(table, "weekly", one) for one in names)
    every = table.number("every_weeks", 1, least=1, most=52) or 1
    counted_from = table.day("counted_from")
    if every > 1 and counted_from is None and not table.faulty("counted_from"):
        message = "is missing; every few weeks counts from the week of a day: 2026-04-06"
        table.complain("counted_from", message)
    return Weekly(days, every, counted_from if every > 1 else None)


def _monthly_days(table: TableReader) -> MonthlyDay:
    listed = table.listed("monthly_days")
    found = tuple(n for n in listed if type(n) is int and (1 <= n <= 31 or n == -1))
    if not table.faulty("monthly_days") and (not found or len(found) != len(listed)):
        table.complain("monthly_days", "write a list of 1 to 31, or -1 for the last day: [10, 25]")
    return MonthlyDay(found)


def _monthly_rule(table: TableReader) -> MonthlyWeekday | Dates:
    return table.table("monthly", _monthly) or Dates(())


def _monthly(table: TableReader) -> MonthlyWeekday:
    listed = table.listed("nth")
    nth = tuple(n for n in listed if type(n) is int and (1 <= n <= 5 or n == -1))
    if not table.faulty("nth") and (not nth or len(nth) != len(listed)):
        table.complain("nth", "write a list of 1 to 5, or -1 for the last: nth = [3]")
    name = table.required("weekday")
    return MonthlyWeekday(nth, weekday(table, "weekday", name) if name else 0)


def weekday(table: TableReader, key: str, name: str) -> int:
    """The number of the weekday `name`, found at `key`; 0 is Monday."""
    if name not in WEEKDAYS:
        table.complain(key, f"{name!r} is not one of: {', '.join(WEEKDAYS)}")
        return 0
    return WEEKDAYS.index(name)


def _dates(table: TableReader) -> Dates:
    listed = table.days("dates")
    if not listed and not table.faulty("dates"):
        table.complain("dates", "names no day; write [2026-04-18, 2026-05-16]")
    return Dates(listed)


def _rrule(table: TableReader) -> RRule | Dates:
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


_RULES: dict[str, Callable[[TableReader], Weekly | MonthlyWeekday | MonthlyDay | Dates | RRule]] = {
    "weekly": _weekly,
    "monthly": _monthly_rule,
    "monthly_days": _monthly_days,
    "dates": _dates,
    "rrule": _rrule,
}
