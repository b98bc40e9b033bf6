"""Who serves a session, where staff say otherwise than the desk's file: the 担当表 of one date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from booking.errors import FieldError, Invalid, NotFound
from booking.ledger import desk_changes
from booking.ledger.contact import clean_line
from booking.ledger.desk_changes import What
from booking.ledger.ledger import Ledger
from slots.changes import ChangedCapacity
from slots.desk import Consultation
from slots.sessions import Session, roster_on, session_planned_on, sessions_of

MOST_PEOPLE = 50
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Rostered:
    """A session with all who are to serve it; `session.roster` are those of them who come."""

    session: Session
    roster: tuple[str, ...]


def rosters_between(
    ledger: Ledger, key: str, start: date, end: date, *, organisation: str | None = None
) -> list[Rostered]:
    """The sessions of the consultation `key` on the local days [start, end), with who serves them.

    Raises UnknownDesk, and NotFound for one of another than `organisation` (None: any).
    """
    consultation = _consultation(ledger, key, organisation)
    return [
        Rostered(one, roster_on(consultation, one.planned))
        for one in sessions_of(consultation, start, end)
    ]


def assign(
    ledger: Ledger,
    key: str,
    planned: date,
    roster: Sequence[str],
    *,
    actor: str,
    organisation: str | None = None,
    bookings_do: What | None = None,
    reason: str = "",
) -> Rostered:
    """Let `roster` serve the session of `key` first planned for `planned`, in the order of its seats.

    Seats and words that staff gave the session before stay. Where it is so already nothing is
    written. Fewer who serve may cost bookings their seat: raises as `desk_changes.make`, and
    UnknownDesk, and NotFound for no session.
    """
    consultation = _consultation(ledger, key, organisation)
    names = _read(roster)
    if session_planned_on(consultation, planned) is None:
        raise NotFound
    if names != roster_on(consultation, planned):
        desk_changes.make(
            ledger,
            key,
            "changed_capacities",
            {**_kept(consultation, planned), "session": planned.isoformat(), "roster": list(names)},
            actor=actor,
            bookings_do=bookings_do,
            reason=reason,
        )
        consultation = _consultation(ledger, key, organisation)
    session = session_planned_on(consultation, planned)
    if session is None:
        raise NotFound
    return Rostered(session, roster_on(consultation, planned))


def _consultation(ledger: Ledger, key: str, organisation: str | None) -> Consultation:
    if organisation not in (None, key.split("/")[0]):
        raise NotFound
    return ledger.catalogue.consultation(key)


def _kept(consultation: Consultation, planned: date) -> dict[str, object]:
    """What the last change of the session's seats said beside who serves: the next takes its place."""
    found = [
        one
        for one in consultation.changes
        if isinstance(one, ChangedCapacity) and one.session == planned
    ]
    said = {"seats": found[-1].seats, "text": found[-1].text} if found else {}
    return {name: value for name, value in said.items() if value is not None}


def _read(roster: Sequence[str]) -> tuple[str, ...]:
    """The names, cleaned. Raises Invalid: two of one name would be one person with two seats."""
    names = tuple(clean_line(one) for one in roster)
    if not names or "" in names:
        raise Invalid([FieldError("roster", "required")])
    if len(names) > MOST_PEOPLE or max(map(len, names)) > LONGEST_NAME:
        raise Invalid([FieldError("roster", "too-long")])
    if len(set(names)) < len(names):
        raise Invalid([FieldError("roster", "twice")])
    return names
