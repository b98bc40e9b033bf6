"""Half-open stretches of time."""

from datetime import datetime

import pytest

from slots.interval import Interval, merged
from tests.slots.examples import at


def span(text: str) -> Interval:
    start, end = text.split("-")
    return Interval(at(f"2026-11-21 {start}"), at(f"2026-11-21 {end}"))


@pytest.mark.parametrize(
    ("other", "overlap"),
    [
        ("10:00-11:00", False),  # back to back
        ("08:00-09:00", False),
        ("09:59-11:00", True),
        ("08:00-09:01", True),
        ("09:15-09:45", True),
        ("08:00-12:00", True),
    ],
)
def test_back_to_back_is_no_overlap(other: str, overlap: bool) -> None:
    one = span("09:00-10:00")

    assert one.overlaps(span(other)) is overlap
    assert span(other).overlaps(one) is overlap


def test_the_start_lies_inside_and_the_end_does_not() -> None:
    one = span("09:00-10:00")

    assert at("2026-11-21 09:00") in one
    assert at("2026-11-21 10:00") not in one


def test_an_interval_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        span("10:00-09:00")


def test_an_interval_needs_aware_instants() -> None:
    naive = datetime(2026, 11, 21, 9)  # noqa: DTZ001

    with pytest.raises(ValueError, match="aware"):
        Interval(naive, naive)


def test_merging_joins_what_touches_and_keeps_what_does_not() -> None:
    found = merged(map(span, ["13:00-14:00", "09:00-10:00", "10:00-11:00", "09:15-09:30"]))

    assert found == [span("09:00-11:00"), span("13:00-14:00")]
