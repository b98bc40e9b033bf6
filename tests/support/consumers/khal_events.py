"""Reads calendar files as `khal import` does, and khal's entries of them. Its own Python runs it.

Usage: khal_events.py FILE… ; prints {file: {"errors", "method", "name", "events"}} as JSON.
"""

import json
import logging
import os
import sys
from datetime import UTC
from pathlib import Path

import pytz
from icalendar import Calendar
from khal.icalendar import cal_from_ics, split_ics
from khal.khalendar.event import Event

VIEWER = pytz.timezone(os.environ["TZ"])
END = b"END:VCALENDAR\r\n"
LOCALE = {"default_timezone": VIEWER, "local_timezone": VIEWER}


class Warnings(logging.Handler):
    """Keeps what khal warns its users of."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.said = []

    def emit(self, record):
        """Keep it."""
        self.said.append(record.getMessage())


def instant(time):
    """An instant in UTC."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp(found):
    """A stamp as it was written, with its Z."""
    return found.to_ical().decode() if found is not None else None


def listed(found):
    """A property's values."""
    values = found if isinstance(found, list) else [] if found is None else [found]
    return [str(one) for one in values]


def event(kept):
    """What a person sees of an entry."""
    seen = Event.fromVEvents([kept], locale=LOCALE)
    zone = kept["DTSTART"].params.get("TZID")
    return {
        "uid": str(seen.uid),
        "start": instant(seen.start_local),
        "end": instant(seen.end_local) if "DTEND" in kept else None,
        "zone": str(zone) if zone else None,
        "stamp": stamp(kept.get("DTSTAMP")),
        "changed": stamp(kept.get("LAST-MODIFIED")),
        "status": seen.status or None,
        "summary": str(seen.summary),
        "description": str(seen.description) if "DESCRIPTION" in kept else None,
        "location": str(seen.location) if "LOCATION" in kept else None,
        "url": str(seen.url) or None,
        "sequence": int(kept.get("SEQUENCE", 0)),
        "transparency": str(kept["TRANSP"]) if "TRANSP" in kept else None,
        "privacy": str(kept["CLASS"]) if "CLASS" in kept else None,
        "categories": [one for one in seen.categories.split(",") if one],
        "organizer": listed(kept.get("ORGANIZER")),
        "attendees": listed(kept.get("ATTENDEE")),
        "alarms": [
            [str(one["ACTION"]), int(one["TRIGGER"].dt.total_seconds())]
            for one in kept.walk("VALARM")
        ],
    }


def calendar(data, heard):
    """A calendar as khal sees it: each entry from a file of its own, as it keeps them."""
    head, *_ = data.partition(b"BEGIN:VEVENT")
    whole = Calendar.from_ical(head.removesuffix(END) + END)
    files = [cal_from_ics(one) for one in split_ics(data, default_timezone=VIEWER)]
    events = [one for file in files for one in file.walk("VEVENT")]
    parts = [one for calendar in (whole, *files) for one in calendar.walk()]
    return {
        "errors": [f"{one.name}: {error}" for one in parts for error in one.errors],
        "method": str(whole["METHOD"]) if "METHOD" in whole else None,
        "name": None,
        "events": [event(one) for one in events],
    }


def read(path):
    """What a file holds; a file that khal refuses holds nothing."""
    heard = Warnings()
    logging.getLogger("khal").addHandler(heard)
    try:
        found = calendar(Path(path).read_bytes(), heard)
        return {**found, "errors": found["errors"] + heard.said}
    except Exception as error:
        return {"errors": [repr(error)], "method": None, "name": None, "events": []}
    finally:
        logging.getLogger("khal").removeHandler(heard)


json.dump({path: read(path) for path in sys.argv[1:]}, sys.stdout)
