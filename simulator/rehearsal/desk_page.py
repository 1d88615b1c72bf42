"""What one seat's page shows: read again when there is news, as the page in a browser does.

One reader a seat, whoever of it waits for something: a page that everybody reads for themselves would cost
the product many times what a real one does. Knows nothing of scripts.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import aiohttp

from simulator.rehearsal.errors import RefusedError, StepError
from simulator.rehearsal.news import News
from simulator.rehearsal.staff_door import StaffDoor

LOOK_SECONDS = 0.5
"""How often a page without a stream of news is read."""
HEARTBEAT_SECONDS = 10.0
PATIENCE_SECONDS = 1.0  # before looking again at a door that answered with an error
State = dict[str, Any]
log = logging.getLogger(__name__)


class DeskPage:
    """The page of one person; `state` is what it shows, `at` when that was shown (seconds since the epoch)."""

    def __init__(self, name: str, door: StaffDoor, news: News) -> None:
        self.state: State = {}
        self.at = 0.0
        self._name = name
        self._door = door
        self._news = news
        self._beaten = time.monotonic()
        self._asked = 0
        self._shown = 0
        self._turned = asyncio.Event()

    async def keep(self) -> None:
        """Read for ever, whenever there is news; ended by cancelling it.

        A door that fails is looked at again, as a page would: what that costs a call is that call's finding.
        """
        while True:
            try:
                await self.read()
            except (RefusedError, aiohttp.ClientError) as error:
                log.warning("%s looks again: %s", self._name, error)
                await asyncio.sleep(PATIENCE_SECONDS)
            await self._news.wait(LOOK_SECONDS)

    async def read(self) -> State:
        """Read it now; returns what it shows.

        Raises:
            RefusedError: The door answered with an error.
        """
        asked = self._next()
        if time.monotonic() - self._beaten > HEARTBEAT_SECONDS:
            self._beaten = time.monotonic()
            return self._show(asked, await self._door.heartbeat())
        return self._show(asked, await self._door.state())

    async def order(self, path: str, body: Any = None) -> None:
        """Order something of the desk, and show what it answers.

        Raises:
            RefusedError: The door answered with an error.
        """
        asked = self._next()
        answer = await self._door.post(path, body)
        if "as_of_event" in answer:
            self._show(asked, answer)
        else:
            await self.read()

    def _next(self) -> int:
        self._asked += 1
        return self._asked

    def _show(self, asked: int, state: State) -> State:
        """A slow answer shows nothing older than what is shown."""
        if asked > self._shown:
            self._shown, self.state, self.at = asked, state, time.time()
            turned, self._turned = self._turned, asyncio.Event()
            turned.set()
        return self.state

    async def turned(self, seconds: float) -> None:
        """Wait until it was read once more, for `seconds` at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(
                seconds
            ):  # wait_for may swallow that its waiter is cancelled
                await self._turned.wait()

    async def until(
        self, what: str, limit_seconds: float, is_true: Callable[[State], bool]
    ) -> None:
        """Wait until it shows something.

        Raises:
            StepError: It did not within `limit_seconds`; `what` says what was waited for.
        """
        deadline = time.monotonic() + limit_seconds
        while not is_true(self.state):
            left = deadline - time.monotonic()
            if left <= 0:
                raise StepError(f"waited {limit_seconds:g} s for {what}")
            await self.turned(left)
