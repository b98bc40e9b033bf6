"""Settings: read strictly, told apart from secrets, and the development key that is made once."""

import base64
import stat
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path

import pytest

from booking.settings import Settings, SettingsError, from_env, kept_secret, sealing_keys
from tests.support.settings_table import BEGIN, END, table

README = Path(__file__).parents[2] / "README.md"
ONE, TWO = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))


def test_without_variables_the_defaults_hold() -> None:
    """A newcomer sets nothing."""
    settings = from_env({})

    assert settings == Settings()
    assert settings.database_url == "sqlite:///var/booking.db"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.env, settings.production, settings.secure) == ("development", False, False)
    assert (settings.desks, settings.keys, settings.mail_url) == (None, (), None)


def test_every_variable_has_its_field(tmp_path: Path) -> None:
    """Field `x` is BOOKING_X."""
    given = {
        "BOOKING_DATABASE_URL": "sqlite:////srv/booking.db",
        "BOOKING_DESKS": str(tmp_path),
        "BOOKING_BASE_URL": "https://yoyaku.example.jp/",
        "BOOKING_KEYS": f"{ONE},{TWO}",
        "BOOKING_MAIL_URL": "smtp://mail.example.jp",
        "BOOKING_MAIL_FROM": "yoyaku@example.jp",
        "BOOKING_MAIL_BOUNCES": "bounces@example.jp",
        "BOOKING_SMS_URL": "https://sms.example.jp",
        "BOOKING_LINE_TOKEN": "token",
        "BOOKING_LINE_SECRET": "secret",
        "BOOKING_LINE_ACCOUNT": "@shibukawa",
        "BOOKING_LINE_API": "https://line.example.jp",
        "BOOKING_ENV": "production",
    }

    assert given.keys() == {f"BOOKING_{one.name.upper()}" for one in fields(Settings)}
    assert from_env(given) == Settings(
        database_url="sqlite:////srv/booking.db",
        desks=tmp_path,
        base_url="https://yoyaku.example.jp",
        keys=(bytes([1]) * 32, bytes([2]) * 32),
        mail_url="smtp://mail.example.jp",
        mail_from="yoyaku@example.jp",
        mail_bounces="bounces@example.jp",
        sms_url="https://sms.example.jp",
        line_token="token",
        line_secret="secret",
        line_account="@shibukawa",
        line_api="https://line.example.jp",
        env="production",
    )


def test_an_empty_variable_is_an_unset_one() -> None:
    """As `BOOKING_MAIL_URL=` in a unit file means it."""
    assert from_env({"BOOKING_MAIL_URL": " ", "BOOKING_DATABASE_URL": ""}) == Settings()


def test_https_makes_cookies_secure() -> None:
    """Residents' addresses say whether there is a https in front."""
    assert from_env({"BOOKING_BASE_URL": "https://yoyaku.example.jp"}).secure


@pytest.mark.parametrize(
    "variable", ["BOOKING_DATABSE_URL", "BOOKING_", "BOOKING_keys_", "BOOKING_PORT"]
)
def test_an_unknown_variable_is_an_error_that_names_it(variable: str) -> None:
    """A typing mistake must not leave a default in force."""
    with pytest.raises(SettingsError, match=f"{variable} is not a setting.*README"):
        from_env({variable: "x"})


def test_variables_of_others_are_none_of_ours() -> None:
    """Those of the test run too."""
    assert from_env({"PATH": "/bin", "BOOKING_TEST_PG_URL": "postgresql://x"}) == Settings()


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("BOOKING_ENV", "staging", "development nor production"),
        ("BOOKING_ENV", "Production", "development nor production"),
        ("BOOKING_DATABASE_URL", "mysql://db/booking", "postgresql://"),
        ("BOOKING_DATABASE_URL", "booking.db", "sqlite:///"),
        ("BOOKING_DATABASE_URL", "sqlite://var/booking.db", "sqlite:///"),
        ("BOOKING_DATABASE_URL", "sqlite:///", "sqlite:///"),
        ("BOOKING_DATABASE_URL", "sqlite:///:memory:", "sqlite:///"),
        ("BOOKING_DATABASE_URL", "postgresql://desk:pass@db:port/booking", "host:port"),
        ("BOOKING_BASE_URL", "yoyaku.example.jp", "write https://host"),
        ("BOOKING_BASE_URL", "ftp://yoyaku.example.jp", "write https://host"),
        ("BOOKING_BASE_URL", "https://", "write https://host"),
        ("BOOKING_BASE_URL", "https://yoyaku.example.jp:port", "write https://host"),
        ("BOOKING_DESKS", "/nowhere/desks", "name the folder"),
        ("BOOKING_DESKS", __file__, "name the folder"),
        ("BOOKING_KEYS", "short", "openssl rand -base64 32"),
        ("BOOKING_KEYS", f"{ONE},", "openssl rand -base64 32"),
        ("BOOKING_KEYS", base64.b64encode(bytes(31)).decode(), "openssl rand -base64 32"),
    ],
)  # fmt: skip
def test_an_unusable_value_names_variable_and_remedy(
    variable: str, value: str, remedy: str
) -> None:
    """So that an operator can mend it without looking anything up."""
    with pytest.raises(SettingsError) as refused:
        from_env({variable: value})

    assert variable in str(refused.value)
    assert remedy in str(refused.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BOOKING_DATABASE_URL", "postgresql://desk:pa55word@db:port/booking"),
        ("BOOKING_DATABASE_URL", "mysql://desk:pa55word@db/booking"),
        ("BOOKING_KEYS", "pa55word"),
    ],
)
def test_a_refusal_repeats_no_secret(variable: str, value: str) -> None:
    """It ends up in logs."""
    with pytest.raises(SettingsError) as refused:
        from_env({variable: value})

    assert "pa55word" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_gets_the_driver_that_we_ship(scheme: str) -> None:
    """Whatever of the usual names it is given by."""
    url = from_env({"BOOKING_DATABASE_URL": f"{scheme}://desk:pass@db/booking"}).database_url

    assert url == "postgresql+psycopg://desk:pass@db/booking"


