"""A message as its channel takes it, from a booking in the ledger."""

import re
from dataclasses import replace

import pytest
from icalendar import Calendar

from booking.desks.catalogue import UnknownDesk, catalogue_of
from booking.desks.current import CurrentDesks
from booking.ledger import changes
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.ledger.safe_contact import SafeContact
from notifications.policy import KINDS
from notifications.render import render, render_day_list, render_unanswered
from notifications.wording import kinds
from slots.telling import Telling
from tests.support.house import IN_PERSON, INTERVIEW, LEGAL, SESSION, House, a_house, tokyo
from tests.support.telling import MAIL, STAFF, confirm

REF = "6f0a4c1e-7c0a-5d39-9d0e-2f8f2c1f6a11"
BASE = "https://yoyaku.example.jp"


def confirmed(house: House, **who: object) -> Booking:
    request = house.request(email=MAIL, **who)
    return confirm(house, request, at=f"{SESSION} 09:45")


def reached(booking: Booking, **changed: object) -> Booking:
    """`booking` of a party that every channel reaches."""
    safe = SafeContact(address="渋川市石原1番地")
    contact = replace(booking.contact, safe=safe, **changed)
    return replace(booking, contact=contact, line_user="U4af4980629")


def test_a_mail_has_all_that_is_needed(sqlite_url: str) -> None:
    """Reference, era date, time, place, page, phone, what to bring, the day's contact, the sender."""
    with a_house(sqlite_url, base_url=BASE) as house:
        booking = confirmed(house)
        mail = render(house.ledger, house.settings, booking, "confirmed", "mail", REF)

    assert (mail.ref, mail.kind, mail.to, mail.sender) == (REF, "confirmed", MAIL, "渋川市役所")
    assert mail.subject == "ご予約のお知らせ"
    assert mail.at == house.ledger.now()
    assert mail.body.startswith("ご予約が確定しました。\n")
    for said in (
        booking.reference,
        "令和8年12月19日（土）",
        "午前9時45分から午前10時30分まで",
        "渋川市役所本庁舎",
        f"{BASE}/b/{booking.token}",
        "0279-25-8526（平日8:30-17:15）",
        "令和8年12月18日（金）午後5時15分まで",
        "お持ちいただくもの\n　上のページに書いてあります。",
        "当日のご連絡先は、あらためて窓口からお知らせします。",
        "このメールは自動でお送りしています。",
    ):
        assert said in mail.body
    assert "花子" not in mail.body


def test_each_channel_has_its_address_and_its_foot(sqlite_url: str) -> None:
    """Only a mail says what to do with a mail, and only it carries an invitation."""
    with a_house(sqlite_url, base_url=BASE) as house:
        booking = reached(confirmed(house, phone="０９０ー１２３４ー５６７８"))
        told = {
            channel: render(house.ledger, house.settings, booking, "confirmed", channel, REF)
            for channel in ("mail", "line", "sms", "letter")
        }

    assert {channel: one.to for channel, one in told.items()} == {
        "mail": MAIL,
        "line": "U4af4980629",
        "sms": "09012345678",
        "letter": "渋川市石原1番地",
    }
    assert [name for name, one in told.items() if "このメール" in one.body] == ["mail"]
    assert [name for name, one in told.items() if "ここに返信" in one.body] == ["line"]
    assert [name for name, one in told.items() if "この手紙" in one.body] == ["letter"]
    assert [name for name, one in told.items() if one.invitation] == ["mail"]
    assert {name for name, one in told.items() if BASE in one.body} == {"mail", "line"}
    assert told["line"].body.startswith("ご予約が確定しました。\n")
    assert "\n" not in told["sms"].body


@pytest.mark.parametrize("channel", ["mail", "line", "sms", "letter", "call_list", "pigeon"])
def test_who_is_not_reached_is_refused(sqlite_url: str, channel: str) -> None:
    """And the error holds nothing of the party."""
    with a_house(sqlite_url) as house:
        booking = house.request(phone="0279-25-0000")
        with pytest.raises(ValueError, match="channel") as refused:
            render(house.ledger, house.settings, booking, "received", channel, REF)

    assert "0279" not in str(refused.value)


