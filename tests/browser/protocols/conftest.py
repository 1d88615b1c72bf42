"""A mock of the protocols' door, and the editor at it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import PATIENCE_MS
from tests.browser.loopback_door import BUILD
from tests.browser.protocols.mock_protocols import MockProtocols


@pytest.fixture
def door() -> Iterator[MockProtocols]:
    assert (BUILD / "manifest.json").exists(), (
        "the front end is not built: run ./run once, or npm run build"
    )
    mock = MockProtocols()
    mock.start()
    yield mock
    mock.stop()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 1280, "height": 720})
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture
def open_editor(context: BrowserContext, door: MockProtocols) -> Iterator[Callable[[], Page]]:
    """Open the editor; any error of the page's own code, and anything its policy forbids, fails the test."""
    errors: list[str] = []

    def opened() -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console", lambda told: "Content Security" in told.text and errors.append(told.text)
        )
        page.goto(f"{door.address}/protocols/{door.key}")
        page.locator("#item-title").wait_for()
        return page

    yield opened
    assert errors == []
