"""A store on each kind of database."""

from collections.abc import Iterator

import pytest

from booking.store import Store, open_store
from tests.booking.store.elsewhere import KEY


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on a migrated database of the test's own."""
    opened = open_store(database_url, (KEY,))
    yield opened
    opened.close()


@pytest.fixture
def postgresql_store(postgresql_url: str) -> Iterator[Store]:
    """A store on PostgreSQL, for what needs two writers at once."""
    opened = open_store(postgresql_url, (KEY,))
    yield opened
    opened.close()
