"""Many clients after the same seats at the same moment, from several processes."""

import multiprocessing
import threading
from collections import Counter
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

import httpx

from tests.support.house import LEGAL, raw_application

PROCESSES = 8
THREADS = 8
CLIENTS = PROCESSES * THREADS
WON = {201, 303}
TOLD = {409}
context = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Try:
    """One client's try: by which door, for what."""

    door: str
    body: dict[str, Any]

    def ask(self, client: httpx.Client, key: str) -> int:
        """The status that the door answered with."""
        if self.door == "web":
            form = {**self.body, "time": self.body.get("wish", "any"), "act": "send"}
            return client.post(f"/{LEGAL}/book", data=form).status_code
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


def tries_for_one_slot(day: str, time: str) -> list[Try]:
    """64 parties after one slot, a third by each door."""
    doors = ["web", "api", "staff"]
    tries = []
    for n in range(CLIENTS):
        body = raw_application(LEGAL, date=day, wish=time)
        if doors[n % 3] == "staff":
            body |= {"slot": f"{day}T{time}:00+09:00", "how": "call"}
            body.pop("wish")
            body.pop("date")
        tries.append(Try(doors[n % 3], body))
    return tries


def tries_for_a_session(day: str, times: list[str]) -> list[Try]:
    """64 parties after a session's seats: residents at any time, staff at certain times."""
    tries = []
    for n in range(CLIENTS):
        if n % 3 == 2:
            body = raw_application(LEGAL, date=day)
            body.pop("date")
            body |= {"slot": f"{day}T{times[n % len(times)]}:00+09:00", "how": "call"}
            tries.append(Try("staff", body))
        else:
            tries.append(Try("web" if n % 3 == 0 else "api", raw_application(LEGAL, date=day)))
    return tries
