"""Personal data has one home: sealed columns. After whole lives of bookings it is found nowhere else."""

import json
import logging
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, text
from sqlalchemy.exc import IntegrityError

from booking.errors import Refusal
from booking.ledger import access, changes, queries, referral, reinstating, requests
from booking.ledger.application import Target
from booking.ledger.booking import Booking
from booking.ledger.reach import change_safe_contact
from booking.store import bookings, open_store
from booking.store.bookings import SEALED
from booking.store.sealed import CannotUnseal
from booking.store.tables import metadata
from tests.booking.ledger.town import (
    DAILY,
    EXPERT,
    LEGAL,
    NEXT_DAY,
    SATURDAY,
    STAFF,
    VISIT,
    a_town,
    at,
    confirmed,
    entered,
    slot,
)
from tests.support.house import KEY, House

# Nothing else in this test, and no word of the program, holds any of these.
PERSON: dict[str, Any] = {
    "name": "獅子堂 鳳凰丸",
    "kana": "ししどう ほうおうまる",
    "phone": "０９０－７３１７－９８４６",
    "residence": "竜宮町字乙姫九八七番地",
    "email": "shishido.hooh@hanazono.example.jp",
    "postal_address": "龍神郡海底村大字真珠三百六十五番",
    "needs": "手話通訳と車椅子の席をお願いします",
}
REASON = "ご親族の葬儀のため日程を変えたいとのお申し出"
PHONES = ("090-7317-9846", "09073179846", "9073179846", "7317-9846", PERSON["phone"])
SECRETS = (
    *(PERSON[name] for name in ("name", "residence", "email", "postal_address", "needs")),
    *PERSON["name"].split(),
    *PERSON["kana"].split(),
    *("シシドウ", "ホウオウマル", "shishido", "hanazono"),
    *PHONES,
    REASON,
    "葬儀",
)


def found_in(said: str, secrets: tuple[str, ...] = SECRETS) -> list[str]:
    """Which of `secrets` stand in `said`, also where it is written in escapes or another form."""
    forms = {said, unicodedata.normalize("NFKC", said)}
    return [
        one
        for one in secrets
        if any(
            form in text
            for form in (one, ascii(one)[1:-1], one.encode().hex(), str(one.encode())[2:-1])
            for text in forms
        )
    ]


