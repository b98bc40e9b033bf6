"""A desk file that was valid keeps its meaning: a format's number never stands for something new."""

import json
import tomllib
from typing import Any

import pytest

from slots.definition import FORMAT, DefinitionError, check
from tests.slots.format_meaning import FORMATS, as_json, meaning, read_format

BROKEN = "a valid file keeps its meaning: raise the format number instead"
NUMBERS = sorted(path.stem for path in FORMATS.glob("*.toml"))


def test_every_format_that_is_read_has_its_example() -> None:
    assert [str(n) for n in range(1, FORMAT + 1)] == NUMBERS, BROKEN
    for number in NUMBERS:
        text = (FORMATS / f"{number}.toml").read_text(encoding="utf-8")
        assert tomllib.loads(text)["format"] == int(number)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_file_of_a_format_means_what_it_always_meant(number: str) -> None:
    told = json.loads((FORMATS / f"{number}.json").read_text(encoding="utf-8"))
    try:
        found = json.loads(as_json(read_format(number)))
    except DefinitionError as error:
        pytest.fail(f"{BROKEN}\n{error}")

    changed = differences(told, found)
    assert not changed, "\n".join([BROKEN, *changed])


def differences(told: Any, found: Any, path: str = "") -> list[str]:
    """What is not as it was told, each with its place."""
    if isinstance(told, dict) and isinstance(found, dict):
        keys = [*told, *(key for key in found if key not in told)]
        pairs = [(f"{path}.{key}", told.get(key), found.get(key)) for key in keys]
    elif isinstance(told, list) and isinstance(found, list) and len(told) == len(found):
        pairs = [(f"{path}[{n}]", *pair) for n, pair in enumerate(zip(told, found, strict=True))]
    else:
        return [] if told == found else [f"{path}: {told!r} has become {found!r}"]
    return [one for where, old, new in pairs for one in differences(old, new, where)]


def test_a_difference_is_told_with_its_place() -> None:
    town = read_format("1")
    told = json.loads(as_json(town))
    found = json.loads(as_json(town).replace("2026-11-10 Tue 13:00", "2026-11-10 Tue 13:30"))

    (one,) = differences(told, found)

    assert one.startswith(".desks.rei/citizens.consultations.rei/citizens/consumer.sessions[2]: ")


def test_the_example_has_every_way_of_taking_a_holiday_and_every_status() -> None:
    """So that nothing of the format is left without a guard."""
    town = read_format("1")
    consultations = [one for desk in town.desks for one in desk.consultations]
    sessions = [one for each in consultations for one in meaning_of(town, each.key)["sessions"]]

    assert {opening.on_holiday for one in consultations for opening in one.openings} == {
        *("ask", "skip", "open", "next_day", "next_business_day", "next_week")
    }
    for status in ("planned", "undecided", "cancelled"):
        assert any(f"| {status}, told" in one for one in sessions)
    assert {type(change).__name__ for one in consultations for change in one.changes} == {
        *("Closure", "ExtraSession", "MovedSession", "Settled"),
        *("ChangedHours", "ChangedPlace", "ChangedCapacity"),
    }


def meaning_of(town: Any, key: str) -> dict[str, Any]:
    desk = meaning(town)["desks"][key.rsplit("/", 1)[0]]
    found: dict[str, Any] = desk["consultations"][key]
    return found


def test_the_example_is_nowhere_doubted_but_for_the_rest_that_it_means() -> None:
    text = (FORMATS / "1.toml").read_text(encoding="utf-8")
    _, doubts = check(tomllib.loads(text), lambda name: (FORMATS / name).read_bytes())

    (one,) = doubts
    assert "25 minutes don't fit 13:00–15:00 evenly" in one.message
