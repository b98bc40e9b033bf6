"""`booking doctor`: a line for each check, and exit status 1 on a problem."""

import base64
import json
from pathlib import Path

import pytest

from booking import paper
from notifications.channels.call_list import Outcome, calls, record
from tests.booking.cli.conftest import Cli
from tests.support.house import KEY, a_house
from tests.support.telling import STAFF, Teller, confirmed

KEYS = base64.b64encode(KEY).decode()
Found = dict[str, tuple[str, str]]


def examined(cli: Cli) -> tuple[int, Found]:
    """Exit status, and state and detail of each check."""
    result = cli("doctor", "--json")
    listed = json.loads(result.stdout)
    return result.exit_code, {one["check"]: (one["state"], one["detail"]) for one in listed}


def test_a_fresh_development_installation_has_no_problem(cli: Cli, database: str) -> None:
    """Nothing has to run there; what a newcomer may want to know is a note."""
    status, found = examined(cli)

    assert status == 0
    assert {name: state for name, (state, _) in found.items()} == {
        "settings": "ok",
        "desks": "ok",
        "keys": "note",
        "database": "ok",
        "mail": "note",
        "sms": "note",
        "line": "note",
        "letters": "ok",
        "sealed": "ok",
        "ticker": "note",
        "failures": "ok",
    }


def test_people_read_a_line_for_each_check(cli: Cli, database: str) -> None:
    """State, name, and what to do."""
    result = cli("doctor")

    lines = result.stdout.splitlines()
    assert [line.split()[1] for line in lines] == [
        "settings", "desks", "keys", "database", "mail", "sms", "line", "letters", "sealed", "ticker",
        "failures",
    ]  # fmt: skip


@pytest.mark.parametrize(("env", "state"), [("development", "note"), ("production", "problem")])
def test_without_a_font_no_letter_is_printed(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, env: str, state: str
) -> None:
    """And it says what to install."""
    monkeypatch.setenv("BOOKING_ENV", env)
    monkeypatch.setattr(paper, "FONT_PACKAGE", "no_such_font")
    paper._font.cache_clear()

    _, found = examined(cli)
    paper._font.cache_clear()

    assert found["letters"][0] == state
    assert "pip install noto-cjk-sans-jp-regular" in found["letters"][1]


def test_the_doctor_makes_nothing(cli: Cli, folder: Path) -> None:
    """No database, no key, no folder; the missing database is the problem."""
    status, found = examined(cli)

    assert status == 1
    assert found["database"] == ("problem", "there is no database yet; run: booking db upgrade")
    assert list(folder.iterdir()) == []


