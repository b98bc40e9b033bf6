"""The address of a private calendar is its password (point 14), and serving it tells nobody of it."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from booking.errors import ChangedMeanwhile, Invalid, KeyReused, NotFound
from booking.feeds.clients import client_kind
from booking.ledger import private_feeds
from booking.ledger.access import Staff
from booking.ledger.private_feeds import PrivateFeed
from tests.support.bureau import (
    ALONE,
    CLERK,
    DAY_OF_SATO,
    SATO,
    a_bureau,
    book,
    of_desk,
    of_person,
    path_of,
)
from tests.support.house import House

STRANGER = Staff("stranger", "他", "staff", "elsewhere", "staff:stranger")
EVERYWHERE = Staff("all", "県", "admin", None, "staff:all")
# What makes the database refuse the note of a fetch.
NO_NOTES = {
    "sqlite": "CREATE TRIGGER no BEFORE UPDATE ON private_feeds BEGIN SELECT RAISE(ABORT, 'no'); END",
    "postgresql": "ALTER TABLE private_feeds ADD CHECK (fetches = 0)",
}
GOOGLE = {"User-Agent": "Google-Calendar-Importer (+https://www.google.com/)"}


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """The bureau, once on each kind of database."""
    with a_bureau(database_url, tmp_path) as made:
        yield made


def only(house: House) -> PrivateFeed:
    (found,) = private_feeds.listed(house.ledger, "town")
    return found


def in_database(house: House) -> str:
    """All that the feeds' rows and the log hold."""

    def work(tx: Any) -> str:
        rows = [
            tx.execute(text(f"SELECT * FROM {table}")).all() for table in ("private_feeds", "facts")
        ]
        return str(rows)

    return house.ledger.store.read(work)


def test_point_14_a_token_has_192_random_bits_and_is_kept_hashed_only(house: House) -> None:
    tokens = {of_desk(house) for _ in range(5)}

    assert len(tokens) == 5
    assert {len(one) for one in tokens} == {32}
    kept = in_database(house)
    assert not any(one in kept for one in tokens)


def test_point_14_another_address_ends_the_old_one_at_once(house: House) -> None:
    old = of_desk(house)
    with house.client() as client:
        assert client.get(path_of(old)).status_code == 200
        new = private_feeds.rotate(house.ledger, only(house).id, 0, staff=CLERK)

        assert client.get(path_of(old)).status_code == 404
        assert client.get(path_of(new)).status_code == 200
    with pytest.raises(ChangedMeanwhile):
        private_feeds.rotate(house.ledger, only(house).id, 0, staff=CLERK)


def test_point_14_a_wrong_a_rotated_and_a_revoked_address_are_the_same_unknown_calendar(
    house: House,
) -> None:
    rotated, revoked = of_desk(house), of_person(house)
    by_desk = {one.desk: one.id for one in private_feeds.listed(house.ledger, "town")}
    private_feeds.rotate(house.ledger, by_desk["town/law"], 0, staff=CLERK)
    private_feeds.revoke(house.ledger, by_desk[None], staff=CLERK)
    paths = [path_of(one) for one in (rotated, revoked, "A" * 32, "x", "é")]
    paths += [path_of("A" * 32).removesuffix(".ics"), "/feeds/nowhere/desk.ics"]
    with house.client() as client:
        answers = [client.get(path) for path in paths]

    first = answers[0]
    assert first.status_code == 404
    assert first.headers["Cache-Control"] == "no-store"
    assert first.headers["X-Robots-Tag"] == "noindex"
    assert first.headers["Content-Type"].startswith("text/plain")
    for one in answers[1:]:
        assert (one.status_code, one.content, one.headers) == (404, first.content, first.headers)


def test_revoking_is_for_good(house: House) -> None:
    of_desk(house)
    feed = only(house)
    private_feeds.revoke(house.ledger, feed.id, staff=CLERK)
    private_feeds.revoke(house.ledger, feed.id, staff=CLERK)

    assert only(house).revoked_at == house.clock.at
    with pytest.raises(NotFound):
        private_feeds.rotate(house.ledger, feed.id, 0, staff=CLERK)


@pytest.mark.parametrize("feed_id", ["\x00", "a\x00b", "あ", "", "x" * 5000])
def test_what_is_no_id_is_no_feed_on_any_database(feed_id: str, house: House) -> None:
    of_desk(house)
    with pytest.raises(NotFound):
        private_feeds.revoke(house.ledger, feed_id, staff=CLERK)
    with pytest.raises(NotFound):
        private_feeds.rotate(house.ledger, feed_id, 0, staff=CLERK)


