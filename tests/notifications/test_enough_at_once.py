"""Enough for a day, where two channels reach one party at the same moment."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, Thread
from time import sleep

from notifications.channels.channel import Message, NotSent
from notifications.channels.memory import Memory
from notifications.delivery import Delivery
from notifications.relay import relay
from tests.support.house import NEXT_SESSION, SESSION, House, a_house
from tests.support.telling import MAIL, Teller, a_folder, rows, states

PHONE, DIGITS = "090-1234-5678", "09012345678"


@dataclass
class Meeting(Memory):
    """While it sends, `other` delivers what is due by SMS."""

    house: House = field(kw_only=True)
    other: Memory = field(kw_only=True)

    def send(self, message: Message) -> None:
        Teller(self.house).tick({"sms": self.other})
        super().send(message)


def folder_of(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "desks", "most_a_day = 1")


def two_bookings(
    house: House, phone: str = PHONE, email: str = MAIL, date: str = SESSION
) -> set[str]:
    """A party that is to be told of one by mail and of the other by SMS, neither yet delivered."""
    who = {"name": "試験 花子", "phone": phone, "residence": "渋川市石原", "date": date}
    made = house.request(**who, email=email, kana="しけん はなこ"), house.request(**who)
    relay(house.ledger)
    return {one.id for one in made}


def test_what_is_on_its_way_counts_until_it_has_ended(database_url: str, tmp_path: Path) -> None:
    with a_house(database_url, folder=folder_of(tmp_path)) as house:
        sms = Memory()
        mail = Meeting(house=house, other=sms)
        two_bookings(house)
        Teller(house).tick({"mail": mail})

        assert (len(mail.told), len(sms.told)) == (1, 0)
        house.clock.move_by(minutes=2)
        Teller(house).tick({"sms": sms})
        assert sms.told == []

        house.clock.move_to("2026-11-25 08:00")
        Teller(house).tick({"sms": sms})
        assert [one.to for one in sms.told] == [DIGITS]


def test_a_try_that_failed_holds_back_nobody_for_longer_than_a_moment(
    database_url: str, tmp_path: Path
) -> None:
    with a_house(database_url, folder=folder_of(tmp_path)) as house:
        sms = Memory()
        mail = Meeting(house=house, other=sms, refusals={MAIL: NotSent("smtp-450")})
        two_bookings(house)
        Teller(house).tick({"mail": mail})
        assert (states(house)["received mail"], sms.told) == ("failed", [])

        house.clock.move_by(minutes=1)
        Teller(house).tick({"sms": sms})

        assert [one.to for one in sms.told] == [DIGITS]


def test_what_would_be_too_late_in_a_moment_is_not_held_back(
    database_url: str, tmp_path: Path
) -> None:
    """One more than enough is better than coming in vain."""
    with a_house(database_url, folder=folder_of(tmp_path)) as house:
        sms = Memory()
        mail = Meeting(house=house, other=sms)
        two_bookings(house)
        house.clock.move_to(f"{SESSION} 08:59")
        house.clock.move_by(seconds=30)
        Teller(house).tick({"mail": mail})

        assert (len(mail.told), len(sms.told)) == (1, 1)


@dataclass
class Slow(Memory):
    """Takes a moment for each."""

    def send(self, message: Message) -> None:
        sleep(0.01)
        super().send(message)


def test_two_threads_at_once_tell_each_party_once(database_url: str, tmp_path: Path) -> None:
    with a_house(database_url, folder=folder_of(tmp_path)) as house:
        parties = [
            two_bookings(house, f"090-1234-00{n}0", f"a{n}@example.jp", date=day)
            for n, day in enumerate((SESSION, SESSION, NEXT_SESSION, NEXT_SESSION))
        ]
        assert Counter(one["channel"] for one in rows(house)) == {"mail": 4, "sms": 4}
        slow, start = {"mail": Slow(), "sms": Slow()}, Barrier(2)

        def deliver(name: str) -> None:
            start.wait(10)
            Delivery(house.ledger, house.settings, slow).run_channel(name)

        threads = [Thread(target=deliver, args=(name,)) for name in slow]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

        sent = {row["booking_id"] for row in rows(house) if row["state"] == "sent"}
        assert [len(sent & party) for party in parties] == [1, 1, 1, 1]
        assert len(slow["mail"].told) + len(slow["sms"].told) == 4
