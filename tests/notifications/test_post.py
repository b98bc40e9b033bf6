"""Until when a letter has to be posted."""

from datetime import date

import pytest

from notifications.post import posting_deadline
from slots.holidays import ClosedDays
from tests.support.house import tokyo

ZONE = "Asia/Tokyo"


@pytest.mark.parametrize(
    ("day", "deadline"),
    [
        ("2026-11-27", "2026-11-20"),  # a Friday; Monday the 23rd is 勤労感謝の日
        ("2026-12-19", "2026-12-15"),  # a Saturday: Friday, Thursday, Wednesday, Tuesday
        ("2026-12-21", "2026-12-15"),  # a Monday: the weekend counts for nothing
        ("2026-03-21", "2026-03-16"),  # the Friday before is 春分の日
        ("2027-01-06", "2026-12-25"),  # 5th, 4th, then the year-end's six days, 28th, 25th
        ("2026-05-07", "2026-04-27"),  # 3rd to 6th of May and 昭和の日 on Wednesday the 29th
    ],
)
def test_four_days_on_which_the_post_delivers_lie_between(day: str, deadline: str) -> None:
    """At 17:00, the last collection."""
    found = posting_deadline(date.fromisoformat(day), ClosedDays(), ZONE)
    assert found == tokyo(f"{deadline} 17:00")


def test_an_office_that_is_open_on_sundays_gets_no_post_delivered_then() -> None:
    """Its own Mondays off are days on which nobody posts."""
    open_on_sundays = ClosedDays(weekend=(0,))
    # Friday to Tuesday are delivery days; Monday is one, though the office is closed.
    assert posting_deadline(date(2026, 12, 19), open_on_sundays, ZONE) == tokyo("2026-12-15 17:00")
    # Monday the 14th would be the day, and nobody is there: Sunday is a working day of theirs.
    assert posting_deadline(date(2026, 12, 18), open_on_sundays, ZONE) == tokyo("2026-12-13 17:00")
