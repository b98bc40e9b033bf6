"""`slots` is a package that a stranger can use alone: with a calendar library and the holidays."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

ITS_OWN = ("slots", "dateutil", "jpholiday")
PROGRAM = """
import pkgutil, sys, tomllib
for absent in ("litestar", "sqlmodel", "sqlalchemy", "booking"):
    try:
        __import__(absent)
    except ImportError:
        continue
    sys.exit(f"{absent} is installed here")
import slots
for one in pkgutil.walk_packages(slots.__path__, "slots."):
    __import__(one.name)
from slots.definition import parse
from slots.sessions import sessions_of
from slots.zone import fiscal_year
town = parse(tomllib.loads(sys.stdin.read()))
for session in sessions_of(town.desks[1].consultations[0], *fiscal_year(2024)):
    print(session.date)
"""


def test_it_answers_in_a_process_where_nothing_of_the_web_is_installed(tmp_path: Path) -> None:
    for name in ITS_OWN:
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin is not None
        source = Path(found.origin)
        if source.name == "__init__.py":
            shutil.copytree(source.parent, tmp_path / name)
        else:
            shutil.copy(source, tmp_path)
    file = Path("booking/desks/definitions/shibukawa.toml").read_text(encoding="utf-8")

    done = subprocess.run(
        # -S: without the site-packages; the folder is all there is beside the standard library.
        [sys.executable, "-S", "-c", PROGRAM],
        input=file,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"},
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 12
    assert done.stdout.split()[0] == "2024-04-20"
