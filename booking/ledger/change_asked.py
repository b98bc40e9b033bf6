"""What is asked for when a desk is to be changed: read, and refused where it would change nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from booking.desks.catalogue import Catalogue
from booking.desks.current import DATES, change_of
from booking.errors import FieldError, Invalid
from booking.ledger.application import YEARS
from booking.ledger.ledger import Ledger
from slots.changes import Change, Closure, ExtraSession, MovedSession
from slots.definition import CHANGES, DefinitionError
from slots.desk import Consultation
from slots.roster import Absence
from slots.sessions import session_on, session_planned_on
from slots.zone import local_date

OF_DESKS = ("closures", "absences")
_NEAR = date(YEARS[0], 1, 1)


def read_asked(ledger: Ledger, scope: str, kind: str, data: Mapping[str, Any]) -> Change | Absence:
    """What is to be changed. Raises Invalid for what cannot be read."""
    if kind not in CHANGES:
        raise Invalid([FieldError("kind", "unknown")])
    catalogue = ledger.catalogue
    if scope not in catalogue.consultations and scope not in catalogue.desks:
        raise Invalid([FieldError("scope", "unknown")])
    if scope in catalogue.desks and kind not in OF_DESKS:
        raise Invalid([FieldError("scope", "consultation-needed")])
    try:
        found = change_of(kind, data)
    except DefinitionError as error:
        said = [FieldError(one.path, "not-read", {"said": one.message}) for one in error.complaints]
        raise Invalid(said) from None
    far = [name for name in DATES if getattr(found, name, _NEAR).year not in YEARS]
    if far:
        raise Invalid([FieldError(name, "out-of-calendar") for name in far])
    if isinstance(found, MovedSession):
        today = local_date(ledger.now(), catalogue.consultation(scope).zone)
        if found.to < today:
            raise Invalid([FieldError("to", "past")])
    if isinstance(found, Absence) and found.who not in serving(catalogue, scope):
        raise Invalid([FieldError("who", "not-serving")])
    return found


def serving(catalogue: Catalogue, scope: str) -> set[str]:
    """All who are on a roster of the desk or consultation `scope`."""
    own = catalogue.consultations.get(scope)
    chosen = (own,) if own is not None else catalogue.desk(scope).consultations
    return {
        who
        for one in chosen
        for part in (one, *one.openings, *one.changes)
        for who in getattr(part, "roster", ())
    }


def refuse_idle(consultation: Consultation, kind: str, found: Change) -> None:
    """Raise Invalid for what would change nothing at `consultation` as it is now."""
    if isinstance(found, ExtraSession):
        here = session_on(consultation, found.session)
        if here is not None or session_planned_on(consultation, found.session) is not None:
            raise Invalid([FieldError("session", "occupied")])
        return
    if isinstance(found, Closure):
        return
    session = session_planned_on(consultation, found.session)
    settles = kind == "settled_sessions" and any(
        one.falls_on(found.session) for one in consultation.openings
    )
    if session is None and not settles:
        raise Invalid([FieldError("session", "no-session")])
    if isinstance(found, MovedSession):
        there = session_on(consultation, found.to)
        if there is not None and there != session:
            raise Invalid([FieldError("to", "occupied")])
