"""The desks as they are now: what the files say, with what staff changed laid over it."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from booking.desks.catalogue import Catalogue, catalogue_of
from booking.store import Store, Tx, desk_changes
from booking.store.desk_changes import DeskChange
from slots.changes import Change, Closure
from slots.definition import DefinitionError, read_change
from slots.desk import Consultation, Desk
from slots.roster import Absence

# Raised with every change that staff make: no consultation's key, since those have slashes.
VERSION = "desk-changes"
DATES = ("first", "last", "session", "to")
_log = logging.getLogger(__name__)


def change_of(kind: str, data: Mapping[str, Any]) -> Change | Absence:
    """The change that JSON says, as a desk file's table would. Raises DefinitionError."""
    return read_change(kind, {key: _day(key, value) for key, value in data.items()})


def _day(key: str, value: Any) -> Any:
    if key not in DATES or not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


class CurrentDesks:
    """Reads staff's changes again whenever their version has risen, in whatever process."""

    def __init__(self, store: Store, files: Catalogue) -> None:
        """Lay over `files` what `store` has; nothing is read yet."""
        self.files = files
        self._store = store
        self._laid: tuple[int, Catalogue] = (-1, files)

    def now(self) -> Catalogue:
        """The catalogue as it is now; on PostgreSQL what others changed shows within 0.1 s."""
        watch = self._store.watch
        version = watch.at_once(VERSION)
        if version is None:
            version = watch.ask(VERSION)
        known, catalogue = self._laid
        if known != version:
            changes = self._store.read(desk_changes.standing)
            catalogue = overlaid(self.files, changes) if changes else self.files
            self._laid = version, catalogue
        return catalogue

    def consultation_in(self, tx: Tx, key: str) -> Consultation:
        """The consultation `key` as this transaction sees it: who holds its lock sees the last word.

        Raises UnknownDesk.
        """
        found = self.files.consultation(key)
        changes = desk_changes.standing(tx, (key, found.desk_key))
        return changed(found, changes) if changes else found

    def desk_in(self, tx: Tx, key: str) -> Desk:
        """The desk `key` with its consultations as this transaction sees them. Raises UnknownDesk."""
        found = self.files.desk(key)
        scopes = (key, *(one.key for one in found.consultations))
        return _desk(found, _by_scope(desk_changes.standing(tx, scopes)))


def overlaid(files: Catalogue, changes: Iterable[DeskChange]) -> Catalogue:
    """`files` with `changes` laid over. Changes of a desk that is no longer defined say nothing."""
    by_scope = _by_scope(changes)
    return catalogue_of(
        replace(organisation, desks=tuple(_desk(desk, by_scope) for desk in organisation.desks))
        for organisation in files.organisations.values()
    )


def _by_scope(changes: Iterable[DeskChange]) -> dict[str, list[DeskChange]]:
    by_scope: dict[str, list[DeskChange]] = {}
    for one in changes:
        by_scope.setdefault(one.scope, []).append(one)
    return by_scope


def _desk(desk: Desk, by_scope: Mapping[str, list[DeskChange]]) -> Desk:
    own = by_scope.get(desk.key, [])
    keys = [one.key for one in desk.consultations]
    if not own and not any(key in by_scope for key in keys):
        return desk
    closures = tuple(one for one in map(_of, own) if isinstance(one, Closure))
    return replace(
        desk,
        closures=desk.closures + closures,
        consultations=tuple(
            changed(one, [*own, *by_scope.get(one.key, [])]) for one in desk.consultations
        ),
    )


def changed(consultation: Consultation, changes: Iterable[DeskChange]) -> Consultation:
    """`consultation` with `changes`, its own and its desk's, after those of the file."""
    own: list[Change] = []
    closures: list[Closure] = []
    absences: list[Absence] = []
    for one in changes:
        found = _of(one)
        if found is None:
            continue
        if isinstance(found, Absence):
            absences.append(found)
        elif one.scope == consultation.key:
            own.append(found)
        elif isinstance(found, Closure):
            closures.append(found)
    return replace(
        consultation,
        changes=consultation.changes + tuple(own),
        desk_closures=consultation.desk_closures + tuple(closures),
        absences=consultation.absences + tuple(absences),
    )


def _of(change: DeskChange) -> Change | Absence | None:
    """What it says; None where it can no longer be read: one row takes no other desk with it."""
    try:
        return change_of(change.kind, change.data)
    except (DefinitionError, LookupError):
        _log.warning("the change %s of %s cannot be read; withdraw it", change.id, change.scope)
        return None
