"""A house and a client of its API: on both databases, or (`a_…`) where the database plays no part."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from booking.ledger.access import add_key
from tests.support.databases import sqlite_copy
from tests.support.house import House, a_house

Client = TestClient[Any]
Headers = dict[str, str]


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A house, once on each kind of database."""
    with a_house(database_url) as found:
        yield found


@pytest.fixture
def client(house: House) -> Iterator[Client]:
    """A client of `house`."""
    with house.client() as found:
        yield found


@pytest.fixture
def a_sqlite_house(sqlite_url: str) -> Iterator[House]:
    """A house where one kind of database is enough."""
    with a_house(sqlite_url) as found:
        yield found


@pytest.fixture
def a_client(a_sqlite_house: House) -> Iterator[Client]:
    """A client of `a_sqlite_house`."""
    with a_sqlite_house.client() as found:
        yield found


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a house that a whole file shares: for what is only read, or refused."""
    with a_house(sqlite_copy(tmp_path_factory.mktemp("house"))) as shared, shared.client() as found:
        yield found


@pytest.fixture
def key_of(request: pytest.FixtureRequest) -> Callable[..., Headers]:
    """Makes a key of a role and organisation: the headers that show it."""
    wanted = "house" if "house" in request.fixturenames else "a_sqlite_house"
    of: House = request.getfixturevalue(wanted)

    def make(role: str = "staff", organisation: str | None = None) -> Headers:
        key = add_key(of.ledger, f"{role} of {organisation}", role=role, organisation=organisation)
        return {"Authorization": f"Bearer {key}"}

    return make
