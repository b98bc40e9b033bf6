"""A real `booking serve` in a process group of its own, to be asked, killed and started again."""

import base64
import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.house import KEY

STARTS_WITHIN_SECONDS = 120
ADDRESS = re.compile(r"Booking is at (\S+)")


@dataclass
class Server:
    """`booking serve` on a database and in a folder; use it as a context manager."""

    database_url: str
    folder: Path
    workers: int = 1
    at: str | None = "2026-11-24T10:00:00+09:00"
    program: tuple[str, ...] = ("-c", "from booking.cli import main; main()")
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    url: str = ""
    output: list[str] = field(default_factory=list)
    _process: "subprocess.Popen[str] | None" = None

    @property
    def group(self) -> int:
        """The process group of the running server."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and wait until it answers. After a stop it comes back at the same address."""
        command = [sys.executable, *self.program, "serve", "--port", str(self.port)]
        command += ["--workers", str(self.workers), *(["--at", self.at] if self.at else [])]
        self._process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        said = threading.Event()
        threading.Thread(target=self._listen, args=(self._process, said), daemon=True).start()
        if not said.wait(STARTS_WITHIN_SECONDS):
            raise AssertionError(f"the server did not start:\n{''.join(self.output)}")
        self._await_answer()

    def stop(self) -> None:
        """End it as an operator does, and wait."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End all its processes at once, as a power cut does (kill -9)."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        try:
            os.killpg(process.pid, how)
            process.wait(20)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()

    def _listen(self, process: "subprocess.Popen[str]", said: threading.Event) -> None:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                self.output.append(line)
                if found := ADDRESS.search(line):
                    self.url = found[1]
                    self.port = int(self.url.rsplit(":", 1)[1])
                    said.set()
        except ValueError:  # closed while reading: it was ended
            pass

    def _await_answer(self) -> None:
        import httpx

        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.url}/health/live", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"the server does not answer:\n{''.join(self.output)}")

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("BOOKING_")}
        return {
            **kept,
            "BOOKING_DATABASE_URL": self.database_url,
            "BOOKING_KEYS": base64.b64encode(KEY).decode(),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            **self.environment,
        }
