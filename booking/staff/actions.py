"""What staff may do to a booking, from the form of each action to the ledger."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from booking.errors import FieldError, Invalid, NotFound
from booking.ledger import changes, reinstating
from booking.ledger.access import Staff
from booking.ledger.application import HOWS, Target, read_target
from booking.ledger.booking import Booking
from booking.ledger.contact import clean
from booking.ledger.ledger import Ledger
from booking.ledger.reach import change_safe_contact
from booking.ledger.safe_contact import SAFE_FIELDS
from booking.ledger.status import Status
from booking.staff.wall import wall_slot
from slots.desk import Consultation
from slots.zone import local_date


@dataclass(frozen=True)
class Deed:
    """One action that `staff` ask for. `typed` holds the form's fields without the action's name."""

    ledger: Ledger
    booking: Booking
    staff: Staff
    typed: Mapping[str, str]

    @property
    def consultation(self) -> Consultation:
        """The booking's consultation."""
        return self.ledger.catalogue.consultation(self.booking.consultation)

    @property
    def seen(self) -> int | None:
        """The revision that the page showed."""
        typed = self.typed.get("revision", "")
        return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else None

    def reason(self) -> str:
        """The reason that was typed."""
        return clean(self.typed.get("reason"))

    def told(self) -> str | None:
        """How the party was told already: on the phone, where the box is ticked; else None."""
        return "call" if self.typed.get("told") else None


def carry_out(deed: Deed, action: str) -> Booking:
    """The booking after `action`. Raises NotFound for an unknown one, and the ledger's refusals."""
    try:
        act = ACTIONS[action]
    except KeyError:
        raise NotFound from None
    return act(deed)


def allowed(ledger: Ledger, booking: Booking) -> list[str]:
    """The actions that the booking's page offers now, most likely one first."""
    start = booking.local_start
    today = local_date(ledger.now(), booking.zone)
    due = start is not None and booking.time_settled and start.date() <= today
    if booking.status is Status.REQUESTED:
        return ["confirm", "decline", "cancel", "contact"]
    if booking.status is Status.CONFIRMED:
        return [*(["arrive", "done", "no-show"] if due else []), "move", "cancel", "contact"]
    if reinstating.reinstatable(ledger, booking):
        return ["reinstate"]
    return ["done"] if booking.status is Status.ARRIVED else []


def _target(deed: Deed) -> Target | None:
    """The time that the form names, or None where it names none."""
    if deed.consultation.allotment != "arranged":
        slot = deed.typed.get("slot", "")
        return read_target(deed.consultation, {"slot": slot}, by_staff=True) if slot else None
    slot_text = wall_slot(deed.typed)
    if slot_text is None:
        return None
    raw = {
        "slot": slot_text,
        "minutes": deed.typed.get("minutes", ""),
        "place": deed.typed.get("place", ""),
    }
    return read_target(deed.consultation, raw, by_staff=True)


def _needed_target(deed: Deed) -> Target:
    target = _target(deed)
    if target is not None:
        return target
    if deed.consultation.allotment == "arranged":
        raise Invalid([FieldError("date", "missing"), FieldError("time", "required")])
    raise Invalid([FieldError("slot", "required")])


def _confirm(deed: Deed) -> Booking:
    settled = deed.booking.time_settled
    errors: list[FieldError] = []
    target = None
    try:
        target = _target(deed) if settled else _needed_target(deed)
    except Invalid as refusal:
        errors += refusal.errors
    how = clean(deed.typed.get("how"))
    if how not in HOWS:
        errors.append(FieldError("how", "required"))
    if errors:
        raise Invalid(errors)
    return changes.confirm(
        deed.ledger,
        deed.booking.id,
        actor=deed.staff.actor,
        how=how,
        target=target,
        seen=deed.seen,
    )


def _move(deed: Deed) -> Booking:
    return changes.move(
        deed.ledger,
        deed.booking.id,
        actor=deed.staff.actor,
        target=_needed_target(deed),
        reason=deed.reason(),
        how=deed.told(),
        seen=deed.seen,
    )


def _decline(deed: Deed) -> Booking:
    return changes.decline(
        deed.ledger,
        deed.booking.id,
        actor=deed.staff.actor,
        reason=deed.reason(),
        how=deed.told(),
    )


def _cancel(deed: Deed) -> Booking:
    return changes.cancel(
        deed.ledger,
        deed.booking.id,
        actor=deed.staff.actor,
        reason=deed.reason(),
        how=deed.told(),
    )


def _reinstate(deed: Deed) -> Booking:
    return reinstating.reinstate(
        deed.ledger,
        deed.booking.id,
        actor=deed.staff.actor,
        reason=deed.reason(),
        how=deed.told(),
        again=deed.typed.get("again") == "1",
    )


def _arrive(deed: Deed) -> Booking:
    return changes.arrive(deed.ledger, deed.booking.id, actor=deed.staff.actor)


def _done(deed: Deed) -> Booking:
    return changes.done(deed.ledger, deed.booking.id, actor=deed.staff.actor)


def _no_show(deed: Deed) -> Booking:
    return changes.no_show(deed.ledger, deed.booking.id, actor=deed.staff.actor)


def _contact(deed: Deed) -> Booking:
    # A box without its mark is an answer, too.
    said = {name: deed.typed.get(name, "") for name in ("email", *SAFE_FIELDS)}
    return change_safe_contact(deed.ledger, deed.booking.id, said, actor=deed.staff.actor)


ACTIONS: Mapping[str, Callable[[Deed], Booking]] = {
    "confirm": _confirm,
    "decline": _decline,
    "move": _move,
    "cancel": _cancel,
    "reinstate": _reinstate,
    "arrive": _arrive,
    "done": _done,
    "no-show": _no_show,
    "contact": _contact,
}
