"""The roads of the journeys: what residents, staff and the post do, through HTTP and the outbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from icalendar import Calendar
from litestar.testing import TestClient

from booking.ledger import access
from notifications.ticker import run_once
from tests.support.house import House, a_house, raw_application
from tests.support.mailbox import Mail, Mailbox


@dataclass
class Road:
    """A house with its doors open, a staff key, and a real mail server."""

    house: House
    client: TestClient[Any]
    key: str
    mailbox: Mailbox

    def tick(self) -> list[Mail]:
        """Let what is due be told; the mails that arrived by it."""
        before = len(self.mailbox.received)
        run_once(self.house.ledger, self.house.settings)
        return self.mailbox.received[before:]

    def post(self, path: str, body: dict[str, Any], status: int) -> Any:
        """A JSON request that is answered with `status`; the answer."""
        headers = {"Authorization": f"Bearer {self.key}"} if "/staff/" in path else {}
        answer = self.client.post(path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    def request(self, consultation: str, status: int = 201, **changes: Any) -> Any:
        """A resident's request by JSON."""
        return self.post("/api/v1/bookings", raw_application(consultation, **changes), status)

    def staff(self, reference: str, action: str, body: dict[str, Any], status: int = 200) -> Any:
        """What staff do with a booking."""
        return self.post(f"/api/v1/staff/bookings/{reference}/{action}", body, status)

    def free(self, consultation: str, day: str) -> dict[str, int]:
        """Free seats by time of day, as the public sees them."""
        path = f"/api/v1/consultations/{consultation}/slots?from={day}&to={day}"
        found = self.client.get(path).json()
        slots = found["slots"] if isinstance(found, dict) else found
        return {one["start"][11:16]: one["free"] for one in slots}


@contextmanager
def a_road(database_url: str, mailbox: Mailbox, **settings: Any) -> Iterator[Road]:
    """A road on the migrated database at `database_url`."""
    with (
        a_house(database_url, mail_url=mailbox.url, **settings) as house,
        house.client() as client,
    ):
        yield Road(house, client, access.add_key(house.ledger, "journey"), mailbox)


def text_of(mail: Mail) -> str:
    """What a person reads."""
    part = mail.message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def entry_of(mail: Mail) -> Any:
    """The one calendar entry that a mail carries, with METHOD beside it as `method`."""
    (part,) = [one for one in mail.message.walk() if one.get_content_type() == "text/calendar"]
    found = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == found["METHOD"]
    return found.events[0]
