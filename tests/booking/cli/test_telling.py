"""`booking notify` sends what is due, `booking feed` prints what the public sees."""

import base64
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.booking.cli.conftest import Cli
from tests.support.house import KEY, LEGAL, a_house

WAIT_SECONDS = 60


@pytest.fixture(autouse=True)
def _keys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys that the house sealed its bookings with."""
    monkeypatch.setenv("BOOKING_KEYS", base64.b64encode(KEY).decode())


def mails(folder: Path) -> list[Path]:
    """What was written instead of being sent: no mail server is set."""
    return list((folder / "var/mail").glob("*.eml"))


def test_once_sends_what_is_due_and_ends(cli: Cli, folder: Path, database: str) -> None:
    """A second time nothing is left to send."""
    with a_house(database) as house:
        house.request(email="hanako@example.jp")

    first = cli("notify", "run", "--once", "--at", "2026-11-24T10:01")
    sent = mails(folder)
    second = cli("notify", "run", "--once", "--at", "2026-11-24T10:02")

    assert (first.exit_code, first.stderr) == (0, "")
    assert len(sent) == 1
    assert "1 sent" in first.stdout
    assert second.stdout.startswith("0 facts read, 0 messages planned")
    assert mails(folder) == sent


def test_a_rehearsal_is_refused_in_production(
    cli: Cli, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its messages would go to real people at wrong times."""
    monkeypatch.setenv("BOOKING_ENV", "production")

    result = cli("notify", "run", "--once", "--at", "2026-11-24T10:01")

    assert result.exit_code == 1
    assert "--at" in result.stderr
    assert "production" in result.stderr


@pytest.mark.slow
def test_run_goes_on_until_it_is_told_to_stop(folder: Path, sqlite_url: str) -> None:
    """SIGTERM ends it in good order."""
    with a_house(sqlite_url) as house:
        house.request(email="hanako@example.jp")
    program = Path(sys.executable).with_name("booking")
    command = [program, "notify", "run", "--at", "2026-11-24T10:01"]
    environment = {**os.environ, "BOOKING_DATABASE_URL": sqlite_url}
    running = subprocess.Popen(command, cwd=folder, env=environment)
    try:
        until = time.monotonic() + WAIT_SECONDS
        while not mails(folder) and time.monotonic() < until:
            assert running.poll() is None
            time.sleep(0.1)
        assert len(mails(folder)) == 1

        running.send_signal(signal.SIGTERM)
        assert running.wait(WAIT_SECONDS) == 0
    finally:
        running.kill()
        running.wait()


def test_a_feed_is_the_calendar_that_the_public_gets(cli: Cli, database: str) -> None:
    """For a desk and for a consultation; not a word of any party."""
    with a_house(database) as house:
        house.request()

    for name in ("shibukawa/lawyer", LEGAL, f"{LEGAL}.ics"):
        result = cli("feed", name)

        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout_bytes.startswith(b"BEGIN:VCALENDAR\r\n")
        events = Calendar.from_ical(result.stdout_bytes).walk("VEVENT")
        assert {event["DTSTART"].dt.strftime("%H:%M") for event in events} == {"09:00"}
        assert "花子" not in result.stdout


def test_a_feed_that_is_unknown_is_refused(cli: Cli, database: str) -> None:
    """Nothing is printed for a calendar program to swallow."""
    result = cli("feed", "shibukawa/nowhere")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "shibukawa/nowhere" in result.stderr
