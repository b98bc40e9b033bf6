"""Whom a consultation is for, and until when help can be asked for."""

import pytest

from slots.admission import TIES, Eligibility, Need, too_late
from slots.holidays import ClosedDays
from tests.slots.examples import CLOSED, on

INTERPRETER = Need(name="通訳", lead_days=14)
SIGNS = Need(name="手話通訳", lead_business_days=3)
CHAIR = Need(name="車いす")
BOTH = Need(name="要約筆記", lead_days=7, lead_business_days=4)


def test_where_nothing_is_asked_everybody_fits() -> None:
    assert Eligibility().judge([]) == "fits"
    assert Eligibility().judge(["other"]) == "fits"


def test_one_of_the_ties_is_enough() -> None:
    who = Eligibility(ties=("live", "work"))

    assert who.judge(["live"]) == "fits"
    assert who.judge(["study", "work"]) == "fits"


@pytest.mark.parametrize("said", [[], ["study"], ["relative", "other"]])
def test_who_does_not_fit_or_says_nothing_is_for_staff_to_check(said: list) -> None:
    assert Eligibility(ties=("live", "work")).judge(said) == "to-check"


@pytest.mark.parametrize("verify", ["ask", "document"])
def test_what_is_to_be_verified_is_checked_whatever_is_said(verify: str) -> None:
    who = Eligibility(ties=("live",), verify=verify)

    assert {who.judge([one]) for one in TIES} == {"to-check"}


@pytest.mark.parametrize(
    ("need", "session", "latest"),
    [
        (CHAIR, "2026-03-21", "2026-03-21"),
        (INTERPRETER, "2026-03-21", "2026-03-07"),
        (SIGNS, "2026-03-21", "2026-03-17"),  # Friday 20 March is 春分の日
        (SIGNS, "2026-05-09", "2026-05-01"),  # Golden Week lies between
        (SIGNS, "2027-01-06", "2026-12-28"),
        (BOTH, "2026-11-21", "2026-11-14"),  # 7 days; 4 business days would be 17 November
        (BOTH, "2026-05-09", "2026-04-30"),  # 4 business days; 7 days would be 2 May
    ],
)
def test_both_counts_must_be_kept(need: Need, session: str, latest: str) -> None:
    assert need.latest(on(session), CLOSED) == on(latest)


def test_a_towns_own_closed_days_count() -> None:
    town = ClosedDays(local={on("2026-11-19"): "市民の日"})

    assert SIGNS.latest(on("2026-11-21"), town) == on("2026-11-17")
    assert SIGNS.latest(on("2026-11-21"), CLOSED) == on("2026-11-18")


@pytest.mark.parametrize(
    ("today", "late"),
    [
        ("2026-03-07", []),
        ("2026-03-08", [INTERPRETER]),
        ("2026-03-17", [INTERPRETER]),
        ("2026-03-18", [INTERPRETER, SIGNS]),
        ("2026-03-21", [INTERPRETER, SIGNS]),
        ("2026-03-22", [INTERPRETER, SIGNS, CHAIR]),
    ],
)
def test_the_latest_day_itself_is_not_too_late(today: str, late: list[Need]) -> None:
    needs = [INTERPRETER, SIGNS, CHAIR]

    assert too_late(needs, on("2026-03-21"), on(today), CLOSED) == late
