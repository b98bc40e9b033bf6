"""README says of a desk file what the reader asks for: every table, key, choice and default."""

import tomllib
from functools import cache, partial
from pathlib import Path

import pytest

from slots.definition import check
from tests.support.desk_file_keys import BEGIN, Key, Tables, asked_for, documented

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FILES = [
    *sorted((ROOT / "booking/desks/definitions").glob("*.toml")),
    *sorted((ROOT / "tests/slots").glob("*/*.toml")),
]


@cache
def keys_of_the_reader() -> Tables:
    """From the shipped files and those of the tests, which have every table between them."""
    return asked_for(
        (tomllib.loads(path.read_text(encoding="utf-8")), partial(_beside, path)) for path in FILES
    )


def _beside(path: Path, name: str) -> bytes:
    return (path.parent / name).read_bytes()


@cache
def keys_of_the_readme() -> Tables:
    return documented(README)


def pairs() -> list[tuple[str, Key, Key]]:
    """Each key of both, with what the reader and README know of it."""
    reader, readme = keys_of_the_reader(), keys_of_the_readme()
    return [
        (f"{table}.{name}", key, readme[table][name])
        for table, keys in reader.items()
        for name, key in keys.items()
        if name in readme.get(table, {})
    ]


def test_readme_has_the_tables_of_the_reader_and_no_others() -> None:
    assert set(keys_of_the_readme()) == set(keys_of_the_reader())


def test_each_table_has_the_keys_of_the_reader_and_no_others() -> None:
    readme = {table: sorted(keys) for table, keys in keys_of_the_readme().items()}
    reader = {table: sorted(keys) for table, keys in keys_of_the_reader().items()}

    assert readme == reader


def test_readme_says_what_kind_of_value_a_key_has() -> None:
    wrong = {
        path: (key.kind, said.kind)
        for path, key, said in pairs()
        if key.kind not in (None, "choice") and not (said.kind or "").startswith(key.kind or "")
    }

    assert wrong == {}


def test_readme_lists_the_choices_of_the_reader_in_its_order() -> None:
    choices = {path: key.allowed for path, key, _ in pairs() if key.allowed}
    said = {path: found.allowed for path, key, found in pairs() if key.allowed}

    assert len(choices) > 10
    assert said == choices


def test_readme_says_what_holds_without_a_key_and_which_are_required() -> None:
    """One row is about three times of day: it says both of their defaults."""
    assert "| `…_at` | time | `00:00`; closing `17:15` |" in README
    wrong = {}
    for path, key, said in pairs():
        default = "17:15" if path.endswith(".closes_at") else said.default
        if key.default not in (None, default):
            wrong[path] = key.default, default

    assert wrong == {}


def test_readmes_example_is_a_whole_file_without_doubts() -> None:
    example = README.split(BEGIN)[1].split("```toml\n")[1].split("```")[0]

    town, doubts = check(tomllib.loads(example))

    assert doubts == []
    assert [one.key for desk in town.desks for one in desk.consultations] == ["rei/citizens/legal"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| `who` | text |", "| `whom` | text |"),
        ("`warn`, `refuse` |", "`refuse`, `warn` |"),
        ("| `at_most` | whole number 1 to", "| `at_most` | whole number 0 to"),
        ("| `none` | what staff", "| `ask` | what staff"),
        ("[[desks.consultations.absences]]", "[[desks.consultations.absent]]"),
    ],
)
def test_a_slip_in_readme_is_noticed(old: str, new: str) -> None:
    """Else the comparisons above might compare nothing."""
    assert README.count(old) == 1
    assert documented(README.replace(old, new)) != keys_of_the_readme()
