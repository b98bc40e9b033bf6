"""What messages say, and what they never say."""

import re

import pytest

from booking.ledger import changes, desk_changes, queries
from booking.ledger.application import Target
from notifications.policy import MessageKind
from notifications.render import FOLDER, LANGUAGE, render, view_of, words
from tests.support.house import EXPERT, IN_PERSON, INTERVIEW, SESSION, a_house, tokyo
from tests.support.telling import MAIL, STAFF, Teller, confirm, confirmed

TOPICS = re.compile(
    "弁護士|誹謗|中傷|人権|被害|加害|法律|法的|差別|インターネット|ネットハーモニー|SNS|トラブル|専門家|相談"
)
CONSULTATIONS = ("shibukawa/lawyer/legal", IN_PERSON, INTERVIEW, EXPERT)


def test_the_words_of_every_kind_are_there() -> None:
    """A subject, a text, and what staff say on the phone."""
    for kind in MessageKind:
        found = {path.name for path in (FOLDER / LANGUAGE / kind).iterdir()}
        assert found == {"subject.txt", "body.txt", "call.txt"}


def test_no_template_names_a_topic() -> None:
    """Somebody else may read it, or look over a shoulder."""
    for path in (FOLDER / LANGUAGE).rglob("*.txt"):
        assert not TOPICS.search(path.read_text(encoding="utf-8")), path.name


def test_every_subject_is_the_same() -> None:
    """Not even what happened shows in a list of mails."""
    subjects = {path.read_text(encoding="utf-8").strip() for path in FOLDER.rglob("subject.txt")}

    assert subjects == {"ご予約のお知らせ"}


@pytest.mark.parametrize("kind", list(MessageKind))
def test_a_mail_says_what_is_needed_and_names_neither_topic_nor_person(
    sqlite_url: str, kind: MessageKind
) -> None:
    """Reference, date with era and weekday, the page, the phone."""
    with a_house(sqlite_url, base_url="https://yoyaku.example.jp") as house:
        booking = confirmed(house, email=MAIL, name="試験 花子")

        mail = render(house.ledger, house.settings, booking, kind, "key")

        assert mail.subject == "ご予約のお知らせ"
        assert mail.sender == "渋川市役所"
        assert booking.reference in mail.body
        assert "令和8年12月19日（土）" in mail.body
        assert f"https://yoyaku.example.jp/b/{booking.token}" in mail.body
        assert "0279-25-8526" in mail.body
        assert not TOPICS.search(mail.subject + mail.sender + mail.body)
        assert "花子" not in mail.body


@pytest.mark.parametrize("key", CONSULTATIONS)
def test_no_desk_is_named(sqlite_url: str, key: str) -> None:
    """Whatever the desk's file says of itself."""
    with a_house(sqlite_url) as house:
        booking = confirmed(house, email=MAIL)
        desk = house.ledger.catalogue.desk_of(key)
        consultation = house.ledger.catalogue.consultation(key)
        other = type(booking)(**(vars(booking) | {"consultation": key}))

        mail = render(house.ledger, house.settings, other, MessageKind.CONFIRMED, "key")

        body = mail.body.replace(mail.sender, "")
        for name in (desk.name, desk.short_name, desk.service, consultation.name):
            assert name is None or name not in body
        assert not TOPICS.search(body)


def test_a_settled_time_is_said_in_full(sqlite_url: str) -> None:
    """With place, what to bring, and whom to call on the day."""
    with a_house(sqlite_url) as house:
        booking = confirmed(house, email=MAIL)

        body = render(house.ledger, house.settings, booking, MessageKind.CONFIRMED, "key").body

        assert body.startswith("ご予約が確定しました。")
        assert "午前9時45分から午前10時30分まで" in body
        assert "渋川市役所本庁舎" in body
        assert "当日のご連絡先は、あらためて窓口からお知らせします。" in body
        assert "お持ちいただくもの\n　上のページに書いてあります。" in body


def test_a_time_that_is_not_settled_is_said_so(sqlite_url: str) -> None:
    """With the hours in which it will lie."""
    with a_house(sqlite_url) as house:
        booking = house.request(email=MAIL)

        body = render(house.ledger, house.settings, booking, MessageKind.RECEIVED, "key").body

        assert "まだ確定ではありません" in body
        assert "まだ決まっていません。午前9時から正午までの間です。" in body


