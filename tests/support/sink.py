"""A mail server that takes everything, quickly: for races and benchmarks. See `mailbox` for readers.

As a program it counts only: `python -m tests.support.sink` says its address, and ends with its input.
"""

import asyncio
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

END = b"\r\n.\r\n"
ANSWERS = {
    b"EHLO": b"250-sink\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}


@dataclass(frozen=True)
class Taken:
    """A mail that was taken over: its message's reference, for whom, and when (Unix time)."""

    ref: str
    to: str
    at: float


@dataclass
class Sink:
    """`taken` holds what was taken over, in order.

    It thinks for some seconds `before` it takes a mail, and `after` that before it says so. Who dies
    in the first has sent nothing; who dies in the second has sent it, and doesn't know.
    """

    before: float = 0.0
    after: float = 0.0
    url: str = ""
    taken: list[Taken] = field(default_factory=list)

    async def listen(self) -> asyncio.Server:
        """Begin to listen, at a port of the kernel's choice."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Talk(self), "127.0.0.1", 0)
        self.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server


class _Talk(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.buffer = b""
        self.in_mail = False
        self.to = ""
        self.thinking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def connection_lost(self, _error: Exception | None) -> None:
        if self.thinking is not None:
            self.thinking.cancel()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            content, found, rest = self.buffer.partition(END if self.in_mail else b"\r\n")
            if not found:
                return
            self.buffer = rest
            if self.in_mail:
                self._mail(content)
            else:
                self._command(content)

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"RCPT":
            self.to = line.partition(b"<")[2].partition(b">")[0].decode()
        self.in_mail = verb == b"DATA"
        self.transport.write(ANSWERS.get(verb, b"250 OK\r\n"))

    def _mail(self, content: bytes) -> None:
        self.in_mail = False
        ref = content.partition(b"Message-ID: <")[2].partition(b"@")[0].decode()
        if self.sink.before:
            loop = asyncio.get_running_loop()
            self.thinking = loop.call_later(self.sink.before, self._take, ref)
        else:
            self._take(ref)

    def _take(self, ref: str) -> None:
        self.sink.taken.append(Taken(ref, self.to, time.time()))
        if self.sink.after:
            self.thinking = asyncio.get_running_loop().call_later(self.sink.after, self._say)
        else:
            self._say()

    def _say(self) -> None:
        self.transport.write(b"250 taken\r\n")


@contextmanager
def running_sink(before: float = 0.0, after: float = 0.0) -> Iterator[Sink]:
    """A sink that takes mail for as long as the block lasts, in a thread of its own."""
    sink, loop, ready = Sink(before, after), asyncio.new_event_loop(), threading.Event()

    def run() -> None:
        server = loop.run_until_complete(sink.listen())
        ready.set()
        loop.run_forever()
        server.close()
        loop.run_until_complete(server.wait_closed())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(10)
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


if __name__ == "__main__":
    with running_sink() as alone:
        sys.stdout.write(f"{alone.url}\n")
        sys.stdout.flush()
        sys.stdin.read()
