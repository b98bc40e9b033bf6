"""Whom a consultation is for, what it is not for, and what has to be asked for in time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from booking.ledger import desk_changes, queries
from tests.booking.ledger.town import DAILY, TOWN, VISIT, a_town, at, entered
from tests.support.clerk import at_the_console
from tests.support.house import House, raw_application

MORE = """
exclusions = ["市が相手方となる相談", "裁判で争っている最中の相談"]
[desks.consultations.eligibility]
ties = ["live", "work"]
verify = "none"
[[desks.consultations.needs]]
name = "手話通訳"
lead_days = 7
note = "窓口で手配します。"
"""
HEAD = 'id = "daily"\n'
VISIT_HEAD = 'id = "visit"\n'
TABLES = '\n[[desks.consultations]]\nid = "express"\n'
DAY = "2026-12-07"


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    exclusions, tables = MORE.strip().split("\n", 1)
    text = TOWN.replace(HEAD, f"{HEAD}{exclusions}\n").replace(TABLES, f"\n{tables}{TABLES}")
    with a_town(sqlite_url, tmp_path, text) as found:
        yield found


def form(**changes: Any) -> dict[str, Any]:
    party = raw_application(DAILY)
    typed = {name: party[name] for name in ("name", "kana", "phone", "residence")}
    return typed | {"date": DAY, "time": at(), "act": "check"} | changes


def test_what_it_is_not_for_and_what_takes_time_stand_before_the_form(house: House) -> None:
    with house.client() as client:
        early = client.get(f"/{DAILY}/book", params={"date": DAY}).text
        house.clock.move_to("2026-12-01 10:00")
        late = client.get(f"/{DAILY}/book", params={"date": DAY}).text

    assert "市が相手方となる相談" in early
    assert early.index("お受けできないこと") < early.index("<form")
    assert "令和8年11月30日（月）までにお知らせください。 窓口で手配します。" in early
    assert "選んだ日には間に合わないことがあります" in late


def test_a_closed_time_is_called_closed_and_a_full_one_full(house: House) -> None:
    closure = {"first": DAY, "start": "11:15", "end": "12:00"}
    desk_changes.make(house.ledger, DAILY, "closures", closure, actor="staff:test")
    for _ in range(2):
        house.request(DAILY, slot=at(), tie="live")
    with house.client() as client:
        page = client.get(f"/{DAILY}/book", params={"date": DAY}).text

    full, closed = page.split("午前9時から<")[1], page.split("午前11時15分から<")[1]
    assert "満席" in full.split("午前9時45分から")[0]
    assert "休み" in closed.split("</label>")[0]
    assert "お電話で確定をお知らせします" in page


def test_the_tie_to_the_area_is_asked_and_kept(house: House) -> None:
    with house.client() as client:
        asked = client.get(f"/{DAILY}/book", params={"date": DAY}).text
        missing = client.post(f"/{DAILY}/book", data=form())
        checked = client.post(f"/{DAILY}/book", data=form(tie="work"))
        made = client.post(
            f"/{DAILY}/book", data=form(tie="work", act="send"), follow_redirects=False
        )

    for said in ("住んでいる", "働いている", "どれにも当てはまらない・分からない"):
        assert said in asked
    assert "親族" not in asked
    assert missing.status_code == 422
    assert "地域とのつながりを選んでください" in missing.text
    assert "働いている" in checked.text
    token = made.headers["location"].rsplit("/", 1)[1]
    assert queries.by_token(house.ledger, token).contact.tie == "work"


def test_who_has_no_tie_is_let_in_and_shown_to_staff_to_check(house: House) -> None:
    outside = house.request(DAILY, slot=at(), tie="other")
    inside = house.request(DAILY, slot=at(), tie="live")
    called = entered(house, DAILY, slot=at("09:45"))

    with at_the_console(house, "clerk", organisation="town") as clerk:
        assert "どれにも当てはまらない・分からない（要確認）" in clerk.get(
            f"/staff/bookings/{outside.reference}"
        )
        assert "住んでいる（" not in clerk.get(f"/staff/bookings/{inside.reference}")
        assert "住んでいる" in clerk.page
        assert "地域とのつながり" not in clerk.get(f"/staff/bookings/{called.reference}")


def test_what_is_booked_by_phone_only_shows_its_dates_and_leads_to_the_phone(
    sqlite_url: str, tmp_path: Path
) -> None:
    by_phone = 'booked_by = ["phone"]\n'
    text = TOWN.replace(HEAD, f"{HEAD}{by_phone}").replace(VISIT_HEAD, f"{VISIT_HEAD}{by_phone}")
    with a_town(sqlite_url, tmp_path, text) as town, town.client() as client:
        booking = entered(town, DAILY, slot=at())
        page = client.get(f"/{DAILY}").text
        form = client.get(f"/{DAILY}/book", params={"date": DAY}, follow_redirects=False)
        arranged = client.get(f"/{VISIT}").text
        own = client.get(f"/b/{booking.token}").text

    assert "お電話でお申し込みください" in page
    assert "空きあり" in page
    assert f"/{DAILY}/book" not in page
    assert (form.status_code, form.headers["location"]) == (303, f"/{DAILY}")
    assert "お電話でお申し込みください" in arranged
    assert f"/{VISIT}/book" not in arranged
    assert "/move" not in own
    assert "/cancel" in own


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "soon"])
def test_a_day_at_the_end_of_the_calendar_is_no_date_to_arrange_for(house: House, day: str) -> None:
    with house.client() as client:
        checked = client.post(f"/{DAILY}/book", data=form(date=day), follow_redirects=False)

    assert checked.status_code == 303
    assert checked.headers["location"] == f"/{DAILY}"
