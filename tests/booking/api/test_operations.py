"""Health and metrics, for those who run an installation."""

from collections.abc import Mapping

import pytest
from sqlalchemy import create_engine, text

from booking.app import create_app
from booking.ledger import changes
from booking.store.migrate import newest_revision
from tests.booking.api.conftest import Client
from tests.support.house import INTERVIEW, House

READY = "/health/ready"


def figures(client: Client) -> Mapping[str, float]:
    lines = client.get("/metrics").text.splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def test_a_house_on_a_migrated_database_is_ready(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "live"}
    ready = client.get(READY).json()
    assert ready["status"] == "ready"
    assert ready["checks"]["database"] is True


def test_a_house_whose_database_is_behind_is_alive_but_not_ready(
    house: House, client: Client
) -> None:
    engine = create_engine(house.settings.database_url)
    with engine.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    answer = client.get(READY)

    assert client.get("/health/live").status_code == 200
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["checks"]["database"] is False


def test_another_part_that_is_not_well_makes_the_house_unready(
    a_sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from booking import api

    with monkeypatch.context() as patch:
        ill = {"ticker": lambda: False}
        made = api.Api(a_sqlite_house.ledger, a_sqlite_house.settings, checks=ill)
        patch.setattr("booking.api.Api", lambda *_, **__: made)
        create_app(a_sqlite_house.settings, a_sqlite_house.clock, ticking=False)
        with a_sqlite_house.client() as client:
            answer = client.get(READY)

    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": True, "ticker": False}


def test_figures_count_bookings_by_status_and_what_waits(house: House, client: Client) -> None:
    house.request()
    waited = house.request(INTERVIEW)
    changes.decline(house.ledger, waited.id, actor="staff:test", reason="対象外のため")
    house.clock.move_by(minutes=5)
    found = figures(client)

    assert found['booking_bookings{status="requested"}'] == 1
    assert found['booking_bookings{status="declined"}'] == 1
    assert found['booking_bookings{status="done"}'] == 0
    assert found["booking_waiting_requests"] == 1
    assert found["booking_longest_wait_seconds"] == 300
    assert found["booking_unread_facts"] == 3


def test_figures_are_counted_every_ten_seconds_at_most(
    a_sqlite_house: House, a_client: Client
) -> None:
    found = []
    for seconds in (0, 9, 1):
        a_sqlite_house.clock.move_by(seconds=seconds)
        found.append(figures(a_client)["booking_waiting_requests"])
        a_sqlite_house.request()

    assert found == [0, 0, 2]


def test_figures_name_their_format(a_client: Client) -> None:
    answer = a_client.get("/metrics")

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


def test_the_newest_revision_is_the_one_that_alembic_would_name() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "booking.store:migrations")

    assert newest_revision() == ScriptDirectory.from_config(config).get_current_head()
