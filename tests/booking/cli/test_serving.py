"""`booking serve`: what it refuses, and real servers that start, rehearse and stop."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.booking.cli.conftest import Cli
from tests.support.house import LEGAL

WAIT_SECONDS = 60
STOPS_WITHIN_SECONDS = 15
ADDRESS = re.compile(r"Booking is at (\S+)")
SIGN_IN = re.compile(r"login (\S+), password (\S+)")


@contextmanager
def taken_port() -> Iterator[int]:
    """A port at which somebody listens already."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_taken_port_is_one_line(
    cli: Cli, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Granian would share it with another granian, and each would get half of the requests."""
    monkeypatch.setenv("BOOKING_DATABASE_URL", sqlite_url)
    with taken_port() as port:
        result = cli("serve", "--port", str(port))

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"Error: port {port} of 127.0.0.1 is taken; "
        "end what listens there, or choose another --port\n"
    )


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1"])
def test_a_host_that_is_not_ours_is_one_line(cli: Cli, host: str) -> None:
    """Unknown, or of another machine."""
    result = cli("serve", "--port", "0", "--host", host)

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert f"--host {host}" in result.stderr


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("BOOKING_MAIL_URL", "pigeon://post", "BOOKING_MAIL_URL"),
        ("BOOKING_DESKS", ".", "has no desk file"),
        ("BOOKING_ENV", "production", "BOOKING_KEYS"),
    ],
)
def test_what_the_workers_would_stumble_over_is_one_line(
    cli: Cli, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    """Said once, before any worker is started."""
    monkeypatch.setenv("BOOKING_DATABASE_URL", sqlite_url)
    monkeypatch.setenv(variable, value)

    result = cli("serve", "--port", "0")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert said in result.stderr


def test_production_refuses_a_rehearsal(
    cli: Cli, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its clock is the real one."""
    monkeypatch.setenv("BOOKING_ENV", "production")

    result = cli("serve", "--port", "0", "--at", "2026-12-18T09:55")

    assert result.exit_code == 1
    assert "--at" in result.stderr


class Running:
    """A `booking serve` that was started, with what it printed so far."""

    def __init__(
        self, folder: Path, url: str, options: tuple[str, ...], environment: dict[str, str]
    ) -> None:
        command = [Path(sys.executable).with_name("booking"), "serve", "--port", "0", *options]
        own = {"BOOKING_DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
        self.said = folder / "said"
        with self.said.open("w") as output:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **own, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.said.read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        found = ADDRESS.search(self.text)
        assert found is not None, self.text
        return found[1]

    def children(self) -> list[int]:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return [int(one) for one in listed.stdout.split()]

    def answers(self) -> bool:
        assert self.process.poll() is None, self.text
        if not ADDRESS.search(self.text):
            return False
        try:
            return httpx.get(f"{self.url}/health/live", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def is_gone(self) -> bool:
        """Whether no process of its group is left."""
        self.process.poll()
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False


Serve = Callable[..., Running]


@pytest.fixture
def serve(folder: Path, sqlite_url: str) -> Iterator[Serve]:
    """Starts `booking serve`; whatever is left of it is killed."""
    started: list[Running] = []

    def start(*options: str, **environment: str) -> Running:
        started.append(Running(folder, sqlite_url, options, environment))
        return started[-1]

    yield start
    for one in started:
        if not one.is_gone():
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.wait()


def soon(what: Callable[[], bool], seconds: float = WAIT_SECONDS) -> bool:
    """Whether `what` becomes true within `seconds`."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_server_answers_until_it_is_told_to_stop(serve: Serve, workers: int) -> None:
    """SIGTERM to the parent alone ends all, also with a browser's idle connections open."""
    server = serve("--workers", str(workers))
    assert soon(server.answers), server.text
    with httpx.Client(base_url=server.url, timeout=WAIT_SECONDS) as client:
        assert client.get("/").status_code == 200
        assert len(server.children()) == workers

        server.process.send_signal(signal.SIGTERM)

        assert server.process.wait(STOPS_WITHIN_SECONDS) == 0
    assert server.is_gone()
    assert "Traceback" not in server.text


@pytest.mark.slow
def test_a_server_that_is_still_starting_can_be_stopped(serve: Serve) -> None:
    """A worker must not swallow the signal that comes before it is ready."""
    server = serve("--workers", "2")
    assert soon(lambda: len(server.children()) == 2), server.text

    server.process.send_signal(signal.SIGTERM)

    server.process.wait(STOPS_WITHIN_SECONDS)
    assert soon(server.is_gone, STOPS_WITHIN_SECONDS)
    assert "refused to gracefully stop" not in server.text


@pytest.mark.slow
def test_workers_end_with_their_parent(serve: Serve) -> None:
    """However it ended: else nobody could take over the port."""
    server = serve("--workers", "2")
    assert soon(server.answers), server.text

    server.process.kill()

    server.process.wait()
    assert soon(server.is_gone, STOPS_WITHIN_SECONDS)


@pytest.mark.slow
def test_a_worker_that_dies_is_started_again(serve: Serve) -> None:
    """And the others go on meanwhile."""
    server = serve("--workers", "2")
    assert soon(server.answers), server.text
    first, second = server.children()

    os.kill(first, signal.SIGKILL)

    assert soon(lambda: len({*server.children()} - {first}) == 2), server.text
    assert second in server.children()
    assert soon(server.answers)


@pytest.mark.slow
def test_a_rehearsal_starts_where_it_is_told_and_time_goes_on(serve: Serve) -> None:
    """All workers share the clock: a session of 2030 is open for booking."""
    server = serve("--workers", "2", "--at", "2030-04-01T09:00")
    assert soon(server.answers), server.text
    days = {"from": "2030-05-18", "to": "2030-05-19"}
    slots = f"{server.url}/api/v1/consultations/{LEGAL}/slots"

    for _ in range(6):  # each by a connection of its own: another worker may answer
        found = httpx.get(slots, params=days, timeout=WAIT_SECONDS).json()
        assert [one["bookable"] for one in found] == [True] * 4

    assert "令和12年4月1日（月）午前9時" in server.text


@pytest.mark.slow
def test_in_development_the_password_that_is_printed_lets_one_in(
    serve: Serve, folder: Path
) -> None:
    """It is kept for the next start, for its owner alone."""
    server = serve()
    assert soon(server.answers), server.text
    found = SIGN_IN.search(server.text)
    assert found is not None
    login, password = found.groups()
    kept = folder / "var/development.staff"
    form = {"login": login, "password": password, "back": ""}

    with httpx.Client(base_url=server.url, timeout=WAIT_SECONDS) as client:
        wrong = client.post("/staff/login", data=form | {"password": "x" * 12})
        right = client.post("/staff/login", data=form)

    assert wrong.status_code == 422
    assert right.status_code == 303
    assert kept.read_text(encoding="ascii") == password
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.slow
def test_production_has_no_demonstration_account(
    serve: Serve, folder: Path, cli: Cli, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it write anything into var/."""
    keys = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    server = serve(
        BOOKING_ENV="production", BOOKING_KEYS=keys, BOOKING_BASE_URL="https://yoyaku.example.jp"
    )
    assert soon(server.answers), server.text
    monkeypatch.setenv("BOOKING_DATABASE_URL", sqlite_url)

    assert "password" not in server.text
    assert not (folder / "var").exists()
    assert cli("staff", "list", "--json").stdout.strip() == "[]"
