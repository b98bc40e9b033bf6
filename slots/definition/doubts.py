"""Warnings about a desk's consultation or messages that can be used, but are hardly meant so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta

from slots.changes import (
    Change,
    ChangedCapacity,
    ChangedHours,
    ChangedPlace,
    ExtraSession,
    MovedSession,
    Settled,
)
from slots.definition.reader import TableReader
from slots.definition.timetable import TRIAL, minutes
from slots.desk import Consultation, Desk
from slots.grid import slots_of
from slots.sessions import Session, session_planned_on, sessions_of
from slots.telling import Reminder, Telling
from slots.window import Before, DaysBefore, MonthDayBefore

NAMES: dict[type, str] = {
    ExtraSession: "extra_sessions",
    MovedSession: "moved_sessions",
    Settled: "settled_sessions",
    ChangedHours: "changed_hours",
    ChangedPlace: "changed_places",
    ChangedCapacity: "changed_capacities",
}
# About the six weeks after which few still have in mind what they booked.
FAR_AHEAD = 30
# When nobody wants to be woken, whatever else a desk's quiet hours are.
DEEP_NIGHT = time(2)
# A request, its confirmation and a reminder may well fall on one day.
FEW_A_DAY = 3


def doubt(table: TableReader, consultation: Consultation) -> None:
    """Warn of what is hardly meant; says nothing where there are errors already."""
    if table.faulty(*table.known()):
        return
    for key, message in (
        *_rests(consultation),
        *_late(consultation),
        *_windows(consultation),
        *_quotas(consultation),
        *_changes(consultation),
    ):
        table.warn(key, message)


def doubt_telling(table: TableReader, desk: Desk) -> None:
    """Warn of messages that are hardly meant; says nothing where there are errors already."""
    if table.faulty(*table.known()):
        return
    for key, message in (*_messages(desk.telling), *_idle_reminders(desk)):
        table.warn(f"messages.{key}", message)


def _messages(telling: Telling) -> Iterator[tuple[str, str]]:
    if not telling.order:
        yield "order", "is empty; everybody is phoned"
    elif "mail" not in telling.order:
        yield "order", "has no mail; whom mail alone reaches is phoned"
    if not telling.quiet.holds(DEEP_NIGHT):
        hours = f"{telling.quiet.start:%H:%M} to {telling.quiet.end:%H:%M}"
        message = (
            f"{hours} leaves out the night; are quiet_from and quiet_until the wrong way round?"
        )
        yield "quiet_from", message
    if telling.most_a_day < FEW_A_DAY:
        message = f"{telling.most_a_day} holds back a reminder on a day with other news; "
        yield "most_a_day", message + f"write {FEW_A_DAY} or more"
    for n, one in enumerate(telling.reminders):
        if one.business_days_before > FAR_AHEAD:
            message = f"{one.business_days_before} business days are more than six weeks before; "
            yield f"reminders[{n}].business_days_before", message + "are fewer meant?"


def _idle_reminders(desk: Desk) -> Iterator[tuple[str, str]]:
    """Reminders on the day itself when its last slot has begun."""
    for n, one in enumerate(desk.telling.reminders):
        if one.business_days_before:
            continue
        for consultation in desk.consultations:
            if late := _after_all(consultation, one):
                name = consultation.key.rsplit("/", 1)[-1]
                message = f"{one.at:%H:%M} is too late for {name}: on {late.date} the last slot "
                yield f"reminders[{n}].at", message + f"begins at {slots_of(late)[-1].start:%H:%M}"


def _after_all(consultation: Consultation, reminder: Reminder) -> Session | None:
    """The first session, if the reminder is too late for each slot of that and the next ones."""
    found = [one for one in _first_sessions(consultation, 12) if slots_of(one)]
    moments = [reminder.moment(one.date, consultation.closed_days, one.zone) for one in found]
    late = (slots_of(one)[-1].start <= at for one, at in zip(found, moments, strict=True))
    return found[0] if found and all(late) else None


def _rests(consultation: Consultation) -> Iterator[tuple[str, str]]:
    """Blocks that the slots don't fill."""
    for n, opening in enumerate(consultation.openings):
        length = opening.slot_minutes or consultation.slot_minutes
        pause = opening.pause_minutes
        step = (length or 0) + (consultation.pause_minutes if pause is None else pause)
        if not length or opening.last_start or consultation.last_start:
            continue
        for block in opening.blocks:
            long = minutes(block.start, block.end)
            rest = (long - length) % step
            if rest:
                key = f"openings[{n}].slot_minutes" if opening.slot_minutes else "slot_minutes"
                times = f"{block.start:%H:%M}–{block.end:%H:%M}"
                fits = (long - length) // step + 1
                message = f"{length} minutes don't fit {times} evenly; {fits} slots, "
                yield key, message + f"and {rest} minutes at the end stay empty"


