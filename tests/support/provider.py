"""A provider as a real HTTP server in a thread: it answers what it was told to, else as it should."""

import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer. `after` seconds pass first; `drips`: byte by byte; `hangs_up`: none at all."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0
    drips: bool = False
    hangs_up: bool = False


def said(status: int, body: Mapping[str, Any], **headers: str) -> Reply:
    """An answer in JSON; `Retry_After="5"` is the header Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named["Content-Type"] = "application/json"
    return Reply(status=status, body=json.dumps(body).encode(), headers=named)


@dataclass(frozen=True)
class Asked:
    """A request as it came over the wire."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass
class Provider:
    """`asked` holds the requests, oldest first; `planned` answers come before the usual ones.

    `always` stands for as long as it is set. What a planned answer refuses is not accepted.
    """

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    planned: deque[Reply] = field(default_factory=deque)
    always: Reply | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)

    def usual(self, asked: Asked) -> Reply:
        """What it answers by itself."""
        raise NotImplementedError

    def answer(self, asked: Asked) -> Reply:
        """What it answers now."""
        with self.lock:
            self.asked.append(asked)
            if self.planned:
                return self.planned.popleft()
            return self.always or self.usual(asked)

    @contextmanager
    def running(self) -> Iterator["Provider"]:
        """Listen on the loopback for as long as the block lasts; the kernel picks the port."""
        handler = type("Handler", (_Handler,), {"provider": self})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        self.address = f"127.0.0.1:{server.server_address[1]}"
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            server.shutdown()
            server.server_close()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    provider: ClassVar[Provider]
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.provider.answer(Asked(self.path, headers, body, self.client_address[1]))
        self.provider.over.wait(reply.after)
        if reply.hangs_up:
            self.close_connection = True
            return
        try:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            for piece in reply.body if reply.drips else ():
                self.provider.over.wait(0.05)
                self.wfile.write(bytes([piece]))
            if not reply.drips:
                self.wfile.write(reply.body)
        except OSError:  # the other side would not wait
            self.close_connection = True

    def send_response(self, code: int, message: str | None = None) -> None:
        """Without a Date of today: tests have a time of their own."""
        self.send_response_only(code, message)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
