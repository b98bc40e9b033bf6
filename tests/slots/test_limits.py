"""How often one party may come."""

from datetime import date

import pytest

from slots.limits import Limit, Per, Scope, Visit, exceeded
from tests.slots.examples import on

LEGAL, OTHER = "town/lawyer/legal", "town/lawyer/tax"
SUPPORT, ELSEWHERE = "town/support/talk", "city/lawyer/legal"


def limit(per: Per, at_most: int = 1, scope: Scope = "consultation") -> Limit:
    return Limit(at_most=at_most, per=per, scope=scope)


def visit(
    day: date | None = None, consultation: str = LEGAL, *, open: bool = False, **also: str
) -> Visit:
    return Visit(consultation=consultation, day=day, open=open, **also)


def test_a_limit_is_reached_by_as_many_visits_as_it_allows() -> None:
    twice = limit("ever", 2)

    assert exceeded([twice], visit(), []) == []
    assert exceeded([twice], visit(), [visit()]) == []
    assert exceeded([twice], visit(), [visit(), visit()]) == [twice]
    assert exceeded([twice], visit(), [visit()] * 3) == [twice]


def test_all_limits_that_are_reached_are_told_in_their_order() -> None:
    limits = limit("ever"), limit("ever", 2), limit("open")

    assert exceeded(limits, visit(), [visit(open=True)]) == [limits[0], limits[2]]
    assert exceeded([], visit(), [visit()]) == []


@pytest.mark.parametrize(
    ("scope", "counted"),
    [
        ("consultation", {LEGAL}),
        ("desk", {LEGAL, OTHER}),
        ("organisation", {LEGAL, OTHER, SUPPORT}),
    ],
)
def test_a_scope_embraces_what_lies_below_it(scope: Scope, counted: set[str]) -> None:
    once = limit("ever", scope=scope)

    for consultation in (LEGAL, OTHER, SUPPORT, ELSEWHERE):
        found = exceeded([once], visit(), [visit(consultation=consultation)])
        assert bool(found) is (consultation in counted), consultation


def test_a_key_that_begins_alike_is_another_one() -> None:
    assert exceeded([limit("ever")], visit(), [visit(consultation=f"{LEGAL}-2")]) == []
    assert (
        exceeded([limit("ever", scope="desk")], visit(), [visit(consultation="town/law/x")]) == []
    )


def test_open_counts_what_is_still_to_come() -> None:
    once = limit("open")

    assert exceeded([once], visit(), [visit(on("2026-04-18"))]) == []
    assert exceeded([once], visit(), [visit(on("2026-11-21"), open=True)]) == [once]


@pytest.mark.parametrize(
    ("wanted", "earlier", "reached"),
    [
        ("2027-03-31", "2026-04-01", True),
        ("2026-04-01", "2027-03-31", True),
        ("2026-04-01", "2026-03-31", False),
        ("2026-12-31", "2027-01-01", True),
        ("2026-11-21", "2025-11-15", False),
        (None, "2026-11-21", False),
        ("2026-11-21", None, False),
    ],
)
def test_a_fiscal_year_runs_from_april_to_march(
    wanted: str | None, earlier: str | None, reached: bool
) -> None:
    before = visit(on(earlier) if earlier else None)

    found = exceeded([limit("fiscal_year")], visit(on(wanted) if wanted else None), [before])

    assert bool(found) is reached


def test_while_no_day_is_settled_an_open_booking_counts_in_any_year() -> None:
    once = limit("fiscal_year")

    assert exceeded([once], visit(on("2026-11-21")), [visit(open=True)]) == [once]
    assert exceeded([once], visit(), [visit(on("2020-11-21"), open=True)]) == [once]


def test_a_session_is_counted_by_its_key() -> None:
    once = limit("session")
    wanted = visit(session=f"{LEGAL}/2026-11-21")

    assert exceeded([once], wanted, [visit(session=f"{LEGAL}/2026-11-21")]) == [once]
    assert exceeded([once], wanted, [visit(session=f"{LEGAL}/2026-12-19")]) == []
    assert exceeded([once], visit(), [visit()]) == []


def test_a_matter_that_nobody_named_is_like_no_other() -> None:
    once = limit("matter")

    assert exceeded([once], visit(matter="離婚"), [visit(matter="離婚")]) == [once]
    assert exceeded([once], visit(matter="離婚"), [visit(matter="相続")]) == []
    assert exceeded([once], visit(), [visit()]) == []
    assert exceeded([once], visit(matter="離婚"), [visit()]) == []
