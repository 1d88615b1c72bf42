"""A stage for browser tests: an aiohttp application served on the loopback from a thread, and headless Chromium."""

import asyncio
import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from aiohttp import web
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import launch

Result = TypeVar("Result")


class Served:
    """An application on its own event loop; `do` runs a function there and hands its result back."""

    def __init__(self, build: Callable[[], web.Application]) -> None:
        self._build = build
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.url = ""

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(20)

    async def _start(self) -> None:
        app = self._build()
        app = await app if inspect.isawaitable(app) else app
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def do(self, act: Callable[[], Result]) -> Result:
        async def acted() -> Result:
            return act()

        return asyncio.run_coroutine_threadsafe(acted(), self._loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


@contextmanager
def served(build: Callable[[], web.Application]) -> Iterator[Served]:
    """Serve what `build` makes (called on the serving loop) until the block ends."""
    server = Served(build)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser with a microphone that hums."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
