"""One test run: a folder and locks that its processes share, and what to do without a tool."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

FOLDER_VARIABLE = "PYTEST_BOOKING_RUN"


class Run:
    """Held open by the run's main process; workers find the folder through the environment."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="booking-tests-"))
        self.folder.chmod(
            0o755
        )  # PostgreSQL refuses to be root, and has to get in as somebody else
        os.environ[FOLDER_VARIABLE] = str(self.folder)
        # The kernel drops this lock however the run ends, so whoever waits for it outlives no run.
        self._alive = (self.folder / "alive").open("w")
        fcntl.flock(self._alive, fcntl.LOCK_EX)

    def end(self) -> None:
        """Let go of everything; a server that was started for this run stops by itself."""
        os.environ.pop(FOLDER_VARIABLE, None)
        if not (self.folder / "postgres.url").exists():  # else the server's keeper does it
            shutil.rmtree(self.folder, ignore_errors=True)
        self._alive.close()


def in_a_run() -> bool:
    """Whether this process belongs to a run."""
    return FOLDER_VARIABLE in os.environ


def run_folder() -> Path:
    """Where the processes of this run keep what they share."""
    return Path(os.environ[FOLDER_VARIABLE])


def wait_for_end(folder: Path) -> None:
    """Block until the run that owns this folder is over, killed or not."""
    with (folder / "alive").open() as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)


def once(name: str, make: Callable[[], str]) -> str:
    """What `make` answers, asked of the first process that wants it and told to all the others."""
    with _locked(name):
        answer = run_folder() / name
        if not answer.exists():
            answer.write_text(make(), encoding="utf-8")
        return answer.read_text(encoding="utf-8")


def missing(what: str) -> NoReturn:
    """Skip, saying why; or fail, where CI has promised that everything is there."""
    if os.environ.get("BOOKING_TEST_REQUIRE"):
        pytest.fail(f"BOOKING_TEST_REQUIRE is set, but {what}", pytrace=False)
    pytest.skip(what)


@contextmanager
def _locked(name: str) -> Iterator[None]:
    with (run_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
