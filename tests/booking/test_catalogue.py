"""Which desks there are, and what is said when a file cannot be used."""

from pathlib import Path

import pytest

from booking.desks import Catalogue, load
from booking.desks.catalogue import RESERVED, SHIPPED, DeskFileError, UnknownDesk, read_file

TOWN = """
format = 1
[organisation]
id = "town"
name = "町"
code = "123456"
sender = "町役場"
"""


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    """The shipped desks."""
    return load()


def refusal_of(path: Path) -> list[str]:
    with pytest.raises(DeskFileError) as refused:
        load(path) if path.is_dir() else read_file(path)
    assert all(line.startswith(str(refused.value.path)) for line in str(refused.value).splitlines())
    return [str(one) for one in refused.value.complaints]


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_consultation_leads_to_its_desk_and_its_organisation(shipped: Catalogue) -> None:
    key = "shibukawa/lawyer/legal"

    assert shipped.consultation(key).key == key
    assert shipped.desk_of(key).key == "shibukawa/lawyer"
    assert shipped.organisation_of(key).key == "shibukawa"
    assert shipped.organisation_of("osaka/net-harmony").name == "大阪府"


@pytest.mark.parametrize("key", ["", "atlantis", "osaka/lawyer", "shibukawa/lawyer/legal/x", "/"])
def test_an_unknown_key_is_refused_by_its_name(shipped: Catalogue, key: str) -> None:
    for ask in (shipped.organisation, shipped.desk, shipped.consultation):
        with pytest.raises(UnknownDesk) as refused:
            ask(key)
        assert refused.value.key == key


def test_a_desk_is_no_consultation_and_no_organisation(shipped: Catalogue) -> None:
    with pytest.raises(UnknownDesk):
        shipped.consultation("shibukawa/lawyer")
    with pytest.raises(UnknownDesk):
        shipped.organisation("shibukawa/lawyer")


def test_a_folder_of_a_towns_own_replaces_the_shipped_files(tmp_path: Path) -> None:
    written(tmp_path, "town.toml", TOWN)
    written(tmp_path, "notes.txt", "not a desk file")

    assert list(load(tmp_path).organisations) == ["town"]


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (found,) = refusal_of(written(tmp_path, "town.toml", "[organisation\n"))

    assert found.startswith("is not TOML: ")
    assert "line 1" in found


def test_a_file_in_another_encoding_is_told_to_be_saved_as_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "town.toml"
    path.write_bytes(TOWN.encode("shift_jis"))

    assert refusal_of(path) == ["is not UTF-8; save it as UTF-8"]


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "town.toml"
    path.write_bytes(TOWN.replace("\n", "\r\n").encode("utf-8-sig"))

    assert read_file(path).name == "町"


def test_all_that_is_wrong_with_a_file_is_told(tmp_path: Path) -> None:
    text = TOWN.replace('"123456"', "123456").replace('sender = "町役場"', "")

    found = refusal_of(written(tmp_path, "town.toml", text))

    assert [one.split(":")[0] for one in found] == ["organisation.code", "organisation.sender"]


def test_one_organisation_in_two_files_is_refused_with_both_names(tmp_path: Path) -> None:
    written(tmp_path, "a.toml", TOWN)
    written(tmp_path, "b.toml", TOWN)

    with pytest.raises(DeskFileError, match=r"b\.toml") as refused:
        load(tmp_path)

    assert [str(one) for one in refused.value.complaints] == [
        "organisation.id: 'town' is defined by a.toml already; keep one of them"
    ]


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_an_organisation_cannot_take_an_address_of_the_program(tmp_path: Path, word: str) -> None:
    (found,) = refusal_of(written(tmp_path, "x.toml", TOWN.replace('"town"', f'"{word}"')))

    assert found.startswith(f"organisation.id: '{word}' is an address of the program itself")


@pytest.mark.parametrize(
    ("id", "field"),
    [("lawyer", "desks[1].id"), ("legal", "desks[1].consultations[0].id")],
)
def test_no_id_takes_the_address_of_a_page_about_calendars(
    tmp_path: Path, id: str, field: str
) -> None:
    text = (SHIPPED / "shibukawa.toml").read_text(encoding="utf-8")

    found = refusal_of(written(tmp_path, "x.toml", text.replace(f'"{id}"', '"calendar"')))

    assert found == [f"{field}: is the address of a page about calendars; choose another id"]


def test_a_folder_without_desk_files_is_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path) == ["has no desk file (*.toml)"]
    with pytest.raises(DeskFileError):
        load(tmp_path / "missing")


def test_the_shipped_files_are_found_wherever_the_program_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert len(load().desks) == 4
    assert SHIPPED.is_absolute()
