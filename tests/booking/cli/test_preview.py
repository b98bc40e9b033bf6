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
