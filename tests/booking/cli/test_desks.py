"""`booking desks`: what there is, whether a file is right, and what it makes."""

import json
from pathlib import Path
from typing import Any

import pytest

from booking.desks.catalogue import SHIPPED
from tests.booking.cli.conftest import Cli
from tests.slots.desk_file import FILE, changed

WRONG = changed(('code = "102083"', 'code = "1020"'), ("slot_minutes = 45", "slot_minutes = 400"))


@pytest.fixture
def file(folder: Path) -> Path:
    """A desk file that is right."""
    path = folder / "town.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def preview(cli: Cli, *arguments: str | Path) -> Any:
    """The JSON of a preview."""
    result = cli("desks", "preview", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_the_list_has_every_desk_and_consultation(cli: Cli) -> None:
    """By the keys that the other commands take."""
    found = {one["desk"]: one for one in json.loads(cli("desks", "list", "--json").stdout)}
    table = cli("desks", "list").stdout

    assert found["shibukawa/lawyer"]["organisation"] == "渋川市"
    assert found["shibukawa/lawyer"]["consultations"] == [
        {"consultation": "shibukawa/lawyer/legal", "name": "弁護士の無料相談", "allotment": "date"}
    ]
    assert {"osaka/net-harmony", "osaka/human-rights", "shibukawa/support"} < found.keys()
    for one in found.values():
        assert one["desk"] in table
        assert all(inner["consultation"] in table for inner in one["consultations"])


def test_the_shipped_files_pass(cli: Cli) -> None:
    """A folder means all its files; each says how much the page leaves open."""
    result = cli("desks", "check", SHIPPED)

    assert result.exit_code == 0
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["大阪府", "渋川市"]
    assert all("要確認" in line for line in lines)


def test_every_complaint_is_a_line_with_file_path_and_remedy(cli: Cli, folder: Path) -> None:
    """On stderr, and all at once."""
    (folder / "town.toml").write_text(WRONG, encoding="utf-8")

    result = cli("desks", "check", "town.toml")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "town.toml: organisation.code: '1020' is no 全国地方公共団体コード; write its six digits",
        "town.toml: desks[0].consultations[0].openings[0]: is shorter than one slot of 400 minutes; "
        "change either",
    ]


def test_several_files_are_all_checked(cli: Cli, folder: Path, file: Path) -> None:
    """One that is wrong hides nothing of the others."""
    (folder / "a.toml").write_text("organisation = 1", encoding="utf-8")
    (folder / "b.toml").write_text("= nothing", encoding="utf-8")
    (folder / "c.toml").write_bytes("name = '渋川'".encode("shift_jis"))

    result = cli("desks", "check", "a.toml", "b.toml", "c.toml", file)

    assert result.exit_code == 1
    assert {line.split(":")[0] for line in result.stderr.splitlines()} == {
        "a.toml", "b.toml", "c.toml",
    }  # fmt: skip


def test_two_files_for_one_organisation_are_a_complaint(cli: Cli, folder: Path, file: Path) -> None:
    """As they would be when they are served."""
    (folder / "again.toml").write_text(FILE, encoding="utf-8")

    result = cli("desks", "check", file, "again.toml")

    assert result.exit_code == 1
    assert result.stderr.startswith("again.toml: organisation.id: 'town' is defined by ")


def test_a_folder_without_desk_files_is_a_complaint(cli: Cli, folder: Path) -> None:
    """Silence would look like approval."""
    (folder / "empty").mkdir()

    result = cli("desks", "check", "empty")

    assert result.exit_code == 1
    assert result.stderr == "empty: has no desk file (*.toml)\n"


def test_a_path_that_is_not_there_is_wrong_usage(cli: Cli) -> None:
    """And named."""
    result = cli("desks", "check", "nowhere.toml")

    assert result.exit_code == 2
    assert "nowhere.toml" in result.stderr


def test_a_preview_has_dates_times_and_booking_windows(cli: Cli, file: Path) -> None:
    """Days' times as 09:00; the window's instants with their offset."""
    (consultation,) = preview(cli, file, "--fiscal-year", "2024")["consultations"]

    assert consultation["consultation"] == "town/lawyer/legal"
    assert len(consultation["sessions"]) == 12
    assert consultation["sessions"][0] == {
        "date": "2024-04-20",
        "start": "09:00",
        "end": "12:00",
        "slots": ["09:00", "09:45", "10:30", "11:15"],
        "opens": None,
        "closes": "2024-04-19T17:15:00+09:00",
    }


def test_a_preview_tells_when_booking_opens(cli: Cli) -> None:
    """At midnight, as many days before as the file says."""
    found = preview(cli, SHIPPED / "shibukawa.toml", "--fiscal-year", "2026")["consultations"]
    sessions = {one["consultation"]: one["sessions"] for one in found}

    assert sessions["shibukawa/support/in-person"] == []
    assert sessions["shibukawa/lawyer/legal"][8]["date"] == "2026-12-19"
    assert sessions["shibukawa/lawyer/legal"][8]["opens"] == "2026-06-22T00:00:00+09:00"


def test_without_a_year_the_preview_is_of_the_fiscal_year_that_begins_next(
    cli: Cli, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a town sets up before April."""
    from booking.cli import desks
    from tests.support.house import tokyo

    for now, first in (("2026-11-24 10:00", "2027-04-17"), ("2027-03-31 23:59", "2027-04-17"),
                       ("2027-04-01 00:00", "2028-04-15")):  # fmt: skip
        monkeypatch.setattr(desks, "system_clock", lambda now=now: tokyo(now))

        (consultation,) = preview(cli, file)["consultations"]

        assert consultation["sessions"][0]["date"] == first


def test_people_read_the_preview_with_its_holidays(cli: Cli, file: Path) -> None:
    """The third Saturday of March 2021 was 春分の日."""
    lines = cli("desks", "preview", file, "--fiscal-year", "2020").stdout.splitlines()

    assert lines[0].split() == ["弁護士の無料相談", "(town/lawyer/legal)", "令和2年度"]
    assert lines[12].split()[:7] == [
        "令和3年3月20日（土）", "09:00-12:00", "要確認", "09:00", "09:45", "10:30", "11:15",
    ]  # fmt: skip
    assert lines[12].endswith("春分の日")
    assert "令和3年3月19日（金） 17:15" in lines[12]


def test_a_preview_of_a_wrong_file_is_its_complaints(cli: Cli, folder: Path) -> None:
    """Nothing is shown that the file does not say."""
    (folder / "town.toml").write_text(WRONG, encoding="utf-8")

    result = cli("desks", "preview", "town.toml")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "organisation.code" in result.stderr


def test_the_towns_own_words_are_checked_with_the_file(cli: Cli, folder: Path, file: Path) -> None:
    """Beside it, in messages/; a wrong one fails as a wrong file does."""
    words = folder / "messages" / "town" / "ja" / "confirmed"
    words.mkdir(parents=True)
    (words / "body.txt").write_text("{{ nmae }}様", encoding="utf-8")
    (words / "sms.txt").write_text("あ" * 71, encoding="utf-8")

    for checked in (".", "town.toml"):
        result = cli("desks", "check", checked)
        wrong, doubt = result.stderr.splitlines()
        assert result.exit_code == 1
        assert wrong.startswith("messages/town/ja/confirmed/body.txt: 'nmae' is no value; use one")
        assert "sms.txt: is too long for one SMS" in doubt
    (words / "body.txt").unlink()

    assert cli("desks", "check", file).exit_code == 0