def test_wishes_are_repeated(sqlite_url: str) -> None:
    """So that the party sees what staff will go by."""
    with a_house(sqlite_url) as house:
        wishes = [
            {"date": "2026-12-21", "time_of_day": "evening"},
            {"date": "2026-12-22"},
        ]
        booking = house.request(INTERVIEW, email=MAIL, wishes=wishes)

        body = render(house.ledger, house.settings, booking, MessageKind.RECEIVED, "key").body

        assert (
            "■ ご希望\n　令和8年12月21日（月）夜間（午後5時から）\n　令和8年12月22日（火）いつでもよい\n"
            in body
        )
        assert "■ 日にち" not in body


def test_no_line_runs_empty(sqlite_url: str) -> None:
    """What is missing leaves no hole: never None, never three empty lines."""
    with a_house(sqlite_url) as house:
        bookings = [
            house.request(email=MAIL),
            house.request(INTERVIEW, email=MAIL),
            confirmed(house, email=MAIL),
            house.request(IN_PERSON, email=MAIL),
        ]
        for booking in bookings:
            for kind in MessageKind:
                body = render(house.ledger, house.settings, booking, kind, "key").body
                assert "None" not in body
                assert "\n\n\n" not in body
                assert body == body.lstrip()
                assert body.endswith("\n")


def test_a_move_says_that_the_old_time_is_gone(database_url: str) -> None:
    """And, where the resident moved it, that the new one is not fixed yet."""
    with a_house(database_url) as house:
        teller = Teller(house)
        booking = confirmed(house, email=MAIL)
        target = Target(slot=tokyo(f"{SESSION} 11:15"))
        changes.move(house.ledger, booking.id, actor=STAFF, target=target)
        teller.tick()
        changes.move(
            house.ledger, booking.id, actor="resident", target=Target(day=target.slot.date())
        )
        teller.tick()

        by_office, by_resident = (one.body for one in teller.mail.told)
        assert "午前11時15分から正午まで" in by_office
        assert "前の日時や場所ではなく、次のとおりです。" in by_office
        assert "まだ確定ではありません" not in by_office
        assert "まだ確定ではありません" in by_resident


def test_what_ended_promises_nothing(database_url: str) -> None:
    """Neither a time to be settled nor a place to come to; and staff's reason stays on the page."""
    with a_house(database_url) as house:
        teller = Teller(house)
        booking = house.request(email=MAIL)
        changes.decline(house.ledger, booking.id, actor=STAFF, reason="弁護士の都合のため")
        teller.tick()
        booking = confirm(house, house.request(email=MAIL), at=f"{SESSION} 09:45")
        changes.cancel(house.ledger, booking.id, actor=STAFF, reason="台風のため")
        teller.tick()

        declined, cancelled = (one.body for one in teller.mail.told)
        for body in (declined, cancelled):
            assert "■ 場所" not in body
            assert "決まりましたら" not in body
            assert not TOPICS.search(body)
        assert "窓口の都合により、次のご予約を取り消しました" in cancelled
        assert "その予定を消してください" in cancelled


@pytest.mark.parametrize("fixed", [True, False])
def test_who_follows_a_session_is_told_of_the_new_place_too(sqlite_url: str, fixed: bool) -> None:
    """Staff moved it: nobody asked for it, and the time may be the one before."""
    with a_house(sqlite_url) as house:
        booking = confirmed(house, email=MAIL) if fixed else house.request(email=MAIL)
        place = {"session": SESSION, "place": {"name": "第二庁舎"}}
        desk_changes.make(
            house.ledger,
            booking.consultation,
            "changed_places",
            place,
            actor=STAFF,
            bookings_do="follow",
        )
        booking = queries.by_id(house.ledger, booking.id)

        body = render(house.ledger, house.settings, booking, MessageKind.MOVED, "key").body
        call = words(MessageKind.MOVED, "call", view_of(house.ledger, house.settings, booking))

        for text in (body, call):
            assert text.startswith("ご予約の日時または場所が変わりました。")
            assert "第二庁舎" in text
            assert "受け付けました" not in text
        assert ("まだ確定ではありません。" in body) is not fixed
