"""A mock of the staff door, and a desk page at it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import PATIENCE_MS
from tests.browser.desk.mock_door import BUILD, MockDoor


@pytest.fixture
def door() -> Iterator[MockDoor]:
    assert (BUILD / "manifest.json").exists(), (
        "the front end is not built: run ./run once, or npm run build"
    )
    mock = MockDoor()
    mock.start()
    yield mock
    mock.stop()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 1280, "height": 720}, permissions=["microphone"])
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture
def open_desk(
    context: BrowserContext, door: MockDoor
) -> Iterator[Callable[[dict[str, Any]], Page]]:
    """Open a desk that shows a state; any error of the page's own code fails the test."""
    errors: list[str] = []

    def opened(state: dict[str, Any]) -> Page:
        door.state = state
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{door.address}/desk")
        page.locator("#live", has_text=re.compile("Live")).wait_for()
        return page

    yield opened
    assert errors == []
