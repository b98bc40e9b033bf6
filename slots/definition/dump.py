"""An Organisation -> the TOML mapping of its desk file, with the defaults left out.

A key has the name of its field; what is different is written in `_SPECIAL`.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import time
from typing import Any

from slots.changes import (
    Change,
    ChangedCapacity,
    ChangedHours,
    ChangedPlace,
    Closure,
    ExtraSession,
    MovedSession,
    Settled,
)
from slots.definition.organisation import FORMAT, parse
from slots.definition.recurring import MONTHS
from slots.desk import Consultation, Desk, Organisation, Quotas
from slots.holidays import ClosedDays, NationalHolidays
from slots.opening import Block
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
from slots.roster import Absence
from slots.telling import Telling
from slots.window import (
    Before,
    BookingWindow,
    BusinessDaysBefore,
    ChannelWindow,
    DaysBefore,
    HoursBefore,
    MonthDayBefore,
    WeekdayBefore,
)

Mapped = dict[str, Any]
_KINDS: dict[type, str] = {
    Closure: "closures",
    ExtraSession: "extra_sessions",
    MovedSession: "moved_sessions",
    Settled: "settled_sessions",
    ChangedHours: "changed_hours",
    ChangedPlace: "changed_places",
    ChangedCapacity: "changed_capacities",
}
# At what time of its day a moment lies when nothing is written.
_AT = {"opens": time(), "closes": time(17, 15), "released": time()}
_DERIVED: dict[type, frozenset[str]] = {
    Organisation: frozenset({"desks"}),
    Desk: frozenset({"zone", "closed_days"}),
    Consultation: frozenset({"zone", "closed_days", "desk_closures", "phone"}),
}


def dump(organisation: Organisation, holidays_file: str | None = None) -> Mapped:
    """The mapping of a desk file that `parse` reads as `organisation`; its values are TOML's.

    Changes are written by kind, which changes nothing of what they mean. National holidays that
    were read from a file stay in one: `holidays_file` is its name, and its content none of dump's
    business. Raises ValueError where that name is missing, and with the path of whatever else no
    desk file can say.
    """
    file = organisation.closed_days.national
    if (file == NationalHolidays()) != (holidays_file is None):
        raise ValueError("holidays_file goes with national holidays that were read from a file")
    made: Mapped = {"format": FORMAT, "organisation": _table(organisation)}
    if holidays_file is not None:
        made["organisation"]["holidays_file"] = holidays_file
    if organisation.desks:
        made["desks"] = [_table(one) for one in organisation.desks]
    again = parse(made, lambda _: _file_of(file))
    unsaid = _difference(_by_kind(organisation), again, "")
    if unsaid is not None:
        raise ValueError(f"{unsaid} cannot be said in a desk file")
    return made


def _file_of(national: NationalHolidays) -> bytes:
    lines = [f"{day.year}/{day.month}/{day.day},{name}" for day, name in national.named.items()]
    return "\n".join(["heading", *lines]).encode()


def _by_kind(organisation: Organisation) -> Organisation:
    """`organisation` with the changes of each consultation in the order of a desk file."""
    desks = []
    for desk in organisation.desks:
        consultations = tuple(
            replace(one, changes=tuple(sorted(one.changes, key=_kind)))
            for one in desk.consultations
        )
        desks.append(replace(desk, consultations=consultations))
    return replace(organisation, desks=tuple(desks))


def _kind(change: Change) -> int:
    return list(_KINDS).index(type(change))


def _difference(one: Any, other: Any, path: str) -> str | None:
    """The path of the first value that is not the same in both, or None."""
    if one == other:
        return None
    if is_dataclass(one) and type(one) is type(other):
        inner = (
            _difference(getattr(one, name), getattr(other, name), f"{path}.{name}")
            for name in (field.name for field in fields(one))
        )
        return next((where for where in inner if where), None)
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        each = (_difference(*pair, f"{path}[{n}]") for n, pair in pairs)
        return next((where for where in each if where), None)
    return path.lstrip(".")


def _table(value: Any) -> Mapped:
    """The table of any of the definition's values."""
    made: Mapped = {}
    for one in fields(value):
        found = getattr(value, one.name)
        if one.name in _DERIVED.get(type(value), ()) or _goes_without_saying(one, found):
            continue
        special = _SPECIAL.get(one.name)
        made |= special(found) if special else {one.name: _plain(found)}
    if isinstance(value, Closure | Absence) and value.last == value.first:
        del made["last"]
    return made


