"""Reads the parts of a desk file that say who may book, when and how often.

Window, quotas, limits, eligibility, needs.
"""

from collections.abc import Mapping
from datetime import time
from typing import cast

from slots.admission import TIES, VERIFY, Eligibility, Need, Tie, Verify
from slots.definition.reader import TableReader
from slots.desk import Quotas
from slots.limits import PER, SCOPES, THEN, Limit, Per, Scope, Then
from slots.recurrence import WEEKDAYS
from slots.window import (
    BOOKING_CHANNELS,
    LAST_BUSINESS_DAY,
    ROLLS,
    Before,
    BookingChannel,
    BookingWindow,
    BusinessDaysBefore,
    ChannelWindow,
    DaysBefore,
    HoursBefore,
    MonthDayBefore,
    Roll,
    WeekdayBefore,
)

_COUNTS = ("days", "weeks", "business_days", "months", "hours")
_MOST = {"days": 730, "weeks": 104, "business_days": 99, "months": 24, "hours": 720}


def booked_by(table: TableReader) -> tuple[BookingChannel, ...]:
    """booked_by: the channels through which one books; online and phone where it is missing."""
    given = table.texts("booked_by")
    for one in sorted(set(given) - set(BOOKING_CHANNELS)):
        table.complain("booked_by", f"{one!r} is not one of: {', '.join(BOOKING_CHANNELS)}")
    if not table.has("booked_by"):
        return ("online", "phone")
    if not given and not table.faulty("booked_by"):
        table.complain(
            "booked_by", f"names no channel; write some of: {', '.join(BOOKING_CHANNELS)}"
        )
    return cast(tuple[BookingChannel, ...], given)


def window(table: TableReader) -> BookingWindow:
    """[desks.consultations.window], with a table for each channel that has its own."""
    opens = moment(table, "opens", time())
    alone = LAST_BUSINESS_DAY.days
    closes = moment(table, "closes", LAST_BUSINESS_DAY.at, alone=alone) or LAST_BUSINESS_DAY
    channels: dict[BookingChannel, ChannelWindow] = {}
    for channel in BOOKING_CHANNELS:
        own = table.table(channel, lambda one: _own(one, opens, closes))
        if own is not None:
            channels[channel] = own
    return BookingWindow(opens, closes, channels)


def _own(table: TableReader, opens: Before | None, closes: Before) -> ChannelWindow:
    """What a channel says itself; of what it says nothing, all channels' window holds."""
    return ChannelWindow(
        opens=moment(table, "opens", time()) or opens,
        closes=moment(table, "closes", LAST_BUSINESS_DAY.at) or closes,
    )


def moment(
    table: TableReader, prefix: str, at_default: time, *, alone: int | None = None
) -> Before | None:
    """A moment before a session, from the keys that begin with `prefix`; None when none counts.

    With `alone`, a time without a count is that of as many business days before.
    """
    counts = {
        unit: table.number(f"{prefix}_{unit}_before", most=_MOST[unit])
        for unit in _COUNTS
        if table.has(f"{prefix}_{unit}_before")
    }
    for unit in _COUNTS:
        table.know(f"{prefix}_{unit}_before")
    if len(counts) > 1:
        written = " and ".join(f"{prefix}_{unit}_before" for unit in counts)
        table.complain(
            f"{prefix}_{list(counts)[-1]}_before", f"one moment has one count, not {written}"
        )
    at = table.wall_time(f"{prefix}_at", at_default)
    roll = cast(Roll, table.choice(f"{prefix}_roll", ROLLS, "none"))
    on_day = table.number(f"{prefix}_on_day", least=-1, most=31)
    weekday = _weekday(table, f"{prefix}_on_weekday")
    found = _before(table, prefix, counts, at, roll, on_day, weekday)
    if alone is not None and not counts:
        found = BusinessDaysBefore(alone, at)
    if not table.faulty(*(f"{prefix}_{unit}_before" for unit in _COUNTS)):
        _complain_of_idle(table, prefix, found)
    return found


def _before(
    table: TableReader,
    prefix: str,
    counts: Mapping[str, int | None],
    at: time,
    roll: Roll,
    on_day: int | None,
    weekday: int | None,
) -> Before | None:
    for unit, count in counts.items():
        if count is None:
            return None
        match unit:
            case "days":
                return DaysBefore(count, at, roll)
            case "weeks" if weekday is not None:
                return WeekdayBefore(count, weekday, at, roll)
            case "weeks":
                return DaysBefore(7 * count, at, roll)
            case "business_days":
                return BusinessDaysBefore(count, at)
            case "months":
                if not on_day and not table.faulty(f"{prefix}_on_day"):
                    message = "is missing; months before counts to a day of the month: 1, or -1"
                    table.complain(f"{prefix}_on_day", message)
                return MonthDayBefore(count, on_day or 1, at, roll)
            case "hours":
                return HoursBefore(count)
    return None


def _complain_of_idle(table: TableReader, prefix: str, found: Before | None) -> None:
    """A key that goes with another count than the one that stands there says nothing."""
    needs = {
        "on_day": (MonthDayBefore,),
        "on_weekday": (WeekdayBefore,),
        "roll": (DaysBefore, MonthDayBefore, WeekdayBefore),
    }
    for key, kinds in needs.items():
        name = f"{prefix}_{key}"
        if table.has(name) and not isinstance(found, kinds) and not table.faulty(name):
            table.complain(name, "goes with another way of counting; see the list of keys")
    name = f"{prefix}_at"
    idle = found is None or isinstance(found, HoursBefore)
    if table.has(name) and idle and not table.faulty(name):
        table.complain(name, f"says nothing without {prefix}_days_before or the like")


def _weekday(table: TableReader, key: str) -> int | None:
    if not table.has(key):
        table.know(key)
        return None
    name = table.choice(key, WEEKDAYS)
    return WEEKDAYS.index(name)


def quotas(table: TableReader) -> Quotas:
    """[desks.consultations.quotas]: seats kept for channels, and when the rest is released."""
    kept: dict[BookingChannel, int] = {}
    for channel in BOOKING_CHANNELS:
        count = table.number(channel, least=1)
        if count is not None:
            kept[channel] = count
    if not kept and not table.faulty(*BOOKING_CHANNELS):
        table.complain("online", f"keeps no seat; write some of: {', '.join(BOOKING_CHANNELS)}")
    return Quotas(kept, moment(table, "released", time()))


def limit(table: TableReader) -> Limit:
    """One [[desks.consultations.limits]]."""
    return Limit(
        at_most=table.number("at_most", 1, least=1) or 1,
        per=cast(Per, table.choice("per", PER)),
        scope=cast(Scope, table.choice("scope", SCOPES, "consultation")),
        then=cast(Then, table.choice("then", THEN, "warn")),
        text=table.text("text"),
    )


def eligibility(table: TableReader) -> Eligibility:
    """[desks.consultations.eligibility]."""
    ties = table.texts("ties")
    for one in sorted(set(ties) - set(TIES)):
        table.complain("ties", f"{one!r} is not one of: {', '.join(TIES)}")
    if not ties and not table.faulty("ties"):
        table.complain("ties", f"names none; write some of: {', '.join(TIES)}")
    verify = table.choice("verify", VERIFY, "none")
    return Eligibility(ties=cast(tuple[Tie, ...], ties), verify=cast(Verify, verify))


def need(table: TableReader) -> Need:
    """One [[desks.consultations.needs]]."""
    return Need(
        name=table.required("name"),
        lead_days=table.number("lead_days", 0, most=365) or 0,
        lead_business_days=table.number("lead_business_days", 0, most=99) or 0,
        note=table.text("note"),
    )
