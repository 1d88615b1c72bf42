"""What the product's stream of news tells one seat, so that it looks when something has changed and not all the time.

Without the stream a seat looks by itself, more often: the desk's page does the same.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import aiohttp

from simulator.rehearsal.errors import RefusedError

AGAIN_SECONDS = 2.0
AT_LEAST_EVERY_SECONDS = 2.5  # with a stream too, as often as the page asks for all by itself
log = logging.getLogger(__name__)


class News:
    """The news of one person; `about` is the call that the person has, whose news is theirs too."""

    def __init__(self, events: Callable[[], AsyncIterator[str]]) -> None:
        self.about: str | None = None
        self.is_live = False
        self._events = events
        self._changed = asyncio.Event()

    async def follow(self) -> None:
        """Listen for ever, again after each end of the stream; ended by cancelling it."""
        while True:
            try:
                async for line in self._events():
                    self.is_live = True
                    if self._concerns(line):
                        self._changed.set()
            except (RefusedError, aiohttp.ClientError, TimeoutError, ValueError) as lost:
                log.warning("no stream of news: %s", lost)
            self.is_live = False
            await asyncio.sleep(AGAIN_SECONDS)

    async def wait(self, seconds: float) -> None:
        """Wait for news; without a stream `seconds`, with one seldom."""
        limit = AT_LEAST_EVERY_SECONDS if self.is_live else seconds
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                await self._changed.wait()
        self._changed.clear()

    def _concerns(self, line: str) -> bool:
        if not line.startswith("data:"):
            return False
        told: dict[str, Any] = json.loads(line.removeprefix("data:"))
        return told.get("staff_id") is not None or (
            self.about is not None and told.get("call_id") == self.about
        )
