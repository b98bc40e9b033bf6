"""What happens at the same moment: one wins, all others are told, and nobody is told twice."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from booking.desks.current import CurrentDesks
from booking.errors import (
    AlreadyBooked,
    ChangedMeanwhile,
    NotAllowed,
    NotBookable,
    Refusal,
    SlowDown,
    Taken,
)
from booking.ledger import changes, desk_changes, queries, referral, requests
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from booking.ledger.status import Status
from tests.booking.ledger.town import (
    DAILY,
    DAY,
    EXPERT,
    LEGAL,
    NEXT_DAY,
    SATURDAY,
    STAFF,
    TIMES,
    VISIT,
    a_town,
    at,
    confirmed,
    entered,
    party,
    slot,
)
from tests.booking.store.elsewhere import in_threads
from tests.support.feeds import CITY, events, get
from tests.support.house import House, a_house, tokyo

MANY = 6
HOURS_ONLY = """
[[desks.hours]]
channels = ["phone"]
weekly = ["tue"]
start = "09:00"
end = "17:00"
"""


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A town on a Tuesday morning in November."""
    with a_town(database_url, tmp_path) as found:
        yield found


def told(outcomes: list[Any]) -> Counter[str]:
    """How often each refusal was the outcome, and how often a booking ("done")."""
    return Counter(type(one).__name__ if isinstance(one, Exception) else "done" for one in outcomes)


def by_office(house: House, booking: Booking, target: Target) -> Callable[[], Booking]:
    """Moving `booking` as staff do."""
    return lambda: changes.move(house.ledger, booking.id, actor=STAFF, target=target)


def test_the_last_seat_of_a_slot_has_one_taker(town: House) -> None:
    town.request(DAILY, slot=at())

    outcomes = in_threads(*[lambda: town.request(DAILY, slot=at())] * MANY)

    assert told(outcomes) == {"done": 1, "Taken": MANY - 1}


def test_a_session_of_four_takes_four_with_wishes_and_without(town: House) -> None:
    wishes = [*TIMES, None, None, None, TIMES[0]]

    outcomes = in_threads(*[lambda w=w: town.request(LEGAL, date=SATURDAY, wish=w) for w in wishes])

    found = told(outcomes)
    assert found["done"] == 4
    assert found["done"] + found["Taken"] + found["SessionFull"] == len(wishes), outcomes


def test_pressing_many_times_makes_one_booking_and_each_press_shows_it(town: House) -> None:
    """Also of the last seat, which the first press has taken from the others."""
    town.request(DAILY, slot=at())
    asked = party(slot=at(), key="pressed")

    outcomes = in_threads(*[lambda: town.request(DAILY, **asked)] * MANY)

    assert told(outcomes) == {"done": MANY}
    assert len({one.token for one in outcomes}) == 1


