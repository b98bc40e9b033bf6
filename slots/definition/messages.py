"""Reads when and how a desk tells its parties: [desks.messages]."""

import re
from itertools import pairwise
from typing import cast

from slots.definition.reader import TableReader
from slots.telling import MOST_REMINDERS, WRITTEN, Quiet, Reminder, Telling, WrittenChannel

USUAL = Telling()
# What mail servers take without SMTPUTF8; also keeps a comma or a line from becoming two addresses.
MAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z\d-]{2,}", re.A | re.I
)


def telling(table: TableReader) -> Telling:
    """[desks.messages]; where a key is missing, what holds for every desk."""
    unanswered, day_list = USUAL.unanswered_after, USUAL.day_list_at
    found = Telling(
        reminders=_reminders(table),
        quiet=_quiet(table),
        order=_order(table),
        most_a_day=table.number("most_a_day", USUAL.most_a_day, least=1, most=20)
        or USUAL.most_a_day,
        unanswered_after=None
        if table.denied("unanswered_after")
        else table.number("unanswered_after", unanswered, least=1, most=60),
        day_list_at=None
        if table.denied("day_list_at")
        else table.wall_time("day_list_at", day_list),
        staff_mail=_staff_mail(table),
    )
    _complain_of_quiet(table, found)
    return found


def _quiet(table: TableReader) -> Quiet:
    start = table.wall_time("quiet_from", USUAL.quiet.start)
    end = table.wall_time("quiet_until", USUAL.quiet.end)
    if start == end and not table.faulty("quiet_from", "quiet_until"):
        message = f"{end:%H:%M} is quiet_from too; write when the quiet hours end"
        table.complain("quiet_until", message)
    return Quiet(start=start, end=end)


def _order(table: TableReader) -> tuple[WrittenChannel, ...]:
    given = table.texts("order")
    for one in sorted(set(given) - set(WRITTEN)):
        table.complain("order", f"{one!r} is not one of: {', '.join(WRITTEN)}")
    _complain_of_doubles(table, "order", given)
    return cast(tuple[WrittenChannel, ...], given) if table.has("order") else USUAL.order


def _staff_mail(table: TableReader) -> tuple[str, ...]:
    given = table.texts("staff_mail")
    for one in given:
        if not MAIL.fullmatch(one):
            message = f"{one!r} is no mail address; write soudan@example.jp"
            table.complain("staff_mail", message)
    _complain_of_doubles(table, "staff_mail", given)
    return given


def _complain_of_doubles(table: TableReader, key: str, given: tuple[str, ...]) -> None:
    listed = [one.casefold() for one in given]
    for one in sorted({one for one in listed if listed.count(one) > 1}):
        table.complain(key, f"{one!r} stands there twice; write it once")


def _reminders(table: TableReader) -> tuple[Reminder, ...]:
    """At most three, the earliest first; those of every desk where the list is missing."""
    found = table.tables("reminders", _reminder)
    if not table.has("reminders"):
        return USUAL.reminders
    if table.faulty("reminders"):
        return found
    if len(found) > MOST_REMINDERS:
        message = f"is one too many; a desk has at most {MOST_REMINDERS}"
        table.complain(f"reminders[{MOST_REMINDERS}]", message)
    for n, (one, other) in enumerate(pairwise(found), 1):
        if other == one:
            message = "is at the same moment as the one before; leave it out"
            table.complain(f"reminders[{n}]", message)
        elif _place_in_time(other) < _place_in_time(one):
            message = f"is earlier than reminders[{n - 1}]; write the earliest first"
            table.complain(f"reminders[{n}]", message)
    return found


def _reminder(table: TableReader) -> Reminder:
    count = table.number("business_days_before", most=60)
    if count is None and not table.faulty("business_days_before"):
        message = "is missing; write 1 for the last business day before, 0 for the day itself"
        table.complain("business_days_before", message)
    return Reminder(business_days_before=count or 0, at=table.wall_time("at"))


def _place_in_time(one: Reminder) -> tuple[int, int, int]:
    """What orders reminders of any one day: more business days before it is earlier."""
    return -one.business_days_before, one.at.hour, one.at.minute


def _complain_of_quiet(table: TableReader, found: Telling) -> None:
    """Nothing is planned for the quiet hours; they would put it off to where it isn't expected."""
    if table.faulty("quiet_from", "quiet_until", "reminders", "day_list_at"):
        return
    hours = f"the quiet hours, {found.quiet.start:%H:%M} to {found.quiet.end:%H:%M}"
    times = [("reminders", f"reminders[{n}].at", one.at) for n, one in enumerate(found.reminders)]
    if found.day_list_at is not None:
        times.append(("day_list_at", "day_list_at", found.day_list_at))
    unwritten = []
    for key, path, at in times:
        if found.quiet.holds(at) and table.has(key):
            table.complain(path, f"{at:%H:%M} is within {hours}; write a time outside them")
        elif found.quiet.holds(at):
            unwritten.append(key)
    for key in dict.fromkeys(unwritten):
        message = f"{hours}, hold the usual {key}; write {key} too, or other quiet hours"
        table.complain("quiet_from" if table.has("quiet_from") else "quiet_until", message)
