"""Taking a cancellation back: the booking stands where it stood, if there is still room for it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sqlalchemy.exc import IntegrityError

from booking.errors import Invalid, NotBookable, NotFound, Taken
from booking.facts import Kind
from booking.ledger import frequency, moving, queries, targets
from booking.ledger.application import read_how, read_reason
from booking.ledger.booking import Booking, booking_of
from booking.ledger.changes import change_in
from booking.ledger.ledger import Ledger
from booking.ledger.requests import refusal_of
from booking.ledger.status import Status
from booking.store import Tx, bookings, log, referrals, versions
from slots.availability import Reason
from slots.limits import Visit
from slots.window import BookingChannel
from slots.zone import local_date

CANCELLED = (Kind.CANCELLED_BY_RESIDENT, Kind.CANCELLED_BY_OFFICE)


def reinstate(
    ledger: Ledger,
    booking_id: str,
    *,
    actor: str,
    reason: str = "",
    how: str | None = None,
    again: bool = False,
) -> Booking:
    """Let a cancelled booking stand again, confirmed if it was, at the time that it had.

    For staff only: as when they enter one, they go beyond window, quota and limits with a `reason`,
    and allow a party's second booking by `again`. `how`: how the party was told already, if it was.
    Reinstating what stands changes nothing. Raises NotFound, NotAllowed, Invalid, AlreadyBooked, and
    the refusals of `seats.take`, with the nearest free slots; then nothing was written.
    """
    kept = read_reason(reason, required=False)
    told: dict[str, str | None] = {"how": read_how(how)} if how else {}
    before = queries.by_id(ledger, booking_id)
    returning = _Returning(ledger, ledger.now(), actor, kept, again, told)
    try:
        return _written(ledger, lambda tx: returning.write(tx, before))
    except (Taken, NotBookable) as refusal:
        wanted = before.starts_at or returning.now
        near = queries.nearest(ledger, before.consultation, wanted, by_staff=True)
        refusal.nearest = tuple(near)
        raise


def reinstatable(ledger: Ledger, booking: Booking) -> bool:
    """Whether `booking` was cancelled and its time is not over: what staff are offered to take back."""
    if booking.status not in (Status.CANCELLED_BY_RESIDENT, Status.CANCELLED_BY_OFFICE):
        return False
    # Who has no time of its own may still have one of the session's later slots.
    last = booking.starts_at if booking.time_settled else booking.ends_at
    return last is None or last > ledger.now()


def _written(ledger: Ledger, work: Callable[[Tx], Booking]) -> Booking:
    try:
        return ledger.store.write(work)
    except IntegrityError as error:
        raise refusal_of(error) from None


class _Returning:
    """One cancelled booking on its way back."""

    def __init__(
        self,
        ledger: Ledger,
        now: datetime,
        actor: str,
        reason: str | None,
        again: bool,
        told: dict[str, str | None],
    ) -> None:
        self.ledger = ledger
        self.now = now
        self.actor = actor
        self.reason = reason
        self.again = again
        self.told = told

    def write(self, tx: Tx, before: Booking) -> Booking:
        versions.lock_and_raise(tx, before.consultation, self.now)
        # Under the lock it is the last word: nobody confirms and cancels it between here and there.
        row = bookings.by_id(tx, self.ledger.store.keyring, before.id, lock=True)
        if row is None:
            raise NotFound
        party = (row["phone_index"] or "", row["kana_index"] or "")
        return change_in(
            tx,
            self.ledger,
            before.id,
            "reinstate_confirmed" if booking_of(row).confirmed_at else "reinstate",
            Kind.REINSTATED,
            self.actor,
            lambda tx, booking: self._values(tx, booking, party),
            self.told,
            now=self.now,
        )

    def _values(self, tx: Tx, booking: Booking, party: tuple[str, str]) -> dict[str, Any]:
        if booking.is_open:
            return {}
        # That the party is there again already says more than that its seat is taken.
        values: dict[str, Any] = {"duplicate_guard": self._guard(tx, booking, booking.session)}
        values |= self._time(tx, booking)
        if values.get("session") != booking.session:
            values["duplicate_guard"] = self._guard(tx, booking, values["session"])
        self._judge_limits(tx, booking, party, values.get("session"))
        _take_referral(tx, booking)
        # Why the office cancelled is no longer true of what stands; a resident gives no reason.
        own = booking.reason if booking.status is Status.CANCELLED_BY_RESIDENT else None
        return values | {"reason": self.reason or own}

    def _guard(self, tx: Tx, booking: Booking, session: str | None) -> str | None:
        scope = session or booking.consultation
        return moving.guard(self.ledger, tx, booking, scope, again=self.again)

    def _time(self, tx: Tx, booking: Booking) -> dict[str, Any]:
        """The columns of the seat that it had, taken again; none where it had none."""
        if booking.session is None or booking.starts_at is None:
            if booking.starts_at is not None and booking.starts_at <= self.now:
                raise NotBookable(Reason.PAST)
            return {}
        try:
            return targets.taken(
                tx,
                self.ledger.desks.consultation_in(tx, booking.consultation),
                local_date(booking.starts_at, booking.zone),
                booking.slot_start,
                self.now,
                by_staff=cast("BookingChannel", booking.channel),
                answered=bool(self.reason),
            )
        except Invalid as refusal:
            if any(one.code == "not-a-slot" for one in refusal.errors):
                # The hours were changed since: nobody chose wrongly, the slot is no longer held.
                raise NotBookable(Reason.CLOSURE) from None
            raise

    def _judge_limits(
        self, tx: Tx, booking: Booking, party: tuple[str, str], session: str | None
    ) -> None:
        start = booking.starts_at
        beyond = frequency.judge(
            tx,
            self.ledger.desks.consultation_in(tx, booking.consultation),
            party,
            Visit(
                consultation=booking.consultation,
                day=local_date(start, booking.zone) if start else None,
                session=session,
                open=True,
            ),
            self.now,
            by_staff=True,
            answered=bool(self.reason),
        )
        self.told.pop("beyond", None)  # of a run that was undone: see `Store.write`
        if beyond:
            self.told["beyond"] = " ".join(one.per for one in beyond)


def _take_referral(tx: Tx, booking: Booking) -> None:
    """Bind the code again that the cancellation released; if it has another use, staff need none."""
    ended = next(one for one in reversed(log.of_booking(tx, booking.id)) if one.kind in CANCELLED)
    released = ended.data.get("referral")
    if released is not None:
        referrals.use(tx, str(released), booking.id)
