"""Thunderbird without a screen, with a fresh profile, asked what it shows of a calendar.

It is driven from inside by its own remote control (Marionette: JSON over a socket, no library needed).
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from tests.support.run import missing

SCRIPT = Path(__file__).with_suffix(".js")
STARTS_WITHIN_SECONDS = 120
ANSWERS_WITHIN_SECONDS = 60
# Nothing is asked of anybody but the loopback: all else goes to a port where nobody listens.
NOWHERE = 9
PREFERENCES: dict[str, bool | int | str] = {
    "marionette.port": 0,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": NOWHERE,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": NOWHERE,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.update.disabledForTesting": True,
    "extensions.update.enabled": False,
    "services.settings.server": "data:,#nothing/v1",
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "mail.inappnotifications.enabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.shell.checkDefaultClient": False,
    "mailnews.start_page.enabled": False,
    "calendar.alarms.show": False,
}
# Even where we are killed ourselves, and clear nothing up.
DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
OPTIONS = ("--headless", "--no-remote", "--marionette", "--remote-allow-system-access")
CALL = """
const [name, ...given] = arguments;
const answer = given.pop();
thunderbird[name](...given).then(value => answer({ value }), error => answer({ error: `${error}` }));
"""


@dataclass(frozen=True)
class Shown:
    """An entry of a calendar as Thunderbird has it; `here` is the viewer's wall clock."""

    uid: str
    title: str
    status: str
    starts: datetime
    ends: datetime
    zone: str
    here: str
    place: str | None
    alarms: int


@dataclass(frozen=True)
class Answer:
    """What a server answered: `condition` is the If-None-Match it was asked with."""

    method: str
    path: str
    condition: str | None
    status: int


@dataclass(frozen=True)
class Invitation:
    """What is above an opened mail: a sentence and buttons; and the mail's `text`."""

    says: str
    buttons: tuple[str, ...]
    text: str


@dataclass
class Thunderbird:
    """A running Thunderbird. A calendar is known by the id that it got when it was made."""

    stream: BinaryIO
    folder: Path
    asked: int = 0

    def subscribe(self, url: str) -> str:
        """Subscribe to a calendar as the dialogue for new ones does, and wait for its entries."""
        return str(self._call("subscribe", url))

    def refresh(self, calendar: str) -> None:
        """Synchronise, and wait until it is over."""
        self._call("refresh", calendar)

    def shown(self, calendar: str) -> dict[str, Shown]:
        """Its entries by UID. AssertionError where a UID is there twice."""
        found = [_shown(one) for one in self._call("shown", calendar)]
        by_uid = {one.uid: one for one in found}
        assert len(by_uid) == len(found)
        return by_uid

    def answers(self) -> list[Answer]:
        """What servers have answered since this was last asked."""
        return [Answer(**one) for one in self._call("answers")]

    def settle(self, address: str) -> str:
        """Be the person with this mail address from now on; the calendar for their invitations."""
        return str(self._call("settle", address))

    def open(self, mail: bytes) -> Invitation:
        """Receive a mail with an invitation, and look at it."""
        seen = self._call("open", "From - \n" + mail.decode("ascii"))
        return Invitation(seen["says"], tuple(seen["buttons"]), seen["text"])

    def press(self, button: str) -> None:
        """Press a button of the mail last opened, by its id; the calendar has changed then."""
        self._call("press", button)

    def take(self, calendar: str, content: bytes) -> dict[str, int]:
        """Open a downloaded file: how many of its entries were `added`, how many `known` already."""
        file = self.folder / "downloaded.ics"
        file.write_bytes(content)
        found: dict[str, int] = self._call("take", calendar, str(file))
        return found

    def ask(self, command: str, **parameters: Any) -> Any:
        """One command of the remote control. Raises AssertionError with what Thunderbird said."""
        self.asked += 1
        message = json.dumps([0, self.asked, command, parameters]).encode()
        self.stream.write(b"%d:%b" % (len(message), message))
        self.stream.flush()
        _, _, error, result = read_message(self.stream)
        assert error is None, f"{command}: {error['message']}"
        return result

    def _call(self, name: str, *arguments: Any) -> Any:
        answer = self._run("AsyncScript", CALL, name, *arguments)
        assert "error" not in answer, f"{name}: {answer['error']}"
        return answer.get("value")

    def begin(self) -> None:
        """Take the wheel: from then on the functions of thunderbird.js can be called."""
        self.ask("WebDriver:NewSession", capabilities={})
        self.ask("WebDriver:SetTimeouts", script=ANSWERS_WITHIN_SECONDS * 1000)
        self.ask("Marionette:SetContext", value="chrome")
        self._run("Script", SCRIPT.read_text(encoding="utf-8"))

    def _run(self, kind: str, script: str, *arguments: Any) -> Any:
        found = self.ask(
            f"WebDriver:Execute{kind}",
            script=script,
            args=list(arguments),
            sandbox="booking",
            newSandbox=False,
        )
        return found["value"]


@contextmanager
def running_thunderbird(folder: Path, zone: str) -> Iterator[Thunderbird]:
    """A Thunderbird with a fresh profile in `folder`, on a machine whose clocks are set to `zone`.

    Skips where there is none. It is killed, and its profile removed, however the block ends.
    """
    program = shutil.which("thunderbird")
    if program is None:
        missing("there is no thunderbird: `make test` installs it or says how to")
    profile = folder / "profile"
    profile.mkdir()
    lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items())
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [*DIES_WITH_US, program, *OPTIONS, "--profile", str(profile)],
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "TZ": zone, "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        port = _port(process, profile, folder / "output")
        with (
            socket.create_connection(("127.0.0.1", port), ANSWERS_WITHIN_SECONDS) as connection,
            connection.makefile("rwb") as stream,
        ):
            read_message(stream)  # its greeting
            thunderbird = Thunderbird(stream, folder)
            thunderbird.begin()
            yield thunderbird
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
        shutil.rmtree(profile, ignore_errors=True)


def read_message(stream: BinaryIO) -> Any:
    """One message of the remote control: its length, a colon, and JSON."""
    length = b""
    while (one := stream.read(1)) != b":":
        assert one, "Thunderbird has hung up"
        length += one
    return json.loads(stream.read(int(length)))


def _port(process: subprocess.Popen[bytes], profile: Path, output: Path) -> int:
    """Where its remote control listens: it writes that into its profile."""
    file = profile / "MarionetteActivePort"
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if file.exists() and (text := file.read_text()):
            return int(text)
        time.sleep(0.05)
    raise AssertionError(f"Thunderbird did not start:\n{output.read_text(errors='replace')}")


def _shown(raw: dict[str, Any]) -> Shown:
    moments = {key: datetime.fromtimestamp(raw[key], UTC) for key in ("starts", "ends")}
    return Shown(**{**raw, **moments})
