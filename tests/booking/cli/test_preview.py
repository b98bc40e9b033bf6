"""What a preview shows of days with breaks, closures and moves."""

import json
from pathlib import Path

from tests.booking.cli.conftest import Cli
from tests.slots.desk_file import FILE, changed

TIMES = 'start = "09:00"\nend = "12:00"\n'
BLOCKS = 'blocks = [{ start = "09:00", end = "09:45" }, { start = "13:00", end = "14:30" }]\n'
CLOSURE = """
[[desks.consultations.closures]]
first = 2026-04-18
start = "13:00"
end = "13:45"
text = "一枠だけ休みます。"

[[desks.consultations.moved_sessions]]
session = 2026-05-16
to = 2026-05-23
"""


def test_breaks_closed_slots_and_moves_are_seen(cli: Cli, folder: Path) -> None:
    assert TIMES in FILE
    (folder / "town.toml").write_text(changed((TIMES, BLOCKS)) + CLOSURE, encoding="utf-8")
    asked = ("desks", "preview", "town.toml", "--fiscal-year", "2026")

    lines = cli(*asked).stdout.splitlines()
    april = next(line for line in lines if "4月18日" in line)
    may = next(line for line in lines if line.startswith("令和8年5月16日"))
    (consultation,) = json.loads(cli(*asked, "--json").stdout)["consultations"]

    assert "09:00-09:45 13:00-14:30" in april
    assert "09:00 13:45" in april
    assert "一枠だけ休みます。" in april
    assert "→令和8年5月23日（土）" in may
    first, second, *_ = consultation["sessions"]
    assert (first["date"], first["slots"]) == ("2026-04-18", ["09:00", "13:45"])
    assert second["date"] == "2026-05-23"


def test_the_moments_of_reminders_are_seen(cli: Cli, folder: Path) -> None:
    """The Friday before the Saturday of March is 春分の日."""
    (folder / "town.toml").write_text(FILE, encoding="utf-8")

    shown = cli("desks", "preview", "town.toml", "--fiscal-year", "2025").stdout.splitlines()
    march = next(line for line in shown if line.startswith("令和8年3月21日"))

    assert "お知らせ 3月17日（火） 10:00・3月19日（木） 10:00" in march


def test_a_desk_without_reminders_and_a_session_in_doubt_show_none(cli: Cli, folder: Path) -> None:
    none = "\n[desks.messages]\nreminders = []\n"
    closed = "\n[[desks.consultations.closures]]\nfirst = 2026-04-18\n"
    for name, more in (("none", none), ("closed", closed)):
        (folder / f"{name}.toml").write_text(FILE + more, encoding="utf-8")

    silent = cli("desks", "preview", "none.toml", "--fiscal-year", "2026").stdout
    lines = cli("desks", "preview", "closed.toml", "--fiscal-year", "2026").stdout.splitlines()
    april = next(line for line in lines if "4月18日" in line)
    may = next(line for line in lines if line.startswith("令和8年5月16日"))

    assert "お知らせ" not in silent
    assert "中止" in april
    assert "お知らせ" not in april
    assert "お知らせ 5月13日（水） 10:00・5月15日（金） 10:00" in may
