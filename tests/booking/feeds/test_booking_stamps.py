"""The stamps of a booking's entry: what moves SEQUENCE, what moves DTSTAMP, and what moves neither."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from booking.ledger import changes, line_link, queries, reach
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from booking.ledger.reinstating import reinstate
from booking.settings import Settings
from notifications.render import render
from slots.wishes import Wish
from tests.support.bureau import ALONE, DAY_OF_SATO, a_bureau, book, of_desk, path_of
from tests.support.feeds import change, events
from tests.support.house import IN_PERSON, LEGAL, SESSION, House, a_house, tokyo

STAFF = "staff:test"
STAMPS = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")
Act = Callable[[House, Booking], Any]


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A house on each kind of database."""
    with a_house(database_url) as found:
        yield found


@dataclass(frozen=True)
class Seen:
    """A file as a program sees it: its stamps, what SEQUENCE follows, and all the rest."""

    sequence: int
    at: Any
    schedule: tuple[Any, ...]
    content: dict[str, Any]


def schedule_of(event: Any) -> tuple[Any, ...]:
    """When, where, and whether."""
    return tuple(repr(event.get(one)) for one in ("DTSTART", "DTEND", "LOCATION", "STATUS"))


def seen_in(text: str) -> Seen:
    """The one entry of a calendar file."""
    (event,) = events(text)
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt
    return Seen(
        sequence=int(event["SEQUENCE"]),
        at=event["DTSTAMP"].dt,
        schedule=schedule_of(event),
        content={
            **{name: repr(value) for name, value in event.items() if name not in STAMPS},
            "alarms": [one.to_ical() for one in event.walk("VALARM")],
        },
    )


def follow(house: House, booking: Booking, fetch: Callable[[], str], acts: list[Act]) -> list[int]:
    """Do `acts` one after another; the rise of SEQUENCE with each, once its stamps are right."""
    rises = []
    before = seen_in(fetch())
    for act in acts:
        act(house, queries.by_id(house.ledger, booking.id))
        after = seen_in(fetch())
        assert after.sequence - before.sequence == int(after.schedule != before.schedule)
        assert (after.at > before.at) == (after.content != before.content)
        rises.append(after.sequence - before.sequence)
        before = after
    return rises


def confirm(house: House, booking: Booking) -> None:
    changes.confirm(house.ledger, booking.id, actor=STAFF, how="call")


def move_to(time: str) -> Act:
    target = Target(slot=tokyo(f"{SESSION} {time}"))
    return lambda house, booking: changes.move(
        house.ledger, booking.id, actor=STAFF, target=target, how="call"
    )


def cancel(house: House, booking: Booking) -> None:
    changes.cancel(house.ledger, booking.id, actor="resident")


def come_back(house: House, booking: Booking) -> None:
    reinstate(house.ledger, booking.id, actor=STAFF, reason="取り消しの取りやめ", how="call")


def arrive(house: House, booking: Booking) -> None:
    changes.arrive(house.ledger, booking.id, actor=STAFF)


def done(house: House, booking: Booking) -> None:
    changes.done(house.ledger, booking.id, actor=STAFF)


def no_show(house: House, booking: Booking) -> None:
    changes.no_show(house.ledger, booking.id, actor=STAFF)


def be_reached_elsewhere(house: House, booking: Booking) -> None:
    said = {"email": "hanako@example.jp", "voicemail": "no", "safe_hours": "morning"}
    reach.change_safe_contact(house.ledger, booking.id, said, actor=STAFF)


def link_line(house: House, booking: Booking) -> None:
    code = line_link.new_code(house.ledger, booking)
    assert line_link.link(house.ledger, code, "U-invented") is line_link.Linking.LINKED


def move_place(house: House, _booking: Booking) -> None:
    change(house, "changed_places", session=SESSION, place={"name": "市民会館"})


def fetched(house: House, client: Any, booking: Booking) -> Callable[[], str]:
    """What downloads the booking's file; some time goes by before."""

    def fetch() -> str:
        answer = client.get(f"/b/{booking.token}/booking.ics")
        house.clock.move_by(seconds=7)
        assert answer.status_code == 200
        return str(answer.text)

    return fetch


def test_sequence_follows_time_place_and_status_and_nothing_else(house: House) -> None:
    """Points 7 and 8: both directions, over a whole life of a booking."""
    booking = house.request(wish="09:45")
    acts = [
        *(be_reached_elsewhere, link_line, confirm, confirm, be_reached_elsewhere),
        *(move_to("10:30"), move_to("10:30"), move_place, cancel, cancel, come_back),
        *(arrive, done),
    ]
    with house.client() as client:
        rises = follow(house, booking, fetched(house, client, booking), acts)

    assert rises == [0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0]


def test_whoever_does_not_come_gets_no_other_file(house: House) -> None:
    """Point 7."""
    booking = house.enter(slot=f"{SESSION}T09:00:00+09:00")
    with house.client() as client:
        assert follow(house, booking, fetched(house, client, booking), [no_show]) == [0]


