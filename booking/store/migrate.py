"""Brings a database to the schema of this version. Alembic is imported only when asked."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData

from booking.store.engine import open_engine


def _config(connection: Connection, metadata: MetaData | None = None) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "booking.store:migrations")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def upgrade(url: str, to: str = "head") -> None:
    """Apply every revision up to `to` that the database at `url` lacks; several processes may ask at once."""
    from alembic import command

    engine = open_engine(url)
    try:
        with engine.execution_options(writes=True).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7203)")
            command.upgrade(_config(connection), to)
    finally:
        engine.dispose()


@cache
def newest_revision() -> str:
    """The revision that every other one leads to, read without Alembic, which takes seconds to load."""
    files = (Path(__file__).parent / "migrations/versions").glob("[0-9]*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    made, replaced = (
        set(re.findall(rf"^{name} = ['\"](\w+)", text, re.MULTILINE))
        for name in ("revision", "down_revision")
    )
    (newest,) = made - replaced
    return newest


def is_current(connection: Connection) -> bool:
    """Whether the database has every revision of this version."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config(connection))
    return (
        MigrationContext.configure(connection).get_current_revision() == script.get_current_head()
    )


def differences(connection: Connection, metadata: MetaData) -> list[Any]:
    """What the models say and the database lacks, or the other way round; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def revise(connection: Connection, metadata: MetaData, message: str) -> None:
    """Write a new revision that brings the database to `metadata` (for developers)."""
    from alembic import command

    command.revision(_config(connection, metadata), message=message, autogenerate=True)