def _goes_without_saying(one: "Field[Any]", found: Any) -> bool:
    if one.name == "fee":  # every file says it, though tests need not
        return False
    default = one.default if one.default_factory is MISSING else one.default_factory()
    return found in (None, ()) or found == default


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _table(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return dict(value)
    return _clock(value) if isinstance(value, time) else value


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _id(key: str) -> Mapped:
    return {"id": key.rsplit("/", 1)[-1]}


def _zone(name: str) -> Mapped:
    return {} if name == "Asia/Tokyo" else {"zone": name}


def _closed_days(closed: ClosedDays) -> Mapped:
    made: Mapped = {}
    usual = ClosedDays()
    if closed.year_end != usual.year_end:
        ends = closed.year_end or ()
        made["year_end"] = [f"{month:02}-{day:02}" for month, day in ends]
    if closed.local:
        made["local_holidays"] = {day.isoformat(): name for day, name in closed.local.items()}
    if closed.weekend != usual.weekend:
        made["weekend"] = [WEEKDAYS[one] for one in closed.weekend]
    return made


def _recurrence(rule: Recurrence) -> Mapped:
    match rule:
        case InMonths():
            return _recurrence(rule.rule) | _months(rule.months)
        case Weekly():
            made: Mapped = {"weekly": [WEEKDAYS[one] for one in rule.weekdays]}
            if rule.every > 1:
                made |= {"every_weeks": rule.every, "counted_from": rule.counted_from}
            return made
        case MonthlyWeekday():
            return {"monthly": {"nth": list(rule.nth), "weekday": WEEKDAYS[rule.weekday]}}
        case MonthlyDay():
            return {"monthly_days": list(rule.days)}
        case Dates():
            return {"dates": list(rule.listed)}
        case RRule():
            return {"rrule": rule.text, "since": rule.since}


def _months(months: tuple[int, ...]) -> Mapped:
    """In the fewest words: "odd", the months, or all but some."""
    for word, meant in MONTHS.items():
        if months == meant:
            return {"months": word}
    others = [one for one in range(1, 13) if one not in months]
    return {"except_months": others} if len(others) in (1, 2, 3) else {"months": list(months)}


def _blocks(blocks: tuple[Block, ...]) -> Mapped:
    made: list[Mapped] = _plain(blocks)
    return made[0] if len(made) == 1 else {"blocks": made}


def _changes(changes: tuple[Change, ...]) -> Mapped:
    made: Mapped = {}
    for one in sorted(changes, key=_kind):
        made.setdefault(_KINDS[type(one)], []).append(_table(one))
    return made


def _window(window: BookingWindow) -> Mapped:
    made = _own(ChannelWindow(window.opens, window.closes), ChannelWindow())
    general = ChannelWindow(window.opens, window.closes)
    made |= {channel: _own(own, general) for channel, own in window.channels.items()}
    return {"window": made}


def _own(window: ChannelWindow, other: ChannelWindow) -> Mapped:
    """What `window` says that `other` does not."""
    made: Mapped = {}
    if window.opens is not None and window.opens != other.opens:
        made |= _moment("opens", window.opens)
    if window.closes != other.closes:
        made |= _moment("closes", window.closes)
    return made


def _telling(telling: Telling) -> Mapped:
    """What is not as usual; what there is none of is `false`, reminders are an empty list."""
    usual = Telling()
    made: Mapped = {}
    if telling.quiet.start != usual.quiet.start:
        made["quiet_from"] = _clock(telling.quiet.start)
    if telling.quiet.end != usual.quiet.end:
        made["quiet_until"] = _clock(telling.quiet.end)
    for name in (one.name for one in fields(telling) if one.name != "quiet"):
        found = getattr(telling, name)
        if found != getattr(usual, name):
            made[name] = False if found is None else _plain(found)
    return {"messages": made}


def _quotas(quotas: Quotas) -> Mapped:
    made: Mapped = _plain(quotas.kept)
    if quotas.released is not None:
        made |= _moment("released", quotas.released)
    return {"quotas": made}


def _moment(prefix: str, before: Before) -> Mapped:
    match before:
        case DaysBefore():
            made: Mapped = {"days_before": before.days}
        case BusinessDaysBefore():
            made = {"business_days_before": before.days}
        case MonthDayBefore():
            made = {"months_before": before.months, "on_day": before.on}
        case WeekdayBefore():
            made = {"weeks_before": before.weeks, "on_weekday": WEEKDAYS[before.weekday]}
        case HoursBefore():
            return {f"{prefix}_hours_before": before.hours}
    if before.at != _AT[prefix]:
        made["at"] = _clock(before.at)
    if not isinstance(before, BusinessDaysBefore) and before.roll != "none":
        made["roll"] = before.roll
    return {f"{prefix}_{key}": value for key, value in made.items()}


_SPECIAL: dict[str, Callable[[Any], Mapped]] = {
    "key": _id,
    "zone": _zone,
    "closed_days": _closed_days,
    "recurrence": _recurrence,
    "blocks": _blocks,
    "changes": _changes,
    "window": _window,
    "quotas": _quotas,
    "telling": _telling,
}
