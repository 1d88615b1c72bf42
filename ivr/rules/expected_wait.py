"""How long a waiting caller will probably wait: a range from what was seen of late, or nothing.

Pure. Never a promise: where too little is known no figure is given at all. It must not know rows,
clocks or sentences.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, sqrt

SEEN_OF_LATE = timedelta(minutes=30)
FEWEST_ANSWERS = 5
"""Fewer than these say nothing about the next."""
SHORTEST_QUEUED_SECONDS = 20.0
"""Who was answered sooner did not queue: a telephone that rings is no line."""
LONGEST_MINUTES = 60
"""Beyond it the range is no help to anybody."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A caller's wait; `answered_at` None for one who waits still."""

    since: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Minutes:
    """A range of whole minutes, `low` below `high`; `low` 0 says less than `high`."""

    low: int
    high: int


def expected_wait(waits: Sequence[Wait], position: int, now: datetime) -> Minutes | None:
    """Estimate how long it is until the caller at `position` (1 is answered next) is answered.

    Args:
        waits: of callers whom the same call-takers serve: answered of late, or waiting still.
        position: the place among those who wait.
        now: aware.

    Returns:
        A range, or None when fewer than `FEWEST_ANSWERS` were answered in the last 30 minutes, or the
        range would reach beyond an hour.

    Source: while somebody queues, answers come as a Poisson process; its rate is their number over the
    time in which somebody queued. The wait until the position-th answer spreads by 1/sqrt(position)
    of itself, and the rate by 1/sqrt(answers). The range is one standard deviation to both sides,
    rounded outwards: two of three waits end within it. Assumes that as many call-takers stay; when
    some go, it is too low until the next announcement.
    """
    answers, queued_seconds = _seen(waits, now)
    if answers < FEWEST_ANSWERS or queued_seconds <= 0 or position < 1:
        return None
    middle = position * queued_seconds / answers / 60
    spread = sqrt(1 / position + 1 / answers)
    low, high = int(middle * max(0.0, 1 - spread)), ceil(middle * (1 + spread))
    return Minutes(low, max(high, low + 2)) if high <= LONGEST_MINUTES else None


def _seen(waits: Iterable[Wait], now: datetime) -> tuple[int, float]:
    """How many who queued were answered of late, and for how many seconds somebody queued."""
    begin = now - SEEN_OF_LATE
    queued = [wait for wait in waits if _seconds(wait, now) >= SHORTEST_QUEUED_SECONDS]
    answers = sum(begin <= wait.answered_at <= now for wait in queued if wait.answered_at)
    spans = sorted((max(wait.since, begin), min(wait.answered_at or now, now)) for wait in queued)
    covered, reached = 0.0, begin
    for since, until in spans:
        covered += max(0.0, (until - max(since, reached)).total_seconds())
        reached = max(reached, until)
    return answers, covered


def _seconds(wait: Wait, now: datetime) -> float:
    return ((wait.answered_at or now) - wait.since).total_seconds()
