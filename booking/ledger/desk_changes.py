"""What staff change at a desk, and what becomes of the bookings that it touches."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

from booking.desks.catalogue import Catalogue
from booking.desks.current import DATES, VERSION, change_of, changed
from booking.desks.published import note_desk
from booking.errors import BookingsTouched, FieldError, Invalid, KeyReused, NotFound
from booking.facts import Fact, Kind
from booking.ledger.application import YEARS, read_reason
from booking.ledger.booking import Booking, utc_text
from booking.ledger.changes import change_in
from booking.ledger.ledger import Ledger
from booking.ledger.status import OPEN
from booking.ledger.touched import Follower, Touched, judge, judge_arranged
from booking.store import Tx, bookings, desk_changes, idempotency, log, referrals, versions
from booking.store.desk_changes import DeskChange
from slots.changes import Change, Closure, ExtraSession, MovedSession
from slots.definition import CHANGES, DefinitionError
from slots.desk import Consultation
from slots.roster import Absence
from slots.sessions import session_on, session_planned_on
from slots.zone import local_date

__all__ = ["DeskChange", "make", "standing", "withdraw"]

What = Literal["keep", "follow"]
KEYS = "desk-change"
OF_DESKS = ("closures", "absences")
_NEAR = date(YEARS[0], 1, 1)


def make(
    ledger: Ledger,
    scope: str,
    kind: str,
    data: Mapping[str, Any],
    *,
    actor: str,
    bookings_do: What | None = None,
    reason: str = "",
    key: str | None = None,
) -> DeskChange:
    """Change a desk or consultation (`scope`) from now on; `kind` and `data` as in a desk file.

    Where it touches bookings, `bookings_do` says what becomes of them: `keep` leaves them as they
    are, for staff to settle one by one; with `follow` they go where their session goes, and those
    whose seat or arranged time is gone are cancelled with `reason`; all are told. The same `key`
    gives the same change. Raises BookingsTouched until one of both is chosen, Invalid, KeyReused.
    """
    asked = json.dumps([scope, kind, data, bookings_do, reason], sort_keys=True)
    claim = _Claim(ledger, key, asked)
    if (first := claim.known()) is not None:
        return first
    found = _read(ledger, scope, kind, data)
    one = DeskChange(
        id=ledger.chance.id(),
        scope=scope,
        kind=kind,
        data=data,
        made_by=actor,
        made_at=ledger.now(),
    )

    def check(tx: Tx) -> None:
        if not isinstance(found, Closure | Absence):
            _refuse_idle(ledger.desks.consultation_in(tx, scope), kind, found)

    def write(tx: Tx) -> None:
        nonlocal one
        claim.take(tx, one)
        # The later one holds: whoever waited for the lock looked at the clock before the others.
        last = desk_changes.last_made_at(tx, scope)
        if last is not None and one.made_at <= last:
            one = replace(one, made_at=last + timedelta(microseconds=1))
        desk_changes.add(tx, one)

    rewriting = _Rewriting(ledger, scope, actor, bookings_do, reason)
    try:
        rewriting.write(
            lambda standing: [*standing, one], write, Kind.DESK_CHANGED, one, check=check
        )
    except _Replayed as replayed:
        return replayed.first
    return one


def withdraw(
    ledger: Ledger,
    change_id: str,
    *,
    actor: str,
    organisation: str | None = None,
    bookings_do: What | None = None,
    reason: str = "",
) -> DeskChange:
    """Take a change back, so that what was before holds again. Raises as `make`, and NotFound."""
    if not change_id.isalnum():
        raise NotFound  # not every database can be asked for every character
    one = ledger.store.read(lambda tx: desk_changes.by_id(tx, change_id))
    theirs = one is not None and organisation not in (None, one.scope.split("/")[0])
    if one is None or theirs or one.withdrawn_at is not None:
        raise NotFound

    def write(tx: Tx) -> None:
        if not desk_changes.withdraw(tx, change_id, actor, ledger.now()):
            raise NotFound

    rewriting = _Rewriting(ledger, one.scope, actor, bookings_do, reason)
    rewriting.write(
        lambda standing: [other for other in standing if other.id != change_id],
        write,
        Kind.DESK_CHANGE_WITHDRAWN,
        one,
    )
    return one


def standing(ledger: Ledger, organisation: str | None = None) -> list[DeskChange]:
    """The changes that hold, of one organisation or all, in the order in which they were made."""
    found = ledger.store.read(desk_changes.standing)
    return [one for one in found if organisation in (None, one.scope.split("/")[0])]


def _read(ledger: Ledger, scope: str, kind: str, data: Mapping[str, Any]) -> Change | Absence:
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
    if isinstance(found, Absence) and found.who not in _serving(catalogue, scope):
        raise Invalid([FieldError("who", "not-serving")])
    return found


def _serving(catalogue: Catalogue, scope: str) -> set[str]:
    """All who are on a roster of the desk or consultation `scope`."""
    own = catalogue.consultations.get(scope)
    chosen = (own,) if own is not None else catalogue.desk(scope).consultations
    return {
        who
        for one in chosen
        for part in (one, *one.openings, *one.changes)
        for who in getattr(part, "roster", ())
    }


def _refuse_idle(consultation: Consultation, kind: str, found: Change) -> None:
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


class _Replayed(Exception):
    """The same was asked for before; nothing is written again."""

    def __init__(self, first: DeskChange) -> None:
        super().__init__()
        self.first = first


class _Claim:
    """The idempotency key of one asking, if it has one."""

    def __init__(self, ledger: Ledger, key: str | None, asked: str) -> None:
        self.ledger = ledger
        self.key = ledger.store.keyring.index("idempotency", key) if key is not None else None
        self.fingerprint = ledger.store.keyring.index("request", asked)

    def known(self) -> DeskChange | None:
        """What was made under the key before. Raises KeyReused for something else."""
        if self.key is None:
            return None
        key = self.key
        return self.ledger.store.read(lambda tx: self._first(tx, idempotency.known(tx, KEYS, key)))

    def take(self, tx: Tx, one: DeskChange) -> None:
        """Claim the key for `one`. Raises _Replayed when somebody was faster with the same."""
        if self.key is None:
            return
        now = self.ledger.now()
        claimed = idempotency.claim(tx, KEYS, self.key, self.fingerprint, one.id, now)
        first = self._first(tx, claimed)
        if first is not None:
            raise _Replayed(first)

    def _first(self, tx: Tx, claimed: tuple[str, str] | None) -> DeskChange | None:
        if claimed is None:
            return None
        fingerprint, change_id = claimed
        found = desk_changes.by_id(tx, change_id)
        if fingerprint != self.fingerprint or found is None:
            raise KeyReused
        return found


class _Rewriting:
    """One change on its way into the database, with the bookings that it touches."""

    def __init__(
        self, ledger: Ledger, scope: str, actor: str, bookings_do: What | None, reason: str
    ) -> None:
        self.ledger = ledger
        self.scope = scope
        self.actor = actor
        self.bookings_do = bookings_do
        self.reason = read_reason(reason, required=False)
        self.now = ledger.now()

    def write(
        self,
        rewrite: Callable[[list[DeskChange]], list[DeskChange]],
        write: Callable[[Tx], None],
        kind: Kind,
        one: DeskChange,
        *,
        check: Callable[[Tx], None] = lambda tx: None,
    ) -> None:
        def work(tx: Tx) -> None:
            keys = self._consultations()
            # In one order, and the version last: two changes at once wait, and never for each other.
            for key in keys:
                versions.lock_and_raise(tx, key, self.now)
            check(tx)
            touched = Touched(self.now)
            for key in keys:
                self._touch(tx, key, rewrite, touched)
            if touched.any and self.bookings_do is None:
                raise BookingsTouched(
                    [each.row.reference for each in touched.follow],
                    [each.reference for each in touched.lost],
                )
            write(tx)
            if self.bookings_do == "follow":
                self._follow(tx, touched)
            self._note_entries(tx)
            log.append(tx, self._fact(kind, one, touched))
            versions.lock_and_raise(tx, VERSION, self.now)

        self.ledger.store.write(work)

    def _note_entries(self, tx: Tx) -> None:
        """What the public calendars show of it, from this transaction on."""
        desks = self.ledger.desks
        whole = self.scope in desks.files.desks
        key = self.scope if whole else self.scope.rsplit("/", 1)[0]
        desk = desks.desk_in(tx, key)
        if not whole:
            own = tuple(one for one in desk.consultations if one.key == self.scope)
            desk = replace(desk, consultations=own)
        note_desk(tx, desk, self.now, whole=whole)

    def _consultations(self) -> list[str]:
        files = self.ledger.desks.files
        if self.scope in files.consultations:
            return [self.scope]
        return sorted(one.key for one in files.desk(self.scope).consultations)

    def _touch(
        self,
        tx: Tx,
        key: str,
        rewrite: Callable[[list[DeskChange]], list[DeskChange]],
        touched: Touched,
    ) -> None:
        """Add to `touched` the bookings of the consultation `key`."""
        rows = bookings.coming(tx, key, self.now, [one.value for one in OPEN])
        if not rows:
            return
        file = self.ledger.desks.files.consultation(key)
        before = desk_changes.standing(tx, (key, file.desk_key))
        was, will = changed(file, before), changed(file, rewrite(before))
        judge_arranged(was, will, [row for row in rows if row.session is None], touched)
        for session in dict.fromkeys(row.session for row in rows if row.session is not None):
            own = [row for row in rows if row.session == session]
            judge(was, will, date.fromisoformat(session.rsplit("/", 1)[1]), own, touched)

    def _follow(self, tx: Tx, touched: Touched) -> None:
        if touched.lost and not self.reason:
            raise Invalid([FieldError("reason", "required")])
        for one in touched.follow:
            self._move(tx, one)
        for row in touched.lost:
            self._cancel(tx, row.id)

    def _move(self, tx: Tx, one: Follower) -> None:
        said: dict[str, str | None] = {}

        def change(_tx: Tx, booking: Booking) -> dict[str, Any]:
            said["from"] = utc_text(booking.starts_at)
            if booking.slot_start is None:
                said.update({"from_time": "open", "time": "open"})
            return dict(one.values)

        change_in(
            tx,
            self.ledger,
            one.row.id,
            "move_by_office",
            Kind.MOVED,
            self.actor,
            change,
            said,
            now=self.now,
        )

    def _cancel(self, tx: Tx, booking_id: str) -> None:
        said: dict[str, str | None] = {}

        def change(tx: Tx, _booking: Booking) -> dict[str, Any]:
            released = referrals.release(tx, booking_id)
            if released is not None:
                said["referral"] = released
            return {"reason": self.reason}

        change_in(
            tx,
            self.ledger,
            booking_id,
            "cancel_by_office",
            Kind.CANCELLED_BY_OFFICE,
            self.actor,
            change,
            said,
            now=self.now,
        )

    def _fact(self, kind: Kind, one: DeskChange, touched: Touched) -> Fact:
        return Fact(
            kind=kind,
            at=self.now,
            actor=self.actor,
            consultation=self.scope,
            data={
                "change": one.id,
                "kind": one.kind,
                "bookings": self.bookings_do,
                "follow": len(touched.follow),
                "lost": len(touched.lost),
            },
        )
