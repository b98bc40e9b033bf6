"""Messages on staff's pages: a booking's own, and what failed on the first page."""

import re
from collections.abc import Iterator

import pytest

from booking.ledger import changes
from booking.ledger.application import Target
from notifications import outbox
from notifications.channels.call_list import Outcome, calls, record
from notifications.channels.channel import NotSent
from notifications.receipts import Receipt, receipt
from notifications.relay import relay
from tests.support.clerk import Clerk, at_the_console
from tests.support.house import INTERVIEW, SESSION, House, a_house, tokyo
from tests.support.telling import MAIL, STAFF, Teller, confirmed, rows, states, tries


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with a_house(database_url) as made:
        yield made


@pytest.fixture
def clerk(house: House) -> Iterator[Clerk]:
    with at_the_console(house) as found:
        yield found


def section(page: str) -> str:
    """お知らせ of a booking's page, without its markup."""
    found = re.search(r'<section aria-labelledby="told-title">(.*?)</section>', page, re.S)
    return re.sub(r"<[^>]*>", "", found[1]) if found else ""


def buttons(page: str) -> list[tuple[str, str, str]]:
    """Of each message's forms: the deed, how many tries it saw, and what the button says."""
    form = re.compile(
        r'action="/staff/messages/(\d+/[a-z]+)".*?(?:name="seen" value="(\d+)")?.*?<button[^>]*>([^<]*)',
        re.S,
    )
    return [(one[0], one[1], one[2]) for one in form.findall(page)]


def number_of(house: House, kind: str, channel: str = "mail") -> int:
    found = [one for one in rows(house) if (one["kind"], one["channel"]) == (kind, channel)]
    return found[-1]["id"]


def unanswered(house: House, **who: str) -> str:
    """A booking whose party was called three times in vain; its reference."""
    booking = confirmed(house, how="mail", **who)
    Teller(house).tick()
    (call,) = [one for one in calls(house.ledger, STAFF) if one.booking.id == booking.id]
    for number in range(3):
        record(house.ledger, call.id, Outcome.ABSENT, actor=STAFF, seen_tries=number)
    return booking.reference


def test_a_booking_says_what_its_party_was_told(house: House, clerk: Clerk) -> None:
    """What, how, when, in which words, and what is still to come."""
    booking = confirmed(house, email=MAIL, how="mail")
    teller = Teller(house)
    teller.tick()

    told = section(clerk.get(f"/staff/bookings/{booking.reference}"))

    assert re.search(r"確定のお知らせ\s*メール\s*送信済み 11/24 10:00", told)
    assert "予約日の直前のお知らせ　メール　送信待ち 12/18 10:00" in told
    assert "11/24 10:00 送信済み 自動" in told
    assert teller.mail.told[0].body.splitlines()[0] in told
    assert "受付番号" in told


def test_older_messages_are_folded(house: House, clerk: Clerk) -> None:
    """Below those of the booking as it is now."""
    booking = confirmed(house, email=MAIL, how="mail")
    teller = Teller(house)
    teller.tick()
    target = Target(slot=tokyo(f"{SESSION} 10:30"))
    changes.move(house.ledger, booking.id, actor=STAFF, target=target)
    teller.tick()

    told = section(clerk.get(f"/staff/bookings/{booking.reference}"))

    assert told.index("日時変更のお知らせ") < told.index("予約が変わる前のお知らせ 3件")
    assert told.index("予約が変わる前のお知らせ 3件") < told.index("確定のお知らせ")
    assert "このあとに予約が変わったため、もう一度送ることはできません。" in told
    assert re.search(r"取り下げ\s*予約が変わったため", told)


def test_a_failure_names_the_reason_and_the_next_try(house: House, clerk: Clerk) -> None:
    teller = Teller(house)
    teller.mail.refusals[MAIL] = NotSent("smtp-451")
    booking = confirmed(house, email=MAIL)
    teller.tick()

    told = section(clerk.get(f"/staff/bookings/{booking.reference}"))

    assert "失敗・次の再送 11/24 10:01" in told
    assert "前回は、相手のメールサーバーが、いまは受け付けないため送れませんでした。" in told