def test_point_14_an_answer_is_private_unfound_and_silent_about_its_address(house: House) -> None:
    book(house, ALONE, DAY_OF_SATO, "10:00")
    token = of_desk(house)
    with house.client() as client:
        answer = client.get(path_of(token))

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "Set-Cookie" not in answer.headers
    assert token not in answer.text
    assert "/feeds/private" not in answer.text


def test_point_17_whoever_asks_and_however_gets_the_same(house: House) -> None:
    token = of_desk(house)
    asked: list[dict[str, str]] = [{}, GOOGLE, {"Accept": "text/html"}, {"Accept": ""}]
    with house.client() as client:
        answers = [client.get(path_of(token), headers=one, follow_redirects=False) for one in asked]

    assert {one.content for one in answers} == {answers[0].content}
    assert {one.status_code for one in answers} == {200}


def test_who_has_it_is_told_so_and_head_is_get_without_a_body(house: House) -> None:
    token = of_desk(house)
    with house.client() as client:
        etag = client.get(path_of(token)).headers["ETag"]
        for said in (etag, f"W/{etag}", f'"other", {etag}'):
            answer = client.get(path_of(token), headers={"If-None-Match": said})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["ETag"] == etag
            assert answer.headers["Cache-Control"] == "private, no-cache"
        head = client.head(path_of(token))
        assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", etag)
        book(house, ALONE, DAY_OF_SATO, "10:00")
        stale = client.get(path_of(token), headers={"If-None-Match": etag})
        assert stale.status_code == 200
        assert stale.headers["ETag"] != etag


