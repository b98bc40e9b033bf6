"""Writes a new migration from what the models say: `python -m tests.support.revision "what changes"`."""

import sys
import tempfile
from pathlib import Path

import notifications.tables  # noqa: F401 - its models belong to the same history
from booking.store.engine import open_engine
from booking.store.migrate import revise, upgrade
from booking.store.tables import metadata


def main() -> None:
    """Compare the models with a database of the newest revision, and write the difference."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'newest.db'}"
        upgrade(url)
        engine = open_engine(url)
        with engine.connect() as connection:
            revise(connection, metadata, " ".join(sys.argv[1:]) or "change")
        engine.dispose()


if __name__ == "__main__":
    main()
