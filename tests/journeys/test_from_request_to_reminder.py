"""The whole road: request, confirmation, mail, reminder, move, cancellation, and the seat is free."""

import pytest

from notifications.channels.call_list import calls
from tests.support.house import EXPERT, INTERVIEW, LEGAL, NEXT_SESSION, SESSION
from tests.support.mailbox import Mailbox
from tests.support.road import a_road, entry_of, text_of


def test_a_request_becomes_a_confirmed_seat_an_entry_a_reminder_and_at_last_a_free_seat(
    database_url: str, smtp_server: Mailbox
) -> None:
    with a_road(database_url, smtp_server) as road:
        made = road.request(LEGAL, wish="09:45", email="hanako@example.jp")
        assert (made["status"], road.free(LEGAL, SESSION)["09:45"]) == ("requested", 0)
        (receipt,) = road.tick()
        assert made["reference"] in text_of(receipt)
        assert "まだ確定ではありません" in text_of(receipt)

        road.staff(made["reference"], "confirm", {"how": "call"})
        (confirmation,) = road.tick()
        entry = entry_of(confirmation)
        assert "令和8年12月19日（土）" in text_of(confirmation)
        assert entry["STATUS"] == "CONFIRMED"
        assert entry.start.isoformat() == f"{SESSION}T09:45:00+09:00"

        assert road.tick() == []
        road.house.clock.move_to("2026-12-16 09:59")
        assert road.tick() == []
        road.house.clock.move_to("2026-12-16 10:00")
        (early,) = road.tick()
        assert "12月19日" in text_of(early)

        path = f"/api/v1/bookings/{made['token']}"
        moved = road.post(f"{path}/move", {"date": NEXT_SESSION, "wish": "10:30"}, 200)
        assert moved["status"] == "requested"
        assert road.free(LEGAL, SESSION)["09:45"] == 1
        (news,) = road.tick()
        assert "令和9年1月16日（土）" in text_of(news)

        road.house.clock.move_to("2026-12-18 10:00")
        assert road.tick() == [], "no reminder at the old time"

        road.staff(made["reference"], "confirm", {"how": "mail"})
        later = entry_of(road.tick()[-1])
        assert later["UID"] == entry["UID"]
        assert later["SEQUENCE"] > entry["SEQUENCE"]

        road.post(f"{path}/cancel", {}, 200)
        (cancelled,) = road.tick()
        assert entry_of(cancelled)["STATUS"] == "CANCELLED"
        assert road.free(LEGAL, NEXT_SESSION)["10:30"] == 1
        road.house.clock.move_to("2027-01-15 10:00")
        assert road.tick() == [], "no reminder of what was cancelled"
        assert {mail.message["Subject"] for mail in smtp_server.received} == {"ご予約のお知らせ"}


def test_a_caller_without_mail_is_confirmed_on_the_line_and_reminded_by_phone(
    database_url: str, smtp_server: Mailbox
) -> None:
    with a_road(database_url, smtp_server) as road:
        body = {
            "consultation": LEGAL,
            "slot": f"{SESSION}T10:30:00+09:00",
            "name": "電話 太郎",
            "kana": "でんわ たろう",
            "phone": "090-1234-1111",
            "residence": "渋川市",
            "how": "call",
        }
        made = road.post("/api/v1/staff/bookings", body, 201)
        assert made["status"] == "confirmed"
        assert road.tick() == []

        road.house.clock.move_to("2026-12-18 10:00")
        assert road.tick() == []
        (call,) = calls(road.house.ledger, "staff:test")
        assert call.booking.reference == made["reference"]
        assert smtp_server.received == []


def test_an_interview_is_wished_for_settled_by_staff_and_told_by_mail(
    database_url: str, smtp_server: Mailbox
) -> None:
    with a_road(database_url, smtp_server) as road:
        wishes = [
            {"date": "2026-12-01", "time_of_day": "evening"},
            {"date": "2026-12-02", "time_of_day": "any"},
        ]
        made = road.request(INTERVIEW, wishes=wishes, email="taro@example.jp")
        assert (made["status"], made["start"]) == ("requested", None)
        road.tick()
        body = {"how": "call", "slot": "2026-12-01T18:00:00+09:00", "minutes": 50}
        settled = road.staff(made["reference"], "confirm", body)
        assert settled["start"] == "2026-12-01T18:00:00+09:00"
        (mail,) = road.tick()
        assert "午後6時" in text_of(mail)
        assert entry_of(mail).start.hour == 18


def test_experts_are_open_only_to_whom_a_counsellor_referred_and_only_once(
    database_url: str, smtp_server: Mailbox
) -> None:
    with a_road(database_url, smtp_server) as road:
        refused = road.request(EXPERT, status=422)
        assert refused["errors"][0]["field"] == "referral"
        code = road.post("/api/v1/staff/referrals", {"consultation": EXPERT}, 201)["code"]
        road.request(EXPERT, referral="9999-9999", status=422)
        made = road.request(EXPERT, referral=code)
        assert made["status"] == "requested"
        road.request(EXPERT, referral=code, status=422)


@pytest.mark.parametrize(("told", "waiting"), [({"how": "call"}, 0), ({}, 1)])
def test_who_heard_of_a_change_on_the_phone_is_not_phoned_about_it_again(
    told: dict[str, str], waiting: int, sqlite_url: str, smtp_server: Mailbox
) -> None:
    with a_road(sqlite_url, smtp_server) as road:
        booking = road.house.enter(slot=f"{SESSION}T10:30")
        road.tick()
        road.staff(booking.reference, "cancel", {"reason": "来られなくなったとの電話", **told})
        road.tick()

        assert len(calls(road.house.ledger, "staff:test")) == waiting
