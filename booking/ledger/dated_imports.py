"""The days of a file, and what a desk's dated changes would do: which sessions, whose bookings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from booking.desks.current import change_of
from booking.desks.stretch import DAY, Stretch
from booking.errors import FieldError, Invalid
from booking.ledger import desk_changes
from booking.ledger.booking import Booking, booking_of
from booking.ledger.desk_changes import DeskChange
from booking.ledger.ledger import Ledger
from booking.ledger.touched import Touched
from booking.store import Tx, bookings
from slots.changes import Change, Closure, ExtraSession, MovedSession, touching
from slots.desk import Consultation
from slots.interval import Interval
from slots.roster import Absence
from slots.sessions import Session, session_on, session_planned_on, sessions_of
from slots.zone import instant, local_date

# What the days of a file may become.
KINDS = ("closures", "absences", "extra_sessions")
MOST_CHANGES = 300
LOOKS_AHEAD = timedelta(days=731)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What days are to become: changes of `kind` at `scope`.

    `who` is absent; `start` and `end` are the times of an extra session whose day has none; `text`
    is told of every change, the file's own words in its stead only where `titles` says so: a
    calendar's titles may name people.
    """

    scope: str
    kind: str
    who: str = ""
    start: str = ""
    end: str = ""
    text: str = ""
    titles: bool = False


@dataclass(frozen=True)
class Passed:
    """Days that become nothing, and why.

    `standing`: the same holds already; `occupied` by a session; `unserved` at that time.
    """

    stretch: Stretch
    why: str


@dataclass(frozen=True)
class Effect:
    """What one change would do. `sessions` are those it closes, moves or takes somebody from.

    `follow` and `lost` are the bookings that it touches; `note` is `outside` where no session is
    touched, `closed` where all of them are closed already, "" otherwise.
    """

    data: Mapping[str, Any]
    change: Change | Absence
    sessions: tuple[Session, ...]
    follow: tuple[Booking, ...]
    lost: tuple[Booking, ...]
    note: str


@dataclass(frozen=True)
class Foreseen:
    """What several changes would do together; `mark` stands for the bookings as they are now."""

    effects: tuple[Effect, ...]
    mark: str

    @property
    def touches(self) -> bool:
        """Whether a booking is touched."""
        return any(one.follow or one.lost for one in self.effects)

    @property
    def costs(self) -> bool:
        """Whether a booking loses its seat."""
        return any(one.lost for one in self.effects)


def changes_from(
    ledger: Ledger, wanted: Wanted, stretches: Iterable[Stretch]
) -> tuple[list[dict[str, Any]], list[Passed]]:
    """The changes that the days of a file become, as in a desk file, and what becomes none.

    Raises Invalid where `wanted` lacks what they need, and for more than 300.
    """
    if wanted.kind not in KINDS:
        raise Invalid([FieldError("kind", "unknown")])
    consultations = consultations_of(ledger, wanted.scope)
    known = _standing(ledger, wanted)
    found: list[dict[str, Any]] = []
    passed: list[Passed] = []
    for one in stretches:
        if wanted.kind == "extra_sessions":
            _extra(ledger, wanted, one, found, passed)
            continue
        closes = wanted.kind == "closures"
        data = _closure(wanted, one) if closes else _absence(wanted, one, consultations)
        if data is None:
            passed.append(Passed(one, "unserved"))
        elif _when(data) in known:
            passed.append(Passed(one, "standing"))
        else:
            known.add(_when(data))
            found.append(data)
        if len(found) > MOST_CHANGES:
            raise _too_many()
    return found, passed


def _too_many() -> Invalid:
    return Invalid([FieldError("file", "too-many", {"most": MOST_CHANGES})])


def _standing(ledger: Ledger, wanted: Wanted) -> set[tuple[Any, ...]]:
    """When what is wanted holds already: a file is often handed in again with one more day."""
    return {
        _when(one.data)
        for one in desk_changes.standing(ledger)
        if (one.scope, one.kind) == (wanted.scope, wanted.kind)
    }


def _when(data: Mapping[str, Any]) -> tuple[Any, ...]:
    last = data.get("last") or data.get("first")
    return data.get("first"), last, data.get("start"), data.get("end"), data.get("who")


def consultations_of(ledger: Ledger, scope: str) -> tuple[Consultation, ...]:
    """The consultation `scope`, or all of the desk `scope`. Raises Invalid for neither."""
    catalogue = ledger.catalogue
    if scope in catalogue.consultations:
        return (catalogue.consultation(scope),)
    if scope in catalogue.desks:
        return catalogue.desk(scope).consultations
    raise Invalid([FieldError("scope", "unknown")])


def _closure(wanted: Wanted, one: Stretch) -> dict[str, Any]:
    text = (one.text if wanted.titles else None) or wanted.text
    times = {"start": _clock(one.start), "end": _clock(one.end)} if one.start and one.end else {}
    return {**_days(one), **times, **({"text": text} if text else {})}


def _days(one: Stretch) -> dict[str, Any]:
    first = {"first": one.first.isoformat()}
    return first if one.first == one.last else {**first, "last": one.last.isoformat()}


def _clock(at: time | None) -> str:
    return at.isoformat("minutes") if at else "00:00"