def test_a_try_that_nobody_finished_may_have_arrived(house: House, clerk: Clerk) -> None:
    """While it is under way it is being sent; once the lease is over nobody knows."""
    booking = confirmed(house, email=MAIL)
    relay(house.ledger)
    now = house.ledger.now()
    claimed = house.ledger.store.write(lambda tx: outbox.claim(tx, "mail", now, "another", 20))
    house.ledger.store.write(lambda tx: outbox.begin(tx, claimed[0], now))
    path = f"/staff/bookings/{booking.reference}"
    assert re.search(r"メール\s*送っています", section(clerk.get(path)))

    house.clock.move_by(minutes=6)

    told = section(clerk.get(path))
    assert re.search(r"メール\s*送れたか不明\s*途中で止まりました。届いたかもしれません", told)
    assert "11/24 10:00 送れたか不明（途中で止まりました）" in told


def test_a_receipt_is_shown(house: House, clerk: Clerk) -> None:
    booking = confirmed(house, email=MAIL)
    Teller(house).tick()
    receipt(house.ledger, rows(house)[0]["ref"], Receipt.DELIVERED, ("mail",))

    assert "受信の通知：届きました" in section(clerk.get(f"/staff/bookings/{booking.reference}"))


def test_one_press_sends_it_again_once(house: House, clerk: Clerk) -> None:
    """And the page says so; the second press of the same page does nothing, and says that."""
    booking = confirmed(house, email=MAIL)
    teller = Teller(house)
    teller.tick()
    path = f"/staff/bookings/{booking.reference}"
    number = number_of(house, "confirmed")
    assert (f"{number}/resend", "もう一度送る") in [
        (deed, text) for deed, _, text in buttons(clerk.get(path))
    ]
    form = {"seen": clerk.hidden("seen"), "back": path}

    clerk.post(f"/staff/messages/{number}/resend", **form)
    assert (clerk.status, clerk.location) == (303, f"{path}?done=message-resend")
    assert "もう一度お知らせするようにしました。" in clerk.follow()
    assert "もう一度送ることにした 佐藤" in section(clerk.page)
    teller.tick()
    clerk.post(f"/staff/messages/{number}/resend", **form)
    assert "何もしませんでした。" in clerk.follow()

    teller.tick()
    assert teller.kinds.count("confirmed") == 2


@pytest.mark.parametrize(
    ("deed", "said", "state"),
    [
        ("withdraw", "お知らせを取り下げました。", "withdrawn"),
        ("told", "お伝え済みとして記録しました。", "sent"),
    ],
)
def test_a_reminder_can_be_ended(
    house: House, clerk: Clerk, deed: str, said: str, state: str
) -> None:
    booking = confirmed(house, email=MAIL)
    relay(house.ledger)
    path = f"/staff/bookings/{booking.reference}"
    number = number_of(house, "reminder-last")

    clerk.post(f"/staff/messages/{number}/{deed}", seen="0", back=path)

    assert said in clerk.follow()
    assert states(house)["reminder-last mail"] == state


def test_what_has_moved_on_says_so(house: House, clerk: Clerk) -> None:
    """A page that was opened before the party cancelled."""
    booking = confirmed(house, email=MAIL)
    Teller(house).tick()
    changes.cancel(house.ledger, booking.id, actor="resident")

    number = number_of(house, "confirmed")
    clerk.post(f"/staff/messages/{number}/resend", seen="1", back="/staff/")

    assert "このお知らせのあとに予約が変わりました" in clerk.follow()