class Lives:
    """Whole lives of bookings of one person, with every refusal on the way."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.tokens: list[str] = []
        self.codes: list[str] = []
        self.shown: list[str] = []
        self.refusals: list[Exception] = []
        self.logged = ""

    def keep(self, made: Any) -> Any:
        """Note how `made` shows itself."""
        self.shown += [repr(made), str(made), f"{made}"]
        if isinstance(made, Booking):
            self.tokens.append(made.token)
            self.shown.append(repr(made.contact))
        return made

    def refused(self, act: Callable[[], Any]) -> None:
        """Note how `act` is refused."""
        try:
            act()
        except (Refusal, IntegrityError, CannotUnseal) as error:
            self.refusals.append(error)
            self.shown += [repr(error), str(error), repr(error.args), repr(error.__dict__)]
            return
        raise AssertionError("was not refused")

    def request(self, consultation: str, **asked: Any) -> Booking:
        application = self.keep(self.house.application(consultation, **PERSON | asked))
        return self.keep(self.keep(requests.request(self.house.ledger, application)).booking)

    def live(self) -> None:
        """Everything that may happen."""
        ledger = self.house.ledger
        self.codes.append(referral.issue(ledger, EXPERT, actor=STAFF))
        daily = self.request(DAILY, slot=at())
        legal = self.request(LEGAL, date=SATURDAY, wish="09:00")
        visit = self.request(VISIT, wishes=[NEXT_DAY])
        expert = self.request(EXPERT, wishes=[NEXT_DAY], referral=self.codes[0])
        called = self.keep(
            entered(self.house, DAILY, slot=at("10:30"), reason=REASON, again=True, **PERSON)
        )
        for booking, target in ((daily, None), (legal, slot("09:45", SATURDAY)), (visit, slot())):
            self.keep(confirmed(self.house, booking, target))
        said = {"contact_wish": "mail", "email": f"new.{PERSON['email']}", "voicemail": "no"}
        self.keep(change_safe_contact(ledger, daily.id, said, actor="resident"))
        self.keep(changes.move(ledger, daily.id, actor="resident", target=slot("11:15")))
        self.keep(
            changes.move(
                ledger, legal.id, actor=STAFF, target=slot("10:30", SATURDAY), reason=REASON
            )
        )
        self.keep(changes.decline(ledger, daily.id, actor=STAFF, reason=REASON))
        self.keep(changes.cancel(ledger, legal.id, actor=STAFF, reason=REASON))
        self.keep(changes.cancel(ledger, expert.id, actor="resident", reason=REASON))
        self.keep(reinstating.reinstate(ledger, expert.id, actor=STAFF, reason=REASON))
        self.keep(changes.arrive(ledger, visit.id, actor=STAFF))
        self.keep(changes.done(ledger, visit.id, actor=STAFF))
        self.keep(queries.view(ledger, called.reference, STAFF))
        self.keep(queries.by_token(ledger, called.token))
        self.keep(queries.of_party(ledger, PERSON["phone"], PERSON["kana"]))
        for one in (daily, legal, visit, expert, called):
            self.keep(queries.history(ledger, one.id))
        self.fail(called)
        self.keep(ledger)
        self.keep(ledger.store)
        self.keep(ledger.store.keyring)
        self.keep(self.house.settings)

    def fail(self, called: Booking) -> None:
        """Everything that may be refused, and what the database itself refuses."""
        ledger, house = self.house.ledger, self.house
        wrong = {name: f"{value}＠" * 40 for name, value in PERSON.items()}
        self.refused(lambda: house.application(LEGAL, **wrong | {"date": "9999-12-31"}))
        self.request(DAILY, slot=at(day=NEXT_DAY))
        self.refused(lambda: self.request(DAILY, slot=at("09:45", NEXT_DAY)))  # already booked
        self.refused(lambda: self.request(DAILY, slot=at(day="2026-12-06"), kana="ししどう"))
        self.refused(lambda: self.request(EXPERT, wishes=[NEXT_DAY], referral="12345678"))
        self.refused(lambda: changes.cancel(ledger, called.id, actor=STAFF, reason=REASON * 40))
        self.refused(lambda: changes.confirm(ledger, called.id, actor=STAFF, how=PERSON["name"]))
        self.refused(lambda: changes.move(ledger, called.id, actor="resident", target=Target()))
        self.refused(lambda: queries.by_reference(ledger, PERSON["phone"]))
        self.refused(lambda: access.sign_in(ledger, PERSON["email"], PERSON["phone"]))
        self.refused(lambda: access.disable_staff(ledger, PERSON["name"]))
        row = {**self._row(called), "token_hash": "another", "id": called.id}
        self.refused(
            lambda: ledger.store.write(lambda tx: bookings.add(tx, ledger.store.keyring, row))
        )
        sealed = ledger.store.keyring.seal("bookings", "name", "1", PERSON["name"])
        self.refused(lambda: ledger.store.keyring.unseal("bookings", "name", "2", sealed))

    def _row(self, booking: Booking) -> dict[str, Any]:
        store = self.house.ledger.store
        found = store.read(lambda tx: bookings.by_id(tx, store.keyring, booking.id))
        assert found is not None
        return found


@contextmanager
def lived(url: str, folder: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Lives]:
    """Lives that were lived while every logger, SQLAlchemy's too, told all it knows."""
    for name in ("", "sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool", "booking"):
        caplog.set_level(logging.DEBUG, logger=name)
    with a_town(url, folder) as house:
        found = Lives(house)
        found.live()
        found.logged = caplog.text
        yield found


@pytest.fixture
def lives(database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Lives]:
    """The same on each kind of database."""
    with lived(database_url, tmp_path, caplog) as found:
        yield found


def columns(lives: Lives) -> Iterator[tuple[str, str, Any, bool]]:
    """Each value in the database: table, column, value, and whether its column is sealed."""
    for name, table in metadata.tables.items():
        sealed = {one.name for one in table.columns if isinstance(one.type, LargeBinary)}
        query = table.select()
        for row in lives.house.ledger.store.read(lambda tx, q=query: tx.execute(q).all()):
            for column, value in row._mapping.items():
                yield name, column, value, column in sealed


