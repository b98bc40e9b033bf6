"""Slots as JSON, a page and a feed, against a bare Litestar handler with the same bytes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.benchmarks.comparing import Figure, compare
from tests.benchmarks.load import cpu_seconds, get
from tests.support.server import Server

SECONDS = 1.5
READS = {
    "slots as JSON": "/api/v1/consultations/shibukawa/lawyer/legal/slots?from=2026-11-24&to=2027-03-31",
    "public page": "/shibukawa/lawyer/legal",
    "public feed": "/feeds/shibukawa/lawyer.ics",
}


def run(database_url: str, folder: Path, engine: str) -> None:
    """Print the reads' figures on the migrated database at `database_url`."""
    with Server(database_url, folder) as server:
        group = server.group
        for name, path in READS.items():
            url = server.url + path
            answer = httpx.get(url)
            answer.raise_for_status()
            with bare_handler(answer, folder) as (bare_url, bare_group):
                compare(
                    f"{name}, {len(answer.content)} bytes, {engine}, 1 worker, 8 connections",
                    lambda url=url: figure(url, group),
                    lambda: figure(bare_url, bare_group),
                    "0.9 of a bare handler",
                )
            if etag := answer.headers.get("etag"):
                load = get(url, SECONDS, headers=f"If-None-Match: {etag}\r\n")
                print(f"  304    {load.rate:9,.0f}/s  {dict(load.statuses)}")


def figure(url: str, group: int) -> Figure:
    """One round of GETs at `url`, which the process group `group` serves."""
    before = cpu_seconds(group)
    load = get(url, SECONDS)
    count = sum(load.statuses.values())
    assert load.statuses[200] == count, load.statuses
    return Figure(
        load.rate, (cpu_seconds(group) - before) / count * 1_000_000, load.percentile(0.99)
    )


@contextmanager
def bare_handler(answer: httpx.Response, folder: Path) -> Iterator[tuple[str, int]]:
    """Address and process group of a bare handler with the bytes of `answer`."""
    body = folder / "body"
    body.write_bytes(answer.content)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    media_type = answer.headers["content-type"].split(";")[0]
    command = [sys.executable, "-m", "tests.benchmarks.bare", str(port), str(body), media_type]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        _wait(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/", process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            httpx.get(url)
            return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")