def test_a_failure_stands_on_the_first_page_until_it_is_dealt_with(
    house: House, clerk: Clerk
) -> None:
    """What, which booking, why, since when; without a name or a number."""
    reference = unanswered(house, name="試験 太郎", phone="0279-25-8526")

    page = clerk.get("/staff/")

    for said in (
        "お届けできなかったお知らせ 1件",
        "確定のお知らせ",
        f'href="/staff/bookings/{reference}"',
        "電話：3回かけてもお出にならなかったため",
        "11/24 10:00から",
        "電話リストに戻す",
        "対応済みにする",
    ):
        assert said in page
    assert "太郎" not in page
    assert "8526" not in page
    number = number_of(house, "confirmed", "call_list")
    clerk.post(f"/staff/messages/{number}/dealt", back="/staff/")
    assert "対応済みとして記録しました。" in clerk.follow()
    assert "お届けできなかったお知らせ" not in clerk.page
    clerk.post(f"/staff/messages/{number}/dealt", back="/staff/")
    assert "何もしませんでした。" in clerk.follow()
    assert "対応済み 11/24 10:00 佐藤" in section(clerk.get(f"/staff/bookings/{reference}"))


def test_a_failure_is_sent_again_from_the_first_page(house: House, clerk: Clerk) -> None:
    unanswered(house)
    clerk.get("/staff/")
    number = number_of(house, "confirmed", "call_list")

    clerk.post(f"/staff/messages/{number}/resend", seen=clerk.hidden("seen"), back="/staff/")

    assert "もう一度お知らせするようにしました。" in clerk.follow()
    assert "お届けできなかったお知らせ" not in clerk.page
    assert [one.tries for one in calls(house.ledger, STAFF)] == [0]


def test_what_is_over_is_only_to_be_noted(house: House, clerk: Clerk) -> None:
    """No key sends it, and the page says why."""
    unanswered(house)
    house.clock.move_to(f"{SESSION} 10:00")
    with at_the_console(house, "late") as later:
        page = later.get("/staff/")

    assert "お知らせできる時期を過ぎたため、もう一度送ることはできません。" in page
    assert "電話リストに戻す" not in page
    assert "対応済みにする" in page


def test_a_town_deals_with_its_own(house: House, clerk: Clerk) -> None:
    """Another one's failures are not on the page, and its messages are not found."""
    booking = house.request(INTERVIEW)
    changes.decline(house.ledger, booking.id, actor=STAFF, reason="定員のため")
    Teller(house).tick()
    (call,) = calls(house.ledger, STAFF)
    for number in range(3):
        record(house.ledger, call.id, Outcome.ABSENT, actor=STAFF, seen_tries=number)

    assert "お届けできなかったお知らせ" not in clerk.get("/staff/")
    clerk.post(f"/staff/messages/{call.id}/resend", seen="3")
    assert clerk.status == 404
    clerk.post(f"/staff/messages/{call.id}/dealt")
    assert clerk.location == "/staff/?done=message-stale"
    with at_the_console(house, "osaka", organisation="osaka") as theirs:
        assert "お届けできなかったお知らせ 1件" in theirs.get("/staff/")


def test_who_only_reads_has_no_buttons(house: House) -> None:
    with at_the_console(house, "reads", role="viewer") as reader:
        reference = unanswered(house)

        assert buttons(reader.get("/staff/")) == []
        assert "お届けできなかったお知らせ 1件" in reader.page
        assert buttons(reader.get(f"/staff/bookings/{reference}")) == []
        before = tries(house)
        reader.post(
            f"/staff/messages/{number_of(house, 'confirmed', 'call_list')}/resend", seen="3"
        )
        assert reader.status == 403
        assert tries(house) == before


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("1/resend", {"seen": "x"}),
        ("1/resend", {}),
        ("1/burn", {"seen": "0"}),
        ("99/told", {"seen": "0"}),
    ],
)
def test_a_form_that_is_not_ours_is_refused(sqlite_url: str, path: str, form: dict) -> None:
    """With a page, not with an error; and it leads to no other site."""
    with a_house(sqlite_url) as house, at_the_console(house) as clerk:
        clerk.post(f"/staff/messages/{path}", **form)
        assert clerk.status == 404
        clerk.post("/staff/messages/1/dealt", back="https://example.com/")
        assert clerk.location == "/staff/?done=message-stale"