def test_point_14_no_log_tells_the_address(house: House, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("", "sqlalchemy", "sqlalchemy.engine", "booking", "litestar"):
        caplog.set_level(logging.DEBUG, logger=name)
    # What the test's own client logs of its requests is no log of ours.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    token = of_desk(house)
    with house.client() as client:
        client.get(path_of(token))
        client.get(path_of(token + "x"))

    assert "private_feeds" in caplog.text
    assert token not in caplog.text


def test_an_error_that_nobody_foresaw_names_the_route_and_not_the_address(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    token = of_desk(house)
    with house.client() as client:
        house.ledger.store.write(lambda tx: tx.execute(text("DROP TABLE consultation_versions")))
        client.get(path_of(token))

    assert "unexpected" in caplog.text
    assert token not in caplog.text


# ---------------------------------------------------------------- when it was fetched
def test_a_fetch_is_noted_once_an_hour_by_its_kind_of_program(house: House) -> None:
    token = of_desk(house)
    began = house.clock.at
    with house.client() as client:
        client.head(path_of(token), headers=GOOGLE)
        assert only(house).last_fetched_at is None
        client.get(path_of(token), headers=GOOGLE)
        house.clock.move_by(minutes=59)
        client.get(path_of(token), headers={"User-Agent": "Thunderbird/140"})
        found = only(house)
        assert (found.last_fetched_at, found.last_client, found.fetches) == (began, "google", 1)
        house.clock.move_by(minutes=1)
        etag = client.get(path_of(token)).headers["ETag"]
        house.clock.move_by(hours=1)
        client.get(path_of(token), headers={"If-None-Match": etag, "User-Agent": "Thunderbird/140"})

    found = only(house)
    assert (found.last_client, found.fetches) == ("thunderbird", 3)
    assert found.last_fetched_at == house.clock.at


def test_a_fetch_changes_nothing_of_the_business(house: House) -> None:
    book(house, ALONE, DAY_OF_SATO, "10:00")
    token = of_desk(house)

    def business() -> str:
        tables = ("bookings", "facts", "facts_unread", "consultation_versions", "published_entries")
        return house.ledger.store.read(
            lambda tx: str([tx.execute(text(f"SELECT * FROM {one}")).all() for one in tables])
        )

    with house.client() as client:  # the start of a server notes what it serves
        before = business()
        client.get(path_of(token), headers=GOOGLE)
        assert only(house).fetches == 1
        assert business() == before


def test_who_and_where_is_noted_nowhere(house: House) -> None:
    token = of_desk(house)
    with house.client() as client:
        headers = {"User-Agent": "CalendarAgent/9876 secret-host", "X-Forwarded-For": "203.0.113.9"}
        client.get(path_of(token), headers=headers)

    kept = in_database(house)
    assert "'apple'" in kept
    for word in ("9876", "secret-host", "203.0.113.9", "CalendarAgent", "testclient"):
        assert word not in kept


def test_another_address_has_not_been_fetched_yet(house: House) -> None:
    token = of_desk(house)
    with house.client() as client:
        client.get(path_of(token), headers=GOOGLE)
    private_feeds.rotate(house.ledger, only(house).id, 0, staff=CLERK)

    found = only(house)
    assert (found.last_fetched_at, found.last_client, found.fetches) == (None, None, 0)


def test_a_note_that_fails_is_no_loss_to_who_fetches(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    token = of_desk(house)
    house.ledger.store.write(lambda tx: tx.execute(text(NO_NOTES[house.ledger.store.dialect])))
    with house.client() as client:
        answer = client.get(path_of(token))

    assert answer.status_code == 200
    assert "BEGIN:VCALENDAR" in answer.text
    assert only(house).fetches == 0
    assert "was not noted: IntegrityError" in caplog.text
    assert token not in caplog.text


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Google-Calendar-Importer (+https://www.google.com/)", "google"),
        ("Microsoft.Exchange/15.20 (HTTP; Url Calendar)", "outlook"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17; Pro)", "outlook"),
        ("iOS/17.5.1 (21F90) dataaccessd/1.0", "apple"),
        ("macOS/14.5 (23F79) CalendarAgent/988", "apple"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.1",
            "thunderbird",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36", "other"),
        ("", "other"),
        (None, "other"),
    ],
)
def test_a_program_is_known_by_what_it_calls_itself(said: str | None, kind: str) -> None:
    assert client_kind(said) == kind


# ---------------------------------------------------------------- who may make one
def test_staff_make_feeds_of_their_own_organisation_only(house: House) -> None:
    ledger = house.ledger
    for what in (
        {"desk": "town/law"},
        {"person": ("town", SATO)},
    ):
        with pytest.raises(Invalid):
            private_feeds.make(ledger, "a" * 32, staff=STRANGER, **what)
    of_desk(house)
    feed = only(house)
    for act in (
        lambda: private_feeds.rotate(ledger, feed.id, 0, staff=STRANGER),
        lambda: private_feeds.revoke(ledger, feed.id, staff=STRANGER),
    ):
        with pytest.raises(NotFound):
            act()
    assert private_feeds.listed(ledger, "elsewhere") == []
    assert private_feeds.find(ledger, feed.id, EVERYWHERE) == feed


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"desk": "town/none"},
        {"desk": "none/law"},
        {"person": ("town", "誰か")},
        {"person": ("none", SATO)},
        {"desk": "town/law", "label": "あ" * 61},
    ],
)
def test_what_is_no_desk_and_no_person_gets_no_feed(house: House, what: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        private_feeds.make(house.ledger, "a" * 32, staff=EVERYWHERE, **what)
    assert private_feeds.listed(house.ledger, None) == []


def test_the_same_form_makes_one_feed(house: House) -> None:
    key = house.ledger.chance.id()
    private_feeds.make(house.ledger, key, staff=CLERK, desk="town/law")

    for again in (key, "", "x" * 32):
        with pytest.raises(KeyReused):
            private_feeds.make(house.ledger, again, staff=CLERK, desk="town/law")
    assert only(house).id == key


def test_what_staff_did_to_a_feed_is_in_the_log_without_a_name(house: House) -> None:
    of_person(house, label="佐藤さんの予定")
    feed = only(house)
    private_feeds.rotate(house.ledger, feed.id, 0, staff=CLERK)
    private_feeds.revoke(house.ledger, feed.id, staff=CLERK)
    query = text("SELECT kind, actor, data FROM facts ORDER BY id")
    facts = house.ledger.store.read(lambda tx: tx.execute(query).all())

    assert [one.kind for one in facts] == [
        *("PrivateFeedMade", "PrivateFeedRotated", "PrivateFeedRevoked")
    ]
    assert {one.actor for one in facts} == {CLERK.actor}
    assert all(feed.id in one.data and "佐藤" not in one.data for one in facts)
    unread = text("SELECT count(*) FROM facts_unread")
    assert house.ledger.store.read(lambda tx: tx.execute(unread).scalar()) == 0
