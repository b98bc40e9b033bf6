"""`booking notify bounced`, as a mail server's alias calls it."""

import base64
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from notifications.tables import OutboxRow
from tests.booking.cli.conftest import Cli
from tests.support.house import KEY, a_house

OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
REF = "5b0d4d2c-6f0b-5f43-9d3a-6f3f1f5f0c11"
BOUNCE = f"""\
From: MAILER-DAEMON@mail.example.jp
Subject: failure notice

<hanako@example.jp>: 550 5.1.1 no such user

Message-ID: <{REF}@example.jp>
"""
SENT = {
    "key": "b:1:confirmed:mail",
    "ref": REF,
    "revision": 1,
    "kind": "confirmed",
    "channel": "mail",
    "state": "sent",
    "due_at": datetime(2026, 11, 24, tzinfo=UTC),
    "at_once": False,
    "attempts": 1,
    "created_at": datetime(2026, 11, 24, tzinfo=UTC),
}


@pytest.fixture(autouse=True)
def _keys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys that the house sealed its bookings with."""
    monkeypatch.setenv("BOOKING_KEYS", base64.b64encode(KEY).decode())


def test_a_mail_that_came_back_is_noted_in_one_line(cli: Cli, database: str) -> None:
    """Without anybody's address; and what is no report is no error, or it would come back again."""
    with a_house(database) as house:
        house.ledger.store.write(lambda tx: tx.execute(insert(OUTBOX), SENT))
        found = cli("notify", "bounced", input=BOUNCE)
        other = cli("notify", "bounced", input="hello\n")
        empty = cli("notify", "bounced", input="")

        assert (found.exit_code, found.output) == (0, "noted as failed\n")
        for one in (other, empty):
            assert (one.exit_code, one.output) == (0, "no report of a failure\n")
        query = select(OUTBOX.c.receipt)
        assert house.ledger.store.read(lambda tx: tx.execute(query).scalar_one()) == "failed"


def test_while_the_database_is_away_the_mail_server_keeps_the_mail(cli: Cli) -> None:
    """75 is the status that mail servers understand as: try again later."""
    result = cli("notify", "bounced", input=BOUNCE)

    assert result.exit_code == 75
    assert result.stderr.startswith("Error: there is no database yet")
    assert "hanako" not in result.output


def test_unusable_settings_lose_no_mail(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody mends them, and the mail server tries again."""
    monkeypatch.setenv("BOOKING_LINE_ACCOUNT", "nobody")
    result = cli("notify", "bounced", input=BOUNCE)

    assert result.exit_code == 75
    assert "BOOKING_LINE_ACCOUNT" in result.stderr


@pytest.mark.slow
def test_a_pipe_is_read_to_its_end(sqlite_url: str, folder: Path) -> None:
    """A mail server that cannot write all of a large mail takes that for a failure."""
    with a_house(sqlite_url):
        pass
    environment = {**os.environ, "BOOKING_DATABASE_URL": sqlite_url}
    environment["PYTHONPATH"] = str(Path(__file__).parents[3])
    program = "from booking.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "notify", "bounced"],
        input=BOUNCE.encode() + b"x" * 12_000_000,
        env=environment,
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, b"no message of ours\n")
