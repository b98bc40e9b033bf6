"""Somebody of the staff at the console, with a browser's habits: a cookie jar and the form's token."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

from litestar.testing import TestClient

from booking.ledger import access
from booking.store import Tx
from booking.store import staff as rows
from booking.store.sealed import token_hash
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
    """Make an account with a password in Shibukawa, unless `organisation` says another one."""
    chosen = {"name": "佐藤", "organisation": "shibukawa"} | account
    access.add_staff(house.ledger, login, PASSWORD, **chosen)


@contextmanager
def at_the_console(house: House, login: str = "sato", **account: Any) -> Iterator[Clerk]:
    """A member of staff, hired and signed in: without a password, whose hashing takes its time."""
    now, cookie = house.ledger.now(), f"cookie-of-{login}"
    staff = {"id": login, "login": login, "name": "佐藤", "role": "staff", "password_hash": "!"}
    staff |= {"organisation": "shibukawa", "created_at": now, "disabled_at": None} | account
    seen = {"id_hash": token_hash(cookie), "staff_id": login, "created_at": now, "last_seen": now}
    seen |= {"expires_at": now + access.LONGEST, "revoked_at": None}

    def work(tx: Tx) -> None:
        rows.add(tx, staff)
        rows.add_login(tx, seen)

    house.ledger.store.write(work)
    with house.client() as client:
        client.cookies.set("staff", cookie)
        yield Clerk(client, access.form_token(house.ledger, cookie))
