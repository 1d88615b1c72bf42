"""When a destination's test number is rung, and what its last tests say. Pure.

A destination of 911 is tested on its own test number, never on its emergency line. One without a test
number is tested by hand, by agreement, and the city writes down when.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from models.states import Language

EVERY = timedelta(hours=24)
AGAIN = timedelta(hours=1)
"""After a test that failed: a busy line is no broken one, and a broken one is worth knowing soon."""
OVERDUE = timedelta(hours=26)
BY_HAND = timedelta(days=31)
LONGEST = timedelta(minutes=3)
"""A test without an end by then has failed."""


@dataclass(frozen=True, slots=True)
class LineToTest:
    """A destination and how it is tested; `number` is its test number in E.164, "" where it has none.

    `by_hand_on` is when somebody last tested it by agreement, as the city wrote it down.
    """

    key: str
    name: Mapping[Language, str]
    number: str
    ring_seconds: int
    by_hand_on: date | None


@dataclass(frozen=True, slots=True)
class LastTests:
    """What is known of one destination's test calls: the newest begun, the newest passed, how the newest ended."""

    begun_at: datetime | None = None
    passed_at: datetime | None = None
    is_open: bool = False
    ended_as: str = ""


class Standing(StrEnum):
    """How a destination stands; the last three are alarms."""

    PASSED = "passed"
    NEW = "not tested yet"
    FAILED = "failed"
    OVERDUE = "overdue"
    BY_HAND_OVERDUE = "test by hand overdue"


ALARMS = frozenset({Standing.FAILED, Standing.OVERDUE, Standing.BY_HAND_OVERDUE})


def is_due(line: LineToTest, last: LastTests, now: datetime) -> bool:
    """Whether to ring the test number now."""
    if not line.number or last.is_open:
        return False
    if last.begun_at is None:
        return True
    return now - last.begun_at >= (EVERY if _has_passed(last) else AGAIN)


def standing(line: LineToTest, last: LastTests, now: datetime) -> Standing:
    """How the destination stands."""
    if not line.number:
        return _by_hand(line, now)
    if last.begun_at is not None and not last.is_open and not _has_passed(last):
        return Standing.FAILED
    if last.passed_at is not None:
        return Standing.OVERDUE if now - last.passed_at > OVERDUE else Standing.PASSED
    return Standing.NEW


def _has_passed(last: LastTests) -> bool:
    return last.passed_at is not None and last.passed_at == last.begun_at


def _by_hand(line: LineToTest, now: datetime) -> Standing:
    if line.by_hand_on is None:
        return Standing.BY_HAND_OVERDUE
    since = now - datetime.combine(line.by_hand_on, time(), UTC)
    return Standing.BY_HAND_OVERDUE if since > BY_HAND else Standing.PASSED
