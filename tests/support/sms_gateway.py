"""An SMS gateway as towns have it: basic auth, doubles seen by client_ref, signed receipts."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from tests.support.provider import Asked, Provider, Reply, said

USER, PASSWORD = "town", "p@ss/word"


@dataclass
class SmsGateway(Provider):
    """`accepted` holds what will be sent by its client_ref; `refuses` the numbers it will not take."""

    accepted: dict[str, Mapping[str, str]] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    doubles: int = 0

    @property
    def url(self) -> str:
        """What BOOKING_SMS_URL is set to."""
        return f"http://{USER}:{PASSWORD.replace('@', '%40').replace('/', '%2F')}@{self.address}/v1/messages"

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Number and text of each SMS that goes out, oldest first."""
        return [(one["to"], one["text"]) for one in self.accepted.values()]

    def usual(self, asked: Asked) -> Reply:
        """Take what is well-formed, once."""
        expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if asked.headers.get("authorization") != expected:
            return said(401, {"error": "unauthorized"})
        message = asked.json
        if asked.path != "/v1/messages" or set(message) != {"to", "text", "client_ref"}:
            return said(400, {"error": "malformed"})
        if message["to"] in self.refuses:
            return said(422, {"error": f"{message['to']} takes no SMS"})
        if message["client_ref"] in self.accepted:
            self.doubles += 1
            return said(409, {"client_ref": message["client_ref"]})
        self.accepted[message["client_ref"]] = message
        return said(202, {"id": f"sms-{len(self.accepted)}"})

    def receipt(self, ref: str, status: str, **more: object) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a delivery receipt, signed."""
        body = json.dumps({"id": "sms-1", "client_ref": ref, "status": status, **more}).encode()
        return body, signed(body)

    def deliver(self, url: str, ref: str, status: str) -> int:
        """Send a receipt to the app at `url`; the status that it answered."""
        body, headers = self.receipt(ref, status)
        return httpx.post(
            f"{url}/hooks/sms", content=body, headers=headers, trust_env=False
        ).status_code


def signed(body: bytes, password: str = PASSWORD) -> dict[str, str]:
    """The headers that a gateway with that password sends with `body`."""
    made = hmac.new(password.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Signature": f"sha256={made}", "Content-Type": "application/json"}


@contextmanager
def running_sms_gateway() -> Iterator[SmsGateway]:
    """A gateway for as long as the block lasts."""
    gateway = SmsGateway()
    with gateway.running():
        yield gateway
