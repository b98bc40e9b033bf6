"""New bookings: a resident's request, and a caller's that staff enter."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from booking.desks.published import note_seats
from booking.errors import (
    AlreadyBooked,
    FieldError,
    Invalid,
    KeyReused,
    NotBookable,
    Refusal,
    SessionFull,
    SlowDown,
    Taken,
)
from booking.facts import Fact, Kind
from booking.ledger import frequency, queries, seats, targets
from booking.ledger.application import Application, read_how, read_reason
from booking.ledger.booking import Booking, booking_of, utc_text, wishes_text
from booking.ledger.calendar_stamps import first_stamps
from booking.ledger.ledger import Ledger
from booking.ledger.party import duplicate_guard, party_indexes
from booking.ledger.reference import unused_reference
from booking.ledger.status import HOLDS_SEAT, Status
from booking.store import Tx, bookings, idempotency, limits, log, referrals, versions
from booking.store.sealed import token_hash
from slots.limits import Limit, Visit
from slots.sessions import session_on
from slots.window import BookingChannel
from slots.zone import instant, local_date

DAY = 86_400
BOOKINGS_PER_PHONE_AND_DAY = 10


@dataclass(frozen=True)
class Receipt:
    """What was made; `replayed` when the same was asked for before, and this is its answer."""

    booking: Booking
    replayed: bool = False


def request(ledger: Ledger, application: Application, *, key: str | None = None) -> Receipt:
    """Take a resident's request: a seat or wishes, held from now on, to be confirmed by staff.

    `key` makes asking again safe: the same key gives the same booking. Raises the refusals of
    `seats.take`, AlreadyBooked, KeyReused, SlowDown and Invalid; then nothing was written.
    """
    return _Placing(ledger, application, key=key, actor="resident", channel="online").place()


def foresee(ledger: Ledger, application: Application) -> None:
    """Raise what `request` would for want of a seat, as far as it shows now; nothing is written."""
    placing = _Placing(ledger, application, key=None, actor="resident", channel="online")
    try:
        placing.judge_early()
    except Taken as refusal:
        raise placing.explained(refusal) from None


def enter(
    ledger: Ledger,
    application: Application,
    *,
    actor: str,
    key: str | None = None,
    how: str = "call",
    reason: str | None = None,
    again: bool = False,
    channel: BookingChannel = "phone",
) -> Receipt:
    """Enter a caller's booking: with a time it is confirmed at the end of the read-back.

    Staff are not bound by the booking window, quotas and limits of the party's `channel`, but say
    why (`reason`) when beyond them. `again` lets the same party hold a second booking. Raises what
    `request` does, and Invalid for `how` and `reason`.
    """
    placing = _Placing(ledger, application, key=key, actor=actor, channel=channel, again=again)
    placing.how, placing.reason = read_how(how), read_reason(reason, required=False)
    return placing.place()


class _Placing:
    """One new booking on its way into the ledger."""

    def __init__(
        self,
        ledger: Ledger,
        application: Application,
        *,
        key: str | None,
        actor: str,
        channel: BookingChannel,
        again: bool = False,
    ) -> None:
        self.ledger = ledger
        self.application = application
        self.target = application.target
        # Kept hashed: what a browser sends may be of any length, and of characters that no table takes.
        self.key = ledger.store.keyring.index("idempotency", key) if key is not None else None
        self.actor = actor
        self.channel = channel
        self.again = again
        self.how: str | None = None
        self.reason: str | None = None
        self.beyond: list[Limit] = []
        self.by_staff = actor != "resident"
        self.consultation = ledger.catalogue.consultation(application.consultation)
        self.now = ledger.now()

    def place(self) -> Receipt:
        try:
            self._judge_unless_known()
            return self._written()
        except Taken as refusal:
            raise self.explained(refusal) from None

    def _judge_unless_known(self) -> None:
        """Judge early, but never refuse what a second press of the button has just made."""
        if self._known_key():
            return
        try:
            self.judge_early()
        except Refusal:
            if not self._known_key():
                raise

    def _written(self) -> Receipt:
        try:
            return self.ledger.store.write(self._write)
        except IntegrityError as error:
            raise refusal_of(error) from None

    def explained(self, refusal: Taken) -> Refusal:
        """What to tell: that the party itself is there already, or who was faster and what is near."""
        if not self.again and self._is_there_already():
            return AlreadyBooked()
        key = self.consultation.key
        near = queries.nearest(self.ledger, key, self._wanted(), by_staff=self.by_staff)
        refusal.nearest = tuple(near)
        return refusal

    def _is_there_already(self) -> bool:
        session = session_on(self.consultation, self._day_and_slot()[0])
        if session is None:
            return False
        contact = self.application.contact
        guard = duplicate_guard(self.ledger, contact.phone_key, contact.kana_key, session.key)
        return self.ledger.store.read(lambda tx: bookings.duplicate_exists(tx, guard))

    def judge_early(self) -> None:
        """Judge without the lock first, so that a crowd after the last seat doesn't queue for it."""
        if self._wants_referral():
            self.ledger.store.read(self._usable_referral)
        if self.consultation.allotment == "arranged":
            targets.arranged(self.ledger, self.consultation, self.target, self.now, self.by_staff)
            return
        day, slot = self._day_and_slot()
        found = self.ledger.store.read(
            lambda tx: queries.availability_in(
                tx,
                self.consultation,
                day,
                day + timedelta(days=1),
                self.now,
                by_staff=self.by_staff,
            )
        )
        if not found:
            raise NotBookable(targets.no_session(self.consultation, day))
        seats.refuse_unless_free(found[0], slot)

    def _known_key(self) -> bool:
        if self.key is None:
            return False
        key = self.key
        return (
            self.ledger.store.read(lambda tx: idempotency.known(tx, self.channel, key)) is not None
        )

    def _write(self, tx: Tx) -> Receipt:
        ledger, chance = self.ledger, self.ledger.chance
        booking_id = chance.id()
        if self.key is not None:
            first = idempotency.claim(
                tx, self.channel, self.key, self._fingerprint(), booking_id, self.now
            )
            if first is not None:
                return self._replay(tx, first)
        versions.lock_and_raise(tx, self.consultation.key, self.now)
        # Under the lock it is the last word: nobody closes the day between here and the commit.
        self.consultation = ledger.desks.consultation_in(tx, self.consultation.key)
        self._count_attempts(tx)
        row = self._row(tx, booking_id)
        bookings.add(tx, ledger.store.keyring, row)
        if row["session"] is not None:
            desk = ledger.desks.files.desk_of(self.consultation.key)
            note_seats(tx, desk, self.consultation, row["session"], self.now)
        for fact in self._facts(row):
            log.append(tx, fact)
        return Receipt(booking_of(row))

    def _replay(self, tx: Tx, first: tuple[str, str]) -> Receipt:
        fingerprint, booking_id = first
        if fingerprint != self._fingerprint():
            raise KeyReused
        row = bookings.by_id(tx, self.ledger.store.keyring, booking_id)
        if row is None:
            raise KeyReused
        return Receipt(booking_of(row), replayed=True)

    def _fingerprint(self) -> str:
        """A keyed hash of all that was asked for: equal for the same form sent twice."""
        contact = self.application.contact
        asked = [
            self.application.consultation,
            repr(self.target),
            self.application.referral,
            *(getattr(contact, name) for name in contact.__dataclass_fields__ if name != "safe"),
            # Its text tells nothing, as of everything that is personal.
            contact.safe.kept(),
        ]
        return self.ledger.store.keyring.index("request", json.dumps(asked, default=str))

    def _count_attempts(self, tx: Tx) -> None:
        if self.by_staff:
            return
        subject = self.ledger.store.keyring.index("limit", self.application.contact.phone_key)
        if limits.attempt(tx, subject, self.now, DAY) > BOOKINGS_PER_PHONE_AND_DAY:
            raise SlowDown(DAY)

    def _row(self, tx: Tx, booking_id: str) -> dict[str, Any]:
        contact = self.application.contact
        phone_index, kana_index = party_indexes(self.ledger, contact)
        token = self.ledger.chance.token()
        held = self._held(tx, booking_id)
        self.beyond = self._beyond_limits(tx, held)
        status = self._status(held)
        confirmed = status is Status.CONFIRMED
        return {
            "id": booking_id,
            "reference": unused_reference(tx, self.ledger.chance),
            "token": token,
            "token_hash": token_hash(token),
            "consultation": self.consultation.key,
            "status": status.value,
            "holds_seat": held["session"] is not None and status in HOLDS_SEAT,
            "revision": 1,
            "zone": self.consultation.zone,
            "wish": self.target.wish.isoformat("minutes") if self.target.wish else None,
            "wishes": wishes_text(self.target.wishes),
            "duplicate_guard": self._duplicate_guard(tx, held),
            "name": contact.name,
            "kana": contact.kana,
            "phone": contact.phone,
            "residence": contact.residence or None,
            "email": contact.email,
            "age": contact.age,
            "needs": contact.needs,
            "tie": contact.tie,
            "safe": contact.safe.kept(),
            "line_user": None,
            "reason": self.reason,
            "phone_index": phone_index,
            "kana_index": kana_index,
            "reached_by": " ".join(contact.reached_by()),
            "contact_wish": contact.safe.wish,
            "party_size": contact.party_size,
            "language": contact.language,
            "channel": self.channel,
            "confirmed_how": self.how if confirmed else None,
            "confirmed_by": self.actor if confirmed else None,
            "confirmed_at": self.now if confirmed else None,
            "created_at": self.now,
            "changed_at": self.now,
            **first_stamps(self.now, held),
            **held,
        }

    def _held(self, tx: Tx, booking_id: str) -> dict[str, Any]:
        self._use_referral(tx, booking_id)
        if self.consultation.allotment == "arranged":
            return targets.arranged(
                self.ledger, self.consultation, self.target, self.now, self.by_staff
            )
        day, slot = self._day_and_slot()
        return targets.taken(
            tx,
            self.consultation,
            day,
            slot,
            self.now,
            by_staff=self.channel if self.by_staff else None,
            answered=bool(self.reason),
        )

    def _wants_referral(self) -> bool:
        optional = self.by_staff and self.application.referral is None
        return self.consultation.needs_referral and not optional

    def _usable_referral(self, tx: Tx, *, lock: bool = False) -> str:
        index = self.ledger.store.keyring.index("referral", self.application.referral or "")
        found = referrals.usable(tx, index, self.consultation.key, self.now, lock=lock)
        if found is None:
            raise Invalid([FieldError("referral", "unknown")])
        return found

    def _use_referral(self, tx: Tx, booking_id: str) -> None:
        if not self._wants_referral():
            return
        if not referrals.use(tx, self._usable_referral(tx, lock=True), booking_id):
            raise Invalid([FieldError("referral", "unknown")])

    def _beyond_limits(self, tx: Tx, held: dict[str, Any]) -> list[Limit]:
        start = held["starts_at"]
        return frequency.judge(
            tx,
            self.consultation,
            party_indexes(self.ledger, self.application.contact),
            Visit(
                consultation=self.consultation.key,
                day=local_date(start, self.consultation.zone) if start else None,
                session=held["session"],
                open=True,
            ),
            self.now,
            by_staff=self.by_staff,
            answered=bool(self.reason),
        )

    def _duplicate_guard(self, tx: Tx, held: dict[str, Any]) -> str | None:
        if self.again:
            return None
        contact = self.application.contact
        guard = duplicate_guard(
            self.ledger,
            contact.phone_key,
            contact.kana_key,
            held["session"] or self.consultation.key,
        )
        if bookings.duplicate_exists(tx, guard):
            raise AlreadyBooked
        return guard

    def _status(self, held: dict[str, Any]) -> Status:
        at_once = self.by_staff or self.consultation.confirmed_by == "at-once"
        settled = held["slot_start"] is not None or (
            self.consultation.allotment == "arranged" and held["starts_at"] is not None
        )
        return Status.CONFIRMED if at_once and settled else Status.REQUESTED

    def _facts(self, row: dict[str, Any]) -> list[Fact]:
        kinds = [Kind.REQUESTED]
        if row["status"] == Status.CONFIRMED:
            kinds.append(Kind.CONFIRMED)
        return [
            Fact(
                kind=kind,
                at=self.now,
                actor=self.actor,
                booking_id=row["id"],
                consultation=row["consultation"],
                revision=row["revision"],
                data={
                    "start": utc_text(row["starts_at"]),
                    "channel": self.channel,
                    "how": self.how,
                    **({"beyond": " ".join(one.per for one in self.beyond)} if self.beyond else {}),
                },
            )
            for kind in kinds
        ]

    def _day_and_slot(self) -> tuple[date, datetime | None]:
        return targets.day_and_slot(self.consultation, self.target)

    def _wanted(self) -> datetime:
        day, slot = self._day_and_slot()
        return slot or instant(day, datetime.min.time(), self.consultation.zone)


def refusal_of(error: IntegrityError) -> Exception:
    """What the database's refusal means: the index said no where the code had said yes."""
    said = str(error.orig)
    if "slot_seat" in said:
        return Taken()
    if "session_seat" in said:
        return SessionFull()
    if "duplicate_guard" in said:
        return AlreadyBooked()
    return error