def _late(consultation: Consultation) -> Iterator[tuple[str, str]]:
    """A last start that no slot keeps."""
    for n, opening in enumerate(consultation.openings):
        last, first = opening.last_start or consultation.last_start, opening.blocks[0].start
        if last and last < first:
            key = f"openings[{n}].last_start" if opening.last_start else "last_start"
            yield key, f"{last:%H:%M} is before the start, {first:%H:%M}; no slot is left"


def _windows(consultation: Consultation) -> Iterator[tuple[str, str]]:
    """Moments that always fall on a closed day: four weeks before a Saturday is a Saturday."""
    window = consultation.window
    for key, before in (("opens", window.opens), ("closes", window.closes)):
        if _always_closed(consultation, before):
            message = "always falls on a closed day; write "
            yield (
                f"window.{key}_roll",
                message + f'{key}_roll = "earlier" or "later", or count business days',
            )


def _always_closed(consultation: Consultation, before: Before | None) -> bool:
    if not isinstance(before, DaysBefore | MonthDayBefore) or before.roll != "none":
        return False
    if isinstance(before, DaysBefore) and before.days == 0:
        return False
    closed = consultation.closed_days
    held = [one.date for one in _first_sessions(consultation, 60)]
    found = (closed.is_business_day(before.day(day, closed)) for day in held)
    return bool(held) and not any(found)


def _first_sessions(consultation: Consultation, most: int) -> list[Session]:
    """At most `most` sessions, from 2024 on; a quarter at a time, since years take their time."""
    found: list[Session] = []
    (start, end), quarter = TRIAL, timedelta(days=92)
    while start < end and len(found) < most:
        found += sessions_of(consultation, start, min(start + quarter, end))
        start += quarter
    return found[:most]


def _quotas(consultation: Consultation) -> Iterator[tuple[str, str]]:
    kept = sum(consultation.quotas.kept.values())
    if not kept:
        return
    for one in _first_sessions(consultation, 12):
        seats = sum(slot.seats for slot in slots_of(one))
        if kept > seats:
            yield "quotas", f"keep {kept} seats, but {one.date} has {seats}; nobody else gets one"
            break
    for channel in consultation.quotas.kept:
        if channel not in consultation.booked_by:
            yield f"quotas.{channel}", "keeps seats for a channel that booked_by doesn't name"


def _changes(consultation: Consultation) -> Iterator[tuple[str, str]]:
    """Changes that change nothing: to no session, or to a day that has one."""
    count: dict[type, int] = {}
    for one in consultation.changes:
        n = count[type(one)] = count.get(type(one), -1) + 1
        if isinstance(one, ExtraSession):
            others = tuple(other for other in consultation.changes if other is not one)
            without = replace(consultation, changes=others)
            if session_planned_on(without, one.session) is not None:
                yield f"extra_sessions[{n}].session", f"{one.session} has a session already"
        elif type(one) in NAMES:
            message = _idle(consultation, one)
            if message:
                yield f"{NAMES[type(one)]}[{n}].session", message
        if isinstance(one, ExtraSession | ChangedHours) and (long := _slotless(consultation, one)):
            yield f"{NAMES[type(one)]}[{n}]", f"leaves no slot of {long} minutes on {one.session}"


def _slotless(consultation: Consultation, one: ExtraSession | ChangedHours) -> int | None:
    """The length of a slot that `one` has no room for, or None."""
    found = session_planned_on(consultation, one.session)
    return found.slot_minutes if found and not slots_of(found) else None


def _idle(consultation: Consultation, one: Change) -> str | None:
    day = one.first if not hasattr(one, "session") else one.session
    if session_planned_on(consultation, day) is not None:
        return None
    if isinstance(one, MovedSession):
        return f"no session of {day} can be held on {one.to}; none was planned, or that day has one"
    return f"no session is planned for {day}; write the day it was first planned for"