def test_a_time_that_staff_name_moves_the_stamps(house: House) -> None:
    """Points 7 and 8: from the whole session to its first slot, and from no time at all."""
    whole = house.request(wish=None)
    arranged = house.request(IN_PERSON)
    house.clock.move_by(minutes=1)

    def settle(house: House, booking: Booking) -> None:
        target = Target(slot=tokyo(f"{SESSION} 09:00"))
        changes.confirm(house.ledger, booking.id, actor=STAFF, how="call", target=target)

    with house.client() as client:
        assert follow(house, whole, fetched(house, client, whole), [settle]) == [1]
        settle(house, arranged)
        first = seen_in(fetched(house, client, arranged)())
        assert first.sequence == 1


def settle_at(text: str) -> Act:
    target = Target(slot=tokyo(text), minutes=60)
    return lambda house, booking: changes.confirm(
        house.ledger, booking.id, actor=STAFF, how="call", target=target
    )


def wish_for(text: str) -> Act:
    wishes = (Wish(tokyo(f"{text} 00:00").date()),)
    return lambda house, booking: changes.move(
        house.ledger, booking.id, actor="resident", target=Target(wishes=wishes)
    )


@pytest.mark.parametrize("after", [cancel, settle_at("2026-12-09 10:00")])
def test_an_arranged_time_that_is_given_up_for_wishes_is_cancelled_until_there_is_another(
    house: House, after: Act
) -> None:
    """Points 7, 8 and 20: else its alarm would ring for an hour at which nobody waits."""
    booking = house.request(IN_PERSON, email="hanako@example.jp")
    settings = Settings(mail_from="yoyaku@example.jp")
    settle_at("2026-12-02 14:00")(house, booking)
    with house.client() as client:
        fetch = fetched(house, client, booking)
        (confirmed,) = events(fetch())
        assert follow(house, booking, fetch, [wish_for("2026-12-08")]) == [1]
        (given_up,) = events(fetch())
        now = queries.by_id(house.ledger, booking.id)
        message = render(house.ledger, settings, now, "moved", "mail", "ref")
        rises = follow(house, booking, fetch, [after])

    assert given_up["UID"] == confirmed["UID"]
    assert (given_up["STATUS"], given_up["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert given_up["DTSTART"].dt == confirmed["DTSTART"].dt
    assert given_up["DTEND"].dt == confirmed["DTEND"].dt
    assert (len(confirmed.alarms.times), len(given_up.alarms.times)) == (1, 0)
    assert message.invitation is not None
    assert message.invitation.method == "CANCEL"
    assert seen_in(message.invitation.content.decode()).schedule == schedule_of(given_up)
    assert rises == [0 if after is cancel else 1]


def test_two_changes_in_one_second_have_two_stamps(house: House) -> None:
    """Point 8: whole seconds are all that a stamp can say."""
    booking = house.request(wish="09:45")
    stamps = [booking.calendar_changed_at]
    for act in (confirm, move_to("10:30"), cancel, come_back):
        house.clock.move_by(microseconds=10)
        act(house, booking)
        stamps.append(queries.by_id(house.ledger, booking.id).calendar_changed_at)

    assert stamps == sorted(set(stamps))
    assert all(one.microsecond == 0 for one in stamps)


def test_the_mail_and_the_download_bear_the_same_stamps(house: House) -> None:
    """Points 7 and 18."""
    booking = house.enter(slot=f"{SESSION}T09:00:00+09:00", email="hanako@example.jp")
    settings = Settings(mail_from="yoyaku@example.jp")
    with house.client() as client:
        for kind, act in (("confirmed", arrive), ("confirmed", done)):
            act(house, booking)
            now = queries.by_id(house.ledger, booking.id)
            message = render(house.ledger, settings, now, kind, "mail", "ref")
            assert message.invitation is not None
            mailed = seen_in(message.invitation.content.decode())
            loaded = seen_in(fetched(house, client, booking)())
            assert (mailed.sequence, mailed.at) == (loaded.sequence, loaded.at)
            assert mailed.schedule == loaded.schedule


def test_a_private_feed_bears_them_too(database_url: str, tmp_path: Any) -> None:
    """Points 7 and 8: an arrival is no news to a calendar."""
    with a_bureau(database_url, tmp_path) as house:
        booking = book(house, ALONE, DAY_OF_SATO, "10:00")
        path = path_of(of_desk(house))

        def fetch() -> bytes:
            house.clock.move_by(minutes=5)
            with house.client() as client:
                return bytes(client.get(path).content)

        asked = fetch()
        confirm(house, booking)
        sure = fetch()
        arrive(house, booking)

        assert fetch() == sure != asked
        assert b"SEQUENCE:1\r\n" in sure


def test_a_session_bears_its_own(house: House) -> None:
    """Point 7: what becomes of its parties is nothing to the day."""
    path = f"/feeds/{LEGAL}.ics"
    booking = house.enter(slot=f"{SESSION}T09:00:00+09:00")
    with house.client() as client:
        before = client.get(path).content
    house.clock.move_by(hours=1)
    arrive(house, booking)
    done(house, booking)
    with house.client() as client:
        assert client.get(path).content == before
