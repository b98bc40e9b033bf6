"""The tools that the other tests stand on do what they say."""

import os
import re
import smtplib
import subprocess
import time
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from sqlalchemy import create_engine, inspect

ROOT = Path(__file__).parent.parent
RUNTIME_LOCK = ROOT / "requirements.lock"
DEVELOPMENT_LOCK = ROOT / ".ci" / "requirements-dev.lock"
HOURS_AHEAD = {"UTC": 0, "America/Los_Angeles": -8}


def _pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


def _declared() -> tuple[list[str], list[str]]:
    """The requirements in pyproject.toml: what runs, and what development adds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    extras = project["project"]["optional-dependencies"].values()
    runs = [*project["project"]["dependencies"], *chain(*extras), *groups["build"]]
    return runs, [entry for entry in groups["dev"] if isinstance(entry, str)]


def test_the_locks_fit_what_is_declared() -> None:
    """Who adds a dependency runs `make lock`."""
    runs, develops = _declared()
    wanted = [(RUNTIME_LOCK, text) for text in runs]
    wanted += [(DEVELOPMENT_LOCK, text) for text in runs + develops]

    for lock, text in wanted:
        requirement = Requirement(text)
        pin = _pins(lock).get(requirement.name.lower())
        assert pin is not None, f"{lock.name} lacks {text}"
        assert requirement.specifier.contains(pin), f"{lock.name}: {text}, but {pin}"


def test_both_locks_agree() -> None:
    """What is tested is what runs."""
    assert _pins(RUNTIME_LOCK).items() <= _pins(DEVELOPMENT_LOCK).items()


@pytest.mark.parametrize("lock", [RUNTIME_LOCK, DEVELOPMENT_LOCK], ids=["runtime", "development"])
def test_a_lock_holds_hashes_and_no_address(lock: Path) -> None:
    """A lock says what, never from where."""
    text = lock.read_text(encoding="utf-8")

    assert "://" not in text
    assert len(re.findall(r"==\S+(?: ;.*)? \\\n    --hash=sha256:", text)) == len(_pins(lock))


def test_make_test_passes_everything_far_from_japan_and_something_in_utc() -> None:
    """The races apart, and no other test left out."""
    plan = subprocess.run(
        ["make", "--dry-run", "--always-make", "test"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    runs = re.findall(r"^TZ=(\S+) .*python -m pytest\b(.*)$", plan, re.MULTILINE)
    everything, races = [asked for zone, asked in runs if zone == "America/Los_Angeles"]

    assert {zone for zone, _ in runs} == set(HOURS_AHEAD)
    assert everything.split() == ["-n", "auto", "--maxschedchunk", "1", "--ignore", "tests/races"]
    assert races.split() == ["tests/races"]


@pytest.mark.skipif(os.environ.get("TZ") not in HOURS_AHEAD, reason="only below `make test`")
def test_the_zone_asked_for_is_the_zone_there_is() -> None:
    """A misspelt TZ is silently UTC."""
    assert -time.timezone / 3600 == HOURS_AHEAD[os.environ["TZ"]]


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_has_a_migrated_database_of_its_own(database_url: str, turn: str) -> None:
    """On both kinds, nothing of an earlier test is seen."""
    engine = create_engine(database_url)
    with engine.begin() as tx:
        tables = inspect(tx).get_table_names()
        tx.exec_driver_sql("CREATE TABLE scribble (word TEXT)")
    engine.dispose()

    assert "alembic_version" in tables
    assert "scribble" not in tables


def test_a_mail_arrives_as_it_was_sent(smtp_server) -> None:
    """Envelope and bytes; and a refused address is refused."""
    smtp_server.refusals["nobody@example.jp"] = "550 no such mailbox"
    with smtplib.SMTP(smtp_server.url.removeprefix("smtp://")) as client:
        refused = client.sendmail(
            "desk@example.jp",
            ["mika@example.jp", "nobody@example.jp"],
            "Subject: =?utf-8?b?44GU5LqI57SE?=\r\n\r\n11月21日".encode(),
        )

    (mail,) = smtp_server.received
    assert mail.recipients == ("mika@example.jp",)
    assert mail.message["Subject"] == "ご予約"
    assert mail.content.endswith("\r\n\r\n11月21日\r\n".encode())
    assert list(refused) == ["nobody@example.jp"]


def test_a_page_opens_without_javascript_at_a_phones_width(browser) -> None:
    """What residents are promised is what is tested."""
    from tests.support.browser import PHONE, open_page

    page_source = (
        "<p>予約</p><noscript><p id=plain>no script</p></noscript>"
        "<script>document.querySelector('p').textContent = 'script'</script>"
    )
    for javascript, text in ((False, "予約"), (True, "script")):
        with open_page(browser, javascript=javascript) as page:
            page.set_content(page_source)

            assert page.locator("p").first.text_content() == text
            assert page.viewport_size["width"] == PHONE
