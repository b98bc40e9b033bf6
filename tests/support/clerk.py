"""Somebody of the staff at the console, with a browser's habits: a cookie jar and the form's token."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

from litestar.testing import TestClient

from booking.ledger import access
from tests.support.house import House

PASSWORD = "a password of tests"


@dataclass
class Clerk:
    """Gets pages and sends forms; `page` is the text of the last answer, `status` its status."""

    client: TestClient[Any]
    token: str = ""
    page: str = ""
    status: int = 0
    location: str = ""

    def get(self, path: str) -> str:
        """The page at `path`, as it is or where it leads."""
        return self._keep(self.client.get(path, follow_redirects=False))

    def post(self, path: str, **fields: Any) -> str:
        """The answer to a form with the sign-in's token."""
        sent = {"_csrf_token": self.token, **fields}
        return self._keep(self.client.post(path, data=sent, follow_redirects=False))

    def act(self, reference: str, action: str, **fields: Any) -> str:
        """The answer to a form of a booking's page: fields bear the action's name there."""
        sent = {f"{action}_{name}": value for name, value in fields.items()}
        return self.post(f"/staff/bookings/{reference}/{action}", **sent)

    def follow(self) -> str:
        """The page that the last answer leads to."""
        return self.get(self.location)

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the last page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found is not None, f"no field {name}"
        return unescape(found[1])

    def _keep(self, answer: Any) -> str:
        self.page, self.status = answer.text, answer.status_code
        self.location = answer.headers.get("location", "")
        return self.page


def hire(house: House, login: str = "sato", **account: Any) -> None:
    """Make an account in Shibukawa, unless `organisation` says another one."""
    chosen = {"name": "佐藤", "organisation": "shibukawa"} | account
    access.add_staff(house.ledger, login, PASSWORD, **chosen)


@contextmanager
def at_the_console(house: House, login: str = "sato", **account: Any) -> Iterator[Clerk]:
    """A member of staff, hired and signed in."""
    hire(house, login, **account)
    with house.client() as client:
        clerk = Clerk(client)
        clerk.post("/staff/login", login=login, password=PASSWORD)
        assert clerk.status == 303, clerk.page
        clerk.get("/staff/")
        clerk.token = clerk.hidden("_csrf_token")
        yield clerk
