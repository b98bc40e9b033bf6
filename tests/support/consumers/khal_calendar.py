"""khal itself, with a calendar of its own: files are imported into it, and it lists its entries."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.support.consumers.reading import HOME, PYTHON, installed

CONFIGURATION = """
[calendars]
[[bookings]]
path = {folder}/calendar

[sqlite]
path = {folder}/khal.db

[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = {viewer}
default_timezone = {viewer}
"""
SHOWN = ("uid", "title", "start-long-full", "status", "alarms-list", "location")


class KhalCalendar:
    """A calendar in `folder`, of somebody who lives in the zone `viewer`. Skips without khal."""

    def __init__(self, folder: Path, *, viewer: str) -> None:
        installed()
        self.folder = folder
        self.viewer = viewer
        (folder / "calendar").mkdir()
        text = CONFIGURATION.format(folder=folder, viewer=viewer)
        (folder / "config").write_text(text, encoding="utf-8")

    def take(self, *files: bytes) -> None:
        """Import files one after the other, as somebody does who opens them."""
        paths = [self.folder / f"{number}.ics" for number in range(len(files))]
        for path, file in zip(paths, files, strict=True):
            path.write_bytes(file)
        self._run("import", "--batch", *map(str, paths))

    def entries(self) -> list[dict[str, Any]]:
        """What khal lists of December 2026."""
        asked = [part for name in SHOWN for part in ("--json", name)]
        printed = self._run("list", *asked, "--once", "2026-12-01", "2026-12-31")
        days = [json.loads(line) for line in printed.splitlines()]
        return [
            {name: said.strip() if isinstance(said, str) else said for name, said in one.items()}
            for day in days
            for one in day
        ]

    @property
    def files(self) -> int:
        """How many entries are kept, whatever is listed."""
        return len(list((self.folder / "calendar").glob("*.ics")))

    def _run(self, *arguments: str) -> str:
        command = [*PYTHON, str(HOME / "bin" / "khal"), "--config", str(self.folder / "config")]
        environment = {**os.environ, "TZ": self.viewer, "PYTHONUTF8": "1"}
        done = subprocess.run(
            [*command, *arguments],
            env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout
