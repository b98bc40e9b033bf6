"""The house rules that a program can check; what they are for is said in pyproject.toml."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("slots", "booking", "notifications")
SOURCES = {".py", ".html", ".txt", ".css", ".js", ".toml", ".mako", ".xml"}
LONGEST = 400
NAMES_THAT_TELL_NOTHING = {
    *("utils", "helpers", "manager", "service", "handler", "base", "common", "misc"),
    *("util", "helper", "managers", "services", "handlers"),
}


def _files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in SOURCES and path.is_file():
                yield path


def _modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in _files(*folders):
        if path.suffix == ".py":
            name = path.relative_to(ROOT).as_posix()
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def test_imports_run_downward_only() -> None:
    """The contracts in pyproject.toml hold."""
    # In a process of its own: import-linter silences all loggers of the process that it runs in,
    # and later tests listen to ours.
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    tried = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert tried.returncode == 0, tried.stdout + tried.stderr


def test_every_room_has_its_place_in_the_order() -> None:
    """A new module in `booking` is nobody's neighbour until the contract names it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (rooms,) = [c for c in settings["tool"]["importlinter"]["contracts"] if c["id"] == "rooms"]
    named = {name for layer in rooms["layers"] for name in layer.split(" | ")}
    present = {
        f"booking.{path.stem}"
        for path in (ROOT / "booking").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert present - {"booking.__init__", "booking.__main__"} <= named


def test_no_file_is_too_long_to_read() -> None:
    """Nobody reads more than that at a time."""
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in _files(*PACKAGES, "tests")
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_a_modules_name_says_what_is_in_it() -> None:
    """Names that fit everything tell nothing."""
    modules = [name for name, _ in _modules(*PACKAGES, "tests")]
    parts = {name: set(name.removesuffix(".py").split("/")) for name in modules}

    assert [name for name in modules if parts[name] & NAMES_THAT_TELL_NOTHING] == []


def test_annotations_are_real() -> None:
    """Postponed ones break SQLModel's relationships and Litestar's handlers."""
    postponed = [
        name
        for name, module in _modules(*PACKAGES, "tests")
        for node in module.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]

    assert postponed == []


def test_everything_public_says_what_it_is_for() -> None:
    """A docstring on each public function and class; migrations speak for themselves."""
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, module in _modules(*PACKAGES)
        if "/migrations/" not in name
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert silent == []
