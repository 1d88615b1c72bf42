"""Waiting for what must come first, and the record of what was done when.

Used by the caller and by the call-taker; knows neither.
"""

import asyncio
import time
import unicodedata
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.rehearsal.errors import StepError

POLL_SECONDS = 0.15


@dataclass(slots=True)
class Record:
    """What was done in one rehearsed call, in seconds since it began."""

    started: float = field(default_factory=time.monotonic)
    steps: list[dict[str, Any]] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Note a step, now."""
        self.steps.append({"what": what, "at_seconds": round(time.monotonic() - self.started, 2)})


def folded(text: str) -> str:
    """A text as it is compared: without case, accents, marks of sentences and doubled blanks."""
    # A letter of another alphabet of the same letters has its case only once it is a plain one.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(
        letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter)
    )
    return " ".join(kept.split())


def contains(text: str, part: str) -> bool:
    """Whether `part` is heard in `text`, whole words, whatever the case, accents and marks."""
    return f" {folded(part)} " in f" {folded(text)} "


class Ears:
    """What one party has heard so far; a sentence that has been waited for is not heard again for a later step."""

    def __init__(self) -> None:
        self._next = 0

    def find(self, heard: Sequence[Mapping[str, Any]], part: str) -> bool:
        """Look for `part` in what came after the last thing found; remembers the place if it is there."""
        for place in range(self._next, len(heard)):
            if contains(str(heard[place].get("text") or ""), part):
                self._next = place + 1
                return True
        return False


async def until(
    what: str,
    limit_seconds: float,
    is_true: Callable[[], Awaitable[bool]],
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Ask again and again until it is true, after a `pause` of some seconds each time.

    Raises:
        StepError: It did not become true within `limit_seconds`; `what` says what was waited for.
    """
    deadline = time.monotonic() + limit_seconds
    while not await is_true():
        if time.monotonic() > deadline:
            raise StepError(f"waited {limit_seconds:g} s for {what}")
        await pause(POLL_SECONDS)
