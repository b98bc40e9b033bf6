"""Notes in the database which consultations exist, and when a definition last changed."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from booking.desks.catalogue import Catalogue
from booking.desks.current import VERSION, CurrentDesks
from booking.desks.published import forget_old, is_noted, note_desk
from booking.store import Store, Tx, versions
from slots.desk import Desk, Organisation
from slots.zone import local_date

# Whose instant of change is that of the site's address, which is in every calendar entry.
SITE = "site"
# Raise it with the words of an entry: they are noted anew then when a server starts, and not
# only in the night after.
WORDING = 1
# What else is said in the files of a kind, around the words of their rows. Raise a kind's number
# (1 is where it isn't named) with anything of that, and all of its entries are as young as the
# start of the server that first says so.
FORMS: Mapping[str, int] = {"organisation": 2, "private": 2}

LEAST = "number"


def form(kind: str) -> str:
    """Under which it is noted when the files of a kind last came to say other things."""
    return f"form:{kind}"


def register_definitions(
    store: Store, catalogue: Catalogue, now: datetime, *, site: str | None = None
) -> None:
    """Raise the version of each consultation whose definition (or desk's) changed since last noted.

    What the public calendars show of a changed desk is noted, too. `site` is the address under
    which it is served, where that is known. The values' reprs are stable: frozen dataclasses of
    texts, numbers and dates.
    """
    known = store.read(versions.definitions)
    definitions = {VERSION: ""}
    for key, consultation in catalogue.consultations.items():
        definitions[key] = _hash(repr((consultation, catalogue.desk_of(key))))
    for organisation in catalogue.organisations.values():
        definitions[heading(organisation.key)] = _hash(_headings(organisation))
    definitions |= _levels(catalogue, known)
    definitions |= {form(kind): str(number) for kind, number in FORMS.items()}
    if site is not None:
        definitions[SITE] = _hash(site)
    store.write(lambda tx: versions.register(tx, definitions, now))
    _note_desks(store, CurrentDesks(store, catalogue), known, now)


def note_day(store: Store, desks: CurrentDesks, now: datetime) -> None:
    """Note what the calendars come to show, desk by desk: once a day, or more often.

    Of a desk whose file is as it was that is once a week. All else that changes it, as seats and
    staff's changes do, notes it in its own transaction.
    """
    _note_desks(store, desks, store.read(versions.definitions), now)
    zones = {one.zone for one in desks.files.organisations.values()}
    last = min(local_date(now, zone) for zone in zones)
    store.write(lambda tx: forget_old(tx, last))


def _note_desks(store: Store, desks: CurrentDesks, known: Mapping[str, str], now: datetime) -> None:
    # A desk at a time: on a server for the whole country others want to write meanwhile.
    for key, desk in sorted(desks.files.desks.items()):
        if known.get(noting(key)) != _noted_as(desk, now):
            store.write(partial(note_anew, desks=desks, key=key, now=now))


def _levels(catalogue: Catalogue, known: Mapping[str, str]) -> dict[str, str]:
    """What the private calendars of each desk tell of a party, where that isn't, or was not, the least."""
    return {
        level(key): desk.private_feed
        for key, desk in catalogue.desks.items()
        if desk.private_feed != LEAST or level(key) in known
    }


def _noted_as(desk: Desk, now: datetime) -> str:
    """What is noted of a desk, and in which week: what is noted ahead lasts for two."""
    week = local_date(now, desk.zone).toordinal() // 7
    return _hash(repr((WORDING, week, desk)))


def _is_noted(tx: Tx, desks: CurrentDesks, key: str, now: datetime) -> bool:
    return is_noted(tx, desks.desk_in(tx, key), now)


def note_anew(tx: Tx, desks: CurrentDesks, key: str, now: datetime) -> None:
    """Note what the calendars show of the desk `key`, if that is not what is noted.

    Locks are taken only where there is something to write, and then it is looked at once more.
    """
    if not _is_noted(tx, desks, key, now):
        consultations = desks.files.desk(key).consultations
        for one in sorted(each.key for each in consultations) or [VERSION]:
            versions.lock_and_raise(tx, one, now)
        note_desk(tx, desks.desk_in(tx, key), now)
    versions.register(tx, {noting(key): _noted_as(desks.files.desk(key), now)}, now)


def level(desk: str) -> str:
    """Under which it is noted when the private calendars of a desk came to tell more or less."""
    return f"level:{desk}"


def noting(desk: str) -> str:
    """Under which it is noted when the entries of a desk were last looked through."""
    return f"entries:{desk}"


def heading(organisation: str) -> str:
    """Under which it is noted when what an organisation's feeds say beside the entries last changed."""
    return f"headings:{organisation}"


def _headings(organisation: Organisation) -> str:
    return repr(
        (
            (organisation.name, organisation.code),
            [
                (
                    *(one.key, one.name, one.short_name, one.zone, one.fee, one.operator),
                    *(one.service, one.place, [hours.channels for hours in one.hours]),
                )
                for one in organisation.desks
            ],
            [
                (
                    *(one.key, one.name, one.fee, one.booked_by, one.summary, one.openings),
                    *(one.seats, one.roster, one.slot_minutes, one.pause_minutes),
                )
                for desk in organisation.desks
                for one in desk.consultations
            ],
        )
    )


def _hash(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()
