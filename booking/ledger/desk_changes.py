"""What staff change at a desk, and what becomes of the bookings that it touches."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

from booking.desks.current import VERSION, changed
from booking.desks.published import note_desk
from booking.errors import (
    BookingsTouched,
    ChangedMeanwhile,
    FieldError,
    Invalid,
    NotFound,
)
from booking.facts import Fact, Kind
from booking.ledger.application import read_reason
from booking.ledger.booking import Booking, utc_text
from booking.ledger.change_asked import OF_DESKS, read_asked, refuse_idle
from booking.ledger.change_claims import Claim, Replayed
from booking.ledger.changes import change_in
from booking.ledger.ledger import Ledger
from booking.ledger.status import OPEN
from booking.ledger.touched import Follower, Touched, judge, judge_arranged
from booking.store import Tx, bookings, desk_changes, log, referrals, versions
from booking.store.desk_changes import DeskChange
from slots.changes import Change
from slots.desk import Consultation
from slots.roster import Absence

__all__ = [
    "DeskChange",
    "foresee",
    "foresee_withdrawal",
    "make",
    "make_all",
    "standing",
    "standing_one",
    "withdraw",
]

What = Literal["keep", "follow"]
MOMENT = timedelta(microseconds=1)


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
    (made,) = make_all(
        ledger, scope, kind, [data], actor=actor, bookings_do=bookings_do, reason=reason, key=key
    )
    return made


def make_all(
    ledger: Ledger,
    scope: str,
    kind: str,
    several: Sequence[Mapping[str, Any]],
    *,
    actor: str,
    bookings_do: What | None = None,
    reason: str = "",
    key: str | None = None,
    seen: str | None = None,
    asked: str | None = None,
) -> list[DeskChange]:
    """The same for several changes of one `kind` at once: all hold from now on, or none does.

    `seen` is the mark of the touched bookings and of the standing changes that somebody looked at
    (`foresee`), where it matters that they are still the same. `asked` is what the key stands for
    where that is not the changes themselves, but what they were made from. Raises as `make`, and
    ChangedMeanwhile.
    """
    one_alone = several[0] if len(several) == 1 else several
    changes = json.dumps([scope, kind, one_alone, bookings_do, reason], sort_keys=True)
    claim = Claim(ledger, key, asked or changes)
    if (first := claim.known()) is not None:
        return first
    if not several:
        return []
    found = [read_asked(ledger, scope, kind, data) for data in several]
    made = _drafts(ledger, scope, kind, several, actor)

    def check(tx: Tx) -> None:
        if kind not in OF_DESKS:
            _refuse_idle_ones(ledger.desks.consultation_in(tx, scope), kind, found)

    def write(tx: Tx) -> None:
        claim.take(tx, made)
        # The later one holds: whoever waited for the lock looked at the clock before the others.
        last = desk_changes.last_made_at(tx, scope)
        for n, one in enumerate(made):
            if last is not None and one.made_at <= last:
                made[n] = replace(one, made_at=last + MOMENT)
            last = made[n].made_at
            desk_changes.add(tx, made[n])

    rewriting = _Rewriting(ledger, scope, actor, bookings_do, reason, seen)
    try:
        rewriting.write(
            lambda standing: [*standing, *made], write, Kind.DESK_CHANGED, made, check=check
        )
    except Replayed as replayed:
        return replayed.first
    return made


def foresee(ledger: Ledger, scope: str, kind: str, several: Sequence[Mapping[str, Any]]) -> Touched:
    """The bookings that `make_all` would touch now. Writes nothing. Raises Invalid."""
    for data in several:
        read_asked(ledger, scope, kind, data)
    drafts = _drafts(ledger, scope, kind, several, actor="")
    rewriting = _Rewriting(ledger, scope, "", None, "")
    return ledger.store.read(
        lambda tx: rewriting.touched(tx, lambda standing: [*standing, *drafts])
    )


def _drafts(
    ledger: Ledger, scope: str, kind: str, several: Sequence[Mapping[str, Any]], actor: str
) -> list[DeskChange]:
    now, chance = ledger.now(), ledger.chance
    return [
        DeskChange(id=chance.id(), scope=scope, kind=kind, data=data, made_by=actor, made_at=now)
        for data in several
    ]


def _refuse_idle_ones(
    consultation: Consultation, kind: str, found: Sequence[Change | Absence]
) -> None:
    """Raise Invalid where one of them would change nothing after those before it."""
    for one in found:
        if isinstance(one, Absence):
            continue
        refuse_idle(consultation, kind, one)
        consultation = replace(consultation, changes=(*consultation.changes, one))


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
    one = standing_one(ledger, change_id, organisation)

    def write(tx: Tx) -> None:
        if not desk_changes.withdraw(tx, change_id, actor, ledger.now()):
            raise NotFound

    rewriting = _Rewriting(ledger, one.scope, actor, bookings_do, reason)
    rewriting.write(
        lambda standing: [other for other in standing if other.id != change_id],
        write,
        Kind.DESK_CHANGE_WITHDRAWN,
        [one],
    )
    return one


def standing_one(ledger: Ledger, change_id: str, organisation: str | None = None) -> DeskChange:
    """The change that holds, if it is one of `organisation` (None: any). Raises NotFound."""
    if not (change_id.isascii() and change_id.isalnum()):
        raise NotFound  # not every database can be asked for every character
    one = ledger.store.read(lambda tx: desk_changes.by_id(tx, change_id))
    theirs = one is not None and organisation not in (None, one.scope.split("/")[0])
    if one is None or theirs or one.withdrawn_at is not None:
        raise NotFound
    return one


def foresee_withdrawal(ledger: Ledger, one: DeskChange) -> Touched:
    """The bookings that taking the change back would touch now. Writes nothing."""
    rewriting = _Rewriting(ledger, one.scope, "", None, "")
    return ledger.store.read(
        lambda tx: rewriting.touched(tx, lambda all_: [it for it in all_ if it.id != one.id])
    )


def standing(ledger: Ledger, organisation: str | None = None) -> list[DeskChange]:
    """The changes that hold, of one organisation or all, in the order in which they were made."""
    found = ledger.store.read(desk_changes.standing)
    return [one for one in found if organisation in (None, one.scope.split("/")[0])]


class _Rewriting:
    """Changes of one scope on their way into the database, with the bookings that they touch."""

    def __init__(
        self,
        ledger: Ledger,
        scope: str,
        actor: str,
        bookings_do: What | None,
        reason: str,
        seen: str | None = None,
    ) -> None:
        self.ledger = ledger
        self.scope = scope
        self.actor = actor
        self.bookings_do = bookings_do
        self.reason = read_reason(reason, required=False)
        self.seen = seen
        self.now = ledger.now()

    def write(
        self,
        rewrite: Callable[[list[DeskChange]], list[DeskChange]],
        write: Callable[[Tx], None],
        kind: Kind,
        several: Sequence[DeskChange],
        *,
        check: Callable[[Tx], None] = lambda tx: None,
    ) -> None:
        def work(tx: Tx) -> None:
            # In one order, and the version last: two changes at once wait, and never for each other.
            # A desk without consultations has no other lock.
            for key in self._consultations() or [VERSION]:
                versions.lock_and_raise(tx, key, self.now)
            check(tx)
            touched = self.touched(tx, rewrite)
            if self.seen is not None and self.seen != touched.mark:
                raise ChangedMeanwhile
            if touched.any and self.bookings_do is None:
                raise BookingsTouched(
                    [each.row.reference for each in touched.follow],
                    [each.reference for each in touched.lost],
                )
            write(tx)
            if self.bookings_do == "follow":
                self._follow(tx, touched)
            self._note_entries(tx)
            log.append(tx, self._fact(kind, several, touched))
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

    def touched(self, tx: Tx, rewrite: Callable[[list[DeskChange]], list[DeskChange]]) -> Touched:
        """The bookings that are touched where `rewrite` says what holds from now on."""
        found = Touched(self.now, [one.id for one in desk_changes.standing(tx, self._scopes())])
        for key in self._consultations():
            self._touch(tx, key, rewrite, found)
        return found

    def _scopes(self) -> set[str]:
        """Whose changes say something of the same sessions."""
        return {self.scope, "/".join(self.scope.split("/")[:2]), *self._consultations()}

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

    def _fact(self, kind: Kind, several: Sequence[DeskChange], touched: Touched) -> Fact:
        return Fact(
            kind=kind,
            at=self.now,
            actor=self.actor,
            consultation=self.scope,
            data={
                "change": several[0].id,
                **({"count": len(several)} if len(several) > 1 else {}),
                "kind": several[0].kind,
                "bookings": self.bookings_do,
                "follow": len(touched.follow),
                "lost": len(touched.lost),
            },
        )
