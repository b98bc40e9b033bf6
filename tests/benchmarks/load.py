"""A load of HTTP/1.1 requests over kept connections, from one thread, made of ready bytes."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from urllib.parse import urlsplit

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass
class Load:
    """What a load met: requests answered, by status, in how many seconds, each in how long."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return sum(self.statuses.values()) / self.seconds

    def percentile(self, share: float) -> float:
        """The time within which that share of requests was answered, in milliseconds."""
        return sorted(self.times)[int(share * (len(self.times) - 1))] * 1000


class _Connection(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], until: float, load: Load) -> None:
        self.requests, self.until, self.load = requests, until, load
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.buffer = b""
        self.missing = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        request = next(self.requests, None)
        if request is None or time.perf_counter() > self.until:
            self.transport.close()
            return
        self.asked = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.missing < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            found = LENGTH.search(self.buffer, 0, end)
            self.missing = end + 4 + (int(found[1]) if found else 0)
        if len(self.buffer) >= self.missing:
            self.load.statuses[int(self.buffer[9:12])] += 1
            self.load.times.append(time.perf_counter() - self.asked)
            self.buffer, self.missing = b"", -1
            self._ask()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def get(url: str, seconds: float, connections: int = 8, headers: str = "") -> Load:
    """Ask for `url` again and again for `seconds`."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    request = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{headers}\r\n".encode()
    return asyncio.run(_run(url, [repeat(request)] * connections, seconds))


def post(url: str, bodies: list[bytes], seconds: float, connections: int = 8) -> Load:
    """Post each of `bodies` once, until none is left or `seconds` are over."""
    parts = urlsplit(url)
    requests = iter(
        [
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
            for body in bodies
        ]
    )
    return asyncio.run(_run(url, [requests] * connections, seconds))


async def _run(url: str, each: list[Iterator[bytes]], seconds: float) -> Load:
    parts, load = urlsplit(url), Load()
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    connections = []
    for requests in each:
        _, one = await loop.create_connection(
            lambda requests=requests: _Connection(requests, began + seconds, load),
            parts.hostname,
            parts.port,
        )
        connections.append(one)
    await asyncio.gather(*(one.done for one in connections))
    load.seconds = time.perf_counter() - began
    return load


def cpu_seconds(group: int) -> float:
    """CPU time that the living processes of a process group have used (Linux)."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = path.read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(values[2]) == group:
            ticks += int(values[11]) + int(values[12])
    return ticks / 100
