"""Many clients after the same seats at the same moment, from several processes.

Imports little: each process starts with it.
"""

import multiprocessing
import threading
from collections import Counter
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

import httpx

PROCESSES = 8
THREADS = 8
CLIENTS = PROCESSES * THREADS
WON = {201, 303}
TOLD = {409}
context = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Try:
    """One client's try: by which door (web, api, staff), for what."""

    door: str
    body: dict[str, Any]

    @property
    def consultation(self) -> str:
        """What is to be booked."""
        return str(self.body["consultation"])

    def ask(self, client: httpx.Client, key: str) -> int:
        """The status that the door answered with."""
        if self.door == "web":
            form = {**self.body, "time": self.body.get("wish", "any"), "act": "send"}
            return client.post(f"/{self.consultation}/book", data=form).status_code
        if self.door == "staff":
            headers = {"Authorization": f"Bearer {key}"}
            return client.post(
                "/api/v1/staff/bookings", json=self.body, headers=headers
            ).status_code
        return client.post("/api/v1/bookings", json=self.body).status_code


def rush(url: str, key: str, tries: list[Try]) -> Counter[int]:
    """Let all of `tries` go off at once; how often each status was the answer."""
    barrier = context.Barrier(len(tries))
    answers = context.Queue()
    share = [tries[n::PROCESSES] for n in range(PROCESSES)]
    processes = [
        context.Process(target=_process, args=(url, key, part, barrier, answers)) for part in share
    ]
    for one in processes:
        one.start()
    found = Counter(answers.get(timeout=120) for _ in tries)
    for one in processes:
        one.join(30)
    return found


def _process(url: str, key: str, tries: list[Try], barrier: Barrier, answers: Any) -> None:
    threads = [
        threading.Thread(target=_client, args=(url, key, one, barrier, answers)) for one in tries
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def _client(url: str, key: str, one: Try, barrier: Barrier, answers: Any) -> None:
    with httpx.Client(base_url=url, timeout=60) as client:
        client.get("/health/live")  # connected before the start
        barrier.wait(60)
        try:
            answers.put(one.ask(client, key))
        except httpx.HTTPError:
            answers.put(0)
