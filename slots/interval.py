"""Half-open stretches of time. Knows nothing of desks, sessions or zones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The instants from `start` up to, but not including, `end`; both aware."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse naive ends and stretches that run backwards (ValueError)."""
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval needs aware instants")
        if self.end < self.start:
            raise ValueError("an interval ends after it starts")

    def __contains__(self, instant: datetime) -> bool:
        """Whether `instant` lies inside; the end itself does not."""
        return self.start <= instant < self.end

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two share an instant. Back to back (10:00 and 10:00) is no overlap."""
        return self.start < other.end and other.start < self.end


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same instants as `intervals`, sorted, touching ones joined."""
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and interval.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, interval.end))
        else:
            joined.append(interval)
    return joined


def without(whole: Interval, gaps: Iterable[Interval]) -> list[Interval]:
    """What is left of `whole` when `gaps` are cut out, in order; empty stretches are left out."""
    left, start = [], whole.start
    for gap in merged(gaps):
        if gap.end <= start:
            continue
        if gap.start >= whole.end:
            break
        if gap.start > start:
            left.append(Interval(start, gap.start))
        start = gap.end
    if start < whole.end:
        left.append(Interval(start, whole.end))
    return left