def test_a_desk_that_is_gone_is_said_so(sqlite_url: str) -> None:
    """The file may have gone since."""
    with a_house(sqlite_url) as house:
        booking = replace(house.request(email=MAIL), consultation="shibukawa/gone/legal")
        with pytest.raises(UnknownDesk):
            render(house.ledger, house.settings, booking, "received", "mail", REF)
        with pytest.raises(UnknownDesk):
            render_unanswered(house.ledger, house.settings, booking, REF)
        with pytest.raises(UnknownDesk):
            render_day_list(
                house.ledger, house.settings, "gone/gone/x", tokyo(SESSION + " 00:00").date(), REF
            )


def test_invitations_go_with_what_changes_a_calendar(sqlite_url: str) -> None:
    """A receipt invites to nothing, a reminder would only repeat; without a time there is none."""
    with a_house(sqlite_url) as house:
        booking, wish = confirmed(house), house.request(INTERVIEW, email=MAIL)
        for kind in kinds():
            mail = render(house.ledger, house.settings, booking, kind, "mail", REF)
            method = mail.invitation.method if mail.invitation else None
            assert method == KINDS[kind].method
            if mail.invitation:
                assert Calendar.from_ical(mail.invitation.content)["METHOD"] == method
            assert render(house.ledger, house.settings, wish, kind, "mail", REF).invitation is None


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("en", "Your booking is confirmed."),
        ("ja-easy", "予約（よやく）が 決（き）まりました。"),
        ("vi", "Lịch hẹn của bạn đã được xác nhận."),
    ],
)
def test_a_translation_ends_with_what_counts_in_japanese(
    sqlite_url: str, language: str, first: str
) -> None:
    """So that somebody beside them can help."""
    with a_house(sqlite_url) as house:
        booking = confirmed(house, language=language)
        mail = render(house.ledger, house.settings, booking, "confirmed", "mail", REF)

    translated, _, japanese = mail.body.partition("日本語（こちらが正文です）")
    assert translated.startswith(first)
    assert "令和" not in translated
    assert japanese.startswith("\nご予約が確定しました。\n")
    for said in (booking.reference, "令和8年12月19日（土）", "午前9時45分", "0279-25-8526"):
        assert said in japanese


def test_japanese_says_it_once(sqlite_url: str) -> None:
    """Also to whom wrote a language that nobody here knows."""
    with a_house(sqlite_url) as house:
        one = confirmed(house)
        for language in ("ja", "クリンゴン語"):
            booking = replace(one, contact=replace(one.contact, language=language))
            mail = render(house.ledger, house.settings, booking, "confirmed", "mail", REF)
            assert "正文" not in mail.body
            assert mail.body.count(booking.reference) == 1


def test_a_request_says_what_is_open(sqlite_url: str) -> None:
    """The hours in which the time will lie; or the wishes, so that the party sees what staff go by."""
    with a_house(sqlite_url) as house:
        dated = house.request(email=MAIL)
        wishes = [{"date": "2026-12-21", "time_of_day": "evening"}, {"date": "2026-12-22"}]
        wished = house.request(INTERVIEW, email=MAIL, wishes=wishes)
        by_date, by_wish = (
            render(house.ledger, house.settings, one, "received", "mail", REF).body
            for one in (dated, wished)
        )

    assert "まだ確定ではありません" in by_date
    assert "まだ決まっていません。午前9時から正午までの間です。" in by_date
    assert (
        "■ ご希望\n　令和8年12月21日（月）夜間（午後5時から）\n　令和8年12月22日（火）いつでもよい\n"
        in by_wish
    )
    assert "■ 日にち" not in by_wish


def test_a_move_says_that_the_old_time_is_gone(database_url: str) -> None:
    """And, where the resident moved it, that the new one is not fixed yet."""
    with a_house(database_url) as house:
        target = Target(slot=tokyo(f"{SESSION} 11:15"))
        moved = changes.move(house.ledger, confirmed(house).id, actor=STAFF, target=target)
        by_office = render(house.ledger, house.settings, moved, "moved", "mail", REF).body
        day = Target(day=target.slot.date())
        moved = changes.move(house.ledger, moved.id, actor="resident", target=day)
        by_resident = render(house.ledger, house.settings, moved, "moved", "mail", REF).body

    assert "午前11時15分から正午まで" in by_office
    assert "前の日時や場所ではなく、次のとおりです。" in by_office
    assert "まだ確定ではありません" not in by_office
    assert "まだ確定ではありません" in by_resident


