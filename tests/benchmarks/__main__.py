"""`make bench`: what is claimed of speed, each beside its limit in the same run."""

import platform
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from booking.store.migrate import upgrade
from tests.benchmarks import bookings, feeds, messages, reads, slot_grid
from tests.support import run as test_run
from tests.support.databases import postgresql_copy

PARTS = ("reads", "feeds", "bookings", "messages")


@contextmanager
def engines() -> Iterator[dict[str, list[str]]]:
    """Migrated databases by engine, one for each part: see `PARTS`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sqlite = [f"sqlite:///{folder}/{name}.db" for name in PARTS]
        for url in sqlite:
            upgrade(url)
        found = {"SQLite": sqlite}
        this_run = test_run.Run()
        stack.callback(this_run.end)
        found["PostgreSQL"] = [stack.enter_context(postgresql_copy()) for _ in PARTS]
        yield found


def main() -> None:
    """Run all benchmarks and print their figures."""
    print(
        f"Python {platform.python_version()}, {platform.machine()}; medians (min–max) of 5 rounds"
    )
    slot_grid.run()
    aims = {"SQLite": "1.0 of one-by-one commits", "PostgreSQL": "0.4 of one-by-one commits"}
    with engines() as found:
        for engine, urls in found.items():
            for url, part in zip(urls, PARTS, strict=True):
                with tempfile.TemporaryDirectory() as folder:
                    if part == "reads":
                        reads.run(url, Path(folder), engine)
                    elif part == "feeds":
                        feeds.run(url, Path(folder), engine)
                    elif part == "messages":
                        messages.run(url, Path(folder), engine)
                    else:
                        bookings.run(url, Path(folder), engine, aims[engine])


if __name__ == "__main__":
    main()
