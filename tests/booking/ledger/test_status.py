"""The whole life of a booking on one page: what may be done where, and what it leads to."""

import pytest

from booking.errors import NotAllowed
from booking.ledger.status import ALLOWED, ENDED, HOLDS_SEAT, OPEN, Status, after

ACTIONS = (
    *("confirm", "decline", "move", "move_by_office"),
    *("cancel", "cancel_by_office", "arrive", "done", "no_show"),
    *("reinstate", "reinstate_confirmed"),
)
R, C, A, D, N, X, CR, CO = (
    *(Status.REQUESTED, Status.CONFIRMED, Status.ARRIVED, Status.DONE, Status.NO_SHOW),
    *(Status.DECLINED, Status.CANCELLED_BY_RESIDENT, Status.CANCELLED_BY_OFFICE),
)
# A row for each status, a column for each action in the order above; None: not allowed.
TABLE: dict[Status, tuple[Status | None, ...]] = {
    R: (C, X, R, R, CR, CO, None, None, None, R, None),
    C: (C, None, R, C, CR, CO, A, D, N, None, C),
    A: (None, None, None, None, None, None, None, D, None, None, None),
    D: (None,) * 11,
    N: (None,) * 11,
    X: (None,) * 11,
    CR: (None,) * 9 + (R, C),
    CO: (None,) * 9 + (R, C),
}


def test_the_table_has_every_status_and_every_action() -> None:
    assert set(TABLE) == set(Status)
    assert set(ALLOWED) == set(ACTIONS)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", ACTIONS)
def test_what_may_be_done_where(status: Status, action: str) -> None:
    expected = TABLE[status][ACTIONS.index(action)]

    if expected is not None:
        assert after(status, action) is expected
        return
    with pytest.raises(NotAllowed) as refused:
        after(status, action)
    assert (refused.value.status, refused.value.action) == (status, action)


def test_an_unknown_action_is_not_allowed_either() -> None:
    with pytest.raises(NotAllowed):
        after(Status.CONFIRMED, "erase")


def test_who_gave_up_or_was_refused_holds_no_seat_and_all_others_do() -> None:
    assert set(Status) - HOLDS_SEAT == ENDED == {X, CR, CO}


def test_only_what_is_still_to_take_place_is_open() -> None:
    assert {R, C} == OPEN
