"""Compares in one run: system and limit in turn, round by round; prints medians and their ratio."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

ROUNDS = 5


@dataclass(frozen=True)
class Figure:
    """One round's outcome: units a second, and CPU microseconds a unit where they are known."""

    rate: float
    cpu: float | None = None
    p99: float | None = None


def compare(
    title: str,
    system: Callable[[], Figure],
    limit: Callable[[], Figure],
    aim: str,
    rounds: int = ROUNDS,
) -> None:
    """Run both in turn and print what came of it."""
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(system())
        theirs.append(limit())
    ratio = median(one.rate for one in ours) / median(one.rate for one in theirs)
    print(f"\n{title}")
    print(f"  ours   {_line(ours)}")
    print(f"  limit  {_line(theirs)}")
    print(f"  ratio  {ratio:.2f}   (aim: {aim})", flush=True)


def _line(figures: list[Figure]) -> str:
    rates = sorted(one.rate for one in figures)
    text = f"{median(rates):9,.0f}/s  ({rates[0]:,.0f}–{rates[-1]:,.0f})"
    cpu = [one.cpu for one in figures if one.cpu is not None]
    p99 = [one.p99 for one in figures if one.p99 is not None]
    if cpu:
        text += f"  {median(cpu):6,.0f} µs CPU"
    return f"{text}  p99 {median(p99):5.1f} ms" if p99 else text
