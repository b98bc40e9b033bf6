"""The dated runs of a consultation, each with the rule or change that made it.

Which change beats which is written in `changes`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from slots.changes import Closure, ExtraSession, Laid, closing, instants
from slots.desk import Consultation
from slots.holidays import FARTHEST_ROLL
from slots.interval import Interval
from slots.opening import Block, Opening
from slots.place import Place
from slots.roster import present, seats_for
from slots.zone import instant

SessionStatus = Literal["planned", "undecided", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One dated run. `key` is the consultation's key and `planned`, the day it was first planned for.

    `date` is the local day on which it is held, `blocks` its stretches, `start` and `end` the first
    and the last of them. `status` is `undecided` where a rule meets a holiday and the source says
    nothing of it, `cancelled` where it is closed; `because` says what made it so, for staff, and
    `text` what people are told. `closures` are those that leave some of it.
    """

    key: str
    consultation: str
    planned: date
    date: date
    start: datetime
    end: datetime
    blocks: tuple[Interval, ...]
    status: SessionStatus
    because: str
    text: str | None
    place: Place | None
    seats: int
    roster: tuple[str, ...]
    slot_minutes: int | None
    pause_minutes: int
    last_start: datetime | None
    closures: tuple[Closure, ...]
    zone: str

    @property
    def interval(self) -> Interval:
        """[start, end) as instants."""
        return Interval(self.start, self.end)

    @property
    def told(self) -> str | None:
        """All that people are told of it: its changes, and the closures of parts of it."""
        parts = [] if self.status == "cancelled" else [one.text for one in self.closures]
        return " ".join(text for text in (self.text, *parts) if text) or None


def sessions_of(consultation: Consultation, start: date, end: date) -> list[Session]:
    """The sessions held on the local days of [start, end), cancelled ones too, earliest first.

    One a day, and a cancelled one still has its day: see precedence 5 in `changes`.
    """
    planning = _Planning(consultation)
    stays: dict[date, _Plan] = {}
    for plan in planning.plans(start, end):
        if start <= plan.day < end:
            stays[plan.day] = min(plan, stays.get(plan.day, plan), key=lambda one: one.order)
    return [planning.session(stays[day]) for day in sorted(stays)]


def session_on(consultation: Consultation, day: date) -> Session | None:
    """The session of `consultation` held on the local `day`, or None when there is none."""
    return next(iter(sessions_of(consultation, day, day + timedelta(days=1))), None)


def session_planned_on(consultation: Consultation, planned: date) -> Session | None:
    """The session first planned for `planned`, wherever it is held now; None when there is none."""
    planning = _Planning(consultation)
    plan = planning.plan(planned)
    if plan is None:
        return None
    held = session_on(consultation, plan.day)
    return held if held is not None and held.planned == planned else None


def roster_on(consultation: Consultation, planned: date) -> tuple[str, ...]:
    """Who is to serve the session first planned for `planned`, those who are absent included.

    () where nobody is named, or there is no session.
    """
    planning = _Planning(consultation)
    plan = planning.plan(planned)
    return planning.roster(plan) if plan is not None else ()


def holiday_on(consultation: Consultation, day: date) -> str | None:
    """The name of the holiday that keeps the rule's session of the local `day` away, or None.

    None also where staff chose another day: then it is they who keep it away.
    """
    if not any(one.falls_on(day) for one in consultation.openings):
        return None
    name = consultation.closed_days.name_of(day)
    plan = _Planning(consultation).plan(day) if name else None
    return name if plan is None or plan.rank == _SHIFTED else None


@dataclass(frozen=True, slots=True)
class _Plan:
    """A session that is to be: planned for `session`, held on `day`."""

    session: date
    day: date
    rank: int
    made_by: Opening | ExtraSession
    holiday: str | None = None
    undecided: bool = False

    @property
    def order(self) -> tuple[int, date]:
        """Of two on one day the lower stays."""
        return self.rank, self.session


_OWN, _MOVED, _SHIFTED = range(3)


