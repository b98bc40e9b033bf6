"""Kept answers: built once however many ask, and bounded in what they keep."""

import asyncio
import time

from booking.api import Api
from booking.http import KeptBytes
from tests.support.house import TUESDAY, House


def test_many_who_ask_at_once_have_it_built_once(a_sqlite_house: House) -> None:
    built = []

    def build() -> tuple[bytes, None]:
        time.sleep(0.05)
        built.append(True)
        return b"[]", None

    async def crowd() -> None:
        api = Api(a_sqlite_house.ledger, a_sqlite_house.settings)
        await asyncio.gather(*(api.ready(("slots",), build) for _ in range(8)))

    asyncio.run(crowd())

    assert built == [True]


def test_what_could_not_be_built_is_tried_again(a_sqlite_house: House) -> None:
    tries = []

    def build() -> tuple[bytes, None]:
        tries.append(True)
        raise OSError

    async def twice() -> list[object]:
        api = Api(a_sqlite_house.ledger, a_sqlite_house.settings)
        first = await asyncio.gather(api.ready(("slots",), build), return_exceptions=True)
        return [*first, *await asyncio.gather(api.ready(("slots",), build), return_exceptions=True)]

    assert [type(one) for one in asyncio.run(twice())] == [OSError, OSError]
    assert len(tries) == 2


def test_kept_bytes_never_outgrow_their_bounds() -> None:
    kept = KeptBytes(most=3, most_bytes=10)
    for key in range(5):
        kept.get(key, 1, TUESDAY, lambda: (b"1234", None))

    held = [key for key in range(5) if kept.current(key, 1, TUESDAY)]
    assert held == [4]
