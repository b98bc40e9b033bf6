"""`booking desks preview`: the booking windows of towns, as people and programs read them."""

import json

from tests.booking.cli.conftest import Cli
from tests.slots.town_files import FOLDER


def lines(cli: Cli, town: str) -> list[str]:
    """The preview of fiscal 2026 for people."""
    result = cli("desks", "preview", FOLDER / f"{town}.toml", "--fiscal-year", "2026")
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines()


def line(cli: Cli, town: str, day: str) -> str:
    """The first line that begins with the day."""
    return next(one for one in lines(cli, town) if one.startswith(day))


def test_one_window_for_all_channels_is_written_once(cli: Cli) -> None:
    """As for a desk that says nothing of channels."""
    assert line(cli, "sakai", "令和8年5月12日").endswith(
        "受付 令和8年5月1日（金） 09:00～令和8年5月11日（月） 17:15"
    )


def test_channels_that_differ_are_told_apart(cli: Cli) -> None:
    """The web closes a day earlier than the telephone."""
    assert line(cli, "aomori-bar", "令和8年7月21日").endswith(
        "受付 ウェブ ～令和8年7月17日（金） 00:00、電話 ～令和8年7月17日（金） 17:15"
    )


def test_who_cannot_book_by_the_web_sees_by_what(cli: Cli) -> None:
    """And that one may come on the day."""
    assert line(cli, "hyogo", "令和8年10月19日").endswith(
        "受付 電話 ～令和8年10月15日（木） 17:00、来所 当日"
    )


def test_hours_are_counted_from_each_slot(cli: Cli) -> None:
    """No single moment is true of all of them."""
    assert line(cli, "matsuura", "令和8年4月11日").endswith(
        "受付 ウェブ ～各枠の24時間前、電話 ～各枠の開始"
    )


def test_programs_read_when_the_last_slot_closes(cli: Cli) -> None:
    """By the web, or where one does not book by it, by the first channel."""
    closes = {}
    for town in ("matsuura", "osaka-city"):
        result = cli("desks", "preview", FOLDER / f"{town}.toml", "--fiscal-year", "2026", "--json")
        for one in json.loads(result.stdout)["consultations"]:
            if one["sessions"]:
                first = one["sessions"][0]
                closes[one["consultation"]] = (first["opens"], first["closes"])

    assert closes["matsuura/office/legal"] == (None, "2026-04-10T14:00:00+09:00")
    assert closes["osaka-city/ward/legal"] == (
        "2026-04-09T09:00:00+09:00",
        "2026-04-09T16:30:00+09:00",
    )
