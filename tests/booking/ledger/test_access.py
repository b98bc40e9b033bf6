"""Who of the staff is asking: nobody gets in who should not, and who should, does."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from booking.errors import Invalid, NotFound, SlowDown
from booking.facts import Kind
from booking.ledger import access
from booking.ledger.access import SignInRefused
from tests.support.house import House, a_house

PASSWORD = "correct horse battery"
LOGIN = "yamada"


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A house with one member of staff."""
    with a_house(database_url) as found:
        access.add_staff(found.ledger, LOGIN, PASSWORD, name="山田", organisation="osaka")
        yield found


def sign_in(house: House, login: str = LOGIN, password: str = PASSWORD) -> str:
    return access.sign_in(house.ledger, login, password)[0]


def everything(house: House, table: str) -> str:
    query = text(f"SELECT * FROM {table}")
    return house.ledger.store.read(lambda tx: str(tx.execute(query).all()))


def refused(house: House, login: str = LOGIN, password: str = PASSWORD) -> None:
    with pytest.raises(SignInRefused) as found:
        sign_in(house, login, password)
    assert str(found.value) == "sign-in-refused"


def test_who_signs_in_is_known_by_the_cookie(house: House) -> None:
    cookie, staff = access.sign_in(house.ledger, LOGIN, PASSWORD)

    assert access.staff_of(house.ledger, cookie) == staff
    assert (staff.name, staff.role, staff.organisation) == ("山田", "staff", "osaka")
    assert staff.may_act
    assert staff.actor == f"staff:{staff.id}"


def test_neither_password_nor_cookie_nor_key_is_kept(house: House) -> None:
    cookie, key = sign_in(house), access.add_key(house.ledger, "programme")

    assert "$argon2id$" in everything(house, "staff")
    kept = "".join(
        everything(house, table) for table in ("staff", "staff_logins", "api_keys", "facts")
    )
    for secret in (PASSWORD, cookie, key):
        assert secret not in kept


def test_whatever_else_is_typed_lets_nobody_in(house: House) -> None:
    for login, password in (
        (LOGIN, "wrong horse battery"),
        (LOGIN, ""),
        (LOGIN, PASSWORD + " "),
        ("nobody", PASSWORD),
        ("", ""),
        ("\x00", PASSWORD),
        ("\ud800", PASSWORD),
        (LOGIN, "\ud800\x00"),
        ("y" * 90_000, "p" * 90_000),
    ):
        refused(house, login, password)


def test_a_sign_in_gives_a_new_cookie_each_time(house: House) -> None:
    """Nobody can plant one beforehand."""
    first, second = sign_in(house), sign_in(house)

    assert first != second
    assert access.staff_of(house.ledger, first) == access.staff_of(house.ledger, second)
    assert access.form_token(house.ledger, first) != access.form_token(house.ledger, second)


def test_another_cookie_stands_for_nobody(house: House) -> None:
    sign_in(house)

    for cookie in ("", "x", "\x00", "\ud800", "A" * 90_000):
        assert access.staff_of(house.ledger, cookie) is None


def test_who_signs_out_is_out_and_others_are_not(house: House) -> None:
    first, second = sign_in(house), sign_in(house)

    access.sign_out(house.ledger, first)

    assert access.staff_of(house.ledger, first) is None
    assert access.staff_of(house.ledger, second) is not None


def test_two_idle_hours_end_a_sign_in(house: House) -> None:
    cookie = sign_in(house)
    house.clock.move_by(hours=1, minutes=59)
    assert access.staff_of(house.ledger, cookie) is not None
    house.clock.move_by(hours=1, minutes=59)
    assert access.staff_of(house.ledger, cookie) is not None

    house.clock.move_by(hours=2)

    assert access.staff_of(house.ledger, cookie) is None


def test_twelve_hours_end_it_however_busy(house: House) -> None:
    cookie = sign_in(house)
    for _ in range(11):
        house.clock.move_by(hours=1)
        assert access.staff_of(house.ledger, cookie) is not None

    house.clock.move_by(hours=1)

    assert access.staff_of(house.ledger, cookie) is None


def test_a_disabled_account_is_out_at_once_everywhere(house: House) -> None:
    cookie = sign_in(house)

    access.disable_staff(house.ledger, LOGIN)

    assert access.staff_of(house.ledger, cookie) is None
    refused(house)
    with pytest.raises(NotFound):
        access.disable_staff(house.ledger, "nobody")


def test_ten_wrong_tries_are_enough_for_a_quarter_of_an_hour(house: House) -> None:
    for _ in range(10):
        refused(house, password="wrong")
    with pytest.raises(SlowDown) as slow:
        sign_in(house)
    assert 0 < slow.value.retry_after <= 15 * 60

    house.clock.move_by(minutes=15)

    sign_in(house)


