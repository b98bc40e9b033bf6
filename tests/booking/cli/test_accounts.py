"""`booking staff` and `booking keys`: who of the staff may do what."""

import json
from typing import Any

import pytest

from booking.ledger import access
from booking.ledger.access import SignInRefused
from tests.booking.cli.conftest import Cli
from tests.support.house import House, a_house

PASSWORD = "tanuki-no-shiro"
pytestmark = pytest.mark.usefixtures("database")


def listed(cli: Cli, what: str) -> list[dict[str, Any]]:
    """What a listing has."""
    found: list[dict[str, Any]] = json.loads(cli(what, "list", "--json").stdout)
    return found


def add(cli: Cli, login: str, *options: str, password: str = PASSWORD) -> Any:
    """`booking staff add`, with the password from stdin."""
    return cli("staff", "add", login, *options, "--password-stdin", input=f"{password}\n")


def signs_in(house: House, login: str, password: str = PASSWORD) -> bool:
    """Whether the console lets them in."""
    try:
        access.sign_in(house.ledger, login, password)
    except SignInRefused:
        return False
    return True


def test_who_is_added_can_sign_in(cli: Cli, database: str) -> None:
    """With the role and the organisation that were given."""
    result = add(cli, "sato", "--name", "佐藤", "--role", "viewer", "--organisation", "osaka")

    assert (result.exit_code, result.stderr) == (0, "")
    assert PASSWORD not in result.output
    with a_house(database) as house:
        _, staff = access.sign_in(house.ledger, "sato", PASSWORD)
    assert (staff.name, staff.role, staff.organisation) == ("佐藤", "viewer", "osaka")


def test_the_password_is_asked_twice(cli: Cli, database: str) -> None:
    """Until both are alike; neither is shown."""
    typed = f"{PASSWORD}\nanother-one\n{PASSWORD}\n{PASSWORD}\n"

    result = cli("staff", "add", "sato", input=typed)

    assert result.exit_code == 0
    assert PASSWORD not in result.output
    with a_house(database) as house:
        assert signs_in(house, "sato")


def test_staff_are_listed_without_their_passwords(cli: Cli) -> None:
    """For programs and for people."""
    add(cli, "sato", "--name", "佐藤", "--organisation", "shibukawa")
    add(cli, "kato")

    assert listed(cli, "staff") == [
        {"login": "kato", "name": "kato", "role": "staff", "organisation": None,
         "disabled_at": None},
        {"login": "sato", "name": "佐藤", "role": "staff", "organisation": "shibukawa",
         "disabled_at": None},
    ]  # fmt: skip
    lines = cli("staff", "list").stdout.splitlines()
    assert lines[1].split() == ["kato", "kato", "staff", "全自治体"]
    assert lines[2].split() == ["sato", "佐藤", "staff", "shibukawa"]


def test_who_is_disabled_cannot_sign_in(cli: Cli, database: str) -> None:
    """At once, and the list says so."""
    add(cli, "sato")

    result = cli("staff", "disable", "sato")

    assert (result.exit_code, result.stderr) == (0, "")
    assert listed(cli, "staff")[0]["disabled_at"].endswith("+09:00")
    assert "disabled" in cli("staff", "list").stdout
    with a_house(database) as house:
        assert not signs_in(house, "sato")


@pytest.mark.parametrize(
    ("login", "options", "password", "status", "said"),
    [
        ("sato", (), "short", 1, "パスワードは10文字以上"),
        ("kato", (), PASSWORD, 1, "このログインIDは使われています"),
        ("sato", ("--organisation", "kusatsu"), PASSWORD, 1, "kusatsu"),
        ("demo", (), PASSWORD, 1, "demonstration"),
        ("sato", ("--role", "boss"), PASSWORD, 2, "viewer"),
        ("Sato Hanako", (), PASSWORD, 2, "small letters"),
        ("", (), PASSWORD, 2, "small letters"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    cli: Cli, login: str, options: tuple[str, ...], password: str, status: int, said: str
) -> None:
    """With the remedy, on stderr; and nobody is added."""
    add(cli, "kato")

    result = add(cli, login, *options, password=password)

    assert result.exit_code == status
    assert result.stdout == ""
    assert said in result.stderr
    assert [one["login"] for one in listed(cli, "staff")] == ["kato"]


def test_disabling_somebody_unknown_is_refused(cli: Cli) -> None:
    """A typing mistake must not look like success."""
    result = cli("staff", "disable", "nobody")

    assert result.exit_code == 1
    assert result.stderr == "Error: no account has the login nobody\n"


def test_a_key_is_printed_once_and_works(cli: Cli, database: str) -> None:
    """Alone on stdout, for a script to keep."""
    result = cli("keys", "add", "kiosk", "--role", "staff", "--organisation", "shibukawa")

    key = result.stdout.strip()
    assert result.exit_code == 0
    assert len(key.split()) == 1
    with a_house(database) as house:
        program = access.staff_of_key(house.ledger, key)
    assert program is not None
    assert (program.name, program.role, program.organisation) == ("kiosk", "staff", "shibukawa")
    assert key not in cli("keys", "list").stdout + cli("keys", "list", "--json").stdout


def test_keys_are_listed_by_name(cli: Cli) -> None:
    """With when they were made, in Tokyo's time."""
    cli("keys", "add", "kiosk", "--role", "viewer")

    (found,) = listed(cli, "keys")

    assert found["created_at"].endswith("+09:00")
    del found["created_at"]
    assert found == {"name": "kiosk", "role": "viewer", "organisation": None, "revoked_at": None}
    assert "kiosk" in cli("keys", "list").stdout


def test_a_revoked_key_is_worthless(cli: Cli, database: str) -> None:
    """At once; a second time there is nothing to revoke."""
    key = cli("keys", "add", "kiosk", "--role", "staff").stdout.strip()

    assert cli("keys", "revoke", "kiosk").exit_code == 0
    again = cli("keys", "revoke", "kiosk")

    with a_house(database) as house:
        assert access.staff_of_key(house.ledger, key) is None
    assert "revoked" in cli("keys", "list").stdout
    assert again.exit_code == 1
    assert again.stderr == "Error: no key in use is called kiosk\n"


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("kiosk", "--role", "staff"), 1),
        (("tablet", "--role", "boss"), 2),
        (("tablet", "--role", "staff", "--organisation", "kusatsu"), 1),
        ((" ", "--role", "staff"), 2),
    ],
)
def test_a_key_that_cannot_be_is_refused(cli: Cli, options: tuple[str, ...], status: int) -> None:
    """And none is printed."""
    cli("keys", "add", "kiosk", "--role", "staff")

    result = cli("keys", "add", *options)

    assert result.exit_code == status
    assert result.stdout == ""
    assert [one["name"] for one in listed(cli, "keys")] == ["kiosk"]