def test_a_second_press_that_looked_before_the_first_was_done_is_no_refusal(town: House) -> None:
    """The first press is committed just after the second one has found that its key is unknown."""
    town.request(DAILY, slot=at())
    asked = party(slot=at(), key="pressed")
    first: list[Booking] = []
    once = iter([True])

    @event.listens_for(town.ledger.store.engine, "after_cursor_execute")
    def meanwhile(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT idempotency_keys") and next(once, False):
            first.append(town.request(DAILY, **asked))

    second = town.request(DAILY, **asked)

    assert [one.id for one in first] == [second.id]


def test_two_windows_of_one_party_make_one_booking(town: House) -> None:
    outcomes = in_threads(*[lambda: town.request(DAILY, **party(slot=at()))] * MANY)

    assert told(outcomes) == {"done": 1, "AlreadyBooked": MANY - 1}


def test_a_numbers_limit_holds_among_many(town: House) -> None:
    def ask(number: int) -> Booking:
        kana = f"しけん {'あいうえおかきくけこさしすせそ'[number]}"
        return town.request(VISIT, wishes=[NEXT_DAY], phone="090-5555-0001", kana=kana)

    outcomes = in_threads(*[lambda n=n: ask(n) for n in range(14)])

    assert told(outcomes) == {"done": 10, "SlowDown": 4}
    assert any(isinstance(one, SlowDown) for one in outcomes)


def test_a_referral_code_opens_one_booking(town: House) -> None:
    code = referral.issue(town.ledger, EXPERT, actor=STAFF)

    outcomes = in_threads(*[lambda: town.request(EXPERT, wishes=[NEXT_DAY], referral=code)] * MANY)

    assert told(outcomes) == {"done": 1, "Invalid": MANY - 1}


def test_two_operators_cannot_confirm_two_parties_into_one_slot(town: House) -> None:
    waiting = [town.request(LEGAL, date=SATURDAY) for _ in range(3)]
    target = slot("09:45", SATURDAY)

    outcomes = in_threads(*[lambda b=b: confirmed(town, b, target) for b in waiting])

    assert told(outcomes) == {"done": 1, "Taken": 2}
    now = [queries.by_id(town.ledger, one.id) for one in waiting]
    assert sorted(one.status for one in now) == ["confirmed", "requested", "requested"]


def test_two_operators_confirm_one_party_for_two_times_and_it_has_one(town: House) -> None:
    """Each is told what then holds; who looked before it changed is told so."""
    booking = town.request(LEGAL, date=SATURDAY)

    def confirm(time: str) -> Booking:
        target = slot(time, SATURDAY)
        return changes.confirm(
            town.ledger, booking.id, actor=STAFF, how="call", target=target, seen=booking.revision
        )

    outcomes = in_threads(lambda: confirm("09:00"), lambda: confirm("11:15"))

    assert told(outcomes) == {"done": 1, "ChangedMeanwhile": 1}
    assert any(isinstance(one, ChangedMeanwhile) for one in outcomes)
    (won,) = [one for one in outcomes if isinstance(one, Booking)]
    now = queries.by_id(town.ledger, booking.id)
    assert (now.starts_at, now.revision) == (won.starts_at, 2)


def test_cancelling_and_confirming_at_once_leaves_one_truth(town: House) -> None:
    for _ in range(3):
        booking = town.request(DAILY, slot=at())

        in_threads(
            lambda b=booking: confirmed(town, b),
            lambda b=booking: changes.cancel(town.ledger, b.id, actor="resident"),
        )

        now = queries.by_id(town.ledger, booking.id)
        facts = queries.history(town.ledger, booking.id)
        assert now.status is Status.CANCELLED_BY_RESIDENT
        assert [fact.revision for fact in facts] == list(range(1, now.revision + 1))


def test_a_resident_who_cancels_twice_at_once_is_not_told_that_it_failed(town: House) -> None:
    booking = town.request(DAILY, slot=at())

    outcomes = in_threads(
        *[lambda: changes.cancel(town.ledger, booking.id, actor="resident")] * MANY
    )

    assert told(outcomes) == {"done": MANY}
    assert len(queries.history(town.ledger, booking.id)) == 2


def test_every_change_of_one_booking_counts(town: House) -> None:
    """No revision is lost or used twice."""
    booking = entered(town, DAILY, slot=at())
    days = [NEXT_DAY, "2026-12-09", "2026-12-10", "2026-12-11"]

    outcomes = in_threads(
        *[by_office(town, booking, slot(time, day)) for day in days for time in TIMES[:2]]
    )

    assert told(outcomes) == {"done": 8}
    assert sorted(one.revision for one in outcomes) == list(range(2, 10))
    revisions = [fact.revision for fact in queries.history(town.ledger, booking.id)]
    assert revisions == [1, *range(1, 10)]


def test_parties_that_change_places_are_never_without_one_and_never_wait_forever(
    town: House,
) -> None:
    """Both slots are full: nobody can move, and nobody is locked up."""
    first = [entered(town, DAILY, slot=at("09:00")) for _ in range(2)]
    second = [entered(town, DAILY, slot=at("09:45")) for _ in range(2)]

    outcomes = in_threads(
        *[by_office(town, one, slot("09:45")) for one in first],
        *[by_office(town, one, slot("09:00")) for one in second],
    )

    assert told(outcomes) == {"Taken": 4}
    assert {queries.by_id(town.ledger, one.id).starts_at for one in first} == {
        tokyo(f"{DAY} 09:00")
    }


def test_a_seat_that_is_freed_is_taken_by_one(town: House) -> None:
    held = [entered(town, DAILY, slot=at()) for _ in range(2)]

    freed = threading.Event()

    def cancel() -> Booking:
        found = changes.cancel(town.ledger, held[0].id, actor=STAFF, reason="休み")
        freed.set()
        return found

    def ask() -> Booking | None:
        last = False
        while not last:
            last = freed.wait(0.02)
            try:
                return town.request(DAILY, slot=at())
            except Taken:
                continue
        return None

    outcomes = in_threads(cancel, *[ask] * 3)

    assert sum(isinstance(one, Booking) for one in outcomes[1:]) == 1, outcomes


def test_work_at_several_consultations_does_not_lock_itself_up(town: House) -> None:
    """Same parties, other consultations, in every order."""
    doors = [
        lambda who: town.request(DAILY, slot=at(), **who),
        lambda who: town.request(LEGAL, date=SATURDAY, **who),
        lambda who: town.request(VISIT, wishes=[NEXT_DAY], **who),
    ]

    def all_of(order: int) -> list[str]:
        who, found = party(), []
        for door in doors[order:] + doors[:order]:
            try:
                found.append(door(who).status)
            except Refusal as refusal:
                found.append(refusal.code)
        return found

    outcomes = in_threads(*[lambda o=o: all_of(o) for o in (0, 1, 2) * 2])

    said = Counter(word for one in outcomes for word in one)
    assert said == {"requested": 3, AlreadyBooked.code: 15}, outcomes


def test_refusals_at_once_are_the_ledgers_own(town: House) -> None:
    """Never an error of the database."""
    booking = entered(town, DAILY, slot=at())
    acts: list[Callable[[], Booking]] = [
        lambda: changes.arrive(town.ledger, booking.id, actor=STAFF),
        lambda: changes.no_show(town.ledger, booking.id, actor=STAFF),
        lambda: changes.done(town.ledger, booking.id, actor=STAFF),
        lambda: changes.cancel(town.ledger, booking.id, actor=STAFF, reason="休み"),
        by_office(town, booking, slot("09:45")),
    ]

    outcomes = in_threads(*acts)

    assert all(isinstance(one, Booking | NotAllowed) for one in outcomes), outcomes


def test_a_day_that_is_closed_keeps_no_booking_however_late_it_came_in(town: House) -> None:
    """Who is there is cancelled with the closure; who comes after it is refused."""

    def ask() -> Booking | None:
        try:
            return town.request(LEGAL, date=SATURDAY)
        except (NotBookable, Taken):
            return None

    def close() -> None:
        closure = {"first": SATURDAY}
        desk_changes.make(
            town.ledger, LEGAL, "closures", closure, actor=STAFF, bookings_do="follow", reason="雪"
        )

    outcomes = in_threads(ask, ask, ask, close, ask, ask, ask)

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    taken = [one for one in outcomes if isinstance(one, Booking)]
    left = {queries.by_id(town.ledger, one.id).status for one in taken}
    assert left <= {Status.CANCELLED_BY_OFFICE}


def test_closures_of_a_desk_that_books_nothing_all_come_into_its_calendar(
    database_url: str, tmp_path: Path
) -> None:
    """No consultation's lock keeps them from writing the same entry at the same moment."""
    (tmp_path / "big.toml").write_text(CITY + HOURS_ONLY, encoding="utf-8")
    closed = {"first": "2026-12-01", "last": "2026-12-01", "start": "09:00"}

    def close(until: str) -> Any:
        data = {**closed, "end": until}
        return desk_changes.make(house.ledger, "big/desk", "closures", data, actor=STAFF)

    with a_house(database_url, folder=tmp_path) as house:
        outcomes = in_threads(*[lambda n=n: close(f"1{n % 2}:00") for n in range(MANY)])
        text = get(house, "/feeds/big/desk.ics").text

    assert told(outcomes) == {"done": MANY}
    stand = [one for one in events(text) if str(one["STATUS"]) == "CONFIRMED"]
    starts = [one.start for one in stand if one.start.date().isoformat() == "2026-12-01"]
    assert starts == [tokyo("2026-12-01 11:00")]


def test_without_the_last_word_under_the_lock_a_closed_day_may_keep_one(town: House) -> None:
    """The control: who believes what was read before the lock books into the closed day."""
    application = town.application(LEGAL, date=SATURDAY)
    known = town.ledger.desks.files.consultation(LEGAL)
    desk_changes.make(town.ledger, LEGAL, "closures", {"first": SATURDAY}, actor=STAFF)
    believing = CurrentDesks(town.ledger.store, town.ledger.desks.files)
    believing.now = lambda: town.ledger.desks.files  # type: ignore[method-assign]
    believing.consultation_in = lambda _tx, _key: known  # type: ignore[method-assign]

    booking = requests.request(replace(town.ledger, desks=believing), application).booking

    assert booking.status is Status.REQUESTED