def test_the_settings_are_frozen() -> None:
    """Read once, the same for everybody."""
    with pytest.raises(AttributeError):
        Settings().env = "production"  # type: ignore[misc]


def test_no_secret_is_in_the_repr() -> None:
    """Reprs end up in logs and tracebacks."""
    secrets = {
        "BOOKING_DATABASE_URL": "postgresql://desk:dbpass@db/booking",
        "BOOKING_KEYS": ONE,
        "BOOKING_MAIL_URL": "smtp://desk:mailpass@mail.example.jp",
        "BOOKING_SMS_URL": "https://sms.example.jp/?key=smspass",
        "BOOKING_LINE_TOKEN": "linepass",
        "BOOKING_LINE_SECRET": "linesecret",
    }

    said = repr(from_env(secrets))

    for secret in (
        "dbpass",
        ONE,
        repr(bytes([1]) * 32)[2:-1],
        "mailpass",
        "smspass",
        "linepass",
        "linesecret",
    ):
        assert secret not in said


def test_keys_that_are_set_are_used_and_none_is_made(tmp_path: Path) -> None:
    """Newest first, as they were given."""
    settings = from_env({"BOOKING_KEYS": f"{TWO},{ONE}"})

    assert sealing_keys(settings, tmp_path / "var") == (bytes([2]) * 32, bytes([1]) * 32)
    assert list(tmp_path.iterdir()) == []


def test_production_without_keys_is_refused(tmp_path: Path) -> None:
    """Also where a development key lies about."""
    sealing_keys(Settings(), tmp_path)

    with pytest.raises(SettingsError, match=r"BOOKING_KEYS is unset.*openssl rand -base64 32"):
        sealing_keys(Settings(env="production"), tmp_path)


def test_the_development_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """In a folder that is made with it, and nothing is left beside it."""
    folder = tmp_path / "var"

    (made,) = sealing_keys(Settings(), folder)

    assert len(made) == 32
    assert sealing_keys(Settings(), folder) == (made,)
    assert [one.name for one in folder.iterdir()] == ["development.key"]
    assert stat.S_IMODE((folder / "development.key").stat().st_mode) == 0o600


def test_each_installation_has_a_development_key_of_its_own(tmp_path: Path) -> None:
    """It is random."""
    assert sealing_keys(Settings(), tmp_path / "a") != sealing_keys(Settings(), tmp_path / "b")


def test_a_development_key_that_was_spoilt_is_refused(tmp_path: Path) -> None:
    """Making another one would make all bookings unreadable without a word."""
    (tmp_path / "development.key").write_text("spoilt", encoding="ascii")

    with pytest.raises(SettingsError):
        sealing_keys(Settings(), tmp_path)


def test_processes_that_start_at_once_get_the_same_development_key(tmp_path: Path) -> None:
    """`booking serve --workers` and `booking notify run` are started by one line."""
    program = """
import sys, time
from pathlib import Path
from booking.settings import Settings, sealing_keys
time.sleep(max(0, float(sys.argv[2]) - time.time()))
print(sealing_keys(Settings(), Path(sys.argv[1]))[0].hex())
"""
    together = str(time.time() + 1.5)
    command = [sys.executable, "-c", program, str(tmp_path / "var"), together]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=README.parent)
        for _ in range(6)
    ]
    said = {one.communicate(timeout=120)[0].strip() for one in running}

    (key,) = said
    assert len(key) == 64
    assert [one.name for one in (tmp_path / "var").iterdir()] == ["development.key"]


def test_who_comes_second_gets_what_the_first_one_made(tmp_path: Path) -> None:
    """Even where the first one finishes while the second is making its own."""
    path = tmp_path / "secret"

    def make() -> str:
        if not path.exists():
            path.write_text("first", encoding="ascii")
        return "second"

    assert kept_secret(path, make) == "first"
    assert list(tmp_path.iterdir()) == [path]


def test_the_readme_lists_every_setting_with_its_default() -> None:
    """What the code has is what is printed by: python -m tests.support.settings_table."""
    text = README.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1

    printed = text.split(BEGIN)[1].split(END)[0].strip()

    assert printed == table().strip()
