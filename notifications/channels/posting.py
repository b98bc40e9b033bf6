"""How we post JSON to a provider: bounded in time and size, silent about what is sent.

Proxies and certificates are no business of stray environment variables (`trust_env=False`): where
personal data goes is said by BOOKING_* alone. Certificates are checked against the system's own
store, as for mail.
"""

import contextlib
import ipaddress
import json
import logging
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import httpx

from booking.settings import SettingsError
from notifications.channels.channel import NotSent

CONNECT_SECONDS = 5.0
SECONDS = 10.0
# What providers answer is some hundred bytes; whoever sends more is no provider of ours.
LARGEST_ANSWER = 65_536
# Nobody is believed who asks to wait for longer: a clock may be wrong, and somebody should look.
LONGEST_WAIT = timedelta(days=1)

# Its own records hold addresses of requests.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Address:
    """Where a provider is: `url` without the secret, which is in `user` and `password`."""

    url: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Answer:
    """What a provider answered. `said` is its JSON object; empty where it sent anything else."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    said: Mapping[str, Any] = field(repr=False)
    readable: bool

    def wait(self, at: datetime) -> timedelta | None:
        """How long Retry-After asks to wait (RFC 9110, 10.2.3: seconds or a date); None: it doesn't.

        A date is measured by the provider's own clock where it sent one, else from the instant `at`.
        """
        asked = self.headers.get("retry-after", "").strip()
        if asked.isascii() and asked.isdecimal():
            # Longer numbers are longer than the longest wait anyway.
            found = timedelta(seconds=int(asked[:9]))
        else:
            until, now = _instant(asked), _instant(self.headers.get("date", "")) or at
            if until is None:
                return None
            found = max(until - now, timedelta(0))
        return min(found, LONGEST_WAIT)


@dataclass
class Poster:
    """Posts to one provider, called `name` in refusals; one connection serves a whole run."""

    name: str
    address: Address
    seconds: float = SECONDS
    _client: httpx.Client | None = None

    def post(
        self, body: Mapping[str, Any], headers: Mapping[str, str] | None = None, path: str = ""
    ) -> Answer:
        """The provider's answer. Raises NotSent where there is none; whether it took it is open."""
        limit = time.monotonic() + self.seconds
        # In ASCII: whatever was typed, halves of characters too, can be written so.
        content_sent = json.dumps(body).encode("ascii")
        sent_with = {"Content-Type": "application/json", **(headers or {})}
        try:
            with self._connected().stream(
                "POST", self.address.url + path, content=content_sent, headers=sent_with
            ) as response:
                content = bytearray()
                for chunk in response.iter_bytes():
                    content += chunk
                    # A trickle keeps each single read within its limit.
                    if len(content) > LARGEST_ANSWER or time.monotonic() > limit:
                        raise NotSent(f"{self.name}-endless", down=True)
                return _answer(response, bytes(content))
        except NotSent:
            self.close()
            raise
        except httpx.TimeoutException:
            self.close()
            raise NotSent(f"{self.name}-timeout", down=True) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            self.close()
            raise NotSent(f"{self.name}-unreachable", down=True) from None

    def close(self) -> None:
        """Hang up; the next post calls again."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(httpx.HTTPError, OSError):
                client.close()

    def _connected(self) -> httpx.Client:
        if self._client is None:
            user = self.address.user
            self._client = httpx.Client(
                auth=httpx.BasicAuth(user, self.address.password) if user else None,
                timeout=httpx.Timeout(self.seconds, connect=min(CONNECT_SECONDS, self.seconds)),
                # What was meant for one host, secret included, is taken to no other.
                follow_redirects=False,
                trust_env=False,
                verify=_trusted() if self.address.url.startswith("https:") else True,
            )
        return self._client


def provider_address(variable: str, value: str) -> Address:
    """The address in a setting: https, or http on this very machine. Raises SettingsError.

    The text of the error names the variable, and nothing of the value.
    """
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or port == 0 or parts.scheme not in ("https", "http"):
        raise SettingsError(f"{variable} is no address; write https://host/path")
    if parts.scheme == "http" and not _loopback(host):
        raise SettingsError(
            f"{variable} would go out unencrypted; write https:// (http:// is for this machine only)"
        )
    try:
        httpx.URL(_bare(parts))
    except httpx.InvalidURL:
        raise SettingsError(f"{variable} is no address; write https://host/path") from None
    return Address(_bare(parts), unquote(parts.username or ""), unquote(parts.password or ""))


def _bare(parts: SplitResult) -> str:
    """The address without user, password and fragment."""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def _trusted() -> ssl.SSLContext:
    """Whom the system trusts: reading its certificates anew for each run would cost more than a call."""
    return ssl.create_default_context()


def _answer(response: httpx.Response, content: bytes) -> Answer:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    readable = isinstance(said, dict)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, said if readable else {}, readable)


def _instant(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    # A date that says -0000 has no zone; the header's dates are in UTC.
    return found if found.tzinfo else None