def test_who_cancelled_is_told_apart(sqlite_url: str) -> None:
    """The office is sorry; the resident did it themselves; staff's reason stays on the page."""
    with a_house(sqlite_url) as house:
        own, office = (
            confirmed(house),
            confirm(house, house.request(email=MAIL), at=f"{SESSION} 10:30"),
        )
        own = changes.cancel(house.ledger, own.id, actor="resident")
        office = changes.cancel(house.ledger, office.id, actor=STAFF, reason="台風のため")
        by_resident, by_office = (
            render(house.ledger, house.settings, one, "cancelled", "mail", REF).body
            for one in (own, office)
        )

    assert by_resident.startswith("ご予約の取り消しを受け付けました。\n")
    assert by_office.startswith(
        "申し訳ありません。窓口の都合により、次のご予約を取り消しました。\n"
    )
    assert "台風" not in by_office
    assert "その予定を消してください" in by_office


# ---------------------------------------------------------------- staff
def with_staff_mail(ledger: Ledger) -> Ledger:
    """`ledger`, where every desk has two addresses for its staff."""
    telling = Telling(staff_mail=("a@city.example.jp", "b@city.example.jp"))
    organisations = [
        replace(one, desks=tuple(replace(desk, telling=telling) for desk in one.desks))
        for one in ledger.catalogue.organisations.values()
    ]
    return replace(ledger, desks=CurrentDesks(ledger.store, catalogue_of(organisations)))


def test_staff_are_told_of_a_request_without_its_party(sqlite_url: str) -> None:
    """One message to all of the desk's addresses; the page has the rest."""
    with a_house(sqlite_url, base_url=BASE) as house:
        booking = house.request(name="渡邉 花子", phone="090-1234-5678", email=MAIL, wish="10:30")
        mail = render_unanswered(with_staff_mail(house.ledger), house.settings, booking, REF)

    assert (mail.ref, mail.kind, mail.invitation) == (REF, "unanswered", None)
    assert mail.to == "a@city.example.jp, b@city.example.jp"
    assert mail.subject == f"【予約】お返事を待っている方がいます（受付番号{booking.reference}）"
    assert f"{BASE}/staff/bookings/{booking.reference}" in mail.body
    assert "令和8年11月24日（火）午前10時" in mail.body
    assert "令和8年12月19日（土）" in mail.body
    for personal in ("渡邉", "花子", "090", "しけん", MAIL, "石原"):
        assert personal not in mail.body + mail.subject


def test_the_days_list_has_times_numbers_and_counts(sqlite_url: str) -> None:
    """Of this consultation and day alone, by time; not who cancelled."""
    with a_house(sqlite_url, base_url=BASE) as house:
        day = tokyo(f"{SESSION} 00:00").date()
        ledger = with_staff_mail(house.ledger)
        empty = render_day_list(ledger, house.settings, LEGAL, day, REF)
        late = confirm(house, house.request(party_size="3"), at=f"{SESSION} 11:15")
        early = confirm(house, house.request(), at=f"{SESSION} 09:00")
        gone = confirm(house, house.request(), at=f"{SESSION} 10:30")
        changes.cancel(house.ledger, gone.id, actor=STAFF, reason="都合のため")
        open_still = house.request()
        other = house.request(IN_PERSON, wishes=[{"date": "2026-12-21"}])
        mail = render_day_list(ledger, house.settings, LEGAL, day, REF)

    assert mail.kind == "day-list"
    assert mail.to == "a@city.example.jp, b@city.example.jp"
    assert mail.subject == "【予約】令和8年12月19日（土）の予定（3組）"
    assert "3組（5人）です。" in mail.body
    rows = [
        line.split("　")[1:] for line in mail.body.splitlines() if re.search("　(確定|仮)", line)
    ]
    assert [row[0] for row in rows] == ["時間未定", "9:00", "11:15"]
    assert ["9:00", early.reference, "確定"] in rows
    assert ["11:15", late.reference, "確定", "3人"] in rows
    assert ["時間未定", open_still.reference, "仮"] in rows
    assert gone.reference not in mail.body
    assert other.reference not in mail.body
    assert f"{BASE}/staff/day?date={SESSION}" in mail.body
    assert "試験" not in mail.body
    assert not re.search(r"090-\d{4}-\d{4}", mail.body)
    assert "ありません。" in empty.body


def test_a_desk_without_staffs_address_is_told_nothing(sqlite_url: str) -> None:
    """The planner asks first; who doesn't gets an error and no mail to nobody."""
    with a_house(sqlite_url) as house, pytest.raises(ValueError, match="address for staff"):
        render_unanswered(house.ledger, house.settings, house.request(), REF)
