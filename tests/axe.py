"""axe on a page, for every test that holds a page to it: put there once, however often the page is looked at.

Knows no page.
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = (Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js").read_text()
HAS_AXE = "'axe' in window"
FIND = "(about) => axe.run(document, {resultTypes: ['violations'], ...about}).then((found) => found.violations)"


def violations(page: Page, about: dict[str, Any] | None = None) -> list[str]:
    """What axe finds on the page as it stands, a line each; `about` narrows what it looks for (axe's options)."""
    if not page.evaluate(HAS_AXE):
        page.evaluate(SOURCE)
    return [
        f"{found['id']}: {node['html'][:120]} {node['failureSummary'][-160:]}"
        for found in page.evaluate(FIND, about or {})
        for node in found["nodes"]
    ]