def _absence(
    wanted: Wanted, one: Stretch, consultations: Sequence[Consultation]
) -> dict[str, Any] | None:
    """An absence is of whole days: a time of day takes the day only where it meets a session."""
    if one.end is not None:
        there = [
            session
            for each in consultations
            for session in sessions_of(each, one.first, one.last + DAY)
            if wanted.who in session.roster and _meets(session, one)
        ]
        if not there:
            return None
    return {"who": wanted.who, **_days(one)}


def _meets(session: Session, one: Stretch) -> bool:
    stretch = Interval(
        instant(session.date, one.start or time(), session.zone),
        instant(session.date, one.end or time(), session.zone),
    )
    return any(block.overlaps(stretch) for block in session.blocks)


def _extra(
    ledger: Ledger,
    wanted: Wanted,
    one: Stretch,
    found: list[dict[str, Any]],
    passed: list[Passed],
) -> None:
    """A session on each day of the stretch on which there is none."""
    if wanted.scope not in ledger.catalogue.consultations:
        raise Invalid([FieldError("scope", "consultation-needed")])
    consultation = ledger.catalogue.consultation(wanted.scope)
    if one.end is None and not (wanted.start and wanted.end):
        raise Invalid([FieldError("start", "for-days")])
    times = {"start": wanted.start, "end": wanted.end}
    if one.end is not None:
        times = {"start": _clock(one.start), "end": _clock(one.end)}
    text = (one.text if wanted.titles else None) or wanted.text
    if (one.last - one.first).days >= MOST_CHANGES:
        raise _too_many()
    for n in range((one.last - one.first).days + 1):
        day = one.first + timedelta(days=n)
        if session_on(consultation, day) or session_planned_on(consultation, day):
            passed.append(Passed(Stretch(line=one.line, first=day, last=day), "occupied"))
        elif not any(each["session"] == day.isoformat() for each in found):
            told = {"text": text} if text else {}
            found.append({"session": day.isoformat(), **times, **told})


def foreseen(
    ledger: Ledger, scope: str, kind: str, several: Sequence[Mapping[str, Any]]
) -> Foreseen:
    """What the changes of `kind` would do now. Writes nothing. Raises Invalid."""
    touched = desk_changes.foresee(ledger, scope, kind, several)
    consultations = consultations_of(ledger, scope)
    zone = consultations[0].zone if consultations else "Asia/Tokyo"
    today = local_date(touched.now, zone)
    rows = [(one.row, True) for one in touched.follow] + [(row, False) for row in touched.lost]
    known = _known(ledger, touched)
    effects = []
    for data in several:
        change = change_of(kind, data)
        hits = [one for one in rows if _is_of(change, one[0], zone)]
        rows = [one for one in rows if one not in hits]
        sessions, note = _sessions(change, consultations, today)
        follow = tuple(known[row.id] for row, follows in hits if follows and row.id in known)
        lost = tuple(known[row.id] for row, follows in hits if not follows and row.id in known)
        effects.append(Effect(data, change, sessions, follow, lost, note))
    return Foreseen(tuple(effects), touched.mark)


def hit_by_withdrawal(ledger: Ledger, one: DeskChange) -> tuple[list[Booking], list[Booking]]:
    """The bookings that would follow their session, and those that would lose their seat."""
    touched = desk_changes.foresee_withdrawal(ledger, one)
    known = _known(ledger, touched)
    follow = [known[each.row.id] for each in touched.follow if each.row.id in known]
    return follow, [known[row.id] for row in touched.lost if row.id in known]


def _known(ledger: Ledger, touched: Touched) -> dict[str, Booking]:
    ids = [one.row.id for one in touched.follow] + [row.id for row in touched.lost]
    keyring = ledger.store.keyring

    def work(tx: Tx) -> dict[str, Booking]:
        found = {one: bookings.by_id(tx, keyring, one) for one in ids}
        return {one: booking_of(row) for one, row in found.items() if row is not None}

    return ledger.store.read(work)


def _is_of(change: Change | Absence, row: Any, zone: str) -> bool:
    """Whether the change is what touches the booking of `row`."""
    if isinstance(change, Closure | Absence):
        return change.first <= local_date(row.starts_at, zone) <= change.last
    return row.session is not None and row.session.endswith(f"/{change.session.isoformat()}")


def _sessions(
    change: Change | Absence, consultations: Sequence[Consultation], today: date
) -> tuple[tuple[Session, ...], str]:
    if isinstance(change, ExtraSession):
        return (), ""
    if not isinstance(change, Closure | Absence):
        planned = [session_planned_on(one, change.session) for one in consultations]
        return tuple(one for one in planned if one is not None), ""
    first = max(change.first, today)
    end = min(change.last, today + LOOKS_AHEAD) + DAY
    there = [
        one
        for each in consultations
        for one in (sessions_of(each, first, end) if first < end else [])
        if _takes(change, one)
    ]
    held = tuple(one for one in there if one.status != "cancelled")
    return held, "" if held else ("closed" if there else "outside")


def _takes(change: Closure | Absence, session: Session) -> bool:
    """Whether it takes the session, some of it, or somebody who serves it."""
    if isinstance(change, Absence):
        return change.who in session.roster
    return any(
        touching([change], session.date, session.zone, block) is not None
        for block in session.blocks
    )


def shown_day(change: Change | Absence) -> date:
    """The day by which a change stands in a list."""
    if isinstance(change, Closure | Absence):
        return change.first
    return change.to if isinstance(change, MovedSession) else change.session
