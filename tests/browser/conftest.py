"""One browser for all browser tests of a worker: two Playwrights cannot live in one thread."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.chromium import launch

PATIENCE_MS = 20_000
"""What is awaited ends as soon as it is there; on a busy machine that takes its time."""
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
