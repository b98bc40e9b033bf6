"""What other processes do to the same database at the same time."""

import multiprocessing
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from booking.store import open_store
from booking.store.limits import attempt
from booking.store.migrate import upgrade

KEY = b"a key for tests only, 32 bytes.."
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
PATIENCE_SECONDS = 60
_context = multiprocessing.get_context("spawn")


def in_processes(count: int, work: Callable[..., Any], *arguments: Any) -> list[Any]:
    """What `work` returned in each of `count` processes that began it at the same moment."""
    barrier = _context.Barrier(count)
    answers = _context.Queue()
    processes = [
        _context.Process(target=_run, args=(work, arguments, barrier, answers))
        for _ in range(count)
    ]
    for one in processes:
        one.start()
    found = [answers.get(timeout=PATIENCE_SECONDS) for _ in processes]
    for one in processes:
        one.join(PATIENCE_SECONDS)
    return found


def _run(work: Callable[..., Any], arguments: tuple[Any, ...], barrier: Any, answers: Any) -> None:
    barrier.wait(PATIENCE_SECONDS)
    try:
        answers.put(work(*arguments))
    except Exception as error:
        answers.put(f"{type(error).__name__}: {error}")


def in_threads(*works: Callable[[], Any]) -> list[Any]:
    """What each of `works` returned or raised, all begun at the same moment in threads."""
    barrier = threading.Barrier(len(works))
    outcomes: list[Any] = [None] * len(works)

    def run(number: int) -> None:
        barrier.wait(PATIENCE_SECONDS)
        try:
            outcomes[number] = works[number]()
        except Exception as error:
            outcomes[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(PATIENCE_SECONDS)
    return outcomes


def migrate(url: str) -> str:
    """Bring the database at `url` to this version."""
    upgrade(url)
    return "done"


def count_attempts(url: str, times: int) -> list[int]:
    """Try `times` times; what was counted each time."""
    store = open_store(url, (KEY,))
    try:
        return [store.write(lambda tx: attempt(tx, "somebody", NOON, 900)) for _ in range(times)]
    finally:
        store.close()