def test_no_column_but_the_sealed_ones_holds_anything_of_the_person(lives: Lives) -> None:
    plain, secrets = [], (*SECRETS, *lives.tokens, *(one.replace("-", "") for one in lives.codes))
    kept = 0
    for table, column, value, sealed in columns(lives):
        if found := found_in(str(value), secrets):
            plain.append(f"{table}.{column}: {found}")
        kept += sealed and value is not None

    assert plain == []
    assert kept > 5 * 6  # and it is kept there


def test_sealed_columns_are_those_that_the_store_seals(lives: Lives) -> None:
    """A new personal column must be in both lists."""
    assert {column for _, column, _, sealed in columns(lives) if sealed} == set(SEALED)
    one = next(v for _, column, v, _ in columns(lives) if column == "name" and v is not None)
    with pytest.raises(CannotUnseal):
        lives.house.ledger.store.keyring.unseal("bookings", "name", "elsewhere", one)


def test_facts_tell_when_and_how_and_never_who(lives: Lives) -> None:
    query = text("SELECT kind, actor, data FROM facts")
    facts = lives.house.ledger.store.read(lambda tx: tx.execute(query).all())

    assert len({fact.kind for fact in facts}) >= 9
    assert found_in(str(facts), (*SECRETS, *lives.tokens)) == []
    assert {fact.actor.split(":")[0] for fact in facts} == {"resident", "staff"}
    names = {name for fact in facts for name in json.loads(fact.data)}
    # Of a referral its number only: the code is kept nowhere.
    assert names <= {"start", "from", "how", "channel", "referral", "what"}
    codes = [form for one in lives.codes for form in (one, one.replace("-", ""))]
    assert found_in(str(facts), codes) == []


def test_the_log_of_the_program_tells_nothing(lives: Lives) -> None:
    assert "INSERT INTO bookings" in lives.logged  # it did tell what it did
    assert found_in(lives.logged, (*SECRETS, *lives.tokens, *lives.codes)) == []


def test_nothing_shows_itself_with_anything_of_the_person(lives: Lives) -> None:
    shown = "\n".join(lives.shown)

    assert "Booking(" in shown
    assert "Application(" in shown
    codes = [form for one in lives.codes for form in (one, one.replace("-", ""))]
    assert found_in(shown, (*SECRETS, *lives.tokens, *codes)) == []
    assert KEY.decode() not in shown
    assert KEY.hex() not in shown


def test_every_refusal_is_a_word(lives: Lives) -> None:
    for refusal in lives.refusals:
        if isinstance(refusal, Refusal):
            assert str(refusal) == refusal.code
            assert refusal.args == ()
    assert len({type(one) for one in lives.refusals}) >= 7


def test_the_file_of_the_database_holds_nothing_of_the_person(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even in what was overwritten, or stands in the write-ahead log."""
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with lived(sqlite_url, tmp_path, caplog) as lives:
        kept = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))

    assert b"BookingRequested" in kept
    for secret in (*SECRETS, *lives.tokens):
        for encoding in ("utf-8", "utf-16-le", "cp932"):
            assert secret.encode(encoding) not in kept, secret


def test_the_person_is_still_there_for_who_holds_the_key(lives: Lives) -> None:
    """Otherwise this file would prove nothing."""
    found = queries.by_token(lives.house.ledger, lives.tokens[0])

    assert found.contact.name == PERSON["name"]
    assert found.contact.phone == "090-7317-9846"
    assert found.reason == REASON


def test_another_key_opens_nothing(lives: Lives) -> None:
    url = lives.house.ledger.store.engine.url.render_as_string(hide_password=False)
    stranger = open_store(url, (b"x" * 32,))
    reference = queries.by_token(lives.house.ledger, lives.tokens[0]).reference

    with pytest.raises(CannotUnseal) as refused:
        stranger.read(lambda tx: bookings.by_reference(tx, stranger.keyring, reference))

    assert found_in(str(refused.value)) == []
    stranger.close()