def test_unknown_names_are_counted_as_known_ones_are(house: House) -> None:
    """Or one would learn by it which names there are."""
    for _ in range(10):
        refused(house, "nobody")

    with pytest.raises(SlowDown):
        sign_in(house, "nobody")
    sign_in(house)


def test_a_right_password_forgets_the_wrong_ones(house: House) -> None:
    for _ in range(2):
        for _ in range(6):
            refused(house, password="wrong")
        sign_in(house)


def test_signing_in_and_failing_to_are_facts_without_what_was_typed(house: House) -> None:
    sign_in(house)
    refused(house, password="wrong password")
    refused(house, "hanako@example.jp", "typed into the wrong field")

    kept = everything(house, "facts")

    assert kept.count(Kind.SIGNED_IN.value) == 1
    assert kept.count(Kind.SIGN_IN_FAILED.value) == 2
    for typed in ("wrong password", "hanako", "wrong field"):
        assert typed not in kept + everything(house, "attempt_counts")


def test_the_demonstration_account_works_only_where_it_is_allowed(house: House) -> None:
    password = "demonstration only"
    assert access.ensure_demonstration(house.ledger, password)
    refused(house, "demo", password)
    refused(house, " demo ", password)

    _, staff = access.sign_in(house.ledger, "demo", password, demonstration=True)

    assert staff.role == "admin"


def test_the_demonstration_account_takes_the_password_it_is_given_unless_disabled(
    house: House,
) -> None:
    access.ensure_demonstration(house.ledger, "first password")
    access.ensure_demonstration(house.ledger, "second password")
    access.sign_in(house.ledger, "demo", "second password", demonstration=True)
    with pytest.raises(SignInRefused):
        access.sign_in(house.ledger, "demo", "first password", demonstration=True)

    access.disable_staff(house.ledger, "demo")

    assert not access.ensure_demonstration(house.ledger, "third password")
    with pytest.raises(SignInRefused):
        access.sign_in(house.ledger, "demo", "third password", demonstration=True)


def test_an_account_is_made_with_a_long_password_a_known_role_and_a_free_login(
    house: House,
) -> None:
    for login, password, role, field in (
        ("a", "too short", "staff", "password"),
        ("a", PASSWORD, "king", "role"),
        (LOGIN, PASSWORD, "staff", "login"),
    ):
        with pytest.raises(Invalid) as found:
            access.add_staff(house.ledger, login, password, role=role)
        assert [one.field for one in found.value.errors] == [field]
    assert [one["login"] for one in access.all_staff(house.ledger)] == [LOGIN]


def test_who_only_reads_may_not_act(house: House) -> None:
    access.add_staff(house.ledger, "reader", PASSWORD, role="viewer")

    assert not access.sign_in(house.ledger, "reader", PASSWORD)[1].may_act


def test_a_key_stands_for_its_programme_until_it_is_revoked(house: House) -> None:
    key = access.add_key(house.ledger, "programme", role="viewer", organisation="osaka")
    staff = access.staff_of_key(house.ledger, key)
    assert staff is not None
    assert (staff.name, staff.organisation, staff.may_act) == ("programme", "osaka", False)
    assert staff.actor == f"key:{staff.id}"
    for other in ("", key[:-1], f"{key}x", key.upper(), "\x00", "\ud800"):
        assert access.staff_of_key(house.ledger, other) is None

    access.revoke_key(house.ledger, "programme")

    assert access.staff_of_key(house.ledger, key) is None
    with pytest.raises(NotFound):
        access.revoke_key(house.ledger, "programme")


def test_a_keys_name_is_its_own_and_its_role_known(house: House) -> None:
    access.add_key(house.ledger, "programme")
    with pytest.raises(Invalid):
        access.add_key(house.ledger, "programme")
    with pytest.raises(Invalid):
        access.add_key(house.ledger, "another", role="king")

    assert [one["name"] for one in access.all_keys(house.ledger)] == ["programme"]


def test_a_sign_in_is_not_written_down_at_every_look(house: House) -> None:
    """A page that is read asks for no writer; once a minute is enough."""
    cookie = sign_in(house)
    before = everything(house, "staff_logins")
    house.clock.move_by(seconds=59)
    access.staff_of(house.ledger, cookie)
    assert everything(house, "staff_logins") == before

    house.clock.move_by(seconds=2)
    access.staff_of(house.ledger, cookie)

    assert everything(house, "staff_logins") != before
    assert access.IDLE - timedelta(hours=1) > access.TOUCH_EVERY
