"""Reads calendar files with libical, which Evolution, GNOME and KDE read with. The system's Python runs it.

Usage: libical.py FILE… ; prints {file: {"errors", "method", "name", "events"}} as JSON.
"""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402 - its version has to be asked for before

Kind, Property = ICalGLib.ComponentKind, ICalGLib.PropertyKind
VIEWER = ICalGLib.Timezone.get_builtin_timezone(os.environ["TZ"])


def properties(component, kind):
    """The properties of one kind."""
    found = component.get_first_property(kind)
    while found is not None:
        yield found
        found = component.get_next_property(kind)


def components(component, kind):
    """The components of one kind directly below."""
    found = component.get_first_component(kind)
    while found is not None:
        yield found
        found = component.get_next_component(kind)


def instant(time):
    """An instant in UTC; what floats is where the viewer is."""
    if time is None or time.is_null_time():
        return None
    zone = time.get_timezone() or (None if time.is_utc() else VIEWER)
    seconds = time.as_timet_with_zone(zone) if zone is not None else time.as_timet()
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def text(component, kind, name):
    """The value of a TEXT property, as a person reads it."""
    return next((getattr(one, f"get_{name}")() for one in properties(component, kind)), None)


def address(component, kind, name):
    """The value of a property that is an address."""
    return [getattr(one, f"get_{name}")() for one in properties(component, kind)]


def alarm(component):
    """What it does, and how many seconds after the start."""
    (trigger,) = properties(component, Property.TRIGGER_PROPERTY)
    (action,) = properties(component, Property.ACTION_PROPERTY)
    does = action.get_value_as_string()
    return [does, trigger.get_trigger().get_duration().as_int()]


def word(component, kind):
    """The value of a property of few words."""
    return next((one.get_value_as_string() for one in properties(component, kind)), None)


def event(component):
    """What a person sees of an entry."""
    starts = list(properties(component, Property.DTSTART_PROPERTY))
    zone = starts[0].get_first_parameter(ICalGLib.ParameterKind.TZID_PARAMETER) if starts else None
    return {
        "uid": component.get_uid(),
        "start": instant(component.get_dtstart()),
        "end": instant(component.get_dtend()),
        "zone": zone.get_tzid() if zone else None,
        "stamp": word(component, Property.DTSTAMP_PROPERTY),
        "changed": word(component, Property.LASTMODIFIED_PROPERTY),
        "status": word(component, Property.STATUS_PROPERTY),
        "summary": text(component, Property.SUMMARY_PROPERTY, "summary"),
        "description": text(component, Property.DESCRIPTION_PROPERTY, "description"),
        "location": text(component, Property.LOCATION_PROPERTY, "location"),
        "url": text(component, Property.URL_PROPERTY, "url"),
        "sequence": component.get_sequence(),
        "transparency": word(component, Property.TRANSP_PROPERTY),
        "privacy": word(component, Property.CLASS_PROPERTY),
        "categories": [
            one.get_categories() for one in properties(component, Property.CATEGORIES_PROPERTY)
        ],
        "organizer": address(component, Property.ORGANIZER_PROPERTY, "organizer"),
        "attendees": address(component, Property.ATTENDEE_PROPERTY, "attendee"),
        "alarms": [alarm(one) for one in components(component, Kind.VALARM_COMPONENT)],
    }


def complaints(component):
    """What libical itself has against a calendar: by the grammar, then by RFC 5545 and 5546."""
    ICalGLib.restriction_check(component)
    stack = [component]
    while stack:
        one = stack.pop()
        stack += components(one, Kind.ANY_COMPONENT)
        yield from (
            error.get_value_as_string() for error in properties(one, Property.XLICERROR_PROPERTY)
        )


def calendar(data):
    """A calendar as libical sees it."""
    component = ICalGLib.Component.new_from_string(data.decode(errors="replace"))
    if component is None or component.isa() != Kind.VCALENDAR_COMPONENT:
        return {"errors": ["no calendar"], "method": None, "name": None, "events": []}
    return {
        "errors": list(complaints(component)),
        "method": word(component, Property.METHOD_PROPERTY),
        "name": text(component, Property.NAME_PROPERTY, "name"),
        "events": [event(one) for one in components(component, Kind.VEVENT_COMPONENT)],
    }


def read(path):
    """What a file holds; a file that breaks libical holds nothing."""
    try:
        return calendar(Path(path).read_bytes())
    except Exception as error:
        return {"errors": [repr(error)], "method": None, "name": None, "events": []}


json.dump({path: read(path) for path in sys.argv[1:]}, sys.stdout)
