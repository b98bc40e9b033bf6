"""Wall time and instants."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from slots.zone import days, fiscal_year, instant, local, local_date
from tests.slots.examples import TOKYO, on


def test_nine_in_tokyo_is_midnight_in_utc() -> None:
    found = instant(on("2026-11-21"), time(9), TOKYO)

    assert found.astimezone(UTC) == datetime(2026, 11, 21, tzinfo=UTC)


def test_just_before_nine_in_tokyo_utc_is_still_a_day_behind() -> None:
    found = instant(on("2026-11-21"), time(8, 59), TOKYO).astimezone(UTC)

    assert found.date() == on("2026-11-20")
    assert local_date(found, TOKYO) == on("2026-11-21")
    assert f"{local(found, TOKYO):%H:%M}" == "08:59"


def test_japan_has_the_same_clock_all_year() -> None:
    offsets = {
        instant(day, time(9), TOKYO).utcoffset() for day in days(date(2024, 1, 1), date(2025, 1, 1))
    }

    assert offsets == {timedelta(hours=9)}


def test_an_hour_that_a_zone_skips_is_taken_an_hour_later() -> None:
    skipped = instant(on("2026-03-29"), time(2, 30), "Europe/Berlin")

    assert f"{local(skipped.astimezone(UTC), 'Europe/Berlin'):%H:%M}" == "03:30"


def test_an_hour_that_a_zone_repeats_is_taken_at_its_first_pass() -> None:
    repeated = instant(on("2026-10-25"), time(2, 30), "Europe/Berlin")

    assert repeated.utcoffset() == timedelta(hours=2)


def test_a_naive_instant_is_refused_lest_the_machines_zone_creep_in() -> None:
    with pytest.raises(ValueError, match="aware"):
        local_date(datetime(2026, 11, 21, 9), TOKYO)  # noqa: DTZ001


def test_days_are_half_open() -> None:
    assert days(on("2026-11-20"), on("2026-11-22")) == [on("2026-11-20"), on("2026-11-21")]
    assert days(on("2026-11-22"), on("2026-11-20")) == []


def test_a_fiscal_year_runs_from_april_to_march() -> None:
    assert fiscal_year(2024) == (on("2024-04-01"), on("2025-04-01"))
