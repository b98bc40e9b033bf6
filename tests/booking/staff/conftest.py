"""A house on each database, and somebody of Shibukawa's staff at its console."""

from collections.abc import Iterator

import pytest

from tests.support.clerk import Clerk, at_the_console
from tests.support.house import House, a_house


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A house on a database of the test's own; once on each kind."""
    with a_house(database_url) as made:
        yield made


@pytest.fixture
def clerk(house: House) -> Iterator[Clerk]:
    """佐藤 of Shibukawa, who may act, signed in."""
    with at_the_console(house) as found:
        yield found