def test_an_unknown_setting_is_a_problem(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without settings there is nothing else to look at."""
    monkeypatch.setenv("BOOKING_MAILURL", "smtp://mail.example.jp")

    status, found = examined(cli)

    assert status == 1
    assert list(found) == ["settings"]
    assert "BOOKING_MAILURL" in found["settings"][1]


def test_production_needs_an_address_keys_and_a_ticker(
    cli: Cli, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with its remedy; none stops the others from being told."""
    monkeypatch.setenv("BOOKING_ENV", "production")

    status, found = examined(cli)

    assert status == 1
    problems = {name: detail for name, (state, detail) in found.items() if state == "problem"}
    assert list(problems) == ["settings", "keys", "ticker"]
    assert "BOOKING_BASE_URL" in problems["settings"]
    assert "openssl rand -base64 32" in problems["keys"]
    assert "booking notify run" in problems["ticker"]


def test_a_production_that_runs_is_well(
    cli: Cli, database: str, smtp_server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is ok, and the mail server was really asked; SMS and LINE are a matter of choice."""
    monkeypatch.setenv("BOOKING_ENV", "production")
    monkeypatch.setenv("BOOKING_BASE_URL", "https://yoyaku.example.jp")
    monkeypatch.setenv("BOOKING_KEYS", KEYS)
    monkeypatch.setenv("BOOKING_MAIL_URL", smtp_server.url)
    monkeypatch.setenv("BOOKING_MAIL_FROM", "yoyaku@example.jp")
    with a_house(database) as house:
        house.request()
    cli("notify", "run", "--once")

    status, found = examined(cli)

    assert status == 0
    assert {name for name, (state, _) in found.items() if state != "ok"} == {"sms", "line"}
    assert {state for state, _ in found.values()} == {"ok", "note"}


@pytest.mark.parametrize(
    ("given", "check", "state", "said"),
    [
        ({"SMS_URL": "https://desk:pa55word@sms.example.jp/send"}, "sms", "ok", "sms.example.jp"),
        ({"SMS_URL": "http://desk:pa55word@127.0.0.1:9/send"}, "sms", "ok", "127.0.0.1"),
        ({"SMS_URL": "http://desk:pa55word@sms.example.jp/"}, "sms", "problem", "would go out"),
        ({"SMS_URL": "https://desk@sms.example.jp/send"}, "sms", "problem", "no password"),
        ({"SMS_URL": "https://desk:pa55word@[sms/"}, "sms", "problem", "is no address"),
        ({"SMS_URL": "sms.example.jp/pa55word"}, "sms", "problem", "is no address"),
        ({"LINE_TOKEN": "pa55word"}, "line", "problem", "without BOOKING_LINE_SECRET"),
        ({"LINE_SECRET": "pa55word"}, "line", "problem", "without BOOKING_LINE_TOKEN"),
        ({"LINE_TOKEN": "pa55word", "LINE_SECRET": "pa55word"}, "line", "ok", "api.line.me"),
        (
            {"LINE_TOKEN": "t", "LINE_SECRET": "s", "LINE_API": "http://line.example.jp"},
            "line",
            "problem",
            "BOOKING_LINE_API would go out",
        ),
    ],
)
def test_providers_are_set_whole_and_safely_or_not_at_all(
    cli: Cli,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, str],
    check: str,
    state: str,
    said: str,
) -> None:
    """With the remedy, and no secret is told."""
    for name, value in given.items():
        monkeypatch.setenv(f"BOOKING_{name}", value)

    _, found = examined(cli)

    assert found[check][0] == state
    assert said in found[check][1]
    assert "pa55word" not in cli("doctor").output


def test_what_nobody_could_tell_is_a_note(
    cli: Cli, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the staff's to deal with, and no fault of the installation."""
    monkeypatch.setenv("BOOKING_KEYS", KEYS)
    with a_house(database) as house:
        confirmed(house, how="mail")
        Teller(house).tick()
        (call,) = calls(house.ledger, STAFF)
        for number in range(3):
            record(house.ledger, call.id, Outcome.ABSENT, actor=STAFF, seen_tries=number)

    _, found = examined(cli)

    assert found["failures"] == ("note", "1 message could not be told; see /staff/")


def test_a_ticker_that_rehearsed_is_no_ticker(cli: Cli, database: str) -> None:
    """Its last tick lies ahead, which says nothing of now."""
    cli("notify", "run", "--once", "--at", "2098-12-18T10:00")

    _, found = examined(cli)

    assert found["ticker"][0] == "note"
    assert "rehearsal" in found["ticker"][1]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("smtp://desk:pa55word@127.0.0.1:1", "out of reach"),
        ("http://mail.example.jp", "BOOKING_MAIL_URL is no mail server"),
    ],
)
def test_mail_that_cannot_be_sent_is_a_problem(
    cli: Cli, database: str, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    """And the password is not told."""
    monkeypatch.setenv("BOOKING_MAIL_URL", url)

    result = cli("doctor")

    assert result.exit_code == 1
    assert said in result.stdout
    assert "pa55word" not in result.output


def test_keys_that_do_not_open_the_bookings_are_a_problem(
    cli: Cli, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a restore on a machine that has other keys; or none, which would make a new one."""
    with a_house(database) as house:
        house.request()
    for keys in (base64.b64encode(bytes(32)).decode(), ""):
        monkeypatch.setenv("BOOKING_KEYS", keys)

        status, found = examined(cli)

        assert status == 1
        assert found["sealed"][0] == "problem"
        assert "BOOKING_KEYS" in found["sealed"][1]


def test_a_development_key_that_others_can_read_is_a_problem(
    cli: Cli, database: str, folder: Path
) -> None:
    """With the command that mends it."""
    cli("staff", "list")
    assert examined(cli)[1]["keys"][0] == "ok"
    (folder / "var/development.key").chmod(0o644)

    status, found = examined(cli)

    assert status == 1
    assert found["keys"][0] == "problem"
    assert "chmod 600 var/development.key" in found["keys"][1]


def test_a_desk_file_that_is_wrong_is_a_problem(
    cli: Cli, database: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named with its path."""
    (folder / "town.toml").write_text("format = 1", encoding="utf-8")
    monkeypatch.setenv("BOOKING_DESKS", ".")

    status, found = examined(cli)

    assert status == 1
    assert found["desks"] == (
        "problem",
        "town.toml: organisation: is missing; a desk file has one [organisation]",
    )


def test_a_database_out_of_reach_is_a_problem(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line, without the password."""
    monkeypatch.setenv("BOOKING_DATABASE_URL", "postgresql://desk:pa55word@127.0.0.1:1/booking")

    result = cli("doctor")

    assert result.exit_code == 1
    assert "out of reach" in result.stdout
    assert "pa55word" not in result.output
