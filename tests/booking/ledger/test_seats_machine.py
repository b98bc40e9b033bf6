"""Any sequence of requests, confirmations, moves, cancellations and returns against a model that fits on a page."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from booking.errors import Invalid, NotAllowed, Refusal, SessionFull, Taken
from booking.ledger import changes, queries, reinstating
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from booking.ledger.status import HOLDS_SEAT, Status
from tests.booking.ledger.town import (
    DAILY,
    DAY,
    LEGAL,
    NEXT_DAY,
    NEXT_SATURDAY,
    SATURDAY,
    STAFF,
    TIMES,
    a_town,
    at,
    confirmed,
    entered,
)
from tests.support.databases import sqlite_copy
from tests.support.house import House, tokyo

SEATS = {LEGAL: 1, DAILY: 2}  # in each slot
DAYS = {LEGAL: (SATURDAY, NEXT_SATURDAY), DAILY: (DAY, NEXT_DAY)}


@dataclass
class Promise:
    """What the model knows of a booking. `time` is None while none is settled."""

    consultation: str
    day: str
    time: str | None
    status: Status = Status.REQUESTED

    @property
    def holds(self) -> bool:
        return self.status in HOLDS_SEAT

    @property
    def is_open(self) -> bool:
        return self.status in (Status.REQUESTED, Status.CONFIRMED)


def outcome_of(act: Callable[[], Booking]) -> Booking | Refusal:
    """What `act` returned, or how it was refused."""
    try:
        return act()
    except Refusal as refusal:
        return refusal


times = st.sampled_from(TIMES)
wishes = st.none() | times
which = st.sampled_from((0, 1))


class Seats(RuleBasedStateMachine):
    """The ledger on SQLite beside the model; after each step both say the same."""

    bookings = Bundle("bookings")
    ended = Bundle("ended")

    @initialize()
    def open(self) -> None:
        self.stack = ExitStack()
        folder = Path(tempfile.mkdtemp(prefix="booking-machine-"))
        self.stack.callback(shutil.rmtree, folder, ignore_errors=True)
        self.town: House = self.stack.enter_context(a_town(sqlite_copy(folder), folder))
        self.model: dict[str, Promise] = {}

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    def refusal(self, wanted: Promise, moving: str | None = None) -> type[Refusal] | None:
        """Why the model has no seat for `wanted`, or None."""
        others = [
            one
            for name, one in self.model.items()
            if one.holds and name != moving
            if (one.consultation, one.day) == (wanted.consultation, wanted.day)
        ]
        if len(others) >= len(TIMES) * SEATS[wanted.consultation]:
            return SessionFull
        at_that_time = sum(one.time == wanted.time for one in others)
        if wanted.time is not None and at_that_time >= SEATS[wanted.consultation]:
            return Taken
        return None

    def new(self, act: Callable[[], Booking], wanted: Promise) -> object:
        """Do `act`, which makes what is `wanted` or is refused as the model says."""
        expected = self.refusal(wanted)
        found = outcome_of(act)
        if not isinstance(found, Booking):
            assert type(found) is expected, (found, wanted)
            return multiple()
        assert expected is None, wanted
        self.model[found.id] = wanted
        return found.id

    def change(
        self, name: str, act: Callable[[], Booking], expected: type[Refusal] | None, after: Promise
    ) -> None:
        """Do `act`, after which the model holds `after`, or nothing has changed."""
        before = queries.by_id(self.town.ledger, name)
        found = outcome_of(act)
        if not isinstance(found, Booking):
            assert type(found) is expected, (found, after)
            assert queries.by_id(self.town.ledger, name) == before
            return
        assert expected is None, after
        self.model[name] = after

    @rule(target=bookings, wish=wishes, n=which)
    def request_by_date(self, wish: str | None, n: int) -> object:
        day = DAYS[LEGAL][n]
        wanted = Promise(LEGAL, day, wish)
        return self.new(lambda: self.town.request(LEGAL, date=day, wish=wish), wanted)

    @rule(target=bookings, time=times, n=which)
    def request_by_slot(self, time: str, n: int) -> object:
        day = DAYS[DAILY][n]
        wanted = Promise(DAILY, day, time)
        return self.new(lambda: self.town.request(DAILY, slot=at(time, day)), wanted)

    @rule(target=bookings, time=times, n=which, key=st.sampled_from((LEGAL, DAILY)))
    def enter(self, time: str, n: int, key: str) -> object:
        day = DAYS[key][n]
        wanted = Promise(key, day, time, Status.CONFIRMED)
        return self.new(lambda: entered(self.town, key, slot=at(time, day)), wanted)

    @rule(name=bookings, time=wishes, n=which)
    def confirm(self, name: str, time: str | None, n: int) -> None:
        was = self.model[name]
        day = DAYS[was.consultation][n] if time else was.day
        time = time or was.time
        after = Promise(was.consultation, day, time, Status.CONFIRMED)
        if not was.is_open:
            expected: type[Refusal] | None = NotAllowed
        elif time is None:
            expected = Invalid
        else:
            expected = self.refusal(after, moving=name)
        target = Target(slot=tokyo(f"{day} {time}")) if time else None
        booking = queries.by_id(self.town.ledger, name)
        self.change(name, lambda: confirmed(self.town, booking, target), expected, after)

    @rule(name=bookings, wish=wishes, n=which, by_office=st.booleans())
    def move(self, name: str, wish: str | None, n: int, by_office: bool) -> None:
        was = self.model[name]
        day = DAYS[was.consultation][n]
        time = wish or (None if was.consultation == LEGAL else TIMES[0])
        stays = (day, time) == (was.day, was.time)
        status = was.status if by_office or stays else Status.REQUESTED
        after = Promise(was.consultation, day, time, status)
        if not was.is_open:
            expected: type[Refusal] | None = NotAllowed
        else:
            expected = self.refusal(after, moving=name)
            if expected is None and time is None and status is Status.CONFIRMED and not stays:
                expected = Invalid
        target = (
            Target(slot=tokyo(f"{day} {time}"))
            if time
            else Target(day=tokyo(f"{day} 00:00").date())
        )
        actor = STAFF if by_office else "resident"
        self.change(
            name,
            lambda: changes.move(self.town.ledger, name, actor=actor, target=target),
            expected,
            after,
        )

    @rule(target=ended, name=consumes(bookings), by_office=st.booleans())
    def cancel(self, name: str, by_office: bool) -> str:
        was = self.model[name]
        status = Status.CANCELLED_BY_OFFICE if by_office else Status.CANCELLED_BY_RESIDENT
        self.change(
            name,
            lambda: changes.cancel(
                self.town.ledger, name, actor=STAFF if by_office else "resident", reason="都合"
            ),
            None if was.is_open else NotAllowed,
            Promise(was.consultation, was.day, was.time, status),
        )
        return name

    @rule(name=bookings)
    def decline(self, name: str) -> None:
        was = self.model[name]
        self.change(
            name,
            lambda: changes.decline(self.town.ledger, name, actor=STAFF, reason="満席"),
            None if was.status is Status.REQUESTED else NotAllowed,
            Promise(was.consultation, was.day, was.time, Status.DECLINED),
        )

    @rule(target=bookings, name=consumes(ended))
    def take_back(self, name: str) -> object:
        self.reinstate(name)
        return name if self.model[name].is_open else multiple()

    @rule(name=bookings)
    def reinstate(self, name: str) -> None:
        """Back to where it stood, if there is room; and nothing at all where it stands."""
        was, settled = self.model[name], queries.by_id(self.town.ledger, name).confirmed_at
        cancelled = was.status in (Status.CANCELLED_BY_RESIDENT, Status.CANCELLED_BY_OFFICE)
        stands = Status.CONFIRMED if settled else Status.REQUESTED
        after = Promise(was.consultation, was.day, was.time, stands) if cancelled else was
        refused = self.refusal(after) if cancelled else None if was.is_open else NotAllowed
        self.change(
            name,
            lambda: reinstating.reinstate(self.town.ledger, name, actor=STAFF),
            refused,
            after,
        )

    @rule(name=bookings)
    def no_show(self, name: str) -> None:
        was = self.model[name]
        self.change(
            name,
            lambda: changes.no_show(self.town.ledger, name, actor=STAFF),
            None if was.status is Status.CONFIRMED else NotAllowed,
            Promise(was.consultation, was.day, was.time, Status.NO_SHOW),
        )

    @invariant()
    def every_booking_is_what_the_model_says(self) -> None:
        for name, promise in getattr(self, "model", {}).items():
            booking = queries.by_id(self.town.ledger, name)
            shown = f"{booking.local_start:%H:%M}" if booking.time_settled else None
            session = f"{promise.consultation}/{promise.day}"
            assert (booking.status, booking.session) == (promise.status, session)
            assert shown == promise.time
            facts = queries.history(self.town.ledger, name)
            assert {fact.revision for fact in facts} == set(range(1, booking.revision + 1))

    @invariant()
    def no_seat_has_two_holders_and_free_and_held_are_the_seats(self) -> None:
        if not hasattr(self, "model"):
            return
        query = text(
            "SELECT session, session_seat, slot_start, slot_seat FROM bookings WHERE holds_seat = 1"
        )
        rows = self.town.ledger.store.read(lambda tx: tx.execute(query).all())
        assert max(Counter((r[0], r[1]) for r in rows).values(), default=0) <= 1
        timed = Counter((r[0], r[2], r[3]) for r in rows if r[2] is not None)
        assert max(timed.values(), default=0) <= 1
        assert len(rows) == sum(one.holds for one in self.model.values())
        for key, days in DAYS.items():
            for day in days:
                self.check_session(key, day, [r for r in rows if r[0] == f"{key}/{day}"])

    def check_session(self, key: str, day: str, rows: list) -> None:
        local = tokyo(f"{day} 00:00").date()
        end = local.fromordinal(local.toordinal() + 1)
        (found,) = queries.availability_between(self.town.ledger, key, local, end)
        assert found.free + len(rows) == found.seats
        assert all(row.session_seat < found.seats for row in rows)
        for one, time in zip(found.slots, TIMES, strict=True):
            held = sum(
                p.holds and (p.consultation, p.day, p.time) == (key, day, time)
                for p in self.model.values()
            )
            assert one.free == min(SEATS[key] - held, found.free)
            assert (one.reason is None) == (one.free > 0)


def test_whatever_happens_no_seat_is_lost_and_none_is_given_twice(sqlite_url: str) -> None:
    """On SQLite, whose answers come quickest; the rules are the same ones on PostgreSQL."""
    run_state_machine_as_test(
        Seats,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )
