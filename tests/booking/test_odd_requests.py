"""Whatever is sent to any door is answered: never an error of ours, on either database."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import pytest

from booking.ledger import access
from tests.support.clerk import Clerk, at_the_console
from tests.support.house import IN_PERSON, LEGAL, SESSION, House, a_house, raw_application

pytestmark = pytest.mark.slow
# What forms and programs send by mistake, or on purpose.
ODD = [
    *("", " ", "\x00", "2026-12-19\x00", " 2026-12-19 ", "２０２６-12-19", "\udc80", "\ufffe"),
    *("0001-01-01", "9999-12-31", "-1", "--1", "+1", "1e9", "²", "9" * 25, "9" * 5000),
    *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-12-19T09:45", "NaN"),
    *("'; DROP TABLE bookings; --", "{{ 7*7 }}", "%s%n", "../../etc/passwd", "<script>", "a" * 20_000),
]  # fmt: skip
# For pages with many fields.
ODDEST = ["\x00", "\udc80", "--1", "²", "0001-01-01", "9999-12-31", "9" * 5000]
# What can be read at all is the same on both databases; what can be kept is not.
UNKEEPABLE = ["\x00", "\udc80", "9" * 5000]
ODD_VALUES: list[Any] = [
    *(None, True, 0, -1, 10**30, 1.5, [], {}, [[]], [{}], {"x": 1}, "\x00", "9999-12-31"),
    *("0001-01-01T00:00:00+23:59", [None], [1], ["x"] * 5000, [{"date": "\x00"}], "x" * 20_000),
]


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A house on a database of the test's own."""
    with a_house(database_url) as found:
        yield found


@pytest.fixture
def clerk(house: House) -> Iterator[Clerk]:
    """Somebody of the staff, signed in."""
    with at_the_console(house) as found:
        yield found


def sendable(text: str) -> str:
    """A value as a form can carry it: bytes that are no UTF-8 for half a character."""
    return quote(text.encode("utf-8", "surrogateescape"))


def form(fields: dict[str, Any]) -> dict[str, Any]:
    """The body of a form and its type."""
    body = "&".join(f"{name}={sendable(str(value))}" for name, value in fields.items())
    kind = "application/x-www-form-urlencoded"
    return {"content": body.encode(), "headers": {"content-type": kind}}


def failures(client: Any, tries: Iterator[tuple[str, str, dict[str, Any]]]) -> list[str]:
    """Which of `tries` (method, path, what is sent) ended in an error of ours."""
    failed = []
    for method, path, sent in tries:
        answer = client.request(method, path, follow_redirects=False, **sent)
        if answer.status_code >= 500:
            said = str(sent.get("content") or sent.get("json") or "")
            failed.append(f"{method} {path[:60]} {said[-160:]}: {answer.status_code}")
    return failed


def each_odd(
    path: str, fields: dict[str, Any], odds: Sequence[str] = ODD, **always: str
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A form with one of `fields` after another replaced by each odd value."""
    for name in fields:
        for odd in odds:
            yield "POST", path, form(always | fields | {name: odd})


def test_a_residents_form_is_answered(house: House, database_url: str) -> None:
    odds = ODD if database_url.startswith("sqlite") else UNKEEPABLE
    wishes = {"wish1_date": "2026-12-01", "wish1_time": "afternoon", "wish2_date": ""}
    contact = {**raw_application(LEGAL), "time": "09:45", "email": "", "needs": "", "slot": ""}
    contact |= {"idempotency_key": ""}
    with house.client() as client:
        for act in ("check", "send"):
            assert failures(client, each_odd(f"/{LEGAL}/book", contact, odds, act=act)) == []
        person = {**raw_application(IN_PERSON), **wishes, "act": "check"}
        person.pop("wishes")
        assert failures(client, each_odd(f"/{IN_PERSON}/book", person, odds)) == []


def test_ones_own_booking_is_answered(house: House) -> None:
    booking = house.request()
    move = {"date": SESSION, "time": "any", "slot": ""}
    with house.client() as client:
        assert failures(client, each_odd(f"/b/{booking.token}/move", move)) == []


def test_addresses_are_answered(clerk: Clerk, database_url: str) -> None:
    odds = ODD if database_url.startswith("sqlite") else UNKEEPABLE
    paths = [
        f"/b/{{}}|/b/{{}}/move|/b/{{}}/booking.ics|/{{}}|/shibukawa/{{}}|/{LEGAL}/book?date={{}}",
        f"/staff/day?date={{}}|/staff/bookings/{{}}|/staff/calls?date={{}}|/staff/?page={{}}|/{LEGAL}?from={{}}",
        "/staff/calls/{}|/feeds/{}.ics|/api/v1/bookings/{}|/api/v1/desks/shibukawa/{}|/staff/phone?consultation={}",
        f"/api/v1/consultations/{LEGAL}/slots?from={{}}|/api/v1/consultations/{LEGAL}/sessions?to={{}}",
    ]  # fmt: skip
    tries = (
        ("GET", path.format(sendable(odd).replace("/", "%2F")[:3000]), {})
        for path in "|".join(paths).split("|")
        for odd in odds
    )

    assert failures(clerk.client, tries) == []


def test_the_console_is_answered(clerk: Clerk, house: House, database_url: str) -> None:
    odds = ODDEST if database_url.startswith("sqlite") else UNKEEPABLE
    booking = house.request(wish="09:00")
    arranged = house.request(IN_PERSON)
    party = raw_application(LEGAL)
    party.pop("date")
    call = {
        **{f"wish1_{name}": "" for name in ("date", "time")},
        **{name: "" for name in ("page", "slot", "date", "time", "minutes", "again", "read")},
        **{"do": "check", "idempotency_key": "k"},
    }
    act = {"revision": "1", "slot": "", "date": "", "time": "", "minutes": "", "place": "", "how": "call"}  # fmt: skip

    def tries() -> Iterator[tuple[str, str, dict[str, Any]]]:
        token = {"_csrf_token": clerk.token}
        for odd in ("\x00", "\udc80", "a" * 20_000):  # few: a password takes its time
            sent = {"login": odd, "password": odd, "back": odd}
            yield "POST", "/staff/login", form(sent)
        yield from each_odd("/staff/phone", call, odds, **token, **party)
        for path, fields in (
            ("/staff/day", {"date": SESSION}),
            ("/staff/find", {"query": "0279"}),
            ("/staff/referrals", {"consultation": "x"}),
            ("/staff/calls/1", {"outcome": "reached", "tries": "1"}),
            ("/staff/calls/99999999999999999999999", {"outcome": "reached", "tries": "1"}),
        ):
            yield from each_odd(path, fields, odds, **token)
        for one in (booking, arranged):
            for action in ("confirm", "move"):
                named = {f"{action}_{name}": value for name, value in act.items()}
                path = f"/staff/bookings/{one.reference}/{action}"
                yield from each_odd(path, named, odds, **token)

    assert failures(clerk.client, tries()) == []


def test_the_api_is_answered(house: House) -> None:
    key = access.add_key(house.ledger, "odd")
    booking = house.request()
    body = {**raw_application(LEGAL), "email": None, "needs": None, "wish": None, "wishes": []}
    staff = {"headers": {"Authorization": f"Bearer {key}"}}
    doors: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("/api/v1/bookings", body, {}),
        (f"/api/v1/bookings/{booking.token}/move", {"date": SESSION, "slot": None}, {}),
        ("/api/v1/staff/bookings", body | {"how": "call", "reason": None, "minutes": None}, staff),
        (f"/api/v1/staff/bookings/{booking.reference}/confirm", {"how": "call", "slot": None, "revision": 1}, staff),
        (f"/api/v1/staff/bookings/{booking.reference}/cancel", {"reason": "x"}, staff),
    ]  # fmt: skip

    def tries() -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path, fields, more in doors:
            for name in fields:
                for odd in ODD_VALUES:
                    yield "POST", path, {"json": fields | {name: odd}, **more}
        for odd in ODD:
            query = sendable(odd)[:3000]
            for name in ("from", "to", "status", "after"):
                yield "GET", f"/api/v1/staff/bookings?{name}={query}", dict(staff)
        for raw in (
            b"",
            b"\x00",
            b"[" * 50_000,
            b'{"age": ' + b"9" * 9000 + b"}",
            b'"\\ud800"',
            b"\xff",
        ):
            kind = {"content-type": "application/json"}
            yield "POST", "/api/v1/bookings", {"content": raw, "headers": kind}

    with house.client() as client:
        assert failures(client, tries()) == []