class _Planning:
    """What the rule and the changes plan for a consultation."""

    def __init__(self, consultation: Consultation) -> None:
        self.consultation = consultation
        self.laid = Laid(consultation.changes, consultation.desk_closures)

    def plans(self, start: date, end: date) -> Iterator[_Plan]:
        """All that may be held on the days of [start, end), and perhaps more."""
        seen: set[date] = set()
        for session in self._candidates(start, end):
            if session not in seen:
                seen.add(session)
                plan = self.plan(session)
                if plan is not None:
                    yield plan

    def _candidates(self, start: date, end: date) -> Iterator[date]:
        for opening in self.consultation.openings:
            earlier = FARTHEST_ROLL if opening.rolls else 0
            yield from opening.dates(start - timedelta(days=earlier), end)
        yield from (day for day in self.laid.extra if start <= day < end)
        yield from self.laid.moved_to(start, end)

    def plan(self, session: date) -> _Plan | None:
        """What is planned for the day `session`, or None when nothing is."""
        plan = self._by_rule(session)
        if plan is None and session in self.laid.extra:
            plan = _Plan(session, session, _OWN, self.laid.extra[session])
        moved = self.laid.moved.get(session)
        if plan is None or moved is None:
            return plan
        rank = _OWN if moved.to == session else _MOVED
        return _Plan(session, moved.to, rank, plan.made_by)

    def _by_rule(self, session: date) -> _Plan | None:
        for opening in self.consultation.openings:
            if opening.falls_on(session):
                plan = self._of_opening(opening, session)
                if plan is not None:
                    return plan
        return None

    def _of_opening(self, opening: Opening, session: date) -> _Plan | None:
        closed = self.consultation.closed_days
        holiday = closed.name_of(session)
        if holiday is None or session in self.laid.settled:
            return _Plan(session, session, _OWN, opening, holiday)
        day = closed.held_on(session, opening.on_holiday)
        if day is None:
            # Planned all the same where staff chose another day for it, and no other session.
            moved = session in self.laid.moved and session not in self.laid.extra
            return _Plan(session, session, _OWN, opening, holiday) if moved else None
        rank = _OWN if day == session else _SHIFTED
        return _Plan(session, day, rank, opening, holiday, opening.on_holiday == "ask")

    def session(self, plan: _Plan) -> Session:
        consultation, laid, made_by = self.consultation, self.laid, plan.made_by
        zone = consultation.zone
        blocks = instants(self._blocks(plan), plan.day, zone)
        closures = laid.closures_of(plan.day) if laid.closures else ()
        shut = _shut(closures, plan.day, zone, blocks) if closures else None
        rule = made_by if isinstance(made_by, Opening) else None
        place, rooms, roster = self._values(plan)
        serving = present(roster, consultation.absences, plan.day)
        last_start = self._last_start(plan)
        return Session(
            key=f"{consultation.key}/{plan.session.isoformat()}",
            consultation=consultation.key,
            planned=plan.session,
            date=plan.day,
            start=blocks[0].start,
            end=blocks[-1].end,
            blocks=blocks,
            status=_status(plan, shut),
            because=_because(plan, shut),
            text=shut.text if shut else laid.text_of(plan.session, extra=rule is None),
            place=place,
            seats=seats_for(rooms, roster, serving),
            roster=serving,
            slot_minutes=(rule.slot_minutes if rule else None) or consultation.slot_minutes,
            pause_minutes=_first(rule.pause_minutes if rule else None, consultation.pause_minutes),
            last_start=instant(plan.day, last_start, zone) if last_start else None,
            closures=closures,
            zone=zone,
        )

    def roster(self, plan: _Plan) -> tuple[str, ...]:
        """Who is to serve, absent or not."""
        return self._values(plan)[2]

    def _last_start(self, plan: _Plan) -> time | None:
        """The rule's own; it says nothing of other hours than the rule's."""
        made_by = plan.made_by
        if plan.session in self.laid.hours or not isinstance(made_by, Opening):
            return None
        return made_by.last_start or self.consultation.last_start

    def _blocks(self, plan: _Plan) -> tuple[Block, ...]:
        changed = self.laid.hours.get(plan.session)
        return changed.blocks if changed else plan.made_by.blocks

    def _values(self, plan: _Plan) -> tuple[Place | None, int | None, tuple[str, ...]]:
        """Place, rooms and roster: of the change, else of the rule, else of the consultation."""
        made_by, consultation = plan.made_by, self.consultation
        place = self.laid.place.get(plan.session)
        capacity = self.laid.capacity.get(plan.session)
        rooms = made_by.seats if made_by.seats is not None else consultation.seats
        roster = made_by.roster or consultation.roster
        if capacity is not None:
            rooms = capacity.seats if capacity.seats is not None else rooms
            roster = capacity.roster or roster
        return (place.place if place else made_by.place or consultation.place), rooms, roster


def _first(value: int | None, other: int) -> int:
    return other if value is None else value


def _shut(
    closures: tuple[Closure, ...], day: date, zone: str, blocks: tuple[Interval, ...]
) -> Closure | None:
    """The closure that leaves nothing of `blocks`: of the whole day, or of each of them."""
    found = [closing(closures, day, zone, block) for block in blocks]
    return found[0] if all(found) else None


def _status(plan: _Plan, shut: Closure | None) -> SessionStatus:
    if shut is not None:
        return "cancelled"
    return "undecided" if plan.undecided else "planned"


def _because(plan: _Plan, shut: Closure | None) -> str:
    if shut is not None:
        return f"closure: {shut.text}" if shut.text else "closure"
    if plan.rank == _MOVED:
        return f"moved from {plan.session.isoformat()}"
    if isinstance(plan.made_by, ExtraSession):
        return "extra"
    if plan.rank == _SHIFTED:
        return f"shifted from {plan.session.isoformat()}: {plan.holiday}"
    return f"holiday: {plan.holiday}" if plan.holiday else "rule"
