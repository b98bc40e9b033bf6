"""紹介コード: told once, listed without the code, for one's own experts."""

import re

from tests.support.clerk import Clerk, at_the_console
from tests.support.house import EXPERT, IN_PERSON, House


def test_a_code_is_shown_once_and_opens_one_booking(house: House) -> None:
    with at_the_console(house, "osaka", organisation="osaka") as counsellor:
        page = counsellor.post("/staff/referrals", consultation=EXPERT)
        code = re.search(r'class="code-digits">(\d{4}-\d{4})<', page)
        assert code is not None

        listed = counsellor.get("/staff/referrals")
        assert code[1] not in listed
        assert "まだ使われていません" in listed
        assert "佐藤" in listed
        house.request(EXPERT, referral=code[1])
        assert "使いました" in counsellor.get("/staff/referrals")


def test_codes_run_out_after_thirty_days(house: House) -> None:
    with at_the_console(house, "osaka", organisation="osaka") as counsellor:
        counsellor.post("/staff/referrals", consultation=EXPERT)
    house.clock.move_by(days=30)
    with at_the_console(house, "later", organisation="osaka") as counsellor:
        assert "期限が過ぎました" in counsellor.get("/staff/referrals")


def test_a_town_issues_codes_for_its_own_experts_only(house: House, clerk: Clerk) -> None:
    assert "この自治体にはありません" in clerk.get("/staff/referrals")
    for consultation in (EXPERT, IN_PERSON, "", "x"):
        clerk.post("/staff/referrals", consultation=consultation)

        assert clerk.status == 422
    with at_the_console(house, "osaka", organisation="osaka") as counsellor:
        assert "まだ発行していません" in counsellor.get("/staff/referrals")
